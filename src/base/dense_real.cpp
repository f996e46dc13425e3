#include "dense_templates.hpp"

namespace convmat::dense {

Index invert_semidefinite(Index n, std::span<double> a) {
    const Eigen::SelfAdjointEigenSolver<Values<double>> eigen(view(n, n, std::span<const double>(a)));
    const double least = eigen.eigenvalues().maxCoeff() * static_cast<double>(n) * Eigen::NumTraits<double>::epsilon();
    Eigen::VectorXd inverse = eigen.eigenvalues();
    Index rank = 0;
    for (double& value : inverse) {
        rank += value > least ? 1 : 0;
        value = value > least ? 1 / value : 0;
    }
    Eigen::Map<Values<double>>(a.data(), n, n) =
        eigen.eigenvectors() * inverse.asDiagonal() * eigen.eigenvectors().transpose();
    return rank;
}

template std::vector<double> hermitian_eigenvalues(Index, std::span<const double>);
template std::vector<double> hermitian_eigenvectors(Index, std::span<double>);
template std::vector<double> singular_values(Index, Index, std::span<const double>);
template double log_abs_determinant(Index, std::span<const double>);
template std::vector<double> times_adjoint(Index, Index, Index, std::span<const double>, std::span<const double>);
template void multiply(Index, std::span<const double>, double*, Index);

} // namespace convmat::dense
