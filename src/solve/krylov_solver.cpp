#include "krylov_solver.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "krylov.hpp"
#include "preconditioner.hpp"

namespace convmat::solve {
namespace {

constexpr int most_restarts = 8;

template <class S>
class Iterative final : public Solver<S> {
  public:
    Iterative(const System<S>& system, SolveMethod method, std::unique_ptr<NormalPreconditioner<S>> preconditioner,
              const LeastSquaresOptions& options)
        : system_(system),
          method_(method),
          preconditioner_(std::move(preconditioner)),
          tolerance_(options.tolerance),
          most_steps_(options.most_steps),
          progress_(options.progress) {}

    void factorize(double lambda) override {
        lambda_ = system_.penalty() == Penalty::none ? 0 : lambda;
        if (preconditioner_ != nullptr) preconditioner_->set_lambda(lambda_);
    }

    void set_tolerance(double tolerance) override { tolerance_ = tolerance; }

    Steps solve(const S* y, S* x, Index count) override {
        Steps all;
        for (Index i = 0; i < count; ++i) {
            const Steps one = solve_one(y + i * system_.rows(), x + i * system_.cols());
            all.count = std::max(all.count, one.count);
            all.converged = all.converged && one.converged;
        }
        return all;
    }

  private:
    bool penalised() const { return lambda_ > 0 && system_.penalty_rows() > 0; }
    Index rows() const { return system_.rows() + (penalised() ? system_.penalty_rows() : 0); }

    // [A; λ L]
    KrylovSystem<S> stacked() const {
        KrylovSystem<S> all{rows(), system_.cols(), {}, {}};
        all.apply = [this](const S* x, S* y) {
            system_.apply(x, y);
            if (!penalised()) return;
            system_.apply_penalty(x, y + system_.rows());
            Eigen::Map<Vector<S>>(y + system_.rows(), system_.penalty_rows()) *= lambda_;
        };
        all.apply_adjoint = [this](const S* y, S* x) {
            system_.apply_adjoint(y, x);
            if (penalised()) system_.add_penalty_adjoint(lambda_, y + system_.rows(), x);
        };
        if (preconditioner_ != nullptr) {
            all.precondition = [this](const S* x, S* z) { preconditioner_->apply_inverse(x, z); };
            all.precondition_twice = [this](const S* x, S* z) { preconditioner_->apply_inverse_square(x, z); };
        }
        return all;
    }

    // ||v|| as the iteration measures it: CGLS the vector itself, the others M^{-1} v.
    double measured(const Vector<S>& v) const {
        if (preconditioner_ == nullptr || method_ == SolveMethod::cg) return v.norm();
        Vector<S> z(v.size());
        preconditioner_->apply_inverse(v.data(), z.data());
        return z.norm();
    }

    KrylovEnd iterate(const KrylovSystem<S>& system, const Vector<S>& b, Vector<S>& x,
                      const KrylovOptions& options) const {
        if (method_ == SolveMethod::lsqr) return lsqr(system, b, x, options);
        if (method_ == SolveMethod::lsmr) return lsmr(system, b, x, options);
        return cgls(system, b, x, options);
    }

