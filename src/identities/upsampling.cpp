#include <numeric>

#include "entry.hpp"

#include <convmat/base/rearrange.hpp>
#include <convmat/taps/source_index.hpp>

// I-28 and I-53 to I-55: upsampling, pooling, checkerboards.
namespace convmat::identities {
namespace {

template <class S>
Tensor<S> ones(const Shape& shape) {
    Tensor<S> values(shape);
    std::ranges::fill(values.values(), S(1));
    return values;
}

template <class S>
Matrix<S> column_of_ones(Index rows) {
    return Matrix<S>::column(ones<S>({rows}));
}

// One matrix an axis, multiplied together.
template <class S, class Factor>
Matrix<S> product_over_axes(const ConvGeometry& g, Matrix<S> product, const Factor& factor) {
    for (const Axis& axis : g.axes()) product = product.kron(factor(axis));
    return product;
}

// The matrix of the upsampling layer that a layer lends its extents to is small enough: `entries` nonzeros an axis.
Condition enlarges_little(std::function<double(const Axis&)> entries, Index (*channels)(const ConvGeometry&)) {
    return on_geometry([entries = std::move(entries), channels](const ConvGeometry& g) {
        auto all = static_cast<double>(channels(g));
        for (const Axis& a : g.axes()) all *= entries(a);
        return unless(all <= static_cast<double>(most_nonzeros_checked),
                      concat("the upsampling layer has ", all, " nonzeros, and layers are checked up to ",
                             most_nonzeros_checked));
    });
}

// m, as a layer needs to interpolate.
Index two_or_more(Index extent) { return std::max<Index>(extent, 2); }

Index one_channel(const ConvGeometry&) { return 1; }

Identity nearest_neighbour() {
    return {
        .id = "I-28a",
        .name = "nearest-neighbour upsampling",
        .statement = "W^T of a kernel of ones as large as its stride repeats every value s times",
        .formula = "k = s, K = 1, p = 0:  W^T = I_C ⊗ (I_m1 ⊗ 1_s1) ⊗ ... ⊗ (I_mD ⊗ 1_sD)",
        .latex = R"(k = s,\; K = 1,\; p = 0:\quad W^T = I_C \otimes \bigotimes_j (I_{m_j} \otimes 1_{s_j}))",
        .when = "layers of up to 4 million nonzeros so enlarged; they lend their strides, output extents and output "
                "channels",
        .source = "torch.nn.Upsample(mode='nearest') as a depthwise transposed convolution",
        .mistake = "the values are repeated as a whole, 1_s ⊗ I_m",
        .unmet =
            enlarges_little([](const Axis& a) { return static_cast<double>(a.stride) * static_cast<double>(a.output); },
                            [](const ConvGeometry& g) { return g.out_channels(); }),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Index channels = c.geometry.out_channels();
            ConvSpec spec;
            spec.in_channels = spec.out_channels = spec.groups = channels;
            spec.input = each_axis(c.geometry.axes(), [](const Axis& a) { return a.stride * a.output; });
            spec.kernel = spec.stride = each_axis(c.geometry.axes(), &Axis::stride);
            const ConvGeometry tiles(spec);
            const auto repeated = product_over_axes(c.geometry, Matrix<S>::identity(channels), [&](const Axis& a) {
                const auto each = Matrix<S>::identity(a.output), times = column_of_ones<S>(a.stride);
                return v == Variant::mistaken ? times.kron(each) : each.kron(times);
            });
            return equal(w(tiles, ones<S>(tiles.kernel_shape())).transpose(), repeated);
        })};
}

// The layer's extents and padding on each channel alone.
ConvGeometry depthwise(const ConvGeometry& g) {
    ConvSpec spec = spec_of(g);
    spec.out_channels = spec.groups = spec.in_channels;
    return ConvGeometry(spec);
}

