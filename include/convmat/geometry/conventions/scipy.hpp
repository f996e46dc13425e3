#pragma once

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class ScipySignalFunction { convolve, correlate, convolve2d, correlate2d };
enum class ScipyMode { full, same, valid };
enum class ScipyBoundary { fill, wrap, symm };

/// scipy.signal.convolve, correlate, convolve2d, correlate2d of in1 with the kernel in2.
struct ScipySignal {
    PerAxis<Index> in1;
    PerAxis<Index> in2;
    ScipySignalFunction function = ScipySignalFunction::convolve;
    ScipyMode mode = ScipyMode::full;
    ScipyBoundary boundary = ScipyBoundary::fill; ///< of the 2-D functions
    double fillvalue = 0;                         ///< another one is no linear map: refused
    Index channels = 1;                           ///< so many arrays side by side, each with the same kernel
};

enum class ScipyNdimageFunction { convolve, correlate };
enum class ScipyNdimageMode { reflect, grid_mirror, constant, grid_constant, nearest, mirror, wrap, grid_wrap };

/// scipy.ndimage.convolve, correlate.
struct ScipyNdimage {
    PerAxis<Index> input;
    PerAxis<Index> weights;
    ScipyNdimageFunction function = ScipyNdimageFunction::convolve;
    ScipyNdimageMode mode = ScipyNdimageMode::reflect;
    double cval = 0;            ///< another one is no linear map: refused
    PerAxis<Index> origin = {}; ///< one value, or one an axis; default 0
    Index channels = 1;
};

/// W with padding (begin, k - 1 - begin) in mode 'same', k - 1 at both ends in 'full', none in 'valid':
///
/// | function              | kernel              | begin of 'same' |
/// |-----------------------|---------------------|-----------------|
/// | convolve, convolve2d  | flipped             | floor(k/2)      |
/// | correlate             | conjugated          | floor(k/2)      |
/// | correlate2d           | conjugated          | floor((k-1)/2)  |
///
/// Boundaries fill = zero, wrap = periodic, symm = half_symmetric. In 'valid' SciPy swaps its arguments when in2 is
/// the longer one along every axis: padding k - n. (correlate2d then conjugates in1 instead of in2.) When neither is
/// the longer one, it refuses. Source: scipy/signal/_signaltools.py, and SciPy 1.10 run.
ConventionLayer from_scipy(const ScipySignal& layer);

/// W with padding (begin, k - 1 - begin), begin = floor(k/2) + origin for correlate (kernel conjugated),
/// floor((k-1)/2) - origin for convolve (kernel flipped), refused outside 0..k-1. Modes reflect, grid-mirror =
/// half_symmetric; constant, grid-constant = zero; nearest = replicate; mirror = whole_symmetric; wrap, grid-wrap =
/// periodic. Source: scipy/ndimage/_filters.py, and SciPy 1.10 run.
ConventionLayer from_scipy(const ScipyNdimage& layer);

} // namespace convmat
