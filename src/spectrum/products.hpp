#pragma once

#include <set>
#include <string>
#include <vector>

#include "../numerics/decomposition.hpp"

/// Products of pieces: their singular values, and how they are put in words.
namespace convmat::spectrum {

using numerics::Product;

/// "a; b"
std::string joined(const std::set<std::string>& methods);

/// "Kronecker product of 2 factors, each by: "; nothing of one piece.
template <class S>
std::string words_of(const Product<S>& product) {
    if (product.pieces.size() == 1) return {};
    return concat("Kronecker product of ", product.pieces.size(), " factors, each by: ");
}

/// "2 groups, each: "; nothing of one group.
std::string words_of_groups(Index groups);

/// Of A ⊗ B: a_i b_j at the place i |b| + j, for the singular values of A and those of B.
std::vector<double> kronecker_values(const std::vector<double>& a, const std::vector<double>& b);

} // namespace convmat::spectrum
