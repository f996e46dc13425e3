#pragma once

#include "entry.hpp"

/// Parts of a chapter that have a file of their own.
namespace convmat::identities {

std::vector<Identity> gram_matrices();       ///< of norms(): I-39, I-40
std::vector<Identity> mirrored_boundaries(); ///< of spectra(): I-45, I-46
std::vector<Identity> embeddings();          ///< of spectra(): I-47

// Conditions of several of them.
std::string one_channel_a_group(const AnyCase& layer); ///< C = O = g
std::string integer_sums(const AnyCase& layer);        ///< the case is checked in integers

} // namespace convmat::identities
