#pragma once

#include <optional>
#include <string>

#include <convmat/picture/spy.hpp>

#include "command_line.hpp"
#include "layer_options.hpp"

namespace convmat::cli {

/// What `convmat spy` is to show.
enum class Shown { matrix, pair, row, column, stamps, pad, overlap, checkerboard };

/// The options of `convmat spy`.
struct SpyRequest {
    LayerOptions layer;
    std::optional<std::string> matrix, show, at, x, colour, cells, out, title;

    void add_to(CommandLine& line);

    Shown shown() const;
    SpyColour spy_colour() const;

    /// Options that contradict each other, or a file that cannot be written: an InputError.
    void refuse_what_is_wrong() const;

    /// The picture; `options` says how many cells there is room for, unless --cells does.
    Figure figure(SpyOptions options) const;

  private:
    Figure figure_of_file(const SpyOptions& options) const;
    Figure figure_of_matrix(const Layer& layer, const SpyOptions& options) const;
    Figure figure_of_arrays(const Layer& layer) const;
    Index position(const Shape& shape) const;
    Figure figure_of_layer(const Layer& layer, const SpyOptions& options) const;
};

} // namespace convmat::cli
