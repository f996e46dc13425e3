#include <convmat/base/rearrange.hpp>
#include <convmat/geometry/padding.hpp>
#include <convmat/structure/exact_rank.hpp>

#include "dense.hpp"
#include "sections.hpp"

#include <algorithm>

// I-48 to I-52: ranks, triangular layers and their inverses, traces. Ranks are computed modulo a prime, without
// rounding.
namespace convmat::identities {
namespace {

// Without the channels.
Shape positions(const Shape& shape) { return {shape.begin() + 1, shape.end()}; }

template <class S>
Matrix<S> count(Index number) {
    return Matrix<S>::number(whole<S>(number));
}

std::string one_input_channel_a_group(const AnyCase& layer) {
    const Index ins = geometry_of(layer).in_channels_per_group();
    return unless(ins == 1, concat("an output reads ", ins, " channels, not one"));
}

std::string one_output_channel_a_group(const AnyCase& layer) {
    const Index outs = geometry_of(layer).out_channels_per_group();
    return unless(outs == 1, concat("a group has ", outs, " output channels, not one"));
}

// The weights of each group, in the order of the kernel.
template <class S>
std::vector<std::span<const S>> weights_of_groups(const IdentityCase<S>& c) {
    std::vector<std::span<const S>> groups;
    const auto each = c.kernel.values().size() / static_cast<std::size_t>(c.geometry.groups());
    for (std::size_t g = 0; g < static_cast<std::size_t>(c.geometry.groups()); ++g)
        groups.push_back(c.kernel.values().subspan(g * each, each));
    return groups;
}

bool is_zero(const auto& weights) {
    return std::ranges::all_of(weights, [](auto w) { return w == decltype(w)(0); });
}

template <class S>
Index groups_not_zero(const IdentityCase<S>& c) {
    return std::ranges::count_if(weights_of_groups(c), [](const auto& weights) { return !is_zero(weights); });
}

// Padding that reaches k_eff - 1 beyond both ends, or further.
std::string padded_fully(const AnyCase& layer) {
    return all_of({zero_outside, stride_one, on_each_axis([](const Axis& a) {
                       const Index reach = a.effective_kernel() - 1, end = a.padding.end - a.remainder();
                       return unless(a.padding.begin >= reach && end >= reach,
                                     concat("padding is ", a.padding.begin, ":", a.padding.end,
                                            " and does not reach k_eff - 1 = ", reach, " beyond both ends"));
                   })})(layer);
}

Identity full_column_rank() {
    return {.id = "I-48",
            .name = "full padding loses nothing",
            .statement = "with full padding and stride 1, W of a kernel that is not zero has independent columns: the "
                         "polynomial K times X is zero only for X = 0",
            .formula = "rank W = |n| · #{groups with K ≠ 0}",
            .latex = R"(\mathrm{rank}\,W = |n| \cdot \#\{g : K_g \ne 0\})",
            .when = "one input channel a group, s = 1, zeros outside, p_begin and p_end at least k_eff - 1",
            .source = "polynomials in D variables have no zero divisors",
            .mistake = "rows are counted in place of columns",
            .unmet = all_of({one_input_channel_a_group, padded_fully, small_enough_for_dense}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const Index each = v == Variant::mistaken ? g.rows() / g.groups() : g.input_size();
                return equal(count<S>(exact_rank(w(c).sparse())), count<S>(each * groups_not_zero(c)));
            })};
}

Identity full_row_rank() {
    return {.id = "I-49a",
            .name = "the transposed layer loses nothing",
            .statement =
                "without padding, W of a kernel that is not zero has independent rows, whatever the stride and "
                "dilation: W^T is injective",
            .formula = "rank W = |m| · #{groups with K ≠ 0}",
            .latex = R"(\mathrm{rank}\,W = |m| \cdot \#\{g : K_g \ne 0\})",
            .when = "one output channel a group, and every window lies in the input (p <= 0 is enough)",
            .source = "the triangular minor of I-49b, with K[t*]^|m| as its determinant",
            .mistake = "columns are counted in place of rows",
            .unmet = all_of({one_output_channel_a_group, windows_inside, small_enough_for_dense}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const Index each = v == Variant::mistaken ? g.cols() / g.groups() : g.output_size();
                return equal(count<S>(exact_rank(w(c).sparse())), count<S>(each * groups_not_zero(c)));
            })};
}

