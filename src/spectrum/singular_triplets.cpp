#include <convmat/spectrum/singular_values.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/matrix_free/conv_operator.hpp>

#include "../numerics/decomposition.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "group_triplets.hpp"
#include "products.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;
using namespace spectrum;

// Singular values of all pieces together.
template <class S>
Index values_of_pieces(const Product<S>& product) {
    Index count = 1;
    for (const Piece<S>& piece : product.pieces)
        count = checked_mul(count, std::min(piece.rows(), piece.cols()), "singular values");
    return count;
}

template <class S>
std::vector<FoundTriplets<S>> triplets_of_groups(const ConvGeometry& geometry, const Tensor<S>& kernel, Index count,
                                                 End end, const SpectrumOptions& options) {
    auto products = decomposed(geometry, kernel, options.separability);
    std::vector<FoundTriplets<S>> groups;
    for (std::size_t g = 0; g < products.size(); ++g) {
        // Where pieces are of both orientations, their product has zero values with vectors that no piece has.
        if (of_both_orientations(products[g]) && (end == End::smallest || count > values_of_pieces(products[g])))
            products[g] = {{whole(geometry, kernel, static_cast<Index>(g))}, 0};
        groups.push_back(triplets_of_group(products[g], count, end, options));
    }
    return groups;
}

// Where a triplet comes from: the group, and which of its triplets.
struct Origin {
    Index group = 0;
    Index number = 0;
};

// Of the triplets of all groups the wanted ones, in order.
template <class S>
std::vector<Origin> wanted_of_groups(const std::vector<FoundTriplets<S>>& groups, Index count, End end) {
    std::vector<double> values;
    std::vector<Origin> origins, chosen;
    for (std::size_t g = 0; g < groups.size(); ++g)
        for (std::size_t i = 0; i < groups[g].values.size(); ++i) {
            values.push_back(groups[g].values[i]);
            origins.push_back({static_cast<Index>(g), static_cast<Index>(i)});
        }
    for (const Index place : wanted_of(values, count, end)) chosen.push_back(origins[static_cast<std::size_t>(place)]);
    return chosen;
}

Shape with_count(Index count, Shape image) {
    image.insert(image.begin(), count);
    return image;
}

// The wanted triplets of all groups together; a group's vectors are zero on the channels of the others.
template <class S>
SingularTriplets<S> merged(const std::vector<FoundTriplets<S>>& groups, const ConvGeometry& geometry, Index count,
                           End end) {
    const std::vector<Origin> chosen = wanted_of_groups(groups, count, end);
    SingularTriplets<S> all;
    all.left = Tensor<S>(with_count(std::ssize(chosen), geometry.output_shape()));
    all.right = Tensor<S>(with_count(std::ssize(chosen), geometry.input_shape()));
    for (Index i = 0; i < std::ssize(chosen); ++i) {
        const auto [group, number] = chosen[static_cast<std::size_t>(i)];
        const FoundTriplets<S>& of = groups[static_cast<std::size_t>(group)];
        all.values.push_back(of.values[static_cast<std::size_t>(number)]);
        all.errors.push_back(of.errors[static_cast<std::size_t>(number)]);
        std::copy_n(of.u.col(number).data(), of.u.rows(), all.left.data() + i * geometry.rows() + group * of.u.rows());
        std::copy_n(of.v.col(number).data(), of.v.rows(), all.right.data() + i * geometry.cols() + group * of.v.rows());
    }
    std::set<std::string> methods;
    for (const FoundTriplets<S>& of : groups) {
        all.steps += of.steps;
        methods.insert(of.method);
    }
    all.method = words_of_groups(geometry.groups()) + joined(methods);
    return all;
}

