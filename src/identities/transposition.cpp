#include "entry.hpp"

#include <algorithm>

// I-5 to I-11: what W^T is, and to which shape it leads.
namespace convmat::identities {
namespace {

Identity scatter() {
    return {
        .id = "I-5",
        .name = "the transposed convolution",
        .statement = "W^T scatters: every output adds its stamp K to the inputs it was made from",
        .formula = "vec(Z) = W^T vec(Y),  Z[c,i] = sum over o,u,t with i = s u + d t - p of K[o,c,t] Y[o,u]",
        .latex =
            R"(Z_{c,i} = \sum_{o,u,t:\ i = s u + d t - p} K_{o,c,t}\,Y_{o,u},\quad \mathrm{vec}(Z) = W^T\mathrm{vec}(Y))",
        .when = "every layer; what falls outside goes where the boundary took it from",
        .source = "d2l.ai, Transposed Convolution (trans_conv)",
        .mistake = "the kernel is flipped",
        .unmet = any,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
            return equal(w(c).transpose() * column(c.y), column(reference::transpose(c.geometry, kernel, c.y)),
                         rounding(c, {.kernel = 1, .y = 1}));
        })};
}

// The output extent of an axis that reads n positions; 0 when the kernel does not fit.
Index output_of(const Axis& axis, Index n) {
    ConvSpec spec{.input = {n},
                  .kernel = {axis.kernel},
                  .stride = {axis.stride},
                  .dilation = {axis.dilation},
                  .padding = {axis.padding}};
    return n + axis.padding.begin + axis.padding.end < axis.effective_kernel() ? 0 : ConvGeometry(spec).axis(0).output;
}

Identity preimages() {
    return {.id = "I-6a",
            .name = "input extents of one output extent",
            .statement = "the s extents n - r, ..., n - r + s - 1, and no others, give the output extent m",
            .formula =
                "floor((n' + p - k_eff)/s) + 1 = m  iff  n - r <= n' < n - r + s   (shown at n, both ends, and beyond)",
            .latex = R"(\lfloor (n'+p^-+p^+-\hat k)/s \rfloor + 1 = m \iff n - r \le n' < n - r + s)",
            .when = "r < s (always, but for a transposed layer whose output padding is s or more)",
            .source = "Dumoulin and Visin, arXiv:1603.07285, section 4.6",
            .mistake = "the extents begin one later",
            .unmet = formula_output,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                std::vector<S> found, expected;
                for (const Axis& axis : c.geometry.axes()) {
                    const Index first = axis.input - axis.remainder() + (v == Variant::mistaken ? 1 : 0);
                    const Index end = first + axis.stride;
                    for (const Index n : {first - 1, first, axis.input, end - 1, end}) {
                        if (n < 1) continue;
                        found.push_back(whole<S>(output_of(axis, n)));
                        expected.push_back(whole<S>(axis.output + (n < first ? -1 : n < end ? 0 : 1)));
                    }
                }
                return equal(Matrix<S>::column(found), Matrix<S>::column(expected));
            })};
}

// The transposed layer of a geometry, described by its own parameters.
TransposedSpec transposed_spec(const ConvGeometry& g, Variant v) {
    const ConvSpec same = spec_of(g);
    TransposedSpec spec{.input = each_axis(g.axes(), &Axis::output),
                        .kernel = same.kernel,
                        .in_channels = g.out_channels(),
                        .out_channels = g.in_channels(),
                        .groups = g.groups(),
                        .stride = same.stride,
                        .dilation = same.dilation,
                        .padding = same.padding,
                        .boundary = same.boundary};
    for (const Axis& axis : g.axes()) {
        const bool left_out = v == Variant::mistaken && axis.input > axis.remainder(); // else nothing would be left
        spec.output_padding.push_back(left_out ? 0 : axis.remainder());
    }
    return spec;
}

