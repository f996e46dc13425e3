// roundtrip_tool FORMAT IN OUT: reads a file and writes what was read in the same format. With _csc the matrix is
// written by columns, with 32 its indices are int.

#include <functional>
#include <iostream>
#include <map>
#include <string>

#include <convmat/io/image.hpp>
#include <convmat/io/matrix_market.hpp>
#include <convmat/io/npy.hpp>
#include <convmat/io/npz.hpp>
#include <convmat/io/output_file.hpp>

namespace {

using namespace convmat;
using Path = std::filesystem::path;

constexpr auto write_market = [](const Path& out, const auto& matrix) {
    write_matrix_market(out, matrix, "a comment");
};
constexpr auto write_npz = [](const Path& out, const auto& matrix) { write_scipy_npz(out, matrix); };

template <int Options, class I, class Write>
void convert(const AnySparse& any, const Path& out, Write write) {
    std::visit(
        [&](const auto& matrix) {
            using S = typename std::decay_t<decltype(matrix)>::Scalar;
            write(out, Eigen::SparseMatrix<S, Options, I>(matrix));
        },
        any);
}

const std::map<std::string, std::function<void(const Path&, const Path&)>> formats = {
    {"npy", [](const Path& in,
               const Path& out) { std::visit([&](const auto& tensor) { write_npy(out, tensor); }, read_npy(in)); }},
    {"mtx", [](const Path& in,
               const Path& out) { convert<Eigen::RowMajor, std::int64_t>(read_matrix_market(in), out, write_market); }},
    {"mtx_csc32",
     [](const Path& in, const Path& out) { convert<Eigen::ColMajor, int>(read_matrix_market(in), out, write_market); }},
    {"npz", [](const Path& in,
               const Path& out) { convert<Eigen::RowMajor, std::int64_t>(read_scipy_npz(in), out, write_npz); }},
    {"npz32",
     [](const Path& in, const Path& out) { convert<Eigen::RowMajor, int>(read_scipy_npz(in), out, write_npz); }},
    {"npz_csc", [](const Path& in,
                   const Path& out) { convert<Eigen::ColMajor, std::int64_t>(read_scipy_npz(in), out, write_npz); }},
    {"npz_csc32",
     [](const Path& in, const Path& out) { convert<Eigen::ColMajor, int>(read_scipy_npz(in), out, write_npz); }},
    {"png", [](const Path& in, const Path& out) { write_png(out, read_png(in)); }},
};

} // namespace

int main(int count, char** arguments) {
    if (count != 4 || !formats.contains(arguments[1])) {
        std::cerr << "usage: roundtrip_tool FORMAT IN OUT\n";
        return 2;
    }
    try {
        remove_unfinished_on_signals();
        formats.at(arguments[1])(arguments[2], arguments[3]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
