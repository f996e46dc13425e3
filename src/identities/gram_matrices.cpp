#include <algorithm>
#include <array>

#include <convmat/base/checked.hpp>

#include <convmat/structure/exact_rank.hpp>

#include "sections.hpp"

// I-39 and I-40: W^H W and W W^H are convolutions too, with the kernel's autocorrelation.
namespace convmat::identities {
namespace {

// Kernels of autocorrelations cost the square of the taps.
std::string few_taps(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    const double taps = static_cast<double>(g.kernel_size());
    const double products = taps * taps * static_cast<double>(g.in_channels()) *
                            static_cast<double>(g.out_channels() * std::max(g.in_channels(), g.out_channels()));
    if (products <= 1e8) return {};
    return concat("the autocorrelation of ", g.kernel_size(), " taps takes ", products, " products, more than 1e8");
}

// R[o, o', L + δ] = Σ_{c, d (t - t') = s δ} K[o,c,t] conj(K[o',c,t']), |δ| <= L = (k_eff - 1) / s. A mistaken one takes
// a flipped K for the second.
template <class S>
Tensor<S> strided_autocorrelation(const ConvGeometry& g, const Tensor<S>& grouped, Variant v = Variant::stated) {
    const auto kernel = ungrouped(grouped, g.groups());
    const auto other = conjugated(v == Variant::mistaken ? flipped(kernel) : kernel);
    const Index outs = g.out_channels(), ins = g.in_channels(), taps = g.kernel_size();
    Shape shape = {outs, outs};
    for (const Axis& axis : g.axes()) shape.push_back(2 * ((axis.effective_kernel() - 1) / axis.stride) + 1);
    Tensor<S> result(shape);
    const Index lags = checked_product(spatial_extents(result), "lags");
    Index a = 0;
    for_each_position(spatial_extents(kernel), [&](const Shape& ta) {
        Index b = 0;
        for_each_position(spatial_extents(kernel), [&](const Shape& tb) {
            Index lag = 0;
            bool whole_strides = true;
            for (std::size_t j = 0; j < ta.size(); ++j) {
                const Axis& axis = g.axes()[j];
                const Index apart = axis.dilation * (ta[j] - tb[j]);
                whole_strides = whole_strides && apart % axis.stride == 0;
                lag = lag * shape[j + 2] + apart / axis.stride + shape[j + 2] / 2;
            }
            for (Index o = 0; o < outs && whole_strides; ++o)
                for (Index p = 0; p < outs; ++p)
                    for (Index c = 0; c < ins; ++c)
                        result[(o * outs + p) * lags + lag] +=
                            kernel[(o * ins + c) * taps + a] * other[(p * ins + c) * taps + b];
            ++b;
        });
        ++a;
    });
    return result;
}

// The matrix of R as a kernel that is centred, on each axis's extents `points`, O channels to O.
template <class S>
Matrix<S> centred_convolution(const Shape& points, const Tensor<S>& kernel, const Shape& dilation, Boundary boundary) {
    ConvSpec spec{.input = points, .kernel = spatial_extents(kernel)};
    spec.in_channels = kernel.shape()[1];
    spec.out_channels = kernel.shape()[0];
    spec.dilation = dilation;
    for (std::size_t j = 0; j < points.size(); ++j) {
        const Index reach = dilation[j] * (spec.kernel[j] / 2);
        spec.padding.push_back({reach, reach});
    }
    spec.boundary = {boundary};
    return w(ConvGeometry(spec), kernel);
}

// W^H W of the layer with every window that touches the input: the kernel followed by its mirror image. A mistaken one
// is not mirrored.
template <class S>
Matrix<S> input_gram(const IdentityCase<S>& c, Boundary boundary, Variant v = Variant::stated) {
    const auto kernel = ungrouped(c.kernel, c.geometry.groups());
    const auto swapped = conjugated(channels_swapped(kernel, 1));
    const Shape points = each_axis(c.geometry.axes(), &Axis::input);
    const Shape dilation = each_axis(c.geometry.axes(), &Axis::dilation);
    const auto autocorrelation = composed(kernel, v == Variant::mistaken ? swapped : flipped(swapped));
    return centred_convolution(points, autocorrelation, dilation, boundary);
}

template <class S>
Matrix<S> output_gram(const IdentityCase<S>& c, Boundary boundary, Variant v) {
    const Shape points = each_axis(c.geometry.axes(), &Axis::output);
    const auto autocorrelation = strided_autocorrelation(c.geometry, c.kernel, v);
    return centred_convolution(points, autocorrelation, Shape(points.size(), 1), boundary);
}

Identity full_gram() {
    return {.id = "I-39a",
            .name = "W^H W with full padding",
            .statement = "W^H W is block Toeplitz: the convolution with the kernel's autocorrelation, 'same' padding",
            .formula = "W(K)^H W(K) = W(K ★ conj(swap flip K)),  p = d (k - 1) at both ends",
            .latex = R"(W(K)^H W(K) = W(K \star \overline{\mathrm{swap\,flip}\,K}))",
            .when = "boundary zero, stride 1, every window that touches the input: p >= k_eff - 1 at both ends",
            .source = "I-9 and I-23; H. C. Andrews and B. R. Hunt, Digital Image Restoration, 1977",
            .mistake = "the kernel is followed by itself, not by its mirror image",
            .unmet = all_of({zero_outside, stride_one, few_taps, on_each_axis([](const Axis& a) {
                                 const Index reach = a.effective_kernel() - 1;
                                 if (a.padding.begin >= reach && a.output >= a.input + a.padding.begin)
                                     return std::string();
                                 return concat("padding is ", a.padding.begin, ":", a.padding.end, " and there are ",
                                               a.output, " outputs, not ", reach, ":", reach, " and ", a.input + reach,
                                               " or more");
                             })}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> matrix = w(c);
                return equal(matrix.adjoint() * matrix, input_gram(c, Boundary::zero, v), rounding(c, {.kernel = 2}));
            })};
}

Identity valid_gram() {
    return {
        .id = "I-39b",
        .name = "W W^H without padding",
        .statement = "W W^H is block Toeplitz: the convolution with the kernel's autocorrelation at multiples of the "
                     "stride, R[o,o',δ] = sum of K[o,c,t] conj(K[o',c,t']) over d (t - t') = s δ",
        .formula = "W W^H = W(R; p = L),  L = floor((k_eff - 1) / s)",
        .latex =
            R"(W W^H = W(R),\quad R_{o,o',\delta} = \sum_{c,\; d (t - t') = s \delta} K_{o,c,t} \overline{K_{o',c,t'}})",
        .when = "every window lies inside the input; any stride and dilation",
        .source = "I-1; for any stride and dilation derived here",
        .mistake = "the kernel is correlated with its mirror image",
        .unmet = all_of({windows_inside, few_taps}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> matrix = w(c);
            return equal(matrix * matrix.adjoint(), output_gram(c, Boundary::zero, v), rounding(c, {.kernel = 2}));
        })};
}

