#include <array>
#include <limits>

#include <klu.h>
#include <umfpack.h>

#include <convmat/solve/least_squares.hpp>

#include "direct.hpp"
#include "lu.hpp"

namespace convmat::solve {
namespace {

template <class S>
constexpr bool is_real = std::is_same_v<S, double>;

// Complex numbers of UMFPACK and KLU lie as std::complex does.
template <class S>
const double* numbers(const S* values) {
    return reinterpret_cast<const double*>(values);
}
template <class S>
double* numbers(S* values) {
    return reinterpret_cast<double*>(values);
}

[[noreturn]] void throw_singular(const char* package) {
    throw SingularError(concat(package, ": A is singular to working precision, expected an invertible A: take spqr, or "
                                        "a lambda above 0"));
}

void require_memory_for(bool enough, const char* package) {
    if (!enough) throw SizeError(concat(package, ": out of memory, expected a smaller layer"));
}

} // namespace

template <class S>
UmfpackLu<S>::UmfpackLu(Columns<S> matrix) : matrix_(std::move(matrix)) {
    const Index n = matrix_.rows();
    int status = 0;
    if constexpr (is_real<S>) {
        umfpack_dl_defaults(control_.data());
        control_[UMFPACK_PRL] = 0;
        status = static_cast<int>(umfpack_dl_symbolic(n, n, matrix_.outerIndexPtr(), matrix_.innerIndexPtr(),
                                                      matrix_.valuePtr(), &symbolic_, control_.data(), info_.data()));
    } else {
        umfpack_zl_defaults(control_.data());
        control_[UMFPACK_PRL] = 0;
        status = static_cast<int>(umfpack_zl_symbolic(n, n, matrix_.outerIndexPtr(), matrix_.innerIndexPtr(),
                                                      numbers(matrix_.valuePtr()), nullptr, &symbolic_, control_.data(),
                                                      info_.data()));
    }
    require_memory_for(status != UMFPACK_ERROR_out_of_memory, "umfpack");
    if (status < 0) throw std::runtime_error(concat("umfpack: status ", status, " of the analysis"));
}

template <class S>
UmfpackLu<S>::~UmfpackLu() {
    if constexpr (is_real<S>) {
        umfpack_dl_free_numeric(&numeric_);
        umfpack_dl_free_symbolic(&symbolic_);
    } else {
        umfpack_zl_free_numeric(&numeric_);
        umfpack_zl_free_symbolic(&symbolic_);
    }
}

template <class S>
Prediction UmfpackLu<S>::prediction() const {
    return {info_[UMFPACK_LNZ_ESTIMATE] + info_[UMFPACK_UNZ_ESTIMATE],
            info_[UMFPACK_FLOPS_ESTIMATE] * (is_real<S> ? 1 : 4),
            info_[UMFPACK_PEAK_MEMORY_ESTIMATE] * info_[UMFPACK_SIZE_OF_UNIT]};
}

template <class S>
bool UmfpackLu<S>::factorize() {
    int status = 0;
    if constexpr (is_real<S>) {
        umfpack_dl_free_numeric(&numeric_);
        status =
            static_cast<int>(umfpack_dl_numeric(matrix_.outerIndexPtr(), matrix_.innerIndexPtr(), matrix_.valuePtr(),
                                                symbolic_, &numeric_, control_.data(), info_.data()));
    } else {
        umfpack_zl_free_numeric(&numeric_);
        status = static_cast<int>(umfpack_zl_numeric(matrix_.outerIndexPtr(), matrix_.innerIndexPtr(),
                                                     numbers(matrix_.valuePtr()), nullptr, symbolic_, &numeric_,
                                                     control_.data(), info_.data()));
    }
    require_memory_for(status != UMFPACK_ERROR_out_of_memory, "umfpack");
    if (status < 0) throw std::runtime_error(concat("umfpack: status ", status, " of the factorisation"));
    return status != UMFPACK_WARNING_singular_matrix;
}

template <class S>
void UmfpackLu<S>::solve(const S* y, S* x) {
    int status = 0;
    if constexpr (is_real<S>)
        status = static_cast<int>(umfpack_dl_solve(UMFPACK_A, matrix_.outerIndexPtr(), matrix_.innerIndexPtr(),
                                                   matrix_.valuePtr(), x, y, numeric_, control_.data(), info_.data()));
    else
        status = static_cast<int>(umfpack_zl_solve(UMFPACK_A, matrix_.outerIndexPtr(), matrix_.innerIndexPtr(),
                                                   numbers(matrix_.valuePtr()), nullptr, numbers(x), nullptr,
                                                   numbers(y), nullptr, numeric_, control_.data(), info_.data()));
    require_memory_for(status != UMFPACK_ERROR_out_of_memory, "umfpack");
    if (status < 0) throw std::runtime_error(concat("umfpack: status ", status, " of the solution"));
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
    std::array<double, 2> mantissa = {0, 0};
    double exponent = 0;
    if constexpr (is_real<S>) {
        const auto status = umfpack_dl_get_determinant(mantissa.data(), &exponent, numeric_, info_.data());
        require_memory_for(status != UMFPACK_ERROR_out_of_memory, "umfpack");
        return {mantissa[0], exponent};
    } else {
        const auto status = umfpack_zl_get_determinant(mantissa.data(), nullptr, &exponent, numeric_, info_.data());
        require_memory_for(status != UMFPACK_ERROR_out_of_memory, "umfpack");
        return {S(mantissa[0], mantissa[1]), exponent};
    }
}

template class UmfpackLu<double>;
template class UmfpackLu<Complex>;

namespace {

template <class S>
class KluLu {
  public:
    explicit KluLu(Columns<S> matrix) : matrix_(std::move(matrix)) {
        klu_l_defaults(&common_);
        symbolic_ = klu_l_analyze(matrix_.rows(), matrix_.outerIndexPtr(), matrix_.innerIndexPtr(), &common_);
        require_memory_for(common_.status != KLU_OUT_OF_MEMORY && common_.status != KLU_TOO_LARGE, "klu");
        if (symbolic_ == nullptr) throw_singular("klu");
    }
    ~KluLu() {
        free_numeric();
        klu_l_free_symbolic(&symbolic_, &common_);
    }
    KluLu(const KluLu&) = delete;
    KluLu& operator=(const KluLu&) = delete;

