#include "entry.hpp"

#include <algorithm>

// I-19 to I-21, I-29 and I-30: W in other orders of channels, positions and images, and its symmetries.
namespace convmat::identities {
namespace {

std::string pointwise(const AnyCase& layer) {
    return on_each_axis([](const Axis& a) -> std::string {
        const bool met = a.kernel == 1 && a.stride == 1 && a.padding == Padding{};
        return met ? ""
                   : concat("k = ", a.kernel, ", s = ", a.stride, ", p = ", a.padding.begin, ":", a.padding.end,
                            ", not 1, 1 and 0");
    })(layer);
}

// The matrix between arrays with their channels last.
template <class S>
Matrix<S> with_channels_last(const IdentityCase<S>& c) {
    const ConvGeometry& g = c.geometry;
    const Matrix<S> out = channels_last<S>(g.out_channels(), g.output_size());
    const Matrix<S> in = channels_last<S>(g.in_channels(), g.input_size());
    return out * w(c) * in.transpose();
}

Identity pointwise_channels_first() {
    return {.id = "I-19a",
            .name = "1x1 layers",
            .statement = "a 1x1 layer multiplies the channels of every position by one matrix",
            .formula = "W = K ⊗ I_|n|",
            .latex = R"(W = K \otimes I_{|n|})",
            .when = "k = 1, s = 1, p = 0",
            .source = "Lin, Chen and Yan, arXiv:1312.4400",
            .mistake = "the factors are exchanged",
            .unmet = pointwise,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> weights = kernel_tap(c.geometry, c.kernel, 0);
                const auto positions = Matrix<S>::identity(c.geometry.input_size());
                return equal(w(c), v == Variant::mistaken ? positions.kron(weights) : weights.kron(positions));
            })};
}

Identity pointwise_channels_last() {
    return {.id = "I-19b",
            .name = "1x1 layers, channels last",
            .statement = "with channels last, a 1x1 layer is block-diagonal, a block a position",
            .formula = "W_NHWC = I_|n| ⊗ K",
            .latex = R"(W_{\mathrm{NHWC}} = I_{|n|} \otimes K)",
            .when = "k = 1, s = 1, p = 0",
            .source = "I-19a and I-20a",
            .mistake = "the factors are exchanged",
            .unmet = pointwise,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> weights = kernel_tap(c.geometry, c.kernel, 0);
                const auto positions = Matrix<S>::identity(c.geometry.input_size());
                return equal(with_channels_last(c),
                             v == Variant::mistaken ? weights.kron(positions) : positions.kron(weights));
            })};
}

Identity layout() {
    return {.id = "I-20a",
            .name = "channels last",
            .statement = "W between arrays with channels last is W with its rows and columns shuffled; its Kronecker "
                         "factors change places",
            .formula = "W_NHWC = Π_out W Π_in^T = sum_t Π_t1 ⊗ ... ⊗ Π_tD ⊗ K_t",
            .latex = R"(W_{\mathrm{NHWC}} = \Pi_{\mathrm{out}} W \Pi_{\mathrm{in}}^T = \sum_t \Pi_t \otimes K_t)",
            .when = "every layer",
            .source = "perfect shuffles: Van Loan, J. Comput. Appl. Math. 123 (2000)",
            .mistake = "the rows are not shuffled",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                std::vector<Matrix<S>> terms;
                for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                    const Matrix<S> places = tap_matrix<S>(g, t);
                    terms.push_back(places.kron(kernel_tap(g, c.kernel, std::ssize(terms))));
                });
                auto sum = Matrix<S>::sum(std::move(terms));
                if (v == Variant::mistaken) sum = Matrix<S>(channels_last<S>(g.out_channels(), g.output_size())) * sum;
                return equal(with_channels_last(c), sum, rounding(c));
            })};
}

Identity batch() {
    return {.id = "I-20b",
            .name = "batches",
            .statement = "a batch of N images, one after the other, is multiplied by I_N ⊗ W",
            .formula = "vec(Y_1, ..., Y_N) = (I_N ⊗ W) vec(X_1, ..., X_N)",
            .latex = R"(\mathrm{vec}(Y_1,\dots,Y_N) = (I_N \otimes W)\,\mathrm{vec}(X_1,\dots,X_N))",
            .when = "every layer; shown for N = 2",
            .source = "definition",
            .mistake = "the factors are exchanged, as for images interleaved",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto other = drawn(c, c.x.shape());
                const auto one = w(c), images = Matrix<S>::identity(2);
                const auto all = v == Variant::mistaken ? one.kron(images) : images.kron(one);
                return equal(all * Matrix<S>::stack({column(c.x), column(other)}),
                             Matrix<S>::stack({column(reference::convolve(c.geometry, c.kernel, c.x)),
                                               column(reference::convolve(c.geometry, c.kernel, other))}),
                             rounding(c, {.kernel = 1, .x = 1}) + rounding(c, {.kernel = 1, .drawn = 1}));
            })};
}

