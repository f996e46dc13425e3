#pragma once

#include <string>
#include <vector>

#include <convmat/io/any.hpp>

namespace convmat::cli {

/// Weights as the command line states them.
struct KernelArray {
    /// `stencil`: spatial axes only, for every channel; `weights`: an array of a file, whose rank tells.
    enum class Origin { stencil, file };
    std::string name; ///< what an error blames
    AnyTensor values;
    Origin origin = Origin::stencil;
};

/// A `.npy` file, numbers as parse_literal() takes them, or a named kernel:
///
///     box:3            mean over 3x3; box:3x5 and box:3x3x3 too         gaussian:5:1.2   extent and sigma, sum 1
///     binomial:5       1 4 6 4 1 along each axis, sum 1                 bilinear:4       the interpolating tent
///     delta:3          1 in the middle (int64)                          motion:9:45      a line, length and degrees
///     laplacian, sobel-x, sobel-y                                       3x3, int64
///
/// A lone extent stands for all of `rank` axes. Throws InputError blaming --kernel for text it cannot read, FileError
/// for a file.
KernelArray read_kernel(const std::string& text, std::size_t rank = 2);

/// The names before the ':'.
std::vector<std::string> kernel_names();

/// A `.npy` file or numbers, as an option other than --kernel states an array. Throws InputError blaming the option
/// for text it cannot read, FileError for a file.
AnyTensor read_array(const std::string& option, const std::string& text);

} // namespace convmat::cli
