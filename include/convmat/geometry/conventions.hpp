#pragma once

/// Bridges: a layer in another system's own parameters -> the geometry of its W, which of W and W^T it is, and how its
/// weights become K. Each refuses, with GeometryError, what that system refuses. Tables: docs/conventions.md, Bridges.

#include <convmat/geometry/conventions/convention_layer.hpp>
#include <convmat/geometry/conventions/jax.hpp>
#include <convmat/geometry/conventions/keras.hpp>
#include <convmat/geometry/conventions/matlab.hpp>
#include <convmat/geometry/conventions/mxnet.hpp>
#include <convmat/geometry/conventions/numpy.hpp>
#include <convmat/geometry/conventions/onednn.hpp>
#include <convmat/geometry/conventions/onnx.hpp>
#include <convmat/geometry/conventions/pytorch.hpp>
#include <convmat/geometry/conventions/scipy.hpp>
#include <convmat/geometry/conventions/tensorflow.hpp>
