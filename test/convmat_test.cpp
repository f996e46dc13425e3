// The umbrella alone is enough for all that needs Eigen alone: every name below comes by way of it.
#include <convmat/convmat.hpp>

#include <boost/test/unit_test.hpp>

namespace convmat_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(umbrella)

BOOST_AUTO_TEST_CASE(the_chapters_layer_comes_out_the_same_in_every_room) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Tensor<double> kernel({1, 1, 2, 2}, {0, 1, 2, 3}), x({1, 3, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8});
    const Eigen::Vector4d expected(19, 25, 37, 43);
    BOOST_TEST((kernel2matrix(geometry, kernel) * x.vec() == expected));
    BOOST_TEST((Eigen::VectorXd(ConvOperator<double>(geometry, kernel) * x.vec()) == expected));
    BOOST_TEST((reference::convolve(geometry, kernel, x).vec() == expected));
    BOOST_TEST((input2matrix(geometry, x) * kernel.vec() == expected));
    BOOST_TEST((kronecker(kernel_matrix(geometry, kernel), identity_matrix(4)) * (unfold_matrix(geometry) * x.vec()) ==
                expected));
    BOOST_TEST((spec_of(geometry).input == Shape{3, 3}));
    BOOST_TEST(!instruction_set().empty());
    BOOST_TEST((from_pytorch(PyTorchConv{.input = {3, 3}, .kernel_size = {2, 2}}).geometry == geometry));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace convmat_test