std::string every_group_not_zero(const AnyCase& layer) {
    return std::visit(
        [](const auto& c) {
            const Index found = groups_not_zero(c), groups = c.geometry.groups();
            return unless(found == groups,
                          concat("all weights of ", groups - found, " of ", groups, " groups are zero"));
        },
        layer);
}

// For every output u of every group the input that its first tap t* (in raster order) with a weight reads; a row of
// zeros with a 1 there. Earlier outputs may read it too, later ones do not.
template <class S>
Matrix<S> read_first(const IdentityCase<S>& c) {
    const ConvGeometry& g = c.geometry;
    Shape columns;
    const auto groups = weights_of_groups(c);
    for (std::size_t group = 0; group < groups.size(); ++group) {
        const std::span<const S> all = groups[group];
        Index best = g.kernel_size(), channel = 0, number = 0;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (const auto at = static_cast<Index>(i); all[i] != S(0) && at % g.kernel_size() < best) {
                best = at % g.kernel_size();
                channel = static_cast<Index>(group) * g.in_channels_per_group() + at / g.kernel_size();
            }
        for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
            if (number++ != best) return;
            for_each_position(positions(g.output_shape()), [&](const Shape& u) {
                Index column = channel;
                for (std::size_t j = 0; j < u.size(); ++j) {
                    const Axis& a = g.axes()[j];
                    column = column * a.input + a.stride * u[j] + a.dilation * t[j] - a.padding.begin;
                }
                columns.push_back(column);
            });
        });
    }
    return sparse_rows<S>(g.rows(), g.cols(), std::ssize(columns), [&](Index row, auto add) {
        if (row < std::ssize(columns)) add(columns[static_cast<std::size_t>(row)], 1);
    });
}

// y with T y = z for a lower triangular T, and by how much rounding may have moved it. `subtract` = 0 forgets what the
// earlier unknowns contribute.
template <class S>
struct Substitution {
    std::vector<S> y;
    double error = 0;
    double amplification = 0; // of errors of one unit in each row's terms

    Substitution(const Matrix<S>& triangle, const std::vector<S>& z, const Tensor<S>& truth, S subtract) {
        std::vector<double> errors, gains;
        for (Index row = 0; row < triangle.rows(); ++row) {
            S sum = z[static_cast<std::size_t>(row)], diagonal(1);
            double carried = 0, gain = 0, terms = 0, sizes = 0;
            for (typename Sparse<S>::InnerIterator at(triangle.sparse(), row); at && at.col() <= row; ++at) {
                const auto col = static_cast<std::size_t>(at.col());
                const auto size = static_cast<double>(std::abs(at.value()));
                const bool earlier = at.col() < row;
                if (earlier) sum -= subtract * at.value() * y[col];
                if (!earlier) diagonal = at.value();
                carried += earlier ? size * errors[col] : 0;
                gain += size * (earlier ? 1 + gains[col] : 1);
                sizes += size * (static_cast<double>(std::abs(truth[at.col()])) + (earlier ? errors[col] : 0));
                ++terms;
            }
            const auto pivot = static_cast<double>(std::abs(diagonal));
            const double rounding = 16 * (terms + 2) * std::numeric_limits<double>::epsilon() * sizes;
            y.push_back(sum / diagonal);
            errors.push_back((carried + rounding) / pivot);
            gains.push_back(gain / pivot);
            error = std::max(error, errors.back());
            amplification = std::max(amplification, gains.back());
        }
    }
};

constexpr double most_amplification = 1e7;

std::string well_conditioned(double amplification) {
    return unless(amplification <= most_amplification, concat("rounding would be amplified ", amplification,
                                                              " times, and is checked up to ", most_amplification));
}

std::string substitution_is_stable(const AnyCase& layer) {
    if (integer_sums(layer).empty()) return {};
    return std::visit(
        []<class S>(const IdentityCase<S>& c) {
            const Matrix<S> zero = Matrix<S>::zero(c.geometry.rows(), 1);
            return well_conditioned(
                Substitution<S>(read_first(c) * w(c).transpose(), zero.values(), Tensor<S>({c.geometry.rows()}), S(1))
                    .amplification);
        },
        in_floating_point(layer));
}