Identity groups() {
    return {.id = "I-21",
            .name = "groups are blocks",
            .statement =
                "with channels first, W of a grouped layer is block-diagonal as it stands: a block a group, no "
                "permutation",
            .formula = "W = blkdiag(W_1, ..., W_g)",
            .latex = R"(W = \mathrm{blkdiag}(W_1,\dots,W_g))",
            .when = "more than one group; depthwise layers are g = C",
            .source = "Krizhevsky, Sutskever and Hinton (2012)",
            .mistake = "the groups come in the opposite order",
            .unmet = several_groups,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                ConvSpec part = spec_of(g);
                part.groups = 1;
                part.in_channels = g.in_channels_per_group();
                part.out_channels = g.out_channels_per_group();
                const ConvGeometry one(part);
                std::vector<Matrix<S>> blocks;
                for (Index i = 0; i < g.groups(); ++i) {
                    const Index group = v == Variant::mistaken ? g.groups() - 1 - i : i;
                    const auto first = c.kernel.values().begin() + group * one.weights();
                    const Tensor<S> weights(one.kernel_shape(), std::vector<S>(first, first + one.weights()));
                    blocks.push_back(stated_outputs<S>(g, one.out_channels()) * w(one, weights));
                }
                return equal(w(c), Matrix<S>::blocks(blocks));
            })};
}

// J_out A J_in, each channel's positions reversed.
template <class S>
Matrix<S> reversed(const ConvGeometry& g, const Matrix<S>& a) {
    const Matrix<S> out = exchange_matrix<S>(g.output_size()), in = exchange_matrix<S>(g.input_size());
    return Matrix<S>::identity(g.out_channels()).kron(out) * a * Matrix<S>::identity(g.in_channels()).kron(in);
}

Identity flip() {
    return {.id = "I-29a",
            .name = "flipping input and output",
            .statement =
                "reversing input and output reverses the kernel, when the padding's ends differ by the remainder",
            .formula = "J_out W(K) J_in = W(flip K)",
            .latex = R"(J_{\mathrm{out}}\,W(K)\,J_{\mathrm{in}} = W(\mathrm{flip}\,K))",
            .when = "p_end - p_begin = r on every axis (symmetric padding without remainder)",
            .source = "derived here; checked on random layers",
            .mistake = "the kernel is not flipped",
            .unmet = on_each_axis([](const Axis& a) -> std::string {
                const Index difference = a.padding.end - a.padding.begin;
                return difference == a.remainder()
                           ? ""
                           : concat("p_end - p_begin = ", difference, ", not the remainder ", a.remainder());
            }),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                return equal(reversed(c.geometry, w(c)),
                             w(c.geometry, v == Variant::mistaken ? c.kernel : flipped(c.kernel)), rounding(c));
            })};
}

Identity persymmetry() {
    return {
        .id = "I-29b",
        .name = "persymmetry",
        .statement = "a 'same' layer of one channel is symmetric about its other diagonal: reversing input and output "
                     "transposes W, as of every Toeplitz matrix",
        .formula = "J W J = W^T",
        .latex = R"(J W J = W^T)",
        .when =
            "one channel in and out, stride 1, p_begin = p_end = (k_eff - 1)/2, boundary zero or periodic on each axis",
        .source = "I-10a and I-29a",
        .mistake = "only the outputs are reversed",
        .unmet = all_of({single_channel, centred, zero_or_periodic}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> back = exchange_matrix<S>(c.geometry.output_size());
            return equal(v == Variant::mistaken ? back * w(c) : reversed(c.geometry, w(c)), w(c).transpose(),
                         rounding(c));
        })};
}

Identity flip_with_remainder() {
    return counter(
        {.id = "I-29x",
         .name = "flipping input and output always flips the kernel",
         .statement = "reversing input and output reverses the kernel: false when the windows do not begin and end at "
                      "the same distance from the input's ends",
         .formula = "J_out W(K) J_in = W(flip K)   (believed; K = 1, 2, 3, ...)",
         .latex = R"(J_{\mathrm{out}}\,W(K)\,J_{\mathrm{in}} = W(\mathrm{flip}\,K))",
         .when = "boundary zero, p_end - p_begin differs from r on some axis, and some output reads the input",
         .source = "derived here: the left side is W(flip K) with padding p_end - r at the beginning",
         .unmet = all_of({zero_outside, on_geometry([](const ConvGeometry& g) -> std::string {
                              const bool differs = std::ranges::any_of(g.axes(), [](const Axis& a) {
                                  return a.padding.end - a.padding.begin != a.remainder();
                              });
                              if (!differs) return "p_end - p_begin is the remainder on every axis";
                              Index entries = 1;
                              for (const Axis& axis : g.axes()) {
                                  Index used = 0;
                                  for (Index t = 0; t < axis.kernel; ++t) used += tap_matrix(axis, t).nonZeros();
                                  entries = std::min(entries, used);
                              }
                              return entries > 0 ? "" : "no output reads the input";
                          })})},
        []() -> AnyCase { return counting_case({.input = {2}, .kernel = {1}, .stride = {2}}, {1}); },
        []<class S>(const IdentityCase<S>& c) {
            Tensor<S> kernel(c.kernel.shape());
            for (Index i = 0; i < kernel.size(); ++i) kernel[i] = whole<S>(i + 1);
            const auto left = reversed(c.geometry, w(c.geometry, kernel)), right = w(c.geometry, flipped(kernel));
            std::vector<Index> failing; // every row that reads anything
            for (Index row = 0; row < left.rows(); ++row)
                if (left.sparse().row(row).nonZeros() + right.sparse().row(row).nonZeros() > 0) failing.push_back(row);
            return Belief<S>{left, right, failing};
        });
}

