#include <convmat/spectrum/singular_values.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>
#include <set>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/matrix_free/conv_operator.hpp>

#include "../numerics/decomposition.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "shift_invert.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;
using namespace spectrum;

constexpr double operations_at_once = 2e10; // fewer: a direct method is as quick as an iteration

constexpr double most_block_entries = 1e9 / sizeof(Complex);
constexpr double blocks_held = 6; // of each thread of two: a block, its weights, LAPACK's copy or vectors

template <class S>
bool block_fits(const Blocks<S>& blocks, const SpectrumOptions& options) {
    const double entries = static_cast<double>(blocks.rows()) * static_cast<double>(blocks.cols());
    return blocks.values_each() <= options.most_dense && entries <= most_block_entries &&
           entries * blocks_held * sizeof(Complex) <= static_cast<double>(available_memory());
}

template <class S>
bool fits(const Blocks<S>& blocks, const SpectrumOptions& options) {
    return block_fits(blocks, options) && blocks.operations() <= options.most_operations;
}

std::string words(const std::set<std::string>& methods) {
    std::string text;
    for (const std::string& method : methods) text += concat(text.empty() ? "" : "; ", method);
    return text;
}

template <class S>
std::string product_words(const Product<S>& product) {
    return product.pieces.size() == 1 ? std::string()
                                      : concat("Kronecker product of ", product.pieces.size(), " factors, each by: ");
}

// The product of two lists of values, of which each is the largest of its own.
std::vector<double> products(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> all;
    all.reserve(a.size() * b.size());
    for (const double x : a)
        for (const double y : b) all.push_back(x * y);
    return all;
}

struct List {
    std::vector<double> values;
    double error = 0;
};

// The values of one group; where its pieces are of both orientations, with the zeros that belong to their product
// alone.
template <class S>
List values_of(const Product<S>& product) {
    List list{{1.0}, 0};
    double largest = 1;
    for (const Piece<S>& piece : product.pieces) {
        const Blocks<S> blocks(piece);
        const std::vector<double> values = blocks.values();
        const double most = values.empty() ? 0 : std::ranges::max(values);
        list.error = list.error * (most + blocks.error(most)) + largest * blocks.error(most);
        largest *= most;
        list.values = products(list.values, values);
    }
    list.error += product.residual + 8 * std::numeric_limits<double>::epsilon() * largest;
    return list;
}

template <class S>
void require_affordable(const std::vector<Product<S>>& groups, const SpectrumOptions& options) {
    double operations = 0;
    for (const Product<S>& product : groups)
        for (const Piece<S>& piece : product.pieces) {
            const Blocks<S> blocks(piece);
            if (!block_fits(blocks, options))
                throw SizeError(concat("singular_values: the layer comes apart into blocks of ", blocks.rows(), "x",
                                       blocks.cols(), ", expected a shorter side of at most ", options.most_dense,
                                       " (SpectrumOptions::most_dense), at most 1 GB, and room for it: all singular "
                                       "values of such a layer are out of "
                                       "reach, the largest and the smallest are not"));
            operations += blocks.operations();
        }
    if (operations > options.most_operations)
        throw SizeError(concat("singular_values: about ", operations, " operations, expected at most ",
                               options.most_operations, " (SpectrumOptions::most_operations)"));
}

} // namespace

template <class S>
SingularValues singular_values(const ConvGeometry& geometry, const Tensor<S>& kernel, const SpectrumOptions& options) {
    require_valid(options, "singular_values");
    const ScaledKernel<S> scaled(geometry, kernel, "singular_values");
    const Index shorter = std::min(geometry.rows(), geometry.cols());
    require_memory(checked_mul(shorter, 3 * Index{sizeof(double)}, "singular values"), "all singular values");
    const auto groups = decomposed(geometry, scaled.kernel, options.separability);
    require_affordable(groups, options);
    SingularValues all;
    std::set<std::string> methods;
    for (const Product<S>& product : groups) {
        List list = values_of(product);
        all.error = std::max(all.error, list.error);
        list.values.resize(static_cast<std::size_t>(shorter / geometry.groups()), 0.0);
        all.values.insert(all.values.end(), list.values.begin(), list.values.end());
        std::set<std::string> of_pieces;
        for (const Piece<S>& piece : product.pieces) of_pieces.insert(Blocks<S>(piece).method());
        methods.insert(product_words(product) + words(of_pieces));
    }
    std::ranges::sort(all.values, std::greater());
    scaled.unscale(all.values);
    all.error *= scaled.factor;
    if (geometry.groups() > 1) all.method = concat(geometry.groups(), " groups, each: ");
    all.method += words(methods);
    return all;
}