Identity output_padding() {
    return {.id = "I-6b",
            .name = "output padding is the remainder",
            .statement =
                "the transposed layer that takes m back to n has output padding r, the remainder of the division",
            .formula = "n = s (m - 1) + k_eff - p_begin - p_end + a,  a = r",
            .latex = R"(n = s(m-1) + \hat k - p^- - p^+ + a,\quad a = r)",
            .when = "every layer",
            .source = "Dumoulin and Visin, arXiv:1603.07285, relation 14",
            .mistake = "there is no output padding",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto spec = transposed_spec(c.geometry, v);
                return equal(w(c), w(ConvGeometry::from_transposed(spec), c.kernel));
            })};
}

Identity unconditional_shape() {
    return counter(
        {.id = "I-6x",
         .name = "the same hyperparameters restore the shape",
         .statement = "a transposed layer with the hyperparameters of a convolution has the shape the convolution "
                      "started from: false where the stride leaves a remainder",
         .formula = "n = s (m - 1) + k_eff - p_begin - p_end   (believed of every axis; a row an axis)",
         .latex = R"(n = s(m-1) + \hat k - p^- - p^+)",
         .when = "some axis has a remainder r > 0",
         .source = "d2l.ai, Transposed Convolution, states it without the condition",
         .unmet = on_geometry([](const ConvGeometry& g) -> std::string {
             const bool found = std::ranges::any_of(g.axes(), [](const Axis& a) { return a.remainder() > 0; });
             return found ? "" : "no axis has a remainder";
         })},
        []() -> AnyCase { return counting_case({.input = {2}, .kernel = {1}, .stride = {2}}, {1}); },
        []<class S>(const IdentityCase<S>& c) {
            std::vector<S> n, restored;
            std::vector<Index> failing;
            for (const Axis& axis : c.geometry.axes()) {
                if (axis.remainder() > 0) failing.push_back(std::ssize(n));
                n.push_back(whole<S>(axis.input));
                restored.push_back(whole<S>(axis.stride * (axis.output - 1) + axis.effective_kernel() -
                                            axis.padding.begin - axis.padding.end));
            }
            return Belief<S>{Matrix<S>::column(n), Matrix<S>::column(restored), failing};
        });
}

// R[i, q] = 1 iff q = i + p_begin: what is kept of the uncropped axis of s (m - 1) + k_eff positions.
template <class S>
Matrix<S> crop(const ConvGeometry& g, Index late) {
    auto product = Matrix<S>::identity(g.in_channels());
    for (const Axis& axis : g.axes()) {
        const Index uncropped = axis.stride * (axis.output - 1) + axis.effective_kernel();
        product = product.kron(sparse_rows<S>(axis.input, uncropped, axis.input, [&](Index i, auto add) {
            const Index q = i + axis.padding.begin + late;
            if (q >= 0 && q < uncropped) add(q, 1);
        }));
    }
    return product;
}

Identity crop_of_the_scatter() {
    return {.id = "I-7",
            .name = "output padding changes only the crop",
            .statement =
                "W^T is the scatter onto s (m - 1) + k_eff positions, of which p_begin ... p_begin + n - 1 are "
                "kept: output padding keeps more, and what it keeps is generally not zero",
            .formula = "W^T = R F,  F = W(n = s (m - 1) + k_eff, p = 0)^T,  R[i, i + p_begin] = 1",
            .latex = R"(W^T = R F,\quad R_{i,q} = [q = i + p^-])",
            .when = "boundary zero",
            .source = "answers pytorch#8816",
            .mistake = "the crop begins one later",
            .unmet = zero_outside,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                ConvSpec uncropped = spec_of(c.geometry);
                uncropped.padding.clear();
                uncropped.boundary.clear();
                uncropped.input = each_axis(
                    c.geometry.axes(), [](const Axis& a) { return a.stride * (a.output - 1) + a.effective_kernel(); });
                const Matrix<S> scattered = w(ConvGeometry(uncropped), c.kernel).transpose();
                return equal(w(c).transpose(), crop<S>(c.geometry, v == Variant::mistaken ? 1 : 0) * scattered,
                             rounding(c));
            })};
}