Identity periodic_gram() {
    return {
        .id = "I-39c",
        .name = "W^H W with periodic boundary",
        .statement = "W^H W is block circulant: the periodic convolution with the kernel's autocorrelation",
        .formula = "W(K)^H W(K) = W(K ★ conj(swap flip K); periodic),  p = d (k - 1) at both ends",
        .latex = R"(W(K)^H W(K) = W(K \star \overline{\mathrm{swap\,flip}\,K};\; \text{periodic}),\quad p = d (k - 1))",
        .when = "periodic, stride 1, as many outputs as inputs",
        .source = "I-23 and I-41a",
        .mistake = "the kernel is followed by itself, not by its mirror image",
        .unmet = all_of({periodic, keeps_extent, few_taps}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> matrix = w(c);
            return equal(matrix.adjoint() * matrix, input_gram(c, Boundary::periodic, v), rounding(c, {.kernel = 2}));
        })};
}

// W of full padding and stride 1, and the same with the rows that W has set to 0: E of I-39d.
template <class S>
struct FullPadding {
    Matrix<S> all;
    Matrix<S> lacking;
};

template <class S>
FullPadding<S> full_padding_of(const IdentityCase<S>& c) {
    ConvSpec spec = spec_of(c.geometry);
    auto rows = identity_matrix<S>(c.geometry.out_channels());
    for (std::size_t j = 0; j < spec.input.size(); ++j) {
        const Axis& axis = c.geometry.axes()[j];
        const Index reach = axis.effective_kernel() - 1;
        spec.padding[j] = {reach, reach};
        rows = kronecker(rows,
                         stride_selection<S>(axis.output, axis.input + reach, axis.stride, reach - axis.padding.begin));
    }
    spec.stride.clear();
    spec.boundary.clear();
    const Matrix<S> full = w(ConvGeometry(spec), c.kernel), chosen(rows);
    return {full, full - chosen.transpose() * (chosen * full)};
}

