#include <convmat/io/npz.hpp>

#include <limits>

#include <boost/test/unit_test.hpp>

#include "io/files.hpp"
#include "io/peak.hpp"
#include "io/sparse.hpp"
#include "io/stored_zip.hpp"
#include "support/throws_saying.hpp"

namespace npz_test {

namespace {

using namespace convmat;
using namespace std::string_literals;
using test::content;
using test::is_taken;
using test::Member;
using test::put;
using test::same;
using test::small;
using test::stored_zip;
using test::TemporaryDirectory;
using test::throws_saying;

template <class T>
std::string npy(const std::string& descr, const std::string& shape, const std::vector<T>& values) {
    const std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}";
    return "\x93NUMPY\1\0"s + static_cast<char>(header.size()) + '\0' + header +
           std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

std::string npy32(const std::vector<std::int32_t>& values) {
    return npy("<i4", concat('(', values.size(), ",)"), values);
}

std::string npy64(const std::vector<std::int64_t>& values) {
    return npy("<i8", concat('(', values.size(), ",)"), values);
}

std::string npy_format(const std::string& format) {
    return npy("|S3", "()", std::vector<char>(format.begin(), format.end()));
}

// A sound 2 x 3 matrix; a test spoils a part.
struct Parts {
    std::string indices = npy32({0, 2, 1}), starts = npy32({0, 2, 3}), format = npy_format("csr"),
                shape = npy64({2, 3}), data = npy64({5, 6, 7});

