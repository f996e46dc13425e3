#include "sparse_qr.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <SuiteSparseQR.hpp>

#include <convmat/base/memory.hpp>

#include "../numerics/failure.hpp"
#include "../numerics/golub_kahan.hpp"

namespace convmat::spectrum {
namespace {

using namespace numerics;

void require_qr_entries(double entries, Index most) {
    if (entries > static_cast<double>(most))
        throw SizeError({.parameter = "most_factor_entries",
                         .value = concat(entries),
                         .expected = concat("at most ", most, " (SpectrumOptions::most_factor_entries)"),
                         .found = concat("rank: the QR factor of W would have up to ", entries, " entries")});
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
SparseQr<S> factored(const SparseColumns<S>& w, double tolerance) {
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
    const Eigen::Map<const SparseColumns<S>> all(static_cast<Index>(r.of->nrow), w.cols(), offsets[w.cols()], offsets,
                                                 static_cast<const std::int64_t*>(r.of->i),
                                                 static_cast<const S*>(r.of->x));
    qr.r = SparseColumns<S>(all).topRows(rank);
    qr.dropped = session.get()->SPQR_norm_E_fro;
    return qr;
}

// R is a staircase: a column that reaches one row further than those before it is a pivot, the others depend on pivots.
struct Staircase {
    std::vector<Index> pivots;
    std::vector<Index> others;
};

template <class S>
Staircase staircase_of(const SparseColumns<S>& r) {
    Staircase columns;
    for (Index j = 0; j < r.cols(); ++j) {
        Index last = -1;
        for (typename SparseColumns<S>::InnerIterator at(r, j); at; ++at)
            if (at.value() != S(0)) last = std::max(last, at.row());
        (last == std::ssize(columns.pivots) ? columns.pivots : columns.others).push_back(j);
    }
    if (std::ssize(columns.pivots) != r.rows())
        throw Failure({.parameter = "",
                       .value = concat(columns.pivots.size()),
                       .expected = concat(r.rows()),
                       .found = concat("null_space: SPQR's R has ", columns.pivots.size(), " pivots")});
    return columns;
}

template <class S>
SparseColumns<S> columns_of(const SparseColumns<S>& r, const std::vector<Index>& which) {
    SparseColumns<S> part(r.rows(), std::ssize(which));
    for (Index j = 0; j < part.cols(); ++j) {
        part.startVec(j);
        for (typename SparseColumns<S>::InnerIterator at(r, which[static_cast<std::size_t>(j)]); at; ++at)
            part.insertBack(at.row(), j) = at.value();
    }
    part.finalize();
    return part;
}

// T^{-1} of an upper triangular T without zeros on its diagonal; both must outlive it.
template <class S>
LinearMap<S> inverse_of(const SparseColumns<S>& triangle, const SparseColumns<S>& adjoint) {
    const Index n = triangle.rows();
    using Block = Eigen::Map<Dense<S>>;
    using ConstBlock = Eigen::Map<const Dense<S>>;
    return {n, n,
            [&triangle, n](const S* x, S* y, Index count) {
                Block solution(y, n, count);
                solution = ConstBlock(x, n, count);
                triangle.template triangularView<Eigen::Upper>().solveInPlace(solution);
            },
            [&adjoint, n](const S* y, S* x, Index count) {
                Block solution(x, n, count);
                solution = ConstBlock(y, n, count);
                adjoint.template triangularView<Eigen::Lower>().solveInPlace(solution);
            }};
}

// [R^H; δ I]
template <class S>
SparseColumns<S> adjoint_above_shift(const SparseColumns<S>& r, double shift) {
    const SparseColumns<S> adjoint = r.adjoint();
    SparseColumns<S> all(r.cols() + r.rows(), r.rows());
    all.reserve(adjoint.nonZeros() + r.rows());
    for (Index j = 0; j < all.cols(); ++j) {
        all.startVec(j);
        for (typename SparseColumns<S>::InnerIterator at(adjoint, j); at; ++at)
            all.insertBack(at.row(), j) = at.value();
        all.insertBack(r.cols() + j, j) = S(shift);
    }
    all.finalize();
    return all;
}

// How many singular values of R are at most δ > 0, up to `most`. [R^H; δ I] E = Q T has the values sqrt(σ² + δ²), so
// that T^{-1}, whose largest ones are looked for, is no larger than 1/δ, whatever R's may be.
template <class S>
Index count_of_small(const SparseColumns<S>& r, double delta, Index most) {
    if (r.rows() == 0 || delta == 0) return 0;
    const SparseColumns<S> triangle = factored(adjoint_above_shift(r, delta), 0).r, adjoint = triangle.adjoint();
    for (Index wanted = 2;; wanted *= 2) {
        const GolubKahanOptions options = {
            .count = std::min(wanted, most), .tolerance = 0.01, .most_steps = 60 + 20 * wanted};
        const auto found = golub_kahan(inverse_of(triangle, adjoint), options);
        const auto small = std::ranges::count_if(found.values, [&](double value) { return value * delta >= 0.7; });
        if (small < wanted || wanted >= std::min(r.rows(), most)) return small;
    }
}

} // namespace

// R of the QR factorisation lies in the pattern of the Cholesky factor of W^H W.
template <class S>
void require_factor_fits(const SparseColumns<S>& w, const SpectrumOptions& options) {
    require_qr_entries(static_cast<double>(w.nonZeros()), options.most_factor_entries);
    const SparseColumns<S> adjoint = w.adjoint();
    const CholeskyOfGram<S> gram(adjoint);
    require_qr_entries(gram.factor_entries(), options.most_factor_entries);
    require_memory(static_cast<Index>(4 * gram.factor_entries()) * Index{sizeof(S)}, "the QR factor of W");
}

template <class S>
Index rank_by_qr(const SparseColumns<S>& w, double tolerance, double norm) {
    constexpr Index most = 32; // more small values than that are for a larger threshold to find
    for (double threshold = std::max(tolerance, norm * std::numeric_limits<double>::epsilon());; threshold *= 10) {
        const SparseQr<S> qr = factored(w, threshold);
        const Index small = count_of_small(qr.r, std::max(tolerance, 4 * qr.dropped), most);
        if (small < most || threshold > 1e-5 * norm) return qr.r.rows() - small;
    }
}

template <class S>
std::optional<SparseQr<S>> of_rank(const SparseColumns<S>& w, double tolerance, double norm, Index rank) {
    constexpr int most_tries = 16;
    double threshold = std::max(tolerance, norm * std::numeric_limits<double>::epsilon());
    double keeps_more = 0, keeps_less = std::max(1e-4 * norm, 10 * threshold); // thresholds
    for (int tries = 0; tries < most_tries; ++tries) {
        SparseQr<S> qr = factored(w, threshold);
        if (qr.r.rows() == rank) return qr;
        (qr.r.rows() > rank ? keeps_more : keeps_less) = threshold;
        if (keeps_less < 1.1 * keeps_more) break;
        if (keeps_more == 0)
            threshold /= 10;
        else
            threshold = std::min(10 * keeps_more, std::sqrt(keeps_more * keeps_less));
    }
    return std::nullopt;
}

template <class S>
Eigen::SparseMatrix<S> null_space_of(const SparseQr<S>& qr, Index cols) {
    const Staircase columns = staircase_of(qr.r);
    SparseColumns<S> solution = columns_of(qr.r, columns.others);
    columns_of(qr.r, columns.pivots).template triangularView<Eigen::Upper>().solveInPlace(solution);
    const auto column_of_w = [&](const std::vector<Index>& which, Index i) {
        return qr.order[static_cast<std::size_t>(which[static_cast<std::size_t>(i)])];
    };
    std::vector<Eigen::Triplet<S>> entries;
    for (Index j = 0; j < solution.cols(); ++j) {
        double largest = 1;
        using Entries = typename SparseColumns<S>::InnerIterator;
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

template void require_factor_fits(const SparseColumns<double>&, const SpectrumOptions&);
template Index rank_by_qr(const SparseColumns<double>&, double, double);
template std::optional<SparseQr<double>> of_rank(const SparseColumns<double>&, double, double, Index);
template Eigen::SparseMatrix<double> null_space_of(const SparseQr<double>&, Index);
template void require_factor_fits(const SparseColumns<Complex>&, const SpectrumOptions&);
template Index rank_by_qr(const SparseColumns<Complex>&, double, double);
template std::optional<SparseQr<Complex>> of_rank(const SparseColumns<Complex>&, double, double, Index);
template Eigen::SparseMatrix<Complex> null_space_of(const SparseQr<Complex>&, Index);

} // namespace convmat::spectrum
