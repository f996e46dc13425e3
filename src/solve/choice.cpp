#include "choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <convmat/base/memory.hpp>

#include "direct.hpp"
#include "krylov_solver.hpp"
#include "preconditioner.hpp"
#include "svd_solver.hpp"

namespace convmat::solve {
namespace {

// Operations a second, as measured on two cores: dense blocks, products with sparse or structured matrices.
constexpr double dense_rate = 8e9;
constexpr double sparse_rate = 1.5e10;
constexpr double quick_seconds = 1;         // an exact method is not worth more, where another is quicker
constexpr double affordable_seconds = 60;   // of a factorisation, where an iteration may not converge
constexpr double steps_when_circulant = 60; // of an iteration, a guess
constexpr double steps_at_most = 2000;

bool penalised(const LeastSquaresOptions& options, double lambda) {
    return lambda > 0 && options.penalty != Penalty::none;
}

double rank_tolerance_of(const LeastSquaresOptions& options, Index rows, Index cols) {
    return options.rank_tolerance.value_or(static_cast<double>(std::max(rows, cols)) *
                                           std::numeric_limits<double>::epsilon());
}

void require_fits(const char* method, double bytes, const LeastSquaresOptions& options) {
    const double most = memory_of(options);
    if (bytes > most)
        throw SizeError(concat(method, ": the factors would take about ", bytes, " bytes, expected at most ", most));
}

std::string rounded(double value) { // two digits are all a prediction is worth
    std::ostringstream out;
    out.precision(2);
    out << value;
    return std::move(out).str();
}

[[noreturn]] void refuse(SolveMethod method, const std::string& because) {
    throw std::invalid_argument(concat("method ", to_string(method), ": ", because));
}

template <class S>
class Choice {
  public:
    Choice(const System<S>& system, const LeastSquaresOptions& options, double lambda)
        : system_(system),
          options_(options),
          lambda_(lambda) {}

    Chosen<S> of(SolveMethod method) const {
        const bool preconditioned =
            options_.preconditioner == Preconditioner::diagonal || options_.preconditioner == Preconditioner::circulant;
        const bool direct_method = method != SolveMethod::automatic && method < SolveMethod::lsqr;
        if (preconditioned && direct_method)
            throw std::invalid_argument(concat("preconditioner ", to_string(options_.preconditioner), ": method ",
                                               to_string(method), " takes none, expected lsqr, lsmr or cg"));
        switch (method) {
        case SolveMethod::fft:
        case SolveMethod::dct:
            return asked_transforms(method);
        case SolveMethod::kronecker:
            if (const std::string because = no_kronecker_because(system_); !because.empty()) refuse(method, because);
            return kronecker("as asked");
        case SolveMethod::triangular:
            require_unpenalised(method);
            if (const std::string because = no_triangle_because(system_); !because.empty()) refuse(method, because);
            return direct(method, "as asked");
        case SolveMethod::umfpack:
        case SolveMethod::klu:
            require_unpenalised(method);
            if (system_.rows() != system_.cols())
                refuse(method, concat("A is ", system_.rows(), "x", system_.cols(), ", expected a square one"));
            return direct(method, "as asked");
        case SolveMethod::cholmod:
        case SolveMethod::spqr:
            return direct(method, "as asked");
        case SolveMethod::lsqr:
        case SolveMethod::lsmr:
        case SolveMethod::cg:
            return iteration(method, "as asked");
        default:
            return automatic();
        }
    }

    // Where a factorisation met a singular system.
    Chosen<S> for_singular(const std::string& reason) const {
        const double seconds = 8 * rough_cholesky_seconds();
        if (seconds <= affordable()) {
            try {
                Chosen<S> chosen = direct(SolveMethod::spqr, reason + ": a rank-revealing factorisation");
                chosen.solver->factorize(lambda_);
                return chosen;
            } catch (const SizeError&) {
            } catch (const SingularError&) {
            }
        }
        Chosen<S> chosen = iteration(SolveMethod::lsmr, reason + ": an iteration needs no full rank");
        chosen.solver->factorize(lambda_);
        return chosen;
    }

  private:
    bool penalised() const { return solve::penalised(options_, lambda_); }
    double affordable() const { return options_.most_seconds.value_or(affordable_seconds); }

    void require_unpenalised(SolveMethod method) const {
        if (penalised()) refuse(method, concat("solves A x = y alone, expected lambda 0, got ", options_.lambda));
    }

    Chosen<S> asked_transforms(SolveMethod method) const {
        if (const std::string because = no_transforms_because(system_); !because.empty()) refuse(method, because);
        const bool fourier = has_fourier_axis(system_);
        if (fourier != (method == SolveMethod::fft))
            refuse(method, fourier ? "an axis is periodic, expected fft" : "no axis is periodic, expected dct");
        return transforms("as asked");
    }

    Chosen<S> transforms(const std::string& reason) const {
        const SolveMethod method = has_fourier_axis(system_) ? SolveMethod::fft : SolveMethod::dct;
        const double bytes = transform_bytes(system_);
        require_fits(method == SolveMethod::fft ? "fft" : "dct", bytes, options_);
        SolvePlan plan{method, reason, bytes, transform_operations(system_) / dense_rate};
        return {plan, svd_solver([this_system = &system_] { return transform_svds(*this_system); })};
    }

