#include <convmat/geometry/conv_geometry.hpp>

#include <algorithm>

#include "spec_lists.hpp"
#include <convmat/base/checked.hpp>

namespace convmat {
namespace {

constexpr Index most_extent = Index{1} << 60; // of every number of an axis, so that a few of them can be added

void require_moderate(Index value, const Named& name, Index axis) {
    if (value < -most_extent || value > most_extent)
        throw GeometryError({.parameter = name.parameter,
                             .axis = axis,
                             .value = concat(value),
                             .expected = "at most 2^60 in magnitude",
                             .found = value_in_words(name, value, axis)});
}

// The parameters both specs have, one value an axis; `input` and `output` are left for the caller.
template <class Spec>
std::vector<Axis> common_axes(const Spec& spec) {
    const Shape kernel = kernel_on(spec.input, spec.kernel);
    const Index rank = common_rank(spec.input, kernel);
    const auto stride = expand(spec.stride, rank, Index{1}, "stride");
    const auto dilation = expand(spec.dilation, rank, Index{1}, "dilation");
    const auto padding = expand(spec.padding, rank, Padding{}, "padding");
    const auto boundary = expand(spec.boundary, rank, Boundary::zero, "boundary");
    std::vector<Axis> axes(static_cast<std::size_t>(rank));
    for (Index j = 0; j < rank; ++j) {
        const auto at = static_cast<std::size_t>(j);
        require_at_least(spec.input[at], 1, input_extent, j);
        require_at_least(kernel[at], 1, kernel_extent, j);
        require_at_least(stride[at], 1, "stride", j);
        require_at_least(dilation[at], 1, "dilation", j);
        require_moderate(spec.input[at], input_extent, j);
        require_moderate(stride[at], "stride", j);
        require_moderate(dilation[at], "dilation", j);
        require_moderate(padding[at].begin, "padding", j);
        require_moderate(padding[at].end, "padding", j);
        to_string(boundary[at]); // throws for a value that is no enumerator
        axes[at] = {.kernel = kernel[at],
                    .stride = stride[at],
                    .dilation = dilation[at],
                    .padding = padding[at],
                    .boundary = boundary[at]};
        const Quantity reach = {"effective kernel extent", "dilation", j};
        checked_add(checked_mul(dilation[at], kernel[at] - 1, reach), 1, reach);
    }
    return axes;
}

// The largest factor the odd reflection gives an input: it grows with the number of periods that are padded.
Index most_coefficient(const Axis& axis) {
    if (axis.boundary != Boundary::antireflective || axis.input == 1) return 1;
    return std::max<Index>({axis.padding.begin, axis.padding.end, 0}) / (axis.input - 1) + 4;
}

// p_begin + p_end, checked.
Index total_padding(const Axis& axis, Index j) {
    return checked_add(axis.padding.begin, axis.padding.end, {"padding begin + end", "padding", j});
}

void set_input(Axis& axis, Index input, Index j) {
    axis.input = input;
    require_moderate(input, input_extent, j);
    const Index padded = checked_add(input, total_padding(axis, j), {"padded input extent", "padding", j});
    const Index reach = axis.effective_kernel();
    if (padded < reach)
        throw GeometryError({.parameter = "input",
                             .axis = j,
                             .value = concat(input),
                             .expected = concat("at least ", reach, " with its padding"),
                             .sentence = concat("axis ", j, ": the kernel does not fit: effective kernel extent ",
                                                reach, " = dilation ", axis.dilation, " * (kernel ", axis.kernel,
                                                " - 1) + 1 is more than ", padded, " = input ", input, " + padding ",
                                                axis.padding.begin, " + ", axis.padding.end)});
}

// n = s (m - 1) + k_eff - p_begin - p_end + a.
Index transposed_extent(const Axis& axis, Index m, Index a, Index j) {
    const Quantity what = {"transposed output extent", "input", j};
    const Index spread = checked_add(checked_mul(axis.stride, m - 1, what), axis.effective_kernel(), what);
    return checked_add(checked_sub(spread, total_padding(axis, j), what), a, what);
}

void set_transposed(Axis& axis, Index m, Index a, Index j) {
    const Index most = std::max(axis.stride, axis.dilation) - 1;
    if (a < 0 || a > most)
        throw GeometryError(
            {.parameter = "output_padding",
             .axis = j,
             .value = concat(a),
             .expected = concat("0 to ", most, " = max(stride ", axis.stride, ", dilation ", axis.dilation, ") - 1"),
             .found = value_in_words(output_padding_values, a, j)});
    const Index n = transposed_extent(axis, m, a, j);
    if (n < 1)
        throw GeometryError(
            {.parameter = "input",
             .axis = j,
             .value = concat(m),
             .expected = "at least 1",
             .found = concat("axis ", j, ": the transposed layer has no output: stride ", axis.stride, " * (input ", m,
                             " - 1) + effective kernel ", axis.effective_kernel(), " - padding ", axis.padding.begin,
                             " - ", axis.padding.end, " + output padding ", a, " = ", n)});
    axis.output = m;
    set_input(axis, n, j);
}

Index explicit_output_padding(const Axis& axis, Index m, Index n, Index j) {
    const Index least = transposed_extent(axis, m, 0, j);
    const Index room = std::max(axis.stride, axis.dilation) - 1;
    const Index most = checked_add(least, room, {"transposed output extent", "input", j});
    if (n < std::max<Index>(least, 1) || n > most) {
        const std::string sizes = most < 1 ? std::string("less padding: there is no output")
                                           : concat(std::max<Index>(least, 1), " to ", most);
        throw GeometryError(
            {.parameter = "output_size",
             .axis = j,
             .value = concat(n),
             .expected = concat(sizes, " for input ", m, ", stride ", axis.stride, ", effective kernel ",
                                axis.effective_kernel(), ", padding ", axis.padding.begin, " + ", axis.padding.end),
             .found = value_in_words(output_size_values, n, j)});
    }
    return n - least;
}

Shape with_channels(Index channels, std::span<const Axis> axes, Index Axis::*extent) {
    Shape shape = {channels};
    for (const Axis& axis : axes) shape.push_back(axis.*extent);
    return shape;
}

} // namespace

ConvGeometry::ConvGeometry(const ConvSpec& spec)
    : axes_(common_axes(spec)),
      in_channels_(spec.in_channels),
      out_channels_(spec.out_channels),
      groups_(spec.groups) {
    for (Index j = 0; j < rank(); ++j) {
        Axis& axis = axes_[static_cast<std::size_t>(j)];
        set_input(axis, spec.input[static_cast<std::size_t>(j)], j);
        axis.output = axis.formula_output();
    }
    require_at_least(in_channels_, 1, {"in_channels", "number of W's input channels"});
    require_at_least(out_channels_, 1, {"out_channels", "number of W's output channels"});
    finish();
}

ConvGeometry ConvGeometry::from_transposed(const TransposedSpec& spec) {
    ConvGeometry geometry;
    geometry.axes_ = common_axes(spec);
    geometry.in_channels_ = spec.out_channels;
    geometry.out_channels_ = spec.in_channels;
    geometry.groups_ = spec.groups;
    if (!spec.output_padding.empty() && !spec.output_size.empty())
        throw GeometryError({.parameter = "output_padding",
                             .value = to_string(spec.output_padding),
                             .expected = "at most one of them",
                             .found = "output padding and output size are both given"});
    const Index rank = geometry.rank();
    const auto output_padding = expand(spec.output_padding, rank, Index{0}, output_padding_values);
    const auto output_size = expand(spec.output_size, rank, Index{0}, output_size_values);
    for (Index j = 0; j < rank; ++j) {
        const auto at = static_cast<std::size_t>(j);
        Axis& axis = geometry.axes_[at];
        const Index m = spec.input[at];
        const Index a =
            spec.output_size.empty() ? output_padding[at] : explicit_output_padding(axis, m, output_size[at], j);
        set_transposed(axis, m, a, j);
    }
    require_at_least(spec.out_channels, 1, {"out_channels", "number of W's input channels"});
    require_at_least(spec.in_channels, 1, {"in_channels", "number of W's output channels"});
    geometry.finish();
    return geometry;
}

void ConvGeometry::finish() {
    require_at_least(groups_, 1, "groups");
    if (in_channels_ % groups_ != 0 || out_channels_ % groups_ != 0)
        throw GeometryError({.parameter = "groups",
                             .value = concat(groups_),
                             .expected = concat("a divisor of ", in_channels_, " input channels and ", out_channels_,
                                                " output channels")});
    Index coefficient = 1;
    for (const Axis& axis : axes_) {
        coefficient = checked_mul(coefficient, most_coefficient(axis), {"antireflective coefficients", "padding"});
        input_size_ = checked_mul(input_size_, axis.input, {"number of input positions", "input"});
        output_size_ = checked_mul(output_size_, axis.output, "number of output positions");
        kernel_size_ = checked_mul(kernel_size_, axis.kernel, {"number of kernel positions", "kernel"});
    }
    checked_mul(out_channels_, output_size_, "rows of W");
    checked_mul(in_channels_, input_size_, {"columns of W", "input"});
    const Quantity weights = {"number of weights", "kernel"};
    checked_mul(checked_mul(out_channels_, in_channels_per_group(), weights), kernel_size_, weights);
}

Shape ConvGeometry::input_shape() const { return with_channels(in_channels_, axes_, &Axis::input); }

Shape ConvGeometry::output_shape() const { return with_channels(out_channels_, axes_, &Axis::output); }

Shape ConvGeometry::kernel_shape() const {
    Shape shape = with_channels(out_channels_, axes_, &Axis::kernel);
    shape.insert(shape.begin() + 1, in_channels_per_group());
    return shape;
}

Index ConvGeometry::weights() const { return out_channels_ * in_channels_per_group() * kernel_size_; }

std::vector<ConvGeometry::Extents> ConvGeometry::preimages() const {
    std::vector<Extents> preimages;
    for (Index j = 0; j < rank(); ++j) {
        const Axis& axis = axes_[static_cast<std::size_t>(j)];
        const Index first = transposed_extent(axis, axis.output, 0, j);
        preimages.push_back({std::max<Index>(first, 1), first + axis.stride - 1});
    }
    return preimages;
}

} // namespace convmat
