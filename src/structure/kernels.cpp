#include <convmat/structure/kernels.hpp>

#include <algorithm>
#include <complex>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/rearrange.hpp>

namespace convmat {
namespace {

// Throws ShapeError naming `who` unless the kernel has channels and at least one spatial axis.
template <ScalarType Scalar>
void require_kernel(const Tensor<Scalar>& kernel, const char* who) {
    if (kernel.rank() < 3)
        throw ShapeError({.parameter = "kernel",
                          .value = to_string(kernel.shape()),
                          .expected = "(O, C/g, k...) with at least one spatial axis",
                          .found = concat(who, ": kernel of shape ", to_string(kernel.shape()))});
}

// Throws ShapeError naming `who` unless it is a kernel whose output channels are as many in each group.
template <ScalarType Scalar>
void require_groups(const Tensor<Scalar>& kernel, Index groups, const char* who) {
    require_kernel(kernel, who);
    if (groups < 1 || kernel.shape()[0] % groups != 0)
        throw ShapeError({.parameter = "groups",
                          .value = concat(groups),
                          .expected = concat("at least 1 and a divisor of the ", kernel.shape()[0], " output channels"),
                          .found = concat(who, ": ", groups, " groups")});
}

// Throws ShapeError naming `who` and `what` unless the list has a number of at least `least` for each spatial axis.
template <ScalarType Scalar>
void require_list(const Tensor<Scalar>& kernel, const Shape& list, Index least, const char* who, const Quantity& what) {
    require_kernel(kernel, who);
    if (std::ssize(list) != kernel.rank() - 2 || std::ranges::any_of(list, [&](Index i) { return i < least; }))
        throw ShapeError({.parameter = what.parameter,
                          .value = to_string(list),
                          .expected = concat(kernel.rank() - 2, " numbers of at least ", least),
                          .found = concat(who, ": ", what.words, " ", to_string(list))});
}

// Throws ShapeError unless `second` reads the channels that `first` writes, on as many axes; both have taps.
template <ScalarType Scalar>
void require_composable(const Tensor<Scalar>& first, const Tensor<Scalar>& second) {
    require_kernel(first, "composed");
    require_kernel(second, "composed");
    const auto none = [](Index extent) { return extent < 1; };
    if (first.rank() != second.rank() || first.shape()[0] != second.shape()[1] ||
        std::ranges::any_of(first.shape(), none) || std::ranges::any_of(second.shape(), none))
        throw ShapeError({.parameter = "second",
                          .value = to_string(second.shape()),
                          .expected = "MxCxk and OxMxk with as many axes, no extent 0",
                          .found = concat("composed: kernels of shapes ", to_string(first.shape()), " and ",
                                          to_string(second.shape()))});
}

// K[o, c, t] for the `count` taps t from `first` on: row o, column c count + t - first; zeros left out.
template <ScalarType Scalar>
Sparse<Scalar> weights_matrix(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index first, Index count) {
    const Index outs = geometry.out_channels(), ins = geometry.in_channels_per_group();
    const Index cols = checked_mul(geometry.in_channels(), count, "a matrix of weights: columns");
    const Index at_most = outs * ins * count; // no more than there are weights
    detail::require_sparse<Scalar>(outs, cols, at_most);
    Sparse<Scalar> matrix(outs, cols);
    matrix.reserve(at_most);
    for (Index o = 0; o < outs; ++o) {
        matrix.startVec(o);
        const Index group = o / geometry.out_channels_per_group();
        for (Index c = 0; c < ins; ++c)
            for (Index t = 0; t < count; ++t) {
                const Scalar& weight = kernel[(o * ins + c) * geometry.kernel_size() + first + t];
                if (weight != Scalar(0)) matrix.insertBack(o, (group * ins + c) * count + t) = weight;
            }
    }
    matrix.finalize();
    return matrix;
}

} // namespace

template <ScalarType Scalar>
Shape spatial_extents(const Tensor<Scalar>& kernel) {
    require_kernel(kernel, "spatial_extents");
    return {kernel.shape().begin() + 2, kernel.shape().end()};
}

template <ScalarType Scalar>
Tensor<Scalar> flipped(const Tensor<Scalar>& kernel) {
    require_kernel(kernel, "flipped");
    return flip_axes(kernel, 2);
}

template <ScalarType Scalar>
Tensor<Scalar> channels_swapped(const Tensor<Scalar>& kernel, Index groups) {
    require_groups(kernel, groups, "channels_swapped");
    const Index outs = kernel.shape()[0] / groups, ins = kernel.shape()[1];
    const Index taps = checked_product(spatial_extents(kernel), {"kernel", "kernel"});
    Shape shape = kernel.shape();
    shape[0] = checked_mul(ins, groups, {"channels_swapped: channels", "groups"});
    shape[1] = outs;
    auto swapped = permute_axes(kernel.reshaped({groups, outs, ins, taps}), Shape{0, 2, 1, 3});
    return std::move(swapped).reshaped(std::move(shape));
}

template <ScalarType Scalar>
Tensor<Scalar> conjugated(Tensor<Scalar> kernel) {
    if constexpr (is_complex<Scalar>)
        for (Scalar& value : kernel.values()) value = std::conj(value);
    return kernel;
}

template <ScalarType Scalar>
Tensor<Scalar> ungrouped(const Tensor<Scalar>& kernel, Index groups) {
    require_groups(kernel, groups, "ungrouped");
    const Index outs = kernel.shape()[0], ins = kernel.shape()[1];
    const Index taps = checked_product(spatial_extents(kernel), {"kernel", "kernel"});
    Shape shape = kernel.shape();
    shape[1] = checked_mul(ins, groups, {"ungrouped: channels", "groups"});
    Tensor<Scalar> all(shape);
    for (Index o = 0; o < outs; ++o) {
        const auto from = kernel.values().begin() + o * ins * taps;
        const Index group = o / (outs / groups);
        std::copy(from, from + ins * taps, all.values().begin() + (o * groups + group) * ins * taps);
    }
    return all;
}

template <ScalarType Scalar>
Tensor<Scalar> dilated(const Tensor<Scalar>& kernel, const Shape& dilation) {
    require_list(kernel, dilation, 1, "dilated", {"dilation", "dilation"});
    const Quantity reach = {"dilated kernel", "dilation"};
    Shape shape = kernel.shape();
    for (std::size_t j = 0; j < dilation.size(); ++j)
        if (shape[j + 2] > 0) shape[j + 2] = checked_add(checked_mul(dilation[j], shape[j + 2] - 1, reach), 1, reach);
    Tensor<Scalar> wide(shape);
    const Shape steps = detail::steps_of(shape);
    Index from = 0;
    for_each_position(kernel.shape(), [&](const Shape& at) {
        Index to = at[0] * steps[0] + at[1] * steps[1];
        for (std::size_t j = 0; j < dilation.size(); ++j) to += at[j + 2] * dilation[j] * steps[j + 2];
        wide[to] = kernel[from++];
    });
    return wide;
}

template <ScalarType Scalar>
Tensor<Scalar> every(const Tensor<Scalar>& kernel, const Shape& stride, const Shape& first) {
    require_list(kernel, stride, 1, "every", {"stride", "stride"});
    require_list(kernel, first, 0, "every", {"first tap", "first"});
    Shape shape = kernel.shape();
    Shape steps = detail::steps_of(shape);
    Index start = 0;
    for (std::size_t j = 0; j < stride.size(); ++j) {
        Index& extent = shape[j + 2];
        if (first[j] < extent) start += first[j] * steps[j + 2];
        steps[j + 2] *= std::min(stride[j], extent); // of one tap alone, any step will do
        extent = first[j] < extent ? (extent - first[j] - 1) / stride[j] + 1 : 0;
    }
    Tensor<Scalar> phase(shape);
    if (phase.size() > 0) detail::gather(kernel, start, steps, phase);
    return phase;
}

template <ScalarType Scalar>
Tensor<Scalar> composed(const Tensor<Scalar>& first, const Tensor<Scalar>& second) {
    require_composable(first, second);
    const Index outs = second.shape()[0], ins = first.shape()[1], between = first.shape()[0];
    Shape shape = {outs, ins};
    for (std::size_t j = 2; j < first.shape().size(); ++j)
        shape.push_back(checked_add(first.shape()[j], second.shape()[j] - 1, {"composed kernel", "second"}));
    Tensor<Scalar> product(shape);
    const Shape steps = detail::steps_of(shape);
    const Index taps1 = checked_product(spatial_extents(first), {"kernel", "first"});
    const Index taps2 = checked_product(spatial_extents(second), {"kernel", "second"});
    Index n1 = 0;
    for_each_position(spatial_extents(first), [&](const Shape& t1) {
        Index n2 = 0;
        for_each_position(spatial_extents(second), [&](const Shape& t2) {
            Index at = 0;
            for (std::size_t j = 0; j < t1.size(); ++j) at += (t1[j] + t2[j]) * steps[j + 2];
            for (Index o = 0; o < outs; ++o)
                for (Index mu = 0; mu < between; ++mu)
                    for (Index c = 0; c < ins; ++c)
                        product[o * steps[0] + c * steps[1] + at] +=
                            second[(o * between + mu) * taps2 + n2] * first[(mu * ins + c) * taps1 + n1];
            ++n2;
        });
        ++n1;
    });
    return product;
}

template <ScalarType Scalar>
Sparse<Scalar> sparse_from(std::span<const Scalar> values, Index rows, Index cols) {
    if (rows < 0 || cols < 0 || checked_mul(rows, cols, "sparse_from: values") != std::ssize(values))
        throw ShapeError(
            {.parameter = "values",
             .value = concat(values.size(), " values"),
             .expected = concat("those of a ", rows, "x", cols, " matrix"),
             .sentence = concat("sparse_from: ", values.size(), " values for a ", rows, "x", cols, " matrix")});
    const auto nonzeros = std::ssize(values) - std::ranges::count(values, Scalar(0));
    detail::require_sparse<Scalar>(rows, cols, nonzeros);
    Sparse<Scalar> matrix(rows, cols);
    matrix.reserve(nonzeros);
    auto value = values.begin();
    for (Index row = 0; row < rows; ++row) {
        matrix.startVec(row);
        for (Index col = 0; col < cols; ++col, ++value)
            if (*value != Scalar(0)) matrix.insertBack(row, col) = *value;
    }
    matrix.finalize();
    return matrix;
}

template <ScalarType Scalar>
Sparse<Scalar> kernel_tap(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index t) {
    require_shape(kernel, geometry.kernel_shape(), "kernel_tap: kernel");
    if (t < 0 || t >= geometry.kernel_size())
        throw ShapeError({.parameter = "t",
                          .value = concat(t),
                          .expected = concat("0 to ", geometry.kernel_size() - 1),
                          .found = concat("kernel_tap: tap ", t)});
    return weights_matrix(geometry, kernel, t, 1);
}

template <ScalarType Scalar>
Sparse<Scalar> kernel_matrix(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    require_shape(kernel, geometry.kernel_shape(), "kernel_matrix: kernel");
    return weights_matrix(geometry, kernel, 0, geometry.kernel_size());
}

template Shape spatial_extents(const Tensor<float>&);
template Shape spatial_extents(const Tensor<double>&);
template Shape spatial_extents(const Tensor<std::complex<float>>&);
template Shape spatial_extents(const Tensor<std::complex<double>>&);
template Shape spatial_extents(const Tensor<std::int64_t>&);
template Tensor<float> flipped(const Tensor<float>&);
template Tensor<double> flipped(const Tensor<double>&);
template Tensor<std::complex<float>> flipped(const Tensor<std::complex<float>>&);
template Tensor<std::complex<double>> flipped(const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> flipped(const Tensor<std::int64_t>&);
template Tensor<float> channels_swapped(const Tensor<float>&, Index);
template Tensor<double> channels_swapped(const Tensor<double>&, Index);
template Tensor<std::complex<float>> channels_swapped(const Tensor<std::complex<float>>&, Index);
template Tensor<std::complex<double>> channels_swapped(const Tensor<std::complex<double>>&, Index);
template Tensor<std::int64_t> channels_swapped(const Tensor<std::int64_t>&, Index);
template Tensor<float> conjugated(Tensor<float>);
template Tensor<double> conjugated(Tensor<double>);
template Tensor<std::complex<float>> conjugated(Tensor<std::complex<float>>);
template Tensor<std::complex<double>> conjugated(Tensor<std::complex<double>>);
template Tensor<std::int64_t> conjugated(Tensor<std::int64_t>);
template Tensor<float> ungrouped(const Tensor<float>&, Index);
template Tensor<double> ungrouped(const Tensor<double>&, Index);
template Tensor<std::complex<float>> ungrouped(const Tensor<std::complex<float>>&, Index);
template Tensor<std::complex<double>> ungrouped(const Tensor<std::complex<double>>&, Index);
template Tensor<std::int64_t> ungrouped(const Tensor<std::int64_t>&, Index);
template Tensor<float> dilated(const Tensor<float>&, const Shape&);
template Tensor<double> dilated(const Tensor<double>&, const Shape&);
template Tensor<std::complex<float>> dilated(const Tensor<std::complex<float>>&, const Shape&);
template Tensor<std::complex<double>> dilated(const Tensor<std::complex<double>>&, const Shape&);
template Tensor<std::int64_t> dilated(const Tensor<std::int64_t>&, const Shape&);
template Tensor<float> every(const Tensor<float>&, const Shape&, const Shape&);
template Tensor<double> every(const Tensor<double>&, const Shape&, const Shape&);
template Tensor<std::complex<float>> every(const Tensor<std::complex<float>>&, const Shape&, const Shape&);
template Tensor<std::complex<double>> every(const Tensor<std::complex<double>>&, const Shape&, const Shape&);
template Tensor<std::int64_t> every(const Tensor<std::int64_t>&, const Shape&, const Shape&);
template Tensor<float> composed(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> composed(const Tensor<double>&, const Tensor<double>&);
template Tensor<std::complex<float>> composed(const Tensor<std::complex<float>>&, const Tensor<std::complex<float>>&);
template Tensor<std::complex<double>> composed(const Tensor<std::complex<double>>&,
                                               const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> composed(const Tensor<std::int64_t>&, const Tensor<std::int64_t>&);
template Sparse<float> sparse_from(std::span<const float>, Index, Index);
template Sparse<double> sparse_from(std::span<const double>, Index, Index);
template Sparse<std::complex<float>> sparse_from(std::span<const std::complex<float>>, Index, Index);
template Sparse<std::complex<double>> sparse_from(std::span<const std::complex<double>>, Index, Index);
template Sparse<std::int64_t> sparse_from(std::span<const std::int64_t>, Index, Index);
template Sparse<float> kernel_tap(const ConvGeometry&, const Tensor<float>&, Index);
template Sparse<double> kernel_tap(const ConvGeometry&, const Tensor<double>&, Index);
template Sparse<std::complex<float>> kernel_tap(const ConvGeometry&, const Tensor<std::complex<float>>&, Index);
template Sparse<std::complex<double>> kernel_tap(const ConvGeometry&, const Tensor<std::complex<double>>&, Index);
template Sparse<std::int64_t> kernel_tap(const ConvGeometry&, const Tensor<std::int64_t>&, Index);
template Sparse<float> kernel_matrix(const ConvGeometry&, const Tensor<float>&);
template Sparse<double> kernel_matrix(const ConvGeometry&, const Tensor<double>&);
template Sparse<std::complex<float>> kernel_matrix(const ConvGeometry&, const Tensor<std::complex<float>>&);
template Sparse<std::complex<double>> kernel_matrix(const ConvGeometry&, const Tensor<std::complex<double>>&);
template Sparse<std::int64_t> kernel_matrix(const ConvGeometry&, const Tensor<std::int64_t>&);

} // namespace convmat