std::string padding_not_beyond_full(const AnyCase& layer) {
    return on_each_axis([](const Axis& a) {
        const Index reach = a.effective_kernel() - 1;
        return unless(std::max(a.padding.begin, a.padding.end) <= reach,
                      concat("padding is ", a.padding.begin, ":", a.padding.end, ", more than ", reach));
    })(layer);
}

Identity same_gram() {
    return {.id = "I-39d",
            .name = "W^H W with less padding",
            .statement = "W^H W is the Toeplitz matrix of full padding less E^H E, E the rows of full padding that W "
                         "lacks: for 'same' with k = 3 on one axis two rows, a correction of rank 2 in the corners",
            .formula = "W^H W = W(K ★ conj(swap flip K)) - E^H E",
            .latex = R"(W^H W = W(K \star \overline{\mathrm{swap\,flip}\,K}) - E^H E)",
            .when = "boundary zero, p <= k_eff - 1 at both ends; any stride and crop",
            .source = "I-39a and the rows of W; for any stride derived here",
            .mistake = "the correction is left out",
            .unmet = all_of({zero_outside, few_taps, padding_not_beyond_full}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> matrix = w(c), lacking = full_padding_of(c).lacking;
                const Matrix<S> toeplitz = input_gram(c, Boundary::zero);
                return equal(matrix.adjoint() * matrix,
                             v == Variant::mistaken ? toeplitz : toeplitz - lacking.adjoint() * lacking,
                             rounding(c, {.kernel = 2}));
            })};
}

// Whether the rows of full padding that W lacks read inputs of their own at either end.
std::string ends_apart(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    if (g.rank() != 1) return concat("there are ", g.rank(), " axes, not one");
    const Axis& a = g.axis(0);
    const Index reach = a.effective_kernel() - 1, before = reach - a.padding.begin;
    const Index after = a.input + reach - before - a.output;
    return unless(before + after <= a.input,
                  concat("W lacks ", before, " and ", after, " rows at the ends, more than the ", a.input, " inputs"));
}

Index rows_not_zero(const auto& matrix) {
    Index count = 0;
    for (Index row = 0; row < matrix.rows(); ++row) {
        using S = std::decay_t<decltype(matrix.trace())>;
        if (Matrix<S>(Sparse<S>(matrix.sparse().middleRows(row, 1))).nonzeros() > 0) ++count;
    }
    return count;
}

