#include <convmat/structure/factors.hpp>

#include <algorithm>
#include <complex>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/taps/source_index.hpp>

namespace convmat {
namespace {

// An upper bound of the summands of `outputs` values, each at its own position of an extended axis of n values.
Index most_sources(Boundary boundary, Index n, Index outputs) {
    if (boundary == Boundary::zero) return std::min(n, outputs);
    return boundary == Boundary::antireflective ? checked_mul(3, outputs, "a sparse factor") : outputs;
}

// The nonzeros of unfold_matrix on one axis: the summands that all taps of all outputs have.
Index unfold_entries(const Axis& axis) {
    Index count = 0;
    for (Index t = 0; t < axis.kernel; ++t)
        for (Index u = 0; u < axis.output; ++u) {
            const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
            const Sources all = sources(axis.boundary, axis.input, q);
            count += all.end() - all.begin();
        }
    return count;
}

} // namespace

template <ScalarType Scalar>
Sparse<Scalar> stride_selection(Index m, Index n, Index s, Index first) {
    if (m < 0 || s < 1 || first < 0 || (m > 0 && checked_add(checked_mul(s, m - 1, "stride"), first, "stride") >= n))
        throw ShapeError({.parameter = "m",
                          .value = concat(m),
                          .expected = concat("values ", s, " apart from ", first, " on that lie in ", n),
                          .sentence = concat("stride_selection: ", m, " values ", s, " apart from ", first,
                                             " on do not lie in ", n)});
    return sparse_rows<Scalar>(m, n, m, [&](Index u, auto add) { add(first + s * u, 1); });
}

template <ScalarType Scalar>
Sparse<Scalar> zero_stuffing(Index m, Index s) {
    if (m < 1 || s < 1)
        throw ShapeError({.parameter = m < 1 ? "m" : "s",
                          .value = concat(m < 1 ? m : s),
                          .expected = "at least 1 of each",
                          .found = concat("zero_stuffing: ", m, " values ", s, " apart")});
    return stride_selection<Scalar>(m, checked_add(checked_mul(s, m - 1, "zero stuffing"), 1, "zero stuffing"), s)
        .transpose();
}

template <ScalarType Scalar>
Sparse<Scalar> shift_matrix(Index n, Index by, Boundary boundary) {
    detail::require_extent(n, "shift_matrix");
    const Index twice = checked_mul(2, n, {"shift_matrix: extent", "n"});
    const Index back = checked_sub(0, by, {"shift_matrix: shift", "by"});
    checked_sub(back, twice, "shift_matrix: shift");
    checked_add(back, twice, {"shift_matrix: shift", "by"});
    return sparse_rows<Scalar>(n, n, most_sources(boundary, n, n), [&](Index i, auto add) {
        for (const Source& source : sources(boundary, n, i - by)) add(source.position, source.coefficient);
    });
}

template <ScalarType Scalar>
Sparse<Scalar> exchange_matrix(Index n) {
    detail::require_extent(n, "exchange_matrix");
    return sparse_rows<Scalar>(n, n, n, [&](Index i, auto add) { add(n - 1 - i, 1); });
}

template <ScalarType Scalar>
Sparse<Scalar> pad_matrix(const Axis& axis) {
    const Index rows = axis.padded_input(), most = most_sources(axis.boundary, axis.input, rows);
    return sparse_rows<Scalar>(rows, axis.input, most, [&](Index q, auto add) {
        for (const Source& source : sources(axis.boundary, axis.input, q - axis.padding.begin))
            add(source.position, source.coefficient);
    });
}

template <ScalarType Scalar>
Sparse<Scalar> tap_matrix(const Axis& axis, Index t) {
    if (t < 0 || t >= axis.kernel)
        throw ShapeError({.parameter = "t",
                          .value = concat(t),
                          .expected = concat("0 to ", axis.kernel - 1),
                          .found = concat("tap_matrix: tap ", t)});
    const Index most = most_sources(axis.boundary, axis.input, axis.output);
    return sparse_rows<Scalar>(axis.output, axis.input, most, [&](Index u, auto add) {
        const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
        for (const Source& source : sources(axis.boundary, axis.input, q)) add(source.position, source.coefficient);
    });
}

template <ScalarType Scalar>
Sparse<Scalar> tap_matrix(const ConvGeometry& geometry, const Shape& t) {
    if (std::ssize(t) != geometry.rank())
        throw ShapeError({.parameter = "t",
                          .value = to_string(t),
                          .expected = concat(geometry.rank(), " numbers"),
                          .found = concat("tap_matrix: tap ", to_string(t))});
    std::vector<Sparse<Scalar>> factors;
    for (std::size_t j = 0; j < t.size(); ++j) factors.push_back(tap_matrix<Scalar>(geometry.axes()[j], t[j]));
    return kronecker<Scalar>(factors);
}

template <ScalarType Scalar>
Sparse<Scalar> pad_matrix(const ConvGeometry& geometry) {
    std::vector<Sparse<Scalar>> factors = {identity_matrix<Scalar>(geometry.in_channels())};
    for (const Axis& axis : geometry.axes()) factors.push_back(pad_matrix<Scalar>(axis));
    return kronecker<Scalar>(factors);
}

template <ScalarType Scalar>
Sparse<Scalar> stride_matrix(const ConvGeometry& geometry) {
    std::vector<Sparse<Scalar>> factors = {identity_matrix<Scalar>(geometry.out_channels())};
    for (const Axis& axis : geometry.axes())
        factors.push_back(
            stride_selection<Scalar>(axis.output, axis.padded_input() - axis.effective_kernel() + 1, axis.stride));
    return kronecker<Scalar>(factors);
}

template <ScalarType Scalar>
Sparse<Scalar> zero_stuffing_matrix(const ConvGeometry& geometry) {
    std::vector<Sparse<Scalar>> factors = {identity_matrix<Scalar>(geometry.out_channels())};
    for (const Axis& axis : geometry.axes()) factors.push_back(zero_stuffing<Scalar>(axis.output, axis.stride));
    return kronecker<Scalar>(factors);
}

template <ScalarType Scalar>
Sparse<Scalar> unfold_matrix(const ConvGeometry& geometry) {
    const Index channels = geometry.in_channels(), outputs = geometry.output_size();
    const Index rows = checked_mul(geometry.kernel_size(), outputs, "unfold_matrix: rows");
    const Index all_rows = checked_mul(channels, rows, "unfold_matrix: rows");
    detail::require_sparse<Scalar>(all_rows, geometry.cols(), 0); // then counting is cheap
    Index nonzeros = 1;
    Shape extents;
    for (const Axis& axis : geometry.axes()) {
        extents.push_back(axis.kernel);
        nonzeros = checked_mul(nonzeros, unfold_entries(axis), "unfold_matrix: nonzeros");
    }
    detail::require_sparse<Scalar>(all_rows, geometry.cols(),
                                   checked_mul(channels, nonzeros, "unfold_matrix: nonzeros"));
    Sparse<Scalar> one(rows, geometry.input_size()); // of one channel
    one.reserve(nonzeros);
    Index first = 0;
    for_each_position(extents, [&](const Shape& t) {
        detail::append_rows(one, first, 0, tap_matrix<Scalar>(geometry, t));
        first += outputs;
    });
    one.finalize();
    return channels == 1 ? one : kronecker(identity_matrix<Scalar>(channels), one);
}

template <ScalarType Scalar>
Sparse<Scalar> channels_last(Index channels, Index size) {
    if (channels < 0 || size < 0)
        throw ShapeError({.parameter = channels < 0 ? "channels" : "size",
                          .value = concat(channels < 0 ? channels : size),
                          .expected = "at least 0 of each",
                          .found = concat("channels_last: ", channels, " channels of ", size, " values")});
    const Index all = checked_mul(channels, size, "channels_last");
    return sparse_rows<Scalar>(all, all, all,
                               [&](Index row, auto add) { add(row % channels * size + row / channels, 1); });
}

template Sparse<float> stride_selection<float>(Index, Index, Index, Index);
template Sparse<double> stride_selection<double>(Index, Index, Index, Index);
template Sparse<std::complex<float>> stride_selection<std::complex<float>>(Index, Index, Index, Index);
template Sparse<std::complex<double>> stride_selection<std::complex<double>>(Index, Index, Index, Index);
template Sparse<std::int64_t> stride_selection<std::int64_t>(Index, Index, Index, Index);
template Sparse<float> zero_stuffing<float>(Index, Index);
template Sparse<double> zero_stuffing<double>(Index, Index);
template Sparse<std::complex<float>> zero_stuffing<std::complex<float>>(Index, Index);
template Sparse<std::complex<double>> zero_stuffing<std::complex<double>>(Index, Index);
template Sparse<std::int64_t> zero_stuffing<std::int64_t>(Index, Index);
template Sparse<float> shift_matrix<float>(Index, Index, Boundary);
template Sparse<double> shift_matrix<double>(Index, Index, Boundary);
template Sparse<std::complex<float>> shift_matrix<std::complex<float>>(Index, Index, Boundary);
template Sparse<std::complex<double>> shift_matrix<std::complex<double>>(Index, Index, Boundary);
template Sparse<std::int64_t> shift_matrix<std::int64_t>(Index, Index, Boundary);
template Sparse<float> exchange_matrix<float>(Index);
template Sparse<double> exchange_matrix<double>(Index);
template Sparse<std::complex<float>> exchange_matrix<std::complex<float>>(Index);
template Sparse<std::complex<double>> exchange_matrix<std::complex<double>>(Index);
template Sparse<std::int64_t> exchange_matrix<std::int64_t>(Index);
template Sparse<float> pad_matrix<float>(const Axis&);
template Sparse<double> pad_matrix<double>(const Axis&);
template Sparse<std::complex<float>> pad_matrix<std::complex<float>>(const Axis&);
template Sparse<std::complex<double>> pad_matrix<std::complex<double>>(const Axis&);
template Sparse<std::int64_t> pad_matrix<std::int64_t>(const Axis&);
template Sparse<float> tap_matrix<float>(const Axis&, Index);
template Sparse<double> tap_matrix<double>(const Axis&, Index);
template Sparse<std::complex<float>> tap_matrix<std::complex<float>>(const Axis&, Index);
template Sparse<std::complex<double>> tap_matrix<std::complex<double>>(const Axis&, Index);
template Sparse<std::int64_t> tap_matrix<std::int64_t>(const Axis&, Index);
template Sparse<float> tap_matrix<float>(const ConvGeometry&, const Shape&);
template Sparse<double> tap_matrix<double>(const ConvGeometry&, const Shape&);
template Sparse<std::complex<float>> tap_matrix<std::complex<float>>(const ConvGeometry&, const Shape&);
template Sparse<std::complex<double>> tap_matrix<std::complex<double>>(const ConvGeometry&, const Shape&);
template Sparse<std::int64_t> tap_matrix<std::int64_t>(const ConvGeometry&, const Shape&);
template Sparse<float> pad_matrix<float>(const ConvGeometry&);
template Sparse<double> pad_matrix<double>(const ConvGeometry&);
template Sparse<std::complex<float>> pad_matrix<std::complex<float>>(const ConvGeometry&);
template Sparse<std::complex<double>> pad_matrix<std::complex<double>>(const ConvGeometry&);
template Sparse<std::int64_t> pad_matrix<std::int64_t>(const ConvGeometry&);
template Sparse<float> stride_matrix<float>(const ConvGeometry&);
template Sparse<double> stride_matrix<double>(const ConvGeometry&);
template Sparse<std::complex<float>> stride_matrix<std::complex<float>>(const ConvGeometry&);
template Sparse<std::complex<double>> stride_matrix<std::complex<double>>(const ConvGeometry&);
template Sparse<std::int64_t> stride_matrix<std::int64_t>(const ConvGeometry&);
template Sparse<float> zero_stuffing_matrix<float>(const ConvGeometry&);
template Sparse<double> zero_stuffing_matrix<double>(const ConvGeometry&);
template Sparse<std::complex<float>> zero_stuffing_matrix<std::complex<float>>(const ConvGeometry&);
template Sparse<std::complex<double>> zero_stuffing_matrix<std::complex<double>>(const ConvGeometry&);
template Sparse<std::int64_t> zero_stuffing_matrix<std::int64_t>(const ConvGeometry&);
template Sparse<float> unfold_matrix<float>(const ConvGeometry&);
template Sparse<double> unfold_matrix<double>(const ConvGeometry&);
template Sparse<std::complex<float>> unfold_matrix<std::complex<float>>(const ConvGeometry&);
template Sparse<std::complex<double>> unfold_matrix<std::complex<double>>(const ConvGeometry&);
template Sparse<std::int64_t> unfold_matrix<std::int64_t>(const ConvGeometry&);
template Sparse<float> channels_last<float>(Index, Index);
template Sparse<double> channels_last<double>(Index, Index);
template Sparse<std::complex<float>> channels_last<std::complex<float>>(Index, Index);
template Sparse<std::complex<double>> channels_last<std::complex<double>>(Index, Index);
template Sparse<std::int64_t> channels_last<std::int64_t>(Index, Index);

} // namespace convmat
