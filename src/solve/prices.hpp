#pragma once

#include <optional>
#include <string>

#include "survey.hpp"

namespace convmat::solve {

struct Price {
    double bytes = 0;
    double seconds = 0;
};

/// What an iteration is given beside the system, in words, and why.
struct Preconditioned {
    Preconditioner kind = Preconditioner::none;
    std::string reason;
    Objection objection = {}; ///< to the one that was asked for
};

/// A system with one λ, and what a method would take there.
template <class S>
class Prospect {
  public:
    Prospect(Survey<S>& survey, double lambda) : survey_(survey), lambda_(lambda) {}

    Survey<S>& survey() const { return survey_; }
    const System<S>& system() const { return survey_.system(); }
    const LeastSquaresOptions& options() const { return survey_.options(); }
    double lambda() const { return lambda_; }

    bool penalised() const { return lambda_ > 0 && options().penalty != Penalty::none; }
    bool least_norm() const { return !penalised() && options().solution == Solution::minimum_norm; }
    double most_bytes() const;     ///< that factors may take
    double most_seconds() const;   ///< that a factorisation may take
    double rank_tolerance() const; ///< relative to ||A||
    double stacked_norm() const;   ///< about ||[A; λ L]||

    const Preconditioned& preconditioned(); ///< of an iteration
    double iteration_seconds();             ///< throws ArgumentError for a preconditioner that there is not

    Price transforms() const;
    Price kronecker() const;
    Price triangular() const; ///< this and the next three without an analysis: rough
    Price cholmod() const;
    Price spqr() const;
    Price lu() const;
    Price iteration();

  private:
    Preconditioned choose_preconditioner() const;
    double steps_guess(Preconditioner kind) const;
    double step_operations(Preconditioner kind) const;

    Survey<S>& survey_;
    double lambda_; // of the scaled system
    std::optional<Preconditioned> preconditioned_;
};

} // namespace convmat::solve
