#include "dense_oracles.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>
#include <Eigen/QR>

namespace convmat::test {
namespace {

template <class S>
DenseMinimum<S> minimum_of(const DenseMatrix<S>& a, const DenseMatrix<S>& b, std::optional<double> threshold) {
    Eigen::CompleteOrthogonalDecomposition<DenseMatrix<S>> decomposition;
    if (threshold) decomposition.setThreshold(*threshold);
    decomposition.compute(a);
    return {decomposition.solve(b), decomposition.rank()};
}

} // namespace

DenseMinimum<double> dense_minimum(const DenseMatrix<double>& a, const DenseMatrix<double>& b,
                                   std::optional<double> threshold) {
    return minimum_of(a, b, threshold);
}

DenseMinimum<std::complex<double>> dense_minimum(const DenseMatrix<std::complex<double>>& a,
                                                 const DenseMatrix<std::complex<double>>& b,
                                                 std::optional<double> threshold) {
    return minimum_of(a, b, threshold);
}

template <class S>
DenseDeterminant<S>::DenseDeterminant(const DenseMatrix<S>& a) {
    const Eigen::FullPivLU<DenseMatrix<S>> lu(a);
    phase = S(static_cast<double>(lu.permutationP().determinant() * lu.permutationQ().determinant()));
    const auto diagonal = lu.matrixLU().diagonal();
    for (Index i = 0; i < diagonal.size(); ++i) {
        phase *= diagonal(i) / std::abs(diagonal(i));
        log_abs += std::log(std::abs(diagonal(i)));
        condition = std::max(condition, std::abs(diagonal(0)) / std::abs(diagonal(i)));
    }
}

template struct DenseDeterminant<double>;
template struct DenseDeterminant<std::complex<double>>;

} // namespace convmat::test
