#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

#include <convmat/matrix/matrix2kernel.hpp>
#include <convmat/taps/source_index.hpp>

#include "dense.hpp"
#include "sections.hpp"

// I-34 to I-38: inner products and norms of W from those of K; I-39 and I-40 are in gram_matrices.cpp.
namespace convmat::identities {
namespace {

// 1, 2, 3, ... as weights, so that W tells which stands where.
template <class S>
Tensor<S> numbered(const IdentityCase<S>& c) {
    Tensor<S> numbers(c.kernel.shape());
    for (Index i = 0; i < numbers.size(); ++i) numbers[i] = whole<S>(i + 1);
    return numbers;
}

// What rounding may make of a sum of n terms whose magnitudes add up to `total`.
template <class S>
double sum_rounding(Index n, S total) {
    if constexpr (std::is_same_v<S, std::int64_t>) return 0;
    return 8 * static_cast<double>(n) * std::numeric_limits<double>::epsilon() * static_cast<double>(std::abs(total));
}

template <class S>
Tensor<RealOf<S>> magnitudes(const Tensor<S>& kernel) {
    Tensor<RealOf<S>> result(kernel.shape());
    for (Index i = 0; i < result.size(); ++i) result[i] = std::abs(kernel[i]);
    return result;
}

template <class S>
RealOf<S> column_sum_norm(const Matrix<S>& matrix) {
    std::vector<RealOf<S>> sums(static_cast<std::size_t>(matrix.cols()), 0);
    for (Index row = 0; row < matrix.rows(); ++row)
        for (typename Sparse<S>::InnerIterator at(matrix.sparse(), row); at; ++at)
            sums[static_cast<std::size_t>(at.col())] += std::abs(at.value());
    return *std::ranges::max_element(sums);
}

template <class S>
RealOf<S> row_sum_norm(const Matrix<S>& matrix) {
    return column_sum_norm(matrix.transpose());
}

// ||A||_1 ||A||_inf, which is ||A||_2^2 where A's nonzeros are ones, one a row.
template <class S>
RealOf<S> schur_product(const Matrix<S>& matrix) {
    return column_sum_norm(matrix) * row_sum_norm(matrix);
}

Identity inner_product() {
    return {.id = "I-34a",
            .name = "inner products of convolution matrices",
            .statement = "taps are orthogonal: the inner product of two W's is that of their taps, ω_t times each",
            .formula = "<W(K), W(K')>_F = sum_t ω_t <K_t, K'_t>_F",
            .latex = R"(\langle W(K), W(K') \rangle_F = \sum_t \omega_t \langle K_t, K'_t \rangle_F)",
            .when = "no two taps of an output read one input (boundary zero: always); any groups",
            .source = "I-2; <Π_t, Π_t'>_F = 0 for t != t'",
            .mistake = "every tap is counted as often as there are outputs",
            .unmet = taps_apart,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Tensor<S> other = drawn(c, c.kernel.shape());
                S sum(0), absolute(0);
                Index number = 0;
                for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                    const Matrix<S> a = kernel_tap(c.geometry, c.kernel, number),
                                    b(kernel_tap(c.geometry, other, number));
                    const Index places =
                        v == Variant::mistaken ? c.geometry.output_size() : tap_matrix<S>(c.geometry, t).nonZeros();
                    sum += whole<S>(places) * a.inner(b);
                    absolute += whole<S>(places) * a.magnitudes().inner(b.magnitudes());
                    ++number;
                });
                const Matrix<S> left = w(c);
                return equal(Matrix<S>::number(left.inner(w(c.geometry, other))), Matrix<S>::number(sum),
                             sum_rounding(left.sparse().nonZeros(), absolute));
            })};
}

Identity frobenius() {
    return {.id = "I-34b",
            .name = "the Frobenius norm",
            .statement = "where every output reads every tap, each weight stands |m| times in W",
            .formula = "||W||_F^2 = |m| ||K||_F^2",
            .latex = R"(\lVert W \rVert_F^2 = |m|\,\lVert K \rVert_F^2)",
            .when = "every tap lies inside for every output (valid, or periodic with k_eff <= n); any stride",
            .source = "I-34a with K' = K and ω_t = |m|",
            .mistake = "the last axis has one output more",
            .unmet = every_tap_inside,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> matrix = w(c);
                const auto weights = column(c.kernel);
                Index places = c.geometry.output_size();
                if (v == Variant::mistaken) places += places / c.geometry.axes().back().output;
                const S left = matrix.inner(matrix);
                return equal(Matrix<S>::number(left), Matrix<S>::number(whole<S>(places) * weights.inner(weights)),
                             sum_rounding(matrix.sparse().nonZeros(), left));
            })};
}