// For every output of a depthwise layer the sum of the extended input in its window, by plain loops; `missing` last
// positions of the last axis left out.
template <class S>
Tensor<S> window_sums(const ConvGeometry& g, const Tensor<S>& x, Index missing) {
    const Tensor<S> extended = reference::extend(g, x);
    const Shape steps = detail::steps_of(extended.shape()), kernel = g.kernel_shape();
    Shape window(kernel.begin() + 2, kernel.end());
    window.back() -= missing;
    Tensor<S> sums(g.output_shape());
    Index output = 0;
    for_each_position(g.output_shape(), [&](const Shape& at) {
        for_each_position(window, [&](const Shape& t) {
            Index from = at[0] * steps[0];
            for (std::size_t j = 0; j < t.size(); ++j)
                from += (g.axes()[j].stride * at[j + 1] + g.axes()[j].dilation * t[j]) * steps[j + 1];
            sums[output] += extended[from];
        });
        ++output;
    });
    return sums;
}

Identity average_pooling() {
    return {.id = "I-28b",
            .name = "average pooling",
            .statement =
                "a depthwise kernel of 1/|k| takes the mean of every window (of the extended input: padding is "
                "counted in)",
            .formula = "W(1/|k|) x = mean over the windows of x;  in integers W(1) x = |k| times that",
            .latex = R"((W(1/|k|)\,x)_{c,u} = \tfrac{1}{|k|} \sum_t x_{c,\,su + dt - p})",
            .when = "every layer; it lends its extents, strides, dilations, padding and boundaries",
            .source = "torch.nn.AvgPool2d with count_include_pad",
            .mistake = "windows are one position short on the last axis",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry g = depthwise(c.geometry);
                const S share = std::is_same_v<S, std::int64_t> ? S(1) : S(1) / whole<S>(g.kernel_size());
                Tensor<S> mean = ones<S>(g.kernel_shape());
                for (S& weight : mean.values()) weight *= share;
                Tensor<S> pooled = window_sums(g, c.x, v == Variant::mistaken ? 1 : 0);
                for (S& value : pooled.values()) value *= share;
                const IdentityCase<S> pooling{g, mean, c.x, pooled, c.seed};
                return equal(w(g, mean) * column(c.x), column(pooled), rounding(pooling, {.kernel = 1, .x = 1}));
            })};
}

Identity delta_kernel() {
    return {.id = "I-28c",
            .name = "a kernel with a single 1",
            .statement = "a kernel that is 1 at tap t and 0 elsewhere moves, crops and selects: every output is the "
                         "extended input at its own place plus d t",
            .formula = "K = δ_t:  W = I_C ⊗ (S_1 P_1) ⊗ ... ⊗ (S_D P_D), S_j[u, s u + d t] = 1, P_j the padding",
            .latex = R"(K = \delta_t:\quad W = I_C \otimes \bigotimes_j S_j P_j,\quad S_j[u, su + d t_j] = 1)",
            .when = "every layer; it lends its extents, strides, dilations, padding and boundaries",
            .source = "I-12 and I-14 with one tap",
            .mistake = "the tap is counted from the kernel's end",
            .unmet = any,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry g = depthwise(c.geometry);
                Tensor<S> delta(g.kernel_shape());
                const Index tap = static_cast<Index>(c.seed % static_cast<std::uint64_t>(g.kernel_size()));
                for (Index i = tap; i < delta.size(); i += g.kernel_size()) delta[i] = S(1);
                const Shape taps = unravel(tap, spatial_extents(delta));
                auto next = taps.begin();
                const auto selected = product_over_axes(g, Matrix<S>::identity(g.in_channels()), [&](const Axis& a) {
                    const Index t = v == Variant::mistaken ? a.kernel - 1 - *next : *next;
                    ++next;
                    const Matrix<S> places = stride_selection<S>(a.output, a.padded_input(), a.stride, a.dilation * t);
                    return places * Matrix<S>(pad_matrix<S>(a));
                });
                return equal(w(g, delta), selected);
            })};
}

// The inputs of an axis that every tap of their phase reads, d t = i + p (mod s), and that get nothing from outside.
Shape interior(const Axis& a) {
    std::vector<bool> touched(static_cast<std::size_t>(a.input), false); // or lacking an output
    for (Index u = 0; u < a.output; ++u)
        for (Index t = 0; t < a.kernel; ++t) {
            const Index q = a.stride * u + a.dilation * t - a.padding.begin;
            if (q >= 0 && q < a.input) continue;
            for (const Source& source : sources(a.boundary, a.input, q))
                touched[static_cast<std::size_t>(source.position)] = true;
        }
    Shape inputs;
    for (Index i = 0; i < a.input; ++i) {
        bool lacking = touched[static_cast<std::size_t>(i)];
        for (Index t = 0; t < a.kernel; ++t) {
            const Index from = i + a.padding.begin - a.dilation * t;
            if (floor_mod(from, a.stride) == 0 && (from < 0 || from / a.stride >= a.output)) lacking = true;
        }
        if (!lacking) inputs.push_back(i);
    }
    return inputs;
}

