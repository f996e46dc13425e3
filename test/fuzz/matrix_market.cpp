// A Matrix Market file.
#include <convmat/io/matrix_market.hpp>

#include "fuzz.hpp"

using namespace convmat;

void fuzz::matrix_market(std::string_view bytes) {
    if (fuzz::has_large_number(bytes)) return;
    const auto read = [](const std::string& path) { return read_matrix_market(path); };
    const auto write = [](const auto& path, const auto& any) {
        std::visit([&](const auto& matrix) { write_matrix_market(path, matrix); }, any);
    };
    fuzz::read_and_written_alike(bytes, "input", read, write);
}
