#include <Eigen/LU>

#include <convmat/matrix/matrix2kernel.hpp>

#include "entry.hpp"

// I-1 to I-4: what W is made of.
namespace convmat::identities {
namespace {

Identity multiplication() {
    return {.id = "I-1",
            .name = "the matrix of the convolution",
            .statement = "cross-correlation is multiplication by W, with vec row-major and channels first",
            .formula = "vec(Y) = W vec(X),  Y[o,u] = sum_{c,t} K[o,c,t] X[c, s u + d t - p]",
            .latex =
                R"(\mathrm{vec}(Y) = W\,\mathrm{vec}(X),\quad Y_{o,u} = \sum_{c,t} K_{o,c,t} X_{c,\,s u + d t - p})",
            .when = "every layer",
            .source = "d2l.ai, Transposed Convolution, Connection to Matrix Transposition (one example)",
            .mistake = "the kernel is flipped first, as a true convolution does",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                return equal(w(c) * column(c.x), column(reference::convolve(c.geometry, c.x, kernel)),
                             rounding(c, {.kernel = 1, .x = 1}));
            })};
}

Identity sum_over_taps() {
    return {.id = "I-2",
            .name = "sum of Kronecker products",
            .statement = "W is the sum over taps of K_t ⊗ Π_t1 ⊗ ... ⊗ Π_tD, Π_t[u,i] = 1 iff i = s u + d t - p",
            .formula = "W = sum_t K_t ⊗ Π_t1 ⊗ ... ⊗ Π_tD",
            .latex = R"(W = \sum_t K_t \otimes \Pi^{(1)}_{t_1} \otimes \dots \otimes \Pi^{(D)}_{t_D})",
            .when = "every layer; K_t is block-diagonal where there are groups",
            .source = "the pattern tensor of Dangel, arXiv:2307.02275",
            .mistake = "the taps are counted backwards",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto kernel = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                auto sum = Matrix<S>::zero(c.geometry.rows(), c.geometry.cols());
                Index number = 0;
                for_each_position(spatial_extents(kernel), [&](const Shape& t) {
                    const Matrix<S> weights = kernel_tap(c.geometry, kernel, number++);
                    sum = sum + weights.kron(tap_matrix<S>(c.geometry, t));
                });
                return equal(w(c), sum, rounding(c));
            })};
}

Identity count_of_entries() {
    return {
        .id = "I-3",
        .name = "the number of nonzeros",
        .statement = "W has as many nonzeros as its taps have places: ω_t = Π_j nnz(Π_tj) for each weight of tap t",
        .formula = "nnz(W) = sum_t ω_t nnz(K_t)",
        .latex =
            R"(\mathrm{nnz}(W) = \sum_t \omega_t\,\mathrm{nnz}(K_t),\quad \omega_t = \prod_j \mathrm{nnz}(\Pi^{(j)}_{t_j}))",
        .when = "no two taps of an output read one input (boundary zero: always)",
        .source = "counting the terms of I-2",
        .mistake = "every tap is counted for one output too many on the last axis",
        .unmet = taps_apart,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const ConvGeometry& g = c.geometry;
            const Index extra = v == Variant::mistaken ? 1 : 0;
            Index count = 0, number = 0;
            for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                Index places = tap_matrix<S>(g.axis(g.rank() - 1), t.back()).nonZeros() + extra;
                for (Index j = 0; j + 1 < g.rank(); ++j)
                    places *= tap_matrix<S>(g.axis(j), t[static_cast<std::size_t>(j)]).nonZeros();
                count += places * Matrix<S>(kernel_tap(g, c.kernel, number++)).nonzeros();
            });
            return equal(Matrix<S>::number(whole<S>(w(c).nonzeros())), Matrix<S>::number(whole<S>(count)));
        })};
}

Identity linearity() {
    return {.id = "I-4a",
            .name = "linear in the kernel",
            .statement = "W is linear in its kernel",
            .formula = "W(2 K - 3 K') = 2 W(K) - 3 W(K')",
            .latex = R"(W(\alpha K + \beta K') = \alpha W(K) + \beta W(K'))",
            .when = "every layer",
            .source = "I-2",
            .mistake = "the second kernel is added, not subtracted",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Tensor<S> other = drawn(c, c.kernel.shape());
                Tensor<S> both = c.kernel;
                for (Index i = 0; i < both.size(); ++i) both[i] = S(2) * c.kernel[i] - S(3) * other[i];
                const S factor = v == Variant::mistaken ? S(3) : S(-3);
                return equal(w(c.geometry, both), w(c).times(S(2)) + w(c.geometry, other).times(factor),
                             8 * rounding(c, {.kernel = 2}));
            })};
}

// How many of an axis's Π_t are linearly independent: the rank of their Gram matrix.
Index independent_taps(const Axis& axis) {
    std::vector<Matrix<double>> taps;
    for (Index t = 0; t < axis.kernel; ++t) taps.emplace_back(tap_matrix<double>(axis, t));
    Eigen::MatrixXd gram(axis.kernel, axis.kernel);
    for (Index a = 0; a < axis.kernel; ++a)
        for (Index b = 0; b < axis.kernel; ++b)
            gram(a, b) = taps[static_cast<std::size_t>(a)].inner(taps[static_cast<std::size_t>(b)]);
    return Eigen::FullPivLU<Eigen::MatrixXd>(gram).rank();
}

Identity injectivity() {
    return {.id = "I-4b",
            .name = "what the matrix tells of the kernel",
            .statement =
                "the matrices W(K) have C/g O Π_j rank{Π_tj} dimensions: W determines K iff each axis's Π_t are "
                "independent (boundary zero: iff every tap is used)",
            .formula = "dim {W(K)} = O C/g prod_j rank{Π_1, ..., Π_kj}",
            .latex = R"(\dim\{W(K)\} = O\,\tfrac{C}{g} \prod_j \mathrm{rank}\{\Pi^{(j)}_1, \dots, \Pi^{(j)}_{k_j}\})",
            .when = "every layer",
            .source = "I-2; the form for boundaries that fold taps together was found in writing this catalogue",
            .mistake = "one weight more is counted",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const auto nearest = matrix2kernel(g, kernel2matrix(g, c.kernel));
                Index dimensions = g.out_channels() * g.in_channels_per_group();
                for (const Axis& axis : g.axes()) dimensions *= independent_taps(axis);
                if (v == Variant::mistaken) ++dimensions;
                return equal(Matrix<S>::number(whole<S>(g.weights() - nearest.undetermined)),
                             Matrix<S>::number(whole<S>(dimensions)));
            })};
}

} // namespace

std::vector<Identity> construction() {
    return {multiplication(), sum_over_taps(), count_of_entries(), linearity(), injectivity()};
}

} // namespace convmat::identities
