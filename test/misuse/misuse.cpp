// Programs that must not compile, one a case: the compiler is given -D<case>. Without a case this is ordinary use.
#include <convmat/convmat.hpp>

#include <utility>

namespace {

using namespace convmat;

const ConvSpec spec{.input = {3, 3}, .kernel = {2, 2}};

[[maybe_unused]] void use() {
    const ConvGeometry geometry(spec);
    const Tensor<double> kernel({1, 1, 2, 2}, {0, 1, 2, 3});
    const ConvPattern pattern(geometry, Form::matrix);
    auto matrix = kernel2matrix<Eigen::RowMajor, int>(geometry, kernel, ExplicitZeros::drop);
    pattern.refill(matrix, kernel);
    std::ignore = matrix2kernel(geometry, matrix);
    std::ignore = kernel2matrix(Eigen::Matrix2d{{0, 1}, {2, 3}}, {3, 3});

#if defined(tensor_of_int)
    std::ignore = Tensor<int>({2, 2});
#elif defined(tensor_of_bool)
    std::ignore = Tensor<bool>({2, 2});
#elif defined(eigen_kernel_of_int)
    std::ignore = kernel2matrix(Eigen::Matrix2i{{0, 1}, {2, 3}}, {3, 3});
#elif defined(indices_of_short)
    std::ignore = kernel2matrix<Eigen::RowMajor, short>(geometry, kernel);
#elif defined(indices_of_unsigned)
    std::ignore = ConvPattern<Eigen::RowMajor, unsigned>(geometry);
#elif defined(refill_with_another_scalar)
    pattern.refill(matrix, Tensor<float>({1, 1, 2, 2}));
#elif defined(refill_of_another_order)
    auto by_columns = kernel2matrix<Eigen::ColMajor>(geometry, kernel);
    pattern.refill(by_columns, kernel);
#elif defined(bool_for_explicit_zeros)
    std::ignore = kernel2matrix(geometry, kernel, true);
#elif defined(bool_for_form)
    std::ignore = ConvPattern<>(geometry, true);
#elif defined(boundary_of_an_int)
    std::ignore = ConvSpec{.input = {3, 3}, .kernel = {2, 2}, .boundary = {Boundary::zero, 1}};
#elif defined(stride_of_a_double)
    std::ignore = ConvSpec{.input = {3, 3}, .kernel = {2, 2}, .stride = 1.5};
#elif defined(padding_of_a_bool)
    std::ignore = ConvSpec{.input = {3, 3}, .kernel = {2, 2}, .padding = true};
#elif defined(index_of_a_double)
    std::ignore = kernel(0, 0, 1.0, 1);
#elif defined(tensor_of_wider_values)
    std::ignore = Tensor<float>(Eigen::MatrixXd(2, 2));
#elif defined(axis_boundary_of_an_int)
    std::ignore = Axis{.boundary = 1};
#elif defined(geometry_of_nothing)
    std::ignore = ConvGeometry();
#elif defined(geometry_unasked_from_a_spec)
    const ConvGeometry unasked = spec;
#elif defined(geometry_of_a_transposed_spec)
    std::ignore = ConvGeometry(TransposedSpec{.input = {2, 2}, .kernel = {2, 2}});
#elif defined(tensor_unasked_from_a_shape)
    const Tensor<double> unasked = Shape{2, 2};
#elif defined(nearest_kernel_of_a_dense_matrix)
    std::ignore = matrix2kernel(geometry, Eigen::MatrixXd(4, 9));
#endif
}

} // namespace