Identity recovery() {
    return {.id = "I-49b",
            .name = "Y from trans_conv(Y, K)",
            .statement =
                "each output's first tap t* with a weight reads an input that later outputs do not: those rows "
                "of W^T are a triangle with K[t*] on its diagonal, from which Y is found one by one",
            .formula = "Z = W^T Y, S[u, s u + d t* - p] = 1:  S W^T = lower triangle T,  Y = T^{-1} S Z",
            .latex =
                R"(Z = W^T Y,\; S_{u,\,su + dt^* - p} = 1:\quad S\,W^T = T \text{ lower triangular},\; Y = T^{-1} S Z)",
            .when = "one output channel a group, every window lies in the input, no group's weights are all zero; in "
                    "floating point, the substitution amplifies rounding at most 10^7 times",
            .source = "d2l.ai's trans_conv, inverted; derived here",
            .mistake = "what the earlier outputs contribute is not subtracted",
            .unmet = all_of({one_output_channel_a_group, windows_inside, every_group_not_zero, small_enough_for_dense,
                             substitution_is_stable}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> first = read_first(c);
                const Matrix<S> z = column(reference::transpose(c.geometry, c.kernel, c.y));
                const Substitution<S> found(first * w(c).transpose(), (first * z).values(), c.y,
                                            v == Variant::mistaken ? S(0) : S(1));
                return equal(Matrix<S>::column(std::span<const S>(found.y)), column(c.y),
                             std::is_same_v<S, std::int64_t> ? 0 : found.error);
            })};
}

// ||W||_F^2 over the least eigenvalue of W W^H: how often relative rounding of its entries shows in the solution.
template <class S>
double normal_amplification(const Matrix<S>& matrix) {
    return std::pow(frobenius_norm(matrix), 2) / std::max(0.0, least_eigenvalue(matrix * matrix.adjoint()));
}

std::string normal_equations_are_stable(const AnyCase& layer) {
    return std::visit([](const auto& c) { return well_conditioned(normal_amplification(w(c))); },
                      in_floating_point(layer));
}

Identity normal_recovery() {
    return {.id = "I-49c",
            .name = "Y from its transposed layer, by normal equations",
            .statement = "where W has independent rows, least squares find Y in Z = W^H Y, from all of Z at once",
            .formula = "Z = W^H Y:  (W W^H)^{-1} W Z = Y",
            .latex = R"(Z = W^H Y:\quad (W W^H)^{-1} W Z = Y)",
            .when = "as I-49b; ||W||_F^2 is at most 10^7 times the least eigenvalue of W W^H",
            .source = "C. F. Gauss's normal equations, with I-49a for their solution to be one",
            .mistake = "W Z is taken for Y: the rows are thought orthonormal",
            .unmet = all_of({one_output_channel_a_group, windows_inside, every_group_not_zero, small_enough_for_dense,
                             normal_equations_are_stable}),
            .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> matrix = w(c), y = column(c.y);
                const Matrix<Complex> image =
                    in_complex(matrix * column(reference::transpose(c.geometry, conjugated(c.kernel), c.y)));
                const auto gram = in_complex(matrix * matrix.adjoint()).dense();
                const auto found = v == Variant::mistaken ? image : Matrix<Complex>::of(solved(gram, 0, image.dense()));
                const double bound = 100 * static_cast<double>(matrix.rows() + matrix.cols()) *
                                     std::numeric_limits<double>::epsilon() * normal_amplification(matrix) *
                                     frobenius_norm(y);
                return equal(found, in_complex(y), bound);
            })};
}

// A kernel of ones with odd extents, 'same' padding.
ConvGeometry box_layer(const Shape& input, const Shape& kernel, const Shape& dilation) {
    ConvSpec spec{.input = input, .kernel = kernel, .dilation = dilation};
    spec.padding = same_padding(spec);
    return ConvGeometry(spec);
}

template <class S>
Index rank_of_box(const ConvGeometry& g) {
    return exact_rank(
        w(g, Tensor<S>(g.kernel_shape(), std::vector<S>(static_cast<std::size_t>(g.weights()), S(1)))).sparse());
}

