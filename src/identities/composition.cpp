#include <algorithm>
#include <optional>

#include <convmat/base/dense.hpp>
#include <convmat/base/rearrange.hpp>

#include "dense.hpp"

// I-22 to I-27: layers one after the other, and layers as sums and products of smaller ones.
namespace convmat::identities {
namespace {

// Every line of the kernel through its first weight that is not zero: the factors, up to that weight, of a separable
// kernel. Empty for the kernel zero.
template <class S>
std::vector<Tensor<S>> lines_through_pivot(const Tensor<S>& kernel, S& pivot) {
    const Shape extents = spatial_extents(kernel);
    const auto found = std::ranges::find_if(kernel.values(), [](S value) { return value != S(0); });
    if (found == kernel.values().end()) return {};
    pivot = *found;
    const Index number = found - kernel.values().begin();
    const Shape at = unravel(number, extents), steps = detail::steps_of(extents);
    std::vector<Tensor<S>> lines;
    for (std::size_t j = 0; j < extents.size(); ++j) {
        Tensor<S> line({1, 1, extents[j]});
        const Index first = number - at[j] * steps[j];
        for (Index t = 0; t < extents[j]; ++t) line[t] = kernel[first + t * steps[j]];
        lines.push_back(std::move(line));
    }
    return lines;
}

// K[t] pivot^(D-1) = product of the lines at t, exactly in integers and to 12 digits else.
std::string separable(const AnyCase& layer) {
    return std::visit(
        []<class S>(const IdentityCase<S>& c) -> std::string {
            S pivot(1);
            const auto lines = lines_through_pivot(c.kernel, pivot);
            if (lines.empty()) return "all weights are zero";
            double largest = 0;
            for (const S value : c.kernel.values()) largest = std::max(largest, static_cast<double>(std::abs(value)));
            const double most = std::pow(largest, static_cast<double>(lines.size()));
            if (std::is_same_v<S, std::int64_t> && most > 0x1p40) return "the products of its weights are too large";
            bool found = true;
            Index at = 0;
            for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                S left = c.kernel[at++], right(1);
                for (std::size_t j = 0; j < t.size(); ++j) right *= lines[j][t[j]];
                for (std::size_t j = 1; j < t.size(); ++j) left *= pivot;
                const double bound = std::is_same_v<S, std::int64_t> ? 0 : 1e-12 * most;
                found = found && static_cast<double>(std::abs(left - right)) <= bound;
            });
            return found ? "" : "the kernel is not an outer product of one factor an axis";
        },
        layer);
}

std::string several_axes(const AnyCase& layer) { return geometry_of(layer).rank() > 1 ? "" : "there is one axis only"; }

// One axis of a layer on its own, one channel.
ConvGeometry axis_alone(const Axis& axis) { return ConvGeometry(spec_of({&axis, 1})); }

template <class S>
Matrix<S> w_of_axis(const Axis& axis, const Tensor<S>& weights) {
    const Matrix<S> stated = stride_selection<S>(axis.output, axis.formula_output(), 1);
    return stated * w(axis_alone(axis), weights);
}

Identity separable_kernels() {
    return {.id = "I-22a",
            .name = "separable kernels",
            .statement =
                "an outer product of kernels is the Kronecker product of their matrices, each axis with its own "
                "stride, dilation, padding and boundary",
            .formula = "W(a_1 ⊗ ... ⊗ a_D) = W(a_1) ⊗ ... ⊗ W(a_D)",
            .latex = R"(W(a_1 \otimes \dots \otimes a_D) = W(a_1) \otimes \dots \otimes W(a_D))",
            .when = "one channel in and out, more than one axis, a separable kernel",
            .source = "Van Loan, J. Comput. Appl. Math. 123 (2000)",
            .mistake = "the factor of the last axis is flipped",
            .unmet = all_of({single_channel, several_axes, separable}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                S pivot(1), scale(1);
                auto lines = lines_through_pivot(c.kernel, pivot);
                if (v == Variant::mistaken) lines.back() = flipped(lines.back());
                auto product = Matrix<S>::identity(1);
                double largest = 1;
                for (std::size_t j = 0; j < lines.size(); ++j) {
                    product = product.kron(w_of_axis(c.geometry.axes()[j], lines[j]));
                    if (j > 0) scale *= pivot;
                    largest *= magnitude(c, {.kernel = 1});
                }
                const double bound = std::is_same_v<S, std::int64_t> ? 0 : 1e-11 * largest;
                return equal(w(c).times(scale), product, bound);
            })};
}

