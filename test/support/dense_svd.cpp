#include "dense_oracles.hpp"

#include <Eigen/SVD>

namespace convmat::test {

template <class S>
DensePseudoInverse<S>::DensePseudoInverse(const DenseMatrix<S>& a) {
    const Eigen::JacobiSVD<DenseMatrix<S>> svd(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::VectorXd& values = svd.singularValues();
    largest = values.size() > 0 ? values(0) : 0;
    while (rank < values.size() && values(rank) > 1e-10 * largest) ++rank;
    smallest = rank > 0 ? values(rank - 1) : 0;
    matrix = svd.matrixV().leftCols(rank) * values.head(rank).cwiseInverse().asDiagonal() *
             svd.matrixU().leftCols(rank).adjoint();
}

template struct DensePseudoInverse<double>;
template struct DensePseudoInverse<std::complex<double>>;

} // namespace convmat::test