namespace {

// Triplets of a piece or a product, the wanted ones first; the vectors are columns, in the order of positions.
template <class S>
struct Found {
    std::vector<double> values;
    std::vector<double> errors;
    Dense<S> u;
    Dense<S> v;
    Index steps = 0;
    std::string method;
};

// The numbers of the `count` wanted ones of all values, in order.
std::vector<Index> wanted_of(const std::vector<double>& values, Index count, End end) {
    std::vector<Index> order(values.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto before = [&](Index a, Index b) {
        const double x = values[static_cast<std::size_t>(a)], y = values[static_cast<std::size_t>(b)];
        if (x != y) return end == End::largest ? x > y : x < y;
        return a < b;
    };
    const auto last = order.begin() + std::min<Index>(count, std::ssize(order));
    std::partial_sort(order.begin(), last, order.end(), before);
    order.erase(last, order.end());
    return order;
}

template <class S>
Found<S> by_blocks(const Blocks<S>& blocks, const Piece<S>& piece, Index count, End end) {
    const std::vector<double> values = blocks.values();
    const std::vector<Index> places = wanted_of(values, count, end);
    const auto vectors = blocks.vectors(places);
    Found<S> found;
    found.u.resize(piece.rows(), std::ssize(places));
    found.v.resize(piece.cols(), std::ssize(places));
    const double error = values.empty() ? 0 : blocks.error(std::ranges::max(values));
    for (std::size_t i = 0; i < places.size(); ++i) {
        found.values.push_back(values[static_cast<std::size_t>(places[i])]);
        found.errors.push_back(error);
        std::ranges::copy(vectors[i].u, found.u.col(static_cast<Index>(i)).data());
        std::ranges::copy(vectors[i].v, found.v.col(static_cast<Index>(i)).data());
    }
    found.method = blocks.method();
    return found;
}

template <class S>
LinearMap<S> product_with(const ConvOperator<S>& w, const ConvOperator<S>& adjoint) {
    return {w.rows(), w.cols(), [&w](const S* x, S* y, Index count) { w.apply(x, y, count); },
            [&adjoint](const S* y, S* x, Index count) { adjoint.apply(y, x, count); }};
}

template <class S>
Found<S> iterated(const Piece<S>& piece, Index count, End end, const SpectrumOptions& options) {
    const GolubKahanOptions how{
        .count = count, .tolerance = options.tolerance, .most_steps = options.most_steps, .seed = options.seed};
    RitzTriplets<S> ritz;
    std::string method;
    if (end == End::largest) {
        const ConvOperator<S> w(piece.geometry(), piece.kernel), adjoint = w.adjoint();
        ritz = golub_kahan(product_with(w, adjoint), how);
        method = "Golub-Kahan process on the operator";
    } else {
        ritz = smallest_by_cholesky(piece, how, options.most_factor_entries);
        method = "Golub-Kahan process on the inverse, by CHOLMOD's factor of W^H W";
    }
    method += concat(" of ", piece.rows(), "x", piece.cols());
    return {ritz.values, ritz.errors, std::move(ritz.u), std::move(ritz.v), ritz.steps, method};
}

// Directly where that is quick, or where there is no other way that fits.
template <class S>
Found<S> of_piece(const Piece<S>& piece, Index count, End end, const SpectrumOptions& options) {
    const Blocks<S> blocks(piece);
    const bool possible = fits(blocks, options);
    if (piece.axes.empty() && !possible)
        throw SizeError(concat("singular triplets: a matrix of weights of ", blocks.rows(), "x", blocks.cols(),
                               ", expected a shorter side of at most ", options.most_dense,
                               " (SpectrumOptions::most_dense)"));
    const double quick = end == End::largest ? operations_at_once : 50 * operations_at_once;
    if (piece.axes.empty() || (possible && blocks.operations() <= quick)) return by_blocks(blocks, piece, count, end);
    if (end == End::largest || !possible) return iterated(piece, count, end, options);
    try {
        return iterated(piece, count, end, options);
    } catch (const SizeError&) {
        return by_blocks(blocks, piece, count, end);
    }
}

// The wanted triplets of A ⊗ B: those of the wanted ones of both.
template <class S>
Found<S> kronecker_of(const Found<S>& a, const Found<S>& b, Index count, End end) {
    const std::vector<double> values = products(a.values, b.values);
    Found<S> found;
    for (const Index place : wanted_of(values, count, end)) {
        const auto i = static_cast<std::size_t>(place) / b.values.size(),
                   j = static_cast<std::size_t>(place) % b.values.size();
        found.values.push_back(values[static_cast<std::size_t>(place)]);
        found.errors.push_back(a.errors[i] * (b.values[j] + b.errors[j]) + a.values[i] * b.errors[j]);
        const Index column = std::ssize(found.values) - 1;
        const auto append = [&](Dense<S>& to, const Dense<S>& of_a, const Dense<S>& of_b) {
            to.conservativeResize(of_a.rows() * of_b.rows(), column + 1);
            for (Index row = 0; row < of_a.rows(); ++row)
                to.col(column).segment(row * of_b.rows(), of_b.rows()) =
                    of_a(row, static_cast<Index>(i)) * of_b.col(static_cast<Index>(j));
        };
        append(found.u, a.u, b.u);
        append(found.v, a.v, b.v);
    }
    found.steps = a.steps + b.steps;
    found.method = a.method == b.method ? a.method : concat(a.method, "; ", b.method);
    return found;
}

// A column of positions in the order of the pieces, as a tensor (channels, axes of the layer in order).
template <class S>
Tensor<S> in_order(const S* column, const std::vector<Piece<S>>& pieces, bool output) {
    Shape shape, order = {0}; // of the channels, then of every axis in the order of the pieces
    std::vector<Index> numbers;
    for (const Piece<S>& piece : pieces) {
        const Shape own = output ? piece.output_shape() : piece.input_shape();
        shape.insert(shape.end(), own.begin() + (shape.empty() ? 0 : 1), own.end());
        numbers.insert(numbers.end(), piece.numbers.begin(), piece.numbers.end());
    }
    for (Index axis = 0; axis < std::ssize(numbers); ++axis)
        order.push_back(1 + (std::ranges::find(numbers, axis) - numbers.begin()));
    const Index size = checked_product(shape, "a singular vector");
    return permute_axes(Tensor<S>(shape, std::vector<S>(column, column + size)), order);
}

template <class S>
Found<S> of_group(const Product<S>& product, Index count, End end, const SpectrumOptions& options) {
    Found<S> found = of_piece(product.pieces.front(), count, end, options);
    for (std::size_t i = 1; i < product.pieces.size(); ++i)
        found = kronecker_of(found, of_piece(product.pieces[i], count, end, options), count, end);
    for (double& error : found.errors) error += product.residual;
    for (Index i = 0; i < found.u.cols(); ++i) {
        const Tensor<S> u = in_order(found.u.col(i).data(), product.pieces, true);
        const Tensor<S> v = in_order(found.v.col(i).data(), product.pieces, false);
        found.u.col(i) = u.vec();
        found.v.col(i) = v.vec();
    }
    found.method = product_words(product) + found.method;
    return found;
}

template <class S>
Index values_of_pieces(const Product<S>& product) {
    Index count = 1;
    for (const Piece<S>& piece : product.pieces)
        count = checked_mul(count, std::min(piece.rows(), piece.cols()), "singular values");
    return count;
}

// A little less than ||W||_2: a few steps of the power method.
template <class S>
double norm_from_below(const ConvGeometry& geometry, const Tensor<S>& kernel, std::uint64_t seed) {
    const ConvOperator<S> w(geometry, kernel), adjoint = w.adjoint();
    Tensor<S> x(geometry.input_shape()), y(geometry.output_shape());
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (S& value : x.values()) value = normal(random);
    double norm = 0;
    for (int step = 0; step < 4; ++step) {
        const double size = x.vec().norm();
        if (size == 0) return 0;
        x.vec() /= size;
        w.apply(x.data(), y.data());
        norm = y.vec().norm();
        adjoint.apply(y.data(), x.data());
    }
    return norm;
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

// The wanted triplets of all groups together.
template <class S>
SingularTriplets<S> merged(const std::vector<Found<S>>& groups, const ConvGeometry& geometry, Index count, End end) {
    std::vector<double> values;
    std::vector<std::pair<std::size_t, Index>> places; // group, and which of it
    SingularTriplets<S> all;
    std::set<std::string> methods;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        for (std::size_t i = 0; i < groups[g].values.size(); ++i) {
            values.push_back(groups[g].values[i]);
            places.emplace_back(g, static_cast<Index>(i));
        }
        all.steps += groups[g].steps;
        methods.insert(groups[g].method);
    }
    const std::vector<Index> chosen = wanted_of(values, count, end);
    const auto shape_of_all = [&](Shape shape) {
        shape.insert(shape.begin(), std::ssize(chosen));
        return shape;
    };
    all.left = Tensor<S>(shape_of_all(geometry.output_shape()));
    all.right = Tensor<S>(shape_of_all(geometry.input_shape()));
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const auto [g, which] = places[static_cast<std::size_t>(chosen[i])];
        const auto group = static_cast<Index>(g), number = static_cast<Index>(i);
        const Found<S>& of = groups[g];
        all.values.push_back(of.values[static_cast<std::size_t>(which)]);
        all.errors.push_back(of.errors[static_cast<std::size_t>(which)]);
        std::copy_n(of.u.col(which).data(), of.u.rows(),
                    all.left.data() + number * geometry.rows() + group * of.u.rows());
        std::copy_n(of.v.col(which).data(), of.v.rows(),
                    all.right.data() + number * geometry.cols() + group * of.v.rows());
    }
    if (geometry.groups() > 1) all.method = concat(geometry.groups(), " groups, each: ");
    all.method += words(methods);
    return all;
}

} // namespace