// The given ones of n values.
template <class S>
Matrix<S> selection(const Shape& positions, Index n) {
    return Matrix<S>(sparse_rows<S>(std::ssize(positions), n, std::ssize(positions),
                                    [&](Index row, auto add) { add(positions[static_cast<std::size_t>(row)], 1); }));
}

std::string some_input_interior(const AnyCase& layer) {
    return on_each_axis([](const Axis& a) {
        return unless(!interior(a).empty(),
                      concat("none of the ", a.input,
                             " inputs is read by every tap of its phase "
                             "and by nothing from outside (k = ",
                             a.kernel, ", d = ", a.dilation, ", s = ", a.stride, ", m = ", a.output, ")"));
    })(layer);
}

// Rows of the identity: the interior inputs of all channels.
template <class S>
Matrix<S> interior_selection(const ConvGeometry& g) {
    return product_over_axes(g, Matrix<S>::identity(g.in_channels()),
                             [](const Axis& a) { return selection<S>(interior(a), a.input); });
}

// Calls visit(input) for every interior position of a channel, in the order of interior_selection().
template <class Visit>
void for_each_interior(const ConvGeometry& g, const Visit& visit) {
    std::vector<Shape> inputs;
    Shape counts;
    for (const Axis& a : g.axes()) {
        inputs.push_back(interior(a));
        counts.push_back(std::ssize(inputs.back()));
    }
    for_each_position(counts, [&](const Shape& at) {
        Shape input;
        for (std::size_t j = 0; j < at.size(); ++j) input.push_back(inputs[j][static_cast<std::size_t>(at[j])]);
        visit(input);
    });
}

// Σ K[o, c, t] over the outputs o of the channel's group and the taps of the input's phase, d t = i + p (mod s).
template <class S>
S phase_sum(const ConvGeometry& g, const Tensor<S>& kernel, Index channel, const Shape& input, Index late) {
    const Index ins = g.in_channels_per_group(), outs = g.out_channels_per_group();
    const Index group = channel / ins;
    S sum(0);
    Index number = 0;
    for_each_position(spatial_extents(kernel), [&](const Shape& t) {
        const Index tap = number++;
        for (std::size_t j = 0; j < t.size(); ++j) {
            const Axis& a = g.axes()[j];
            if (floor_mod(input[j] + a.padding.begin + late - a.dilation * t[j], a.stride) != 0) return;
        }
        for (Index o = group * outs; o < (group + 1) * outs; ++o)
            sum += kernel[(o * ins + channel % ins) * g.kernel_size() + tap];
    });
    return sum;
}

Identity phase_sums() {
    return {
        .id = "I-53a",
        .name = "checkerboards are phase sums",
        .statement = "W^T turns a constant into the sums of the kernel's phases, away from the borders: a checkerboard "
                     "unless all are equal",
        .formula = "(W^T 1)[c, i] = sum_{o, d t = i + p (mod s)} K[o, c, t]",
        .latex = R"((W^T 1)_{c,i} = \sum_{o,\; dt \equiv i + p \,(s)} K_{o,c,t})",
        .when = "an input on every axis that each tap of its phase reads, and nothing from outside: only such inputs "
                "are compared",
        .source = "Odena et al., Deconvolution and Checkerboard Artifacts, distill.pub, 2016",
        .mistake = "phases are counted from one position later",
        .unmet = some_input_interior,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const ConvGeometry& g = c.geometry;
            std::vector<S> sums;
            for (Index channel = 0; channel < g.in_channels(); ++channel)
                for_each_interior(g, [&](const Shape& input) {
                    sums.push_back(phase_sum(g, c.kernel, channel, input, v == Variant::mistaken ? 1 : 0));
                });
            return equal(interior_selection<S>(g) * w(c).transpose() * column_of_ones<S>(g.rows()),
                         Matrix<S>::column(std::span<const S>(sums)), rounding(c));
        })};
}

