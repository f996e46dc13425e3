#pragma once

#include <cstdint>

#include <convmat/base/types.hpp>

namespace convmat {

/// What the functions of this room take, and where they give up.
struct SpectrumOptions {
    double tolerance = 1e-6;         ///< error bound asked of an iteration, relative to ||W||_2
    Index most_steps = 2000;         ///< products with W and W^H an iteration may take; then it says so
    double separability = 1e-14;     ///< K counts as A ⊗ a when ||K - A ⊗ a||_F <= separability ||K||_F
    Index most_dense = 3000;         ///< shorter side of the largest block that is decomposed as a dense matrix
    double most_operations = 2e13;   ///< of a complete list: one that would take more throws SizeError
    Index most_factor_entries = 4e8; ///< in the Cholesky factor of W^H W, as CHOLMOD predicts them
    std::uint64_t seed = 1;          ///< of the random starting vectors
};

namespace detail {

/// Throws ArgumentError naming `who` and the option unless every number is one that means something.
void require_valid(const SpectrumOptions& options, const char* who);

} // namespace detail
} // namespace convmat
