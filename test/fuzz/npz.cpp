// A .npz file: an archive that begins with PK, or the members of a sound one, each after its name and "\n", between
// them "\n|\n".
#include <convmat/io/npy.hpp>
#include <convmat/io/npz.hpp>

#include <algorithm>

#include "../io/stored_zip.hpp"
#include "fuzz.hpp"

using namespace convmat;

namespace {

// Whether the matrix of that shape takes much memory, as it may.
bool is_large(const std::string& shape_member) {
    bool large = false;
    fuzz::refusing_is_fine([&] {
        const AnyTensor shape = read_npy(fuzz::file_of(shape_member, "shape.npy"));
        const auto text = [](const auto& tensor) {
            std::string all;
            for (const auto value : tensor.values()) all += concat(value, ' ');
            return all;
        };
        large = fuzz::has_large_number(std::visit(text, shape));
    });
    return large;
}

// Empty where the matrix would be large.
std::string archive_of(std::string_view bytes) {
    constexpr std::string_view cut = "\n|\n";
    std::vector<test::Member> members;
    while (!bytes.empty()) {
        const std::string_view member = bytes.substr(0, bytes.find(cut));
        bytes.remove_prefix(std::min(member.size() + cut.size(), bytes.size()));
        const std::size_t name = std::min(member.find('\n'), member.size());
        members.push_back({std::string(member.substr(0, name)), std::string(member.substr(name)).erase(0, 1)});
        if (members.back().name == "shape.npy" && is_large(members.back().bytes)) return {};
    }
    return test::stored_zip(members);
}

} // namespace

void fuzz::npz(std::string_view bytes) {
    const auto read = [](const std::string& path) { return read_scipy_npz(path); };
    const auto write = [](const auto& path, const auto& any) {
        std::visit([&](const auto& matrix) { write_scipy_npz(path, matrix); }, any);
    };
    const bool is_archive = bytes.starts_with("PK");
    fuzz::read_and_written_alike(is_archive ? std::string(bytes) : archive_of(bytes), "input", read, write);
}
