#include <convmat/io/npy.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include "io/files.hpp"
#include "support/throws_saying.hpp"

namespace npy_test {

namespace {

using namespace convmat;
using namespace std::string_literals;
using test::content;
using test::is_taken;
using test::put;
using test::TemporaryDirectory;
using test::throws_saying;
using Integers = Tensor<std::int64_t>;

template <class T>
std::string raw(std::initializer_list<T> values) {
    return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

// A file of version 1.0 with this header, unpadded.
std::string npy(const std::string& header, const std::string& values) {
    const auto length = static_cast<char>(header.size());
    BOOST_TEST_REQUIRE(header.size() < 128U);
    return "\x93NUMPY\1\0"s + length + '\0' + header + values;
}

std::string npy_of(const std::string& descr, const std::string& shape, const std::string& values,
                   const std::string& fortran = "False") {
    return npy("{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n", values);
}

template <class S>
Tensor<S> read_as(const TemporaryDirectory& directory, const std::string& bytes) {
    put(directory / "in.npy", bytes);
    return std::get<Tensor<S>>(read_npy(directory / "in.npy"));
}

void refused(const std::string& bytes, const std::string& saying) {
    const TemporaryDirectory directory;
    put(directory / "in.npy", bytes);
    throws_saying<FileError>([&] { read_npy(directory / "in.npy"); }, saying);
}

template <class S>
Tensor<S> counting(const Shape& shape) {
    Tensor<S> tensor(shape);
    for (Index i = 0; i < tensor.size(); ++i) tensor[i] = static_cast<S>(static_cast<float>(i - 3));
    return tensor;
}

const std::string one_integer = raw<std::int64_t>({7});

} // namespace

BOOST_AUTO_TEST_CASE(n4_a_file_is_read_as_the_type_that_is_asked_for) {
    const TemporaryDirectory directory;
    const auto path = directory / "K.npy";
    write_npy(path, Tensor<float>({2}, {1, 0.5F}));
    BOOST_TEST((read_npy<float>(path) == Tensor<float>({2}, {1, 0.5F})));
    BOOST_TEST((read_npy<double>(path) == Tensor<double>({2}, {1, 0.5})));
    throws_saying<FileError>([&] { read_npy<std::int64_t>(path); }, path.string() + ": values of type float");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_for_every_scalar_and_rank) {
    const TemporaryDirectory directory;
    const auto check = [&](const auto& tensor) {
        write_npy(directory / "t.npy", tensor);
        const AnyTensor read = read_npy(directory / "t.npy");
        const auto* same = std::get_if<std::decay_t<decltype(tensor)>>(&read);
        BOOST_TEST_REQUIRE(same != nullptr);
        BOOST_TEST((*same == tensor));
    };
    for (const Shape& shape : {Shape{}, Shape{5}, Shape{2, 3}, Shape{2, 3, 4}, Shape{2, 1, 3, 2}, Shape{0}, Shape{3, 0},
                               Shape{0, 2, 2}, Shape{200, 300}}) {
        check(counting<float>(shape));
        check(counting<double>(shape));
        check(counting<std::complex<float>>(shape));
        check(counting<std::complex<double>>(shape));
        check(counting<std::int64_t>(shape));
    }
}

BOOST_AUTO_TEST_CASE(the_bytes_are_those_of_numpy_save) {
    const TemporaryDirectory directory;
    write_npy(directory / "t.npy", Integers({2, 3}, {1, 2, 3, 4, 5, 6}));
    std::string expected = "\x93NUMPY\1\0v\0{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), }"s;
    expected.append(127 - expected.size(), ' ');
    expected += '\n' + raw<std::int64_t>({1, 2, 3, 4, 5, 6});
    BOOST_TEST(content(directory / "t.npy") == expected);

    write_npy(directory / "s.npy", Tensor<std::complex<float>>({}, {{1, -2}}));
    expected = "\x93NUMPY\1\0v\0{'descr': '<c8', 'fortran_order': False, 'shape': (), }"s;
    expected.append(127 - expected.size(), ' ');
    expected += '\n' + raw<float>({1, -2});
    BOOST_TEST(content(directory / "s.npy") == expected);
}

BOOST_AUTO_TEST_CASE(every_type_is_widened_to_a_scalar_that_holds_it) {
    const TemporaryDirectory directory;
    const Integers two({2}, {-1, 100});
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("|i1", "(2,)", raw<std::int8_t>({-1, 100}))) == two));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("<i2", "(2,)", raw<std::int16_t>({-1, 100}))) == two));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("<i4", "(2,)", raw<std::int32_t>({-1, 100}))) == two));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("=i8", "(2,)", raw<std::int64_t>({-1, 100}))) == two));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("|u1", "()", "\xff")) == Integers({}, {255})));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("<u2", "()", "\xff\xff")) == Integers({}, {65535})));
    BOOST_TEST(
        (read_as<std::int64_t>(directory, npy_of("<u4", "()", "\xff\xff\xff\xff")) == Integers({}, {4294967295})));
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(
        (read_as<std::int64_t>(directory, npy_of("<u8", "()", raw<std::int64_t>({most}))) == Integers({}, {most})));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("|b1", "(3,)", "\0\1\2"s)) == Integers({3}, {0, 1, 1})));
    refused(npy_of("<u8", "()", raw<std::uint64_t>({1ULL << 63})), "unsigned value 9223372036854775808");
}

