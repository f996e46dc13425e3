#pragma once

#include <convmat/io/any.hpp>

namespace convmat::cli {

/// Throws InputError blaming the option for the first value that is NaN or infinite.
void require_finite(const char* option, const AnyTensor& array);

} // namespace convmat::cli
