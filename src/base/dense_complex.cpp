#include "dense_templates.hpp"

namespace convmat::dense {

template std::vector<double> hermitian_eigenvalues(Index, std::span<const std::complex<double>>);
template std::vector<double> hermitian_eigenvectors(Index, std::span<std::complex<double>>);
template std::vector<double> singular_values(Index, Index, std::span<const std::complex<double>>);
template double log_abs_determinant(Index, std::span<const std::complex<double>>);
template void solve(Index, std::span<const std::complex<double>>, std::span<std::complex<double>>);
template std::vector<std::complex<double>> times_adjoint(Index, Index, Index, std::span<const std::complex<double>>,
                                                         std::span<const std::complex<double>>);
template void multiply(Index, std::span<const double>, std::complex<double>*, Index);

} // namespace convmat::dense
