#include "picture_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include <cairo.h>
#include <gio/gio.h>
#include <librsvg/rsvg.h>
#include <unistd.h>

#include <convmat/base/error.hpp>
#include <convmat/io/image.hpp>

#include "error.hpp"
#include "terminal.hpp"
#include "writable.hpp"

namespace convmat::cli {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};

using Handle = std::unique_ptr<RsvgHandle, Free<g_object_unref>>;
using Stream = std::unique_ptr<GInputStream, Free<g_object_unref>>;
using Surface = std::unique_ptr<cairo_surface_t, Free<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Free<cairo_destroy>>;

void require(bool done, const std::filesystem::path& path, const char* what) {
    if (!done)
        throw FileError({.parameter = path.string(),
                         .value = what,
                         .expected = "a picture that librsvg and cairo can draw",
                         .found = concat(path.string(), ": ", what)});
}

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int count) noexcept {
    try {
        static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), count);
    } catch (const std::bad_alloc&) {
        return CAIRO_STATUS_NO_MEMORY;
    }
    return CAIRO_STATUS_SUCCESS;
}

Handle parsed(const std::string& svg) {
    const Stream stream(g_memory_input_stream_new_from_data(svg.data(), static_cast<gssize>(svg.size()), nullptr));
    return Handle(
        rsvg_handle_new_from_stream_sync(stream.get(), nullptr, RSVG_HANDLE_FLAG_UNLIMITED, nullptr, nullptr));
}

// The SVG as librsvg draws it, on two pixels a unit, or on one where cairo could not hold that.
std::string png_of(const std::string& svg, const std::filesystem::path& path) {
    constexpr double most = 32767;
    const Handle handle = parsed(svg);
    double width = 0, height = 0;
    require(handle && rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height) != 0, path, "not read");
    const double zoom = 2 * std::max(width, height) <= most ? 2 : 1;
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(zoom * width),
                                                     static_cast<int>(zoom * height)));
    const Context context(cairo_create(surface.get()));
    cairo_scale(context.get(), zoom, zoom);
    const RsvgRectangle all = {0, 0, width, height};
    require(rsvg_handle_render_document(handle.get(), context.get(), &all, nullptr) != 0, path, "not drawn");
    std::string png;
    require(cairo_surface_write_to_png_stream(surface.get(), append, &png) == CAIRO_STATUS_SUCCESS, path,
            "not encoded");
    return png;
}

std::string bytes_of(const std::filesystem::path& path, const Figure& figure) {
    if (path.extension() == ".svg") return figure_svg(figure);
    if (path.extension() == ".png") return png_of(figure_svg(figure), path);
    return figure_text(figure, text_file());
}

} // namespace

void require_picture_file(const std::optional<std::string>& path) {
    if (!path || *path == "/dev/stdout") return;
    for (const char* ending : {".svg", ".png", ".txt"})
        if (path->ends_with(ending)) return require_writable("--out", path, ending);
    throw InputError("--out", *path, "a file that ends in .svg, .png or .txt");
}

void write_figure(OutputFiles& files, const std::filesystem::path& path, const Figure& figure) {
    const std::string bytes = bytes_of(path, figure); // first: where librsvg aborts, there is no file yet
    files.open(path).write(std::string_view(bytes));
}

void write_image(OutputFiles& files, const std::filesystem::path& path, const Tensor<double>& image) {
    const std::vector<std::uint8_t> png = encode_png(image);
    files.open(path).write(std::as_bytes(std::span(png)));
}

TextOptions text_file() { return {.columns = 160}; }

TextOptions standard_output() {
    constexpr Index without_terminal = 100;
    if (isatty(STDOUT_FILENO) != 1)
        return {without_terminal, TextOptions::Characters::ascii, TextOptions::Colours::none};
    const bool coloured = std::getenv("NO_COLOR") == nullptr;
    return {static_cast<Index>(text_columns()),
            locale_is_unicode() ? TextOptions::Characters::unicode : TextOptions::Characters::ascii,
            coloured ? TextOptions::Colours::ansi : TextOptions::Colours::none};
}

} // namespace convmat::cli
