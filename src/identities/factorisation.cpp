#include <algorithm>
#include <numeric>

#include "entry.hpp"

// I-12 to I-21: W as a product of simpler matrices, and in other orders of its rows and columns.
namespace convmat::identities {
namespace {

Identity stride_selects() {
    return {.id = "I-12",
            .name = "stride selects rows",
            .statement = "a stride keeps the rows of the layer with stride 1 that lie on the grid of multiples of s",
            .formula = "W_s = S W_1,  S = I_O ⊗ S_1 ⊗ ... ⊗ S_D",
            .latex = R"(W_s = S\,W_1,\quad S = I_O \otimes S_1 \otimes \dots \otimes S_D)",
            .when = "every layer",
            .source = "Dumoulin and Visin, arXiv:1603.07285",
            .mistake = "the grid is taken with stride 1",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                Matrix<S> select = stride_matrix<S>(c.geometry);
                if (v == Variant::mistaken) {
                    select = Matrix<S>::identity(c.geometry.out_channels());
                    for (const Axis& axis : c.geometry.axes())
                        select = select.kron(
                            stride_selection<S>(axis.output, axis.padded_input() - axis.effective_kernel() + 1, 1));
                }
                return equal(w(c), select * w(unit_stride(c.geometry), c.kernel), rounding(c));
            })};
}

// Whether each output of a layer with one stride s has s times its own row number in the layer with stride 1. Where all
// do, the belief holds; it is enough to look at the second position of every axis, and the second channel.
std::string every_sth_row_fits(const ConvGeometry& g) {
    const Index s = g.axis(0).stride;
    for (const Axis& axis : g.axes())
        if (axis.stride != s || s == 1) return concat("the strides are not one s > 1 on all axes");
    Index places = 1, outputs = 1; // of the axes so far, in the layer with stride 1 and in this one
    for (Index j = g.rank() - 1; j >= 0; --j) {
        const Axis& axis = g.axis(j);
        if (axis.output > 1 && places != outputs) return {};
        places *= axis.padded_input() - axis.effective_kernel() + 1;
        outputs *= axis.output;
    }
    const bool differ = g.out_channels() > 1 && places != s * outputs;
    return differ ? "" : "every output is in the row where it is believed to be";
}

Identity every_sth_row() {
    return counter(
        {.id = "I-12x",
         .name = "stride keeps every s-th row",
         .statement = "the layer with stride s has rows 0, s, 2s, ... of the one with stride 1: false on more than one "
                      "axis or channel, for the grid is one of positions, not of rows",
         .formula = "W_s[i, :] = W_1[s i, :]   (believed; K = 1, 2, 3, ..., p = 0)",
         .latex = R"(W_s[i,:] = W_1[s\,i,:])",
         .when = "one stride s > 1 on all axes, and an output whose row in W_1 is not s times its own",
         .source = "pytorch#26781",
         .unmet = on_geometry(every_sth_row_fits)},
        []() -> AnyCase {
            return counting_case({.input = {3, 2}, .kernel = {1, 1}, .stride = {2, 2}}, {1});
        },
        []<class S>(const IdentityCase<S>& c) {
            const ConvGeometry g = unpadded(c.geometry), one = unit_stride(g);
            Tensor<S> kernel(g.kernel_shape());
            for (Index i = 0; i < kernel.size(); ++i) kernel[i] = whole<S>(i + 1);
            const Index s = g.axis(0).stride;
            std::vector<Index> failing;
            Index row = 0;
            for_each_position(g.output_shape(), [&](const Shape& at) {
                Index place = at[0];
                for (Index j = 0; j < g.rank(); ++j)
                    place = place * one.axis(j).output + s * at[static_cast<std::size_t>(j + 1)];
                if (place != s * row) failing.push_back(row);
                ++row;
            });
            const Index believable = std::min(g.rows(), (one.rows() - 1) / s + 1); // rows that are there at all
            const Matrix<S> every = stride_selection<S>(believable, one.rows(), s);
            return Belief<S>{w(g, kernel), every * w(one, kernel), failing};
        });
}

