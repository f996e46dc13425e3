#include <convmat/io/image.hpp>

#include <cmath>
#include <csetjmp>
#include <new>
#include <span>
#include <utility>

#include <png.h>

#include <convmat/io/output_file.hpp>

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
    PngWriter() {
        png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (png_ != nullptr) info_ = png_create_info_struct(png_);
        if (info_ != nullptr) return;
        png_destroy_write_struct(&png_, nullptr);
        throw std::bad_alloc();
    }
    ~PngWriter() { png_destroy_write_struct(&png_, &info_); }
    PngWriter(const PngWriter&) = delete;
    PngWriter& operator=(const PngWriter&) = delete;

    std::vector<std::uint8_t> write(const Extents& extents, std::vector<png_byte> samples) {
        std::vector<png_bytep> rows;
        for (Index i = 0; i < extents.height; ++i)
            rows.push_back(samples.data() + i * extents.width * extents.channels);
        // Extents and samples are what libpng takes: there is nothing it can lack but memory.
        if (!try_write(extents, rows.data())) throw std::bad_alloc();
        return std::move(bytes_);
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
        if (!self->keep({data, count})) png_error(png, "write");
    }

    bool keep(std::span<const std::uint8_t> bytes) noexcept {
        try {
            bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        } catch (const std::bad_alloc&) {
            return false;
        }
        return true;
    }

    static void on_flush(png_structp) {}

    [[noreturn]] static void on_error(png_structp png, png_const_charp) { png_longjmp(png, 1); }

    static void on_warning(png_structp, png_const_charp) {}

    std::vector<std::uint8_t> bytes_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
};

} // namespace

std::vector<std::uint8_t> encode_png(const Tensor<double>& image) {
    const Extents extents = extents_of(image.shape());
    return PngWriter().write(extents, samples_of(image, extents));
}

void write_png(const std::filesystem::path& path, const Tensor<double>& image) {
    const std::vector<std::uint8_t> png = encode_png(image);
    OutputFile file(path);
    file.write(std::as_bytes(std::span(png)));
    file.commit();
}

} // namespace convmat
