#include <algorithm>

#include <convmat/base/checked.hpp>

#include "dense.hpp"
#include "sections.hpp"

// I-47: layers with zero boundary as parts of larger ones.
namespace convmat::identities {
namespace {

// The fewest points of a circulant that holds W: positions -p_begin to q, q the last that is read, must differ modulo N
// from those of the input. Mistaken: one fewer, where the rows and columns still fit.
Index points_around(const Axis& axis, bool one_fewer = false) {
    const Index last_row = axis.stride * (axis.output - 1);
    const Index fit = std::max(axis.input, last_row + 1);
    const Index apart =
        std::max(axis.input + axis.padding.begin, last_row + axis.effective_kernel() - axis.padding.begin);
    return std::max(fit, one_fewer ? apart - 1 : apart);
}

ConvGeometry circulant_around(const ConvGeometry& geometry, Variant v) {
    ConvSpec spec = spec_of(geometry);
    for (std::size_t j = 0; j < spec.input.size(); ++j) {
        const Axis& axis = geometry.axes()[j];
        const bool last = j + 1 == spec.input.size();
        spec.input[j] = points_around(axis, last && v == Variant::mistaken);
        spec.padding[j].end = axis.effective_kernel() - 1 - axis.padding.begin;
    }
    spec.stride.clear();
    spec.boundary = {Boundary::periodic};
    return ConvGeometry(spec);
}

std::string small_circulant(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    double nonzeros = static_cast<double>(g.weights());
    for (const Axis& axis : g.axes()) nonzeros *= static_cast<double>(points_around(axis));
    if (nonzeros <= static_cast<double>(most_nonzeros_checked)) return {};
    return concat("the circulant has ", nonzeros, " nonzeros, more than ", most_nonzeros_checked);
}

Identity submatrix_of_circulant() {
    return {
        .id = "I-47a",
        .name = "a submatrix of a circulant",
        .statement = "W with zeros outside is a submatrix of the block circulant of N points, the same kernel and "
                     "p_begin: the rows s u and the columns 0 <= i < n of each channel",
        .formula =
            "W = (I_O ⊗ S) W_c(N) (I_C ⊗ Q)^T,  N >= max(n, n + p_begin, s (m - 1) + k_eff - p_begin, s (m - 1) + 1)",
        .latex =
            R"(W = (I_O \otimes S)\,W_c(N)\,(I_C \otimes Q)^T,\quad N \ge \max(n,\; n + p^-,\; s(m-1) + \hat k - p^-,\; s(m-1) + 1))",
        .when = "boundary zero; any stride, dilation and padding",
        .source = "Andrews and Hunt, 1977, with N >= n + k_eff - 1; the least N (n + (k_eff - 1)/2 for 'same') and any "
                  "stride derived here",
        .mistake = "the last axis has one position too few",
        .unmet = all_of({zero_outside, small_circulant}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            const ConvGeometry circulant = circulant_around(c.geometry, v);
            auto rows = identity_matrix<S>(c.geometry.out_channels());
            auto columns = identity_matrix<S>(c.geometry.in_channels());
            for (Index j = 0; j < circulant.rank(); ++j) {
                const Axis& axis = c.geometry.axis(j);
                const Index points = circulant.axis(j).input;
                rows = kronecker(rows, stride_selection<S>(axis.output, points, axis.stride));
                columns = kronecker(columns, stride_selection<S>(axis.input, points, 1));
            }
            return equal(w(c), Matrix<S>(rows) * w(circulant, c.kernel) * Matrix<S>(columns).transpose(), rounding(c));
        })};
}

Identity interlacing() {
    return {.id = "I-47b",
            .name = "singular values below those of the circulant",
            .statement = "the i-th singular value of W with zeros outside is at most that of the circulant around it, "
                         "which its symbols give",
            .formula = "sigma_i(W) <= sigma_i(W_c(N)) for every i, N as in I-47a",
            .latex = R"(\sigma_i(W) \le \sigma_i(W_c(N)))",
            .when = "boundary zero (small enough for a dense decomposition)",
            .source = "R. C. Thompson, 1972 (interlacing of submatrices); I-41b and I-47a",
            .mistake = "the circulant has as many points as W's input",
            .unmet = all_of({zero_outside, small_circulant, small_enough_for_dense}),
            .sides = real([](const auto& c, Variant v) {
                std::vector<Frequencies> of_axes;
                for (const Axis& axis : c.geometry.axes()) {
                    const Index points = v == Variant::mistaken ? axis.input : points_around(axis);
                    of_axes.push_back(frequencies(points, points));
                }
                auto around = singular_values_of_all(symbols(c.geometry, c.kernel, of_axes));
                const auto matrix = w(c);
                const auto values = singular_values(matrix);
                around.resize(values.size(), 0.0);
                return at_most(Matrix<double>::column(values), Matrix<double>::column(around),
                               symbol_rounding(c, matrix));
            })};
}

ConvGeometry one_larger(const ConvGeometry& geometry) {
    ConvSpec spec = spec_of(geometry);
    for (Index& extent : spec.input) ++extent;
    spec.boundary.clear();
    return ConvGeometry(spec);
}

Identity growing_norm() {
    return {.id = "I-47c",
            .name = "the norm grows with the input",
            .statement =
                "with zeros outside the spectral norm does not fall when the input grows: W(n) is the corner of "
                "W(n + 1), whatever stride, dilation and padding are",
            .formula = "||W(n)||_2 <= ||W(n + 1)||_2",
            .latex = R"(\lVert W(n) \rVert_2 \le \lVert W(n + 1) \rVert_2)",
            .when = "boundary zero; every extent grows by one, with the same padding (small enough to be dense)",
            .source = "A. Böttcher and S. M. Grudsky, Spectral Properties of Banded Toeplitz Matrices, 2005",
            .mistake = "the two sides are exchanged",
            .unmet = all_of({zero_outside, small_enough_for_dense, on_geometry([](const ConvGeometry& g) {
                                 const ConvGeometry larger = one_larger(g);
                                 const Index most = std::max(larger.rows(), larger.cols());
                                 if (most <= most_dense_checked) return std::string();
                                 return concat("W(n + 1) is ", larger.rows(), "x", larger.cols(),
                                               ", and dense decompositions are made up to ", most_dense_checked);
                             })}),
            .sides = real([](const auto& c, Variant v) {
                const auto small = w(c), large = w(one_larger(c.geometry), c.kernel);
                auto left = Matrix<double>::number(spectral_norm(small));
                auto right = Matrix<double>::number(spectral_norm(large));
                if (v == Variant::mistaken) std::swap(left, right);
                return at_most(left, right, spectral_rounding(large));
            })};
}

// Points of an axis's grid of angles.
Index grid_points(const Axis& axis) { return 4 * axis.kernel; }

constexpr double most_grid_entries = 20'000; // of all symbols

std::string small_grid(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    double entries = static_cast<double>(g.out_channels()) * static_cast<double>(g.in_channels());
    for (const Axis& axis : g.axes()) entries *= static_cast<double>(grid_points(axis));
    return unless(entries <= most_grid_entries, concat("the symbols on the grid have ", entries,
                                                       " entries, and are checked up to ", most_grid_entries));
}

Identity norm_of_the_symbol() {
    return {
        .id = "I-47d",
        .name = "the norm is below the symbol's",
        .statement =
            "with zeros outside the spectral norm is at most the symbol's largest, over all angles; that is at "
            "most 1 / prod_j cos(pi (k_j - 1) / (2 N_j)) times its largest on a grid of N_j angles an axis",
        .formula = "||W||_2 <= sup_θ ||K̂(θ)||_2 <= max_{θ in 2 pi Z / N} ||K̂(θ)||_2 / prod_j cos(pi (k_j - 1) / (2 "
                   "N_j)),  N = 4k",
        .latex =
            R"(\lVert W \rVert_2 \le \sup_\theta \lVert \hat K(\theta) \rVert_2 \le \max_{\theta \in 2\pi\mathbb{Z}/N} \lVert \hat K(\theta) \rVert_2 \Big/ \prod_j \cos\frac{\pi (k_j - 1)}{2 N_j},\quad N = 4k)",
        .when =
            "boundary zero; any stride, dilation and padding (small enough for a dense decomposition, symbols of up "
            "to 20000 entries)",
        .source = "I-47b as N grows; the grid: H. Ehlich and K. Zeller, Math. Z. 86, 1964, one axis after another",
        .mistake = "the symbol at θ = 0, the sum of the taps, is taken for the largest",
        .unmet = all_of({zero_outside, small_enough_for_dense, small_grid}),
        .sides = real([](const auto& c, Variant v) {
            ConvSpec spec; // dilation and padding do not change the set of the symbols' norms
            spec.input = spec.kernel = spatial_extents(c.kernel);
            spec.in_channels = c.geometry.in_channels();
            spec.out_channels = c.geometry.out_channels();
            spec.groups = c.geometry.groups();
            const ConvGeometry taps(spec);
            std::vector<Frequencies> of_axes;
            double factor = 1;
            for (const Axis& axis : taps.axes()) {
                const Index points = grid_points(axis);
                of_axes.push_back(frequencies(v == Variant::mistaken ? 1 : points, points));
                factor *= turn(axis.kernel - 1, 4 * points).real();
            }
            const double largest = singular_values_of_all(symbols(taps, c.kernel, of_axes)).front();
            const auto matrix = w(c);
            return at_most(Matrix<double>::number(spectral_norm(matrix)), Matrix<double>::number(largest / factor),
                           symbol_rounding(c, matrix));
        })};
}

} // namespace

std::vector<Identity> embeddings() {
    return {submatrix_of_circulant(), interlacing(), growing_norm(), norm_of_the_symbol()};
}

} // namespace convmat::identities
