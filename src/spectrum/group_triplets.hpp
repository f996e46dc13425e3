#pragma once

#include "../numerics/decomposition.hpp"
#include "piece_triplets.hpp"

namespace convmat::spectrum {

using numerics::Product;

/// The `count` wanted triplets of one group: of A ⊗ B ⊗ ... from the wanted ones of A, of B, ...; the vectors are
/// images of the group, (O/g, m...) and (C/g, n...).
template <class S>
FoundTriplets<S> triplets_of_group(const Product<S>& product, Index count, End end, const SpectrumOptions& options);

} // namespace convmat::spectrum
