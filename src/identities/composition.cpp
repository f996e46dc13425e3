#include "entry.hpp"

namespace convmat::identities {

std::vector<Identity> composition() { return {}; }

} // namespace convmat::identities
