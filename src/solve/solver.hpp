#pragma once

#include <optional>
#include <vector>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

namespace convmat::solve {

/// What a method says of a system that it cannot solve: singular to working precision, say.
using Singular = Fault;

/// How an iteration ended. Direct methods: the number of refinements.
struct Steps {
    Index count = 0;
    bool converged = true;
    std::optional<Singular> singular = {}; ///< then x means nothing
};

/// What of y and A is enough to know every λ, where A = U Σ V^H and L^H L = V P V^H at once, c = U^H y:
///
///     ||A x - y||² = outside + Σ w |c|² (λ² p / (σ² + λ² p))²,   ||L x||² = Σ w p |σ c / (σ² + λ² p)|²
struct SpectralData {
    std::vector<double> squares;      ///< σ²
    std::vector<double> penalties;    ///< p
    std::vector<double> coefficients; ///< w |c|², summed over the right-hand sides
    std::vector<double> weights;      ///< w: 2 for a pair of conjugate frequencies of which one is kept, else 1
    double outside = 0;               ///< ||y||² - ||c||²
};

/// One way to find x = argmin ||A x - y||² + λ² ||L x||².
template <class S>
class Solver {
  public:
    virtual ~Solver() = default;

    /// Factors for λ, or says that the system is singular.
    [[nodiscard]] virtual std::optional<Singular> factorize(double lambda) = 0;

    /// `count` right-hand sides of rows() values, one after the other; x of cols() values each.
    virtual Steps solve(const S* y, S* x, Index count) = 0;

    virtual void set_tolerance(double) {} ///< of an iteration

    virtual std::optional<Index> rank() const { return std::nullopt; }
    virtual std::optional<Index> factor_nnz() const { return std::nullopt; }
    virtual std::optional<double> reciprocal_condition() const { return std::nullopt; }
    virtual bool has_svd() const { return false; }
    virtual std::optional<SpectralData> spectral_data(const S*, Index) { return std::nullopt; }
};

} // namespace convmat::solve