Identity dilation_inserts_zeros() {
    return {.id = "I-13",
            .name = "dilation inserts zeros",
            .statement = "a dilated kernel is a larger kernel with d - 1 zeros between its taps",
            .formula = "W(K, d) = W(K↑d, 1)",
            .latex = R"(W(K,d) = W(K{\uparrow}d, 1))",
            .when = "every layer; equal as matrices, though the right side stores the zeros",
            .source = "Yu and Koltun, arXiv:1511.07122",
            .mistake = "the zeros are inserted into the flipped kernel",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                ConvSpec wide = spec_of(c.geometry);
                const Shape dilation = std::exchange(wide.dilation, {});
                wide.kernel = each_axis(c.geometry.axes(), &Axis::effective_kernel);
                const auto kernel = dilated(v == Variant::mistaken ? flipped(c.kernel) : c.kernel, dilation);
                return equal(w(c), stated_outputs<S>(c.geometry) * w(ConvGeometry(wide), kernel), rounding(c));
            })};
}

// The pad matrix, or that of another boundary.
template <class S>
Matrix<S> padding_of(const ConvGeometry& g, Variant v) {
    if (v == Variant::stated) return Matrix<S>(pad_matrix<S>(g));
    auto product = Matrix<S>::identity(g.in_channels());
    for (Axis axis : g.axes()) {
        axis.boundary = axis.boundary == Boundary::zero ? Boundary::replicate : Boundary::zero;
        product = product.kron(pad_matrix<S>(axis));
    }
    return product;
}

Identity padding_factor() {
    return {.id = "I-14a",
            .name = "padding is a factor",
            .statement =
                "W pads, then convolves without padding; so W^T ends with P^T: it crops, adds what was wrapped "
                "or mirrored, or sums into the edge",
            .formula = "W = W_valid (I_C ⊗ P_1 ⊗ ... ⊗ P_D)",
            .latex = R"(W = W_{\mathrm{valid}}\,(I_C \otimes P_1 \otimes \dots \otimes P_D))",
            .when = "every layer, every boundary",
            .source = "the boundary's definition; the transposes are those of deepinv",
            .mistake = "the boundary is another (replicate for zero, zero for all others)",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> valid = stated_outputs<S>(c.geometry) * w(unpadded(c.geometry), c.kernel);
                return equal(w(c), valid * padding_of<S>(c.geometry, v), rounding(c));
            })};
}

Identity padding_extends() {
    return {.id = "I-14b",
            .name = "the pad matrix extends",
            .statement = "P x is x extended by its boundary, position by position",
            .formula = "(I_C ⊗ P_1 ⊗ ... ⊗ P_D) vec(X) = vec(extended X)",
            .latex = R"((I_C \otimes P_1 \otimes \dots \otimes P_D)\,\mathrm{vec}(X) = \mathrm{vec}(X_{\mathrm{ext}}))",
            .when = "every layer, every boundary",
            .source = "the boundary's definition (numpy.pad)",
            .mistake = "the boundary is another (replicate for zero, zero for all others)",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                return equal(padding_of<S>(c.geometry, v) * column(c.x), column(reference::extend(c.geometry, c.x)),
                             rounding(c, {.kernel = 0, .x = 1}));
            })};
}

Identity padding_folds() {
    return {
        .id = "I-14c",
        .name = "the transposed pad matrix folds",
        .statement = "P^T z adds every value of the margin to the inputs it was made from",
        .formula = "(I_C ⊗ P_1 ⊗ ... ⊗ P_D)^T vec(Z) = vec(folded Z)",
        .latex = R"((I_C \otimes P_1 \otimes \dots \otimes P_D)^T\,\mathrm{vec}(Z) = \mathrm{vec}(Z_{\mathrm{fold}}))",
        .when = "every layer, every boundary",
        .source = "transpose of I-14b",
        .mistake = "the boundary is another (replicate for zero, zero for all others)",
        .unmet = any,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            Shape shape = each_axis(c.geometry.axes(), &Axis::padded_input);
            shape.insert(shape.begin(), c.geometry.in_channels());
            const Tensor<S> z = drawn(c, shape);
            return equal(padding_of<S>(c.geometry, v).transpose() * column(z), column(reference::fold(c.geometry, z)));
        })};
}

// Whether a window lies in the input, or its boundary keeps constants.
bool keeps_constants(const Axis& axis, Index u) {
    const Index first = axis.stride * u - axis.padding.begin;
    return axis.boundary != Boundary::zero || (first >= 0 && first + axis.effective_kernel() <= axis.input);
}

