#include <convmat/spectrum/rank.hpp>

#include <algorithm>

#include <SuiteSparseQR.hpp>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/exact_rank.hpp>

#include "../numerics/cholmod.hpp"
#include "../numerics/golub_kahan.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "rank_of_values.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;

constexpr double most_spectrum_operations = 2e11; // of all singular values, before SPQR is the quicker way
constexpr Index most_exact_entries = Index{1} << 22;

template <class S>
using Columns = Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t>;

// W E = Q R, R without its rows of zeros.
template <class S>
struct SparseQr {
    Columns<S> r;
    std::vector<Index> order; // column j of W E is column order[j] of W
};

void require_entries(double entries, Index most) {
    if (entries > static_cast<double>(most))
        throw SizeError(concat("rank: the QR factor of W would have up to ", entries, " entries, expected at most ",
                               most, " (SpectrumOptions::most_factor_entries)"));
}

// R of the QR factorisation lies in the pattern of the Cholesky factor of W^H W.
template <class S>
void require_factor_fits(const Columns<S>& w, const SpectrumOptions& options) {
    require_entries(static_cast<double>(w.nonZeros()), options.most_factor_entries);
    const Columns<S> adjoint = w.adjoint();
    const CholeskyOfGram<S> gram(adjoint);
    require_entries(gram.factor_entries(), options.most_factor_entries);
    require_memory(static_cast<Index>(4 * gram.factor_entries()) * Index{sizeof(S)}, "the QR factor of W");
}

// What SPQR allocates, until it has been copied.
struct SparseHandle {
    cholmod_sparse* of = nullptr;
    cholmod_common* common = nullptr;
    ~SparseHandle() { cholmod_l_free_sparse(&of, common); }
};

struct OrderHandle {
    SuiteSparse_long* of = nullptr;
    std::size_t size = 0;
    cholmod_common* common = nullptr;
    ~OrderHandle() { cholmod_l_free(size, sizeof(SuiteSparse_long), of, common); }
};

template <class S>
SparseQr<S> factored(const Columns<S>& w, double tolerance) {
    CholmodSession session;
    cholmod_sparse a = as_cholmod(w);
    SparseHandle r{nullptr, session.get()};
    OrderHandle order{nullptr, static_cast<std::size_t>(w.cols()), session.get()};
    const SuiteSparse_long rank =
        SuiteSparseQR<S>(SPQR_ORDERING_DEFAULT, tolerance, w.rows(), &a, &r.of, &order.of, session.get());
    session.require_success("SPQR");
    SparseQr<S> qr;
    for (Index j = 0; j < w.cols(); ++j) qr.order.push_back(order.of == nullptr ? j : order.of[j]);
    const auto* offsets = static_cast<const std::int64_t*>(r.of->p);
    const Eigen::Map<const Columns<S>> all(static_cast<Index>(r.of->nrow), w.cols(), offsets[w.cols()], offsets,
                                           static_cast<const std::int64_t*>(r.of->i), static_cast<const S*>(r.of->x));
    qr.r = Columns<S>(all).topRows(rank);
    return qr;
}

// R is a staircase: a column that reaches one row further than those before it is a pivot, the others depend on pivots.
struct Staircase {
    std::vector<Index> pivots;
    std::vector<Index> others;
};

template <class S>
Staircase staircase_of(const Columns<S>& r) {
    Staircase columns;
    for (Index j = 0; j < r.cols(); ++j) {
        Index last = -1;
        for (typename Columns<S>::InnerIterator at(r, j); at; ++at)
            if (at.value() != S(0)) last = std::max(last, at.row());
        (last == std::ssize(columns.pivots) ? columns.pivots : columns.others).push_back(j);
    }
    if (std::ssize(columns.pivots) != r.rows())
        throw std::runtime_error(
            concat("null_space: SPQR's R has ", columns.pivots.size(), " pivots, expected ", r.rows()));
    return columns;
}

template <class S>
Columns<S> columns_of(const Columns<S>& r, const std::vector<Index>& which) {
    Columns<S> part(r.rows(), std::ssize(which));
    for (Index j = 0; j < part.cols(); ++j) {
        part.startVec(j);
        for (typename Columns<S>::InnerIterator at(r, which[static_cast<std::size_t>(j)]); at; ++at)
            part.insertBack(at.row(), j) = at.value();
    }
    part.finalize();
    return part;
}

