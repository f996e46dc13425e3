#pragma once

#include <optional>
#include <string>

#include <convmat/solve/options.hpp>

#include "fast_svd.hpp"
#include "preconditioner.hpp"
#include "refusal.hpp"
#include "system.hpp"

namespace convmat::solve {

/// What is found out about a system while a method is chosen: each when it is first asked for, and once for every λ.
/// The solvers that are made of it refer to it.
template <class S>
class Survey {
  public:
    Survey(const System<S>& system, const LeastSquaresOptions& options) : system_(system), options_(options) {}
    Survey(const Survey&) = delete;
    Survey& operator=(const Survey&) = delete;

    const System<S>& system() const { return system_; }
    const LeastSquaresOptions& options() const { return options_; } ///< whose λ is not meant

    const Transformable<S>& transformable();
    const Separable<S>& separable();
    const PeriodicTwin<S>& periodic_twin();
    const Objection& no_triangle();
    double norm();             ///< about ||A||, see norm_of()
    double cholesky_seconds(); ///< of a factor, without an analysis
    double cholesky_entries(); ///< of it

  private:
    struct Factor {
        double operations = 0;
        double entries = 0;
    };
    Factor rough_factor() const;

    const System<S>& system_;
    LeastSquaresOptions options_;
    std::optional<Transformable<S>> transformable_;
    std::optional<Separable<S>> separable_;
    std::optional<PeriodicTwin<S>> periodic_twin_;
    std::optional<Objection> no_triangle_;
    std::optional<double> norm_;
    std::optional<Factor> factor_;
};

/// max_o sum |K|: about ||A||.
template <class S>
double norm_of(const System<S>& system);

/// Operations a second, as measured on two cores: dense blocks, products with sparse or structured matrices.
constexpr double dense_rate = 8e9;
constexpr double sparse_rate = 1.5e10;

} // namespace convmat::solve