// A little less than ||W||_2: steps of the power method, as long as they add to it.
template <class S>
double norm_from_below(const ConvGeometry& geometry, const Tensor<S>& kernel, std::uint64_t seed) {
    constexpr int most_steps = 30;
    const ConvOperator<S> w(geometry, kernel), adjoint = w.adjoint();
    Tensor<S> x(geometry.input_shape()), y(geometry.output_shape());
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (S& value : x.values()) value = normal(random);
    double norm = 0;
    for (int step = 0; step < most_steps; ++step) {
        const double size = x.vec().norm();
        if (size == 0) return 0;
        x.vec() /= size;
        w.apply(x.data(), y.data());
        const double before = norm;
        norm = y.vec().norm();
        if (norm < 1.01 * before) break;
        adjoint.apply(y.data(), x.data());
    }
    return norm;
}

// Of a product with W, relative to its vector: 8 eps max_o sum |K[o]|.
template <class S>
double rounding_of_weights(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    const Index each = geometry.weights() / geometry.out_channels();
    double most = 0;
    for (Index o = 0; o < geometry.out_channels(); ++o)
        most = std::max(most, kernel.vec().segment(o * each, each).cwiseAbs().sum());
    return 8 * std::numeric_limits<double>::epsilon() * most;
}

template <class S>
void measure_residuals(SingularTriplets<S>& triplets, const ConvGeometry& geometry, const Tensor<S>& kernel) {
    const ConvOperator<S> w(geometry, kernel), adjoint = w.adjoint();
    Tensor<S> wv(geometry.output_shape()), wu(geometry.input_shape());
    for (std::size_t i = 0; i < triplets.values.size(); ++i) {
        const S* u = triplets.left.data() + static_cast<Index>(i) * geometry.rows();
        const S* v = triplets.right.data() + static_cast<Index>(i) * geometry.cols();
        w.apply(v, wv.data());
        adjoint.apply(u, wu.data());
        using Vector = Eigen::Map<const Eigen::Matrix<S, Eigen::Dynamic, 1>>;
        const double left = (wv.vec() - triplets.values[i] * Vector(u, geometry.rows())).norm();
        const double right = (wu.vec() - triplets.values[i] * Vector(v, geometry.cols())).norm();
        triplets.residuals.push_back(std::hypot(left, right) / std::sqrt(2.0));
    }
}

} // namespace

template <class S>
SingularTriplets<S> singular_triplets(const ConvGeometry& geometry, const Tensor<S>& kernel, Index count, End end,
                                      const SpectrumOptions& options) {
    if (count < 1)
        throw ShapeError({.parameter = "count",
                          .value = concat(count),
                          .expected = "at least 1",
                          .found = concat("singular triplets: count ", count)});
    require_valid(options, "singular triplets");
    const ScaledKernel<S> scaled(geometry, kernel, "singular triplets");
    count = std::min({count, geometry.rows(), geometry.cols()});
    require_memory(checked_mul(checked_mul(checked_add(geometry.rows(), geometry.cols(), "singular vectors"), count,
                                           "singular vectors"),
                               3 * Index{sizeof(S)}, "singular vectors"),
                   "the singular vectors");
    SingularTriplets<S> all =
        merged(triplets_of_groups(geometry, scaled.kernel, count, end, options), geometry, count, end);
    measure_residuals(all, geometry, scaled.kernel);
    // Where weights cancel, W is far smaller than they are, or 0: then rounding is of their size, not of its norm's.
    const double rounding = rounding_of_weights(geometry, scaled.kernel);
    for (double& error : all.errors) error = std::max(error, rounding);
    const double norm = std::max(norm_from_below(geometry, scaled.kernel, options.seed), std::ranges::max(all.values));
    const double least = norm > rounding ? 4 * rounding : 1e-10 * scaled.kernel.vec().norm();
    const double most = std::max(options.tolerance * norm, least);
    all.converged = std::ssize(all.values) == count && std::ranges::max(all.errors) <= most &&
                    std::ranges::max(all.residuals) <= most;
    for (auto* list : {&all.values, &all.errors, &all.residuals}) scaled.unscale(*list);
    return all;
}

template SingularTriplets<double> singular_triplets(const ConvGeometry&, const Tensor<double>&, Index, End,
                                                    const SpectrumOptions&);
template SingularTriplets<Complex> singular_triplets(const ConvGeometry&, const Tensor<Complex>&, Index, End,
                                                     const SpectrumOptions&);

} // namespace convmat::detail
