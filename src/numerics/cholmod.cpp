#include "cholmod.hpp"

#include <algorithm>
#include <array>

#include "failure.hpp"

namespace convmat::numerics {

CholmodSession::CholmodSession() {
    cholmod_l_start(&common_);
    common_.print = 0;
    common_.error_handler = nullptr;
    common_.try_catch = 1;
}

CholmodSession::~CholmodSession() { cholmod_l_finish(&common_); }

void CholmodSession::require_success(const char* what) const {
    if (common_.status == CHOLMOD_OUT_OF_MEMORY || common_.status == CHOLMOD_TOO_LARGE)
        throw SizeError({.parameter = "",
                         .value = "",
                         .expected = "a smaller matrix",
                         .found = concat(what, ": CHOLMOD ran out of memory")});
    if (common_.status < CHOLMOD_OK)
        throw Failure({.parameter = "",
                       .value = concat(common_.status),
                       .expected = concat("status ", CHOLMOD_OK),
                       .found = concat(what, ": CHOLMOD's status ", common_.status)});
}

template <class S>
cholmod_sparse as_cholmod(const SparseColumns<S>& matrix) {
    cholmod_sparse view{};
    view.nrow = static_cast<std::size_t>(matrix.rows());
    view.ncol = static_cast<std::size_t>(matrix.cols());
    view.nzmax = static_cast<std::size_t>(matrix.nonZeros());
    view.p = const_cast<std::int64_t*>(matrix.outerIndexPtr());
    view.i = const_cast<std::int64_t*>(matrix.innerIndexPtr());
    view.x = const_cast<S*>(matrix.valuePtr());
    if (matrix.nonZeros() == 0) { // CHOLMOD wants arrays also where there is nothing in them
        static std::int64_t no_index = 0;
        static S no_value = 0;
        view.i = &no_index;
        view.x = &no_value;
    }
    view.stype = 0;
    view.itype = CHOLMOD_LONG;
    view.xtype = cholmod_kind<S>;
    view.dtype = CHOLMOD_DOUBLE;
    view.sorted = 1;
    view.packed = 1;
    return view;
}

template <class S>
CholeskyOfGram<S>::CholeskyOfGram(const SparseColumns<S>& a, const std::vector<std::int64_t>* order)
    : a_(as_cholmod(a)) {
    cholmod_common* common = session_.get();
    common->final_ll = 1;
    if (order == nullptr) {
        factor_ = cholmod_l_analyze(&a_, common);
    } else {
        common->nmethods = 1;
        common->method[0].ordering = CHOLMOD_GIVEN;
        factor_ = cholmod_l_analyze_p(&a_, const_cast<std::int64_t*>(order->data()), nullptr, 0, common);
    }
    session_.require_success("analysis of W^H W");
}

template <class S>
CholeskyOfGram<S>::~CholeskyOfGram() {
    cholmod_l_free_factor(&factor_, session_.get());
}

template <class S>
double CholeskyOfGram<S>::factor_entries() const {
    return session_.get()->lnz;
}

template <class S>
double CholeskyOfGram<S>::operations() const {
    return session_.get()->fl;
}

template <class S>
double CholeskyOfGram<S>::reciprocal_condition() const {
    return cholmod_l_rcond(factor_, session_.get());
}

template <class S>
bool CholeskyOfGram<S>::factor(double beta) {
    std::array<double, 2> shift = {beta, 0};
    cholmod_l_factorize_p(&a_, shift.data(), nullptr, 0, factor_, session_.get());
    session_.require_success("Cholesky factor of W^H W");
    return session_.get()->status != CHOLMOD_NOT_POSDEF && factor_->minor == factor_->n;
}

template <class S>
void CholeskyOfGram<S>::solve_steps(std::initializer_list<int> systems, const S* b, S* x, Index count) const {
    const auto rows = static_cast<std::size_t>(size()), columns = static_cast<std::size_t>(count);
    cholmod_dense right{};
    right.nrow = right.d = rows;
    right.ncol = columns;
    right.nzmax = rows * columns;
    right.x = const_cast<S*>(b);
    right.xtype = cholmod_kind<S>;
    right.dtype = CHOLMOD_DOUBLE;
    cholmod_dense* last = nullptr;
    for (const int system : systems) {
        cholmod_dense* next = cholmod_l_solve(system, factor_, last == nullptr ? &right : last, session_.get());
        cholmod_l_free_dense(&last, session_.get());
        session_.require_success("solution with the Cholesky factor");
        last = next;
    }
    std::copy_n(static_cast<const S*>(last->x), rows * columns, x);
    cholmod_l_free_dense(&last, session_.get());
}

template <class S>
void CholeskyOfGram<S>::solve(const S* b, S* x, Index count) const {
    solve_steps({CHOLMOD_A}, b, x, count);
}

template <class S>
void CholeskyOfGram<S>::solve_lower(const S* b, S* x, Index count) const {
    solve_steps({CHOLMOD_P, CHOLMOD_L}, b, x, count);
}

template <class S>
void CholeskyOfGram<S>::solve_lower_adjoint(const S* b, S* x, Index count) const {
    solve_steps({CHOLMOD_Lt, CHOLMOD_Pt}, b, x, count);
}

template cholmod_sparse as_cholmod(const SparseColumns<double>&);
template cholmod_sparse as_cholmod(const SparseColumns<Complex>&);
template class CholeskyOfGram<double>;
template class CholeskyOfGram<Complex>;

} // namespace convmat::numerics
