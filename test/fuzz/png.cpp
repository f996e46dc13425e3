// A PNG, and the same with its chunks' checksums put right.
#include <convmat/io/image.hpp>

#include <algorithm>
#include <cmath>

#include "../io/stored_zip.hpp"
#include "fuzz.hpp"

using namespace convmat;

namespace {

void read(std::string_view bytes) {
    const std::string path = fuzz::file_of(bytes, "input.png");
    fuzz::refusing_is_fine([&] {
        const Tensor<double> image = read_png(path);
        const auto in_range = [](double v) { return v >= 0 && v <= 255; };
        fuzz::require(std::ranges::all_of(image.values(), in_range), "values are from 0 to 255");
        const std::string copy = fuzz::Folder::path("copy.png");
        write_png(copy, image);
        const Tensor<double> again = read_png(copy);
        fuzz::require(again.shape() == image.shape(), "what is written has the same shape");
        for (Index i = 0; i < image.size(); ++i)
            fuzz::require(again[i] == std::round(image[i]), "what is written is what was read, rounded");
    });
}

// Length, type, data, checksum of type and data: big-endian.
std::string with_checksums(std::string bytes) {
    constexpr std::size_t signature = 8, around = 12;
    for (std::size_t at = signature; at + around <= bytes.size();) {
        std::size_t length = 0;
        for (std::size_t i = at; i < at + 4; ++i) length = length * 256 + static_cast<unsigned char>(bytes[i]);
        if (length > bytes.size() - at - around) break;
        std::string checksum = test::little_endian(test::crc32(bytes.substr(at + 4, length + 4)), 4);
        std::ranges::reverse(checksum);
        bytes.replace(at + 8 + length, 4, checksum);
        at += length + around;
    }
    return bytes;
}

} // namespace

void fuzz::png(std::string_view bytes) {
    read(bytes);
    read(with_checksums(std::string(bytes)));
}