Identity kernel_from_matrix() {
    return {.id = "I-35a",
            .name = "the kernel read back",
            .statement =
                "matrix2kernel is the exact inverse of kernel2matrix: the kernel comes back, the residual is 0",
            .formula = "argmin_K' ||W(K) - W(K')||_F = K",
            .latex = R"(\arg\min_{K'} \lVert W(K) - W(K') \rVert_F = K)",
            .when = "no two taps of an output read one input and every tap is used",
            .source = "I-4b; derived here from I-35b",
            .mistake = "the kernel is expected flipped",
            .unmet = every_tap_used,
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const auto found = matrix2kernel(c.geometry, w(c).sparse());
                const auto expected = v == Variant::mistaken ? flipped(c.kernel) : c.kernel;
                return equal(Matrix<S>::stack({column(found.kernel), Matrix<S>::number(found.exact() ? S(0) : S(1))}),
                             Matrix<S>::stack({column(expected), Matrix<S>::number(S(0))}));
            })};
}

// W with every stored entry changed, and entries outside its pattern: no convolution.
template <class S>
Matrix<S> disturbed(const IdentityCase<S>& c) {
    Sparse<S> matrix = w(c).sparse();
    const auto changes = drawn(c, {matrix.nonZeros()});
    for (Index i = 0; i < changes.size(); ++i) matrix.valuePtr()[i] += changes[i];
    const Index diagonal = std::min(matrix.rows(), matrix.cols());
    const Matrix<S> corner = sparse_rows<S>(matrix.rows(), matrix.cols(), diagonal, [&](Index row, auto add) {
        if (row < diagonal) add(diagonal - 1 - row, 3 + row % 5);
    });
    return Matrix<S>(std::move(matrix)) + corner;
}

Identity nearest_convolution() {
    return {.id = "I-35b",
            .name = "the nearest convolution",
            .statement =
                "the convolution nearest to any matrix A has as each weight the mean of A over the weight's places",
            .formula = "K_t[o,c] = 1/ω_t sum over (u,i) in Π_t of A[(o,u),(c,i)]",
            .latex = R"(K_{o,c,t} = \frac{1}{\omega_t} \sum_{(u,i):\,\Pi_t[u,i]=1} A_{(o,u),(c,i)})",
            .when = "no two taps of an output read one input and every tap is used",
            .source = "projection onto the orthogonal basis of I-34a",
            .mistake = "the sum is divided by the number of outputs",
            .unmet = every_tap_used,
            .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
                const ConvGeometry& g = c.geometry;
                const Matrix<S> a = disturbed(c);
                Tensor<S> means(c.kernel.shape());
                const Index outs = g.out_channels_per_group(), ins = g.in_channels_per_group();
                Index number = 0;
                for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                    const Sparse<S> places = tap_matrix<S>(g, t);
                    const Index count = v == Variant::mistaken ? g.output_size() : places.nonZeros();
                    for (Index o = 0; o < g.out_channels(); ++o)
                        for (Index i = 0; i < ins; ++i) {
                            const Index from = (o / outs * ins + i) * g.input_size();
                            S sum(0);
                            for (Index u = 0; u < places.rows(); ++u)
                                for (typename Sparse<S>::InnerIterator at(places, u); at; ++at)
                                    sum += a.sparse().coeff(o * g.output_size() + u, from + at.col());
                            means[(o * ins + i) * g.kernel_size() + number] = sum / whole<S>(count);
                        }
                    ++number;
                });
                return equal(column(matrix2kernel(g, a.sparse()).kernel), column(means), spectral_rounding(a));
            })};
}

// An entry of W: for even seeds one where a weight stands, for odd ones any.
struct Place {
    Index row = 0;
    Index col = 0;
};

template <class S>
Place place_to_change(const IdentityCase<S>& c) {
    const Sparse<S> matrix = w(c.geometry, numbered(c)).sparse();
    const auto pick = [seed = c.seed](Index count) {
        return static_cast<Index>(seed / 2 % static_cast<std::uint64_t>(count));
    };
    if (c.seed % 2 == 1) return {pick(matrix.rows()), pick(matrix.cols())};
    const Index number = pick(matrix.nonZeros());
    Place place;
    while (number >= matrix.outerIndexPtr()[place.row + 1]) ++place.row;
    place.col = matrix.innerIndexPtr()[number];
    return place;
}

