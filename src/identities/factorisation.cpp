#include "entry.hpp"

namespace convmat::identities {

std::vector<Identity> factorisation() { return {}; }

} // namespace convmat::identities
