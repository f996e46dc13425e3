#pragma once

#include <optional>
#include <string>

#include "command_line.hpp"
#include "kernel.hpp"
#include "layer.hpp"
#include "layer_description.hpp"

namespace convmat::cli {

/// The options that describe a layer: the same for every command.
class LayerOptions {
  public:
    void add_to(CommandLine& line);

    /// The layer they describe. `x_shape` is the shape of the array it is applied to, where there is one, and
    /// `x_option` the option that stated that.
    Layer layer(const std::optional<Shape>& x_shape = {}, const char* x_option = "--x") const;

    /// As layer(), but throws InputError unless --kernel was given.
    Layer layer_with_weights(const std::optional<Shape>& x_shape = {}, const char* x_option = "--x") const;

    /// Whether anything was said of the layer.
    bool given() const;

    bool kernel_given() const { return kernel_.has_value(); }
    bool input_given() const; ///< by --input or a file

    /// --padding, unless it or a file of all numbers was given, or a convention, which has its own default.
    void pad_by_default(const std::string& rule);

    /// --out-channels, unless it or a file that has them was given.
    void write_channels_by_default(Index channels);

  private:
    LayerDescription description() const;
    void add_conventions_to(CommandLine& line);
    LayerDescription of_options() const;
    void read_convention(LayerDescription& d) const;

    std::optional<std::string> input_, kernel_, kernel_size_, in_channels_, out_channels_, groups_, stride_, dilation_;
    std::optional<std::string> padding_, boundary_, output_padding_, output_size_, file_, convention_, lhs_dilation_;
    std::optional<std::string> origin_;
    bool transposed_ = false;
};

} // namespace convmat::cli
