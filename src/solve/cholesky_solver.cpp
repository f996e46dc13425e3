#include <cmath>
#include <limits>
#include <random>

#include <convmat/base/checked.hpp>
#include <convmat/solve/least_squares.hpp>

#include "../numerics/cholmod.hpp"
#include "direct.hpp"
#include "nested_dissection.hpp"
#include "vector.hpp"

namespace convmat::solve {
namespace {

using numerics::CholeskyOfGram;

constexpr int most_refinements = 4;
constexpr double least_reciprocal_condition = 1e-13; // of A^H A: below, its factor says nothing of A's small values
constexpr double least_ratio = 1e-14; // of its smallest eigenvalue to the largest entry of its diagonal, the same
constexpr double most_left = 1e-6;    // of the right-hand side, after refinement

template <class S>
class Cholesky final : public Solver<S> {
  public:
    Cholesky(const System<S>& system, bool wide)
        : system_(system),
          wide_(wide),
          stacked_(needs_stack(system.penalty())),
          matrix_(wide       ? system.columns()
                  : stacked_ ? system.stacked_adjoint(1)
                             : system.adjoint_columns()),
          order_(nested_dissection(unknowns_of(system, wide ? Unknowns::y : Unknowns::x))),
          cholesky_(matrix_, &order_) {
        if (stacked_)
            penalty_.assign(matrix_.valuePtr() + matrix_.outerIndexPtr()[system.rows()],
                            matrix_.valuePtr() + matrix_.nonZeros());
    }

    static bool needs_stack(Penalty penalty) { return penalty == Penalty::gradient || penalty == Penalty::laplacian; }

    Prediction prediction() const {
        const double entries = cholesky_.factor_entries();
        const auto stored = static_cast<double>(2 * matrix_.nonZeros());
        // The factor, the update matrix of its largest supernodes, and A twice.
        return {entries, cholesky_.operations() * (Eigen::NumTraits<S>::IsComplex ? 4 : 1),
                (1.4 * entries + stored) * sizeof(S) + stored * 8};
    }

    std::optional<Singular> factorize(double lambda) override {
        lambda_ = lambda;
        const bool shifted = system_.penalty() == Penalty::identity;
        if (stacked_) set_penalty(lambda);
        if (!cholesky_.factor(shifted ? lambda * lambda : 0) ||
            !(cholesky_.reciprocal_condition() > least_reciprocal_condition) ||
            !(smallest_eigenvalue() > least_ratio * largest_diagonal()))
            return singular();
        return std::nullopt;
    }

    Steps solve(const S* y, S* x, Index count) override {
        Steps all;
        for (Index i = 0; i < count && !all.singular; ++i) {
            const S* right = y + i * system_.rows();
            S* solution = x + i * system_.cols();
            const Steps one = wide_ ? solve_wide(right, solution) : solve_tall(right, solution);
            all.count = std::max(all.count, one.count);
            all.singular = one.singular;
        }
        return all;
    }

    std::optional<Index> factor_nnz() const override { return static_cast<Index>(cholesky_.factor_entries()); }
    std::optional<double> reciprocal_condition() const override { return cholesky_.reciprocal_condition(); }

  private:
    // Of the matrix that was factored, from above: power steps on its inverse. Pivots alone, which are of the size of
    // their own unknowns, may show nothing of a dependence among unknowns of different size.
    double smallest_eigenvalue() const {
        std::mt19937_64 random(1);
        std::normal_distribution<double> normal;
        Vector<S> x(matrix_.rows()), z(matrix_.rows());
        for (S& value : x) value = normal(random);
        double smallest = std::numeric_limits<double>::infinity();
        for (int step = 0; step < 3 && x.norm() > 0; ++step) {
            x /= x.norm();
            cholesky_.solve(x.data(), z.data(), 1);
            smallest = 1 / z.norm();
            x = z;
        }
        return smallest;
    }

