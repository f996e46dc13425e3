#pragma once

#include "../numerics/dense_svd.hpp"
#include "symbol_grid.hpp"

namespace convmat::spectrum {

using numerics::Complex;
using numerics::Dense;

/// The taps of one group: row o + O c, column t (row-major), as complex numbers.
struct SymbolWeights {
    Dense<Complex> weights;
    Index outs = 1;
    bool real = false; ///< of conjugate frequencies one is enough
};

/// max_w |s|^{-1/2} ||[K̂(w + j N / s)]_j||_2, by SVDs; without the factor.
double largest_symbol(const SymbolGrid& grid, const SymbolWeights& weights);

/// The same with ||A||_2 <= ||(A^H A)^(2^steps)||_F^(1/2^(steps+1)), rescaled at each squaring, in place of SVDs.
double largest_symbol_by_gram(const SymbolGrid& grid, const SymbolWeights& weights, int steps);

} // namespace convmat::spectrum
