#pragma once

#include <convmat/base/error.hpp>

namespace convmat::numerics {

/// A computation that fails on numbers it should have managed: no mistake of the caller's.
using Failure = ErrorAs<std::runtime_error>;

} // namespace convmat::numerics
