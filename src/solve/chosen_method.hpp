#pragma once

#include "choice.hpp"

namespace convmat::solve {

/// The method that was chosen for a system, at one λ at a time; where it finds the system singular and the choice was
/// ours, another takes its place for this λ. λ is that of the scaled system throughout.
template <class S>
class ChosenMethod {
  public:
    ChosenMethod(Survey<S>& survey, double lambda)
        : survey_(survey),
          lambda_(lambda),
          chosen_for_(lambda),
          chosen_(choose(Prospect<S>(survey, lambda))) {}

    /// The same choice, with a solver of its own.
    ChosenMethod(const ChosenMethod& other) : ChosenMethod(other.survey_, other.chosen_for_) {}
    ChosenMethod& operator=(const ChosenMethod&) = delete;

    const Solver<S>& solver() const { return *chosen_.solver; }
    Solver<S>& solver() { return *chosen_.solver; }
    const SolvePlan& plan() const { return chosen_.plan; }
    const SolvePlan& plan_with_candidates();
    double lambda() const { return lambda_; }

    /// Throws, and changes nothing, where the method that was asked for cannot solve with this λ.
    void set_lambda(double lambda);

    /// Unless that has been done.
    void factorize();

    /// Factorises if need be.
    Steps solve(const S* y, S* x, Index count);

  private:
    bool needs_another_choice(double lambda) const;
    void replace_singular(const Singular& singular);

    Survey<S>& survey_;
    double lambda_;
    double chosen_for_; // λ
    Chosen<S> chosen_;
    bool factorised_ = false;
    std::optional<FoundSingular> fell_back_; // from that, for this λ alone
};

} // namespace convmat::solve
