#include <convmat/spectrum/bounds.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <convmat/base/checked.hpp>

#include "largest_symbol.hpp"
#include "weight_bounds.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;
using namespace spectrum;

constexpr double most_svd_operations = 1e11;
constexpr int gram_steps = 6;

// The largest of of_group(weights) over the groups.
template <class S, class OfGroup>
double largest_of_groups(const ScaledLayer<S>& layer, const OfGroup& of_group) {
    double largest = 0;
    for (Index g = 0; g < layer.geometry.groups(); ++g) largest = std::max(largest, of_group(layer.group(g)));
    return largest;
}

std::string per_group(const ConvGeometry& geometry) {
    return geometry.groups() > 1 ? ", the largest of the groups" : "";
}

// "" where the SVD of `count` matrices a group is affordable, else why not.
template <class S>
std::string too_large(const ScaledLayer<S>& layer, Index rows, Index cols, Index count) {
    const double operations =
        svd_operations(rows, cols) * static_cast<double>(count) * static_cast<double>(layer.geometry.groups());
    if (operations <= most_svd_operations) return {};
    return concat("not computed: too large, ", count * layer.geometry.groups(), " decompositions of ", rows, "x", cols,
                  " matrices take about ", operations, " operations");
}

std::string padded_axis(const ConvGeometry& geometry) {
    for (Index j = 0; j < geometry.rank(); ++j)
        if (geometry.axis(j).boundary != Boundary::zero)
            return concat("needs boundary zero; axis ", j, " is ", to_string(geometry.axis(j).boundary));
    return {};
}

template <class S, class Value>
void set(NormBound& bound, const ScaledLayer<S>& layer, const std::string& in_the_way, const char* condition,
         const Value& value) {
    bound.applies = in_the_way.empty();
    bound.condition = bound.applies ? condition + per_group(layer.geometry) : in_the_way;
    if (bound.applies) bound.value = value() * layer.kernel.factor;
}

template <class S>
NormBound frobenius(const ScaledLayer<S>& layer) {
    NormBound bound{.name = "Frobenius", .formula = "||W||_F", .source = "I-34; for taps that meet derived here"};
    set(bound, layer, "", "every layer",
        [&] { return largest_of_groups(layer, [&](const S* weights) { return frobenius_of_group(layer, weights); }); });
    return bound;
}

template <class S>
NormBound schur(const ScaledLayer<S>& layer) {
    NormBound bound{.name = "Schur", .formula = "sqrt(||W||_1 ||W||_inf)", .source = "I-36, I-37a; I. Schur, 1911"};
    const bool exact = std::ranges::all_of(layer.axes, [](const AxisNorms& a) { return a.apart && a.all_kinds; });
    set(bound, layer, "",
        exact ? "every layer"
              : "every layer; taps that meet count with their absolute values, as if they did not cancel",
        [&] { return largest_of_groups(layer, [&](const S* weights) { return schur_of_group(layer, weights); }); });
    return bound;
}

template <class S>
NormBound taps(const ScaledLayer<S>& layer) {
    NormBound bound{.name = "taps", .formula = "sum_t ||K_t||_2 prod_j ||Π_tj||", .source = "I-37b"};
    set(bound, layer, too_large(layer, layer.outs(), layer.ins(), layer.taps()), "every layer", [&] {
        const auto norms = tap_norms(layer);
        return largest_of_groups(layer, [&](const S* weights) { return taps_of_group(layer, weights, norms); });
    });
    return bound;
}

template <class S>
NormBound young(const ScaledLayer<S>& layer) {
    NormBound bound{.name = "Young",
                    .formula = "||N||_2, N[o,c] = sum_t |K[o,c,t]| prod_j ||Π_tj||",
                    .source = "I-38; W. H. Young, 1912; for boundaries other than zero derived here"};
    set(bound, layer, too_large(layer, layer.outs(), layer.ins(), 1), "every layer", [&] {
        const auto norms = tap_norms(layer);
        return largest_of_groups(layer, [&](const S* weights) { return young_of_group(layer, weights, norms); });
    });
    return bound;
}

// Most often an input is read by taps of one output each, and k.
double reads(const Axis& axis) {
    return static_cast<double>(ceil_div(axis.kernel, axis.stride / std::gcd(axis.stride, axis.dilation)));
}