Identity rank_of_the_correction() {
    return {
        .id = "I-39f",
        .name = "the rank of the correction",
        .statement = "W^H W is as far from Toeplitz as W lacks rows of full padding: the rows of E that are not "
                     "zero are independent; 'same' with k = 3: two, where neither end of K is zero",
        .formula = "rank(W(K ★ conj(swap flip K)) - W^H W) = #{rows of E that are not 0},  E as in I-39d",
        .latex =
            R"(\mathrm{rank}\bigl(W(K \star \overline{\mathrm{swap\,flip}\,K}) - W^H W\bigr) = \#\{r : E_r \ne 0\})",
        .when = "boundary zero, stride 1, one axis, C = O = g, p <= k_eff - 1 at both ends, at most n rows lacking; "
                "integers (small enough to be dense)",
        .source = "derived here: the rows lacking at either end are a triangle each, on inputs of their own",
        .mistake = "all rows of full padding are counted",
        .unmet = all_of({one_channel_a_group, ends_apart, zero_outside, stride_one, few_taps, padding_not_beyond_full,
                         small_enough_for_dense, integer_sums}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> matrix = w(c);
            const auto apart = (input_gram(c, Boundary::zero) - matrix.adjoint() * matrix).without_zeros();
            const FullPadding<S> full = full_padding_of(c);
            const Index lacking = rows_not_zero(v == Variant::mistaken ? full.all : full.lacking);
            return equal(Matrix<S>::number(whole<S>(exact_rank(apart.sparse()))), Matrix<S>::number(whole<S>(lacking)));
        })};
}

Identity periodic_strided_gram() {
    return {.id = "I-39e",
            .name = "W W^H with periodic boundary and stride",
            .statement = "W W^H is block circulant: the periodic convolution with the kernel's autocorrelation at "
                         "multiples of the stride (R of I-39b)",
            .formula = "W W^H = W(R; periodic, p = L),  L = floor((k_eff - 1) / s)",
            .latex = R"(W W^H = W(R;\; \text{periodic}),\quad p = \lfloor (\hat k - 1) / s \rfloor)",
            .when = "periodic, the stride divides the input and m = n / s",
            .source = "derived here from I-39b, lags modulo m",
            .mistake = "the kernel is correlated with its mirror image",
            .unmet = all_of({periodic, stride_divides, few_taps}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> matrix = w(c);
                return equal(matrix * matrix.adjoint(), output_gram(c, Boundary::periodic, v),
                             rounding(c, {.kernel = 2}));
            })};
}

// The largest |a_ij|.
template <class S>
RealOf<S> largest(const Matrix<S>& matrix) {
    RealOf<S> most = 0;
    for (Index i = 0; i < matrix.sparse().nonZeros(); ++i)
        most = std::max(most, std::abs(matrix.sparse().valuePtr()[i]));
    return most;
}

// The largest |a_ij| at lag 0, i = j modulo `points`, and at the others.
template <class S>
Matrix<RealOf<S>> largest_by_lag(const Matrix<S>& matrix, Index points) {
    std::array<RealOf<S>, 2> most = {0, 0};
    for (Index row = 0; row < matrix.rows(); ++row)
        for (typename Sparse<S>::InnerIterator at(matrix.sparse(), row); at; ++at) {
            RealOf<S>& so_far = most[(row - at.col()) % points == 0 ? 0 : 1];
            so_far = std::max(so_far, std::abs(at.value()));
        }
    return Matrix<RealOf<S>>::column(most);
}

// Σ|K|² over the first output channel.
template <class S>
S first_square(const IdentityCase<S>& c) {
    const auto row = c.kernel.values().first(c.kernel.values().size() / static_cast<std::size_t>(c.kernel.shape()[0]));
    const Matrix<S> weights = Matrix<S>::column(row);
    return weights.inner(weights);
}

// The same of R - μ delta, at the lags that two outputs have.
template <class S>
Matrix<RealOf<S>> largest_lags(const IdentityCase<S>& c, S square, Variant v) {
    const auto autocorrelation = strided_autocorrelation(c.geometry, c.kernel);
    std::array<RealOf<S>, 2> most = {0, 0};
    Index number = 0;
    for_each_position(autocorrelation.shape(), [&](const Shape& at) {
        const S value = autocorrelation[number++];
        bool occurs = true, zero_lag = true;
        for (std::size_t j = 0; j < c.geometry.axes().size(); ++j) {
            const Index lag = at[j + 2] - autocorrelation.shape()[j + 2] / 2;
            occurs = occurs && std::abs(lag) < c.geometry.axes()[j].output;
            zero_lag = zero_lag && lag == 0;
        }
        const S expected = zero_lag && at[0] == at[1] ? square : S(0);
        RealOf<S>& so_far = most[zero_lag ? 0 : 1];
        if (occurs && (zero_lag || v == Variant::stated)) so_far = std::max(so_far, std::abs(value - expected));
    });
    return Matrix<RealOf<S>>::column(most);
}

