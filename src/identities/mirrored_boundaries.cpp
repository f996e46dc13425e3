#include <algorithm>

#include "dense.hpp"
#include "sections.hpp"

#include <convmat/base/rearrange.hpp>

// I-45: when the flipped kernel under the same boundary is the transpose. I-46: transforms that diagonalise W.
namespace convmat::identities {
namespace {

bool inside(const Axis& axis) { return axis.padding.begin <= 0 && axis.padding.end <= 0; }

// Whether an axis reads as from half_symmetric: replicate does as long as no more than one position outside is read.
bool repeats_the_edge(const Axis& axis) {
    return axis.boundary == Boundary::half_symmetric ||
           (axis.boundary == Boundary::replicate && axis.padding.begin <= 1 && axis.padding.end <= 1);
}

bool is_zero_or_periodic(const Axis& axis) {
    return inside(axis) || axis.boundary == Boundary::zero || axis.boundary == Boundary::periodic;
}

std::string other_boundary(const Axis& axis, const char* expected) {
    return concat("boundary is ", to_string(axis.boundary), " with padding ", axis.padding.begin, ":", axis.padding.end,
                  ", not ", expected);
}

// Met when K is its own mirror image on each axis that `where` says.
Condition kernel_mirrored(bool (*where)(const Axis&)) {
    return [where](const AnyCase& layer) {
        return std::visit(
            [&](const auto& c) -> std::string {
                const Shape& shape = c.kernel.shape();
                const Shape steps = detail::steps_of(shape);
                for (std::size_t j = 0; j < c.geometry.axes().size(); ++j) {
                    if (!where(c.geometry.axes()[j])) continue;
                    Index from = 0;
                    std::string reason;
                    for_each_position(shape, [&](const Shape& at) {
                        const auto here = c.kernel[from],
                                   there = c.kernel[from + (shape[j + 2] - 1 - 2 * at[j + 2]) * steps[j + 2]];
                        if (here != there && reason.empty())
                            reason = concat("the kernel is not its mirror image on axis ", j, ": ", here, " and ",
                                            there, " face each other");
                        ++from;
                    });
                    if (!reason.empty()) return reason;
                }
                return {};
            },
            layer);
    };
}

// W of the flipped kernel from O channels to C, in the same geometry.
template <class S>
Matrix<S> reblurring(const IdentityCase<S>& c, bool flip, ConvSpec spec) {
    std::swap(spec.in_channels, spec.out_channels);
    const auto swapped = channels_swapped(c.kernel, c.geometry.groups());
    return w(ConvGeometry(spec), flip ? flipped(swapped) : swapped);
}

Identity transposed_by_flipping() {
    return {.id = "I-45a",
            .name = "the flipped kernel is the transpose",
            .statement =
                "'reblurring' with the flipped kernel and the same boundary is the transpose, for every kernel",
            .formula = "W(swap flip K) = W(K)^T",
            .latex = R"(W(\mathrm{swap\,flip}\,K) = W(K)^T)",
            .when = "boundary zero or periodic, stride 1, centred padding",
            .source = "M. Donatelli and S. Serra-Capizzano, Inverse Problems 21, 2005, for one channel; I-10",
            .mistake = "the kernel is not flipped",
            .unmet = all_of({centred, keeps_extent, on_each_axis([](const Axis& a) {
                                 return is_zero_or_periodic(a) ? std::string() : other_boundary(a, "zero or periodic");
                             })}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                return equal(reblurring(c, v == Variant::stated, spec_of(c.geometry)), w(c).transpose(), rounding(c));
            })};
}

Identity transposed_with_mirrors() {
    return {
        .id = "I-45b",
        .name = "the flipped kernel is the transpose under half-symmetric boundaries",
        .statement = "where the edge is repeated it is the transpose if the kernel is its own mirror image on each "
                     "such axis by itself; on the others any kernel will do, and padding may be wider than the input",
        .formula = "W(swap flip K) = W(K)^T",
        .latex = R"(W(\mathrm{swap\,flip}\,K) = W(K)^T)",
        .when = "stride 1, centred; each axis zero, periodic, or half_symmetric (replicate with p <= 1 is that too) "
                "with K mirrored on it",
        .source = "M. Donatelli and S. Serra-Capizzano, 2005; for several axes, where the reversal of all together is "
                  "not enough (I-45w), derived here",
        .mistake = "the edge is not repeated: whole_symmetric",
        .unmet = all_of({centred, keeps_extent, on_each_axis([](const Axis& a) {
                             return is_zero_or_periodic(a) || repeats_the_edge(a)
                                        ? std::string()
                                        : other_boundary(a, "zero, periodic or half_symmetric");
                         }),
                         kernel_mirrored([](const Axis& a) { return !is_zero_or_periodic(a); })}),
        .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
            ConvSpec spec = spec_of(c.geometry);
            if (v == Variant::mistaken) spec.boundary = {Boundary::whole_symmetric};
            return equal(reblurring(c, true, spec), w(c).transpose(), rounding(c));
        })};
}