template <class S>
std::vector<NormBound> by_reshaped_kernel(const ScaledLayer<S>& layer) {
    const std::string large = too_large(layer, layer.outs(), layer.ins() * layer.taps(), 1);
    const std::string not_zero = large.empty() ? padded_axis(layer.geometry) : large;
    const double norm =
        large.empty() ? largest_of_groups(layer, [&](const S* weights) { return reshaped_of_group(layer, weights); })
                      : 0;
    double overlap = 1, unfold = 1;
    for (const Axis& axis : layer.geometry.axes()) overlap *= reads(axis);
    for (const AxisNorms& axis : layer.axes) unfold *= axis.unfold;
    std::vector<NormBound> bounds(3);
    bounds[0] = {.name = "reshaped kernel",
                 .formula = "sqrt(prod_j ceil(k_j / s'_j)) ||K_mat||_2, s' = s / gcd(s, d)",
                 .source = "I-37c; S. Singla and S. Feizi, arXiv:1911.10258, for stride 1"};
    set(bounds[0], layer, not_zero, "boundary zero", [&] { return std::sqrt(overlap) * norm; });
    bounds[1] = {.name = "reshaped kernel, crude",
                 .formula = "sqrt|k| ||K_mat||_2",
                 .source = "I-37e; S. Singla and S. Feizi, arXiv:1911.10258"};
    set(bounds[1], layer, not_zero, "boundary zero",
        [&] { return std::sqrt(static_cast<double>(layer.taps())) * norm; });
    bounds[2] = {.name = "reshaped kernel, any boundary",
                 .formula = "||K_mat||_2 prod_j sqrt(||U_j||_1 ||U_j||_inf)",
                 .source = "I-37d"};
    set(bounds[2], layer, large, "every layer", [&] { return unfold * norm; });
    return bounds;
}

template <class S>
SymbolWeights symbol_weights(const ScaledLayer<S>& layer, const S* weights) {
    SymbolWeights result{Dense<Complex>(layer.outs() * layer.ins(), layer.taps()), layer.outs(),
                         std::is_same_v<S, double>};
    for (Index i = 0; i < layer.group_size(); ++i) {
        const Index pair = i / layer.taps();
        result.weights(pair / layer.ins() + layer.outs() * (pair % layer.ins()), i % layer.taps()) = weights[i];
    }
    return result;
}

template <class S>
std::vector<NormBound> by_symbols(const ScaledLayer<S>& layer) {
    const auto grid = grid_around(layer.geometry);
    const std::string large = grid ? "" : "not computed: too large, more than 1e9 complex multiplications";
    const std::string condition = "every layer; " + (grid ? grid->words() : "");
    const auto norm = [&](const auto& largest) {
        return grid->factor() * largest_of_groups(layer, [&](const S* weights) {
                   return largest(*grid, symbol_weights(layer, weights));
               });
    };
    std::vector<NormBound> bounds(3);
    bounds[0] = {.name = "circulant embedding",
                 .formula = "max_w ||K̂(w)||_2, of aliases side by side over sqrt|s|",
                 .source = "I-47, I-42; angles: I-47d"};
    set(bounds[0], layer, large, condition.c_str(), [&] { return norm(largest_symbol); });
    bounds[1] = {.name = "Gram iteration",
                 .formula = "max_w ||(K̂(w)^H K̂(w))^(2^6)||_F^(1/2^7)",
                 .source = "B. Delattre et al., arXiv:2305.16173, on the circulant of I-47"};
    set(bounds[1], layer, large, condition.c_str(), [&] {
        return norm([](const auto& on, const auto& of) { return largest_symbol_by_gram(on, of, gram_steps); });
    });
    bounds[2] = {.name = "symbol (exact)",
                 .formula = "max_w ||K̂(w)||_2, of aliases side by side over sqrt|s|",
                 .source = "I-41, I-42"};
    const std::string other = grid && grid->exact() ? "" : "needs periodic axes that are read evenly, n = s m";
    set(bounds[2], layer, large.empty() ? other : large, "periodic, every row of the circulant equally often",
        [&] { return bounds[0].value / layer.kernel.factor; });
    return bounds;
}

} // namespace

template <class S>
std::vector<NormBound> norm_bounds(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    const ScaledLayer<S> layer(geometry, kernel, "norm_bounds: the kernel");
    std::vector<NormBound> bounds = {frobenius(layer), schur(layer), taps(layer)};
    std::ranges::move(by_reshaped_kernel(layer), std::back_inserter(bounds));
    bounds.push_back(young(layer));
    std::ranges::move(by_symbols(layer), std::back_inserter(bounds));
    return bounds;
}

template <class S>
double frobenius_norm(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    const ScaledLayer<S> layer(geometry, kernel, "frobenius_norm: the kernel");
    double squares = 0;
    for (Index g = 0; g < geometry.groups(); ++g) {
        const double of_group = frobenius_of_group(layer, layer.group(g));
        squares += of_group * of_group;
    }
    return std::sqrt(squares) * layer.kernel.factor;
}

template std::vector<NormBound> norm_bounds(const ConvGeometry&, const Tensor<double>&);
template std::vector<NormBound> norm_bounds(const ConvGeometry&, const Tensor<Complex>&);
template double frobenius_norm(const ConvGeometry&, const Tensor<double>&);
template double frobenius_norm(const ConvGeometry&, const Tensor<Complex>&);

} // namespace convmat::detail
