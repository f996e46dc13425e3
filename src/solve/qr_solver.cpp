#include <algorithm>
#include <limits>
#include <random>

#include <SuiteSparseQR.hpp>

#include <convmat/solve/least_squares.hpp>

#include "../numerics/cholmod.hpp"
#include "direct.hpp"
#include "nested_dissection.hpp"
#include "vector.hpp"

namespace convmat::solve {
namespace {

using numerics::CholeskyOfGram;
using numerics::CholmodSession;

// A E = Q R with Q kept as Householder vectors.
template <class S>
class SparseQr {
  public:
    SparseQr(const Columns<S>& matrix, int ordering, double tolerance) : rows_(matrix.rows()), cols_(matrix.cols()) {
        cholmod_sparse a = numerics::as_cholmod(matrix);
        qr_ = SuiteSparseQR_factorize<S>(ordering, tolerance, &a, session_.get());
        session_.require_success("SPQR");
    }
    ~SparseQr() { SuiteSparseQR_free<S>(&qr_, session_.get()); }
    SparseQr(const SparseQr&) = delete;
    SparseQr& operator=(const SparseQr&) = delete;

    Index rank() const { return qr_->rank; }
    double dropped() const { return session_.get()->SPQR_norm_E_fro; } // of the parts of columns that were dropped
    Index entries() const { return session_.get()->SPQR_istat[0] + session_.get()->SPQR_istat[1]; }

    // The basic solution of min ||A x - y||.
    Vector<S> basic_solution(const Vector<S>& y) {
        Handle c(session_, adjoint_q_times(y));
        Handle x(session_, SuiteSparseQR_solve<S>(SPQR_RETX_EQUALS_B, qr_, c.of, session_.get()));
        session_.require_success("SPQR's R^{-1} y");
        return x.values(cols_);
    }

    // Q^H y
    Vector<S> adjoint_q_times(const Vector<S>& y) {
        Handle b(session_, y), c(session_, SuiteSparseQR_qmult<S>(SPQR_QTX, qr_, b.of, session_.get()));
        session_.require_success("SPQR's Q^H y");
        return c.values(rows_);
    }

    // Q x
    Vector<S> q_times(const Vector<S>& x) {
        Handle b(session_, x), c(session_, SuiteSparseQR_qmult<S>(SPQR_QX, qr_, b.of, session_.get()));
        session_.require_success("SPQR's Q x");
        return c.values(rows_);
    }

    // The solution of least norm of A^H x = y, where the rank is that of A's columns: Q R^{-H} E^T y.
    Vector<S> adjoint_solution(const Vector<S>& y) {
        Handle b(session_, y), c(session_, SuiteSparseQR_solve<S>(SPQR_RTX_EQUALS_ETB, qr_, b.of, session_.get()));
        session_.require_success("SPQR's R^{-H} y");
        return q_times(c.values(rows_));
    }

    // The smallest singular value of R's columns that were kept, from above: power steps on (R^H R)^{-1}. They start at
    // random: of a layer of equal weights, the sum of all x may be just what the smallest one does not see.
    double smallest_kept() const {
        if (rank() == 0) return std::numeric_limits<double>::infinity();
        std::mt19937_64 random(1);
        std::normal_distribution<double> normal;
        Vector<S> x(cols_);
        for (S& value : x) value = normal(random);
        double smallest = std::numeric_limits<double>::infinity();
        for (int step = 0; step < 6; ++step) {
            Handle b(session_, x);
            Handle r(session_, SuiteSparseQR_solve<S>(SPQR_RTX_EQUALS_ETB, qr_, b.of, session_.get()));
            session_.require_success("SPQR's R^{-H}");
            const double norm = r.values(rows_).norm();
            Handle z(session_, SuiteSparseQR_solve<S>(SPQR_RETX_EQUALS_B, qr_, r.of, session_.get()));
            session_.require_success("SPQR's R^{-1}");
            x = z.values(cols_);
            const double size = x.norm();
            if (!(size > 0)) break;
            smallest = norm / size; // ||R^{-H} x|| / ||R^{-1} R^{-H} x||
            x /= size;
        }
        return smallest;
    }

