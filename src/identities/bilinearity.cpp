#include "entry.hpp"

namespace convmat::identities {

std::vector<Identity> bilinearity() { return {}; }

} // namespace convmat::identities