Identity sum_of_separable_kernels() {
    return {.id = "I-22b",
            .name = "any kernel is a sum of separable ones",
            .statement =
                "a two-dimensional kernel of rank ρ gives a sum of ρ Kronecker products, by its singular value "
                "decomposition",
            .formula = "W(sum_i σ_i u_i v_i^H) = sum_i σ_i W(u_i) ⊗ W(conj v_i)",
            .latex = R"(W = \sum_{i \le \rho} \sigma_i\,W(u_i) \otimes W(\bar v_i))",
            .when = "one channel in and out, two axes",
            .source = "Van Loan and Pitsianis (1993)",
            .mistake = "the largest term is left out",
            .unmet = all_of({single_channel, on_geometry([](const ConvGeometry& g) -> std::string {
                                 return g.rank() == 2 ? "" : concat("there are ", g.rank(), " axes, not two");
                             })}),
            .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Shape k = spatial_extents(c.kernel);
                const Dense<S> kernel =
                    Eigen::Map<const Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(c.kernel.data(),
                                                                                                        k[0], k[1]);
                const Dense<S> u = left_singular_vectors(kernel); // the largest σ last
                auto sum = Matrix<S>::zero(c.geometry.rows(), c.geometry.cols());
                for (Index i = 0; i < (v == Variant::mistaken ? k[0] - 1 : k[0]); ++i) {
                    const std::vector<S> of_rows(u.col(i).begin(), u.col(i).end());
                    const Tensor<S> a({1, 1, k[0]}, of_rows);
                    const Tensor<S> b({1, 1, k[1]}, // σ_i conj v_i = K^T conj u_i
                                      dense::times_adjoint<S>(k[1], k[0], 1, c.kernel.values(), of_rows));
                    sum = sum + w_of_axis(c.geometry.axis(0), a).kron(w_of_axis(c.geometry.axis(1), b));
                }
                return equal(w(c), sum, 16 * rounding(c));
            })};
}

// The second layer of a composition: two channels, two taps an axis where they fit, no padding; drawn weights.
template <class S>
struct SecondLayer {
    ConvGeometry geometry;
    Tensor<S> kernel;
};

template <class S>
SecondLayer<S> second_layer(const IdentityCase<S>& c, Index most_stride) {
    ConvSpec spec;
    spec.in_channels = c.geometry.out_channels();
    spec.out_channels = 2;
    spec.input = each_axis(c.geometry.axes(), &Axis::output);
    spec.kernel = each_axis(c.geometry.axes(), [](const Axis& a) { return std::min<Index>(2, a.output); });
    spec.stride = each_axis(c.geometry.axes(), [&](const Axis& a) { return std::min(most_stride, a.output); });
    const ConvGeometry g(spec);
    return {g, drawn(c, g.kernel_shape())};
}

// The layer whose kernel is the first one's, dilated, composed with the second's, dilated by the first one's stride.
template <class S>
Matrix<S> w_of_composition(const IdentityCase<S>& c, const SecondLayer<S>& second, Shape spread) {
    ConvSpec spec = spec_of(c.geometry);
    Shape dilation = spec.dilation;
    const auto kernel =
        composed(dilated(ungrouped(c.kernel, c.geometry.groups()), dilation), dilated(second.kernel, spread));
    spec.kernel = spatial_extents(kernel);
    spec.dilation.clear();
    spec.groups = 1;
    spec.out_channels = second.geometry.out_channels();
    for (std::size_t j = 0; j < spec.stride.size(); ++j) {
        spec.stride[j] *= second.geometry.axes()[j].stride;
        spec.padding[j].begin += second.geometry.axes()[j].padding.begin;
        spec.padding[j].end += second.geometry.axes()[j].padding.end;
    }
    return w(ConvGeometry(spec), kernel);
}