// E [-R1^{-1} R2; I]
template <class S>
Eigen::SparseMatrix<S> basis_of(const SparseQr<S>& qr, Index cols) {
    const Staircase columns = staircase_of(qr.r);
    Columns<S> solution = columns_of(qr.r, columns.others);
    columns_of(qr.r, columns.pivots).template triangularView<Eigen::Upper>().solveInPlace(solution);
    const auto column_of_w = [&](const std::vector<Index>& which, Index i) {
        return qr.order[static_cast<std::size_t>(which[static_cast<std::size_t>(i)])];
    };
    std::vector<Eigen::Triplet<S>> entries;
    for (Index j = 0; j < solution.cols(); ++j) {
        double largest = 1;
        using Entries = typename Columns<S>::InnerIterator;
        for (Entries at(solution, j); at; ++at) largest = std::max(largest, std::abs(at.value()));
        for (Entries at(solution, j); at; ++at)
            if (std::abs(at.value()) > std::numeric_limits<double>::epsilon() * largest)
                entries.emplace_back(column_of_w(columns.pivots, at.row()), j, -at.value());
        entries.emplace_back(column_of_w(columns.others, j), j, S(1));
    }
    Eigen::SparseMatrix<S> basis(cols, solution.cols());
    basis.setFromTriplets(entries.begin(), entries.end());
    return basis;
}

// The smallest singular value of an invertible R1, to a tenth: 1 / ||R1^{-1}||.
template <class S>
double smallest_of_triangle(const Columns<S>& r1) {
    if (r1.rows() == 0) return std::numeric_limits<double>::infinity();
    for (Index i = 0; i < r1.rows(); ++i)
        if (r1.coeff(i, i) == S(0)) return 0;
    const Columns<S> adjoint = r1.adjoint();
    using Block = Eigen::Map<Dense<S>>;
    using ConstBlock = Eigen::Map<const Dense<S>>;
    const Index n = r1.rows();
    const LinearMap<S> inverse{n, n,
                               [&](const S* x, S* y, Index count) {
                                   Block solution(y, n, count);
                                   solution = ConstBlock(x, n, count);
                                   r1.template triangularView<Eigen::Upper>().solveInPlace(solution);
                               },
                               [&](const S* y, S* x, Index count) {
                                   Block solution(x, n, count);
                                   solution = ConstBlock(y, n, count);
                                   adjoint.template triangularView<Eigen::Lower>().solveInPlace(solution);
                               }};
    const auto found = golub_kahan(inverse, {.count = 1, .tolerance = 0.1, .most_steps = 60});
    return found.values.front() > 0 ? 1 / found.values.front() : std::numeric_limits<double>::infinity();
}

// SPQR drops a column by the norm of what is left of it, which rounding may leave above the tolerance: it is asked
// again, with a larger one, until the singular values of what it kept are above the tolerance (as L. Foster and T.
// Davis do, Algorithm 933, 2013), or until it keeps the expected number of columns.
template <class S>
SparseQr<S> rank_revealing(const Columns<S>& w, double tolerance, double norm, std::optional<Index> expected) {
    for (double threshold = std::max(tolerance, norm * std::numeric_limits<double>::epsilon());; threshold *= 10) {
        SparseQr<S> qr = factored(w, threshold);
        const bool last = threshold > 1e-5 * norm || qr.r.rows() == 0;
        if (expected ? qr.r.rows() <= *expected : false) return qr;
        if (last) return qr;
        if (!expected && smallest_of_triangle(columns_of(qr.r, staircase_of(qr.r).pivots)) > tolerance) return qr;
    }
}

// max(rows, cols) eps ||W||_2
double default_tolerance(const ConvGeometry& geometry, double norm) {
    return static_cast<double>(std::max(geometry.rows(), geometry.cols())) * std::numeric_limits<double>::epsilon() *
           norm;
}