// The box that an axis lends: odd, at least 3.
Index box_taps(const Axis& axis) { return std::max<Index>(3, axis.kernel / 2 * 2 + 1); }

std::string small_boxes(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    const Index n = g.input_size();
    if (n > most_dense_checked)
        return concat("there are ", n, " inputs a channel, and ranks are counted up to ", most_dense_checked);
    double positions = 1; // of the padded input
    for (const Axis& a : g.axes())
        positions *=
            static_cast<double>(a.input) + static_cast<double>(a.dilation) * static_cast<double>(box_taps(a) - 1);
    return unless(positions <= static_cast<double>(most_nonzeros_checked),
                  concat("the padded input of the moving sum has ", positions,
                         " positions, and layers are checked up to ", most_nonzeros_checked));
}

Identity rank_of_boxes() {
    return {.id = "I-50",
            .name = "the rank of a moving sum",
            .statement = "'same' padding costs a moving sum of odd extent k on n inputs min(r - 1, k - r) of its rank, "
                         "r = n mod k (0 where r = 0): (1 1 1) is singular iff n = 2 (mod 3)",
            .formula =
                "rank W(1_k) = n - max(0, min(r - 1, k - r)); the product over axes; dilated: the sum over phases",
            .latex = R"(\mathrm{rank}\,W(1_k) = n - \max(0, \min(r - 1, k - r)),\quad r = n \bmod k)",
            .when = "at most 400 inputs a channel, 4 million so padded; it lends n, d, and k made odd and at least 3",
            .source = "null vectors are k-periodic, sum to 0 and vanish outside; for other extents than 3 derived here",
            .mistake = "the remainder is that of n + 1",
            .unmet = small_boxes,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Shape input = each_axis(c.geometry.axes(), &Axis::input);
                const Shape kernel = each_axis(c.geometry.axes(), box_taps);
                const Shape dilation = each_axis(c.geometry.axes(), &Axis::dilation);
                Index rank = 1;
                for (const Axis& a : c.geometry.axes()) {
                    const Index k = box_taps(a);
                    Index on_axis = 0; // inputs d apart are a layer of their own
                    for (Index first = 0; first < std::min(a.dilation, a.input); ++first) {
                        const Index n = (a.input - first - 1) / a.dilation + 1;
                        const Index r = (n + (v == Variant::mistaken ? 1 : 0)) % k;
                        on_axis += n - std::max<Index>(0, std::min(r - 1, k - r));
                    }
                    rank *= on_axis;
                }
                return equal(count<S>(rank_of_box<S>(box_layer(input, kernel, dilation))), count<S>(rank));
            })};
}

Identity padding_keeps_rank() {
    Identity entry{
        .id = "I-50x",
        .name = "padding keeps the rank",
        .statement =
            "a kernel that is not zero has full rank with 'same' padding too, as it has with none and with full "
            "padding (I-48, I-49): false for (1 1 1) wherever n = 2 (mod 3)",
        .formula = "rank W(1 1 1) = n', n' = 1, 2, ..., n   (believed; n is that of the layer's first axis)",
        .latex =
            R"(\mathrm{rank}\,W_{n'}(1\,1\,1) = n' \text{ fails for } n' \equiv 2 \pmod 3: W\,(1, -1, 0, 1, -1, \dots)^T = 0)",
        .when = "the first axis has two inputs at least; sizes up to 40 are tried",
        .source = "I-50",
        .mistake = "",
        .unmet = on_geometry([](const ConvGeometry& g) {
            return unless(g.axis(0).input >= 2, "the first axis has one input, not two");
        }),
        .sides = {}};
    const auto witness = [] { return counting_case({.input = {2}, .kernel = {3}, .padding = {{1, 1}}}, {1, 1, 1}); };
    return counter(std::move(entry), witness, []<class S>(const IdentityCase<S>& c) {
        std::vector<S> ranks, sizes;
        std::vector<Index> failing_rows;
        for (Index n = 1; n <= std::min<Index>(c.geometry.axis(0).input, 40); ++n) {
            ranks.push_back(whole<S>(rank_of_box<S>(box_layer({n}, {3}, {1}))));
            sizes.push_back(whole<S>(n));
            if (n % 3 == 2) failing_rows.push_back(n - 1);
        }
        return Belief<S>{Matrix<S>::column(std::span<const S>(ranks)), Matrix<S>::column(std::span<const S>(sizes)),
                         failing_rows};
    });
}