// A shift by `by` along one axis of an array (channels, extents...), positions wrapping around.
template <class S>
Matrix<S> shift_along(Index channels, const Shape& extents, std::size_t axis, Index by) {
    auto product = Matrix<S>::identity(channels);
    for (std::size_t j = 0; j < extents.size(); ++j)
        product = product.kron(shift_matrix<S>(extents[j], j == axis ? by : 0));
    return product;
}

Identity equivariance() {
    return {.id = "I-30a",
            .name = "equivariance",
            .statement = "with periodic boundaries, shifting the input by s shifts the output by one, along every axis",
            .formula = "W Shift_n^s = Shift_m W",
            .latex = R"(W\,\mathrm{Shift}_n^{s} = \mathrm{Shift}_m\,W)",
            .when = "boundary periodic, n = s m on all axes",
            .source = "Cohen and Welling, arXiv:1602.07576",
            .mistake = "the input is shifted by s + 1",
            .unmet = all_of({periodic, stride_divides}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Shape in(c.x.shape().begin() + 1, c.x.shape().end()),
                    out(c.y.shape().begin() + 1, c.y.shape().end());
                std::vector<Matrix<S>> left, right;
                for (std::size_t j = 0; j < in.size(); ++j) {
                    const Index by = c.geometry.axes()[j].stride + (v == Variant::mistaken ? 1 : 0);
                    left.push_back(w(c) * shift_along<S>(c.geometry.in_channels(), in, j, by));
                    right.push_back(shift_along<S>(c.geometry.out_channels(), out, j, 1) * w(c));
                }
                return equal(Matrix<S>::stack(left), Matrix<S>::stack(right));
            })};
}

// Keeps `count` positions of one axis from `first` on.
template <class S>
Matrix<S> part_along(Index channels, const Shape& extents, std::size_t axis, Index first, Index count) {
    auto product = Matrix<S>::identity(channels);
    for (std::size_t j = 0; j < extents.size(); ++j)
        product =
            product.kron(j == axis ? stride_selection<S>(count, extents[j], 1, first) : identity_matrix<S>(extents[j]));
    return product;
}

Identity toeplitz() {
    return {.id = "I-30b",
            .name = "Toeplitz structure",
            .statement = "W repeats itself along every axis: one output further is s inputs further",
            .formula = "W[u + 1, i + s] = W[u, i]",
            .latex = R"(W_{u+1,\,i+s} = W_{u,i})",
            .when = "boundary zero; an axis with m >= 2 and n > s",
            .source = "definition of (block) Toeplitz",
            .mistake = "the input goes s + 1 further",
            .unmet = all_of({zero_outside, on_geometry([](const ConvGeometry& g) -> std::string {
                                 const bool found = std::ranges::any_of(
                                     g.axes(), [](const Axis& a) { return a.output > 1 && a.input > a.stride; });
                                 return found ? "" : "no axis has two outputs and more inputs than its stride";
                             })}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Shape in(c.x.shape().begin() + 1, c.x.shape().end()),
                    out(c.y.shape().begin() + 1, c.y.shape().end());
                const Index inputs = c.geometry.in_channels(), outputs = c.geometry.out_channels();
                auto left = Matrix<S>::zero(0, 0), right = left;
                for (std::size_t j = 0; j < in.size(); ++j) {
                    const Index m = out[j], n = in[j],
                                s = c.geometry.axes()[j].stride + (v == Variant::mistaken ? 1 : 0);
                    if (m < 2 || n <= s) continue;
                    left = Matrix<S>::blocks({left, part_along<S>(outputs, out, j, 1, m - 1) * w(c) *
                                                        part_along<S>(inputs, in, j, s, n - s).transpose()});
                    right = Matrix<S>::blocks({right, part_along<S>(outputs, out, j, 0, m - 1) * w(c) *
                                                          part_along<S>(inputs, in, j, 0, n - s).transpose()});
                }
                return equal(left, right);
            })};
}

} // namespace

std::vector<Identity> ordering() {
    return {pointwise_channels_first(),
            pointwise_channels_last(),
            layout(),
            batch(),
            groups(),
            flip(),
            persymmetry(),
            flip_with_remainder(),
            equivariance(),
            toeplitz()};
}

} // namespace convmat::identities