// How often the weight at that place of W stands in W; 0 where no weight does.
template <class S>
Index weight_places(const IdentityCase<S>& c, Place place) {
    const Sparse<S> numbers = w(c.geometry, numbered(c)).sparse();
    const S number = numbers.coeff(place.row, place.col);
    if (number == S(0)) return 0;
    const std::span<const S> values(numbers.valuePtr(), static_cast<std::size_t>(numbers.nonZeros()));
    return std::ranges::count(values, number);
}

std::string change_shows(const AnyCase& layer) {
    return std::visit(
        [](const auto& c) {
            const Place place = place_to_change(c);
            return unless(weight_places(c, place) != 1, concat("the weight at row ", place.row, ", column ", place.col,
                                                               " stands in W once, and W is a convolution whatever it "
                                                               "is"));
        },
        layer);
}

Identity recognised_convolution() {
    return {
        .id = "I-35c",
        .name = "a test whether a matrix is a convolution",
        .statement = "W is told from the same matrix with one entry changed: matrix2kernel leaves no residual of W, "
                     "and one of a matrix in which places of one weight differ or an entry off them is not 0",
        .formula = "is_convolution(W) = 1,  is_convolution(W + a e_r e_q^T) = 0,  a = max|K| (1 where K = 0)",
        .latex = R"(\min_{K'} \lVert W - W(K') \rVert_F = 0 < \min_{K'} \lVert W + a\,e_r e_q^T - W(K') \rVert_F)",
        .when = "no two taps of an output read one input and every tap is used; the weight at the changed entry "
                "stands elsewhere too, or none stands there",
        .source = "I-35b: the residual is |a| sqrt(1 - 1/ω_t), or |a| off the weights' places",
        .mistake = "a matrix passes when its nonzeros are where weights can be",
        .unmet = all_of({every_tap_used, change_shows}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Place place = place_to_change(c);
            const Matrix<S> matrix = w(c);
            const Matrix<RealOf<S>> sizes = column(magnitudes(c.kernel));
            RealOf<S> most = 0;
            for (const RealOf<S> size : sizes.values()) most = std::max(most, size);
            const Matrix<S> one = sparse_rows<S>(matrix.rows(), matrix.cols(), 1, [&](Index row, auto add) {
                if (row == place.row) add(place.col, 1);
            });
            const Matrix<S> changed = matrix + one.times(most == 0 ? S(1) : S(most));
            const auto accepted = [&](const Matrix<S>& a) {
                return matrix2kernel(c.geometry, a.sparse()).is_convolution() ? S(1) : S(0);
            };
            const bool passes = v == Variant::mistaken && weight_places(c, place) > 0;
            return equal(Matrix<S>::stack({Matrix<S>::number(accepted(matrix)), Matrix<S>::number(accepted(changed))}),
                         Matrix<S>::stack({Matrix<S>::number(S(1)), Matrix<S>::number(passes ? S(1) : S(0))}));
        })};
}

// Whether some output has all taps inside.
std::string some_output_inside(const Axis& axis) {
    Index most = 0;
    for (Index u = 0; u < axis.output; ++u) {
        Index inside = 0;
        for (Index t = 0; t < axis.kernel; ++t) {
            const auto read =
                sources(axis.boundary, axis.input, axis.stride * u + axis.dilation * t - axis.padding.begin);
            inside += std::distance(read.begin(), read.end());
        }
        most = std::max(most, inside);
    }
    return most == axis.kernel ? std::string()
                               : concat("no output has more than ", most, " of the ", axis.kernel, " taps inside");
}

Identity row_sums() {
    return {.id = "I-36a",
            .name = "the infinity norm",
            .statement = "the largest absolute row sum of W is that of the kernel, one output channel a row",
            .formula = "||W||_inf = max_o sum_{c,t} |K[o,c,t]|",
            .latex = R"(\lVert W \rVert_\infty = \max_o \sum_{c,t} |K_{o,c,t}|)",
            .when = "some output has all its taps inside, and no two taps of an output read one input",
            .source = "the rows of I-1",
            .mistake = "the first tap is left out",
            .unmet = all_of({taps_apart, on_each_axis(some_output_inside)}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                using R = RealOf<S>;
                const Tensor<R> weights = magnitudes(c.kernel);
                const Index row = weights.size() / c.geometry.out_channels();
                R largest = 0;
                for (Index first = 0; first < weights.size(); first += row) {
                    R sum = v == Variant::mistaken ? -weights[first] : R(0);
                    for (Index i = 0; i < row; ++i) sum += weights[first + i];
                    largest = std::max(largest, sum);
                }
                return equal(Matrix<R>::number(row_sum_norm(w(c))), Matrix<R>::number(largest),
                             sum_rounding(row, largest));
            })};
}

