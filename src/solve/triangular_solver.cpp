#include <algorithm>
#include <limits>

#include <convmat/solve/least_squares.hpp>
#include <convmat/structure/sparse.hpp>

#include "direct.hpp"
#include "survey.hpp"
#include "vector.hpp"

namespace convmat::solve {
namespace {

enum class Side { lower, upper, neither };

template <class S>
Side side_of(const Columns<S>& matrix) {
    bool lower = true, upper = true;
    for (Index j = 0; j < matrix.cols() && (lower || upper); ++j)
        for (typename Columns<S>::InnerIterator at(matrix, j); at; ++at) {
            lower = lower && at.row() >= j;
            upper = upper && at.row() <= j;
        }
    return lower ? Side::lower : upper ? Side::upper : Side::neither;
}

// -1, 0, 1: whether tap t reads before, at or behind its output, in row-major order.
int direction(const ConvGeometry& geometry, const Shape& t) {
    for (Index j = 0; j < geometry.rank(); ++j) {
        const Axis& axis = geometry.axis(j);
        const Index offset = axis.dilation * t[static_cast<std::size_t>(j)] - axis.padding.begin;
        if (offset != 0) return offset < 0 ? -1 : 1;
    }
    return 0;
}

template <class S>
class Triangular final : public Solver<S> {
  public:
    explicit Triangular(const System<S>& system) : system_(system), matrix_(system.columns()), side_(side_of(matrix_)) {
        if (side_ == Side::neither) throw refused("method", "triangular", {"A is not triangular", "a causal layer"});
    }

    std::optional<Singular> factorize(double) override {
        for (Index j = 0; j < matrix_.cols(); ++j)
            if (matrix_.coeff(j, j) == S(0))
                return Singular{.parameter = "method",
                                .value = "triangular",
                                .expected = "an invertible A",
                                .found = concat("triangular: entry ", j, " of A's diagonal is 0")};
        return std::nullopt;
    }

    Steps solve(const S* y, S* x, Index count) override {
        using Block = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
        Eigen::Map<Block> solution(x, system_.cols(), count);
        solution = Eigen::Map<const Block>(y, system_.rows(), count);
        if (side_ == Side::lower)
            matrix_.template triangularView<Eigen::Lower>().solveInPlace(solution);
        else
            matrix_.template triangularView<Eigen::Upper>().solveInPlace(solution);
        if (!solution.allFinite()) return {0, false, lost("triangular")};
        return {}; // of W' x = y, each entry of W' within rounding of A's (N. Higham, 2002, theorem 8.5)
    }

    std::optional<Index> rank() const override { return system_.cols(); }
    std::optional<Index> factor_nnz() const override { return matrix_.nonZeros(); }

  private:
    const System<S>& system_;
    Columns<S> matrix_;
    Side side_;
};

} // namespace

template <class S>
double rounding_of_start(const System<S>& system, const S* y) {
    return 2 * std::numeric_limits<double>::epsilon() * norm_of(system) *
           Eigen::Map<const Vector<S>>(y, system.rows()).norm();
}

template double rounding_of_start(const System<double>&, const double*);
template double rounding_of_start(const System<Complex>&, const Complex*);

template <class S>
bool is_solved(const System<S>& system, const S* y, const S* x) {
    constexpr double most_left = 1e-6;
    Vector<S> start(system.cols()), r(system.rows()), g(system.cols());
    system.apply_adjoint(y, start.data());
    system.normal_residual(0, y, x, r.data(), g.data());
    return g.norm() <= std::max(most_left * start.norm(), rounding_of_start(system, y));
}

Singular lost(const char* method) {
    return {.parameter = "method",
            .value = method,
            .expected = "a better conditioned A: take spqr, or a lambda above 0",
            .found = concat(method, ": the solution grows until nothing of y is left in it")};
}

template bool is_solved(const System<double>&, const double*, const double*);
template bool is_solved(const System<Complex>&, const Complex*, const Complex*);

template <class S>
Refusal not_square(const System<S>& system) {
    return {concat("A is ", system.rows(), "x", system.cols()), "a square one"};
}

template Refusal not_square(const System<double>&);
template Refusal not_square(const System<Complex>&);

template <class S>
Objection no_triangle_because(const System<S>& system) {
    const ConvGeometry& geometry = system.geometry();
    if (geometry.rows() != geometry.cols()) return not_square(system);
    if (geometry.in_channels_per_group() != 1 || geometry.out_channels_per_group() != 1)
        return Refusal{"outputs read several channels", "one a group"};
    for (const Axis& axis : geometry.axes())
        if (axis.input != axis.output || axis.stride != 1 || axis.boundary != Boundary::zero)
            return Refusal{"an axis is strided, changes its extent or is not zero-padded", "a causal layer"};
    bool before = false, behind = false;
    Shape taps;
    for (const Axis& axis : geometry.axes()) taps.push_back(axis.kernel);
    Index number = 0;
    for_each_position(taps, [&](const Shape& t) {
        const int side = direction(geometry, t);
        for (Index group = 0; group < geometry.groups(); ++group)
            if (system.kernel()[group * geometry.kernel_size() + number] != S(0)) {
                before = before || side < 0;
                behind = behind || side > 0;
            }
        ++number;
    });
    if (before && behind) return Refusal{"windows read positions before and behind their own", "a causal layer"};
    return {};
}

template <class S>
Analysed<S> triangular_solver(const System<S>& system, double most_bytes) {
    const double stored = static_cast<double>(system.nnz()) * (sizeof(S) + 8);
    require_fits("triangular: A takes", stored, most_bytes);
    return {std::make_unique<Triangular<S>>(system),
            {static_cast<double>(system.nnz()), 2 * static_cast<double>(system.nnz()), stored}};
}

template Objection no_triangle_because(const System<double>&);
template Objection no_triangle_because(const System<Complex>&);
template Analysed<double> triangular_solver(const System<double>&, double);
template Analysed<Complex> triangular_solver(const System<Complex>&, double);

} // namespace convmat::solve
