#include "chosen_method.hpp"

namespace convmat::solve {

template <class S>
const SolvePlan& ChosenMethod<S>::plan_with_candidates() {
    if (chosen_.plan.candidates.empty())
        chosen_.plan.candidates = candidates(Prospect<S>(survey_, lambda_), chosen_.plan, fell_back_);
    return chosen_.plan;
}

// Methods for λ = 0 alone; and preconditioners, of which with λ = 0 some lead away from the solution of least norm.
template <class S>
bool ChosenMethod<S>::needs_another_choice(double lambda) const {
    const LeastSquaresOptions& options = survey_.options();
    if (options.penalty == Penalty::none) return false;
    switch (chosen_.plan.method) {
    case SolveMethod::triangular:
    case SolveMethod::umfpack:
    case SolveMethod::klu:
        return lambda > 0;
    case SolveMethod::lsqr:
    case SolveMethod::lsmr:
    case SolveMethod::cg:
        return options.preconditioner == Preconditioner::automatic && (lambda > 0) != (lambda_ > 0);
    default:
        return false;
    }
}

template <class S>
void ChosenMethod<S>::set_lambda(double lambda) {
    if (fell_back_ || needs_another_choice(lambda)) {
        chosen_ = choose(Prospect<S>(survey_, lambda));
        chosen_for_ = lambda;
    }
    lambda_ = lambda;
    fell_back_.reset();
    factorised_ = false;
    chosen_.plan.candidates.clear(); // an iteration's price depends on λ
}

template <class S>
void ChosenMethod<S>::factorize() {
    if (factorised_) return;
    if (const std::optional<Singular> singular = chosen_.solver->factorize(lambda_)) replace_singular(*singular);
    factorised_ = true;
}

template <class S>
Steps ChosenMethod<S>::solve(const S* y, S* x, Index count) {
    factorize();
    Steps steps = chosen_.solver->solve(y, x, count);
    if (!steps.singular) return steps;
    replace_singular(*steps.singular);
    steps = chosen_.solver->solve(y, x, count);
    if (steps.singular) throw SingularError(*steps.singular);
    return steps;
}

// Where a system that factors or a solution found singular becomes another method, or an error. LU that needs no
// numbers to see it throws SingularError when it is made; `automatic` makes none.
template <class S>
void ChosenMethod<S>::replace_singular(const Singular& singular) {
    if (survey_.options().method != SolveMethod::automatic || fell_back_) throw SingularError(singular);
    const SolveMethod before = chosen_.plan.method;
    chosen_ = choose_for_singular(Prospect<S>(survey_, lambda_), before);
    fell_back_ = FoundSingular{before, singular};
}

template class ChosenMethod<double>;
template class ChosenMethod<Complex>;

} // namespace convmat::solve
