#include "dense_lu.hpp"

#include "dense_svd.hpp"
#include "failure.hpp"
#include "lapack.hpp"

namespace convmat::numerics {

std::vector<Complex> determinant_factors(const Dense<Complex>& a) {
    const lapack_int n = lapack_side(a.rows(), "dense LU");
    Dense<Complex> lu = Dense<Complex>::Zero(a.rows(), a.cols() + room_behind);
    lu.leftCols(a.cols()) = a;
    std::vector<lapack_int> swaps(static_cast<std::size_t>(n)); // row i with row swaps[i] - 1
    const lapack_int status = LAPACKE_zgetrf(LAPACK_COL_MAJOR, n, n, lu.data(), n, swaps.data());
    if (status < 0)
        throw Failure({.parameter = "",
                       .value = concat(status),
                       .expected = "a status of at least 0",
                       .found = concat("LAPACK's LU of a ", n, "x", n, " matrix failed with status ", status)});
    std::vector<Complex> pivots;
    for (lapack_int i = 0; i < n; ++i)
        pivots.push_back(swaps[static_cast<std::size_t>(i)] == i + 1 ? lu(i, i) : -lu(i, i));
    return pivots;
}

} // namespace convmat::numerics
