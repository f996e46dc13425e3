#include "limits.hpp"

#include <convmat/base/memory.hpp>

namespace convmat::spectrum {
namespace {

using namespace numerics;

constexpr double most_block_entries = 1e9 / sizeof(Complex);
constexpr double blocks_held = 6; // of each thread of two: a block, its weights, LAPACK's copy or vectors

} // namespace

template <class S>
bool block_fits(const Blocks<S>& blocks, const SpectrumOptions& options) {
    const double entries = static_cast<double>(blocks.rows()) * static_cast<double>(blocks.cols());
    return blocks.values_each() <= options.most_dense && entries <= most_block_entries &&
           entries * blocks_held * sizeof(Complex) <= static_cast<double>(available_memory());
}

template <class S>
bool all_fit(const Blocks<S>& blocks, const SpectrumOptions& options) {
    return block_fits(blocks, options) && blocks.operations() <= options.most_operations;
}

template bool block_fits(const Blocks<double>&, const SpectrumOptions&);
template bool block_fits(const Blocks<Complex>&, const SpectrumOptions&);
template bool all_fit(const Blocks<double>&, const SpectrumOptions&);
template bool all_fit(const Blocks<Complex>&, const SpectrumOptions&);

} // namespace convmat::spectrum
