#include <convmat/reference/loops.hpp>

#include <cstdlib>

#include <convmat/base/checked.hpp>
#include <convmat/reference/extend.hpp>

namespace convmat::reference {
namespace {

Shape extended_shape(const ConvGeometry& geometry) {
    Shape shape = {geometry.in_channels()};
    for (const Axis& axis : geometry.axes()) shape.push_back(axis.padded_input());
    return shape;
}

Index product(const Shape& shape, std::size_t first, std::size_t last) {
    Index result = 1;
    for (std::size_t j = first; j < last; ++j) result *= shape[j];
    return result;
}

// How far any position of the padded axis lies outside the input.
Index margin(const Axis& axis) {
    const auto outside = [&](Index q) { return std::max<Index>({-q, q - axis.input + 1, 0}); };
    return std::max(outside(-axis.padding.begin), outside(axis.input + axis.padding.end - 1));
}

// Replaces one axis by its padded form (or back), every line of it at a time.
template <class Scalar, class LineMap>
Tensor<Scalar> map_lines(const Tensor<Scalar>& from, std::size_t axis, Index new_extent, const LineMap& line_map) {
    Shape shape = from.shape();
    const Index old_extent = shape[axis];
    shape[axis] = new_extent;
    Tensor<Scalar> to(shape);
    const Index step = product(shape, axis + 1, shape.size());
    const Index lines_before = product(shape, 0, axis);
    for (Index a = 0; a < lines_before; ++a)
        for (Index b = 0; b < step; ++b)
            line_map([&](Index i) -> const Scalar& { return from[(a * old_extent + i) * step + b]; },
                     [&](Index i) -> Scalar& { return to[(a * new_extent + i) * step + b]; });
    return to;
}

// Counts through all positions of a box, last axis fastest.
class Positions {
  public:
    explicit Positions(Shape extents) : extents_(std::move(extents)), at_(extents_.size(), 0) {}
    const Shape& operator*() const { return at_; }
    bool next() {
        for (std::size_t j = at_.size(); j-- > 0;) {
            if (++at_[j] < extents_[j]) return true;
            at_[j] = 0;
        }
        return false;
    }