    // Each round starts from what the one before it left: of the normal residual, and of the stopping test's norm.
    Steps solve_one(const S* y, S* x) const {
        const KrylovSystem<S> system = stacked();
        Eigen::Map<Vector<S>> solution(x, system.cols);
        solution.setZero();
        Vector<S> b = Vector<S>::Zero(system.rows), g(system.cols), step(system.cols), ax(system.rows);
        b.head(system_.rows()) = Eigen::Map<const Vector<S>>(y, system_.rows());
        const Vector<S> right = b;
        system.apply_adjoint(b.data(), g.data());
        const double start = g.norm(), target = tolerance_ * start;
        double left = start;
        Steps steps{0, left <= target};
        for (int round = 0; !steps.converged && round < most_restarts && steps.count < most_steps_; ++round) {
            KrylovOptions options{0.5 * measured(g) * target / left, most_steps_ - steps.count, {}};
            if (progress_)
                options.progress = [&, first = steps.count, scale = left / start / measured(g)](Index k, double norm) {
                    progress_(first + k, norm * scale);
                };
            const KrylovEnd end = iterate(system, b, step, options);
            steps.count += end.steps;
            solution += step;
            system.apply(x, ax.data());
            b = right - ax;
            system.apply_adjoint(b.data(), g.data());
            const double before = left;
            left = g.norm();
            steps.converged = left <= target;
            if (!(left < 0.9 * before)) {
                if (left > before) solution -= step;
                break;
            }
        }
        return steps;
    }

    const System<S>& system_;
    SolveMethod method_;
    std::unique_ptr<NormalPreconditioner<S>> preconditioner_;
    double tolerance_;
    Index most_steps_;
    std::function<void(Index, double)> progress_;
    double lambda_ = 0;
};

} // namespace

template <class S>
Preconditioned choose_preconditioner(const System<S>& system, const LeastSquaresOptions& options) {
    switch (options.preconditioner) {
    case Preconditioner::none:
        return {Preconditioner::none, "without a preconditioner, as asked"};
    case Preconditioner::diagonal:
        return {Preconditioner::diagonal, "with a diagonal preconditioner, as asked"};
    case Preconditioner::circulant:
        if (const std::string because = no_circulant_because(system); !because.empty())
            throw std::invalid_argument("preconditioner circulant: " + because);
        return {Preconditioner::circulant, "with a circulant preconditioner, as asked"};
    default:
        break;
    }
    // With M the iteration tends to the solution of least ||M x||.
    const bool penalised = options.lambda > 0 && system.penalty() != Penalty::none;
    if (!penalised && (options.solution == Solution::minimum_norm || system.rows() < system.cols()))
        return {Preconditioner::none, "without a preconditioner, so that x is the one of least norm"};
    if (const std::string because = no_circulant_because(system); !because.empty())
        return {Preconditioner::none, "without a preconditioner: " + because};
    return {Preconditioner::circulant, "with a circulant preconditioner, the layer as if it were periodic"};
}

template <class S>
std::unique_ptr<Solver<S>> krylov_solver(const System<S>& system, SolveMethod method, Preconditioner preconditioner,
                                         const LeastSquaresOptions& options) {
    std::unique_ptr<NormalPreconditioner<S>> m;
    if (preconditioner == Preconditioner::diagonal) m = diagonal_preconditioner(system);
    if (preconditioner == Preconditioner::circulant) m = circulant_preconditioner(system);
    return std::make_unique<Iterative<S>>(system, method, std::move(m), options);
}

template <class S>
double krylov_step_operations(const System<S>& system, Preconditioner preconditioner) {
    const auto cols = static_cast<double>(system.cols());
    double operations = 4 * static_cast<double>(system.nnz()) + 40 * cols;
    if (preconditioner == Preconditioner::circulant) operations += 10 * cols * std::log2(cols + 2);
    return operations * (Eigen::NumTraits<S>::IsComplex ? 4 : 1);
}

template Preconditioned choose_preconditioner(const System<double>&, const LeastSquaresOptions&);
template Preconditioned choose_preconditioner(const System<Complex>&, const LeastSquaresOptions&);
template std::unique_ptr<Solver<double>> krylov_solver(const System<double>&, SolveMethod, Preconditioner,
                                                       const LeastSquaresOptions&);
template std::unique_ptr<Solver<Complex>> krylov_solver(const System<Complex>&, SolveMethod, Preconditioner,
                                                        const LeastSquaresOptions&);
template double krylov_step_operations(const System<double>&, Preconditioner);
template double krylov_step_operations(const System<Complex>&, Preconditioner);

} // namespace convmat::solve
