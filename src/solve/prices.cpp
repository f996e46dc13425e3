#include "prices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <convmat/base/memory.hpp>

namespace convmat::solve {
namespace {

constexpr double affordable_seconds = 60;   // of a factorisation, where an iteration may not converge
constexpr double steps_when_circulant = 60; // of an iteration, a guess
constexpr double steps_at_most = 2000;
constexpr double most_edge_positions = 100; // each may cost the preconditioned iteration a step
constexpr double qr_to_cholesky = 6;        // operations
constexpr double lu_to_cholesky = 4;        // operations
constexpr double lu_entry_bytes = 32;       // for each of the Cholesky factor's: two of LU, with their index

// Outputs whose window reaches over an edge.
double edge_positions(const ConvGeometry& geometry) {
    double all = static_cast<double>(geometry.out_channels()), inner = all;
    for (const Axis& axis : geometry.axes()) {
        const auto m = static_cast<double>(axis.output);
        const double edge = static_cast<double>(axis.effective_kernel()) / static_cast<double>(axis.stride);
        const bool closed = axis.boundary == Boundary::periodic && axis.output * axis.stride == axis.input;
        all *= m;
        inner *= closed ? m : std::max(0.0, m - edge);
    }
    return all - inner;
}

// Without a penalty an iteration with M tends to the solution of least ||M x||.
Preconditioned preconditioned_as_asked(Preconditioner asked, bool least_norm, const Objection& no_twin) {
    if (asked == Preconditioner::none) return {asked, "without a preconditioner, as asked"};
    Preconditioned result{asked, concat("with a ", to_string(asked), " preconditioner, as asked")};
    if (least_norm)
        result.objection = Refusal{"leads away from the x of least norm", "none"};
    else
        result.objection = no_twin;
    return result;
}

template <class S>
double bytes_of_matrix(const System<S>& system) {
    return static_cast<double>(system.nnz()) * (sizeof(S) + 8);
}

} // namespace

template <class S>
double Prospect<S>::most_bytes() const {
    const auto available = static_cast<double>(available_memory());
    return options().most_memory ? std::min(available, static_cast<double>(*options().most_memory)) : available;
}

template <class S>
double Prospect<S>::most_seconds() const {
    return options().most_seconds.value_or(affordable_seconds);
}

template <class S>
double Prospect<S>::rank_tolerance() const {
    return options().rank_tolerance.value_or(static_cast<double>(std::max(system().rows(), system().cols())) *
                                             std::numeric_limits<double>::epsilon());
}

template <class S>
double Prospect<S>::stacked_norm() const {
    const auto axes = static_cast<double>(system().geometry().rank());
    double penalty = options().penalty == Penalty::none ? 0 : 1;
    if (options().penalty == Penalty::gradient) penalty = 2 * std::sqrt(axes);
    if (options().penalty == Penalty::laplacian) penalty = 4 * axes;
    return std::max(survey_.norm(), lambda_ * penalty);
}

template <class S>
const Preconditioned& Prospect<S>::preconditioned() {
    if (!preconditioned_) preconditioned_ = choose_preconditioner();
    return *preconditioned_;
}

template <class S>
Preconditioned Prospect<S>::choose_preconditioner() const {
    const Preconditioner asked = options().preconditioner;
    if (asked == Preconditioner::circulant && !least_norm())
        return preconditioned_as_asked(asked, false, survey_.periodic_twin().objection());
    if (asked != Preconditioner::automatic) return preconditioned_as_asked(asked, least_norm(), {});
    if (!penalised() && (options().solution == Solution::minimum_norm || system().rows() < system().cols()))
        return {Preconditioner::none, "without a preconditioner, so that x is the one of least norm"};
    if (const Objection& no_twin = survey_.periodic_twin().objection())
        return {Preconditioner::none, concat("without a preconditioner: ", no_twin->because)};
    const double edge = edge_positions(system().geometry());
    if (edge > most_edge_positions)
        return {Preconditioner::none,
                concat("without a preconditioner: a periodic layer differs from this one at ", edge,
                       " outputs, expected at most ", most_edge_positions, " for it to help")};
    return {Preconditioner::circulant, "with a circulant preconditioner, the layer as if it were periodic"};
}

template <class S>
double Prospect<S>::steps_guess(Preconditioner kind) const {
    const double digits = std::log(2 / options().tolerance);
    double steps = steps_at_most;
    if (penalised()) steps = std::min(steps, digits / 2 * (1 + survey_.norm() / lambda_));
    return kind == Preconditioner::circulant ? std::min(steps, steps_when_circulant) : steps;
}

// Vectors pass through memory, transforms are slower than products: both are counted as what takes as long.
template <class S>
double Prospect<S>::step_operations(Preconditioner kind) const {
    const auto cols = static_cast<double>(system().cols());
    double operations = 4 * static_cast<double>(system().nnz()) + 200 * cols;
    if (kind == Preconditioner::circulant) operations += 50 * cols * std::log2(cols + 2);
    return operations * (Eigen::NumTraits<S>::IsComplex ? 4 : 1);
}

template <class S>
double Prospect<S>::iteration_seconds() {
    return iteration().seconds;
}

template <class S>
Price Prospect<S>::iteration() {
    const Preconditioned& how = preconditioned();
    if (how.objection) throw refused("preconditioner", to_string(how.kind), *how.objection);
    const auto vector = static_cast<double>((system().rows() + system().cols()) * Index{sizeof(S)});
    Price price{12 * vector, steps_guess(how.kind) * step_operations(how.kind) / sparse_rate};
    if (how.kind == Preconditioner::circulant) {
        price.bytes += survey_.periodic_twin().bytes();
        price.seconds += survey_.periodic_twin().operations() / dense_rate;
    }
    return price;
}

template <class S>
Price Prospect<S>::transforms() const {
    const Transformable<S>& layer = survey_.transformable();
    return {layer.bytes(), layer.operations() / dense_rate};
}

template <class S>
Price Prospect<S>::kronecker() const {
    const Separable<S>& layer = survey_.separable();
    return {layer.bytes(), layer.operations() / dense_rate};
}

template <class S>
Price Prospect<S>::triangular() const {
    return {bytes_of_matrix(system()), 2 * static_cast<double>(system().nnz()) / sparse_rate};
}

template <class S>
Price Prospect<S>::cholmod() const {
    return {1.4 * survey_.cholesky_entries() * sizeof(S) + 2 * bytes_of_matrix(system()), survey_.cholesky_seconds()};
}

template <class S>
Price Prospect<S>::spqr() const {
    const double twice = options().solution == Solution::minimum_norm ? 2 : 1;
    return {2 * 4 * twice * survey_.cholesky_entries() * sizeof(S) + 3 * bytes_of_matrix(system()),
            qr_to_cholesky * twice * survey_.cholesky_seconds()};
}

template <class S>
Price Prospect<S>::lu() const {
    return {lu_entry_bytes * survey_.cholesky_entries() + 2 * bytes_of_matrix(system()),
            lu_to_cholesky * survey_.cholesky_seconds()};
}

template class Prospect<double>;
template class Prospect<Complex>;

} // namespace convmat::solve