Identity constants() {
    return {.id = "I-15",
            .name = "constants",
            .statement = "W maps a constant image to the sums of the kernels, in every row that reads no zero padding",
            .formula = "W (1_C ⊗ 1) = (sum_{c,t} K[o,c,t])_o ⊗ 1",
            .latex = R"(W(1_C \otimes 1) = \big(\textstyle\sum_{c,t} K_{o,c,t}\big)_o \otimes 1)",
            .when = "some output reads no zero padding; those are compared",
            .source = "P 1 = 1 for all boundaries but zero",
            .mistake = "the last weight of each kernel is left out of the sum",
            .unmet = on_each_axis([](const Axis& axis) -> std::string {
                for (Index u = 0; u < axis.output; ++u)
                    if (keeps_constants(axis, u)) return {};
                return "every output reads zero padding";
            }),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                auto interior = Matrix<S>::identity(g.out_channels());
                for (const Axis& axis : g.axes()) {
                    std::vector<Index> kept;
                    for (Index u = 0; u < axis.output; ++u)
                        if (keeps_constants(axis, u)) kept.push_back(u);
                    interior = interior.kron(
                        sparse_rows<S>(std::ssize(kept), axis.output, std::ssize(kept),
                                       [&](Index i, auto add) { add(kept[static_cast<std::size_t>(i)], 1); }));
                }
                Tensor<S> ones(g.input_shape());
                std::ranges::fill(ones.values(), S(1));
                std::vector<S> sums(static_cast<std::size_t>(interior.rows()), S(0));
                const Index each = interior.rows() / g.out_channels(), weights = g.weights() / g.out_channels();
                for (Index i = 0; i < interior.rows(); ++i)
                    for (Index t = 0; t < weights - (v == Variant::mistaken ? 1 : 0); ++t)
                        sums[static_cast<std::size_t>(i)] += c.kernel[i / each * weights + t];
                return equal(interior * w(c) * column(ones), Matrix<S>::column(sums),
                             static_cast<double>(g.in_channels()) * rounding(c));
            })};
}

Identity straight_lines() {
    return {.id = "I-16",
            .name = "antireflection continues straight lines",
            .statement = "the antireflective extension of 0, 1, ..., n - 1 is -p_begin, ..., n - 1 + p_end",
            .formula = "P (0, ..., n - 1) = (-p_begin, ..., n - 1 + p_end)",
            .latex = R"(P\,(0,\dots,n-1)^T = (-p^-,\dots,n-1+p^+)^T)",
            .when = "the extents and paddings of the layer's axes with n >= 2, whatever their boundary",
            .source = "Serra-Capizzano, SIAM J. Sci. Comput. 25 (2003)",
            .mistake = "the edge is mirrored without the change of sign",
            .unmet = on_geometry([](const ConvGeometry& g) -> std::string {
                const bool found = std::ranges::any_of(g.axes(), [](const Axis& a) { return a.input > 1; });
                return found ? "" : "every input extent is 1";
            }),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                std::vector<Matrix<S>> extended, lines;
                for (Axis axis : c.geometry.axes()) {
                    if (axis.input == 1) continue;
                    axis.boundary = v == Variant::mistaken ? Boundary::whole_symmetric : Boundary::antireflective;
                    std::vector<S> line, longer;
                    for (Index i = 0; i < axis.input; ++i) line.push_back(whole<S>(i));
                    for (Index q = 0; q < axis.padded_input(); ++q) longer.push_back(whole<S>(q - axis.padding.begin));
                    extended.push_back(Matrix<S>(pad_matrix<S>(axis)) * Matrix<S>::column(line));
                    lines.push_back(Matrix<S>::column(longer));
                }
                return equal(Matrix<S>::stack(extended), Matrix<S>::stack(lines));
            })};
}

Identity im2col() {
    return {.id = "I-17",
            .name = "im2col",
            .statement = "W gathers the patches with a 0/1 matrix U, then multiplies every patch by the kernel matrix",
            .formula = "W = (K_mat ⊗ I_|m|) U",
            .latex = R"(W = (K_{\mathrm{mat}} \otimes I_{|m|})\,U)",
            .when = "every layer; K_mat is block-diagonal where there are groups",
            .source = "Chellapilla, Puri and Simard (2006); torch.nn.Unfold",
            .mistake = "the taps of a patch are counted backwards",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                const Matrix<S> patches = unfold_matrix<S>(c.geometry);
                const Matrix<S> weights = kernel_matrix(c.geometry, kernel);
                return equal(w(c), weights.kron(Matrix<S>::identity(c.geometry.output_size())) * patches, rounding(c));
            })};
}

