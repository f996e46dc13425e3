// A .npy file.
#include <convmat/io/npy.hpp>

#include "fuzz.hpp"

using namespace convmat;

void fuzz::npy(std::string_view bytes) {
    const auto read = [](const std::string& path) { return read_npy(path); };
    fuzz::read_and_written_alike(bytes, "input", read, [](const auto& path, const auto& any) {
        std::visit([&](const auto& tensor) { write_npy(path, tensor); }, any);
    });
}