// How many taps t < k have d t = position (mod s): none, or k gcd / s rounded down or up.
Index overlaps(const Axis& a, Index position, Variant v) {
    const Index common = std::gcd(a.dilation, a.stride), period = a.stride / common;
    if (floor_mod(position, common) != 0) return 0;
    Index count = a.kernel / period;
    for (Index t = 0; t < a.kernel % period && v == Variant::stated; ++t) // one of `period` taps in a row is such a tap
        if (floor_mod(position - a.dilation * t, a.stride) == 0) ++count;
    return count;
}

Identity overlap_counts() {
    return {
        .id = "I-53b",
        .name = "how often windows overlap",
        .statement = "the windows that cover an inner input number k / s rounded down or up on each axis: a constant "
                     "iff s divides k (dilated: of the phases that gcd(d, s) allows, with s / gcd(d, s) for s)",
        .formula = "K = 1:  (W^T 1)[i] = prod_j floor(k_j / s_j) or ceil(k_j / s_j)",
        .latex =
            R"(K = 1:\quad (W^T 1)_i = \prod_j \#\{0 \le t < k_j : d_j t \equiv i_j + p_j \,(s_j)\} \in \prod_j \{\lfloor k_j/s_j \rfloor, \lceil k_j/s_j \rceil\} \text{ for } d = 1)",
        .when = "as I-53a; the layer lends its extents, strides, dilations, padding and boundaries",
        .source = "Odena et al., Deconvolution and Checkerboard Artifacts, distill.pub, 2016; dilated: derived here",
        .mistake = "every count is rounded down",
        .unmet = some_input_interior,
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            ConvSpec spec = spec_of(c.geometry);
            spec.in_channels = spec.out_channels = spec.groups = 1;
            const ConvGeometry g(spec);
            std::vector<S> counts;
            for_each_interior(g, [&](const Shape& input) {
                Index count = 1;
                for (std::size_t j = 0; j < input.size(); ++j) {
                    const Axis& a = g.axes()[j];
                    count *= overlaps(a, input[j] + a.padding.begin, v);
                }
                counts.push_back(whole<S>(count));
            });
            const auto stamped = w(g, ones<S>(g.kernel_shape())).transpose() * column_of_ones<S>(g.rows());
            return equal(interior_selection<S>(g) * stamped, Matrix<S>::column(std::span<const S>(counts)));
        })};
}

// 2 f times the filter of d2l's bilinear_kernel(k), f = floor((k + 1) / 2): 1 - |t - centre| / f, centre f - 1 for an
// odd k and f - 1/2 for an even one.
std::vector<Index> bilinear_filter(Index k, Variant v) {
    const Index factor = (k + 1) / 2, twice_centre = 2 * factor - (k % 2 == 1 && v == Variant::stated ? 2 : 1);
    std::vector<Index> filter;
    for (Index t = 0; t < k; ++t) filter.push_back(2 * factor - std::abs(2 * t - twice_centre));
    return filter;
}

// W of one channel whose kernel is the product of bilinear filters.
template <class S>
Matrix<S> bilinear_layer(const ConvGeometry& g, Variant v = Variant::stated) {
    Tensor<S> kernel(g.kernel_shape());
    Index number = 0;
    for_each_position(spatial_extents(kernel), [&](const Shape& t) {
        Index weight = 1;
        for (std::size_t j = 0; j < t.size(); ++j)
            weight *= bilinear_filter(g.axes()[j].kernel, v)[static_cast<std::size_t>(t[j])];
        kernel[number++] = whole<S>(weight);
    });
    return w(g, kernel);
}