Identity periodic_transpose() {
    return {.id = "I-45c",
            .name = "the transpose of a periodic convolution",
            .statement = "for periodic boundaries and any padding the transpose is the periodic convolution with the "
                         "flipped kernel and padding k_eff - 1 - p",
            .formula = "W(K; p)^T = W(swap flip K; p' = k_eff - 1 - p)",
            .latex = R"(W(K;\,p)^T = W(\mathrm{swap\,flip}\,K;\; p' = \hat k - 1 - p))",
            .when = "periodic, stride 1, as many outputs as inputs",
            .source = "derived here, as I-9 with positions modulo n",
            .mistake = "the padding is as before at the beginning",
            .unmet = all_of({periodic, keeps_extent}),
            .sides = exact([]<class S>(const IdentityCase<S>& c, Variant v) {
                ConvSpec spec = spec_of(c.geometry);
                for (std::size_t j = 0; j < spec.padding.size(); ++j) {
                    const Index reach = c.geometry.axes()[j].effective_kernel() - 1;
                    Index& begin = spec.padding[j].begin;
                    if (v == Variant::stated) begin = reach - begin;
                    spec.padding[j].end = reach - begin;
                }
                return equal(reblurring(c, true, spec), w(c).transpose(), rounding(c));
            })};
}

// The belief that W(flip K) = W(K)^T for a kernel that is its own mirror image, on one axis of n points.
Identity believed_symmetric(Identity entry, Boundary boundary, std::vector<std::int64_t> weights, Index least) {
    const auto spec = [boundary, reach = std::ssize(weights) / 2, taps = std::ssize(weights)](Index n) {
        ConvSpec s{.input = {n}, .kernel = {taps}};
        s.padding = {{reach, reach}};
        s.boundary = {boundary};
        return s;
    };
    entry.formula = "W(flip K) != W(K)^T";
    entry.latex = R"(W(\mathrm{flip}\,K) \ne W(K)^T)";
    entry.unmet = on_geometry([least](const ConvGeometry& g) {
        return g.axis(0).input >= least
                   ? std::string()
                   : concat("the first input extent is ", g.axis(0).input, ", and W is symmetric below ", least);
    });
    return counter(
        std::move(entry), [=]() -> AnyCase { return counting_case(spec(least), weights); },
        [=]<class S>(const IdentityCase<S>& c) {
            const Index n = c.geometry.axis(0).input;
            Tensor<S> kernel({1, 1, std::ssize(weights)});
            for (Index i = 0; i < kernel.size(); ++i) kernel[i] = whole<S>(weights[static_cast<std::size_t>(i)]);
            const ConvGeometry g(spec(n));
            return Belief<S>{w(g, flipped(kernel)), w(g, kernel).transpose(), {0, 1, n - 2, n - 1}};
        });
}

Identity whole_symmetric_is_not() {
    return believed_symmetric(
        {.id = "I-45x",
         .name = "whole-symmetric boundaries: the flipped kernel is not the transpose",
         .statement = "believed: a kernel that is its own mirror image gives a symmetric W; about an edge that is not "
                      "repeated K = [2 5 2] does not, in the two first and last rows",
         .formula = {},
         .latex = {},
         .when = "n >= 3, n the first input extent; one axis, whole_symmetric, 'same'",
         .source = "M. Donatelli and S. Serra-Capizzano, 2005; I-45b is the half-symmetric truth",
         .mistake = {},
         .unmet = {},
         .sides = {}},
        Boundary::whole_symmetric, {2, 5, 2}, 3);
}

Identity antireflective_is_not() {
    return believed_symmetric(
        {.id = "I-45y",
         .name = "antireflective boundaries: the flipped kernel is not the transpose",
         .statement = "believed: a kernel that is its own mirror image gives a symmetric W; under odd reflection "
                      "K = [2 5 2] does not, in the two first and last rows",
         .formula = {},
         .latex = {},
         .when = "n >= 3, n the first input extent; one axis, antireflective, 'same'",
         .source = "M. Donatelli and S. Serra-Capizzano, 2005",
         .mistake = {},
         .unmet = {},
         .sides = {}},
        Boundary::antireflective, {2, 5, 2}, 3);
}

