#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <convmat/base/tensor.hpp>
#include <convmat/io/output_file.hpp>
#include <convmat/picture/figure.hpp>

namespace convmat::cli {

/// Throws InputError unless the file of --out, where one was given, ends in .svg, .png or .txt and can be written.
void require_picture_file(const std::optional<std::string>& path);

/// One more file, of the figure as its ending says: SVG, a PNG of it with two pixels a unit, or text in Unicode. It is
/// made before the file is opened, and not committed. Throws FileError when it cannot be written.
void write_figure(OutputFiles& files, const std::filesystem::path& path, const Figure& figure);

/// Likewise of what write_png() writes.
void write_image(OutputFiles& files, const std::filesystem::path& path, const Tensor<double>& image);

/// What standard output takes. A terminal: Unicode (where the locale has it), colours (unless NO_COLOR is set), and as
/// many columns as it has; otherwise ASCII in 100 columns.
TextOptions standard_output();

/// What a text file takes: Unicode in 160 columns.
TextOptions text_file();

} // namespace convmat::cli