    Prediction prediction() const {
        const double entries = symbolic_->lnz + symbolic_->unz;
        return {entries, symbolic_->est_flops * (is_real<S> ? 1 : 4), entries * (sizeof(S) + 8) * 1.5};
    }

    bool factorize() {
        free_numeric();
        auto* p = matrix_.outerIndexPtr();
        auto* i = matrix_.innerIndexPtr();
        double* x = numbers(matrix_.valuePtr());
        if constexpr (is_real<S>)
            numeric_ = klu_l_factor(p, i, x, symbolic_, &common_);
        else
            numeric_ = klu_zl_factor(p, i, x, symbolic_, &common_);
        require_memory_for(common_.status != KLU_OUT_OF_MEMORY && common_.status != KLU_TOO_LARGE, "klu");
        if (numeric_ == nullptr || common_.status == KLU_SINGULAR) return false;
        if constexpr (is_real<S>)
            klu_l_rcond(symbolic_, numeric_, &common_);
        else
            klu_zl_rcond(symbolic_, numeric_, &common_);
        return true;
    }

    void solve(const S* y, S* x) {
        std::copy_n(y, matrix_.rows(), x);
        if constexpr (is_real<S>)
            klu_l_solve(symbolic_, numeric_, matrix_.rows(), 1, x, &common_);
        else
            klu_zl_solve(symbolic_, numeric_, matrix_.rows(), 1, numbers(x), &common_);
        if (common_.status < KLU_OK) throw std::runtime_error(concat("klu: status ", common_.status));
    }

    Index entries() const { return numeric_->lnz + numeric_->unz; }
    double reciprocal_condition() const { return common_.rcond; }

  private:
    void free_numeric() {
        if (numeric_ == nullptr) return;
        if constexpr (is_real<S>)
            klu_l_free_numeric(&numeric_, &common_);
        else
            klu_zl_free_numeric(&numeric_, &common_);
    }

    Columns<S> matrix_;
    klu_l_common common_{};
    klu_l_symbolic* symbolic_ = nullptr;
    klu_l_numeric* numeric_ = nullptr;
};

// Factor: UmfpackLu or KluLu.
template <class S, class Factor>
class LuSolver final : public Solver<S> {
  public:
    LuSolver(const System<S>& system, Columns<S> matrix, const char* package)
        : system_(system),
          package_(package),
          lu_(std::move(matrix)) {}

    Prediction prediction() const { return lu_.prediction(); }

    void factorize(double) override {
        constexpr double least = std::numeric_limits<double>::epsilon();
        if (!lu_.factorize() || !(lu_.reciprocal_condition() > least)) throw_singular(package_);
    }

    // Refined once: a second solution costs little beside the factor.
    Steps solve(const S* y, S* x, Index count) override {
        using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;
        Vector r(system_.rows()), step(system_.cols());
        for (Index i = 0; i < count; ++i) {
            const Eigen::Map<const Vector> right(y + i * system_.rows(), system_.rows());
            Eigen::Map<Vector> solution(x + i * system_.cols(), system_.cols());
            lu_.solve(right.data(), solution.data());
            system_.apply(solution.data(), r.data());
            r = right - r;
            lu_.solve(r.data(), step.data());
            solution += step;
            require_solved(system_, package_, right.data(), solution.data());
        }
        return {1, true};
    }

    std::optional<Index> rank() const override { return system_.cols(); }
    std::optional<Index> factor_nnz() const override { return lu_.entries(); }
    std::optional<double> reciprocal_condition() const override { return lu_.reciprocal_condition(); }

  private:
    const System<S>& system_;
    const char* package_;
    Factor lu_;
};

} // namespace

template <class S>
Analysed<S> lu_solver(const System<S>& system, Lu package, double most_bytes) {
    const double stored = 2.0 * static_cast<double>(system.nnz()) * (sizeof(S) + 8);
    if (stored > most_bytes)
        throw SizeError(concat("LU: A alone takes ", stored, " bytes, expected at most ", most_bytes));
    const auto analysed = [](auto solver) {
        const Prediction prediction = solver->prediction();
        return Analysed<S>{std::move(solver), prediction};
    };
    const char* name = package == Lu::umfpack ? "umfpack" : "klu";
    Columns<S> matrix = system.columns();
    if (matrix.nonZeros() == 0) throw_singular(name); // they want arrays also where there is nothing in them
    if (package == Lu::umfpack)
        return analysed(std::make_unique<LuSolver<S, UmfpackLu<S>>>(system, std::move(matrix), name));
    return analysed(std::make_unique<LuSolver<S, KluLu<S>>>(system, std::move(matrix), name));
}

template Analysed<double> lu_solver(const System<double>&, Lu, double);
template Analysed<Complex> lu_solver(const System<Complex>&, Lu, double);

} // namespace convmat::solve