std::string causal(const AnyCase& layer) {
    return all_of({zero_outside, keeps_extent, on_each_axis([](const Axis& a) {
                       const Index reach = a.effective_kernel() - 1;
                       return unless(a.padding.begin == reach,
                                     concat("padding begins with ", a.padding.begin, ", not k_eff - 1 = ", reach));
                   })})(layer);
}

template <class S>
Matrix<S> lower_triangle_in_blocks(const Matrix<S>& matrix, Index rows, Index cols) {
    Sparse<S> result = matrix.sparse();
    result.prune([&](Index row, Index col, S) { return row / rows > col / cols; });
    return result;
}

Identity causal_is_triangular() {
    return {.id = "I-51a",
            .name = "causal layers are triangular",
            .statement = "a layer that reads the past alone is block lower triangular with channels last, K[last] "
                         "(O x C) in every diagonal block: det W = det(K[last])^|n|",
            .formula = "Q_O W Q_C^T = I_|n| ⊗ K_last + strictly lower blocks, Q the order with channels last",
            .latex = R"(Q_O W Q_C^T = I_{|n|} \otimes K_{\mathrm{last}} + \text{strictly lower blocks})",
            .when = "s = 1, m = n, zeros outside, p_begin = k_eff - 1 (so that p_end adds nothing)",
            .source = "one channel: Toeplitz theory; emerging convolutions, Hoogeboom et al., arXiv:1901.11137",
            .mistake = "the padding is put at the end",
            .unmet = causal,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                ConvSpec spec = spec_of(g);
                if (v == Variant::mistaken)
                    for (Padding& padding : spec.padding) std::swap(padding.begin, padding.end);
                const ConvGeometry read = v == Variant::mistaken ? ConvGeometry(spec) : g;
                const Matrix<S> rows = channels_last<S>(g.out_channels(), read.output_size());
                const Matrix<S> cols = channels_last<S>(g.in_channels(), g.input_size());
                const Matrix<S> all = rows * w(read, c.kernel) * cols.transpose();
                const Matrix<S> lower = lower_triangle_in_blocks(all, g.out_channels(), g.in_channels());
                const Matrix<S> last = kernel_tap(g, c.kernel, g.kernel_size() - 1);
                return equal(all - lower, Matrix<S>::identity(g.input_size()).kron(last));
            })};
}

constexpr std::int64_t prime = 0x7fffffff; // 2^31 - 1

std::int64_t power(std::int64_t base, Index exponent) {
    std::int64_t result = 1;
    for (; exponent > 0; exponent /= 2, base = base * base % prime)
        if (exponent % 2 == 1) result = result * base % prime;
    return result;
}

// det A modulo the prime, by elimination.
std::int64_t determinant(const Matrix<std::int64_t>& matrix) {
    Dense<std::int64_t> a = matrix.dense().unaryExpr([](std::int64_t value) { return floor_mod(value, prime); });
    std::int64_t product = 1;
    for (Index col = 0; col < a.cols(); ++col) {
        Index pivot = col;
        while (pivot < a.rows() && a(pivot, col) == 0) ++pivot;
        if (pivot == a.rows()) return 0;
        if (pivot != col) {
            a.row(pivot).swap(a.row(col));
            product = prime - product;
        }
        product = product * a(col, col) % prime;
        const std::int64_t inverse = power(a(col, col), prime - 2);
        for (Index row = col + 1; row < a.rows(); ++row) {
            if (a(row, col) == 0) continue;
            const std::int64_t factor = prime - a(row, col) * inverse % prime;
            for (Index j = col; j < a.cols(); ++j) a(row, j) = (a(row, j) + factor * a(col, j)) % prime;
        }
    }
    return product;
}

