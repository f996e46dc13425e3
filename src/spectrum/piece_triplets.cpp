#include "piece_triplets.hpp"

#include <algorithm>
#include <numeric>

#include <convmat/matrix_free/conv_operator.hpp>

#include "../numerics/block_vectors.hpp"
#include "limits.hpp"
#include "shift_invert.hpp"

namespace convmat::spectrum {
namespace {

using namespace numerics;

constexpr double operations_at_once = 2e10; // fewer: a direct method is as quick as an iteration

template <class S>
FoundTriplets<S> by_blocks(const Blocks<S>& blocks, const Piece<S>& piece, Index count, End end) {
    const std::vector<double> values = blocks.values();
    const std::vector<Index> places = wanted_of(values, count, end);
    const auto vectors = vectors_of(blocks, places);
    FoundTriplets<S> found;
    found.u.resize(piece.rows(), std::ssize(places));
    found.v.resize(piece.cols(), std::ssize(places));
    const double error = values.empty() ? 0 : blocks.error(std::ranges::max(values));
    for (std::size_t i = 0; i < places.size(); ++i) {
        found.values.push_back(values[static_cast<std::size_t>(places[i])]);
        found.errors.push_back(error);
        std::ranges::copy(vectors[i].u, found.u.col(static_cast<Index>(i)).data());
        std::ranges::copy(vectors[i].v, found.v.col(static_cast<Index>(i)).data());
    }
    found.method = blocks.method();
    return found;
}

template <class S>
LinearMap<S> product_with(const ConvOperator<S>& w, const ConvOperator<S>& adjoint) {
    return {w.rows(), w.cols(), [&w](const S* x, S* y, Index count) { w.apply(x, y, count); },
            [&adjoint](const S* y, S* x, Index count) { adjoint.apply(y, x, count); }};
}

template <class S>
FoundTriplets<S> iterated(const Piece<S>& piece, Index count, End end, const SpectrumOptions& options) {
    const GolubKahanOptions how{
        .count = count, .tolerance = options.tolerance, .most_steps = options.most_steps, .seed = options.seed};
    RitzTriplets<S> ritz;
    std::string method;
    if (end == End::largest) {
        const ConvOperator<S> w(piece.geometry(), piece.kernel), adjoint = w.adjoint();
        ritz = golub_kahan(product_with(w, adjoint), how);
        method = "Golub-Kahan process on the operator";
    } else {
        ritz = smallest_by_cholesky(piece, how, options.most_factor_entries);
        method = "Golub-Kahan process on the inverse, by CHOLMOD's factor of W^H W";
    }
    method += concat(" of ", piece.rows(), "x", piece.cols());
    return {ritz.values, ritz.errors, std::move(ritz.u), std::move(ritz.v), ritz.steps, method};
}

} // namespace

std::vector<Index> wanted_of(const std::vector<double>& values, Index count, End end) {
    std::vector<Index> order(values.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto before = [&](Index a, Index b) {
        const double x = values[static_cast<std::size_t>(a)], y = values[static_cast<std::size_t>(b)];
        if (x != y) return end == End::largest ? x > y : x < y;
        return a < b;
    };
    const auto last = order.begin() + std::min<Index>(count, std::ssize(order));
    std::partial_sort(order.begin(), last, order.end(), before);
    order.erase(last, order.end());
    return order;
}

template <class S>
FoundTriplets<S> triplets_of_piece(const Piece<S>& piece, Index count, End end, const SpectrumOptions& options) {
    const Blocks<S> blocks(piece);
    const bool possible = all_fit(blocks, options);
    if (piece.axes.empty() && !possible)
        throw SizeError(
            {.parameter = "most_dense",
             .value = concat(blocks.rows(), "x", blocks.cols()),
             .expected = concat("a shorter side of at most ", options.most_dense, " (SpectrumOptions::most_dense)"),
             .found = concat("singular triplets: a matrix of weights of ", blocks.rows(), "x", blocks.cols())});
    const double quick = end == End::largest ? operations_at_once : 50 * operations_at_once;
    if (piece.axes.empty() || (possible && blocks.operations() <= quick)) return by_blocks(blocks, piece, count, end);
    if (end == End::largest || !possible) return iterated(piece, count, end, options);
    try {
        return iterated(piece, count, end, options);
    } catch (const SizeError&) {
        return by_blocks(blocks, piece, count, end);
    }
}

template FoundTriplets<double> triplets_of_piece(const Piece<double>&, Index, End, const SpectrumOptions&);
template FoundTriplets<Complex> triplets_of_piece(const Piece<Complex>&, Index, End, const SpectrumOptions&);

} // namespace convmat::spectrum
