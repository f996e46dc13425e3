#include <convmat/io/matrix_market.hpp>

#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "io/files.hpp"
#include "io/peak.hpp"
#include "io/sparse.hpp"
#include "support/throws_saying.hpp"

namespace matrix_market_test {

namespace {

using namespace convmat;
using test::content;
using test::is_taken;
using test::put;
using test::same;
using test::small;
using test::TemporaryDirectory;
using test::throws_fault;
using test::throws_saying;
using Complex = std::complex<double>;

const std::string banner = "%%MatrixMarket matrix ";

template <class S>
StoredSparse<S> read_as(const std::string& text) {
    const TemporaryDirectory directory;
    put(directory / "in.mtx", text);
    return std::get<StoredSparse<S>>(read_matrix_market(directory / "in.mtx"));
}

void refused(const std::string& text, const std::string& saying) {
    const TemporaryDirectory directory;
    put(directory / "in.mtx", text);
    throws_saying<FileError>([&] { read_matrix_market(directory / "in.mtx"); }, saying);
}

template <class S>
Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic> dense(std::initializer_list<std::initializer_list<S>> rows) {
    return Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>(rows);
}

template <class S>
bool reads_as(const std::string& text, std::initializer_list<std::initializer_list<S>> rows) {
    return read_as<S>(text).toDense() == dense<S>(rows);
}

template <class S, class Stored, int Options, class I>
void check_round_trip() {
    const TemporaryDirectory directory;
    const Eigen::SparseMatrix<S, Options, I> matrix = small<S>();
    write_matrix_market(directory / "w.mtx", matrix, "made by\na test");
    const AnySparse read = read_matrix_market(directory / "w.mtx");
    BOOST_TEST((same(std::get<StoredSparse<Stored>>(read), small<Stored>())));
}

} // namespace

// 10^7 rows are 76 MiB of where they begin, whatever the file holds.
BOOST_AUTO_TEST_CASE(s8_a_matrix_of_many_rows_is_there_once_while_it_is_read) {
    const TemporaryDirectory directory;
    put(directory / "in.mtx", "%%MatrixMarket matrix coordinate real general\n10000000 1 1\n1 1 1\n");
    const int peak = test::peak_mib_of([&] { (void)read_matrix_market(directory / "in.mtx"); });
    BOOST_TEST(peak > 70);
    BOOST_TEST(peak < 110);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_with_its_explicit_zeros) {
    const auto every_layout = []<class S, class Stored>(S, Stored) {
        check_round_trip<S, Stored, Eigen::RowMajor, int>();
        check_round_trip<S, Stored, Eigen::RowMajor, std::int64_t>();
        check_round_trip<S, Stored, Eigen::ColMajor, int>();
        check_round_trip<S, Stored, Eigen::ColMajor, std::int64_t>();
    };
    every_layout(float(), double());
    every_layout(double(), double());
    every_layout(std::complex<float>(), Complex());
    every_layout(Complex(), Complex());
    every_layout(std::int64_t(), std::int64_t());
}

BOOST_AUTO_TEST_CASE(the_text_is_the_coordinate_format) {
    const TemporaryDirectory directory;
    write_matrix_market(directory / "w.mtx", small<double>(), "made by\n\na test\n");
    BOOST_TEST(content(directory / "w.mtx") ==
               "%%MatrixMarket matrix coordinate real general\n% made by\n% \n% a test\n"
               "3 4 4\n1 2 5\n1 4 -7\n3 1 0\n3 4 9\n");
    write_matrix_market(directory / "w.mtx", Eigen::SparseMatrix<std::complex<float>>(small<std::complex<float>>()));
    BOOST_TEST(content(directory / "w.mtx") == "%%MatrixMarket matrix coordinate complex general\n"
                                               "3 4 4\n3 1 0 0\n1 2 5 0\n1 4 -7 0\n3 4 9 0\n");
    write_matrix_market(directory / "w.mtx", StoredSparse<std::int64_t>(0, 7));
    BOOST_TEST(content(directory / "w.mtx") == "%%MatrixMarket matrix coordinate integer general\n0 7 0\n");
}

BOOST_AUTO_TEST_CASE(a_matrix_that_is_not_compressed_is_written_as_if_it_were) {
    const TemporaryDirectory directory;
    StoredSparse<double> matrix(3, 4);
    matrix.reserve(Eigen::VectorXi::Constant(3, 4));
    for (const auto& [i, j, value] : {std::tuple(2, 3, 9.0), {0, 3, -7.0}, {2, 0, 0.0}, {0, 1, 5.0}})
        matrix.insert(i, j) = value;
    BOOST_TEST_REQUIRE(!matrix.isCompressed());
    write_matrix_market(directory / "w.mtx", matrix);
    BOOST_TEST((same(std::get<StoredSparse<double>>(read_matrix_market(directory / "w.mtx")), small<double>())));
}

BOOST_AUTO_TEST_CASE(every_number_comes_back_exactly) {
    const TemporaryDirectory directory;
    using Limits = std::numeric_limits<double>;
    StoredSparse<double> matrix(1, 9);
    const double values[] = {0.1,  1.0 / 3, Limits::max(), Limits::min(), Limits::denorm_min(), -Limits::epsilon(),
                             -0.0, 1e22,    123456789.123};
    for (Index j = 0; j < 9; ++j) matrix.insert(0, j) = values[j];
    write_matrix_market(directory / "w.mtx", matrix);
    const auto read = std::get<StoredSparse<double>>(read_matrix_market(directory / "w.mtx"));
    for (Index j = 0; j < 9; ++j) {
        BOOST_TEST(read.coeff(0, j) == values[j]);
        BOOST_TEST(std::signbit(read.coeff(0, j)) == std::signbit(values[j]));
    }
    StoredSparse<std::int64_t> integers(1, 2);
    integers.insert(0, 0) = std::numeric_limits<std::int64_t>::max();
    integers.insert(0, 1) = std::numeric_limits<std::int64_t>::min();
    integers.makeCompressed();
    write_matrix_market(directory / "w.mtx", integers);
    BOOST_TEST((same(std::get<StoredSparse<std::int64_t>>(read_matrix_market(directory / "w.mtx")), integers)));
}

BOOST_AUTO_TEST_CASE(nan_and_infinities_are_written_and_read) {
    const TemporaryDirectory directory;
    const double inf = std::numeric_limits<double>::infinity();
    StoredSparse<double> matrix(1, 3);
    matrix.insert(0, 0) = inf;
    matrix.insert(0, 1) = -inf;
    matrix.insert(0, 2) = std::nan("");
    write_matrix_market(directory / "w.mtx", matrix);
    BOOST_TEST(content(directory / "w.mtx").ends_with("1 1 inf\n1 2 -inf\n1 3 nan\n"));
    const auto read = std::get<StoredSparse<double>>(read_matrix_market(directory / "w.mtx"));
    BOOST_TEST(read.coeff(0, 0) == inf);
    BOOST_TEST(read.coeff(0, 1) == -inf);
    BOOST_TEST(std::isnan(read.coeff(0, 2)));
}

BOOST_AUTO_TEST_CASE(each_field_has_its_scalar) {
    BOOST_TEST((reads_as<double>(banner + "coordinate real general\n1 2 1\n1 2 +2.5e-1\n", {{0, 0.25}})));
    BOOST_TEST((reads_as<std::int64_t>(banner + "coordinate integer general\n1 2 1\n1 2 -3\n", {{0, -3}})));
    BOOST_TEST((reads_as<Complex>(banner + "coordinate complex general\n1 2 1\n1 2 1 -2\n", {{0, {1, -2}}})));
    BOOST_TEST((reads_as<std::int64_t>(banner + "coordinate pattern general\n1 2 1\n1 2\n", {{0, 1}})));
}

BOOST_AUTO_TEST_CASE(symmetries_fill_the_other_half) {
    BOOST_TEST((reads_as<double>(banner + "coordinate real symmetric\n2 2 2\n1 1 3\n2 1 4\n", {{3, 4}, {4, 0}})));
    BOOST_TEST((reads_as<std::int64_t>(banner + "coordinate pattern symmetric\n2 2 1\n2 1\n", {{0, 1}, {1, 0}})));
    BOOST_TEST((reads_as<double>(banner + "coordinate real skew-symmetric\n2 2 1\n2 1 4\n", {{0, -4}, {4, 0}})));
    BOOST_TEST((reads_as<Complex>(banner + "coordinate complex hermitian\n2 2 2\n1 1 3 0\n2 1 4 5\n",
                                  {{3, {4, -5}}, {{4, 5}, 0}})));
    BOOST_TEST(
        (reads_as<Complex>(banner + "coordinate complex symmetric\n2 2 1\n2 1 4 5\n", {{0, {4, 5}}, {{4, 5}, 0}})));
}

BOOST_AUTO_TEST_CASE(arrays_run_down_the_columns) {
    BOOST_TEST((reads_as<double>(banner + "array real general\n2 3\n1\n2\n3\n4\n5\n6\n", {{1, 3, 5}, {2, 4, 6}})));
    BOOST_TEST((reads_as<std::int64_t>(banner + "array integer symmetric\n2 2\n1\n2\n3\n", {{1, 2}, {2, 3}})));
    BOOST_TEST((reads_as<std::int64_t>(banner + "array integer skew-symmetric\n3 3\n1\n2\n3\n",
                                       {{0, -1, -2}, {1, 0, -3}, {2, 3, 0}})));
    BOOST_TEST((reads_as<Complex>(banner + "array complex hermitian\n1 1\n1 0\n", {{1}})));
    BOOST_TEST(read_as<double>(banner + "array real general\n2 1\n0\n7\n").nonZeros() == 1);
    BOOST_TEST(read_as<double>(banner + "array real general\n0 5\n").cols() == 5);
    BOOST_TEST(read_as<double>(banner + "array real skew-symmetric\n1 1\n").nonZeros() == 0);
}

BOOST_AUTO_TEST_CASE(case_comments_blank_lines_and_crlf_do_not_matter) {
    BOOST_TEST((reads_as<double>("%%matrixmarket MATRIX Coordinate REAL General\r\n% a\r\n\r\n%b\r\n  1\t2  1 \r\n\r\n"
                                 "% c\r\n 1 2  5 \r\n\r\n",
                                 {{0, 5}})));
    BOOST_TEST((reads_as<double>(banner + "coordinate real general\n1 2 1\n1 2 5", {{0, 5}}))); // no last line end
}

BOOST_AUTO_TEST_CASE(entries_of_one_place_are_summed_and_columns_sorted) {
    const auto read =
        read_as<std::int64_t>(banner + "coordinate integer general\n2 3 5\n2 3 1\n1 3 2\n2 1 3\n2 3 4\n1 1 5\n");
    BOOST_TEST((read.toDense() == dense<std::int64_t>({{5, 0, 2}, {3, 0, 5}})));
    BOOST_TEST(read.nonZeros() == 4);
    BOOST_TEST(std::is_sorted(read.innerIndexPtr() + 2, read.innerIndexPtr() + 4));
    // In file order: (1e16 + 1) - 1e16 is 0 in doubles, 1e16 - 1e16 + 1 would be 1.
    BOOST_TEST((reads_as<double>(banner + "coordinate real general\n1 1 3\n1 1 1e16\n1 1 1\n1 1 -1e16\n", {{0}})));
    refused(banner + "coordinate integer general\n1 1 2\n1 1 9223372036854775807\n1 1 1\n",
            "the sum of the entries of one place: 9223372036854775807 + 1 does not fit");
    refused(banner + "coordinate integer skew-symmetric\n2 2 1\n2 1 -9223372036854775808\n",
            "the negative of an entry");
}

BOOST_AUTO_TEST_CASE(banners_and_sizes_the_format_does_not_have_are_refused) {
    refused("", "an empty file, expected %%MatrixMarket");
    refused("%MatrixMarket matrix\n", "line 1: '%MatrixMarket', expected %%MatrixMarket");
    refused("%%MatrixMarket vector coordinate real general\n", "line 1: 'vector', expected matrix");
    refused(banner + "dense real general\n", "line 1: 'dense', expected coordinate or array");
    refused(banner + "array double general\n", "line 1: 'double', expected real or complex or integer or pattern");
    refused(banner + "array real\n", "line 1: '', expected general or symmetric or skew-symmetric or hermitian");
    refused(banner + "array real general x\n", "line 1: 'x' at the end");
    refused(banner + "array pattern general\n1 1\n", "array pattern, expected a pattern by coordinates");
    refused(banner + "coordinate pattern skew-symmetric\n", "a pattern with signs");
    refused(banner + "coordinate real hermitian\n", "expected complex");
    refused(banner + "coordinate real symmetric\n2 3 0\n", "2 rows and 3 columns, expected a square matrix");
    refused(banner + "coordinate real general\n", "no line of sizes");
    refused(banner + "coordinate real general\n2 2\n", "line 2: entries '', expected an integer from 0");
    refused(banner + "coordinate real general\n-2 2 0\n", "line 2: rows '-2'");
    refused(banner + "array real general\n1 1 1\n", "line 2: '1' at the end");
}

BOOST_AUTO_TEST_CASE(entries_that_do_not_fit_are_refused_with_their_line) {
    const std::string start = banner + "coordinate real general\n%\n2 3 1\n";
    refused(start + "0 1 5\n", "line 4: row '0', expected an integer from 1 to 2");
    refused(start + "3 1 5\n", "line 4: row '3'");
    refused(start + "1 4 5\n", "line 4: column '4', expected an integer from 1 to 3");
    refused(start + "1 1.0 5\n", "line 4: column '1.0'");
    refused(start + "1 1\n ", "line 4: number ''");
    refused(start + "1 1 5x\n", "line 4: number '5x'");
    refused(start + "1 1 +-5\n", "line 4: number '+-5'");
    refused(start + "1 1 1e999\n", "line 4: number '1e999', expected a number in double's range");
    refused(start + "1 1 5 6\n", "line 4: '6' at the end, expected the end of the line");
    refused(start + "1 1 5\n1 2 6\n", "line 5: more lines, expected 1 entries as the header says");
    refused(start + "%%%%%%%%\n", "it ends after 0 entries, expected 1 as its header says");
    refused(banner + "coordinate integer general\n1 1 1\n1 1 9223372036854775808\n", "expected a 64-bit integer");
    refused(banner + "coordinate real skew-symmetric\n1 1 1\n1 1 5\n",
            "line 3: an entry on the diagonal, expected none");
    refused(banner + "coordinate complex hermitian\n1 1 1\n1 1 5 1\n", "line 3: a diagonal entry that is not real");
    refused(banner + "array real general\n1 1\n" + std::string(2000000, ' '), "a line of more than a MiB");
}

BOOST_AUTO_TEST_CASE(sizes_beyond_the_file_or_the_memory_are_refused) {
    refused(banner + "coordinate real general\n9 9 1000000000000000\n1 1 1\n",
            "1000000000000000 entries in a file of ");
    refused(banner + "array real general\n1000000 1000000000\n1\n", "1000000000000000 entries in a file of ");
    refused(banner + "array real general\n5000000000 5000000000\n1\n", "does not fit a 64-bit integer");
    refused(banner + "array real symmetric\n5000000000 5000000000\n1\n", "does not fit a 64-bit integer");
    refused(banner + "coordinate real general\n1000000000000000 1 0\n", "the matrix needs ");
    refused(banner + "coordinate real general\n9223372036854775807 1 0\n", "rows '9223372036854775807'");
    refused(banner + "coordinate real general\n9223372036854775806 1 0\n", "does not fit a 64-bit integer");
}

BOOST_AUTO_TEST_CASE(a_size_too_large_is_a_fault_of_the_file_in_numbers) {
    const TemporaryDirectory directory;
    const std::filesystem::path path = directory / "in.mtx";
    put(path, banner + "array real general\n5000000000 5000000000\n1\n");
    throws_fault<FileError>([&] { read_matrix_market(path); },
                            {.parameter = path.string(),
                             .value = "5000000000 * 5000000000",
                             .expected = "at most 9223372036854775807 in magnitude"});
}

BOOST_AUTO_TEST_CASE(a_text_cut_or_damaged_anywhere_is_refused_or_read_as_it_says) {
    const TemporaryDirectory directory;
    const std::string whole = banner + "coordinate complex hermitian\n% c\n2 2 2\n1 1 3 0\n2 1 4 5\n";
    for (std::size_t size = 0; size < whole.size() - 2; ++size)
        BOOST_TEST(!is_taken(directory / "cut", whole.substr(0, size), read_matrix_market), "cut to " << size);
    int refusals = 0;
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (const int flip : {1, 2, 4, 8, 16, 64, 128}) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ flip);
            refusals += is_taken(directory / "damaged", damaged, read_matrix_market) ? 0 : 1;
        }
    BOOST_TEST(refusals > static_cast<int>(whole.size()) * 5);
}

BOOST_AUTO_TEST_CASE(lines_across_the_buffer_are_read_whole) {
    const TemporaryDirectory directory;
    constexpr Index n = 300000; // several MiB
    StoredSparse<std::int64_t> matrix(n, n);
    matrix.reserve(n);
    for (Index i = 0; i < n; ++i) matrix.insert(i, n - 1 - i) = i * i;
    matrix.makeCompressed();
    write_matrix_market(directory / "w.mtx", matrix);
    BOOST_TEST_REQUIRE(std::filesystem::file_size(directory / "w.mtx") > 4U << 20);
    BOOST_TEST((same(std::get<StoredSparse<std::int64_t>>(read_matrix_market(directory / "w.mtx")), matrix)));
}

} // namespace matrix_market_test