// Whether every input is read by taps of one stride phase, each once, and some input by all taps of each phase.
std::string phases_inside(const Axis& axis) {
    std::vector<std::vector<Index>> readers(static_cast<std::size_t>(axis.input));
    for (Index t = 0; t < axis.kernel; ++t) {
        const auto taps = tap_matrix<std::int64_t>(axis, t);
        for (Index i = 0; i < taps.nonZeros(); ++i)
            readers[static_cast<std::size_t>(taps.innerIndexPtr()[i])].push_back(t);
    }
    std::map<Index, std::vector<Index>> phases;
    for (Index t = 0; t < axis.kernel; ++t) phases[axis.dilation * t % axis.stride].push_back(t);
    for (const auto& taps : readers) {
        if (std::ranges::adjacent_find(taps) != taps.end())
            return concat("tap ", *std::ranges::adjacent_find(taps), " reads an input for two outputs");
        for (const Index t : taps)
            if (axis.dilation * (t - taps.front()) % axis.stride != 0)
                return concat("taps ", taps.front(), " and ", t, " of different stride phases read one input");
    }
    for (const auto& [phase, taps] : phases)
        if (std::ranges::find(readers, taps) == readers.end())
            return concat("no input is read by all ", taps.size(), " taps of stride phase ", phase);
    return {};
}

Identity column_sums() {
    return {.id = "I-36b",
            .name = "the 1-norm",
            .statement =
                "the largest absolute column sum of W is one of the kernel's taps of one stride phase, d t = ρ "
                "(mod s) on each axis, over the output channels of the group",
            .formula = "||W||_1 = max_{c,ρ} sum_o sum_{t: d t = ρ mod s} |K[o,c,t]|",
            .latex = R"(\lVert W \rVert_1 = \max_{c,\rho} \sum_o \sum_{t:\,d t \equiv \rho\,(s)} |K_{o,c,t}|)",
            .when = "on each axis every stride phase has an input that reads all its taps, no input reads more",
            .source = "the columns of I-1; with dilation and groups derived here",
            .mistake = "the stride is not looked at: all taps are added",
            .unmet = all_of({taps_apart, on_each_axis(phases_inside)}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                using R = RealOf<S>;
                const ConvGeometry& g = c.geometry;
                const Tensor<R> weights = magnitudes(c.kernel);
                std::map<std::pair<Index, Shape>, R> sums; // by input channel and phase
                Index number = 0;
                for_each_position(g.kernel_shape(), [&](const Shape& at) {
                    const Index group = at[0] / g.out_channels_per_group();
                    Shape phase;
                    for (std::size_t j = 0; j < g.axes().size() && v == Variant::stated; ++j)
                        phase.push_back(g.axes()[j].dilation * at[j + 2] % g.axes()[j].stride);
                    sums[{group * g.in_channels_per_group() + at[1], phase}] += weights[number++];
                });
                R largest = 0;
                for (const auto& [of, sum] : sums) largest = std::max(largest, sum);
                return equal(Matrix<R>::number(column_sum_norm(w(c))), Matrix<R>::number(largest),
                             sum_rounding(weights.size(), largest));
            })};
}

Sides<double> bounded(double norm, double bound, double rounding) {
    return at_most(Matrix<double>::number(norm), Matrix<double>::number(bound), rounding);
}

Identity schur() {
    return {.id = "I-37a",
            .name = "Schur's bound",
            .statement = "the spectral norm is at most the geometric mean of the largest row and column sums",
            .formula = "||W||_2 <= sqrt(||W||_1 ||W||_inf)",
            .latex = R"(\lVert W \rVert_2 \le \sqrt{\lVert W \rVert_1 \lVert W \rVert_\infty})",
            .when = "every layer (small enough for a dense decomposition)",
            .source = "I. Schur, 1911",
            .mistake = "the smaller of the two norms is taken for their mean",
            .unmet = small_enough_for_dense,
            .sides = real([](const auto& c, Variant v) {
                const auto matrix = w(c);
                const double columns = column_sum_norm(matrix), rows = row_sum_norm(matrix);
                const double bound = v == Variant::mistaken ? std::min(columns, rows) : std::sqrt(columns * rows);
                return bounded(spectral_norm(matrix), bound, spectral_rounding(matrix));
            })};
}

