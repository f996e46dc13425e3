#include <algorithm>
#include <iterator>

#include "dense.hpp"
#include "sections.hpp"

// I-41 to I-44: periodic boundaries; I-45 and I-46 are in mirrored_boundaries.cpp, I-47 is in embeddings.cpp.
namespace convmat::identities {
namespace {

// The symbols at the frequencies of the input: i / n on each axis. Mistaken ones are i / (n + 1) on the last axis.
template <class S>
std::vector<Dense<Complex>> periodic_symbols(const IdentityCase<S>& c, Variant v = Variant::stated) {
    std::vector<Frequencies> of_axes;
    for (const Axis& axis : c.geometry.axes()) of_axes.push_back(frequencies(axis.input, axis.input));
    if (v == Variant::mistaken) ++of_axes.back().denominator;
    return symbols(c.geometry, c.kernel, of_axes);
}

template <class S>
Sides<double> same_singular_values(const IdentityCase<S>& c, const std::vector<double>& others) {
    const Matrix<S> matrix = w(c);
    return equal(Matrix<double>::column(singular_values(matrix)), Matrix<double>::column(others),
                 symbol_rounding(c, matrix));
}

Identity diagonalisation() {
    return {
        .id = "I-41a",
        .name = "the Fourier transform diagonalises",
        .statement = "in the unitary discrete Fourier transform F of every channel, W has its O x C blocks on their "
                     "diagonals only: the symbols at the frequencies w/n",
        .formula = "(I_O ⊗ F) W (I_C ⊗ F^H) = diag_w(K̂(w)),  K̂(w) = sum_t K_t e^{2 pi i <w, (d t - p)/n>}",
        .latex =
            R"((I_O \otimes F)\,W\,(I_C \otimes F^H) = \mathrm{diag}_\omega(\hat K(\omega)),\quad \hat K(\omega) = \sum_t K_t\, e^{2\pi i \langle \omega, (d t - p)/n \rangle})",
        .when = "periodic, stride 1, as many outputs as inputs (small enough to be dense)",
        .source = "H. Sedghi, V. Gupta and P. M. Long, arXiv:1805.10408; any padding, dilation and groups",
        .mistake = "the frequency has the other sign",
        .unmet = all_of({periodic, keeps_extent, small_enough_for_dense}),
        .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
            const Matrix<S> matrix = w(c);
            const auto f = fourier_transform(c.geometry);
            const auto left = v == Variant::mistaken ? transformed(f.conjugate(), in_complex(matrix).dense())
                                                     : transformed(f, in_complex(matrix).dense());
            return equal(Matrix<Complex>::of(left), Matrix<Complex>::of(diagonal_blocks(periodic_symbols(c))),
                         symbol_rounding(c, matrix));
        })};
}

Identity periodic_singular_values() {
    return {.id = "I-41b",
            .name = "the singular values of a periodic convolution",
            .statement = "the singular values of W are those of all its symbols",
            .formula = "sigma(W) = union_w sigma(K̂(w))",
            .latex = R"(\sigma(W) = \bigcup_\omega \sigma(\hat K(\omega)))",
            .when = "periodic, stride 1, as many outputs as inputs (small enough for a dense decomposition)",
            .source = "H. Sedghi, V. Gupta and P. M. Long, arXiv:1805.10408; I-41a",
            .mistake = "the frequencies of the last axis are i / (n + 1)",
            .unmet = all_of({periodic, keeps_extent, small_enough_for_dense}),
            .sides = real([](const auto& c, Variant v) {
                return same_singular_values(c, singular_values_of_all(periodic_symbols(c, v)));
            })};
}

constexpr double least_conditioned = 1e-4; // least singular value over the largest, for determinants

// The condition number, from the symbols.
std::string well_conditioned_symbols(const AnyCase& layer) {
    return std::visit(
        [](const auto& c) {
            const auto values = singular_values_of_all(periodic_symbols(c));
            if (values.front() > 0 && values.back() >= least_conditioned * values.front()) return std::string();
            return concat("the singular values of W go from ", values.front(), " to ", values.back(),
                          ": W is singular, or too nearly for a determinant in floating point");
        },
        in_floating_point(layer));
}

Identity determinant() {
    return {.id = "I-41c",
            .name = "the determinant of a periodic convolution",
            .statement = "the determinant's logarithm is the sum of those of the symbols",
            .formula = "log|det W| = sum_w log|det K̂(w)|",
            .latex = R"(\log|\det W| = \sum_\omega \log|\det \hat K(\omega)|)",
            .when = "periodic, stride 1, as many outputs as inputs, O = C, least singular value >= 1e-4 of the largest",
            .source = "E. Hoogeboom, R. van den Berg and M. Welling, arXiv:1901.11137; I-41a",
            .mistake = "the frequencies of the last axis are i / (n + 1)",
            .unmet =
                all_of({periodic, keeps_extent, square_channels, small_enough_for_dense, well_conditioned_symbols}),
            .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
                double sum = 0;
                for (const Dense<Complex>& symbol : periodic_symbols(c, v))
                    sum += log_abs_determinant(Matrix<Complex>::of(symbol));
                const Matrix<S> matrix = w(c);
                // A change of norm e in W changes log|det W| by at most N e / (sigma_min - e).
                const double least = singular_values_of_all(periodic_symbols(c)).back();
                const double bound = 2 * static_cast<double>(matrix.rows()) * symbol_rounding(c, matrix) / least;
                return equal(Matrix<double>::number(log_abs_determinant(matrix)), Matrix<double>::number(sum), bound);
            })};
}

