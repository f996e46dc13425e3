#pragma once

#include <optional>
#include <string>

#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>
#include <convmat/io/any.hpp>

#include "kernel.hpp"
#include "layer_description.hpp"

namespace convmat::cli {

/// A layer with all its numbers known: the map W of the geometry, or W^T for a transposed layer.
struct Layer {
    ConvGeometry geometry;
    Form form;                       ///< which of the two the layer is
    std::optional<AnyTensor> kernel; ///< of shape geometry.kernel_shape()
    std::string reading;             ///< what was understood of another system's words
    std::string note;                ///< what was understood where another reading is near

    Shape input_shape() const { return form == Form::matrix ? geometry.input_shape() : geometry.output_shape(); }
    Shape output_shape() const { return form == Form::matrix ? geometry.output_shape() : geometry.input_shape(); }
};

/// Puts together what was said of a layer, its kernel and the shape of the array it reads: decides how many axes are
/// spatial (by the kernel, where there is one), fills in the channels nobody stated, and refuses contradictions with an
/// InputError that names both sides; `x_option` is the option that stated the array.
Layer resolve(LayerDescription description, std::optional<KernelArray> kernel, const std::optional<Shape>& x_shape,
              const char* x_option);

} // namespace convmat::cli