Identity sum_of_tap_norms() {
    return {
        .id = "I-37b",
        .name = "the bound by taps",
        .statement = "the spectral norm is at most the sum over taps of ||K_t||_2 ||Π_t||_2, where ||Π_t||_2 <= 1 "
                     "for boundary zero and sqrt(||Π_t||_1 ||Π_t||_inf) bounds it for the others",
        .formula = "||W||_2 <= sum_t ||K_t||_2 prod_j sqrt(||Π_tj||_1 ||Π_tj||_inf)",
        .latex =
            R"(\lVert W \rVert_2 \le \sum_t \lVert K_t \rVert_2 \prod_j \sqrt{\lVert \Pi^{(j)}_{t_j} \rVert_1 \lVert \Pi^{(j)}_{t_j} \rVert_\infty})",
        .when = "every layer (small enough for a dense decomposition)",
        .source = "the triangle inequality on I-2; for boundaries other than zero derived here with I-37a",
        .mistake = "the taps are added as if they were orthogonal, by their squares",
        .unmet = small_enough_for_dense,
        .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
            double sum = 0, squares = 0;
            Index number = 0;
            for_each_position(spatial_extents(c.kernel), [&](const Shape& t) {
                const Matrix<S> places(tap_matrix<S>(c.geometry, t));
                const double norm = spectral_norm(Matrix<S>(kernel_tap(c.geometry, c.kernel, number++))) *
                                    std::sqrt(schur_product(places));
                sum += norm;
                squares += norm * norm;
            });
            const auto matrix = w(c);
            return bounded(spectral_norm(matrix), v == Variant::mistaken ? std::sqrt(squares) : sum,
                           spectral_rounding(matrix) + sum_rounding(c.geometry.weights(), sum));
        })};
}

// The most taps of an axis that are a multiple of the stride apart: ceil(k / s) for dilation 1.
Index most_taps_of_a_phase(const Axis& axis) {
    const Index apart = axis.stride / std::gcd(axis.stride, axis.dilation);
    return (axis.kernel + apart - 1) / apart;
}

template <class S>
Sides<double> by_kernel_matrix(const IdentityCase<S>& c, double factor) {
    const auto matrix = w(c);
    const double bound = factor * spectral_norm(Matrix<S>(kernel_matrix(c.geometry, c.kernel)));
    return bounded(spectral_norm(matrix), bound, spectral_rounding(matrix) + sum_rounding(c.geometry.weights(), bound));
}

Identity reshaped_kernel() {
    return {
        .id = "I-37c",
        .name = "the bound by the reshaped kernel",
        .statement = "an input is read by at most ceil(k / s') taps an axis, s' = s / gcd(s, d), each a norm of K_mat",
        .formula = "||W||_2 <= sqrt(prod_j ceil(k_j / s'_j)) ||K_mat||_2,  s' = s / gcd(s, d)",
        .latex =
            R"(\lVert W \rVert_2 \le \sqrt{\textstyle\prod_j \lceil k_j / s'_j \rceil}\;\lVert K_{\mathrm{mat}} \rVert_2,\quad s' = s / \gcd(s, d))",
        .when = "boundary zero (small enough for a dense decomposition)",
        .source =
            "I-17 and I-18; without stride S. Singla and S. Feizi, arXiv:1911.10258; for any dilation derived here",
        .mistake = "the overlap of the windows is left out",
        .unmet = all_of({zero_outside, small_enough_for_dense}),
        .sides = real([](const auto& c, Variant v) {
            double most = 1;
            for (const Axis& axis : c.geometry.axes()) most *= static_cast<double>(most_taps_of_a_phase(axis));
            return by_kernel_matrix(c, v == Variant::mistaken ? 1.0 : std::sqrt(most));
        })};
}

Identity unfolded_kernel() {
    return {
        .id = "I-37d",
        .name = "the bound by the reshaped kernel, of any boundary",
        .statement = "the spectral norm is at most ||K_mat||_2 ||U||_2, U the unfold matrix of one channel, and "
                     "||U||_2^2 <= ||U||_1 ||U||_inf: the most often an input is read, where coefficients are 1",
        .formula = "||W||_2 <= ||K_mat||_2 sqrt(||U||_1 ||U||_inf)",
        .latex =
            R"(\lVert W \rVert_2 \le \lVert K_{\mathrm{mat}} \rVert_2 \sqrt{\lVert U \rVert_1 \lVert U \rVert_\infty})",
        .when = "every layer (small enough for a dense decomposition)",
        .source = "derived here from I-17 and I-37a",
        .mistake = "the overlap of the windows is left out",
        .unmet = small_enough_for_dense,
        .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> unfold(unfold_matrix<S>(c.geometry));
            return by_kernel_matrix(c, v == Variant::mistaken ? 1.0 : std::sqrt(schur_product(unfold)));
        })};
}