    Chosen<S> kronecker(const std::string& reason) const {
        const double bytes = kronecker_bytes(system_);
        require_fits("kronecker", bytes, options_);
        SolvePlan plan{SolveMethod::kronecker, reason, bytes, kronecker_operations(system_) / dense_rate};
        return {plan, svd_solver([this_system = &system_] { return kronecker_svds(*this_system); })};
    }

    std::unique_ptr<Solver<S>> svd_solver(typename SvdSolver<S>::Decompose decompose) const {
        return std::make_unique<SvdSolver<S>>(system_, std::move(decompose),
                                              rank_tolerance_of(options_, system_.rows(), system_.cols()),
                                              8 * std::numeric_limits<double>::epsilon() * norm_of(system_));
    }

    // About ||[A; λ L]||.
    double stacked_norm() const {
        const auto axes = static_cast<double>(system_.geometry().rank());
        double penalty = options_.penalty == Penalty::none ? 0 : 1;
        if (options_.penalty == Penalty::gradient) penalty = 2 * std::sqrt(axes);
        if (options_.penalty == Penalty::laplacian) penalty = 4 * axes;
        return std::max(norm_of(system_), lambda_ * penalty);
    }

    Analysed<S> analysed(SolveMethod method) const {
        const double most = memory_of(options_);
        switch (method) {
        case SolveMethod::cholmod:
            return cholesky_solver(system_, most);
        case SolveMethod::spqr:
            return qr_solver(system_, options_.solution,
                             rank_tolerance_of(options_, system_.rows(), system_.cols()) * stacked_norm(), most);
        case SolveMethod::umfpack:
            return lu_solver(system_, Lu::umfpack, most);
        case SolveMethod::klu:
            return lu_solver(system_, Lu::klu, most);
        default:
            return triangular_solver(system_, most);
        }
    }

    Chosen<S> direct(SolveMethod method, const std::string& reason) const {
        Analysed<S> analysed = this->analysed(method);
        const Prediction& prediction = analysed.prediction;
        require_fits(std::string(to_string(method)).c_str(), prediction.bytes, options_);
        const double rate = method == SolveMethod::triangular ? sparse_rate : dense_rate;
        return {{method, reason, prediction.bytes, prediction.operations / rate}, std::move(analysed.solver)};
    }

    double steps_guess(Preconditioner preconditioner) const {
        const double digits = std::log(2 / options_.tolerance);
        double steps = steps_at_most;
        if (penalised()) steps = std::min(steps, digits / 2 * (1 + norm_of(system_) / lambda_));
        return preconditioner == Preconditioner::circulant ? std::min(steps, steps_when_circulant) : steps;
    }

    Chosen<S> iteration(SolveMethod method, const std::string& reason) const {
        LeastSquaresOptions scaled = options_;
        scaled.lambda = lambda_;
        const Preconditioned how = choose_preconditioner(system_, scaled);
        const auto vector = static_cast<double>((system_.rows() + system_.cols()) * Index{sizeof(S)});
        const double bytes = 12 * vector + (how.kind == Preconditioner::circulant ? circulant_bytes(system_) : 0);
        require_fits(std::string(to_string(method)).c_str(), bytes, options_);
        const double seconds = iteration_seconds(how.kind);
        SolvePlan plan{method, concat(reason, ", ", how.reason), bytes, seconds};
        return {plan, krylov_solver(system_, method, how.kind, options_)};
    }

    // Without an analysis: the last separator of nested dissection is dense, of S unknowns; its factor takes S³ / 3,
    // the others together about 50 times that (as measured on squares).
    double rough_cholesky_seconds() const {
        const bool wide = system_.rows() < system_.cols() &&
                          (options_.penalty == Penalty::none || options_.penalty == Penalty::identity);
        const Grid grid = unknowns_of(system_, wide ? Unknowns::y : Unknowns::x);
        double unknowns = static_cast<double>(grid.channels) / static_cast<double>(grid.groups), positions = 1;
        double cut = std::numeric_limits<double>::infinity(), band = 1;
        for (std::size_t j = 0; j < grid.extents.size(); ++j) {
            positions *= static_cast<double>(grid.extents[j]);
            const auto n = static_cast<double>(grid.extents[j]);
            const double thick = std::min(n, static_cast<double>(grid.widths[j] * (grid.periodic[j] ? 2 : 1)));
            cut = std::min(cut, thick / n);
            band *= std::max(1.0, thick);
        }
        const double separator = cut * positions * unknowns;
        const double local = positions * unknowns * std::pow(band * unknowns, 2);
        const double complex = Eigen::NumTraits<S>::IsComplex ? 4 : 1;
        return static_cast<double>(grid.groups) * (16 * std::pow(separator, 3) + local) * complex / dense_rate;
    }

    struct Guess {
        Preconditioned how;
        double seconds = 0;
    };

