#include <convmat/geometry/padding.hpp>

#include <algorithm>

#include <convmat/base/checked.hpp>

#include "spec_lists.hpp"

namespace convmat {
namespace {

// k_eff of every axis, and with it the rank; refuses what ConvGeometry would refuse, so that nothing below overflows.
template <class Spec>
Shape effective_kernels(const Spec& spec) {
    const Shape kernel = kernel_on(spec.input, spec.kernel);
    const Index rank = common_rank(spec.input, kernel);
    const auto dilation = expand(spec.dilation, rank, Index{1}, "dilation");
    Shape reach;
    for (std::size_t j = 0; j < kernel.size(); ++j) {
        require_at_least(kernel[j], 1, kernel_extent, static_cast<Index>(j));
        require_at_least(dilation[j], 1, "dilation", static_cast<Index>(j));
        const Quantity what = {"effective kernel extent", "dilation", static_cast<Index>(j)};
        reach.push_back(checked_add(checked_mul(dilation[j], kernel[j] - 1, what), 1, what));
    }
    return reach;
}

template <class Spec>
std::vector<Padding> no_padding(const Spec& spec) {
    return std::vector<Padding>(static_cast<std::size_t>(common_rank(spec.input, kernel_on(spec.input, spec.kernel))));
}

template <class Spec>
std::vector<Padding> reach_padding(const Spec& spec) {
    std::vector<Padding> padding;
    for (const Index reach : effective_kernels(spec)) padding.push_back({reach - 1, reach - 1});
    return padding;
}

Padding split(Index total, SameConvention convention) {
    const Index less = total / 2;
    return convention == SameConvention::extra_at_end ? Padding{less, total - less} : Padding{total - less, less};
}

} // namespace

std::vector<Padding> valid_padding(const ConvSpec& spec) { return no_padding(spec); }
std::vector<Padding> valid_padding(const TransposedSpec& spec) { return no_padding(spec); }
std::vector<Padding> full_padding(const ConvSpec& spec) { return reach_padding(spec); }
std::vector<Padding> full_padding(const TransposedSpec& spec) { return reach_padding(spec); }

std::vector<Padding> same_padding(const ConvSpec& spec, SameConvention convention) {
    const Shape reach = effective_kernels(spec);
    const auto stride = expand(spec.stride, static_cast<Index>(reach.size()), Index{1}, "stride");
    std::vector<Padding> padding;
    for (std::size_t j = 0; j < reach.size(); ++j) {
        require_at_least(spec.input[j], 1, input_extent, static_cast<Index>(j));
        require_at_least(stride[j], 1, "stride", static_cast<Index>(j));
        // (m - 1) s with m = ceil(n / s) is the position of the last window: the largest multiple of s below n.
        const Index last = (spec.input[j] - 1) / stride[j] * stride[j];
        padding.push_back(
            split(std::max<Index>(checked_sub(reach[j], spec.input[j] - last, {"padding", "padding"}), 0), convention));
    }
    return padding;
}

std::vector<Padding> same_padding(const TransposedSpec& spec, SameConvention convention) {
    const Shape reach = effective_kernels(spec);
    const auto stride = expand(spec.stride, static_cast<Index>(reach.size()), Index{1}, "stride");
    std::vector<Padding> padding;
    for (std::size_t j = 0; j < reach.size(); ++j) {
        require_at_least(stride[j], 1, "stride", static_cast<Index>(j));
        padding.push_back(split(std::max<Index>(reach[j] - stride[j], 0), convention));
    }
    return padding;
}

} // namespace convmat
