#include <convmat/io/any.hpp>

#include <type_traits>

#include <boost/test/unit_test.hpp>

namespace any_test {

using namespace convmat;

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

BOOST_AUTO_TEST_SUITE_END()

} // namespace any_test
