#include <convmat/matrix/matrix2kernel.hpp>
#include <convmat/structure/exact_rank.hpp>
#include <convmat/taps/source_index.hpp>

#include "entry.hpp"

#include <algorithm>

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
                return equal(w(c) * column(c.x), column(reference::convolve(c.geometry, kernel, c.x)),
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
                std::vector<Matrix<S>> terms;
                for_each_position(spatial_extents(kernel), [&](const Shape& t) {
                    const Matrix<S> weights = kernel_tap(c.geometry, kernel, std::ssize(terms));
                    terms.push_back(weights.kron(tap_matrix<S>(c.geometry, t)));
                });
                return equal(w(c), Matrix<S>::sum(std::move(terms)), rounding(c));
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
        .mistake = "every tap is counted once for each output, as if nothing were padded",
        .unmet = taps_apart,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const ConvGeometry& g = c.geometry;
            Index count = 0, number = 0;
            for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                Index places = 1;
                for (Index j = 0; j < g.rank(); ++j)
                    places *= v == Variant::mistaken
                                  ? g.axis(j).output
                                  : tap_matrix<S>(g.axis(j), t[static_cast<std::size_t>(j)]).nonZeros();
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
                             3 * (rounding(c) + rounding(c, {.kernel = 0, .drawn = 1})));
            })};
}

// How many of an axis's Π_t are linearly independent: the rank of their Gram matrix, whose entries are sums over the
// outputs of products of coefficients, where two taps read one input.
Index independent_taps(const Axis& axis) {
    struct Read {
        Index position, tap, coefficient;
    };
    Dense<std::int64_t> gram = Dense<std::int64_t>::Zero(axis.kernel, axis.kernel);
    std::vector<Read> reads;
    for (Index u = 0; u < axis.output; ++u) {
        reads.clear();
        for (Index t = 0; t < axis.kernel; ++t) {
            const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
            for (const Source& source : sources(axis.boundary, axis.input, q))
                reads.push_back({source.position, t, source.coefficient});
        }
        std::ranges::sort(reads, {}, &Read::position);
        for (std::size_t first = 0, last = 0; first < reads.size(); first = last) {
            while (last < reads.size() && reads[last].position == reads[first].position) ++last;
            for (std::size_t a = first; a < last; ++a)
                for (std::size_t b = first; b < last; ++b)
                    gram(reads[a].tap, reads[b].tap) += reads[a].coefficient * reads[b].coefficient;
        }
    }
    return exact_rank(Matrix<std::int64_t>::of(gram).sparse());
}

Identity injectivity() {
    return {.id = "I-4b",
            .name = "what the matrix tells of the kernel",
            .statement =
                "the matrices W(K) have C/g O Π_j rank{Π_tj} dimensions: W determines K iff each axis's Π_t are "
                "independent (boundary zero: iff every tap is used)",
            .formula = "dim {W(K)} = O C/g prod_j rank{Π_1, ..., Π_kj}",
            .latex = R"(\dim\{W(K)\} = O\,\tfrac{C}{g} \prod_j \mathrm{rank}\{\Pi^{(j)}_1, \dots, \Pi^{(j)}_{k_j}\})",
            .when = "every layer with at most 1000 taps an axis",
            .source = "I-2; the form for boundaries that fold taps together was found in writing this catalogue",
            .mistake = "every weight is counted, as if no boundary folded taps together and none were unused",
            .unmet = on_each_axis([](const Axis& axis) -> std::string {
                return axis.kernel <= 1000 ? "" : concat("there are ", axis.kernel, " taps, more than 1000");
            }),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const auto nearest = matrix2kernel(g, kernel2matrix(g, c.kernel));
                Index dimensions = g.out_channels() * g.in_channels_per_group();
                for (const Axis& axis : g.axes())
                    dimensions *= v == Variant::mistaken ? axis.kernel : independent_taps(axis);
                return equal(Matrix<S>::number(whole<S>(g.weights() - nearest.undetermined)),
                             Matrix<S>::number(whole<S>(dimensions)));
            })};
}

} // namespace

std::vector<Identity> construction() {
    return {multiplication(), sum_over_taps(), count_of_entries(), linearity(), injectivity()};
}

} // namespace convmat::identities
