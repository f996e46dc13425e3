#include <convmat/io/image.hpp>

#include <limits>

#include <boost/test/unit_test.hpp>

#include "io/files.hpp"
#include "io/stored_zip.hpp"
#include "support/throws_saying.hpp"

namespace image_test {

namespace {

using namespace convmat;
using namespace std::string_literals;
using test::content;
using test::crc32;
using test::is_taken;
using test::little_endian;
using test::put;
using test::TemporaryDirectory;
using test::throws_saying;
using Image = Tensor<double>;

std::string big_endian(std::uint32_t value) {
    const std::string bytes = little_endian(value, 4);
    return {bytes.rbegin(), bytes.rend()};
}

std::string chunk(const std::string& name, const std::string& data) {
    return big_endian(static_cast<std::uint32_t>(data.size())) + name + data + big_endian(crc32(name + data));
}

// zlib's format with one stored block.
std::string stored(const std::string& data) {
    std::uint32_t a = 1, b = 0;
    for (const char c : data) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    const auto size = static_cast<std::uint32_t>(data.size());
    return "\x78\x01\x01" + little_endian(size, 2) + little_endian(~size & 0xffff, 2) + data +
           big_endian(b * 65536 + a);
}

struct Header {
    std::uint32_t width = 2, height = 1;
    char depth = 8, colour = 0;
};

// A PNG with these rows (each begins with its filter, \0) and further chunks before them.
std::string png(const Header& header, const std::string& rows, const std::string& chunks = "") {
    return "\x89PNG\r\n\x1a\n" +
           chunk("IHDR",
                 big_endian(header.width) + big_endian(header.height) + header.depth + header.colour + "\0\0\0"s) +
           chunks + chunk("IDAT", stored(rows)) + chunk("IEND", "");
}

Image read(const std::string& bytes) {
    const TemporaryDirectory directory;
    put(directory / "in.png", bytes);
    return read_png(directory / "in.png");
}

Image read_back(const Image& image) {
    const TemporaryDirectory directory;
    write_png(directory / "out.png", image);
    return read_png(directory / "out.png");
}

void refused(const std::string& bytes, const std::string& saying) {
    throws_saying<FileError>([&] { read(bytes); }, saying);
}

} // namespace

BOOST_AUTO_TEST_CASE(grey_and_colour_come_back_channels_first) {
    BOOST_TEST((read_back(Image({2, 3}, {0, 1, 2, 253, 254, 255})) == Image({1, 2, 3}, {0, 1, 2, 253, 254, 255})));
    const Image colour({3, 1, 2}, {1, 2, 3, 4, 5, 6});
    BOOST_TEST((read_back(colour) == colour));
    Image large({3, 300, 200});
    for (Index i = 0; i < large.size(); ++i) large[i] = static_cast<double>(i * i % 251);
    BOOST_TEST((read_back(large) == large));
}

BOOST_AUTO_TEST_CASE(values_are_rounded_and_clamped_and_what_is_not_finite_is_black) {
    const double inf = std::numeric_limits<double>::infinity();
    const Image image({1, 9},
                      {-1e300, -0.4, 0.5, 1.49, 254.5, 256, inf, -inf, std::numeric_limits<double>::quiet_NaN()});
    BOOST_TEST((read_back(image) == Image({1, 1, 9}, {0, 0, 1, 1, 255, 255, 0, 0, 0})));
}

BOOST_AUTO_TEST_CASE(every_kind_of_png_is_expanded) {
    BOOST_TEST((read(png({}, "\0\x05\xff"s)) == Image({1, 1, 2}, {5, 255})));
    BOOST_TEST((read(png({.depth = 1}, "\0\x40"s)) == Image({1, 1, 2}, {0, 255})));
    BOOST_TEST((read(png({.depth = 2}, "\0\x60"s)) == Image({1, 1, 2}, {85, 170})));
    BOOST_TEST((read(png({.depth = 4}, "\0\x1e"s)) == Image({1, 1, 2}, {17, 238})));
    BOOST_TEST((read(png({.depth = 16}, "\0\x01\x00\xff\xff"s)) == Image({1, 1, 2}, {256 / 257.0, 255})));
    BOOST_TEST((read(png({.colour = 2}, "\0\1\2\3\4\5\6"s)) == Image({3, 1, 2}, {1, 4, 2, 5, 3, 6})));
    BOOST_TEST((read(png({.width = 1, .depth = 16, .colour = 2}, "\0\1\1\2\2\3\3"s)) == Image({3, 1, 1}, {1, 2, 3})));
    BOOST_TEST(
        (read(png({.colour = 3}, "\0\1\0"s, chunk("PLTE", "\1\2\3\4\5\6"s))) == Image({3, 1, 2}, {4, 1, 5, 2, 6, 3})));
}

BOOST_AUTO_TEST_CASE(transparency_is_dropped_and_gamma_left_alone) {
    BOOST_TEST((read(png({.colour = 4}, "\0\5\0\6\x80"s)) == Image({1, 1, 2}, {5, 6})));
    BOOST_TEST((read(png({.width = 1, .colour = 6}, "\0\1\2\3\0"s)) == Image({3, 1, 1}, {1, 2, 3})));
    BOOST_TEST((read(png({}, "\0\5\6"s, chunk("tRNS", "\0\5"s))) == Image({1, 1, 2}, {5, 6})));
    const std::string palette = chunk("PLTE", "\1\2\3\4\5\6"s) + chunk("tRNS", "\0"s);
    BOOST_TEST((read(png({.colour = 3}, "\0\0\1"s, palette)) == Image({3, 1, 2}, {1, 4, 2, 5, 3, 6})));
    BOOST_TEST((read(png({}, "\0\5\6"s, chunk("gAMA", big_endian(20000)))) == Image({1, 1, 2}, {5, 6})));
}

BOOST_AUTO_TEST_CASE(absurd_extents_are_refused_before_anything_is_allocated) {
    refused(png({.width = 0x7fffffff, .height = 1000000}, "\0"s), "2147483647 x 1000000 pixels in ");
    refused(png({.width = 0x7fffffff, .height = 0x7fffffff, .depth = 16, .colour = 6}, "\0"s), "does not fit a 64-bit");
    refused(png({.width = 1000000, .height = 1000}, "\0"s), "1000000 x 1000 pixels in ");
    refused(png({.width = 0}, "\0"s), "expected a sound PNG");
}

BOOST_AUTO_TEST_CASE(what_is_no_sound_png_is_refused) {
    refused("", "no PNG signature, expected a PNG");
    refused("GIF89a..........", "no PNG signature, expected a PNG");
    refused(png({.depth = 3}, "\0\0"s), "expected a sound PNG");
    refused(png({.height = 2}, "\0\5\6"s), "expected a sound PNG");
    const TemporaryDirectory directory;
    throws_saying<FileError>([&] { read_png(directory / "no.png"); }, "No such file or directory");
    throws_saying<FileError>([&] { read_png(directory.path()); }, "Is a directory");
}

BOOST_AUTO_TEST_CASE(a_png_cut_or_damaged_anywhere_is_refused_or_read_as_it_says) {
    const TemporaryDirectory directory;
    const std::string whole = png({.width = 2, .height = 2}, "\0\1\2\0\3\4"s, chunk("gAMA", big_endian(45455)));
    BOOST_TEST(is_taken(directory / "x", whole, read_png));
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(!is_taken(directory / "x", whole.substr(0, size), read_png), "cut to " << size);
    int refusals = 0;
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (const int flip : {1, 32, 64, 128, 255}) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ flip);
            refusals += is_taken(directory / "x", damaged, read_png) ? 0 : 1;
        }
    BOOST_TEST(refusals > static_cast<int>(whole.size()) * 3);
}

BOOST_AUTO_TEST_CASE(shapes_that_are_no_image_are_refused_and_no_file_is_made) {
    const TemporaryDirectory directory;
    for (const Shape& shape : {Shape{}, Shape{5}, Shape{2, 3, 3}, Shape{1, 1, 2, 2}, Shape{0, 3}, Shape{3, 3, 0}})
        throws_saying<ShapeError>([&] { write_png(directory / "out.png", Image(shape)); },
                                  concat("image has shape ", to_string(shape), ", expected HxW, 1xHxW or 3xHxW"));
    BOOST_TEST(directory.size() == 0);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_file_passes_through_libpng) {
    throws_saying<FileError>([] { write_png("/dev/full", Image(Shape{2, 2})); }, "/dev/full: No space left on device");
}

} // namespace image_test