Identity partition_of_unity() {
    return {
        .id = "I-54",
        .name = "the bilinear kernel has no checkerboard",
        .statement = "all phase sums of d2l's bilinear_kernel(k) are 1 for the stride floor((k + 1) / 2), so that W^T "
                     "keeps constants in the interior",
        .formula = "s = floor((k + 1) / 2):  W(2s · bilinear_kernel(k))^T 1 = 2s  (the product of 2s over axes)",
        .latex = R"(s = \lfloor (k+1)/2 \rfloor:\quad W(\mathrm{bilinear}_k)^T 1 = 1)",
        .when = "layers of up to 4 million nonzeros so enlarged; they lend k and m (2 where m = 1)",
        .source = "d2l.ai, Fully Convolutional Networks, bilinear_kernel; for every k derived here",
        .mistake = "the centre of an odd kernel is put half a position late",
        .unmet = enlarges_little(
            [](const Axis& a) { return static_cast<double>(two_or_more(a.output)) * static_cast<double>(a.kernel); },
            one_channel),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            ConvSpec spec;
            Index unit = 1;
            for (const Axis& a : c.geometry.axes()) {
                const Index s = (a.kernel + 1) / 2;
                spec.input.push_back(s * (two_or_more(a.output) - 1) + a.kernel);
                spec.kernel.push_back(a.kernel);
                spec.stride.push_back(s);
                unit *= 2 * s;
            }
            const ConvGeometry g(spec);
            const auto constant =
                interior_selection<S>(g) * bilinear_layer<S>(g, v).transpose() * column_of_ones<S>(g.rows());
            return equal(constant, column_of_ones<S>(constant.rows()).times(whole<S>(unit)));
        })};
}

// The outputs of an enlargement of m values s times that lie between the first and the last value's centre.
Shape between_centres(Index m, Index s) {
    Shape outputs;
    for (Index i = 0; i < s * m; ++i)
        if (2 * i + 1 >= s && 2 * i + 1 - s <= 2 * s * (m - 1)) outputs.push_back(i);
    return outputs;
}

// 2 s times linear interpolation in m values at (i + 1/2) / s - 1/2, for each i of outputs.
template <class S>
Matrix<S> interpolation(const Shape& outputs, Index m, Index s, Variant v) {
    const Index rows = std::ssize(outputs);
    return Matrix<S>(sparse_rows<S>(rows, m, 2 * rows, [&](Index row, auto add) {
        const Index i = outputs[static_cast<std::size_t>(row)];
        const Index place = v == Variant::mistaken ? 2 * i : 2 * i + 1 - s; // in units of 1 / (2 s)
        const Index below = place / (2 * s), beyond = place % (2 * s);
        add(below, 2 * s - beyond);
        if (beyond > 0 && below + 1 < m) add(below + 1, beyond);
    }));
}

Identity bilinear_interpolation() {
    return {
        .id = "I-55",
        .name = "bilinear interpolation",
        .statement = "W^T of the bilinear kernel is interpolation between half-pixel centres: enlarging s times takes "
                     "k = 2s - s mod 2, p = floor(s / 2); at the borders zeros enter instead of clamped values",
        .formula = "W(bilinear_kernel(k))^T y at i = linear interpolation of y at (i + 1/2) / s - 1/2",
        .latex =
            R"((W(\mathrm{bilinear}_k)^T y)_i = y\bigl(\tfrac{i + 1/2}{s} - \tfrac12\bigr) \text{ between the } y_u)",
        .when = "layers of up to 4 million nonzeros so enlarged; they lend s and m (2 where either is 1)",
        .source = "torch.nn.functional.interpolate(mode='bilinear', align_corners=False); odd s: derived here",
        .mistake = "corners are taken for centres: the value at i / s",
        .unmet = enlarges_little(
            [](const Axis& a) {
                return 2 * static_cast<double>(two_or_more(a.output)) * static_cast<double>(two_or_more(a.stride));
            },
            one_channel),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            ConvSpec spec;
            Matrix<S> expected = Matrix<S>::identity(1), between = expected;
            for (const Axis& a : c.geometry.axes()) {
                const Index m = two_or_more(a.output), s = two_or_more(a.stride);
                spec.input.push_back(s * m);
                spec.kernel.push_back(2 * s - s % 2);
                spec.stride.push_back(s);
                spec.padding.push_back({s / 2, s / 2});
                const Shape outputs = between_centres(m, s);
                expected = expected.kron(interpolation<S>(outputs, m, s, v));
                between = between.kron(selection<S>(outputs, s * m));
            }
            return equal(between * bilinear_layer<S>(ConvGeometry(spec)).transpose(), expected);
        })};
}

} // namespace

std::vector<Identity> upsampling() {
    return {nearest_neighbour(), average_pooling(),    delta_kernel(),          phase_sums(),
            overlap_counts(),    partition_of_unity(), bilinear_interpolation()};
}

} // namespace convmat::identities
