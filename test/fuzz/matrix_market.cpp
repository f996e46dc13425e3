// A Matrix Market file.
#include <convmat/io/matrix_market.hpp>

#include "fuzz.hpp"

using namespace convmat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (fuzz::has_large_number(fuzz::text_of(data, size))) return 0;
    const auto write = [](const auto& path, const auto& any) {
        std::visit([&](const auto& matrix) { write_matrix_market(path, matrix); }, any);
    };
    fuzz::read_and_written_alike(fuzz::text_of(data, size), "input", read_matrix_market, write);
    return 0;
}
