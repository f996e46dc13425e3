#include "umfpack_lu.hpp"

#include <umfpack.h>

#include "../numerics/failure.hpp"

namespace convmat::solve {
namespace {

// UMFPACK's calls for real and for complex numbers under one name. Complex ones lie as std::complex does, which UMFPACK
// is told by the empty array of imaginary parts.

using UmfpackMatrix = Columns<double>;
using UmfpackComplexMatrix = Columns<Complex>;

const double* as_numbers(const Complex* values) { return reinterpret_cast<const double*>(values); }
double* as_numbers(Complex* values) { return reinterpret_cast<double*>(values); }

auto symbolic_of(const UmfpackMatrix& a, void** symbolic, const double* control, double* info) {
    return umfpack_dl_symbolic(a.rows(), a.cols(), a.outerIndexPtr(), a.innerIndexPtr(), a.valuePtr(), symbolic,
                               control, info);
}
auto symbolic_of(const UmfpackComplexMatrix& a, void** symbolic, const double* control, double* info) {
    return umfpack_zl_symbolic(a.rows(), a.cols(), a.outerIndexPtr(), a.innerIndexPtr(), as_numbers(a.valuePtr()),
                               nullptr, symbolic, control, info);
}

auto numeric_of(const UmfpackMatrix& a, void* symbolic, void** numeric, const double* control, double* info) {
    return umfpack_dl_numeric(a.outerIndexPtr(), a.innerIndexPtr(), a.valuePtr(), symbolic, numeric, control, info);
}
auto numeric_of(const UmfpackComplexMatrix& a, void* symbolic, void** numeric, const double* control, double* info) {
    return umfpack_zl_numeric(a.outerIndexPtr(), a.innerIndexPtr(), as_numbers(a.valuePtr()), nullptr, symbolic,
                              numeric, control, info);
}

auto solution_of(const UmfpackMatrix& a, const double* y, double* x, void* numeric, const double* control,
                 double* info) {
    return umfpack_dl_solve(UMFPACK_A, a.outerIndexPtr(), a.innerIndexPtr(), a.valuePtr(), x, y, numeric, control,
                            info);
}
auto solution_of(const UmfpackComplexMatrix& a, const Complex* y, Complex* x, void* numeric, const double* control,
                 double* info) {
    return umfpack_zl_solve(UMFPACK_A, a.outerIndexPtr(), a.innerIndexPtr(), as_numbers(a.valuePtr()), nullptr,
                            as_numbers(x), nullptr, as_numbers(y), nullptr, numeric, control, info);
}

auto determinant_of(double& mantissa, double& exponent, void* numeric, double* info) {
    return umfpack_dl_get_determinant(&mantissa, &exponent, numeric, info);
}
auto determinant_of(Complex& mantissa, double& exponent, void* numeric, double* info) {
    return umfpack_zl_get_determinant(as_numbers(&mantissa), nullptr, &exponent, numeric, info);
}

template <class S>
void free_umfpack_numeric(void** numeric) {
    std::is_same_v<S, double> ? umfpack_dl_free_numeric(numeric) : umfpack_zl_free_numeric(numeric);
}

// Warnings are positive.
template <class Status>
Status checked_status(Status status, const char* of) {
    if (status == UMFPACK_ERROR_out_of_memory)
        throw SizeError({.parameter = "kernel",
                         .value = "of this layer",
                         .expected = "a smaller layer",
                         .found = "umfpack: out of memory"});
    if (status < 0)
        throw numerics::Failure({.parameter = "",
                                 .value = concat(status),
                                 .expected = concat("a status of at least ", UMFPACK_OK),
                                 .found = concat("umfpack: status ", status, " of the ", of)});
    return status;
}

} // namespace

template <class S>
UmfpackLu<S>::UmfpackLu(Columns<S> matrix) : matrix_(std::move(matrix)) {
    umfpack_dl_defaults(control_.data()); // the same as those of zl
    control_[UMFPACK_PRL] = 0;
    checked_status(symbolic_of(matrix_, &symbolic_, control_.data(), info_.data()), "analysis");
}

template <class S>
UmfpackLu<S>::~UmfpackLu() {
    free_umfpack_numeric<S>(&numeric_);
    std::is_same_v<S, double> ? umfpack_dl_free_symbolic(&symbolic_) : umfpack_zl_free_symbolic(&symbolic_);
}

template <class S>
Prediction UmfpackLu<S>::prediction() const {
    return {info_[UMFPACK_LNZ_ESTIMATE] + info_[UMFPACK_UNZ_ESTIMATE],
            info_[UMFPACK_FLOPS_ESTIMATE] * (std::is_same_v<S, double> ? 1 : 4),
            info_[UMFPACK_PEAK_MEMORY_ESTIMATE] * info_[UMFPACK_SIZE_OF_UNIT]};
}

template <class S>
bool UmfpackLu<S>::factorize() {
    free_umfpack_numeric<S>(&numeric_);
    return checked_status(numeric_of(matrix_, symbolic_, &numeric_, control_.data(), info_.data()), "factorisation") !=
           UMFPACK_WARNING_singular_matrix;
}

template <class S>
void UmfpackLu<S>::solve(const S* y, S* x) {
    checked_status(solution_of(matrix_, y, x, numeric_, control_.data(), info_.data()), "solution");
}

template <class S>
Index UmfpackLu<S>::entries() const {
    return static_cast<Index>(info_[UMFPACK_LNZ] + info_[UMFPACK_UNZ]);
}

template <class S>
double UmfpackLu<S>::reciprocal_condition() const {
    return info_[UMFPACK_RCOND];
}

template <class S>
std::pair<S, double> UmfpackLu<S>::determinant() {
    S mantissa = 0;
    double exponent = 0;
    checked_status(determinant_of(mantissa, exponent, numeric_, info_.data()), "determinant");
    return {mantissa, exponent};
}

template class UmfpackLu<double>;
template class UmfpackLu<Complex>;

} // namespace convmat::solve