    Guess iteration_guess() const {
        LeastSquaresOptions scaled = options_;
        scaled.lambda = lambda_;
        const Preconditioned how = choose_preconditioner(system_, scaled);
        return {how, iteration_seconds(how.kind)};
    }

    double iteration_seconds(Preconditioner kind) const {
        const double once = kind == Preconditioner::circulant ? circulant_operations(system_) / dense_rate : 0;
        return once + steps_guess(kind) * krylov_step_operations(system_, kind) / sparse_rate;
    }

    bool least_norm() const { return !penalised() && options_.solution == Solution::minimum_norm; }

    // An exact SVD knows the rank and every λ; it is taken where it is quick, or nothing else is quicker.
    bool worth(double seconds) const {
        if (seconds > affordable()) return false;
        if (least_norm() || seconds <= quick_seconds) return true;
        return seconds <= std::min(rough_cholesky_seconds(), iteration_guess().seconds);
    }

    // Of several axes or channels: the SVD of one axis is no more than a dense matrix's.
    bool is_product() const {
        const ConvGeometry& geometry = system_.geometry();
        return geometry.rank() > 1 || geometry.in_channels_per_group() * geometry.out_channels_per_group() > 1;
    }

    // Nothing where it would not fit.
    template <class Make>
    std::optional<Chosen<S>> if_it_fits(const Make& make) const {
        try {
            return make();
        } catch (const SizeError&) {
            return std::nullopt;
        }
    }

    Chosen<S> automatic() const {
        std::optional<Chosen<S>> chosen;
        if (no_transforms_because(system_).empty() && worth(transform_operations(system_) / dense_rate))
            chosen =
                if_it_fits([&] { return transforms("transforms take A apart into blocks, one a frequency, exactly"); });
        if (!chosen && !penalised() && no_triangle_because(system_).empty())
            chosen =
                if_it_fits([&] { return direct(SolveMethod::triangular, "the layer is causal: A is triangular"); });
        if (!chosen && is_product() && no_kronecker_because(system_).empty() &&
            worth(kronecker_operations(system_) / dense_rate))
            chosen =
                if_it_fits([&] { return kronecker("the kernel separates: an exact SVD from those of small factors"); });
        if (!chosen) chosen = by_factors();
        return chosen ? std::move(*chosen) : by_iteration();
    }

    // Where a factor is the quicker way, or the surer one: without a penalty an iteration may take forever.
    std::optional<Chosen<S>> by_factors() const {
        const double rough = rough_cholesky_seconds();
        const SolveMethod method = least_norm() ? SolveMethod::spqr : SolveMethod::cholmod;
        double most = affordable();
        if (least_norm()) most /= 8; // QR takes that much longer
        if (penalised()) most = std::min(most, std::max(1.5 * iteration_guess().seconds, 0.1));
        if (rough > most) return std::nullopt;
        auto chosen = if_it_fits([&] { return direct(method, guesses()); });
        return chosen && chosen->plan.seconds <= affordable() ? std::move(chosen) : std::nullopt;
    }

    std::string guesses() const {
        return concat("no structure; a factor by about ", rounded(rough_cholesky_seconds()),
                      " s, an iteration by about ", rounded(iteration_guess().seconds), " s");
    }

    Chosen<S> by_iteration() const {
        const Preconditioner kind = iteration_guess().how.kind;
        return iteration(penalised() || kind == Preconditioner::circulant ? SolveMethod::cg : SolveMethod::lsmr,
                         guesses());
    }

    const System<S>& system_;
    const LeastSquaresOptions& options_;
    double lambda_;
};

} // namespace

double memory_of(const LeastSquaresOptions& options) {
    const auto available = static_cast<double>(available_memory());
    return options.most_memory ? std::min(available, static_cast<double>(*options.most_memory)) : available;
}

template <class S>
double norm_of(const System<S>& system) {
    const ConvGeometry& geometry = system.geometry();
    const Index each = geometry.weights() / geometry.out_channels();
    double most = 0;
    for (Index o = 0; o < geometry.out_channels(); ++o) {
        double sum = 0;
        for (Index i = 0; i < each; ++i) sum += std::abs(system.kernel()[o * each + i]);
        most = std::max(most, sum);
    }
    return most;
}

template <class S>
Chosen<S> choose(const System<S>& system, const LeastSquaresOptions& options, double lambda) {
    return Choice<S>(system, options, lambda).of(options.method);
}

template <class S>
Chosen<S> choose_for_singular(const System<S>& system, const LeastSquaresOptions& options, double lambda,
                              const SolvePlan& before) {
    return Choice<S>(system, options, lambda).for_singular(concat(to_string(before.method), " found A singular"));
}

template double norm_of(const System<double>&);
template double norm_of(const System<Complex>&);
template Chosen<double> choose(const System<double>&, const LeastSquaresOptions&, double);
template Chosen<Complex> choose(const System<Complex>&, const LeastSquaresOptions&, double);
template Chosen<double> choose_for_singular(const System<double>&, const LeastSquaresOptions&, double,
                                            const SolvePlan&);
template Chosen<Complex> choose_for_singular(const System<Complex>&, const LeastSquaresOptions&, double,
                                             const SolvePlan&);

} // namespace convmat::solve
