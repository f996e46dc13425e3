#include <convmat/io/any.hpp>

#include <limits>
#include <type_traits>

#include <boost/test/unit_test.hpp>

#include "support/throws_saying.hpp"

namespace any_test {

using namespace convmat;
using Integers = Tensor<std::int64_t>;

BOOST_AUTO_TEST_SUITE(any)

BOOST_AUTO_TEST_CASE(an_array_of_any_scalar_is_visited_as_what_it_is) {
    const auto bytes = [](const AnyTensor& any) {
        return std::visit([](const auto& array) { return sizeof(array[0]) * static_cast<std::size_t>(array.size()); },
                          any);
    };
    BOOST_TEST(bytes(Tensor<float>({3})) == 12U);
    BOOST_TEST(bytes(Tensor<double>({3})) == 24U);
    BOOST_TEST(bytes(Tensor<std::complex<float>>({3})) == 24U);
    BOOST_TEST(bytes(Tensor<std::complex<double>>({3})) == 48U);
    BOOST_TEST(bytes(Tensor<std::int64_t>({3})) == 24U);
    BOOST_TEST(std::variant_size_v<AnyTensor> == 5U);
    BOOST_CHECK_THROW(std::get<Tensor<float>>(AnyTensor(Tensor<double>({3}))), std::bad_variant_access);
}

BOOST_AUTO_TEST_CASE(a_stored_matrix_has_rows_and_long_indices) {
    BOOST_TEST(StoredSparse<float>::IsRowMajor);
    BOOST_TEST((std::is_same_v<StoredSparse<double>::StorageIndex, std::int64_t>));
    const AnySparse any = StoredSparse<std::int64_t>(2, 3);
    BOOST_TEST(std::visit([](const auto& matrix) { return matrix.rows() * 10 + matrix.cols(); }, any) == 23);
    BOOST_TEST(std::variant_size_v<AnySparse> == 5U);
}

BOOST_AUTO_TEST_CASE(n4_what_is_expected_is_had_where_no_value_changes) {
    using detail::exactly;
    const std::filesystem::path path = "K.npy";
    BOOST_TEST((exactly<double>(Tensor<double>({2}, {1, 2}), path) == Tensor<double>({2}, {1, 2})));
    BOOST_TEST((exactly<double>(Tensor<float>({2}, {1, 0.5F}), path) == Tensor<double>({2}, {1, 0.5})));
    BOOST_TEST((exactly<std::complex<double>>(Tensor<float>({1}, {3}), path)[0] == std::complex<double>(3)));
    const std::int64_t most = std::int64_t{1} << 53;
    BOOST_TEST((exactly<double>(Integers({2}, {most, -most}), path) == Tensor<double>({2}, {0x1p53, -0x1p53})));
    BOOST_TEST((exactly<std::complex<float>>(Integers({1}, {-7}), path)[0] == std::complex<float>(-7)));
    BOOST_TEST((exactly<double>(Integers({1}, {std::numeric_limits<std::int64_t>::min()}), path)[0] == -0x1p63));
}

BOOST_AUTO_TEST_CASE(n4_what_would_change_is_refused_with_the_file_and_both_types) {
    using detail::exactly;
    const auto refused = [](const auto& call, const std::string& value, const std::string& type) {
        const std::string holds = "values that " + type + " holds exactly";
        test::throws_fault<FileError>(call, {.parameter = "K.npy", .value = value, .expected = holds});
        test::throws_saying<FileError>(call, "K.npy: " + value + ", expected " + holds);
    };
    const std::int64_t more = (std::int64_t{1} << 53) + 1, most = std::numeric_limits<std::int64_t>::max();
    refused([] { exactly<float>(Tensor<double>({1}), "K.npy"); }, "values of type double", "float");
    refused([] { exactly<double>(Tensor<std::complex<float>>({1}), "K.npy"); }, "values of type std::complex<float>",
            "double");
    refused([] { exactly<std::complex<float>>(Tensor<std::complex<double>>({1}), "K.npy"); },
            "values of type std::complex<double>", "std::complex<float>");
    refused([] { exactly<std::int64_t>(Tensor<float>({1}), "K.npy"); }, "values of type float", "std::int64_t");
    refused([&] { exactly<double>(Integers({2}, {1, more}), "K.npy"); }, concat("the integer ", more), "double");
    refused([&] { exactly<double>(Integers({1}, {most}), "K.npy"); }, concat("the integer ", most), "double");
    refused([&] { exactly<float>(Integers({1}, {16777217}), "K.npy"); }, "the integer 16777217", "float");
}

BOOST_AUTO_TEST_CASE(n4_a_matrix_is_had_as_what_is_expected_too) {
    StoredSparse<std::int64_t> integers(2, 3);
    integers.insert(1, 2) = 5;
    const StoredSparse<double> real = detail::exactly<double>(AnySparse(integers), "W.mtx");
    BOOST_TEST(real.rows() == 2);
    BOOST_TEST(real.nonZeros() == 1);
    BOOST_TEST(real.coeff(1, 2) == 5);
    test::throws_saying<FileError>([&] { detail::exactly<std::int64_t>(AnySparse(real), "W.mtx"); },
                                   "W.mtx: values of type double, expected values that std::int64_t holds exactly");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace any_test