template <class S>
SingularTriplets<S> singular_triplets(const ConvGeometry& geometry, const Tensor<S>& kernel, Index count, End end,
                                      const SpectrumOptions& options) {
    if (count < 1) throw ShapeError(concat("singular triplets: count ", count, ", expected at least 1"));
    require_valid(options, "singular triplets");
    const ScaledKernel<S> scaled(geometry, kernel, "singular triplets");
    count = std::min({count, geometry.rows(), geometry.cols()});
    require_memory(checked_mul(checked_mul(checked_add(geometry.rows(), geometry.cols(), "singular vectors"), count,
                                           "singular vectors"),
                               3 * Index{sizeof(S)}, "singular vectors"),
                   "the singular vectors");
    auto products = decomposed(geometry, scaled.kernel, options.separability);
    std::vector<Found<S>> groups;
    for (std::size_t g = 0; g < products.size(); ++g) {
        // Where pieces are of both orientations, their product has zero values with vectors that no piece has.
        if (of_both_orientations(products[g]) && (end == End::smallest || count > values_of_pieces(products[g])))
            products[g] = {{whole(geometry, scaled.kernel, static_cast<Index>(g))}, 0};
        groups.push_back(of_group(products[g], count, end, options));
    }
    SingularTriplets<S> all = merged(groups, geometry, count, end);
    measure_residuals(all, geometry, scaled.kernel);
    // A W that is 0 where no weight is inside has no norm to be relative to: then the weights' own is.
    const double norm = norm_from_below(geometry, scaled.kernel, options.seed);
    const double most = std::max(options.tolerance * norm, norm > 0 ? 0 : 1e-10 * scaled.kernel.vec().norm());
    all.converged = std::ranges::all_of(all.errors, [&](double error) { return error <= most; });
    for (auto* list : {&all.values, &all.errors, &all.residuals}) scaled.unscale(*list);
    return all;
}

template SingularValues singular_values(const ConvGeometry&, const Tensor<double>&, const SpectrumOptions&);
template SingularValues singular_values(const ConvGeometry&, const Tensor<Complex>&, const SpectrumOptions&);
template SingularTriplets<double> singular_triplets(const ConvGeometry&, const Tensor<double>&, Index, End,
                                                    const SpectrumOptions&);
template SingularTriplets<Complex> singular_triplets(const ConvGeometry&, const Tensor<Complex>&, Index, End,
                                                     const SpectrumOptions&);

} // namespace convmat::detail