// For each output frequency the symbols of the input frequencies that alias to it, side by side. Mistaken: those next
// to each other.
template <class S>
std::vector<Dense<Complex>> aliased_symbols(const IdentityCase<S>& c, Variant v) {
    const ConvGeometry& g = c.geometry;
    const auto fine = periodic_symbols(c);
    const Shape coarse = each_axis(g.axes(), &Axis::output), aliases = each_axis(g.axes(), &Axis::stride);
    double scale = 1;
    for (const Index s : aliases) scale /= std::sqrt(static_cast<double>(s));
    std::vector<Dense<Complex>> result;
    for_each_position(coarse, [&](const Shape& w) {
        Dense<Complex> block(g.out_channels(), g.in_channels() * checked_product(aliases, "aliases"));
        Index column = 0;
        for_each_position(aliases, [&](const Shape& j) {
            Index at = 0;
            for (std::size_t a = 0; a < w.size(); ++a) {
                const Axis& axis = g.axes()[a];
                at = at * axis.input + (v == Variant::mistaken ? w[a] * axis.stride + j[a] : w[a] + j[a] * axis.output);
            }
            block.middleCols(column, g.in_channels()) = scale * fine[static_cast<std::size_t>(at)];
            column += g.in_channels();
        });
        result.push_back(std::move(block));
    });
    return result;
}

Identity strided_singular_values() {
    return {
        .id = "I-42",
        .name = "the singular values of a strided periodic convolution",
        .statement = "the singular values of W are those of the coarse symbols: of the |s| input frequencies that "
                     "alias to one output frequency, side by side and divided by sqrt|s|",
        .formula = "sigma(W) = union_w sigma(|s|^{-1/2} [K̂(w + j m)]_{0 <= j < s}),  0 <= w < m",
        .latex =
            R"(\sigma(W) = \bigcup_{0 \le \omega < m} \sigma\bigl(|s|^{-1/2} [\hat K(\omega + j m)]_{0 \le j < s}\bigr))",
        .when = "periodic, the stride divides the input and m = n / s (small enough for a dense decomposition)",
        .source = "I-12 and I-41a: a selection of every s-th value aliases frequencies; strides may differ by axis",
        .mistake = "the frequencies s w + j are taken for those that alias to w",
        .unmet = all_of({periodic, stride_divides, small_enough_for_dense}),
        .sides = real([](const auto& c, Variant v) {
            return same_singular_values(c, singular_values_of_all(aliased_symbols(c, v)));
        })};
}

Identity commuting() {
    return {.id = "I-43a",
            .name = "periodic convolutions commute",
            .statement = "with one channel in and out in each group, any two periodic W's commute",
            .formula = "W(K) W(K') = W(K') W(K)",
            .latex = R"(W(K)\,W(K') = W(K')\,W(K))",
            .when = "periodic, stride 1, as many outputs as inputs, C = O = g",
            .source = "P. J. Davis, Circulant Matrices, 1979; I-41a",
            .mistake = "the second kernel is flipped on one side",
            .unmet = all_of({one_channel_a_group, periodic, keeps_extent}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Tensor<S> kernel = drawn(c, c.kernel.shape());
                const Matrix<S> matrix = w(c), other = w(c.geometry, kernel);
                const Matrix<S> right = v == Variant::mistaken ? w(c.geometry, flipped(kernel)) : other;
                // The second kernel's weights are at most 9.
                return equal(matrix * other, right * matrix, 9 * static_cast<double>(c.kernel.size()) * rounding(c));
            })};
}

Identity normality() {
    return {.id = "I-43b",
            .name = "periodic convolutions are normal",
            .statement = "with one channel in and out in each group, W commutes with its adjoint",
            .formula = "W W^H = W^H W",
            .latex = R"(W W^H = W^H W)",
            .when = "periodic, stride 1, as many outputs as inputs, C = O = g",
            .source = "P. J. Davis, Circulant Matrices, 1979; I-41a",
            .mistake = "W^H is taken of the flipped kernel on one side",
            .unmet = all_of({one_channel_a_group, periodic, keeps_extent}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<S> matrix = w(c);
                const Matrix<S> other = v == Variant::mistaken ? w(c.geometry, flipped(c.kernel)) : matrix;
                return equal(matrix * matrix.adjoint(), other.adjoint() * matrix, rounding(c, {.kernel = 2}));
            })};
}

