#include <convmat/base/tensor.hpp>

#include <complex>
#include <numeric>
#include <tuple>
#include <type_traits>

#include <boost/test/unit_test.hpp>

#include "support/throws_saying.hpp"

namespace tensor_test {

namespace {

using namespace convmat;
using test::throws_saying;

using Integers = Tensor<std::int64_t>;

static_assert(std::is_nothrow_move_constructible_v<Integers>);
static_assert(ScalarType<std::complex<float>> && !ScalarType<int> && !ScalarType<long double>);
static_assert(StorageIndexType<int> && StorageIndexType<std::int64_t> && !StorageIndexType<short>);

Integers counting(const Shape& shape) {
    Integers tensor(shape);
    std::iota(tensor.values().begin(), tensor.values().end(), 0);
    return tensor;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_tensor_of_a_shape_holds_as_many_zeros) {
    const Tensor<std::complex<double>> tensor(Shape{2, 3, 4});
    BOOST_TEST((tensor.shape() == Shape{2, 3, 4}));
    BOOST_TEST(tensor.rank() == 3);
    BOOST_TEST(tensor.size() == 24);
    BOOST_TEST(std::ranges::count(tensor.values(), std::complex<double>(0)) == 24);
}

BOOST_AUTO_TEST_CASE(a_default_tensor_is_empty_and_of_rank_one) {
    const Integers tensor;
    BOOST_TEST((tensor.shape() == Shape{0}));
    BOOST_TEST(tensor.size() == 0);
    BOOST_TEST((tensor == Integers(Shape{0})));
}

BOOST_AUTO_TEST_CASE(rank_zero_is_one_value) {
    Integers scalar{Shape{}};
    scalar[0] = 42;
    BOOST_TEST(scalar.rank() == 0);
    BOOST_TEST(scalar.size() == 1);
    BOOST_TEST((scalar == Integers({}, {42})));
}

BOOST_AUTO_TEST_CASE(a_zero_extent_makes_an_empty_tensor) {
    const Integers tensor(Shape{3, 0, 5});
    BOOST_TEST(tensor.rank() == 3);
    BOOST_TEST(tensor.size() == 0);
    BOOST_TEST((tensor == Integers({3, 0, 5}, {})));
    BOOST_TEST((tensor != Integers(Shape{0, 3, 5})));
}

BOOST_AUTO_TEST_CASE(as_many_values_as_the_shape_asks_for_or_none_of_it) {
    throws_saying<ShapeError>([] { Integers({2, 3}, {1, 2, 3, 4, 5}); }, "shape 2x3 does not hold 5 values");
    throws_saying<ShapeError>([] { Integers({2, 3}, {1, 2, 3, 4, 5, 6, 7}); }, "shape 2x3 does not hold 7 values");
    throws_saying<ShapeError>([] { Integers({}, {}); }, "shape () does not hold 0 values");
    throws_saying<ShapeError>([] { Integers({0}, {1}); }, "shape 0 does not hold 1 values");
}

BOOST_AUTO_TEST_CASE(negative_extents_are_refused_even_where_the_product_is_not_negative) {
    throws_saying<ShapeError>([] { Integers(Shape{-1}); }, "negative extent in shape -1");
    throws_saying<ShapeError>([] { Integers(Shape{-2, 3, -2}); }, "negative extent in shape -2x3x-2");
    throws_saying<ShapeError>([] { Integers(Shape{0, -2}); }, "negative extent in shape 0x-2");
    throws_saying<ShapeError>([] { Integers({-2, -1}, {1, 2}); }, "negative extent in shape -2x-1");
}

BOOST_AUTO_TEST_CASE(absurd_sizes_are_refused_before_anything_is_allocated) {
    constexpr Index huge = Index{1} << 40;
    throws_saying<SizeError>(
        [] {
            Integers(Shape{huge, huge});
        },
        "Tensor: number of values: 1099511627776 * 1099511627776");
    throws_saying<SizeError>([] { Integers(Shape{huge, Index{1} << 20}); }, "Tensor: bytes: 1152921504606846976 * 8");
    throws_saying<SizeError>([] { Integers({huge, huge}, {1, 2}); }, "Tensor: number of values");
    throws_saying<SizeError>([] { Tensor<float>(Shape{Index{1} << 50}); }, "Tensor needs 4294967296 MiB");
}

BOOST_AUTO_TEST_CASE(values_are_row_major_and_vec_refers_to_them) {
    Integers tensor = counting({2, 3});
    BOOST_TEST(tensor[1 * 3 + 2] == 5);
    BOOST_TEST(tensor.data() == tensor.vec().data());
    tensor.vec()[4] = -1;
    BOOST_TEST(tensor[4] == -1);
    BOOST_TEST(std::as_const(tensor).vec().sum() == 0 + 1 + 2 + 3 - 1 + 5);
    BOOST_TEST(std::as_const(tensor).data() == tensor.values().data());
}

BOOST_AUTO_TEST_CASE(n4_an_entry_is_had_by_its_indices) {
    Integers tensor = counting({2, 3, 4});
    BOOST_TEST(std::as_const(tensor)(1, 2, 3) == 23);
    BOOST_TEST(tensor(Index{1}, 0U, std::size_t{2}) == 14);
    tensor(0, 1, 0) = -1;
    BOOST_TEST(tensor[4] == -1);
    Integers scalar(Shape{});
    scalar() = 5;
    BOOST_TEST(scalar[0] == 5);
    static_assert(!std::is_invocable_v<Integers&, double> && !std::is_invocable_v<Integers&, bool>);
}

BOOST_AUTO_TEST_CASE(n4_a_tensor_is_made_of_an_eigen_matrix_and_read_back_as_one) {
    const Eigen::MatrixXd matrix{{0, 1, 2}, {3, 4, 5}};
    const Tensor<double> tensor = matrix;
    BOOST_TEST((tensor == Tensor<double>({2, 3}, {0, 1, 2, 3, 4, 5})));
    BOOST_TEST((tensor.matrix() == matrix));
    BOOST_TEST((Tensor(matrix.transpose()) == Tensor<double>({3, 2}, {0, 3, 1, 4, 2, 5})));
    BOOST_TEST((Tensor(Eigen::Vector3f(1, 2, 3)) == Tensor<float>({3}, {1, 2, 3})));
    BOOST_TEST((Tensor(Eigen::RowVector2d(1, 2)) == Tensor<double>({2}, {1, 2})));
    BOOST_TEST((Tensor(matrix.array() + 1) == Tensor<double>({2, 3}, {1, 2, 3, 4, 5, 6})));

    Tensor<double> kernel({1, 1, 2, 3}, matrix);
    BOOST_TEST(kernel(0, 0, 1, 1) == 4);
    kernel.matrix()(1, 1) = 7;
    BOOST_TEST(kernel(0, 0, 1, 1) == 7);
    BOOST_TEST((kernel.matrix().cols() == 3));
    BOOST_TEST((Tensor<double>({2}, {1, 2}).matrix() == Eigen::RowVector2d(1, 2)));
    throws_saying<ShapeError>([&] { Tensor<double>({1, 1, 2, 2}, matrix); }, "shape 1x1x2x2 does not hold 6 values");
    throws_saying<ShapeError>([] { std::ignore = Tensor<double>({2, 1, 2}).matrix(); }, "the shape is 2x1x2");
    throws_saying<ShapeError>([] { std::ignore = Integers(Shape{}).matrix(); }, "the shape is ()");
}

BOOST_AUTO_TEST_CASE(n4_no_value_changes_where_the_scalar_does) {
    BOOST_TEST((Tensor<double>(Eigen::Vector2f(1, 2)) == Tensor<double>({2}, {1, 2})));
    BOOST_TEST((Integers(Eigen::Vector2i(1, 2)) == Integers({2}, {1, 2})));
    BOOST_TEST((Tensor<std::complex<double>>(Eigen::Vector2d(1, 2)).values()[1] == std::complex<double>(2)));
    static_assert(!std::is_convertible_v<Eigen::VectorXf, Tensor<double>>); // explicit
    static_assert(!std::is_constructible_v<Tensor<float>, Eigen::VectorXd>);
    static_assert(!std::is_constructible_v<Integers, Eigen::VectorXd>);
    static_assert(!std::is_constructible_v<Tensor<double>, Eigen::VectorXcd>);
    static_assert(!std::is_constructible_v<Tensor<std::complex<float>>, Eigen::VectorXcd>);
}

BOOST_AUTO_TEST_CASE(reshaping_keeps_the_values_and_moves_them_from_a_temporary) {
    Integers tensor = counting({2, 6});
    const std::int64_t* const values = tensor.data();
    const Integers copy = tensor.reshaped({3, 4});
    BOOST_TEST((copy.shape() == Shape{3, 4}));
    BOOST_TEST(std::ranges::equal(copy.values(), tensor.values()));
    BOOST_TEST(copy.data() != values);

    const Integers moved = std::move(tensor).reshaped({12, 1});
    BOOST_TEST(moved.data() == values);
    throws_saying<ShapeError>([&] { moved.reshaped({5}); }, "shape 5 does not hold 12 values");
}

BOOST_AUTO_TEST_CASE(tensors_are_equal_when_shape_and_values_are) {
    BOOST_TEST((counting({2, 3}) == counting({2, 3})));
    BOOST_TEST((counting({2, 3}) != counting({3, 2})));
    Integers other = counting({2, 3});
    other[5] = 0;
    BOOST_TEST((counting({2, 3}) != other));
}

BOOST_AUTO_TEST_CASE(require_shape_names_both_shapes) {
    BOOST_CHECK_NO_THROW(require_shape(counting({2, 3}), {2, 3}, "X"));
    throws_saying<ShapeError>([] { require_shape(counting({2, 3}), {3, 2}, "X"); }, "X has shape 2x3, expected 3x2");
    throws_saying<ShapeError>([] { require_shape(counting({2, 3}), {}, "X"); }, "X has shape 2x3, expected ()");
}

} // namespace tensor_test