Identity causal_determinant() {
    return {.id = "I-51c",
            .name = "the determinant of a causal layer",
            .statement = "it is that of the last tap, an O x C matrix, once for every position; both are computed by "
                         "exact elimination modulo the prime 2^31 - 1",
            .formula = "det W = det(K[last])^|n|   (mod 2^31 - 1)",
            .latex = R"(\det W = \det(K_{\mathrm{last}})^{|n|} \pmod{2^{31} - 1})",
            .when = "as I-51a, as many channels out as in, integers (small enough to be dense)",
            .source = "I-51a; emerging convolutions, Hoogeboom et al., arXiv:1901.11137",
            .mistake = "the first tap is taken for the last",
            .unmet = all_of({causal, square_channels, small_enough_for_dense, integer_sums}),
            .sides = [](const AnyCase& layer, Variant v) -> AnySides {
                using Integers = Matrix<std::int64_t>;
                const auto& c = std::get<IdentityCase<std::int64_t>>(layer);
                const Index tap = v == Variant::mistaken ? 0 : c.geometry.kernel_size() - 1;
                const std::int64_t of_tap = determinant(Integers(kernel_tap(c.geometry, c.kernel, tap)));
                return equal(Integers::number(determinant(w(c))),
                             Integers::number(power(of_tap, c.geometry.input_size())));
            }};
}

enum class Sign { plus, minus };

// The power series 1/κ, truncated to the extents n, for κ[τ] = K[last - τ] with taps d apart: h[v] for each channel,
// κ h = δ. With Sign::plus, of |K|, it bounds |h|.
template <class S>
Tensor<S> reciprocal(const ConvGeometry& g, const Tensor<S>& kernel, Sign sign) {
    Tensor<S> h(g.input_shape());
    const Shape steps = detail::steps_of(g.input_shape());
    const Shape taps = spatial_extents(kernel), extents = positions(g.input_shape());
    Index at = 0;
    for (Index channel = 0; channel < g.in_channels(); ++channel) {
        const Index end = (channel + 1) * g.kernel_size();
        for_each_position(extents, [&](const Shape& v) {
            S sum(0);
            Index tap = 0;
            for_each_position(taps, [&](const Shape& tau) {
                const Index number = tap++;
                Index back = 0;
                for (std::size_t j = 0; j < v.size(); ++j) {
                    const Index distance = g.axes()[j].dilation * tau[j];
                    if (distance > v[j]) return;
                    back += distance * steps[j + 1];
                }
                if (number > 0) sum += kernel[end - 1 - number] * h[at - back];
            });
            const bool first = at % g.input_size() == 0;
            h[at++] = ((first ? S(1) : S(0)) + (sign == Sign::plus ? sum : S(0) - sum)) / kernel[end - 1];
        });
    }
    return h;
}

// max |h| Σ|K|, which no sum of W(K) W(1/K) exceeds.
template <class S>
double growth(const IdentityCase<S>& c) {
    Tensor<double> sizes(c.kernel.shape());
    double sum = 0;
    for (Index i = 0; i < sizes.size(); ++i) sum += sizes[i] = static_cast<double>(std::abs(c.kernel[i]));
    const auto h = reciprocal(c.geometry, sizes, Sign::plus);
    return *std::ranges::max_element(h.values()) * sum;
}

template <class S>
std::vector<S> last_weights(const IdentityCase<S>& c) {
    std::vector<S> last;
    for (const auto& weights : weights_of_groups(c)) last.push_back(weights.back());
    return last;
}

std::string last_weights_not_zero(const AnyCase& layer) {
    return std::visit(
        [](const auto& c) {
            const auto last = last_weights(c);
            const Index channel = std::ranges::find(last, decltype(last[0] + last[0])(0)) - last.begin();
            return unless(channel == std::ssize(last), concat("K[last] of channel ", channel, " is zero"));
        },
        layer);
}

// Whether 1/K has integer coefficients, and every sum of the check is exact in 64 bits.
bool invertible_in_integers(const AnyCase& layer) {
    const auto* c = std::get_if<IdentityCase<std::int64_t>>(&layer);
    return c != nullptr && integer_sums(layer).empty() && growth(*c) < 0x1p62 &&
           std::ranges::all_of(last_weights(*c), [](std::int64_t k) { return k == 1 || k == -1; });
}

std::string series_stays_small(const AnyCase& layer) {
    if (invertible_in_integers(layer)) return {};
    return well_conditioned(std::visit([](const auto& c) { return growth(c); }, layer));
}