  private:
    Shape extents_;
    Shape at_;
};

Shape spatial(const Shape& shape, std::size_t channels) {
    return {shape.begin() + static_cast<std::ptrdiff_t>(channels), shape.end()};
}

// Whether W has no entry for a position of the padded axis: outside the input nothing is multiplied, not even NaN by 0.
bool is_absent(const Axis& axis, Index padded) {
    const Index i = padded - axis.padding.begin;
    return axis.boundary == Boundary::zero && (i < 0 || i >= axis.input);
}

// Visits every product of the convolution with the flat positions of Y, K and the extended X that it joins.
template <class Visit>
void for_each_product(const ConvGeometry& geometry, const Visit& visit) {
    const Shape padded = extended_shape(geometry);
    const Index padded_size = product(padded, 1, padded.size());
    const Index inputs = geometry.in_channels_per_group();
    const Index outputs = geometry.out_channels_per_group();
    Positions u(spatial(geometry.output_shape(), 1)); // both are at their first position again after their last
    Positions t(spatial(geometry.kernel_shape(), 2));
    for (Index o = 0; o < geometry.out_channels(); ++o) {
        Index y = o * geometry.output_size();
        do {
            for (Index c = 0; c < inputs; ++c) {
                Index k = (o * inputs + c) * geometry.kernel_size();
                do {
                    Index x = 0;
                    bool absent = false;
                    for (std::size_t j = 0; j < (*u).size(); ++j) {
                        const Axis& axis = geometry.axes()[j];
                        const Index at = axis.stride * (*u)[j] + axis.dilation * (*t)[j];
                        x = x * padded[j + 1] + at;
                        absent = absent || is_absent(axis, at);
                    }
                    if (!absent) visit(y, k, (o / outputs * inputs + c) * padded_size + x);
                    ++k;
                } while (t.next());
            }
            ++y;
        } while (u.next());
    }
}

} // namespace

template <ScalarType Scalar>
Tensor<Scalar> extend(const ConvGeometry& geometry, const Tensor<Scalar>& input) {
    require_shape(input, geometry.input_shape(), "reference::extend: input", "input");
    Tensor<Scalar> extended = input;
    for (std::size_t j = 0; j < geometry.axes().size(); ++j) {
        const Axis& axis = geometry.axes()[j];
        extended = map_lines(extended, j + 1, axis.padded_input(), [&](const auto& from, const auto& to) {
            ExtendedLine<Scalar> line(axis.input, margin(axis));
            for (Index i = 0; i < axis.input; ++i) line[i] = from(i);
            line.extend(axis.boundary);
            for (Index i = 0; i < axis.padded_input(); ++i) to(i) = line[i - axis.padding.begin];
        });
    }
    return extended;
}

template <ScalarType Scalar>
Tensor<Scalar> fold(const ConvGeometry& geometry, const Tensor<Scalar>& extended) {
    require_shape(extended, extended_shape(geometry), "reference::fold: extended input", "extended");
    Tensor<Scalar> input = extended;
    for (std::size_t j = 0; j < geometry.axes().size(); ++j) {
        const Axis& axis = geometry.axes()[j];
        input = map_lines(input, j + 1, axis.input, [&](const auto& from, const auto& to) {
            ExtendedLine<Scalar> line(axis.input, margin(axis));
            for (Index i = 0; i < axis.padded_input(); ++i) line[i - axis.padding.begin] = from(i);
            line.fold(axis.boundary);
            for (Index i = 0; i < axis.input; ++i) to(i) = line[i];
        });
    }
    return input;
}

template <ScalarType Scalar>
Tensor<Scalar> convolve(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const Tensor<Scalar>& input) {
    require_shape(kernel, geometry.kernel_shape(), "reference::convolve: kernel");
    require_shape(input, geometry.input_shape(), "reference::convolve: input", "input");
    const Tensor<Scalar> extended = extend(geometry, input);
    Tensor<Scalar> output(geometry.output_shape());
    for_each_product(geometry, [&](Index y, Index k, Index x) { output[y] += kernel[k] * extended[x]; });
    return output;
}

template <ScalarType Scalar>
Tensor<Scalar> transpose(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const Tensor<Scalar>& output) {
    require_shape(kernel, geometry.kernel_shape(), "reference::transpose: kernel");
    require_shape(output, geometry.output_shape(), "reference::transpose: output", "output");
    Tensor<Scalar> extended(extended_shape(geometry));
    for_each_product(geometry, [&](Index y, Index k, Index x) { extended[x] += kernel[k] * output[y]; });
    return fold(geometry, extended);
}

template Tensor<float> extend(const ConvGeometry&, const Tensor<float>&);
template Tensor<double> extend(const ConvGeometry&, const Tensor<double>&);
template Tensor<std::complex<float>> extend(const ConvGeometry&, const Tensor<std::complex<float>>&);
template Tensor<std::complex<double>> extend(const ConvGeometry&, const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> extend(const ConvGeometry&, const Tensor<std::int64_t>&);

template Tensor<float> fold(const ConvGeometry&, const Tensor<float>&);
template Tensor<double> fold(const ConvGeometry&, const Tensor<double>&);
template Tensor<std::complex<float>> fold(const ConvGeometry&, const Tensor<std::complex<float>>&);
template Tensor<std::complex<double>> fold(const ConvGeometry&, const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> fold(const ConvGeometry&, const Tensor<std::int64_t>&);

template Tensor<float> convolve(const ConvGeometry&, const Tensor<float>&, const Tensor<float>&);
template Tensor<double> convolve(const ConvGeometry&, const Tensor<double>&, const Tensor<double>&);
template Tensor<std::complex<float>> convolve(const ConvGeometry&, const Tensor<std::complex<float>>&,
                                              const Tensor<std::complex<float>>&);
template Tensor<std::complex<double>> convolve(const ConvGeometry&, const Tensor<std::complex<double>>&,
                                               const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> convolve(const ConvGeometry&, const Tensor<std::int64_t>&, const Tensor<std::int64_t>&);

template Tensor<float> transpose(const ConvGeometry&, const Tensor<float>&, const Tensor<float>&);
template Tensor<double> transpose(const ConvGeometry&, const Tensor<double>&, const Tensor<double>&);
template Tensor<std::complex<float>> transpose(const ConvGeometry&, const Tensor<std::complex<float>>&,
                                               const Tensor<std::complex<float>>&);
template Tensor<std::complex<double>> transpose(const ConvGeometry&, const Tensor<std::complex<double>>&,
                                                const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> transpose(const ConvGeometry&, const Tensor<std::int64_t>&, const Tensor<std::int64_t>&);

} // namespace convmat::reference