Identity commuting_with_zeros() {
    const auto shift = []<class S>(Index n, std::vector<S> weights) {
        const ConvGeometry g({.input = {n}, .kernel = {3}, .padding = {{1, 1}}});
        return w(g, Tensor<S>(g.kernel_shape(), std::move(weights)));
    };
    return counter(
        {.id = "I-43x",
         .name = "zero padding does not commute",
         .statement = "believed: one-channel convolutions commute under zero padding as under periodic; the "
                      "shifts K = [1 0 0] and K' = [0 0 1] do not, in the first and last row",
         .formula = "W(K) W(K') != W(K') W(K)",
         .latex = R"(W(K)\,W(K') \ne W(K')\,W(K))",
         .when = "n >= 2, n the first input extent; one axis, boundary zero, 'same'",
         .source = "derived here; I-43a is the periodic truth",
         .mistake = {},
         .unmet = on_geometry([](const ConvGeometry& g) {
             return g.axis(0).input >= 2 ? std::string() : "the first input extent is 1, where both shifts are 0";
         }),
         .sides = {}},
        []() -> AnyCase {
            return counting_case({.input = {2}, .kernel = {3}, .padding = {{1, 1}}}, {1, 0, 0});
        },
        [shift]<class S>(const IdentityCase<S>& c) {
            const Index n = c.geometry.axis(0).input;
            const Matrix<S> down = shift(n, std::vector<S>{1, 0, 0}), up = shift(n, std::vector<S>{0, 0, 1});
            return Belief<S>{down * up, up * down, {0, n - 1}};
        });
}

// F^{-1}((K̂^H K̂ + λ)^{-1} K̂^H F y), frequency by frequency. A mistaken one has K̂^T for K̂^H.
template <class S>
Matrix<Complex> fourier_solution(const IdentityCase<S>& c, double lambda, Variant v) {
    const Index points = c.geometry.input_size(), ins = c.geometry.in_channels();
    const auto f = fourier_transform(c.geometry);
    const auto y_hat = in_each_channel(f, in_complex(column(c.y)).dense());
    Dense<Complex> x_hat(ins * points, 1);
    Index at = 0;
    for (const Dense<Complex>& symbol : periodic_symbols(c)) {
        Dense<Complex> values(symbol.rows(), 1);
        for (Index o = 0; o < symbol.rows(); ++o) values(o) = y_hat(o * points + at);
        Dense<Complex> adjoint = symbol.transpose();
        if (v == Variant::stated) adjoint = symbol.adjoint();
        const Dense<Complex> solution = solved(product(adjoint, symbol), lambda, product(adjoint, values));
        for (Index i = 0; i < ins; ++i) x_hat(i * points + at) = solution(i);
        ++at;
    }
    return Matrix<Complex>::of(in_each_channel(f.adjoint(), x_hat));
}

Identity tikhonov() {
    return {.id = "I-44",
            .name = "Tikhonov's least squares by Fourier transform",
            .statement = "x̂ = (K̂^H K̂ + λ)^{-1} K̂^H ŷ, frequency by frequency, solves (W^H W + λ I) x = W^H y; here "
                         "λ = ||W||_F^2 / cols(W), or 1 where that is 0",
            .formula = "(W^H W + λ I) F^{-1}((K̂^H K̂ + λ)^{-1} K̂^H F y) = W^H y",
            .latex =
                R"((W^H W + \lambda I)\,F^{-1}\bigl((\hat K^H \hat K + \lambda)^{-1} \hat K^H \hat y\bigr) = W^H y)",
            .when = "periodic, stride 1, as many outputs as inputs (small enough to be dense)",
            .source = "B. R. Hunt, 1973, for one channel; for several by I-41a",
            .mistake = "K̂ is transposed without conjugation",
            .unmet = all_of({periodic, keeps_extent, small_enough_for_dense}),
            .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
                const Matrix<Complex> matrix = in_complex(w(c)), y = in_complex(column(c.y));
                const double squared = std::pow(frobenius_norm(matrix), 2);
                const double lambda = squared > 0 ? squared / static_cast<double>(matrix.cols()) : 1;
                const auto x = fourier_solution(c, lambda, v);
                const double norm = frobenius_norm(matrix) + magnitude(c, {.kernel = 1});
                const double scale = (norm * norm + lambda) * frobenius_norm(x) + norm * frobenius_norm(y);
                const double bound = 100 * static_cast<double>(matrix.rows() + matrix.cols() + c.geometry.weights()) *
                                     std::numeric_limits<double>::epsilon() * scale;
                return equal(matrix.adjoint() * (matrix * x) + x.times(lambda), matrix.adjoint() * y, bound);
            })};
}

} // namespace

std::string one_channel_a_group(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    if (g.in_channels() == g.groups() && g.out_channels() == g.groups()) return {};
    return concat("channels are ", g.in_channels(), " -> ", g.out_channels(), " in ", g.groups(),
                  " groups, not one in and one out in each");
}

std::vector<Identity> spectra() {
    std::vector<Identity> chapter = {
        diagonalisation(), periodic_singular_values(), determinant(), strided_singular_values(), commuting(),
        normality(),       commuting_with_zeros(),     tikhonov()};
    std::ranges::move(mirrored_boundaries(), std::back_inserter(chapter));
    std::ranges::move(embeddings(), std::back_inserter(chapter));
    return chapter;
}

} // namespace convmat::identities
