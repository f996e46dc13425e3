#pragma once

#include <string>
#include <vector>

#include <convmat/spectrum/singular_values.hpp>

#include "../numerics/dense_svd.hpp"
#include "../numerics/piece.hpp"

namespace convmat::spectrum {

using detail::End;
using numerics::Dense;
using numerics::Piece;

/// Triplets of a piece or a product, the wanted ones first; the vectors are columns, in the order of positions.
template <class S>
struct FoundTriplets {
    std::vector<double> values;
    std::vector<double> errors;
    Dense<S> u;
    Dense<S> v;
    Index steps = 0;
    std::string method;
};

/// The places of the `count` wanted ones of all values, in order; of equal ones the first.
std::vector<Index> wanted_of(const std::vector<double>& values, Index count, End end);

/// Directly where that is quick, or where there is no other way that fits. Throws SizeError where none does.
template <class S>
FoundTriplets<S> triplets_of_piece(const Piece<S>& piece, Index count, End end, const SpectrumOptions& options);

} // namespace convmat::spectrum
