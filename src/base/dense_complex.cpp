#include "dense_templates.hpp"

namespace convmat::dense {

void solve(Index n, std::span<const std::complex<double>> a, std::span<std::complex<double>> b) {
    const Index columns = n == 0 ? 0 : std::ssize(b) / n;
    Eigen::Map<Values<std::complex<double>>> right(b.data(), n, columns);
    right =
        Eigen::HouseholderQR<Values<std::complex<double>>>(view(n, n, a)).solve(Values<std::complex<double>>(right));
}

template std::vector<double> hermitian_eigenvalues(Index, std::span<const std::complex<double>>);
template std::vector<double> hermitian_eigenvectors(Index, std::span<std::complex<double>>);
template std::vector<double> singular_values(Index, Index, std::span<const std::complex<double>>);
template double log_abs_determinant(Index, std::span<const std::complex<double>>);
template std::vector<std::complex<double>> times_adjoint(Index, Index, Index, std::span<const std::complex<double>>,
                                                         std::span<const std::complex<double>>);
template void multiply(Index, std::span<const double>, std::complex<double>*, Index);

} // namespace convmat::dense