Identity replicate_is_not() {
    return believed_symmetric(
        {.id = "I-45z",
         .name = "replicated edges: the flipped kernel is not the transpose beyond radius 1",
         .statement = "believed: a kernel that is its own mirror image gives a symmetric W; K = [1 2 5 2 1] reads two "
                      "positions outside, and does not, in the two first and last rows",
         .formula = {},
         .latex = {},
         .when = "n >= 3, n the first input extent; one axis, replicate, 'same' (of radius 1: symmetric, I-45b)",
         .source = "derived here",
         .mistake = {},
         .unmet = {},
         .sides = {}},
        Boundary::replicate, {1, 2, 5, 2, 1}, 3);
}

Identity joint_mirror_is_not_enough() {
    const auto spec = [](Index n) {
        ConvSpec s{.input = {n, 3}, .kernel = {3, 3}};
        s.padding = {{1, 1}};
        s.boundary = {Boundary::half_symmetric};
        return s;
    };
    const std::vector<std::int64_t> diagonal = {1, 0, 0, 0, 0, 0, 0, 0, 1};
    return counter(
        {.id = "I-45w",
         .name = "half-symmetric boundaries: the reversal of all axes together is not enough",
         .statement = "believed: under half-symmetric boundaries flip K = K makes W symmetric; the ones in two "
                      "opposite corners of a 3 x 3 kernel do not, in the rows of border outputs",
         .formula = "W(flip K) != W(K)^T",
         .latex = R"(W(\mathrm{flip}\,K) \ne W(K)^T)",
         .when = "n >= 2, n the first input extent; an n x 3 image, half_symmetric, 'same'",
         .source = "derived here; I-45b asks for the reversal of each axis",
         .mistake = {},
         .unmet = on_geometry([](const ConvGeometry& g) {
             return g.axis(0).input >= 2 ? std::string() : "the first input extent is 1, where K is a mirrored [1 0 1]";
         }),
         .sides = {}},
        [=]() -> AnyCase { return counting_case(spec(2), diagonal); },
        [=]<class S>(const IdentityCase<S>& c) {
            const Index n = c.geometry.axis(0).input;
            Tensor<S> kernel({1, 1, 3, 3});
            kernel[0] = kernel[8] = S(1);
            std::vector<Index> border;
            for (Index row = 0; row < 3 * n; ++row)
                if (row % 3 != 1 || row / 3 == 0 || row / 3 == n - 1) border.push_back(row);
            const ConvGeometry g(spec(n));
            return Belief<S>{w(g, flipped(kernel)), w(g, kernel).transpose(), border};
        });
}

// The orthonormal DCT-II of n points: C[j, i] = c_j cos(pi j (2 i + 1) / (2 n)).
Dense<Complex> cosine_transform(Index n) {
    Dense<Complex> c(n, n);
    for (Index j = 0; j < n; ++j)
        for (Index i = 0; i < n; ++i)
            c(j, i) = turn(j * (2 * i + 1), 4 * n).real() * std::sqrt((j == 0 ? 1.0 : 2.0) / static_cast<double>(n));
    return c;
}

Identity cosine_diagonalisation() {
    return {
        .id = "I-46a",
        .name = "the cosine transform diagonalises",
        .statement = "in the orthonormal DCT-II of every channel, W has its O x C blocks on their diagonals only: the "
                     "symbols at the angles pi j / n",
        .formula = "(I_O ⊗ C) W (I_C ⊗ C^T) = diag_j(f(pi j / n)),  f(θ) = sum_t K_t cos(θ_1 (d t_1 - p)) ...",
        .latex =
            R"((I_O \otimes C)\,W\,(I_C \otimes C^T) = \mathrm{diag}_j(f(\pi j / n)),\quad f(\theta) = \sum_t K_t \prod_a \cos(\theta_a (d t_a - p)))",
        .when = "half_symmetric (replicate with p <= 1 is that too), stride 1, centred, K its own mirror image on each "
                "axis; any dilation and width (small enough to be dense)",
        .source = "M. K. Ng, R. H. Chan and W.-C. Tang, SIAM J. Sci. Comput. 21, 1999; several channels as I-41a",
        .mistake = "the angles are 2 pi j / n, as for a periodic boundary",
        .unmet = all_of({centred, keeps_extent, on_each_axis([](const Axis& a) {
                             return inside(a) || repeats_the_edge(a) ? std::string()
                                                                     : other_boundary(a, "half_symmetric");
                         }),
                         kernel_mirrored([](const Axis&) { return true; }), small_enough_for_dense}),
        .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
            std::vector<Dense<Complex>> transforms;
            std::vector<Frequencies> of_axes;
            for (const Axis& axis : c.geometry.axes()) {
                transforms.push_back(cosine_transform(axis.input));
                of_axes.push_back(frequencies(axis.input, v == Variant::mistaken ? axis.input : 2 * axis.input));
            }
            const Matrix<S> matrix = w(c);
            const auto left = transformed(kronecker_of_all(transforms), in_complex(matrix).dense());
            const auto right = diagonal_blocks(symbols(c.geometry, c.kernel, of_axes));
            return equal(Matrix<Complex>::of(left), Matrix<Complex>::of(right), symbol_rounding(c, matrix));
        })};
}