template <class S>
double norm_of(const ConvGeometry& geometry, const Tensor<S>& kernel, SpectrumOptions options) {
    options.tolerance = 1e-3;
    return singular_triplets(geometry, kernel, 1, End::largest, options).values.front();
}

template <class S>
std::optional<SingularValues> all_values(const ConvGeometry& geometry, const Tensor<S>& kernel,
                                         SpectrumOptions options) {
    options.most_operations = std::min(options.most_operations, most_spectrum_operations);
    try {
        return singular_values(geometry, kernel, options);
    } catch (const SizeError&) {
        return std::nullopt;
    }
}

} // namespace

NumericalRank rank_of_values(const ConvGeometry& geometry, std::span<const double> values, double error,
                             std::optional<double> tolerance) {
    const double norm = values.empty() ? 0 : values.front();
    const double most_zero = tolerance ? *tolerance : std::max(default_tolerance(geometry, norm), error);
    const auto above = std::ranges::count_if(values, [&](double value) { return value > most_zero; });
    return {above, std::ssize(values), most_zero, false, "singular values above the tolerance"};
}

std::optional<NumericalRank> rank_of_integers(const ConvGeometry& geometry, const Tensor<std::int64_t>& kernel) {
    require_shape(kernel, geometry.kernel_shape(), "numerical_rank: kernel");
    if (geometry.rows() > most_exact_entries / std::max<Index>(1, geometry.cols())) return std::nullopt;
    const Index rank = exact_rank(kernel2matrix(geometry, kernel));
    return NumericalRank{rank, std::min(geometry.rows(), geometry.cols()), 0, true,
                         "elimination modulo 2^64 - 2^32 + 1"};
}

void require_valid(const RankOptions& options, const char* who) {
    require_valid(options.spectrum, who);
    if (options.tolerance && !(*options.tolerance >= 0))
        throw std::invalid_argument(
            concat(who, ": RankOptions::tolerance is ", *options.tolerance, ", expected a number of at least 0"));
}

template <class S>
NumericalRank numerical_rank(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options) {
    require_valid(options, "numerical_rank");
    const ScaledKernel<S> scaled(geometry, kernel, "numerical_rank");
    std::optional<double> of_scaled;
    if (options.tolerance) of_scaled = *options.tolerance / scaled.factor;
    if (const auto all = all_values(geometry, scaled.kernel, options.spectrum)) {
        NumericalRank found = rank_of_values(geometry, all->values, all->error, of_scaled);
        found.tolerance *= scaled.factor;
        found.method += ": " + all->method;
        return found;
    }
    const double norm = norm_of(geometry, scaled.kernel, options.spectrum);
    const double tolerance = of_scaled ? *of_scaled : default_tolerance(geometry, norm);
    const auto w = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, scaled.kernel);
    require_factor_fits(w, options.spectrum);
    const Index rank = rank_revealing(w, tolerance, norm, std::nullopt).r.rows();
    const Index most = std::min(geometry.rows(), geometry.cols());
    return {rank, most, tolerance * scaled.factor, false, "columns that SPQR kept, a heuristic near the tolerance"};
}

template <class S>
Eigen::SparseMatrix<S> null_space(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options) {
    require_valid(options, "null_space");
    const ScaledKernel<S> scaled(geometry, kernel, "null_space");
    const auto w = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, scaled.kernel);
    require_factor_fits(w, options.spectrum);
    RankOptions of_scaled = options;
    if (options.tolerance) of_scaled.tolerance = *options.tolerance / scaled.factor;
    const double norm = norm_of(geometry, scaled.kernel, options.spectrum);
    const NumericalRank known = numerical_rank(geometry, scaled.kernel, of_scaled);
    return basis_of(rank_revealing(w, known.tolerance, norm, known.rank), w.cols());
}

template NumericalRank numerical_rank(const ConvGeometry&, const Tensor<double>&, const RankOptions&);
template NumericalRank numerical_rank(const ConvGeometry&, const Tensor<Complex>&, const RankOptions&);
template Eigen::SparseMatrix<double> null_space(const ConvGeometry&, const Tensor<double>&, const RankOptions&);
template Eigen::SparseMatrix<Complex> null_space(const ConvGeometry&, const Tensor<Complex>&, const RankOptions&);

} // namespace convmat::detail
