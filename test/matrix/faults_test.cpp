// What the refusals of this room are about, as data.
#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix/matrix2kernel.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;
using test::throws_fault;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(kernels_inputs_and_matrices) {
    using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;
    const ConvGeometry line({.input = {3}, .kernel = {2}});
    const Tensor<double> kernel({1, 1, 2}, {1, 2}), wrong({1, 1, 3}, {1, 2, 3});
    throws_fault<ShapeError>([&] { kernel2matrix(line, wrong); }, {"kernel", {}, "1x1x3", "1x1x2"});
    throws_fault<ShapeError>([&] { input2matrix(line, wrong); }, {"input", {}, "1x1x3", "1x3"});
    const ConvPattern<> pattern(line);
    Matrix other(2, 3), own = pattern.matrix(kernel);
    throws_fault<ShapeError>([&] { pattern.refill(own, wrong); }, {"kernel", {}, "1x1x3", "1x1x2"});
    throws_fault<ShapeError>([&] { pattern.refill(other, kernel); },
                             {"matrix", {}, "2x3 with 0 entries", "this pattern: 2x3 with 4, compressed"});
    throws_fault<ShapeError>([&] { matrix2kernel(line, Matrix(3, 4)); }, {"matrix", {}, "3x4", "2x3, compressed"});
    std::swap(own.innerIndexPtr()[0], own.innerIndexPtr()[1]);
    throws_fault<ShapeError>([&] { matrix2kernel(line, own); },
                             {"matrix", {}, "compressed vector 0", "indices that ascend"});
    own.uncompress();
    throws_fault<ShapeError>([&] { matrix2kernel(line, own); },
                             {"matrix", {}, "2x3 and not compressed", "2x3, compressed"});
}

BOOST_AUTO_TEST_CASE(what_int_cannot_index) {
    const ConvGeometry line({.input = {Index{1} << 31}, .kernel = {1}});
    throws_fault<SizeError>([&] { ConvPattern<>{line}; },
                            {"StorageIndex", {}, "2147483648x2147483648 with 2147483648 nonzeros", "std::int64_t"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
