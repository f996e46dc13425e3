#pragma once

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class NumpyFunction { convolve, correlate };
enum class NumpyMode { full, same, valid };

/// numpy.convolve, numpy.correlate and scipy.linalg.convolution_matrix of an array of n values with a kernel of k.
struct NumpyConvolve {
    Index n = 0;
    Index k = 0;
    NumpyFunction function = NumpyFunction::convolve;
    NumpyMode mode = NumpyMode::full;
    Index channels = 1; ///< so many arrays side by side, each with the same kernel
};

/// W of a part of the full result, which has n + k - 1 values; with s = min(n, k), l = max(n, k):
///
/// | mode  | values    | first one                                                          |
/// |-------|-----------|--------------------------------------------------------------------|
/// | full  | n + k - 1 | 0                                                                  |
/// | same  | l         | floor((s-1)/2); ceil((s-1)/2) of correlate with the kernel longer  |
/// | valid | l - s + 1 | s - 1                                                              |
///
/// 'same' is as long as the longer one of the two: not SciPy's scipy.signal, which keeps n. The kernel is flipped for
/// convolve, conjugated for correlate. Throws GeometryError for extents below 1. Source: numpy/core/numeric.py and
/// NumPy 1.24 run.
ConventionLayer from_numpy(const NumpyConvolve& layer);

} // namespace convmat
