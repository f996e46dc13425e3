#include "krylov_solver.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "krylov.hpp"
#include "preconditioner.hpp"

namespace convmat::solve {
namespace {

constexpr int most_restarts = 8;

// Every output whose window reaches over an edge may cost the preconditioned iteration a step.
constexpr double most_edge_positions = 100;

double edge_positions(const ConvGeometry& geometry) {
    double all = static_cast<double>(geometry.out_channels()), inner = all;
    for (const Axis& axis : geometry.axes()) {
        const auto m = static_cast<double>(axis.output);
        const double edge = static_cast<double>(axis.effective_kernel()) / static_cast<double>(axis.stride);
        const bool closed = axis.boundary == Boundary::periodic && axis.output * axis.stride == axis.input;
        all *= m;
        inner *= closed ? m : std::max(0.0, m - edge);
    }
    return all - inner;
}

template <class S>
class Iterative final : public Solver<S> {
  public:
    Iterative(const System<S>& system, SolveMethod method, Preconditioner kind, const LeastSquaresOptions& options)
        : system_(system),
          method_(method),
          kind_(kind),
          tolerance_(options.tolerance),
          most_steps_(options.most_steps),
          progress_(options.progress) {}

    void factorize(double lambda) override {
        lambda_ = system_.penalty() == Penalty::none ? 0 : lambda;
        if (preconditioner_ == nullptr && kind_ == Preconditioner::diagonal)
            preconditioner_ = diagonal_preconditioner(system_);
        if (preconditioner_ == nullptr && kind_ == Preconditioner::circulant)
            preconditioner_ = circulant_preconditioner(system_);
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

    Added<S> added() const {
        if (!penalised()) return {};
        if (system_.penalty() == Penalty::identity) return {lambda_ * lambda_, {}};
        return {0, [this](const S* x, S* z) {
                    std::fill_n(z, system_.cols(), S(0));
                    system_.add_penalty_square(lambda_ * lambda_, x, z);
                }};
    }

    // One round of LSQR or LSMR from x on, or of CGLS. They stop at a normal residual of `target`, as far as they see.
    KrylovEnd round(const Vector<S>& b, Eigen::Ref<Vector<S>> x, double measured, double target,
                    const KrylovOptions& options) const {
        KrylovOptions aimed = options;
        aimed.target = target;
        KrylovSystem<S> system = stacked();
        if (method_ == SolveMethod::cg) {
            system.rows = system_.rows();
            system.apply = [this](const S* from, S* to) { system_.apply(from, to); };
            system.apply_adjoint = [this](const S* from, S* to) { system_.apply_adjoint(from, to); };
            return cgls<S>(system, added(), b, x, aimed);
        }
        Vector<S> ax(system.rows), right = Vector<S>::Zero(system.rows), step(system.cols);
        right.head(b.size()) = b;
        system.apply(x.data(), ax.data());
        right -= ax;
        if (preconditioner_ != nullptr) { // the test is of M^{-1} A^H r
            Vector<S> g(system.cols), z(system.cols);
            system.apply_adjoint(right.data(), g.data());
            preconditioner_->apply_inverse(g.data(), z.data());
            aimed.target *= z.norm() / measured;
        }
        const KrylovEnd end =
            method_ == SolveMethod::lsqr ? lsqr(system, right, step, aimed) : lsmr(system, right, step, aimed);
        x += step;
        return end;
    }

    // As many rounds as it takes until the normal residual itself, measured anew, is at the tolerance.
    Steps solve_one(const S* y, S* x) const {
        const Vector<S> b = Eigen::Map<const Vector<S>>(y, system_.rows());
        Eigen::Map<Vector<S>> solution(x, system_.cols());
        solution.setZero();
        Vector<S> r(system_.rows()), g(system_.cols());
        system_.apply_adjoint(y, g.data());
        const double start = g.norm(), target = tolerance_ * start;
        double left = start;
        Steps steps{0, left <= target};
        for (int rounds = 0; !steps.converged && rounds < most_restarts && steps.count < most_steps_; ++rounds) {
            KrylovOptions options{0, most_steps_ - steps.count, {}};
            if (progress_)
                options.progress = [&, first = steps.count](Index k, double norm) {
                    progress_(first + k, norm / start);
                };
            const Vector<S> before = solution;
            steps.count += round(b, solution, left, 0.5 * target, options).steps;
            system_.normal_residual(lambda_, y, x, r.data(), g.data());
            const double now = g.norm();
            if (now > left) solution = before;
            steps.converged = now <= target;
            if (!(now < 0.9 * left)) break;
            left = now;
        }
        return steps;
    }

    const System<S>& system_;
    SolveMethod method_;
    Preconditioner kind_;
    std::unique_ptr<NormalPreconditioner<S>> preconditioner_; // made when first factorised
    double tolerance_;
    Index most_steps_;
    std::function<void(Index, double)> progress_;
    double lambda_ = 0;
};

} // namespace

template <class S>
Preconditioned choose_preconditioner(const System<S>& system, const LeastSquaresOptions& options) {
    const bool penalised = options.lambda > 0 && system.penalty() != Penalty::none;
    const bool least_norm = !penalised && options.solution == Solution::minimum_norm;
    const auto require_no_least_norm = [&] {
        if (least_norm)
            throw std::invalid_argument(concat("preconditioner ", to_string(options.preconditioner),
                                               ": leads away from the x of least norm, expected none"));
    };
    switch (options.preconditioner) {
    case Preconditioner::none:
        return {Preconditioner::none, "without a preconditioner, as asked"};
    case Preconditioner::diagonal:
        require_no_least_norm();
        return {Preconditioner::diagonal, "with a diagonal preconditioner, as asked"};
    case Preconditioner::circulant:
        require_no_least_norm();
        if (const std::string because = no_circulant_because(system); !because.empty())
            throw std::invalid_argument("preconditioner circulant: " + because);
        return {Preconditioner::circulant, "with a circulant preconditioner, as asked"};
    default:
        break;
    }
    // With M the iteration tends to the solution of least ||M x||.
    if (!penalised && (options.solution == Solution::minimum_norm || system.rows() < system.cols()))
        return {Preconditioner::none, "without a preconditioner, so that x is the one of least norm"};
    if (const std::string because = no_circulant_because(system); !because.empty())
        return {Preconditioner::none, "without a preconditioner: " + because};
    const double edge = edge_positions(system.geometry());
    if (edge > most_edge_positions)
        return {Preconditioner::none,
                concat("without a preconditioner: a periodic layer differs from this one at ", edge,
                       " outputs, expected at most ", most_edge_positions, " for it to help")};
    return {Preconditioner::circulant, "with a circulant preconditioner, the layer as if it were periodic"};
}

template <class S>
std::unique_ptr<Solver<S>> krylov_solver(const System<S>& system, SolveMethod method, Preconditioner preconditioner,
                                         const LeastSquaresOptions& options) {
    return std::make_unique<Iterative<S>>(system, method, preconditioner, options);
}

template <class S>
double krylov_step_operations(const System<S>& system, Preconditioner preconditioner) {
    const auto cols = static_cast<double>(system.cols());
    // Vectors pass through memory, transforms are slower than products: both are counted as what takes as long.
    double operations = 4 * static_cast<double>(system.nnz()) + 200 * cols;
    if (preconditioner == Preconditioner::circulant) operations += 50 * cols * std::log2(cols + 2);
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