    std::vector<Member> members() const {
        return {{"indices.npy", indices},
                {"indptr.npy", starts},
                {"format.npy", format},
                {"shape.npy", shape},
                {"data.npy", data}};
    }
};

AnySparse read(const std::string& bytes) {
    const TemporaryDirectory directory;
    put(directory / "in.npz", bytes);
    return read_scipy_npz(directory / "in.npz");
}

AnySparse read(const Parts& parts) { return read(stored_zip(parts.members())); }

template <class Bytes>
void refused(const Bytes& bytes, const std::string& saying) {
    throws_saying<FileError>([&] { read(bytes); }, saying);
}

using Dense = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

Dense dense(const AnySparse& any) { return std::get<StoredSparse<std::int64_t>>(any).toDense(); }

template <class S, int Options, class I>
void check_round_trip() {
    const TemporaryDirectory directory;
    write_scipy_npz(directory / "w.npz", Eigen::SparseMatrix<S, Options, I>(small<S>()));
    const AnySparse any = read_scipy_npz(directory / "w.npz");
    BOOST_TEST((same(std::get<StoredSparse<S>>(any), small<S>())));
}

template <class S>
void check_round_trips() {
    check_round_trip<S, Eigen::RowMajor, int>();
    check_round_trip<S, Eigen::RowMajor, std::int64_t>();
    check_round_trip<S, Eigen::ColMajor, int>();
    check_round_trip<S, Eigen::ColMajor, std::int64_t>();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_is_written_to_npz_is_read_for_every_scalar_order_and_index) {
    check_round_trips<float>();
    check_round_trips<double>();
    check_round_trips<std::complex<float>>();
    check_round_trips<std::complex<double>>();
    check_round_trips<std::int64_t>();
}

BOOST_AUTO_TEST_CASE(empty_matrices_and_large_ones_come_back_from_npz) {
    const TemporaryDirectory directory;
    const auto check = [&](const StoredSparse<double>& matrix) {
        write_scipy_npz(directory / "w.npz", matrix);
        BOOST_TEST((same(std::get<StoredSparse<double>>(read_scipy_npz(directory / "w.npz")), matrix)));
    };
    check(StoredSparse<double>(0, 0));
    check(StoredSparse<double>(0, 5));
    check(StoredSparse<double>(5, 0));
    StoredSparse<double> large(200000, 200000);
    for (Index i = 0; i < large.rows(); ++i) large.insert(i, large.rows() - 1 - i) = static_cast<double>(i) / 3;
    large.makeCompressed();
    check(large);
}

BOOST_AUTO_TEST_CASE(equal_matrices_give_equal_archives) {
    const TemporaryDirectory directory;
    write_scipy_npz(directory / "a.npz", small<float>());
    write_scipy_npz(directory / "b.npz", small<float>());
    BOOST_TEST(content(directory / "a.npz") == content(directory / "b.npz"));
}

BOOST_AUTO_TEST_CASE(rows_and_columns_may_be_stored_by_hand) {
    Parts parts;
    BOOST_TEST((dense(read(parts)) == Dense{{5, 0, 6}, {0, 7, 0}}));
    parts = {.indices = npy64({1, 0, 1}), .starts = npy64({0, 1, 1, 3}), .format = npy_format("csc")};
    BOOST_TEST((dense(read(parts)) == Dense{{0, 0, 6}, {5, 0, 7}}));
    parts = {.format = npy("<U3", "()", std::vector<std::int32_t>{'c', 's', 'r'})};
    BOOST_TEST((dense(read(parts)) == Dense{{5, 0, 6}, {0, 7, 0}}));
    parts = {.data = npy("|b1", "(3,)", std::vector<char>{1, 0, 1})};
    BOOST_TEST((dense(read(parts)) == Dense{{1, 0, 0}, {0, 1, 0}}));
}

BOOST_AUTO_TEST_CASE(unsorted_indices_are_sorted_and_entries_of_one_place_summed) {
    Parts parts = {.indices = npy32({2, 0, 2, 1}), .starts = npy32({0, 3, 4}), .data = npy64({1, 2, 3, 4})};
    const auto rows = std::get<StoredSparse<std::int64_t>>(read(parts));
    BOOST_TEST((rows.toDense() == Dense{{2, 0, 4}, {0, 4, 0}}));
    BOOST_TEST(rows.nonZeros() == 3);
    BOOST_TEST(rows.innerIndexPtr()[0] == 0);
    parts = {.indices = npy32({1, 0, 1, 0}),
             .starts = npy32({0, 3, 3, 4}),
             .format = npy_format("csc"),
             .data = npy64({1, 2, 3, 4})};
    const auto columns = std::get<StoredSparse<std::int64_t>>(read(parts));
    BOOST_TEST((columns.toDense() == Dense{{2, 0, 4}, {4, 0, 0}}));
    BOOST_TEST(columns.nonZeros() == 3);
}

BOOST_AUTO_TEST_CASE(structures_that_are_not_sound_are_refused) {
    refused(Parts{.starts = npy32({0, 3})}, "indptr.npy has 2 positions, expected 2 + 1 for the shape");
    refused(Parts{.starts = npy32({1, 2, 3})}, "indptr.npy begins with 1, expected 0");
    refused(Parts{.starts = npy32({0, 2, 4})}, "indptr.npy ends with 4, expected 3, the length of indices.npy");
    refused(Parts{.starts = npy32({0, 4, 3})}, "indptr.npy falls from 4 to 3");
    refused(Parts{.starts = npy32({0, -4, 3})}, "indptr.npy falls from 0 to -4");
    refused(Parts{.indices = npy32({0, 3, 1})}, "index 3 in indices.npy, expected from 0 to less than 3");
    refused(Parts{.indices = npy32({0, -1, 1})}, "index -1 in indices.npy");
    refused(Parts{.indices = npy("<f4", "(3,)", std::vector<float>{0, 2, 1})}, "indices.npy is no list of integers");
    refused(Parts{.indices = npy("<i4", "(3, 1)", std::vector<int>{0, 2, 1})}, "indices.npy is no list of integers");
    refused(Parts{.data = npy64({5, 6})}, "data.npy has shape 2, expected 3, as indices.npy");
    refused(Parts{.data = npy("<i8", "(3, 1)", std::vector<std::int64_t>{5, 6, 7})}, "data.npy has shape 3x1");
    refused(Parts{.shape = npy64({2})}, "shape.npy says 2, expected rows and columns");
    refused(Parts{.shape = npy64({2, -3})}, "shape.npy says 2x-3");
    refused(Parts{.shape = npy64({std::numeric_limits<std::int64_t>::max(), 3})},
            "shape.npy says 9223372036854775807x3");
    refused(Parts{.starts = npy32({0, 1, 2, 3}), .format = npy_format("csc"), .shape = npy64({1L << 60, 3})},
            "the matrix");
    refused(Parts{.data = npy("|O", "(3,)", std::vector<std::int64_t>{5, 6, 7})}, "data.npy: type '|O'");
    refused(Parts{.data = npy64({5, 6, 7}) + "x"}, "data.npy: 25 bytes of values, expected 24");
    const Parts overflow = {.indices = npy32({0, 0, 1}),
                            .data = npy64({std::numeric_limits<std::int64_t>::max(), 1, 7})};
    refused(overflow, "does not fit a 64-bit integer");
}

// Rows and columns by themselves (COO), or in one array.
std::vector<Member> places(const std::string& rows, const std::string& columns) {
    const Parts parts = {.format = npy_format("coo")};
    return {{"row.npy", rows},
            {"col.npy", columns},
            {"format.npy", parts.format},
            {"shape.npy", parts.shape},
            {"data.npy", parts.data}};
}

std::vector<Member> diagonals(const std::string& offsets, const std::string& data) {
    const Parts parts = {.format = npy_format("dia")};
    return {{"offsets.npy", offsets}, {"format.npy", parts.format}, {"shape.npy", parts.shape}, {"data.npy", data}};
}

BOOST_AUTO_TEST_CASE(u8_places_blocks_and_diagonals_are_read) {
    Dense expected(2, 3);
    expected << 0, 11, 0, 7, 0, 0; // 5 + 6 in one place
    BOOST_TEST((dense(read(stored_zip(places(npy32({0, 0, 1}), npy64({1, 1, 0}))))) == expected));
    std::vector<Member> one_array = places("", "");
    one_array.erase(one_array.begin());
    one_array.front() = {"coords.npy", npy<std::int64_t>("<i8", "(2, 3)", {0, 0, 1, 1, 1, 0})};
    one_array.push_back({"_is_array.npy", npy<char>("|b1", "()", {1})});
    BOOST_TEST((dense(read(stored_zip(one_array))) == expected));
    expected << 0, 3, 4, 5, 0, 7;
    Parts blocks = {.indices = npy32({1, 2, 0}), .starts = npy32({0, 3}), .format = npy_format("bsr")};
    blocks.data = npy<std::int64_t>("<i8", "(3, 2, 1)", {3, 0, 4, 7, 0, 5});
    BOOST_TEST((dense(read(blocks)) == expected));
    expected << 0, 2, 0, 4, 0, 3; // what would stand outside is left out
    const std::string data = npy<std::int64_t>("<i8", "(2, 3)", {9, 2, 3, 4, 9, 9});
    BOOST_TEST((dense(read(stored_zip(diagonals(npy32({1, -1}), data)))) == expected));
}

BOOST_AUTO_TEST_CASE(u8_places_blocks_and_diagonals_that_are_not_sound_are_refused) {
    refused(stored_zip(places(npy32({0, 0, 2}), npy32({1, 1, 0}))),
            "index 2 in row.npy, expected from 0 to less than 2");
    refused(stored_zip(places(npy32({0, 0, 1}), npy32({1, -1, 0}))), "index -1 in col.npy");
    refused(stored_zip(places(npy32({0, 0}), npy32({1, 1, 0}))), "data.npy has shape 3, expected 2, as row.npy");
    refused(stored_zip(diagonals(npy32({1, 0}), npy64({1, 2}))),
            "data.npy has shape 2, expected a row for each of the 2");
    Parts blocks = {.starts = npy32({0, 3}), .format = npy_format("bsr")};
    refused(blocks, "data.npy has shape 3, expected 3x1x1");
    blocks.data = npy<std::int64_t>("<i8", "(3, 2, 2)", std::vector<std::int64_t>(12));
    refused(blocks, "blocks of 2x2, expected such as the shape is made of");
    for (const std::int64_t offset :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
        BOOST_TEST(dense(read(stored_zip(diagonals(npy64({offset}), npy<std::int64_t>("<i8", "(1, 3)", {1, 2, 3})))))
                       .isZero());
    refused(Parts{.format = npy_format("lil")}, "a matrix in format 'lil', expected csr, csc, bsr, coo or dia");
    refused(Parts{.format = npy64({1})}, "format.npy: type '<i8' of shape 1, expected |S3 of shape ()");
}

// 10^7 rows are 76 MiB of where they begin, whatever the file holds.
BOOST_AUTO_TEST_CASE(s8_a_matrix_is_there_once_while_it_is_read) {
    const TemporaryDirectory directory;
    const Parts by_columns = {
        .starts = npy32({0, 1, 2, 3}), .format = npy_format("csc"), .shape = npy64({10000000, 3})};
    std::vector<Member> by_places = places(npy32({0, 0, 1}), npy32({1, 1, 0}));
    by_places[3] = {"shape.npy", by_columns.shape};
    for (const auto& members : {by_columns.members(), by_places}) {
        put(directory / "in.npz", stored_zip(members));
        const int peak = test::peak_mib_of([&] { (void)read_scipy_npz(directory / "in.npz"); });
        BOOST_TEST(peak > 70);
        BOOST_TEST(peak < 110);
    }
}

BOOST_AUTO_TEST_CASE(members_that_are_missing_or_there_twice_are_refused) {
    for (std::size_t i = 0; i < 5; ++i) {
        std::vector<Member> members = Parts().members();
        const std::string name = members[i].name;
        members.push_back(members[i]);
        refused(stored_zip(members), "two members " + name);
        members.pop_back();
        members.erase(members.begin() + static_cast<Index>(i));
        refused(stored_zip(members), "no member " + name);
    }
}

BOOST_AUTO_TEST_CASE(a_member_that_claims_too_large_a_size_is_refused) {
    std::vector<Member> members = Parts().members();
    members[4].claimed = 4000000000U;
    refused(stored_zip(members), ", expected ");
}

BOOST_AUTO_TEST_CASE(what_is_no_zip_is_refused) {
    refused("", "expected a");
    refused("PK\3\4"s, "expected a sound zip archive");
    refused(std::string(1000, 'x'), "expected a sound zip archive");
    const TemporaryDirectory directory;
    throws_saying<FileError>([&] { read_scipy_npz(directory / "no.npz"); }, "No such file or directory");
    throws_saying<FileError>([&] { read_scipy_npz(directory.path()); }, "Is a directory");
}

BOOST_AUTO_TEST_CASE(an_archive_cut_or_damaged_anywhere_is_refused_or_read_as_it_says) {
    const TemporaryDirectory directory;
    write_scipy_npz(directory / "whole.npz", small<double>());
    for (const std::string& whole : {content(directory / "whole.npz"), stored_zip(Parts().members())}) {
        BOOST_TEST(is_taken(directory / "x", whole, read_scipy_npz));
        for (std::size_t size = 0; size < whole.size(); ++size)
            BOOST_TEST(!is_taken(directory / "x", whole.substr(0, size), read_scipy_npz), "cut to " << size);
        int refusals = 0;
        for (std::size_t i = 0; i < whole.size(); ++i)
            for (const int flip : {1, 64, 255}) {
                std::string damaged = whole;
                damaged[i] = static_cast<char>(damaged[i] ^ flip);
                refusals += is_taken(directory / "x", damaged, read_scipy_npz) ? 0 : 1;
            }
        BOOST_TEST(refusals > static_cast<int>(whole.size()));
    }
}

} // namespace npz_test