// A composed kernel joins every input channel to every output channel.
std::string fits_as_one_group(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    double entries = 2 * static_cast<double>(g.in_channels()) * static_cast<double>(g.output_size());
    for (const Axis& axis : g.axes()) entries *= static_cast<double>(axis.effective_kernel() + 2 * axis.stride);
    entries = std::max(entries, static_cast<double>(g.in_channels()) * static_cast<double>(g.out_channels()) *
                                    static_cast<double>(g.kernel_size()));
    return entries <= 4 * static_cast<double>(most_nonzeros_checked)
               ? ""
               : concat("the composed layer, which is one group, has up to ", entries, " nonzeros");
}

Identity composition_without_stride() {
    return {
        .id = "I-23",
        .name = "one layer after another",
        .statement = "a layer without padding after a layer with stride 1 is one layer, whose kernel is the full "
                     "convolution of both",
        .formula = "W(K2) W(K1) = W(K1 ★ K2),  k = k1 + k2 - 1",
        .latex = R"(W(K_2)\,W(K_1) = W(K_1 \star K_2))",
        .when =
            "stride 1, dilation 1; any boundary of the first layer, no padding of the second (drawn, 2 taps an axis)",
        .source = "associativity of convolution",
        .mistake = "the second kernel is flipped",
        .unmet = all_of({stride_one, dilation_one, fits_as_one_group}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            auto second = second_layer(c, 1);
            const auto left = w(second.geometry, second.kernel) * w(c);
            if (v == Variant::mistaken) second.kernel = flipped(second.kernel);
            const Shape ones(c.geometry.axes().size(), 1);
            return equal(left, w_of_composition(c, second, ones), rounding(c, {.kernel = 1, .drawn = 1}));
        })};
}

Identity composition_with_stride() {
    return {
        .id = "I-24",
        .name = "one strided layer after another",
        .statement = "behind a stride s1 the second kernel is spread by s1, and strides multiply",
        .formula = "W_s2(K2) W_s1(K1) = W_{s1 s2}(K1↑d1 ★ K2↑s1)",
        .latex = R"(W_{s_2}(K_2)\,W_{s_1}(K_1) = W_{s_1 s_2}(K_1{\uparrow}d_1 \star K_2{\uparrow}s_1))",
        .when =
            "r < s; any boundary of the first layer, no padding of the second (drawn, 2 taps, stride 2 where they fit)",
        .source = "I-12, I-13 and I-23",
        .mistake = "the second kernel is flipped",
        .unmet = all_of({formula_output, fits_as_one_group}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            auto second = second_layer(c, 2);
            const auto left = w(second.geometry, second.kernel) * w(c);
            if (v == Variant::mistaken) second.kernel = flipped(second.kernel);
            const Shape spread = each_axis(c.geometry.axes(), &Axis::stride);
            return equal(left, w_of_composition(c, second, spread), rounding(c, {.kernel = 1, .drawn = 1}));
        })};
}

Identity composition_under_zero_padding() {
    return counter(
        {.id = "I-25x",
         .name = "layers compose under zero padding",
         .statement =
             "two 'same' layers are one 'same' layer: false in the boundary rows, where the second layer reads "
             "zeros and the composed one what the first would have written there",
         .formula = "W(K) W(K) = W(K ★ K),  K = [1 1 1], p = 1 and 2   (believed; n is that of the layer's first axis)",
         .latex = R"(W(K)\,W(K) = W(K \star K),\quad K = [1\,1\,1])",
         .when = "always, in rows 0 and n - 1; the witness is the smallest with a row in which it holds",
         .source = "I-23 needs a second layer without padding",
         .unmet = any},
        []() -> AnyCase {
            return counting_case({.input = {3}, .kernel = {3}, .padding = {{1, 1}}}, {1, 1, 1});
        },
        []<class S>(const IdentityCase<S>& c) {
            const Index n = c.geometry.axis(0).input;
            const Tensor<S> kernel({1, 1, 3}, {S(1), S(1), S(1)});
            const auto once = w(ConvGeometry({.input = {n}, .kernel = {3}, .padding = {{1, 1}}}), kernel);
            const auto both =
                w(ConvGeometry({.input = {n}, .kernel = {5}, .padding = {{2, 2}}}), composed(kernel, kernel));
            return Belief<S>{once * once, both, {0, n - 1}};
        });
}