Identity adjoint() {
    return {.id = "I-8",
            .name = "the adjoint",
            .statement = "<W x, y> = <x, W^H y>, W^H being the scatter with the conjugated kernel",
            .formula = "sum conj(W x) y = sum conj(x) W^H y",
            .latex = R"(\langle Wx, y\rangle = \langle x, W^H y\rangle)",
            .when = "every layer, every boundary",
            .source = "definition of the adjoint",
            .mistake = "the kernel is flipped in W^H",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto kernel = conjugated(v == Variant::mistaken ? flipped(c.kernel) : c.kernel);
                const auto wx = w(c) * column(c.x);
                const auto wty = column(reference::transpose(c.geometry, kernel, c.y));
                return equal(Matrix<S>::number(wx.inner(column(c.y))), Matrix<S>::number(column(c.x).inner(wty)),
                             rounding(c, {.kernel = 1, .x = 1, .y = 1}));
            })};
}

Identity transpose_is_a_convolution() {
    return {
        .id = "I-9",
        .name = "the transpose as a convolution of stuffed zeros",
        .statement = "W^T is zero stuffing, then the convolution with the flipped kernel, channels swapped, padding "
                     "k_eff - 1 - p",
        .formula = "W(K; s, p, d)^T = W(swap flip K; 1, p', d) U_s,  p' = k_eff - 1 - p_begin : k_eff - 1 - p_end + r",
        .latex = R"(W(K;s,p,d)^T = W(\mathrm{swap}\,\mathrm{flip}\,K;\,1,p',d)\,U_s)",
        .when = "boundary zero; a p' below 0 crops",
        .source = "Dumoulin and Visin, arXiv:1603.07285, relations 8 to 14",
        .mistake = "the kernel is not flipped",
        .unmet = zero_outside,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const auto swapped = channels_swapped(c.kernel, c.geometry.groups());
            const auto convolution =
                w(transpose_as_convolution(c.geometry), v == Variant::mistaken ? swapped : flipped(swapped));
            return equal(w(c).transpose(), convolution * zero_stuffing_matrix<S>(c.geometry), rounding(c));
        })};
}

Identity transpose_of_same() {
    return {.id = "I-10a",
            .name = "the transpose of 'same'",
            .statement = "with stride 1 and padding (k_eff - 1)/2, W^T is the same layer with the kernel flipped and "
                         "the channels swapped",
            .formula = "W(K)^T = W(swap flip K)",
            .latex = R"(W(K)^T = W(\mathrm{swap}\,\mathrm{flip}\,K))",
            .when = "stride 1, p_begin = p_end = (k_eff - 1)/2, boundary zero or periodic on each axis",
            .source = "I-9 with s = 1",
            .mistake = "the kernel is not flipped",
            .unmet = all_of({centred, zero_or_periodic}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                ConvSpec back = spec_of(c.geometry);
                std::swap(back.in_channels, back.out_channels);
                const auto swapped = channels_swapped(c.kernel, c.geometry.groups());
                return equal(w(c).transpose(),
                             w(ConvGeometry(back), v == Variant::mistaken ? swapped : flipped(swapped)), rounding(c));
            })};
}

