#include <convmat/matrix/input2matrix.hpp>

#include "entry.hpp"

// I-31 to I-33: the kernel as the unknown.
namespace convmat::identities {
namespace {

Identity kernel_as_unknown() {
    return {.id = "I-31a",
            .name = "the kernel as the unknown",
            .statement = "the convolution is bilinear: what W(K) does to x, M(x) does to K",
            .formula = "W(K) vec(X) = M(x) vec(K)",
            .latex = R"(W(K)\,\mathrm{vec}(X) = M(x)\,\mathrm{vec}(K))",
            .when = "every layer",
            .source = "definition",
            .mistake = "the kernel is flipped before M(x) multiplies it",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> m = input2matrix(c.geometry, c.x);
                const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                return equal(column(reference::convolve(c.geometry, c.kernel, c.x)), m * column(kernel),
                             rounding(c, {.kernel = 1, .x = 1}));
            })};
}

Identity unfolded_input() {
    return {.id = "I-31b",
            .name = "M(x) is the unfolded input",
            .statement = "M(x) has a copy of the patches of x for every output channel",
            .formula = "M(x) = I_O ⊗ unfold(x)^T;  with groups blkdiag_g(I_{O/g} ⊗ unfold(x_g)^T)",
            .latex = R"(M(x) = \mathrm{blkdiag}_g\big(I_{O/g} \otimes \mathrm{unfold}(x_g)^T\big))",
            .when = "every layer",
            .source = "I-17 read the other way",
            .mistake = "the taps of a patch are counted backwards",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const auto patches = (Matrix<S>(unfold_matrix<S>(g)) * column(c.x)).values();
                const Index taps = g.in_channels_per_group() * g.kernel_size(), outputs = g.output_size();
                std::vector<Matrix<S>> blocks;
                for (Index group = 0; group < g.groups(); ++group) {
                    Dense<S> block(outputs, taps);
                    for (Index t = 0; t < taps; ++t)
                        for (Index u = 0; u < outputs; ++u) {
                            const Index tap = v == Variant::mistaken ? taps - 1 - t : t;
                            block(u, t) = patches[static_cast<std::size_t>((group * taps + tap) * outputs + u)];
                        }
                    blocks.push_back(Matrix<S>::identity(g.out_channels_per_group()).kron(Matrix<S>::of(block)));
                }
                return equal(Matrix<S>(input2matrix(g, c.x)), Matrix<S>::blocks(blocks),
                             rounding(c, {.kernel = 1, .x = 1}));
            })};
}

Identity gradient_of_the_kernel() {
    return {.id = "I-32",
            .name = "backpropagation to the kernel",
            .statement = "the gradient of <G, W(K) x> by K is M(x)^T G; found by the loops, a unit kernel at a time",
            .formula = "d/dK sum G (W(K) x) = M(x)^T vec(G)",
            .latex = R"(\partial_K \langle G, W(K)x\rangle = M(x)^T\,\mathrm{vec}(G))",
            .when = "every layer; up to 24 weights are compared",
            .source = "I-31a",
            .mistake = "x is shifted by one position in M(x)",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                Tensor<S> x = c.x;
                if (v == Variant::mistaken) std::rotate(x.values().begin(), x.values().begin() + 1, x.values().end());
                const auto gradient = (Matrix<S>(input2matrix(c.geometry, x)).transpose() * column(c.y)).values();
                std::vector<S> found, expected;
                for (Index i = 0; i < c.kernel.size(); i += c.kernel.size() / 24 + 1) {
                    Tensor<S> unit(c.kernel.shape());
                    unit[i] = S(1);
                    const auto y = reference::convolve(c.geometry, unit, c.x);
                    S sum(0);
                    for (Index u = 0; u < y.size(); ++u) sum += y[u] * c.y[u];
                    found.push_back(sum);
                    expected.push_back(gradient[static_cast<std::size_t>(i)]);
                }
                return equal(Matrix<S>::column(found), Matrix<S>::column(expected),
                             rounding(c, {.kernel = 0, .x = 1, .y = 1}));
            })};
}

// A channel of an array (channels, extents...), as an array of one.
template <class S>
Tensor<S> channel(const Tensor<S>& all, Index number) {
    Shape shape = all.shape();
    shape[0] = 1;
    const Index size = all.size() / all.shape()[0];
    const auto first = all.values().begin() + number * size;
    return Tensor<S>(shape, std::vector<S>(first, first + size));
}

Identity gradient_is_a_convolution() {
    return {.id = "I-33",
            .name = "the kernel's gradient is a convolution",
            .statement = "the gradient by the kernel convolves x with G, stride and dilation exchanged; its first k "
                         "entries are kept",
            .formula = "dK[o,c,:] = (x_c correlated with G_o; stride d, dilation s, same padding)[0 .. k-1]",
            .latex = R"(\partial K_{o,c} = \mathrm{conv}(x_c;\,G_o,\,\text{stride } d,\,\text{dilation } s)[0{:}k])",
            .when = "every layer, every boundary",
            .source = "cuDNN's and XLA's backward-filter convolutions",
            .mistake = "G is flipped",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                ConvSpec spec = spec_of(g);
                spec.in_channels = spec.out_channels = spec.groups = 1;
                std::swap(spec.stride, spec.dilation);
                auto first_taps = Matrix<S>::identity(1);
                spec.kernel = each_axis(g.axes(), &Axis::output);
                const ConvGeometry correlation(spec);
                for (std::size_t j = 0; j < spec.kernel.size(); ++j)
                    first_taps =
                        first_taps.kron(stride_selection<S>(g.axes()[j].kernel, correlation.axes()[j].output, 1));
                std::vector<Matrix<S>> found;
                for (Index o = 0; o < g.out_channels(); ++o)
                    for (Index i = 0; i < g.in_channels_per_group(); ++i) {
                        const Index group = o / g.out_channels_per_group();
                        auto gradient = channel(c.y, o).reshaped(correlation.kernel_shape());
                        if (v == Variant::mistaken) gradient = flipped(gradient);
                        const auto x = channel(c.x, group * g.in_channels_per_group() + i);
                        found.push_back(first_taps * column(reference::convolve(correlation, gradient, x)));
                    }
                return equal(Matrix<S>(input2matrix(g, c.x)).transpose() * column(c.y), Matrix<S>::stack(found),
                             rounding(c, {.kernel = 0, .x = 1, .y = 1}));
            })};
}

} // namespace

std::vector<Identity> bilinearity() {
    return {kernel_as_unknown(), unfolded_input(), gradient_of_the_kernel(), gradient_is_a_convolution()};
}

} // namespace convmat::identities
