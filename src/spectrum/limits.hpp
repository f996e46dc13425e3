#pragma once

#include <convmat/spectrum/options.hpp>

#include "../numerics/blocks.hpp"

namespace convmat::spectrum {

using numerics::Blocks;

/// Whether each block can be decomposed as a dense matrix: within the options, 1 GB and the memory there is.
template <class S>
bool block_fits(const Blocks<S>& blocks, const SpectrumOptions& options);

/// Whether all of them can, with the operations that the options allow.
template <class S>
bool all_fit(const Blocks<S>& blocks, const SpectrumOptions& options);

} // namespace convmat::spectrum
