#include "weight_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace convmat::spectrum {
namespace {

using namespace numerics;

constexpr double most_kinds_together = 1e7; // of outputs, or of inputs, of all channels, whose sums are taken singly

// max of sum_t sums[c, t] prod_j kind_j[t_j] over the channels c and one kind for each axis.
double largest_sum(std::vector<double> sums, Index taps, std::vector<Dense<double>> kinds) {
    double count = static_cast<double>(sums.size()) / static_cast<double>(taps);
    for (const Dense<double>& of_axis : kinds) count *= static_cast<double>(std::max(of_axis.rows(), of_axis.cols()));
    for (Dense<double>& of_axis : kinds)
        if (count > most_kinds_together) of_axis = largest_of_rows(of_axis);
    Index inner = taps;
    for (const Dense<double>& of_axis : kinds) {
        inner /= of_axis.cols();
        sums = applied_to_axis(of_axis, sums, inner);
    }
    return std::ranges::max(sums);
}

} // namespace

template <class S>
double frobenius_of_group(const ScaledLayer<S>& layer, const S* weights) {
    std::vector<S> kernel(weights, weights + layer.group_size()), product = kernel;
    std::vector<double> sizes, bound;
    for (const S& w : kernel) sizes.push_back(std::abs(w));
    bound = sizes;
    Index inner = layer.taps(), summands = 8;
    bool apart = true;
    for (const AxisNorms& axis : layer.axes) {
        inner /= axis.products.cols();
        product = applied_to_axis(axis.products, product, inner);
        bound = applied_to_axis(Dense<double>(axis.products.cwiseAbs()), bound, inner);
        summands += axis.products.cols();
        apart = apart && axis.apart;
    }
    double square = 0, total = 0;
    for (std::size_t i = 0; i < kernel.size(); ++i) {
        square += std::real(std::conj(kernel[i]) * product[i]);
        total += sizes[i] * bound[i];
    }
    const double rounding = static_cast<double>(summands) * std::numeric_limits<double>::epsilon() * total;
    return std::sqrt(apart ? square : std::max(square, 0.0) + rounding);
}

template <class S>
double schur_of_group(const ScaledLayer<S>& layer, const S* weights) {
    const Index taps = layer.taps(), ins = layer.ins();
    std::vector<double> of_out(static_cast<std::size_t>(layer.outs() * taps), 0);
    std::vector<double> of_in(static_cast<std::size_t>(ins * taps), 0);
    for (Index i = 0; i < layer.group_size(); ++i) {
        const Index t = i % taps, c = i / taps % ins, o = i / taps / ins;
        of_out[static_cast<std::size_t>(o * taps + t)] += std::abs(weights[i]);
        of_in[static_cast<std::size_t>(c * taps + t)] += std::abs(weights[i]);
    }
    std::vector<Dense<double>> outputs, inputs;
    for (const AxisNorms& axis : layer.axes) {
        outputs.push_back(axis.rows);
        inputs.push_back(axis.columns);
    }
    return std::sqrt(largest_sum(of_out, taps, outputs) * largest_sum(of_in, taps, inputs));
}

template <class S>
std::vector<double> tap_norms(const ScaledLayer<S>& layer) {
    std::vector<double> all = {1.0};
    for (const AxisNorms& axis : layer.axes) {
        std::vector<double> next;
        for (const double before : all)
            for (const double norm : axis.norms) next.push_back(before * norm);
        all = std::move(next);
    }
    return all;
}

template <class S>
double taps_of_group(const ScaledLayer<S>& layer, const S* weights, const std::vector<double>& norms) {
    double sum = 0;
    for (Index t = 0; t < layer.taps(); ++t) {
        Dense<S> tap(layer.outs(), layer.ins());
        for (Index o = 0; o < layer.outs(); ++o)
            for (Index c = 0; c < layer.ins(); ++c) tap(o, c) = weights[(o * layer.ins() + c) * layer.taps() + t];
        sum += norm_by_svd(std::move(tap)) * norms[static_cast<std::size_t>(t)];
    }
    return sum;
}

template <class S>
double young_of_group(const ScaledLayer<S>& layer, const S* weights, const std::vector<double>& norms) {
    Dense<double> n = Dense<double>::Zero(layer.outs(), layer.ins());
    for (Index i = 0; i < layer.group_size(); ++i) {
        const Index pair = i / layer.taps();
        n(pair / layer.ins(), pair % layer.ins()) +=
            std::abs(weights[i]) * norms[static_cast<std::size_t>(i % layer.taps())];
    }
    return norm_by_svd(std::move(n));
}

template <class S>
double reshaped_of_group(const ScaledLayer<S>& layer, const S* weights) {
    return norm_by_svd(Dense<S>(Eigen::Map<const DenseRows<S>>(weights, layer.outs(), layer.ins() * layer.taps())));
}

template double frobenius_of_group(const ScaledLayer<double>&, const double*);
template double frobenius_of_group(const ScaledLayer<Complex>&, const Complex*);
template double schur_of_group(const ScaledLayer<double>&, const double*);
template double schur_of_group(const ScaledLayer<Complex>&, const Complex*);
template double taps_of_group(const ScaledLayer<double>&, const double*, const std::vector<double>&);
template double taps_of_group(const ScaledLayer<Complex>&, const Complex*, const std::vector<double>&);
template double young_of_group(const ScaledLayer<double>&, const double*, const std::vector<double>&);
template double young_of_group(const ScaledLayer<Complex>&, const Complex*, const std::vector<double>&);
template double reshaped_of_group(const ScaledLayer<double>&, const double*);
template double reshaped_of_group(const ScaledLayer<Complex>&, const Complex*);
template std::vector<double> tap_norms(const ScaledLayer<double>&);
template std::vector<double> tap_norms(const ScaledLayer<Complex>&);

} // namespace convmat::spectrum