    double largest_diagonal() const {
        Eigen::VectorXd squares = Eigen::VectorXd::Zero(matrix_.rows());
        for (Index j = 0; j < matrix_.cols(); ++j)
            for (typename Columns<S>::InnerIterator at(matrix_, j); at; ++at)
                squares(at.row()) += std::norm(at.value());
        return squares.size() > 0 ? squares.maxCoeff() : 0;
    }

    Singular singular() const {
        return {.parameter = "method",
                .value = "cholmod",
                .expected = "full rank: take spqr, or a larger lambda",
                .found = concat("cholmod: ", wide_ ? "A A^H" : "A^H A", lambda_ > 0 ? " + λ² L^H L" : "",
                                " is singular to working precision")};
    }

    // More is left than that of what was there: the factor was of another matrix.
    Steps refined(Index refinements, double left, double start) const {
        if (left <= most_left * start) return {refinements, true, {}};
        return {refinements, false, singular()};
    }

    // The columns behind A's own are those of λ L^H.
    void set_penalty(double lambda) {
        S* values = matrix_.valuePtr() + matrix_.outerIndexPtr()[system_.rows()];
        for (std::size_t i = 0; i < penalty_.size(); ++i) values[i] = lambda * penalty_[i];
    }

    // x += N^{-1} g for the g that x leaves, as long as that makes g smaller.
    Steps solve_tall(const S* y, S* x) const {
        Vector<S> r(system_.rows()), g(system_.cols()), step(system_.cols());
        Eigen::Map<Vector<S>> solution(x, system_.cols());
        system_.apply_adjoint(y, g.data());
        const double start = std::max(g.norm(), rounding_of_start(system_, y) / most_left);
        cholesky_.solve(g.data(), x, 1);
        double before = std::numeric_limits<double>::infinity();
        for (Index refinement = 0;; ++refinement) {
            system_.normal_residual(lambda_, y, x, r.data(), g.data());
            const double left = g.norm();
            if (!(left < before / 4) || refinement == most_refinements || left == 0) {
                if (left > before) solution -= step;
                return refined(refinement, std::min(left, before), start);
            }
            before = left;
            cholesky_.solve(g.data(), step.data(), 1);
            solution += step;
        }
    }

    // x = A^H z with (A A^H + λ² I) z = y; z is refined.
    Steps solve_wide(const S* y, S* x) const {
        const Eigen::Map<const Vector<S>> right(y, system_.rows());
        Vector<S> z(system_.rows()), r(system_.rows()), step = Vector<S>::Zero(system_.rows());
        cholesky_.solve(y, z.data(), 1);
        const double added = system_.penalty() == Penalty::identity ? lambda_ * lambda_ : 0;
        double before = std::numeric_limits<double>::infinity();
        for (Index refinement = 0;; ++refinement) {
            system_.apply_adjoint(z.data(), x);
            system_.apply(x, r.data());
            r = right - r - added * z;
            const double left = r.norm();
            if (!(left < before / 4) || refinement == most_refinements || left == 0)
                return refined(refinement, left, right.norm());
            before = left;
            cholesky_.solve(r.data(), step.data(), 1);
            z += step;
        }
    }

    const System<S>& system_;
    bool wide_;
    bool stacked_;
    Columns<S> matrix_;      // A where `wide`, [A; λ L]^H where `stacked`, otherwise A^H
    std::vector<S> penalty_; // the values of L^H in it
    std::vector<std::int64_t> order_;
    CholeskyOfGram<S> cholesky_;
    double lambda_ = 0;
};

} // namespace

template <class S>
Analysed<S> cholesky_solver(const System<S>& system, double most_bytes) {
    const bool wide =
        system.rows() < system.cols() && (system.penalty() == Penalty::none || system.penalty() == Penalty::identity);
    const double stored = 2.0 * static_cast<double>(system.nnz()) * (sizeof(S) + 8);
    require_fits("cholmod: A alone takes", stored, most_bytes);
    auto solver = std::make_unique<Cholesky<S>>(system, wide);
    const Prediction prediction = solver->prediction();
    return {std::move(solver), prediction};
}

template Analysed<double> cholesky_solver(const System<double>&, double);
template Analysed<Complex> cholesky_solver(const System<Complex>&, double);

} // namespace convmat::solve
