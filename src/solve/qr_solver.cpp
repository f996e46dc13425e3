#include <algorithm>
#include <limits>

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
    Index entries() const { return session_.get()->SPQR_istat[0] + session_.get()->SPQR_istat[1]; }

    // The basic solution of min ||A x - y||.
    Vector<S> basic_solution(const Vector<S>& y) {
        Handle b(session_, y), c(session_, SuiteSparseQR_qmult<S>(SPQR_QTX, qr_, b.of, session_.get()));
        session_.require_success("SPQR's Q^H y");
        Handle x(session_, SuiteSparseQR_solve<S>(SPQR_RETX_EQUALS_B, qr_, c.of, session_.get()));
        session_.require_success("SPQR's R^{-1} y");
        return x.values(cols_);
    }

    // The solution of least norm of A^H x = y, where the rank is that of A's columns: Q R^{-H} E^T y.
    Vector<S> adjoint_solution(const Vector<S>& y) {
        Handle b(session_, y), c(session_, SuiteSparseQR_solve<S>(SPQR_RTX_EQUALS_ETB, qr_, b.of, session_.get()));
        session_.require_success("SPQR's R^{-H} y");
        Handle x(session_, SuiteSparseQR_qmult<S>(SPQR_QX, qr_, c.of, session_.get()));
        session_.require_success("SPQR's Q x");
        return x.values(rows_);
    }

    // The smallest singular value of R's columns that were kept, from above: power steps on (R^H R)^{-1}.
    double smallest_kept() const {
        if (rank() == 0) return std::numeric_limits<double>::infinity();
        Vector<S> x = Vector<S>::Ones(cols_);
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

    // The projection of x onto the range of A: Q [I_rank 0; 0 0] Q^H x.
    Vector<S> projected(const Vector<S>& x) {
        Handle b(session_, x), c(session_, SuiteSparseQR_qmult<S>(SPQR_QTX, qr_, b.of, session_.get()));
        session_.require_success("SPQR's Q^H x");
        std::fill(static_cast<S*>(c.of->x) + rank(), static_cast<S*>(c.of->x) + rows_, S(0));
        Handle p(session_, SuiteSparseQR_qmult<S>(SPQR_QX, qr_, c.of, session_.get()));
        session_.require_success("SPQR's Q x");
        return p.values(rows_);
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

template <class S>
class Qr final : public Solver<S> {
  public:
    Qr(const System<S>& system, Solution solution, double tolerance)
        : system_(system),
          solution_(solution),
          tolerance_(tolerance) {}

    // A wide matrix by its adjoint: a basic solution may be huge where that of least norm is small.
    std::optional<Singular> factorize(double lambda) override {
        along_.reset();
        qr_.reset();
        const Columns<S> adjoint = system_.stacked_adjoint(lambda);
        all_rows_ = adjoint.cols();
        if (adjoint.cols() < adjoint.rows()) {
            along_ = std::make_unique<SparseQr<S>>(adjoint, SPQR_ORDERING_DEFAULT, tolerance_);
            if (along_->rank() == adjoint.cols() && along_->smallest_kept() > tolerance_) return std::nullopt;
        }
        order_ = nested_dissection(unknowns_of(system_, Unknowns::x));
        const std::optional<double> threshold = keep_independent(with_columns(Columns<S>(adjoint.adjoint()), order_));
        along_.reset();
        if (!threshold) return unclear("the columns it keeps are nearly dependent", "a clearer rank");
        const bool to_shorten = solution_ == Solution::minimum_norm && qr_->rank() < adjoint.rows();
        if (to_shorten && !keep_range(adjoint, *threshold))
            return unclear("rows and columns show different ranks", "a clearer one");
        return std::nullopt;
    }

    Steps solve(const S* y, S* x, Index count) override {
        for (Index i = 0; i < count; ++i) solve_one(y + i * system_.rows(), x + i * system_.cols());
        return {};
    }

    std::optional<Index> rank() const override { return qr_ != nullptr ? qr_->rank() : along_->rank(); }
    std::optional<Index> factor_nnz() const override {
        return (qr_ == nullptr ? 0 : qr_->entries()) + (along_ == nullptr ? 0 : along_->entries());
    }

  private:
    // SPQR drops a column by the norm of what is left of it, which rounding may leave above the tolerance: it is asked
    // again, with a larger one, until the singular values of what it kept are above it (L. Foster and T. Davis,
    // Algorithm 933, 2013). Returns that tolerance.
    std::optional<double> keep_independent(const Columns<S>& matrix) {
        for (double threshold = tolerance_;; threshold *= 10) {
            qr_ = std::make_unique<SparseQr<S>>(matrix, SPQR_ORDERING_FIXED, threshold);
            if (qr_->smallest_kept() > tolerance_) return threshold;
            if (threshold > 1e10 * tolerance_) return std::nullopt;
        }
    }

    // The range of [A; λ L]^H has the same rank, whichever columns are dropped to find it.
    bool keep_range(const Columns<S>& adjoint, double threshold) {
        for (int tries = 0; tries < 12; ++tries, threshold *= 10) {
            along_ = std::make_unique<SparseQr<S>>(adjoint, SPQR_ORDERING_DEFAULT, threshold);
            if (along_->rank() <= qr_->rank()) break;
        }
        return along_->rank() == qr_->rank();
    }

    static Singular unclear(const char* what, const char* expected) {
        return {.parameter = "method",
                .value = "spqr",
                .expected = concat(expected, ": take lsmr, or a lambda above 0"),
                .found = concat("spqr: ", what)};
    }

    void solve_one(const S* y, S* x) {
        Vector<S> right = Vector<S>::Zero(all_rows_);
        right.head(system_.rows()) = Eigen::Map<const Vector<S>>(y, system_.rows());
        if (qr_ == nullptr) {
            Eigen::Map<Vector<S>>(x, system_.cols()) = along_->adjoint_solution(right);
            return;
        }
        const Vector<S> sorted = qr_->basic_solution(right);
        Vector<S> solution(system_.cols());
        for (Index j = 0; j < solution.size(); ++j) solution(order_[static_cast<std::size_t>(j)]) = sorted(j);
        if (along_ != nullptr) solution = along_->projected(solution);
        Eigen::Map<Vector<S>>(x, system_.cols()) = solution;
    }

    const System<S>& system_;
    Solution solution_;
    double tolerance_;
    Index all_rows_ = 0;
    std::vector<std::int64_t> order_;
    std::unique_ptr<SparseQr<S>> qr_;    // of [A; λ L], its columns in order; none where the other is enough
    std::unique_ptr<SparseQr<S>> along_; // of [A; λ L]^H: its range is where x of least norm is
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
    return {std::make_unique<Qr<S>>(system, solution, tolerance),
            {entries, 6 * twice * gram.operations() * (Eigen::NumTraits<S>::IsComplex ? 4 : 1),
             (2 * twice * entries) * sizeof(S) + stored}};
}

template Analysed<double> qr_solver(const System<double>&, Solution, double, double);
template Analysed<Complex> qr_solver(const System<Complex>&, Solution, double, double);

} // namespace convmat::solve