template <class S>
Sides<S> product_with_series(const IdentityCase<S>& c, Variant v) {
    const ConvGeometry& g = c.geometry;
    ConvSpec spec = spec_of(g);
    spec.kernel = spec.input;
    spec.dilation.clear();
    spec.boundary.clear();
    for (std::size_t j = 0; j < spec.input.size(); ++j) spec.padding[j] = {spec.input[j] - 1, 0};
    const ConvGeometry whole_past(spec);
    const auto h = reciprocal(g, c.kernel, v == Variant::mistaken ? Sign::plus : Sign::minus);
    const auto inverse = flipped(h.reshaped(whole_past.kernel_shape()));
    const double eps = std::is_same_v<S, std::int64_t> ? 0 : std::numeric_limits<double>::epsilon();
    const auto terms = static_cast<double>(g.kernel_size() + g.input_size());
    return equal(w(c) * w(whole_past, inverse), Matrix<S>::identity(g.rows()), 32 * terms * eps * growth(c));
}

Identity causal_inverse() {
    return {
        .id = "I-51b",
        .name = "the inverse of a causal layer is causal",
        .statement = "W of a causal layer with K[last] ≠ 0 is inverted by the causal layer whose kernel is the power "
                     "series 1/K, cut off at the extents n",
        .formula = "W(K)^{-1} = W(h), κ h = δ, κ[τ] = K[last - τ]",
        .latex =
            R"(W(K)^{-1} = W(h),\quad \textstyle\sum_\tau \kappa_\tau h_{v - d\tau} = \delta_v,\; \kappa_\tau = K_{\mathrm{last} - \tau})",
        .when = "as I-51a, one channel a group, K[last] ≠ 0 in each; exact for K[last] = ±1 in integers, else the "
                "series grows to at most 10^7",
        .source = "triangular Toeplitz matrices are truncated power series (Toeplitz); in D variables derived here",
        .mistake = "the terms of the recurrence are added, not subtracted",
        .unmet = all_of({causal, one_input_channel_a_group, one_output_channel_a_group, last_weights_not_zero,
                         small_enough_for_dense, series_stays_small}),
        .sides = [](const AnyCase& layer, Variant v) {
            const auto product = [](const auto& c, Variant which) { return product_with_series(c, which); };
            return invertible_in_integers(layer) ? exact(product)(layer, v) : real(product)(layer, v);
        }};
}

Identity trace_of_centred() {
    return {.id = "I-52",
            .name = "the trace",
            .statement =
                "the diagonal of W holds the weights of the tap that reads each output's own position, d t = p: "
                "of 'same' layers the centre (0 where p_begin meets no tap)",
            .formula = "trace W = |n| sum_c K[c, c, p / d]",
            .latex = R"(\mathrm{tr}\,W = |n| \sum_c K_{c,c,p/d})",
            .when = "as many channels out as in, s = 1, m = n, zeros outside",
            .source = "the traces of the factors in I-2",
            .mistake = "the first tap is taken for the centre",
            .unmet = all_of({square_channels, keeps_extent, zero_outside}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                Index tap = 0;
                bool found = true;
                for (const Axis& a : g.axes()) {
                    const Index p = v == Variant::mistaken ? 0 : a.padding.begin;
                    found = found && p >= 0 && p % a.dilation == 0 && p / a.dilation < a.kernel;
                    tap = tap * a.kernel + p / a.dilation;
                }
                S sum(0);
                const Index ins = g.in_channels_per_group();
                for (Index channel = 0; found && channel < g.in_channels(); ++channel)
                    sum += c.kernel[(channel * ins + channel % ins) * g.kernel_size() + tap];
                return equal(Matrix<S>::number(w(c).trace()), Matrix<S>::number(whole<S>(g.input_size()) * sum),
                             rounding(c) * static_cast<double>(g.rows()));
            })};
}

} // namespace

std::string integer_sums(const AnyCase& layer) {
    if (!std::holds_alternative<IdentityCase<std::int64_t>>(layer)) return "the weights are not integers";
    return unless(stays_exact(layer), "the weights are too large for exact sums in 64 bits");
}

std::vector<Identity> ranks() {
    return {full_column_rank(),   full_row_rank(),   recovery(),           normal_recovery(),
            causal_determinant(), rank_of_boxes(),   padding_keeps_rank(), causal_is_triangular(),
            causal_inverse(),     trace_of_centred()};
}

} // namespace convmat::identities
