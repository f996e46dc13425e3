#pragma once

namespace convmat {

/// Which of the two maps is meant: W, or its transpose.
enum class Form { matrix, transpose };

} // namespace convmat
