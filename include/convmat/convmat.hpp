#pragma once

/// All that the CMake target convmat::convmat has and that needs Eigen alone: layers, W built, refilled, read back and
/// applied, the plain loops, the structure of W. Not in here, because each is in a target of its own:
///
///     convmat/identities/*.hpp   what is true of W, with its checks           convmat::identities
///     convmat/picture/*.hpp      matrices and layers as SVG or text           convmat::picture
///     convmat/io/*.hpp           .npy, .npz, .mtx and .png files              convmat::io (libzip, libpng)
///     convmat/spectrum/*.hpp     singular values, norms, rank, null space     convmat::suitesparse (SuiteSparse,
///     convmat/solve/*.hpp        least squares with W, the kernel from data   FFTW, LAPACKE)

#include <convmat/base/error.hpp>
#include <convmat/base/random.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/base/types.hpp>
#include <convmat/base/version.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/conventions.hpp>
#include <convmat/geometry/padding.hpp>
#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix/matrix2kernel.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/matrix_free/instruction_set.hpp>
#include <convmat/matrix_free/spectra_adaptor.hpp>
#include <convmat/reference/extend.hpp>
#include <convmat/reference/loops.hpp>
#include <convmat/structure/classes.hpp>
#include <convmat/structure/exact_rank.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/structure/related_layers.hpp>