Identity composition_under_periodic_boundaries() {
    return {.id = "I-25",
            .name = "one periodic layer after another",
            .statement = "with periodic boundaries layers compose in every row, and paddings add",
            .formula = "W(K2) W(K1) = W(K1↑d1 ★ K2),  p = p1 + p2",
            .latex = R"(W(K_2)\,W(K_1) = W(K_1{\uparrow}d_1 \star K_2),\quad p = p_1 + p_2)",
            .when = "boundary periodic, stride 1, m = n (the second layer is drawn: 3 taps an axis, p = 1)",
            .source = "circulant matrices: Davis (1979)",
            .mistake = "the second kernel is flipped",
            .unmet = all_of({periodic, keeps_extent, fits_as_one_group}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                ConvSpec spec = spec_of(c.geometry);
                spec.in_channels = c.geometry.out_channels();
                spec.out_channels = 2;
                spec.groups = 1;
                spec.dilation.clear();
                spec.kernel.assign(spec.kernel.size(), 3);
                spec.padding.assign(spec.kernel.size(), {1, 1});
                const ConvGeometry g(spec);
                SecondLayer<S> second{g, drawn(c, g.kernel_shape())};
                const auto left = w(g, second.kernel) * w(c);
                if (v == Variant::mistaken) second.kernel = flipped(second.kernel);
                const Shape ones(c.geometry.axes().size(), 1);
                return equal(left, w_of_composition(c, second, ones), rounding(c, {.kernel = 1, .drawn = 1}));
            })};
}

// The phases of a stride that hold taps of a kernel of these extents.
Shape phases_with_taps(const ConvGeometry& g) {
    return each_axis(g.axes(), [](const Axis& a) { return std::min(a.stride, a.effective_kernel()); });
}

// W_1(K[ρ'::s]) times the selection of x_ext[ρ::s]; nothing where K has no such tap.
template <class S>
std::optional<Matrix<S>> phase_of(const ConvGeometry& g, const Tensor<S>& kernel, const Shape& of_input,
                                  const Shape& of_kernel) {
    const auto weights = every(kernel, each_axis(g.axes(), &Axis::stride), of_kernel);
    if (weights.size() == 0) return std::nullopt;
    ConvSpec spec = spec_of(g);
    spec.kernel = spatial_extents(weights);
    spec.input.clear();
    spec.stride.clear();
    spec.dilation.clear();
    spec.padding.clear();
    spec.boundary.clear();
    auto decimate = Matrix<S>::identity(g.in_channels());
    for (std::size_t j = 0; j < spec.kernel.size(); ++j) {
        const Axis& axis = g.axes()[j];
        const Index read = axis.output + spec.kernel[j] - 1;
        spec.input.push_back(read);
        decimate = decimate.kron(sparse_rows<S>(read, axis.padded_input(), read, [&](Index i, auto add) {
            const Index q = of_input[j] + axis.stride * i;
            if (q < axis.padded_input()) add(q, 1); // always, where both phases are one
        }));
    }
    return w(ConvGeometry(spec), weights) * decimate;
}

