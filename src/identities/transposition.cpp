#include "entry.hpp"

namespace convmat::identities {

std::vector<Identity> transposition() { return {}; }

} // namespace convmat::identities
