#include "krylov_solver.hpp"

#include <algorithm>
#include <cmath>

#include "direct.hpp"
#include "krylov.hpp"

namespace convmat::solve {
namespace {

constexpr int most_restarts = 8;

template <class S>
class Iterative final : public Solver<S> {
  public:
    Iterative(const System<S>& system, SolveMethod method, MakePreconditioner<S> make,
              const LeastSquaresOptions& options)
        : system_(system),
          method_(method),
          make_preconditioner_(std::move(make)),
          tolerance_(options.tolerance),
          most_steps_(options.most_steps),
          progress_(options.progress) {}

    std::optional<Singular> factorize(double lambda) override {
        lambda_ = system_.penalty() == Penalty::none ? 0 : lambda;
        if (preconditioner_ == nullptr && make_preconditioner_) preconditioner_ = make_preconditioner_();
        if (preconditioner_ != nullptr) preconditioner_->set_lambda(lambda_);
        return std::nullopt;
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
    LinearMap<S> stacked() const {
        return {rows(), system_.cols(), [this](const S* x, S* y, Index) { apply_stacked(x, y); },
                [this](const S* y, S* x, Index) { apply_stacked_adjoint(y, x); }};
    }

    void apply_stacked(const S* x, S* y) const {
        system_.apply(x, y);
        if (!penalised()) return;
        system_.apply_penalty(x, y + system_.rows());
        Eigen::Map<Vector<S>>(y + system_.rows(), system_.penalty_rows()) *= lambda_;
    }

    void apply_stacked_adjoint(const S* y, S* x) const {
        system_.apply_adjoint(y, x);
        if (penalised()) system_.add_penalty_adjoint(lambda_, y + system_.rows(), x);
    }

    RightPreconditioner<S> right_preconditioner() const {
        if (preconditioner_ == nullptr) return {};
        return {[this](const S* x, S* z) { preconditioner_->apply_inverse(x, z); },
                [this](const S* x, S* z) { preconditioner_->apply_inverse_square(x, z); }};
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
        const RightPreconditioner<S> m = right_preconditioner();
        if (method_ == SolveMethod::cg) return cgls<S>(system_.map(), m, added(), b, x, aimed);
        const LinearMap<S> a = stacked();
        Vector<S> ax(a.rows), right = Vector<S>::Zero(a.rows), step(a.cols);
        right.head(b.size()) = b;
        a.apply(x.data(), ax.data(), 1);
        right -= ax;
        if (preconditioner_ != nullptr) { // the test is of M^{-1} A^H r
            Vector<S> g(a.cols), z(a.cols);
            a.apply_adjoint(right.data(), g.data(), 1);
            preconditioner_->apply_inverse(g.data(), z.data());
            aimed.target *= z.norm() / measured;
        }
        const KrylovEnd end =
            method_ == SolveMethod::lsqr ? lsqr(a, m, right, step, aimed) : lsmr(a, m, right, step, aimed);
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
        const double start = g.norm(), target = std::max(tolerance_ * start, rounding_of_start(system_, y));
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
    MakePreconditioner<S> make_preconditioner_;
    std::unique_ptr<NormalPreconditioner<S>> preconditioner_;
    double tolerance_;
    Index most_steps_;
    std::function<void(Index, double)> progress_;
    double lambda_ = 0;
};

} // namespace

template <class S>
std::unique_ptr<Solver<S>> krylov_solver(const System<S>& system, SolveMethod method,
                                         MakePreconditioner<S> preconditioner, const LeastSquaresOptions& options) {
    return std::make_unique<Iterative<S>>(system, method, std::move(preconditioner), options);
}

template std::unique_ptr<Solver<double>> krylov_solver(const System<double>&, SolveMethod, MakePreconditioner<double>,
                                                       const LeastSquaresOptions&);
template std::unique_ptr<Solver<Complex>> krylov_solver(const System<Complex>&, SolveMethod,
                                                        MakePreconditioner<Complex>, const LeastSquaresOptions&);

} // namespace convmat::solve