  private:
    struct Handle {
        Handle(CholmodSession& owner, cholmod_dense* dense) : session(owner), of(dense) {}
        Handle(CholmodSession& owner, const Vector<S>& values)
            : session(owner),
              of(cholmod_l_allocate_dense(static_cast<std::size_t>(values.size()), 1,
                                          static_cast<std::size_t>(values.size()), numerics::cholmod_kind<S>,
                                          owner.get())) {
            session.require_success("SPQR: a vector");
            std::copy_n(values.data(), values.size(), static_cast<S*>(of->x));
        }
        ~Handle() { cholmod_l_free_dense(&of, session.get()); }
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;

        Vector<S> values(Index size) const { return Eigen::Map<const Vector<S>>(static_cast<const S*>(of->x), size); }

        CholmodSession& session;
        cholmod_dense* of;
    };

    mutable CholmodSession session_;
    Index rows_;
    Index cols_;
    SuiteSparseQR_factorization<S>* qr_ = nullptr;
};

template <class S>
Columns<S> with_columns(const Columns<S>& matrix, const std::vector<std::int64_t>& order) {
    Columns<S> sorted(matrix.rows(), matrix.cols());
    sorted.reserve(matrix.nonZeros());
    for (Index j = 0; j < sorted.cols(); ++j) {
        sorted.startVec(j);
        for (typename Columns<S>::InnerIterator at(matrix, order[static_cast<std::size_t>(j)]); at; ++at)
            sorted.insertBack(at.row(), j) = at.value();
    }
    sorted.finalize();
    return sorted;
}

// R^H of the same factorisation without Q, of the columns that were kept and those that were not: cols x rank.
template <class S>
Columns<S> adjoint_of_r(const Columns<S>& matrix, double tolerance) {
    struct Owner {
        CholmodSession session;
        cholmod_sparse* of = nullptr;
        ~Owner() { cholmod_l_free_sparse(&of, session.get()); }
    } r;
    cholmod_sparse a = numerics::as_cholmod(matrix);
    SuiteSparseQR<S>(SPQR_ORDERING_FIXED, tolerance, 0, &a, &r.of, nullptr, r.session.get());
    r.session.require_success("SPQR's R");
    const auto* offsets = static_cast<const std::int64_t*>(r.of->p);
    const Eigen::Map<const Columns<S>> all(static_cast<Index>(r.of->nrow), matrix.cols(), offsets[matrix.cols()],
                                           offsets, static_cast<const std::int64_t*>(r.of->i),
                                           static_cast<const S*>(r.of->x));
    return all.adjoint();
}

// max_j sum_i |A[i, j]|
template <class S>
double largest_sum(const Columns<S>& matrix) {
    double largest = 0;
    for (Index j = 0; j < matrix.cols(); ++j) {
        double sum = 0;
        for (typename Columns<S>::InnerIterator at(matrix, j); at; ++at) sum += std::abs(at.value());
        largest = std::max(largest, sum);
    }
    return largest;
}

// What rounding may make of a singular value 0: 10 max(rows, cols) eps times a bound of ||A||_2.
template <class S>
double rounding_of(const Columns<S>& matrix) {
    Eigen::VectorXd rows = Eigen::VectorXd::Zero(matrix.rows());
    for (Index j = 0; j < matrix.cols(); ++j)
        for (typename Columns<S>::InnerIterator at(matrix, j); at; ++at) rows(at.row()) += std::abs(at.value());
    const double bound = std::sqrt(largest_sum(matrix) * (rows.size() > 0 ? rows.maxCoeff() : 0));
    return 10 * static_cast<double>(std::max(matrix.rows(), matrix.cols())) * std::numeric_limits<double>::epsilon() *
           bound;
}

// [A; λ L] E = Q R, and where columns depend on others R^H = Z T: the solution of least norm is E Z T^{-H} Q^H y. A
// basic solution, without Z, may be as much larger as the kept columns are nearer to dependent than all of them are to
// their rank.
template <class S>
class Qr final : public Solver<S> {
  public:
    Qr(const System<S>& system, double tolerance) : system_(system), tolerance_(tolerance) {}

