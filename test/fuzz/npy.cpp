// A .npy file.
#include <convmat/io/npy.hpp>

#include "fuzz.hpp"

using namespace convmat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::read_and_written_alike(fuzz::text_of(data, size), "input", read_npy, [](const auto& path, const auto& any) {
        std::visit([&](const auto& tensor) { write_npy(path, tensor); }, any);
    });
    return 0;
}
