// What the refusals of this room are about, as data.
#include <array>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/matrix_free/eigen_adaptor.hpp>
#include <convmat/matrix_free/spectra_adaptor.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;
using test::throws_fault;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(operators_name_what_does_not_fit) {
    const ConvGeometry line({.input = {5}, .kernel = {3}});
    const Tensor<double> kernel({1, 1, 3}, {1, 2, 3});
    const ConvOperator<double> op(line, kernel);
    std::array<double, 20> memory = {};
    double* const y = memory.data() + 10;
    throws_fault<ShapeError>([&] { ConvOperator<double>(line, Tensor<double>({3})); }, {"kernel", {}, "3", "1x1x3"});
    throws_fault<ShapeError>([&] { op.apply(memory.data(), y, -1); }, {"images", {}, "-1", "at least 0"});
    throws_fault<ShapeError>([&] { op.apply(memory.data(), y, 2, 4, 3); },
                             {"x_stride", {}, "4", "at least their size"});
    throws_fault<ShapeError>([&] { op.apply(memory.data(), y, 2, 5, 2); },
                             {"y_stride", {}, "2", "at least their size"});
    throws_fault<ShapeError>([&] { (op * Eigen::VectorXd::Zero(4)).eval(); },
                             {"x", {}, "4 rows", "5 for a 3x5 operator"});
    Eigen::Map<Eigen::VectorXd> result(y, 2);
    throws_fault<ShapeError>([&] { matrix_free::assign_product(op, result, Eigen::VectorXd::Zero(5)); },
                             {"dest", {}, "2x1", "the shape of 3x5 times 5x1"});
    throws_fault<ShapeError>([&] { OperatorProduct<double> product(op); }, {"op", {}, "3x5", "a square one"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