// 1, the line 0, 1, ..., n - 1, and the sines sin(pi j i / (n - 1)), j = 1, ..., n - 2: what odd reflection continues.
Dense<Complex> line_and_sines(Index n) {
    Dense<Complex> v(n, n);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
            v(i, j) = j == 0 ? 1.0 : j == 1 ? static_cast<double>(i) : turn((j - 1) * i, 2 * (n - 1)).imag();
    return v;
}

// 0, 0, pi j / (n - 1) for the columns of line_and_sines(); mistaken ones have n for n - 1.
Frequencies antireflective_angles(Index n, Variant v) {
    Frequencies angles = frequencies(n, v == Variant::mistaken ? 2 * n : std::max<Index>(1, 2 * (n - 1)));
    for (Index& numerator : angles.numerators) numerator = std::max<Index>(0, numerator - 1);
    return angles;
}

Identity antireflective_eigenvectors() {
    return {.id = "I-46b",
            .name = "eigenvectors under antireflective boundaries",
            .statement =
                "the columns of V, on each axis 1, 0..n-1 and the sines sin(pi j i / (n - 1)), are eigenvectors, "
                "with the symbols at the angles 0, 0 and pi j / (n - 1), j = 1, ..., n - 2",
            .formula = "W (I_C ⊗ V) = (I_O ⊗ V) diag(f(0), f(0), f(pi j / (n - 1)))",
            .latex =
                R"(W\,(I_C \otimes V) = (I_O \otimes V)\,\mathrm{diag}\bigl(f(0), f(0), f(\tfrac{\pi j}{n - 1})\bigr))",
            .when = "antireflective, stride 1, centred, K its own mirror image on each axis; any dilation and width "
                    "(small enough to be dense); n = 1: V = 1",
            .source = "A. Aricò, M. Donatelli, J. Nagy and S. Serra-Capizzano, 2007, the anti-reflective transform; "
                      "several channels and axes derived here",
            .mistake = "the angles are pi j / n",
            .unmet = all_of({centred, keeps_extent, on_each_axis([](const Axis& a) {
                                 return inside(a) || a.boundary == Boundary::antireflective
                                            ? std::string()
                                            : other_boundary(a, "antireflective");
                             }),
                             kernel_mirrored([](const Axis&) { return true; }), small_enough_for_dense}),
            .sides = real([]<class S>(const IdentityCase<S>& c, Variant v) {
                std::vector<Dense<Complex>> of_axis;
                std::vector<Frequencies> of_axes;
                for (const Axis& axis : c.geometry.axes()) {
                    of_axis.push_back(line_and_sines(axis.input));
                    of_axes.push_back(antireflective_angles(axis.input, v));
                }
                const Matrix<S> matrix = w(c);
                const Dense<Complex> vectors = kronecker_of_all(of_axis);
                const Dense<Complex> left =
                    in_each_channel(vectors.adjoint(), in_complex(matrix).dense().adjoint()).adjoint();
                const auto right = in_each_channel(vectors, diagonal_blocks(symbols(c.geometry, c.kernel, of_axes)));
                const double summed = static_cast<double>(matrix.rows() + matrix.cols() + c.geometry.weights());
                return equal(Matrix<Complex>::of(left), Matrix<Complex>::of(right),
                             100 * summed * std::numeric_limits<double>::epsilon() * magnitude(c, {.kernel = 1}) *
                                 vectors.norm());
            })};
}

} // namespace

std::vector<Identity> mirrored_boundaries() {
    return {transposed_by_flipping(),     transposed_with_mirrors(), periodic_transpose(),
            joint_mirror_is_not_enough(), whole_symmetric_is_not(),  antireflective_is_not(),
            replicate_is_not(),           cosine_diagonalisation(),  antireflective_eigenvectors()};
}

} // namespace convmat::identities
