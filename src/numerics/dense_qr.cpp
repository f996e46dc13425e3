#include "dense_qr.hpp"

#include <algorithm>
#include <vector>

#include "failure.hpp"
#include "lapack.hpp"

namespace convmat::numerics {
namespace {

lapack_int geqrf(lapack_int m, lapack_int n, double* a, lapack_int lda, double* tau) {
    return LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, a, lda, tau);
}

lapack_int geqrf(lapack_int m, lapack_int n, Complex* a, lapack_int lda, Complex* tau) {
    return LAPACKE_zgeqrf(LAPACK_COL_MAJOR, m, n, a, lda, tau);
}

lapack_int apply_q_adjoint(lapack_int m, lapack_int n, lapack_int k, const double* a, lapack_int lda, const double* tau,
                           double* b, lapack_int ldb) {
    return LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', m, n, k, a, lda, tau, b, ldb);
}

lapack_int apply_q_adjoint(lapack_int m, lapack_int n, lapack_int k, const Complex* a, lapack_int lda,
                           const Complex* tau, Complex* b, lapack_int ldb) {
    return LAPACKE_zunmqr(LAPACK_COL_MAJOR, 'L', 'C', m, n, k, a, lda, tau, b, ldb);
}

void require_factored(lapack_int status, Index rows, Index cols) {
    if (status != 0)
        throw Failure({.parameter = "",
                       .value = concat(status),
                       .expected = "status 0",
                       .found = concat("LAPACK's QR of a ", rows, "x", cols, " matrix failed with status ", status)});
}

template <class S>
void triangularise_in_place(Eigen::Ref<Dense<S>> a, Eigen::Ref<Dense<S>> b) {
    constexpr const char* what = "dense QR";
    const lapack_int rows = lapack_side(a.rows(), what), cols = lapack_side(a.cols(), what);
    const lapack_int a_step = lapack_side(a.outerStride(), what), reflections = std::min(rows, cols);
    if (reflections == 0) return;
    std::vector<S> tau(static_cast<std::size_t>(reflections));
    require_factored(geqrf(rows, cols, a.data(), a_step, tau.data()), a.rows(), a.cols());
    if (b.size() > 0)
        require_factored(apply_q_adjoint(rows, lapack_side(b.cols(), what), reflections, a.data(), a_step, tau.data(),
                                         b.data(), lapack_side(b.outerStride(), what)),
                         b.rows(), b.cols());
    for (Index j = 0; j < a.cols(); ++j)
        if (j + 1 < a.rows()) a.col(j).tail(a.rows() - j - 1).setZero();
}

} // namespace

void triangularise(Eigen::Ref<Dense<double>> a, Eigen::Ref<Dense<double>> b) { triangularise_in_place<double>(a, b); }

void triangularise(Eigen::Ref<Dense<Complex>> a, Eigen::Ref<Dense<Complex>> b) {
    triangularise_in_place<Complex>(a, b);
}

} // namespace convmat::numerics