    // A wide matrix of full rank by its adjoint alone: A^H E = Q R, x = Q R^{-H} E^T y.
    std::optional<Singular> factorize(double lambda) override {
        lambda_ = system_.penalty() == Penalty::none ? 0 : lambda;
        along_.reset();
        qr_.reset();
        const Columns<S> adjoint = system_.stacked_adjoint(lambda);
        all_rows_ = adjoint.cols();
        norm_ = largest_sum(adjoint);
        least_ = std::max(tolerance_, rounding_of(adjoint));
        if (adjoint.cols() < adjoint.rows()) {
            along_ = std::make_unique<SparseQr<S>>(adjoint, SPQR_ORDERING_DEFAULT, tolerance_);
            if (along_->rank() == adjoint.cols() && along_->smallest_kept() > least_) return std::nullopt;
            along_.reset();
        }
        order_ = nested_dissection(unknowns_of(system_, Unknowns::x));
        if (!keep_independent(with_columns(Columns<S>(adjoint.adjoint()), order_)))
            return unclear("no threshold leaves columns whose singular values are above the tolerance");
        return std::nullopt;
    }

    Steps solve(const S* y, S* x, Index count) override {
        Steps all;
        for (Index i = 0; i < count && !all.singular; ++i) {
            const Steps one = solve_one(y + i * system_.rows(), x + i * system_.cols());
            all.count = std::max(all.count, one.count);
            all.singular = one.singular;
        }
        return all;
    }

    std::optional<Index> rank() const override { return qr_ != nullptr ? qr_->rank() : along_->rank(); }
    std::optional<Index> factor_nnz() const override {
        return (qr_ == nullptr ? 0 : qr_->entries()) + (along_ == nullptr ? 0 : along_->entries());
    }

  private:
    // SPQR drops a column by the norm of what is left of it, which rounding may leave above the tolerance: it is asked
    // again, with a larger threshold, until the singular values of what is left are above rounding and it (L. Foster
    // and T. Davis, Algorithm 933, 2013): those of R as a whole, which are A's own but for what was dropped.
    bool keep_independent(const Columns<S>& matrix) {
        constexpr int most_tries = 11;
        double threshold = std::max(tolerance_, least_ / 10);
        for (int tries = 0; tries < most_tries; ++tries, threshold *= 10) {
            along_.reset();
            qr_ = std::make_unique<SparseQr<S>>(matrix, SPQR_ORDERING_FIXED, threshold);
            if (qr_->rank() == 0) return true;
            if (qr_->rank() == matrix.cols()) {
                if (qr_->smallest_kept() > least_) return true;
                continue;
            }
            const Columns<S> r = adjoint_of_r(matrix, threshold);
            if (r.cols() != qr_->rank()) continue;
            along_ = std::make_unique<SparseQr<S>>(r, SPQR_ORDERING_DEFAULT, tolerance_);
            if (along_->rank() == r.cols() && along_->smallest_kept() > std::max(least_, 4 * qr_->dropped()))
                return true;
        }
        return false;
    }

    static Singular unclear(const char* what) {
        return {.parameter = "method",
                .value = "spqr",
                .expected = "a clearer rank: take lsmr, or a lambda above 0",
                .found = concat("spqr: ", what)};
    }

    Vector<S> sorted_solution(const Vector<S>& right) {
        if (along_ == nullptr) return qr_->basic_solution(right);
        return along_->adjoint_solution(qr_->adjoint_q_times(right).head(qr_->rank()));
    }

    // Of [A; λ L] x = right.
    Vector<S> solution_of(const Vector<S>& right) {
        if (qr_ == nullptr) return along_->adjoint_solution(right);
        if (qr_->rank() == 0) return Vector<S>::Zero(system_.cols());
        return unsorted(sorted_solution(right));
    }

    Vector<S> sorted(const Vector<S>& x) const {
        Vector<S> result(x.size());
        for (Index j = 0; j < x.size(); ++j) result(j) = x(order_[static_cast<std::size_t>(j)]);
        return result;
    }

    Vector<S> unsorted(const Vector<S>& x) const {
        Vector<S> result(x.size());
        for (Index j = 0; j < x.size(); ++j) result(order_[static_cast<std::size_t>(j)]) = x(j);
        return result;
    }

    // What to add to an x that leaves right, and g = A^H right: where parts of A are not in R, Q^H finds in r what A^H
    // does not, so (R^H R)^+ g.
    Vector<S> correction(const Vector<S>& right, const Vector<S>& g) {
        if (!dropped_much()) return solution_of(right);
        return unsorted(along_->adjoint_solution(along_->basic_solution(sorted(g))));
    }

