#pragma once

#include "../numerics/golub_kahan.hpp"
#include "../numerics/piece.hpp"

namespace convmat::spectrum {

using numerics::GolubKahanOptions;
using numerics::Piece;
using numerics::RitzTriplets;

/// The `count` smallest singular triplets of a piece, the smallest first, by CHOLMOD: the largest of L^{-1}, where
/// L L^H = W^H W + μ I, or W W^H + μ I where W is wide. Throws SizeError before factoring when the factor would have
/// more than `most_entries` entries, or does not fit memory.
template <class S>
RitzTriplets<S> smallest_by_cholesky(const Piece<S>& piece, const GolubKahanOptions& options, Index most_entries);

} // namespace convmat::spectrum
