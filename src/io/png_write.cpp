#include <convmat/io/image.hpp>

#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <exception>
#include <functional>
#include <utility>

#include <png.h>

#include <convmat/io/output_file.hpp>

#include "byte_source.hpp"

namespace convmat {
namespace {

struct Extents {
    Index channels, height, width;
};

Extents extents_of(const Shape& shape) {
    const std::size_t rank = shape.size();
    const Index channels = rank == 3 ? shape[0] : 1;
    const bool is_image = rank == 2 || (rank == 3 && (channels == 1 || channels == 3));
    if (!is_image || shape[rank - 2] < 1 || shape[rank - 1] < 1 || std::max(shape[rank - 2], shape[rank - 1]) > 1000000)
        throw ShapeError({.parameter = "image",
                          .value = to_string(shape),
                          .expected = "HxW, 1xHxW or 3xHxW with extents from 1 to 1000000",
                          .found = concat("write_png: image has shape ", to_string(shape))});
    return {channels, shape[rank - 2], shape[rank - 1]};
}

png_byte sample_of(double value) {
    return std::isfinite(value) ? static_cast<png_byte>(std::round(std::clamp(value, 0.0, 255.0))) : png_byte{0};
}

// Channels last, as PNG has them.
std::vector<png_byte> samples_of(const Tensor<double>& image, const Extents& extents) {
    const Index pixels = extents.height * extents.width;
    std::vector<png_byte> samples;
    samples.reserve(static_cast<std::size_t>(image.size()));
    for (Index pixel = 0; pixel < pixels; ++pixel)
        for (Index c = 0; c < extents.channels; ++c) samples.push_back(sample_of(image[c * pixels + pixel]));
    return samples;
}

// As in PngReader, libpng fails by longjmp: try_write() and the callbacks have nothing to destroy.
class PngWriter {
  public:
    using Sink = std::function<void(std::span<const std::byte>)>;

    explicit PngWriter(Sink sink) : sink_(std::move(sink)) {
        png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (png_ != nullptr) info_ = png_create_info_struct(png_);
        if (info_ != nullptr) return;
        png_destroy_write_struct(&png_, nullptr);
        throw std::bad_alloc();
    }
    ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
    PngWriter(const PngWriter&) = delete;
    PngWriter& operator=(const PngWriter&) = delete;

    void write(const Extents& extents, std::vector<png_byte> samples, const std::string& name) {
        std::vector<png_bytep> rows;
        for (Index i = 0; i < extents.height; ++i)
            rows.push_back(samples.data() + i * extents.width * extents.channels);
        if (try_write(extents, rows.data())) return;
        if (failure_) std::rethrow_exception(failure_);
        detail::file_error(name, message_, "an image libpng can write");
    }

  private:
    bool try_write(const Extents& extents, png_bytepp rows) {
        if (setjmp(png_jmpbuf(png_)) != 0) return false;
        png_set_write_fn(png_, this, on_write, on_flush);
        png_set_IHDR(png_, info_, static_cast<png_uint_32>(extents.width), static_cast<png_uint_32>(extents.height), 8,
                     extents.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        png_write_info(png_, info_);
        png_write_image(png_, rows);
        png_write_end(png_, info_);
        return true;
    }

    static void on_write(png_structp png, png_bytep data, std::size_t count) {
        auto* self = static_cast<PngWriter*>(png_get_io_ptr(png));
        if (!self->write_bytes({reinterpret_cast<const std::byte*>(data), count})) png_error(png, "write");
    }

    bool write_bytes(std::span<const std::byte> bytes) noexcept {
        try {
            sink_(bytes);
        } catch (...) {
            failure_ = std::current_exception();
        }
        return failure_ == nullptr;
    }

    static void on_flush(png_structp) {}

    [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
        auto* self = static_cast<PngWriter*>(png_get_error_ptr(png));
        std::snprintf(self->message_, sizeof self->message_, "%s", message);
        png_longjmp(png, 1);
    }

    static void on_warning(png_structp, png_const_charp) {}

    Sink sink_;
    std::exception_ptr failure_; // of sink_, on its way past libpng
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    char message_[160] = {};
};

} // namespace

void write_png(const std::filesystem::path& path, const Tensor<double>& image) {
    const Extents extents = extents_of(image.shape());
    OutputFile file(path);
    const auto sink = [&file](std::span<const std::byte> bytes) { file.write(bytes); };
    PngWriter(sink).write(extents, samples_of(image, extents), path.string());
    file.commit();
}

std::vector<std::uint8_t> encode_png(const Tensor<double>& image) {
    const Extents extents = extents_of(image.shape());
    std::vector<std::uint8_t> png;
    const auto sink = [&png](std::span<const std::byte> bytes) {
        for (const std::byte byte : bytes) png.push_back(std::to_integer<std::uint8_t>(byte));
    };
    PngWriter(sink).write(extents, samples_of(image, extents), "encode_png");
    return png;
}

} // namespace convmat
