#include <convmat/io/image.hpp>

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <png.h>

#include "byte_source.hpp"

namespace convmat {
namespace {

// libpng leaves a function that failed by longjmp, past everything in between. So the functions that call it, named
// try_..., and the callbacks have nothing to destroy: what they need is in this class, which outlives them.
class PngReader {
  public:
    PngReader(std::span<const std::byte> file, std::string name) : file_(file), rest_(file), name_(std::move(name)) {
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (png_ != nullptr) info_ = png_create_info_struct(png_);
        if (info_ != nullptr) return;
        png_destroy_read_struct(&png_, nullptr, nullptr);
        throw std::bad_alloc();
    }
    ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
    PngReader(const PngReader&) = delete;
    PngReader& operator=(const PngReader&) = delete;

    Tensor<double> read() {
        if (!try_header()) fail(message_, "a sound PNG");
        require_plausible();
        if (!try_expansions()) fail(message_, "a sound PNG");
        const std::size_t row_bytes = png_get_rowbytes(png_, info_);
        const std::size_t height = png_get_image_height(png_, info_);
        std::vector<png_byte> samples(row_bytes * height);
        std::vector<png_bytep> rows(height);
        for (std::size_t i = 0; i < height; ++i) rows[i] = samples.data() + i * row_bytes;
        if (!try_rows(rows.data())) fail(message_, "a sound PNG");
        return tensor_of(samples);
    }

  private:
    bool try_header() {
        if (setjmp(png_jmpbuf(png_)) != 0) return false;
        png_set_read_fn(png_, this, on_read);
        png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // require_plausible() knows better
        png_read_info(png_, info_);
        return true;
    }

    // To 8 or 16 bits a sample, one or three samples a pixel.
    bool try_expansions() {
        if (setjmp(png_jmpbuf(png_)) != 0) return false;
        const int colour = png_get_color_type(png_, info_);
        if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
        if (colour == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png_);
        png_set_strip_alpha(png_);
        png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        return true;
    }

    bool try_rows(png_bytepp rows) {
        if (setjmp(png_jmpbuf(png_)) != 0) return false;
        png_read_image(png_, rows);
        png_read_end(png_, nullptr);
        return true;
    }

    // Deflate packs at most 1032 bytes into one. Of memory, libpng's rows and the doubles are needed at once.
    void require_plausible() const {
        const Index width = png_get_image_width(png_, info_), height = png_get_image_height(png_, info_);
        const Index bits = Index{png_get_channels(png_, info_)} * png_get_bit_depth(png_, info_);
        const Index pixels = checked_mul(width, height, "pixels of the image");
        const auto size = static_cast<Index>(file_.size());
        if (checked_mul(pixels, bits, "bits of the image") / 8 / 1032 > size)
            fail(concat(width, " x ", height, " pixels in ", size, " bytes"), "no more than deflate can pack");
        const Index samples = checked_mul(pixels, 4, "samples of the image"); // with alpha, before it is dropped
        require_memory(checked_mul(samples, 2 + static_cast<Index>(sizeof(double)), "bytes of the image"), "the image");
    }

    Tensor<double> tensor_of(const std::vector<png_byte>& samples) const {
        const Index width = png_get_image_width(png_, info_), height = png_get_image_height(png_, info_);
        const Index channels = png_get_channels(png_, info_);
        const bool is_wide = png_get_bit_depth(png_, info_) == 16;
        Tensor<double> image(Shape{channels, height, width});
        const png_byte* sample = samples.data();
        for (Index pixel = 0; pixel < width * height; ++pixel)
            for (Index c = 0; c < channels; ++c, sample += is_wide ? 2 : 1)
                image[c * width * height + pixel] = is_wide ? (sample[0] * 256 + sample[1]) / 257.0 : sample[0];
        return image;
    }

    static void on_read(png_structp png, png_bytep into, std::size_t count) {
        auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
        if (count > self->rest_.size()) png_error(png, "the file ends before its image does");
        std::memcpy(into, self->rest_.data(), count);
        self->rest_ = self->rest_.subspan(count);
    }

    [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
        auto* self = static_cast<PngReader*>(png_get_error_ptr(png));
        std::snprintf(self->message_, sizeof self->message_, "%s", message);
        png_longjmp(png, 1);
    }

    static void on_warning(png_structp, png_const_charp) {} // what can be read is read

    [[noreturn]] void fail(std::string_view found, std::string_view expected) const {
        detail::file_error(name_, found, expected);
    }

    std::span<const std::byte> file_, rest_;
    std::string name_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    char message_[160] = {};
};

} // namespace

Tensor<double> read_png(const std::filesystem::path& path) {
    return detail::with_file_errors(path, [&] {
        detail::FileSource source(path);
        const std::vector<std::byte> file = detail::read_all(source);
        constexpr std::size_t signature = 8;
        if (file.size() < signature || png_sig_cmp(reinterpret_cast<png_const_bytep>(file.data()), 0, signature) != 0)
            source.fail("no PNG signature", "a PNG");
        return PngReader(file, path.string()).read();
    });
}

} // namespace convmat