BOOST_AUTO_TEST_CASE(half_precision_is_widened_exactly) {
    const TemporaryDirectory directory;
    const std::string halves = raw<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x7c00, 0xfc00});
    const auto read = read_as<float>(directory, npy_of("<f2", "(8,)", halves));
    const float inf = std::numeric_limits<float>::infinity();
    BOOST_TEST((read == Tensor<float>({8}, {1, -2, 65504, std::ldexp(1.F, -14), std::ldexp(1.F, -24),
                                            -std::ldexp(1023.F, -24), inf, -inf})));
    BOOST_TEST(std::isnan(read_as<float>(directory, npy_of("<f2", "()", raw<std::uint16_t>({0x7e00})))[0]));
    BOOST_TEST(std::signbit(read_as<float>(directory, npy_of("<f2", "()", raw<std::uint16_t>({0x8000})))[0]));
}

BOOST_AUTO_TEST_CASE(either_byte_order_is_read) {
    const TemporaryDirectory directory;
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of(">i4", "(2,)", "\0\0\1\2\xff\xff\xff\xff"s)) ==
                Integers({2}, {258, -1})));
    BOOST_TEST(
        (read_as<double>(directory, npy_of(">f8", "()", "\x40\x09\0\0\0\0\0\0"s)) == Tensor<double>({}, {3.125})));
    BOOST_TEST((read_as<std::complex<float>>(directory, npy_of(">c8", "()", "\x3f\x80\0\0\xc0\0\0\0"s)) ==
                Tensor<std::complex<float>>({}, {{1, -2}})));
}

BOOST_AUTO_TEST_CASE(fortran_order_is_turned_into_row_major) {
    const TemporaryDirectory directory;
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("|i1", "(2, 3)", "\1\4\2\5\3\6", "True")) ==
                Integers({2, 3}, {1, 2, 3, 4, 5, 6})));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("|i1", "(2, 2, 2)", "\1\5\3\7\2\6\4\x8"s, "True")) ==
                Integers({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})));
    BOOST_TEST((read_as<std::int64_t>(directory, npy_of("|i1", "()", "\1", "True")) == Integers({}, {1})));
    BOOST_TEST(
        (read_as<std::int64_t>(directory, npy_of("|i1", "(0, 4000000000, 2000000000)", "", "True")).size() == 0));
}

BOOST_AUTO_TEST_CASE(the_header_may_be_any_such_dict_of_python) {
    const TemporaryDirectory directory;
    for (const char* header : {R"({"shape":(1,),"fortran_order":False,"descr":"<i8"})",
                               " { 'fortran_order' : True , 'descr' : 'i8' , 'shape' : ( 1 , ) , } \n",
                               "{'shape': (1, 1,), 'descr': '|i8', 'fortran_order': False}"})
        BOOST_TEST(read_as<std::int64_t>(directory, npy(header, one_integer))[0] == 7);
}

BOOST_AUTO_TEST_CASE(versions_2_and_3_have_a_longer_length) {
    const TemporaryDirectory directory;
    std::string header = "{'descr': '<i8', 'fortran_order': False, 'shape': ()}";
    header.resize(70000, ' ');
    for (const char version : {'\2', '\3'}) {
        const std::string bytes = "\x93NUMPY"s + version + '\0' + raw<std::uint32_t>({70000}) + header + one_integer;
        BOOST_TEST(read_as<std::int64_t>(directory, bytes)[0] == 7);
    }
    refused("\x93NUMPY\4\0"s + raw<std::uint32_t>({70000}) + header + one_integer,
            "version 4.0, expected 1.0, 2.0 or 3.0");
    refused("\x93NUMPY\1\1"s + header, "version 1.1");
    refused("\x93NUMPY\2\0\xff\xff\xff\xff"s + header, "a header of 4294967295 bytes");
}