Identity orthonormal_rows() {
    return {
        .id = "I-40a",
        .name = "orthonormal rows",
        .statement = "W W^H = μ I iff R of I-39b is μ at o = o', lag 0 and 0 elsewhere, at the lags |δ| < m that "
                     "outputs have: both are equally far from it, at lag 0 and at the others, here for the first "
                     "row's square μ = sum |K[0]|^2; rows are orthonormal where μ = 1",
        .formula = "max |W W^H - μ I| = max over |δ| < m of |R - μ delta|",
        .latex =
            R"(\max |W W^H - \mu I| = \max_{|\delta| < m} |R_{o,o',\delta} - \mu\,\delta_{o,o'} \delta_{\delta,0}|)",
        .when = "every window lies inside the input; any stride and dilation",
        .source = "I-39b; that lags of m and more do not count was found here",
        .mistake = "only lag 0 is looked at",
        .unmet = all_of({windows_inside, few_taps}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> matrix = w(c);
            const S square = first_square(c);
            const auto apart = matrix * matrix.adjoint() - Matrix<S>::identity(matrix.rows()).times(square);
            return equal(largest_by_lag(apart, c.geometry.output_size()), largest_lags(c, square, v),
                         rounding(c, {.kernel = 2}));
        })};
}

Identity orthonormal_columns() {
    return {.id = "I-40b",
            .name = "a transposed convolution that undoes the convolution",
            .statement =
                "the transposed layer with conj(K) gives every X back, trans_conv(conv(X)) = μ X, iff W^H W = μ I "
                "(μ = 1: orthonormal columns): over all unit X the result is as far from μ X as W^H W is from μ I, "
                "here for μ = sum |K[0]|^2",
            .formula = "max over X = e_i of |trans_conv(conv(X, K), conj(K)) - μ X| = max |W^H W - μ I|",
            .latex =
                R"(\max_{X = e_i} |\mathrm{convT}(\mathrm{conv}(X, K), \overline{K}) - \mu X| = \max |W^H W - \mu I|)",
            .when = "every layer (small enough for a dense decomposition: all unit X are tried)",
            .source = "answers d2l.ai, Transposed Convolution, exercise 1",
            .mistake = "the transposed layer has the flipped kernel",
            .unmet = small_enough_for_dense,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                using R = RealOf<S>;
                const auto kernel = conjugated(v == Variant::mistaken ? flipped(c.kernel) : c.kernel);
                const S square = first_square(c);
                R most = 0;
                for (Index i = 0; i < c.x.size(); ++i) {
                    Tensor<S> unit(c.x.shape());
                    unit[i] = S(1);
                    const auto back =
                        reference::transpose(c.geometry, kernel, reference::convolve(c.geometry, c.kernel, unit));
                    for (Index j = 0; j < back.size(); ++j) most = std::max(most, std::abs(back[j] - square * unit[j]));
                }
                const Matrix<S> matrix = w(c);
                const auto apart = matrix.adjoint() * matrix - Matrix<S>::identity(matrix.cols()).times(square);
                return equal(Matrix<R>::number(most), Matrix<R>::number(largest(apart)), rounding(c, {.kernel = 2}));
            })};
}

} // namespace

std::vector<Identity> gram_matrices() {
    return {full_gram(),
            valid_gram(),
            periodic_gram(),
            same_gram(),
            rank_of_the_correction(),
            periodic_strided_gram(),
            orthonormal_rows(),
            orthonormal_columns()};
}

} // namespace convmat::identities
