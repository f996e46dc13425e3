#pragma once

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class MatlabShape { full, same, valid };

/// How an array becomes a vector: `row_major` is convmat's vec; `column_major` is MATLAB's A(:).
enum class VecOrder { row_major, column_major };

/// MATLAB's and Octave's conv, conv2 and convn, of A with the kernel B: C[v] = sum_t B[t] A[v - t].
struct MatlabConv {
    PerAxis<Index> a; ///< extents of A, as size(A) says
    PerAxis<Index> b; ///< extents of the kernel B
    MatlabShape shape = MatlabShape::full;
    VecOrder vec = VecOrder::row_major;
    Index channels = 1; ///< so many arrays side by side, each convolved with B
};

/// W, with the kernel flipped: true convolution. Of the full result 'same' begins at floor(k/2), 'valid' at k - 1.
/// With VecOrder::column_major the geometry's axes are A's in reverse, so that W A(:) = C(:); the weights are
/// permuted to match. 'valid' with a kernel longer than A, empty in MATLAB, is refused. Source: Octave run, m = 2..7.
ConventionLayer from_matlab(const MatlabConv& layer);

} // namespace convmat