std::string reads_single_values(const AnyCase& layer) {
    return on_each_axis([](const Axis& axis) -> std::string {
        const bool reads = axis.boundary == Boundary::antireflective && axis.input > 1 &&
                           (axis.padding.begin > 0 || axis.padding.end > 0);
        return reads ? "boundary is antireflective, which combines values" : "";
    })(layer);
}

Identity fold_of_unfold() {
    return {.id = "I-18a",
            .name = "fold after unfold counts",
            .statement = "fold is U^T, and U^T U multiplies every input by the number of patches it stands in",
            .formula = "U^T U = diag(count)",
            .latex = R"(U^T U = \mathrm{diag}(\mathrm{count}))",
            .when = "boundary not antireflective",
            .source = "torch.nn.Fold",
            .mistake = "the counts are those of the next position",
            .unmet = reads_single_values,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                ConvSpec one = spec_of(c.geometry);
                one.in_channels = one.out_channels = one.groups = 1;
                const ConvGeometry g(one);
                Tensor<S> outputs(g.output_shape()), weights(g.kernel_shape());
                std::ranges::fill(outputs.values(), S(1));
                std::ranges::fill(weights.values(), S(1));
                Tensor<S> count = reference::transpose(g, weights, outputs);
                if (v == Variant::mistaken)
                    std::rotate(count.values().begin(), count.values().begin() + 1, count.values().end());
                const Matrix<S> patches = unfold_matrix<S>(g);
                return equal(patches.transpose() * patches, Matrix<S>::diagonal(count.values()));
            })};
}

Identity norm_of_unfold() {
    return {.id = "I-18b",
            .name = "the norm of im2col",
            .statement =
                "no input stands in more patches than each axis has taps on one phase of its stride; the most is the "
                "largest entry of the diagonal matrix U^T U (I-18a), so the square of U's norm",
            .formula = "|U|_2^2 = max diag(U^T U) <= prod_j ceil(k gcd(s, d) / s)",
            .latex = R"(\|U\|_2^2 = \max \mathrm{diag}(U^T U) \le \prod_j \lceil k_j \gcd(s_j,d_j)/s_j \rceil)",
            .when = "boundary zero",
            .source = "I-18a; for d = 1 the factor of Singla and Feizi, arXiv:1911.10258",
            .mistake = "the quotient is rounded down",
            .unmet = zero_outside,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                Index bound = 1;
                for (const Axis& axis : c.geometry.axes()) {
                    const Index taps = axis.kernel * std::gcd(axis.stride, axis.dilation);
                    bound *= (taps + (v == Variant::mistaken ? 0 : axis.stride - 1)) / axis.stride;
                }
                const Matrix<S> patches = unfold_matrix<S>(c.geometry);
                const auto most = static_cast<Index>((patches.transpose() * patches).largest_magnitude());
                return at_most(Matrix<S>::number(whole<S>(most)), Matrix<S>::number(whole<S>(bound)));
            })};
}

Identity patches_side_by_side() {
    return {.id = "I-18c",
            .name = "patches side by side",
            .statement = "where the patches tile the input, im2col is a permutation: U^T U = I and U U^T = I",
            .formula = "U^T U = I,  U U^T = I",
            .latex = R"(U^T U = I,\quad U U^T = I)",
            .when = "s = k, d = 1 (or k = 1), p = 0, no remainder",
            .source = "the patch embedding of Dosovitskiy et al., arXiv:2010.11929",
            .mistake = "the patches overlap, by a stride of 1",
            .unmet = on_each_axis([](const Axis& a) -> std::string {
                const bool tiles = a.stride == a.kernel && (a.dilation == 1 || a.kernel == 1) &&
                                   a.padding == Padding{} && a.input == a.kernel * a.output;
                return tiles ? "" : concat("patches of ", a.kernel, " at stride ", a.stride, " do not tile the input");
            }),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> u = unfold_matrix<S>(v == Variant::mistaken ? unit_stride(c.geometry) : c.geometry);
                return equal(Matrix<S>::blocks({u.transpose() * u, u * u.transpose()}),
                             Matrix<S>::identity(u.rows() + u.cols()));
            })};
}

} // namespace

std::vector<Identity> factorisation() {
    return {stride_selects(), every_sth_row(),       dilation_inserts_zeros(), padding_factor(), padding_extends(),
            padding_folds(),  constants(),           straight_lines(),         im2col(),         fold_of_unfold(),
            norm_of_unfold(), patches_side_by_side()};
}

} // namespace convmat::identities
