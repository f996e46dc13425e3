#include <limits>

#include <klu.h>

#include <convmat/solve/least_squares.hpp>

#include "../numerics/failure.hpp"
#include "direct.hpp"
#include "umfpack_lu.hpp"
#include "vector.hpp"

namespace convmat::solve {
namespace {

// KLU's calls for real and for complex numbers under one name; complex ones lie as std::complex does.
template <class S>
struct KluCalls;

template <>
struct KluCalls<double> {
    static constexpr auto factor = klu_l_factor;
    static constexpr auto solve = klu_l_solve;
    static constexpr auto rcond = klu_l_rcond;
    static constexpr auto free_numeric = klu_l_free_numeric;
};

template <>
struct KluCalls<Complex> {
    static constexpr auto factor = klu_zl_factor;
    static constexpr auto solve = klu_zl_solve;
    static constexpr auto rcond = klu_zl_rcond;
    static constexpr auto free_numeric = klu_zl_free_numeric;
};

Singular singular_lu(const char* package) {
    return {.parameter = "method",
            .value = package,
            .expected = "an invertible A: take spqr, or a lambda above 0",
            .found = concat(package, ": A is singular to working precision")};
}

template <class S>
class KluLu {
  public:
    explicit KluLu(Columns<S> matrix) : matrix_(std::move(matrix)) {
        klu_l_defaults(&common_);
        symbolic_ = klu_l_analyze(matrix_.rows(), matrix_.outerIndexPtr(), matrix_.innerIndexPtr(), &common_);
        require_room();
        if (symbolic_ == nullptr) throw SingularError(singular_lu("klu"));
    }
    ~KluLu() {
        free_numeric();
        klu_l_free_symbolic(&symbolic_, &common_);
    }
    KluLu(const KluLu&) = delete;
    KluLu& operator=(const KluLu&) = delete;

    Prediction prediction() const {
        const double entries = symbolic_->lnz + symbolic_->unz;
        return {entries, symbolic_->est_flops * (std::is_same_v<S, double> ? 1 : 4), entries * (sizeof(S) + 8) * 1.5};
    }

    bool factorize() {
        free_numeric();
        numeric_ = KluCalls<S>::factor(matrix_.outerIndexPtr(), matrix_.innerIndexPtr(), numbers(matrix_.valuePtr()),
                                       symbolic_, &common_);
        require_room();
        if (numeric_ == nullptr || common_.status == KLU_SINGULAR) return false;
        KluCalls<S>::rcond(symbolic_, numeric_, &common_);
        return true;
    }

    void solve(const S* y, S* x) {
        std::copy_n(y, matrix_.rows(), x);
        KluCalls<S>::solve(symbolic_, numeric_, matrix_.rows(), 1, numbers(x), &common_);
        if (common_.status < KLU_OK)
            throw numerics::Failure({.parameter = "",
                                     .value = concat(common_.status),
                                     .expected = concat("a status of at least ", KLU_OK),
                                     .found = concat("klu: status ", common_.status, " of the solution")});
    }

    Index entries() const { return numeric_->lnz + numeric_->unz; }
    double reciprocal_condition() const { return common_.rcond; }

  private:
    static double* numbers(S* values) { return reinterpret_cast<double*>(values); }

    void free_numeric() {
        if (numeric_ != nullptr) KluCalls<S>::free_numeric(&numeric_, &common_);
    }

    void require_room() const {
        if (common_.status == KLU_OUT_OF_MEMORY || common_.status == KLU_TOO_LARGE)
            throw SizeError({.parameter = "kernel",
                             .value = "of this layer",
                             .expected = "a smaller layer",
                             .found = "klu: out of memory"});
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

    std::optional<Singular> factorize(double) override {
        constexpr double least = std::numeric_limits<double>::epsilon();
        if (lu_.factorize() && lu_.reciprocal_condition() > least) return std::nullopt;
        return singular_lu(package_);
    }

    // Refined once: a second solution costs little beside the factor.
    Steps solve(const S* y, S* x, Index count) override {
        Vector<S> r(system_.rows()), step(system_.cols());
        for (Index i = 0; i < count; ++i) {
            const Eigen::Map<const Vector<S>> right(y + i * system_.rows(), system_.rows());
            Eigen::Map<Vector<S>> solution(x + i * system_.cols(), system_.cols());
            lu_.solve(right.data(), solution.data());
            system_.apply(solution.data(), r.data());
            r = right - r;
            lu_.solve(r.data(), step.data());
            solution += step;
            if (!is_solved(system_, right.data(), solution.data())) return {1, false, lost(package_)};
        }
        return {1, true, {}};
    }

    std::optional<Index> rank() const override { return system_.cols(); }
    std::optional<Index> factor_nnz() const override { return lu_.entries(); }
    std::optional<double> reciprocal_condition() const override { return lu_.reciprocal_condition(); }

  private:
    const System<S>& system_;
    const char* package_;
    Factor lu_;
};

template <class S, class Factor>
Analysed<S> analysed_lu(const System<S>& system, double most_bytes, const char* package) {
    require_fits("LU: A alone takes", 2.0 * static_cast<double>(system.nnz()) * (sizeof(S) + 8), most_bytes);
    Columns<S> matrix = system.columns();
    // They want arrays also where there is nothing in them.
    if (matrix.nonZeros() == 0) throw SingularError(singular_lu(package));
    auto solver = std::make_unique<LuSolver<S, Factor>>(system, std::move(matrix), package);
    const Prediction prediction = solver->prediction();
    return {std::move(solver), prediction};
}

} // namespace

template <class S>
Analysed<S> umfpack_solver(const System<S>& system, double most_bytes) {
    return analysed_lu<S, UmfpackLu<S>>(system, most_bytes, "umfpack");
}

template <class S>
Analysed<S> klu_solver(const System<S>& system, double most_bytes) {
    return analysed_lu<S, KluLu<S>>(system, most_bytes, "klu");
}

template Analysed<double> umfpack_solver(const System<double>&, double);
template Analysed<Complex> umfpack_solver(const System<Complex>&, double);
template Analysed<double> klu_solver(const System<double>&, double);
template Analysed<Complex> klu_solver(const System<Complex>&, double);

} // namespace convmat::solve