    // [A; λ L]^H w for the w with which R^H Q^H w is nearest to x: R, of which parts were dropped, has its rows a
    // little beside those of A, where x of least norm lies.
    void move_to_rows_of_a(Vector<S>& x) {
        Vector<S> w = Vector<S>::Zero(all_rows_);
        w.head(qr_->rank()) = along_->basic_solution(sorted(x));
        w = qr_->q_times(w);
        system_.apply_adjoint(w.data(), x.data());
        if (all_rows_ > system_.rows()) system_.add_penalty_adjoint(lambda_, w.data() + system_.rows(), x.data());
    }

    bool dropped_much() const {
        return qr_ != nullptr && along_ != nullptr && qr_->dropped() > std::numeric_limits<double>::epsilon() * norm_;
    }

    // right = [y; 0] - [A; λ L] x, g = [A; λ L]^H right; returns ||g||.
    double residual_of(const S* y, const S* x, Vector<S>& right, Vector<S>& g) const {
        system_.normal_residual(lambda_, y, x, right.data(), g.data());
        if (right.size() > system_.rows()) {
            system_.apply_penalty(x, right.data() + system_.rows());
            right.tail(right.size() - system_.rows()) *= -lambda_;
        }
        return g.norm();
    }

    // x += what the factors make of the residual, as long as that makes A^H r smaller: columns that were dropped are
    // not in R, but in A. Accepted when no x of this size leaves much less, by rounding.
    Steps solve_one(const S* y, S* x) {
        constexpr Index most_refinements = 4;
        Eigen::Map<Vector<S>> solution(x, system_.cols());
        solution.setZero();
        Vector<S> right(all_rows_), g(system_.cols());
        double left = residual_of(y, x, right, g);
        Index refinement = -1; // the first is the solution
        while (refinement < most_refinements && left > 0) {
            const Vector<S> before = solution;
            Vector<S> next = before + (refinement < 0 ? solution_of(right) : correction(right, g));
            if (refinement < 0 && dropped_much()) move_to_rows_of_a(next);
            solution = next;
            const double now = residual_of(y, x, right, g);
            ++refinement;
            const bool better = now < left / 4;
            if (!(now < left)) solution = before;
            left = std::min(left, now);
            if (!better) break;
        }
        constexpr double rounding = 1e4 * std::numeric_limits<double>::epsilon();
        const double size = norm_ * solution.norm() + Eigen::Map<const Vector<S>>(y, system_.rows()).norm();
        const Index refinements = std::max<Index>(refinement, 0);
        if (left <= rounding * norm_ * size) return {refinements, true, {}};
        return {refinements, false, unclear("the normal equations do not hold")};
    }

    const System<S>& system_;
    double tolerance_;
    double least_ = 0; // of the singular values that are kept
    double norm_ = 0;  // the largest sum of a row of [A; λ L]
    double lambda_ = 0;
    Index all_rows_ = 0;
    std::vector<std::int64_t> order_;
    std::unique_ptr<SparseQr<S>> qr_;    // of [A; λ L], its columns in order; none where the other is enough
    std::unique_ptr<SparseQr<S>> along_; // of R^H where columns depend on others; of A^H where there is no qr_
};

} // namespace

template <class S>
Analysed<S> qr_solver(const System<S>& system, Solution solution, double tolerance, double most_bytes) {
    const double stored = 3.0 * static_cast<double>(system.nnz()) * (sizeof(S) + 8);
    require_fits("spqr: A alone takes", stored, most_bytes);
    // R lies in the pattern of the Cholesky factor of A^H A + λ² L^H L, of A A^H where A is wide; Q takes a few times
    // that.
    const Columns<S> adjoint = system.stacked_adjoint(1);
    const std::vector<std::int64_t> order = nested_dissection(unknowns_of(system, Unknowns::x));
    const Columns<S> matrix = adjoint.cols() < adjoint.rows() ? Columns<S>(adjoint.adjoint()) : Columns<S>();
    const bool wide = matrix.size() > 0;
    const CholeskyOfGram<S> gram(wide ? matrix : adjoint, wide ? nullptr : &order);
    const double entries = 4 * gram.factor_entries();
    const double twice = solution == Solution::minimum_norm ? 2 : 1;
    return {std::make_unique<Qr<S>>(system, tolerance),
            {entries, 6 * twice * gram.operations() * (Eigen::NumTraits<S>::IsComplex ? 4 : 1),
             (2 * twice * entries) * sizeof(S) + stored}};
}

template Analysed<double> qr_solver(const System<double>&, Solution, double, double);
template Analysed<Complex> qr_solver(const System<Complex>&, Solution, double, double);

} // namespace convmat::solve
