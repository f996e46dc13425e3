#pragma once

#include <string>

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

/// A `.npy` file, a literal, or a named kernel:
///
///     0,1;2,3          rows between ';' (2-D), or 1,2,1 (1-D); int64 when every number is an integer, else float64
///     box:3            mean over 3x3; box:3x5 and box:3x3x3 too         gaussian:5:1.2   extent and sigma, sum 1
///     binomial:5       1 4 6 4 1 along each axis, sum 1                 bilinear:4       the interpolating tent
///     delta:3          1 in the middle (int64)                          motion:9:45      a line, length and degrees
///     laplacian, sobel-x, sobel-y                                       3x3, int64
///
/// Throws InputError blaming --kernel for text it cannot read, FileError for a file.
KernelArray read_kernel(const std::string& text);

/// A `.npy` file or a literal, as an option other than --kernel states an array. Throws InputError blaming the option
/// for text it cannot read, FileError for a file.
AnyTensor read_array(const std::string& option, const std::string& text);

} // namespace convmat::cli