Identity polyphase() {
    return {.id = "I-26",
            .name = "polyphase",
            .statement = "a strided layer is a sum of layers with stride 1: each phase of the input with that phase of "
                         "the kernel",
            .formula = "W_s x = sum over 0 <= ρ < s of W_1(K[ρ::s]) x_ext[ρ::s]",
            .latex = R"(W_s x = \sum_{\rho \in [0,s)} W_1(K[\rho{::}s])\,x_{\mathrm{ext}}[\rho{::}s])",
            .when = "every layer; x_ext is the extended input, K has its dilation's zeros inserted",
            .source = "Vaidyanathan, Multirate Systems and Filter Banks (1993)",
            .mistake = "each phase of the input meets the opposite phase of the kernel",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const auto kernel = dilated(c.kernel, each_axis(g.axes(), &Axis::dilation));
                const Shape phases = phases_with_taps(g);
                std::vector<Matrix<S>> terms = {Matrix<S>::zero(g.rows(), g.in_channels() * unpadded(g).input_size())};
                for_each_position(phases, [&](const Shape& phase) {
                    Shape of_kernel = phase;
                    if (v == Variant::mistaken)
                        for (std::size_t j = 0; j < phase.size(); ++j) of_kernel[j] = phases[j] - 1 - phase[j];
                    if (auto term = phase_of(g, kernel, phase, of_kernel)) terms.push_back(std::move(*term));
                });
                return equal(w(c) * column(c.x), Matrix<S>::sum(std::move(terms)) * column(reference::extend(g, c.x)),
                             rounding(c, {.kernel = 1, .x = 1}));
            })};
}

// The layer from O to C channels, stride 1, full padding, of which W^T's phase consists.
template <class S>
Matrix<S> full_convolution(const ConvGeometry& g, const Tensor<S>& weights, Variant v) {
    ConvSpec spec;
    spec.in_channels = g.out_channels();
    spec.out_channels = g.in_channels();
    spec.groups = g.groups();
    spec.kernel = spatial_extents(weights);
    spec.input = each_axis(g.axes(), &Axis::output);
    for (const Index k : spec.kernel) spec.padding.push_back({k - 1, k - 1});
    const auto swapped = channels_swapped(weights, g.groups());
    return w(ConvGeometry(spec), v == Variant::mistaken ? swapped : flipped(swapped));
}

Identity pixel_shuffle() {
    return {.id = "I-27",
            .name = "the transposed convolution as a pixel shuffle",
            .statement = "the phases of a transposed convolution are full convolutions of y with stride 1, each with a "
                         "flipped phase of the kernel",
            .formula = "(F y)[ρ::s] = W(swap flip K[ρ::s]; full) y,  F the scatter before its crop (I-7)",
            .latex = R"((F y)[\rho{::}s] = W(\mathrm{swap}\,\mathrm{flip}\,K[\rho{::}s];\,\mathrm{full})\,y)",
            .when = "every layer; the phases that hold taps, K having its dilation's zeros inserted",
            .source = "Shi et al., arXiv:1609.07009",
            .mistake = "the phases of the kernel are not flipped",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const auto kernel = dilated(c.kernel, each_axis(g.axes(), &Axis::dilation));
                ConvSpec uncropped = spec_of(unpadded(g));
                for (std::size_t j = 0; j < uncropped.input.size(); ++j) {
                    const Axis& axis = g.axes()[j];
                    uncropped.input[j] = axis.stride * (axis.output - 1) + axis.effective_kernel();
                }
                const auto scattered = w(ConvGeometry(uncropped), c.kernel).transpose() * column(c.y);
                std::vector<Matrix<S>> phases, convolutions;
                for_each_position(phases_with_taps(g), [&](const Shape& phase) {
                    const auto weights = every(kernel, each_axis(g.axes(), &Axis::stride), phase);
                    auto select = Matrix<S>::identity(g.in_channels());
                    for (std::size_t j = 0; j < phase.size(); ++j)
                        select = select.kron(stride_selection<S>(g.axes()[j].output + weights.shape()[j + 2] - 1,
                                                                 uncropped.input[j], g.axes()[j].stride, phase[j]));
                    phases.push_back(select * scattered);
                    convolutions.push_back(full_convolution(g, weights, v) * column(c.y));
                });
                return equal(Matrix<S>::stack(phases), Matrix<S>::stack(convolutions),
                             rounding(c, {.kernel = 1, .y = 1}));
            })};
}
} // namespace

std::vector<Identity> composition() {
    return {separable_kernels(),
            sum_of_separable_kernels(),
            composition_without_stride(),
            composition_with_stride(),
            composition_under_zero_padding(),
            composition_under_periodic_boundaries(),
            polyphase(),
            pixel_shuffle()};
}

} // namespace convmat::identities