BOOST_AUTO_TEST_CASE(headers_that_are_not_numpys_are_refused) {
    const auto header = [](const std::string& text) { return npy(text, one_integer); };
    refused(header("{'descr': '<i8', 'fortran_order': False}"), "no header key 'shape'");
    refused(header("{'descr': '<i8', 'shape': ()}"), "no header key 'fortran_order'");
    refused(header("{}"), "no header key 'descr'");
    refused(header("{'descr': '<i8', 'descr': '<i8'}"), "header key 'descr' twice");
    refused(header("{'colour': 'red'}"), "header key 'colour', expected descr, fortran_order and shape");
    refused(header("{'descr': '<i8', 'fortran_order': 0, 'shape': ()}"), "expected True or False");
    refused(header("{'descr': '<i8', 'fortran_order': False, 'shape': (1)}"), "a shape is a tuple");
    refused(header("{'descr': '<i8', 'fortran_order': False, 'shape': [1]}"), "expected '('");
    refused(header("{'descr': '<i8', 'fortran_order': False, 'shape': (-1,)}"),
            "expected an extent from 0 to 2^63 - 1");
    refused(header("{'descr': '<i8', 'fortran_order': False, 'shape': (9223372036854775808,)}"), "expected an extent");
    refused(header("{'descr': '<i8', 'fortran_order': False, 'shape': ()} import os"),
            "expected the end of the header");
    refused(header("{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': ()}"), "expected a string");
    refused(header("{'descr': '\\x3ci8'}"), "expected a string without escapes");
    refused(header("{'descr': '<i8"), "expected a string");
    refused(header(""), "expected '{'");
    refused("\x89PNG\r\n\x1a\n"s, "it begins with '\\x89PNG\\x0d\\x0a', expected \\x93NUMPY");
}

BOOST_AUTO_TEST_CASE(types_without_a_scalar_are_refused) {
    for (const char* descr : {"|O", "|S4", "<U3", "<M8[ns]", "<f16", "<c32", "|V8", "<i3", "", "<", "<<i8"})
        refused(npy_of(descr, "()", one_integer), concat("type '", descr, "', expected f2 f4"));
}

BOOST_AUTO_TEST_CASE(shapes_the_file_does_not_hold_are_refused_before_anything_is_allocated) {
    refused(npy_of("<i8", "(1000000000000000,)", one_integer),
            "8 bytes of values, expected 8000000000000000 (shape 1000000000000000 of <i8)");
    refused(npy_of("<i8", "(4000000000, 4000000000)", one_integer), "does not fit a 64-bit integer");
    refused(npy_of("<i8", "(2305843009213693952,)", one_integer), "does not fit a 64-bit integer");
    refused(npy_of("<i8", "()", one_integer + "x"), "9 bytes of values, expected 8");
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_is_refused) {
    const TemporaryDirectory directory;
    write_npy(directory / "whole.npy", counting<double>({2, 3}));
    const std::string whole = content(directory / "whole.npy");
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(!is_taken(directory / "cut.npy", whole.substr(0, size), read_npy), "cut to " << size);
    BOOST_TEST(is_taken(directory / "cut.npy", whole, read_npy));
}

BOOST_AUTO_TEST_CASE(a_damaged_header_is_refused_or_read_as_it_says) {
    const TemporaryDirectory directory;
    write_npy(directory / "whole.npy", counting<double>({2, 3}));
    const std::string whole = content(directory / "whole.npy");
    int refusals = 0;
    for (std::size_t i = 0; i < 128; ++i)
        for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ flip);
            refusals += is_taken(directory / "damaged.npy", damaged, read_npy) ? 0 : 1;
        }
    BOOST_TEST(refusals > 128 * 8); // few damages are harmless
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_as_it_comes) {
    const TemporaryDirectory directory;
    const auto through_pipe = [&](const std::string& bytes) {
        std::filesystem::remove(directory / "pipe");
        BOOST_TEST_REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
        std::thread writer([&] { put(directory / "pipe", bytes); });
        try {
            AnyTensor read = read_npy(directory / "pipe");
            writer.join();
            return read;
        } catch (...) {
            writer.join();
            throw;
        }
    };
    const auto large = counting<std::int64_t>({300, 70});
    write_npy(directory / "large.npy", large);
    const std::string bytes = content(directory / "large.npy");
    BOOST_TEST((std::get<Integers>(through_pipe(bytes)) == large));
    throws_saying<FileError>([&] { through_pipe(npy_of("<i8", "()", one_integer + "x")); }, "bytes after the end");
    // A header's word alone must not be given memory.
    throws_saying<FileError>([&] { through_pipe(npy_of("<i8", "(1000000000000000,)", one_integer)); },
                             "the file ends 8 bytes into the values");
}

BOOST_AUTO_TEST_CASE(what_is_no_readable_file_is_told_by_name) {
    const TemporaryDirectory directory;
    throws_saying<FileError>([&] { read_npy(directory / "no.npy"); },
                             "no.npy: No such file or directory, expected a file that can be read");
    throws_saying<FileError>([&] { read_npy(directory.path()); }, "Is a directory, expected a file that can be read");
    throws_saying<FileError>([&] { write_npy(directory / "no/out.npy", Integers()); }, "No such file or directory");
}

} // namespace npy_test
