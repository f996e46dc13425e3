#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <convmat/base/rearrange.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/classes.hpp>
#include <convmat/structure/exact_rank.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>

/// The classes by their definitions, looked at in the dense W.
namespace convmat::test {

using Integer = std::int64_t;
using Kind = StructureClass;
using Matrix = Eigen::Matrix<Integer, Eigen::Dynamic, Eigen::Dynamic>;
using Complex = Eigen::MatrixXcd;

// A B by its definition: Eigen's product for large matrices takes long to compile, and these are small.
template <class A, class B>
typename A::PlainObject product(const A& a, const B& b) {
    return a.lazyProduct(b);
}

// A layer with what its matrix is, and the views of that matrix which the classes are defined by.
struct Layer {
    ConvGeometry geometry;
    Tensor<Integer> kernel;
    Matrix w = Matrix(kernel2matrix(geometry, kernel));

    Matrix block(Index o, Index c) const {
        return w.block(o * geometry.output_size(), c * geometry.input_size(), geometry.output_size(),
                       geometry.input_size());
    }
    Matrix group(Index of) const {
        const Index rows = w.rows() / geometry.groups(), cols = w.cols() / geometry.groups();
        return w.block(of * rows, of * cols, rows, cols);
    }
};

inline std::vector<Shape> positions(const ConvGeometry& g, Index Axis::*extent) {
    Shape extents;
    for (const Axis& axis : g.axes()) extents.push_back(axis.*extent);
    std::vector<Shape> all;
    for_each_position(extents, [&](const Shape& at) { all.push_back(at); });
    return all;
}

// Whether every entry of every block is a function of `key(axis, u, i)` on all axes.
template <class Key>
inline bool depends_on(const Layer& layer, const Key& key) {
    const ConvGeometry& g = layer.geometry;
    const auto outputs = positions(g, &Axis::output), inputs = positions(g, &Axis::input);
    for (Index o = 0; o < g.out_channels(); ++o)
        for (Index c = 0; c < g.in_channels(); ++c) {
            const Matrix block = layer.block(o, c);
            std::map<Shape, Integer> seen;
            for (std::size_t u = 0; u < outputs.size(); ++u)
                for (std::size_t i = 0; i < inputs.size(); ++i) {
                    Shape keys;
                    for (std::size_t j = 0; j < g.axes().size(); ++j)
                        keys.push_back(key(g.axes()[j], outputs[u][j], inputs[i][j]));
                    const Integer entry = block(static_cast<Index>(u), static_cast<Index>(i));
                    if (seen.emplace(keys, entry).first->second != entry) return false;
                }
        }
    return true;
}

inline bool is_toeplitz(const Layer& layer) {
    return depends_on(layer, [](const Axis&, Index u, Index i) { return i - u; });
}

inline bool is_circulant(const Layer& layer) {
    return std::ranges::all_of(layer.geometry.axes(), [](const Axis& a) { return a.input == a.output; }) &&
           depends_on(layer, [](const Axis& a, Index u, Index i) { return floor_mod(i - u, a.input); });
}

inline bool is_strided_circulant(const Layer& layer) {
    const auto divides = [](const Axis& a) {
        return (a.input == 1 && a.output == 1) || a.input == a.stride * a.output;
    };
    return std::ranges::all_of(layer.geometry.axes(), divides) &&
           depends_on(layer, [](const Axis& a, Index u, Index i) { return floor_mod(i - a.stride * u, a.input); });
}

inline bool is_permutation(const Layer& layer) {
    const Matrix& w = layer.w;
    return w.rows() == w.cols() && w.minCoeff() >= 0 && (w.rowwise().sum().array() == 1).all() &&
           (w.colwise().sum().array() == 1).all() && w.maxCoeff() == 1;
}

// What the name says: lower, upper or both, strictly or not, of blocks of `size` rows and columns.
inline bool is_triangular(const Matrix& w, const std::string& name, Index size = 1) {
    const bool diagonal = name.find("diagonal") != std::string::npos, strictly = name.find("strictly") < name.size();
    const bool lower = diagonal || name.find("lower") < name.size(),
               upper = diagonal || name.find("upper") < name.size();
    if (w.rows() != w.cols() || !(lower || upper)) return false;
    for (Index i = 0; i < w.rows(); ++i)
        for (Index j = 0; j < w.cols(); ++j) {
            const Index after = j / size - i / size;
            if (w(i, j) != 0 && ((lower && after > 0) || (upper && after < 0) || (strictly && after == 0)))
                return false;
        }
    return true;
}

inline bool is_triangular(const Matrix& w) { return is_triangular(w, "lower") || is_triangular(w, "upper"); }

inline Matrix channels_made_last(const Layer& layer) {
    const ConvGeometry& g = layer.geometry;
    const Matrix outs(channels_last<Integer>(g.out_channels(), g.output_size()));
    const Matrix ins(channels_last<Integer>(g.in_channels(), g.input_size()));
    return product(product(outs, layer.w), ins.transpose());
}

inline bool is_tiling(const Layer& layer, const std::string& buys) {
    const Matrix& w = layer.w;
    const bool rows = buys.find("W W^H = I") < buys.size(), columns = buys.find("W^H W = I") < buys.size();
    bool apart = true;
    for (Index o = 0; o < layer.geometry.out_channels(); ++o)
        for (Index c = 0; c < layer.geometry.in_channels(); ++c)
            apart = apart && ((layer.block(o, c).array() != 0).colwise().count() <= 1).all();
    return apart && (rows || columns) && (!rows || product(w, w.transpose()) == Matrix::Identity(w.rows(), w.rows())) &&
           (!columns || product(w.transpose(), w) == Matrix::Identity(w.cols(), w.cols()));
}

inline bool is_block_diagonal(const Layer& layer) {
    Matrix rest = layer.w;
    const Index groups = layer.geometry.groups(), rows = rest.rows() / groups, cols = rest.cols() / groups;
    for (Index g = 0; g < groups; ++g) rest.block(g * rows, g * cols, rows, cols).setZero();
    return groups > 1 && rest.isZero(0);
}

// The orthonormal DCT-II, or the unitary DFT of a periodic axis.
inline Complex transform(const Axis& axis) {
    const Index n = axis.input;
    const bool cosine = axis.boundary == Boundary::half_symmetric || axis.boundary == Boundary::replicate;
    Complex q(n, n);
    for (Index f = 0; f < n; ++f)
        for (Index i = 0; i < n; ++i) {
            const double angle = std::numbers::pi * static_cast<double>(f) / static_cast<double>(n);
            const double wave = std::cos(angle * (static_cast<double>(i) + 0.5)) * (f == 0 ? 1 : std::numbers::sqrt2);
            q(f, i) = cosine ? wave : std::polar(1.0, 2 * angle * static_cast<double>(i));
        }
    return q / std::sqrt(static_cast<double>(n));
}

inline bool transforms_diagonalise(const Layer& layer) {
    const ConvGeometry& g = layer.geometry;
    if (g.input_size() != g.output_size()) return false;
    Complex q = Complex::Identity(1, 1);
    for (const Axis& axis : g.axes()) {
        const Complex next = transform(axis), before = q;
        q.resize(before.rows() * next.rows(), before.cols() * next.cols());
        for (Index i = 0; i < before.rows(); ++i)
            for (Index j = 0; j < before.cols(); ++j)
                q.block(i * next.rows(), j * next.cols(), next.rows(), next.cols()) = before(i, j) * next;
    }
    const double small = 1e-13 * static_cast<double>(layer.w.rows()) * layer.w.cast<double>().norm();
    for (Index o = 0; o < g.out_channels(); ++o)
        for (Index c = 0; c < g.in_channels(); ++c) {
            Complex block = product(product(q, layer.block(o, c).cast<std::complex<double>>()), q.adjoint());
            block.diagonal().setZero();
            if (block.norm() > small) return false;
        }
    return true;
}

// Σ_t a[t] Π_t of one axis.
inline Sparse<Integer> axis_matrix(const Axis& axis, const std::vector<Integer>& a) {
    Sparse<Integer> sum(axis.output, axis.input);
    for (Index t = 0; t < axis.kernel; ++t) sum = sum + a[static_cast<std::size_t>(t)] * tap_matrix<Integer>(axis, t);
    sum.makeCompressed();
    return sum;
}

// Divides the values by their greatest common divisor, which is returned.
inline Integer made_primitive(std::vector<Integer>& values) {
    Integer divisor = 0;
    for (const Integer value : values) divisor = std::gcd(divisor, value);
    for (Integer& value : values) value /= divisor;
    return divisor;
}

// ∏ (pivot / g_j) W = pivot (A ⊗ W_1 ⊗ ... ⊗ W_D) of the fibres through a nonzero weight, each divided by its greatest
// common divisor g_j so that the numbers stay small: in integers, with ==. One group.
inline bool is_product_of_fibres(const ConvGeometry& g, std::span<const Integer> weights, Index outs, Index ins,
                                 const Matrix& w) {
    const auto nonzero = std::ranges::find_if(weights, [](Integer v) { return v != 0; });
    if (nonzero == weights.end()) return w.isZero(0);
    const Index pivot = nonzero - weights.begin(), taps = g.kernel_size();
    const auto weight = [&](Index i) { return weights[static_cast<std::size_t>(i)]; };
    std::vector<Integer> fibre;
    for (Index pair = 0; pair < outs * ins; ++pair) fibre.push_back(weight(pair * taps + pivot % taps));
    Integer scale = *nonzero / made_primitive(fibre);
    std::vector<Sparse<Integer>> factors = {sparse_from<Integer>(fibre, outs, ins)};
    Index step = taps;
    for (const Axis& axis : g.axes()) {
        step /= axis.kernel;
        fibre.clear();
        for (Index t = 0; t < axis.kernel; ++t)
            fibre.push_back(weight(pivot + (t - pivot / step % axis.kernel) * step));
        scale *= *nonzero / made_primitive(fibre);
        factors.push_back(axis_matrix(axis, fibre));
    }
    return *nonzero * Matrix(kronecker<Integer>(factors)) == scale * w;
}

inline bool every_group_is_a_product(const Layer& layer) {
    const ConvGeometry& g = layer.geometry;
    const auto count = static_cast<std::size_t>(layer.kernel.size() / g.groups());
    for (Index group = 0; group < g.groups(); ++group)
        if (!is_product_of_fibres(g, layer.kernel.values().subspan(static_cast<std::size_t>(group) * count, count),
                                  g.out_channels_per_group(), g.in_channels_per_group(), layer.group(group)))
            return false;
    return true;
}

// Whether W, as a matrix from (position out, in) on `axis` (-1: channels) to all others, has rank 1 or 0.
inline bool separates_on(const Layer& layer, Index axis) {
    const ConvGeometry& g = layer.geometry;
    const Shape outs = g.output_shape(), ins = g.input_shape(), out_steps = detail::steps_of(outs),
                in_steps = detail::steps_of(ins);
    const auto j = static_cast<std::size_t>(axis + 1);
    std::map<std::pair<Index, Index>, std::map<std::pair<Index, Index>, Integer>> rows;
    for (Index u = 0; u < layer.w.rows(); ++u)
        for (Index i = 0; i < layer.w.cols(); ++i) {
            if (layer.w(u, i) == 0) continue;
            const Index at_out = u / out_steps[j] % outs[j], at_in = i / in_steps[j] % ins[j];
            rows[{at_out, at_in}][{u - at_out * out_steps[j], i - at_in * in_steps[j]}] = layer.w(u, i);
        }
    if (rows.empty()) return true;
    const auto& first = rows.begin()->second;
    return std::ranges::all_of(rows, [&](const auto& entry) {
        const auto& row = entry.second;
        return row.size() == first.size() && std::ranges::equal(row, first, [&](const auto& a, const auto& b) {
                   return a.first == b.first && a.second * first.begin()->second == b.second * row.begin()->second;
               });
    });
}

inline bool is_sum_of_products(const Layer& layer, Index terms) {
    Shape extents;
    for (const Axis& axis : layer.geometry.axes())
        if (axis.kernel > 1) extents.push_back(axis.kernel);
    const auto rank = exact_rank(sparse_from<Integer>(layer.kernel.values(), extents[0], extents[1]));
    return layer.geometry.rows() == layer.geometry.output_size() && rank == terms;
}

// The statement of a fact, of W itself.
inline bool holds(const Layer& layer, const Structure& structure, const StructureFact& fact) {
    switch (fact.kind) {
    case Kind::permutation:
        return is_permutation(layer);
    case Kind::orthogonal_tiling:
        return is_tiling(layer, fact.buys);
    case Kind::circulant:
    case Kind::bccb:
        return is_circulant(layer);
    case Kind::strided_circulant:
        return is_strided_circulant(layer);
    case Kind::toeplitz_plus_hankel:
        return transforms_diagonalise(layer);
    case Kind::kronecker:
        if (fact.name.find("every group") < fact.name.size()) return every_group_is_a_product(layer);
        return structure.kronecker_terms != 1 || layer.geometry.groups() > 1 || every_group_is_a_product(layer);
    case Kind::triangular:
        return is_triangular(layer.w, fact.name);
    case Kind::block_diagonal:
        return is_block_diagonal(layer);
    case Kind::block_triangular:
        return is_triangular(channels_made_last(layer), fact.name.substr(0, fact.name.find(" in ")),
                             layer.geometry.in_channels());
    case Kind::toeplitz:
    case Kind::bttb:
        return is_toeplitz(layer);
    case Kind::sum_of_kroneckers:
        return is_sum_of_products(layer, structure.kronecker_terms);
    case Kind::none:
        return structure.facts.size() == 1;
    }
    return false;
}

} // namespace convmat::test
