#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include <convmat/base/random.hpp>
#include <convmat/identities/catalogue.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/reference/loops.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/structure/related_layers.hpp>

#include "algebra.hpp"
#include "conditions.hpp"

/// What an entry of the catalogue is put together from. A check is a generic lambda
///
///     [](const auto& c, Variant v) { ... return equal(left, right, bound); }
///
/// over a case of any scalar: exact() runs it in the case's own, real() never in integers.
namespace convmat::identities {

/// The entries of each chapter of the catalogue.
std::vector<Identity> construction();
std::vector<Identity> transposition();
std::vector<Identity> factorisation();
std::vector<Identity> ordering();
std::vector<Identity> composition();
std::vector<Identity> bilinearity();
std::vector<Identity> norms();
std::vector<Identity> spectra();
std::vector<Identity> ranks();
std::vector<Identity> upsampling();

using Check = std::function<AnySides(const AnyCase&, Variant)>;

/// The case in floating point, where it is not already.
std::variant<IdentityCase<double>, IdentityCase<std::complex<double>>> in_floating_point(const AnyCase& layer);

/// Whether no sum of any check can leave 64 bits; other integer cases are checked in floating point.
bool stays_exact(const AnyCase& layer);

/// The sides as any sides.
template <class S>
AnySides any_sides(Sides<S>&& sides);

template <class Lambda>
Check exact(Lambda check) {
    return [check](const AnyCase& layer, Variant v) {
        return std::visit([&](const auto& c) -> AnySides { return any_sides(check(c, v)); }, layer);
    };
}

template <class Lambda>
Check real(Lambda check) {
    return [check](const AnyCase& layer, Variant v) {
        return std::visit([&](const auto& c) -> AnySides { return any_sides(check(c, v)); }, in_floating_point(layer));
    };
}

/// The relation of two sides, with what rounding may make of an entry's difference.
template <class S>
Sides<S> equal(const Matrix<S>& left, const Matrix<S>& right, double bound = 0);
template <class S>
Sides<S> at_most(const Matrix<S>& left, const Matrix<S>& right, double bound = 0);

/// W of a geometry, and of the case.
template <class S>
Matrix<S> w(const ConvGeometry& geometry, const Tensor<S>& kernel);
template <class S>
Matrix<S> w(const IdentityCase<S>& c) {
    return w(c.geometry, c.kernel);
}

template <class S>
Matrix<S> column(const Tensor<S>& values) {
    return Matrix<S>::column(values);
}

/// A count as an S.
template <class S>
S whole(Index count) {
    return S(static_cast<RealOf<S>>(count));
}

/// The rows that a geometry has, of those that its formula gives: fewer only where a transposed layer's output padding
/// reaches its stride (see ConvGeometry::from_transposed).
template <class S>
Matrix<S> stated_outputs(const ConvGeometry& g, Index channels);
template <class S>
Matrix<S> stated_outputs(const ConvGeometry& g) {
    return stated_outputs<S>(g, g.out_channels());
}

/// How often weights, x, y and drawn arrays are multiplied into an entry of a side.
struct Degree {
    int kernel = 1;
    int x = 0;
    int y = 0;
    int drawn = 0;
};

/// |value|; of the least integer too.
template <class S>
double size_of(S value) {
    if constexpr (std::is_same_v<S, std::int64_t>)
        return std::abs(static_cast<double>(value));
    else
        return std::abs(value);
}

/// The number of values that a sum of any side can have.
template <class S>
double summed(const IdentityCase<S>& c) {
    return static_cast<double>(c.geometry.weights() + c.x.size() + c.y.size());
}

/// The largest value an entry of that degree can have: products of Σ|K|, Σ|x|, Σ|y|, 9 times the number of values of a
/// drawn array, and what the boundaries' coefficients make of them.
template <class S>
double magnitude(const IdentityCase<S>& c, Degree degree);

/// By how much two orders of summation may differ in an entry of that degree: 8 N eps times magnitude(), N being the
/// number of values that are summed. 0 for integers.
template <class S>
double rounding(const IdentityCase<S>& c, Degree degree = {}) {
    if constexpr (std::is_same_v<S, std::int64_t>) return 0;
    return 8 * summed(c) * std::numeric_limits<double>::epsilon() * magnitude(c, degree);
}

/// Integers from -9 to 9 as S; `which` tells several of one case apart.
template <class S>
Tensor<S> drawn(const IdentityCase<S>& c, const Shape& shape, std::uint64_t which = 1);

/// Both sides of a popular belief, and the rows in which it fails.
template <class S>
struct Belief {
    Matrix<S> left;
    Matrix<S> right;
    std::vector<Index> failing_rows;
};

/// Where rows differ: a column with 1 for each such row. A row that only one side has differs.
template <class S>
Matrix<S> differing_rows(const Matrix<S>& left, const Matrix<S>& right);

/// Completes the entry of a counter-identity from the belief, a generic lambda from a case to a Belief: it holds when
/// the belief fails in exactly the rows it foretells. The belief is computed in integers, or exactly in floating point.
template <class Lambda>
Identity counter(Identity entry, std::function<AnyCase()> witness, Lambda belief) {
    entry.kind = Kind::counter_identity;
    entry.mistake = "the last of the rows is not foretold";
    entry.witness = std::move(witness);
    entry.belief = [belief](const AnyCase& layer) {
        return std::visit(
            [&](const auto& c) -> AnySides {
                const auto b = belief(c);
                return any_sides(equal(b.left, b.right));
            },
            layer);
    };
    entry.sides = exact([belief]<class S>(const IdentityCase<S>& c, Variant v) {
        const Belief<S> b = belief(c);
        const auto differing = differing_rows(b.left, b.right);
        std::vector<S> foretold(static_cast<std::size_t>(differing.rows()), S(0));
        for (const Index row : b.failing_rows) foretold[static_cast<std::size_t>(row)] = S(1);
        if (v == Variant::mistaken) foretold[static_cast<std::size_t>(b.failing_rows.back())] = S(0);
        return equal(differing, Matrix<S>::column(std::span<const S>(foretold)));
    });
    return entry;
}

/// A case with the given weights and 1, 2, 3, ... as data: a witness.
IdentityCase<std::int64_t> counting_case(const ConvSpec& spec, std::vector<std::int64_t> weights);

} // namespace convmat::identities