Identity symmetric_matrix() {
    return {.id = "I-10b",
            .name = "symmetric matrices",
            .statement = "W = W^T iff K[o,c,t] = K[c,o,-t]; shown of K and of K + swap flip K, which is such a kernel",
            .formula = "[W(K) = W(K)^T] = [K = swap flip K]",
            .latex = R"(W = W^T \iff K_{o,c,t} = K_{c,o,-t})",
            .when = "as I-10a, C = O, and every tap is used",
            .source = "I-10a and I-4b",
            .mistake = "K + K is taken for a symmetric kernel",
            .unmet = all_of({centred, zero_or_periodic, square_channels, every_tap_used}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto back = flipped(channels_swapped(c.kernel, c.geometry.groups()));
                Tensor<S> sum = c.kernel;
                for (Index i = 0; i < sum.size(); ++i) sum[i] += v == Variant::mistaken ? c.kernel[i] : back[i];
                const auto is_symmetric = [&](const Tensor<S>& kernel) {
                    const auto matrix = w(c.geometry, kernel);
                    return whole<S>((matrix - matrix.transpose()).nonzeros() == 0 ? 1 : 0);
                };
                const std::vector<S> found = {is_symmetric(c.kernel), is_symmetric(sum)};
                const std::vector<S> expected = {whole<S>(c.kernel == back ? 1 : 0), S(1)};
                return equal(Matrix<S>::column(found), Matrix<S>::column(expected));
            })};
}

// Sum of the products, without conjugation.
template <class S>
S dot(const Tensor<S>& a, const Tensor<S>& b) {
    S sum(0);
    for (Index i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

// f(at + e_i) - f(at) at up to 24 of its coordinates: the derivative of a linear f.
template <class S, class Function>
Matrix<S> differences(Tensor<S> at, const Function& f) {
    std::vector<S> found;
    const S here = f(at);
    for (Index i = 0; i < at.size(); i += at.size() / 24 + 1) {
        at[i] += S(1);
        found.push_back(f(at) - here);
        at[i] -= S(1);
    }
    return Matrix<S>::column(found);
}

// The entries of a gradient that differences() looks at.
template <class S>
Matrix<S> sampled(const Matrix<S>& gradient) {
    const std::vector<S> all = gradient.values();
    std::vector<S> some;
    for (std::size_t i = 0; i < all.size(); i += all.size() / 24 + 1) some.push_back(all[i]);
    return Matrix<S>::column(some);
}

Identity gradient_of_the_input() {
    return {.id = "I-11a",
            .name = "backpropagation to the input",
            .statement =
                "the gradient of <G, W x> by x is W^T G; found by differences, which are exact of a linear map",
            .formula = "d/dx sum G (W x) = W^T G",
            .latex = R"(\partial_x \langle G, Wx\rangle = W^T G)",
            .when = "every layer",
            .source = "d2l.ai, Transposed Convolution",
            .mistake = "the kernel is flipped in W^T",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                const auto loss = [&](const Tensor<S>& x) {
                    return dot(c.y, reference::convolve(c.geometry, c.kernel, x));
                };
                return equal(differences(c.x, loss), sampled(w(c.geometry, kernel).transpose() * column(c.y)),
                             rounding(c, {.kernel = 1, .x = 1, .y = 1}) + rounding(c, {.kernel = 1, .y = 1}));
            })};
}

Identity gradient_of_the_transposed() {
    return {.id = "I-11b",
            .name = "backpropagation through the transposed layer",
            .statement = "the backward pass of the transposed convolution is the convolution",
            .formula = "d/dy sum G (W^T y) = W G",
            .latex = R"(\partial_y \langle G, W^T y\rangle = W G)",
            .when = "every layer",
            .source = "d2l.ai, Transposed Convolution",
            .mistake = "the kernel is flipped in W",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                const auto loss = [&](const Tensor<S>& y) {
                    return dot(c.x, reference::transpose(c.geometry, c.kernel, y));
                };
                return equal(differences(c.y, loss), sampled(w(c.geometry, kernel) * column(c.x)),
                             rounding(c, {.kernel = 1, .x = 1, .y = 1}) + rounding(c, {.kernel = 1, .x = 1}));
            })};
}

} // namespace

std::vector<Identity> transposition() {
    return {scatter(),
            preimages(),
            output_padding(),
            unconditional_shape(),
            crop_of_the_scatter(),
            adjoint(),
            transpose_is_a_convolution(),
            transpose_of_same(),
            symmetric_matrix(),
            gradient_of_the_input(),
            gradient_of_the_transposed()};
}

} // namespace convmat::identities
