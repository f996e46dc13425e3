// A .npy file.
#include <convmat/io/npy.hpp>

#include "fuzz.hpp"

using namespace convmat;

void fuzz::npy(std::string_view bytes) {
    fuzz::read_and_written_alike(bytes, "input", read_npy, [](const auto& path, const auto& any) {
        std::visit([&](const auto& tensor) { write_npy(path, tensor); }, any);
    });
}
