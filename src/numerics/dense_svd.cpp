#include "dense_svd.hpp"

#include <algorithm>
#include <concepts>
#include <numeric>

#include "failure.hpp"
#include "lapack.hpp"

namespace convmat::numerics {
namespace {

lapack_int side_of_svd(Index size) { return lapack_side(size, "dense SVD"); }

// The numbers are finite, so all that can go wrong is that the iteration does not converge.
void require_success(lapack_int status, Index rows, Index cols) {
    if (status != 0)
        throw Failure({.parameter = "",
                       .value = concat(status),
                       .expected = "status 0",
                       .found = concat("LAPACK's SVD of a ", rows, "x", cols, " matrix failed with status ", status)});
}

lapack_int gesvd(char job, lapack_int m, lapack_int n, double* a, double* s, double* u, lapack_int ldu, double* vt,
                 lapack_int ldvt, double* left_over) {
    return LAPACKE_dgesvd(LAPACK_COL_MAJOR, job, job, m, n, a, m, s, u, ldu, vt, ldvt, left_over);
}

lapack_int gesvd(char job, lapack_int m, lapack_int n, Complex* a, double* s, Complex* u, lapack_int ldu, Complex* vt,
                 lapack_int ldvt, double* left_over) {
    return LAPACKE_zgesvd(LAPACK_COL_MAJOR, job, job, m, n, a, m, s, u, ldu, vt, ldvt, left_over);
}

lapack_int gesdd(lapack_int m, lapack_int n, double* a, double* s, double* u, double* vt, lapack_int r) {
    return LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'S', m, n, a, m, s, u, m, vt, r);
}

lapack_int gesdd(lapack_int m, lapack_int n, Complex* a, double* s, Complex* u, Complex* vt, lapack_int r) {
    return LAPACKE_zgesdd(LAPACK_COL_MAJOR, 'S', m, n, a, m, s, u, m, vt, r);
}

template <class S>
Dense<S> with_room(const Dense<S>& a) {
    Dense<S> roomy = Dense<S>::Zero(a.rows(), a.cols() + room_behind);
    roomy.leftCols(a.cols()) = a;
    return roomy;
}

template <class S>
void write_values(Dense<S>& a, double* values) {
    const Index r = std::min(a.rows(), a.cols());
    if (r == 0) return;
    if (r == 1) { // as almost all blocks of one channel are
        *values = a.stableNorm();
        return;
    }
    const Index rows = a.rows(), cols = a.cols();
    if constexpr (std::same_as<S, Complex>) a = with_room(a);
    std::vector<double> left_over(static_cast<std::size_t>(r));
    require_success(gesvd('N', side_of_svd(rows), side_of_svd(cols), a.data(), values, static_cast<S*>(nullptr), 1,
                          static_cast<S*>(nullptr), 1, left_over.data()),
                    rows, cols);
}

lapack_int heevd(lapack_int n, double* a, double* values) {
    return LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', n, a, n, values);
}

lapack_int heevd(lapack_int n, Complex* a, double* values) {
    return LAPACKE_zheevd(LAPACK_COL_MAJOR, 'V', 'L', n, a, n, values);
}

// A = V Λ V^H in a third of the time: σ = |λ|, u = v sign λ.
template <class S>
Svd<S> of_hermitian(Dense<S> a) {
    const Index n = a.rows();
    std::vector<double> values(static_cast<std::size_t>(n));
    if constexpr (std::same_as<S, Complex>) a = with_room(a);
    require_success(heevd(side_of_svd(n), a.data(), values.data()), n, n);
    std::vector<Index> order(values.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto value = [&](Index i) { return values[static_cast<std::size_t>(i)]; };
    std::ranges::stable_sort(order, [&](Index i, Index j) { return std::abs(value(i)) > std::abs(value(j)); });
    Svd<S> svd{Dense<S>(n, n), {}, Dense<S>(n, n)};
    for (Index j = 0; j < n; ++j) {
        const Index from = order[static_cast<std::size_t>(j)];
        svd.values.push_back(std::abs(value(from)));
        svd.v.col(j) = a.col(from);
        svd.u.col(j) = value(from) < 0 ? Dense<S>(-a.col(from)) : Dense<S>(a.col(from));
    }
    return svd;
}

template <class S>
Svd<S> decomposed(Dense<S> a) {
    const Index rows = a.rows(), cols = a.cols(), r = std::min(rows, cols);
    if (rows == cols && rows > 8 && a == a.adjoint()) return of_hermitian(std::move(a));
    Svd<S> svd{Dense<S>(rows, r), std::vector<double>(static_cast<std::size_t>(r)), Dense<S>(cols, r)};
    if (r == 0) return svd;
    Dense<S> vt(r, cols);
    if constexpr (std::same_as<S, Complex>) a = with_room(a), vt = with_room(vt);
    require_success(gesdd(side_of_svd(rows), side_of_svd(cols), a.data(), svd.values.data(), svd.u.data(), vt.data(),
                          side_of_svd(r)),
                    rows, cols);
    svd.v = vt.leftCols(cols).adjoint();
    return svd;
}

template <class S>
double norm_of(Dense<S> a) {
    std::vector<double> values(static_cast<std::size_t>(std::min(a.rows(), a.cols())));
    write_values(a, values.data());
    return values.front();
}

} // namespace

void write_singular_values(Dense<double>& a, double* values) { write_values(a, values); }
void write_singular_values(Dense<Complex>& a, double* values) { write_values(a, values); }

double norm_by_svd(Dense<double> a) { return norm_of(std::move(a)); }
double norm_by_svd(Dense<Complex> a) { return norm_of(std::move(a)); }

Svd<double> svd_of(Dense<double> a) { return decomposed(std::move(a)); }
Svd<Complex> svd_of(Dense<Complex> a) { return decomposed(std::move(a)); }

namespace {

extern "C" {
void dgemm_(const char*, const char*, const lapack_int*, const lapack_int*, const lapack_int*, const double*,
            const double*, const lapack_int*, const double*, const lapack_int*, const double*, double*,
            const lapack_int*);
void zgemm_(const char*, const char*, const lapack_int*, const lapack_int*, const lapack_int*, const Complex*,
            const Complex*, const lapack_int*, const Complex*, const lapack_int*, const Complex*, Complex*,
            const lapack_int*);
}

template <class S>
void gemm(char op_b, Index m, Index n, Index k, const S* a, const S* b, Index ldb, S* c) {
    constexpr const char* what = "dense product";
    const lapack_int rows = lapack_side(m, what), cols = lapack_side(n, what), inner = lapack_side(k, what),
                     of_b = lapack_side(ldb, what);
    const S one = 1, zero = 0;
    if constexpr (std::same_as<S, double>)
        dgemm_("N", &op_b, &rows, &cols, &inner, &one, a, &rows, b, &of_b, &zero, c, &rows);
    else
        zgemm_("N", &op_b, &rows, &cols, &inner, &one, a, &rows, b, &of_b, &zero, c, &rows);
}

} // namespace

template <class S>
void multiply_axis(const Dense<S>& m, const S* x, Index outer, Index inner, S* y) {
    if (m.size() == 0 || outer == 0 || inner == 0) return;
    if (inner == 1) { // the last axis: Y^T = M X^T
        gemm('N', m.rows(), outer, m.cols(), m.data(), x, m.cols(), y);
        return;
    }
    for (Index a = 0; a < outer; ++a) // Y^T = X^T M^T
        gemm('T', inner, m.rows(), m.cols(), x + a * m.cols() * inner, m.data(), m.rows(), y + a * m.rows() * inner);
}

template void multiply_axis(const Dense<double>&, const double*, Index, Index, double*);
template void multiply_axis(const Dense<Complex>&, const Complex*, Index, Index, Complex*);

double svd_operations(Index rows, Index cols) {
    const auto small = static_cast<double>(std::min(rows, cols)), large = static_cast<double>(std::max(rows, cols));
    return 4 * small * small * large + 100 * small + 50;
}

} // namespace convmat::numerics