Identity crude_reshaped_kernel() {
    return {.id = "I-37e",
            .name = "the cruder bound by the reshaped kernel",
            .statement = "whatever stride and dilation are, an input is read by at most |k| taps, each a norm of K_mat",
            .formula = "||W||_2 <= sqrt|k| ||K_mat||_2",
            .latex = R"(\lVert W \rVert_2 \le \sqrt{|k|}\;\lVert K_{\mathrm{mat}} \rVert_2)",
            .when = "boundary zero (small enough for a dense decomposition)",
            .source = "S. Singla and S. Feizi, arXiv:1911.10258; I-37c is no larger",
            .mistake = "the taps of the last axis are not counted",
            .unmet = all_of({zero_outside, small_enough_for_dense}),
            .sides = real([](const auto& c, Variant v) {
                Index most = c.geometry.kernel_size();
                if (v == Variant::mistaken) most /= c.geometry.axes().back().kernel;
                return by_kernel_matrix(c, std::sqrt(static_cast<double>(most)));
            })};
}

// Whether each Π_t has at most one 1 in a row and in a column.
std::string reads_once(const Axis& axis) {
    for (Index t = 0; t < axis.kernel; ++t) {
        const Matrix<std::int64_t> places(tap_matrix<std::int64_t>(axis, t));
        if (places.rows() * places.cols() > 0 && schur_product(places) > 1)
            return concat("boundary ", to_string(axis.boundary), " makes tap ", t, " read inputs ",
                          column_sum_norm(places), " times");
    }
    return {};
}

Identity young() {
    return {
        .id = "I-38",
        .name = "Young's inequality",
        .statement = "in every p-norm W is no larger than the O x C matrix of its kernels' 1-norms: one channel, "
                     "||W||_p <= ||K||_1",
        .formula = "||W||_p <= ||N||_p,  N[o,c] = sum_t |K[o,c,t]|,  p = 1, 2, inf",
        .latex = R"(\lVert W \rVert_p \le \lVert N \rVert_p,\quad N_{o,c} = \sum_t |K_{o,c,t}|,\quad p = 1, 2, \infty)",
        .when = "no tap reads an input more than once (boundary zero: always), small enough for a dense decomposition",
        .source = "W. H. Young, 1912, for one channel; for several derived here",
        .mistake = "the kernels' 2-norms are taken for their 1-norms",
        .unmet = all_of({small_enough_for_dense, on_each_axis(reads_once)}),
        .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
            const auto kernel = ungrouped(c.kernel, c.geometry.groups());
            const Index taps = c.geometry.kernel_size();
            std::vector<double> norms;
            for (Index first = 0; first < kernel.size(); first += taps) {
                double sum = 0, squares = 0;
                for (const S value :
                     kernel.values().subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(taps))) {
                    sum += std::abs(value);
                    squares += std::norm(value);
                }
                norms.push_back(v == Variant::mistaken ? std::sqrt(squares) : sum);
            }
            const Matrix<double> n(sparse_from<double>(norms, c.geometry.out_channels(), c.geometry.in_channels()));
            const Matrix<S> matrix = w(c);
            const std::vector<double> left = {column_sum_norm(matrix), spectral_norm(matrix), row_sum_norm(matrix)};
            const std::vector<double> right = {column_sum_norm(n), spectral_norm(n), row_sum_norm(n)};
            return at_most(Matrix<double>::column(left), Matrix<double>::column(right),
                           spectral_rounding(matrix) + sum_rounding(kernel.size(), right[0] + right[2]));
        })};
}

} // namespace

std::vector<Identity> norms() {
    std::vector<Identity> chapter = {inner_product(),
                                     frobenius(),
                                     kernel_from_matrix(),
                                     nearest_convolution(),
                                     recognised_convolution(),
                                     row_sums(),
                                     column_sums(),
                                     schur(),
                                     sum_of_tap_norms(),
                                     reshaped_kernel(),
                                     unfolded_kernel(),
                                     crude_reshaped_kernel(),
                                     young()};
    std::ranges::move(gram_matrices(), std::back_inserter(chapter));
    return chapter;
}

} // namespace convmat::identities
