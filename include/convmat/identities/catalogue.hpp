#pragma once

#include <complex>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/structure/sparse.hpp>

/// What is true of a convolution as a matrix, as data: every identity has a name, a statement, a condition, a source,
/// and a check that computes both of its sides.
///
///     identities::IdentityCase<std::int64_t> layer{geometry, K, x, y};
///     for (const identities::Identity& identity : identities::catalogue()) {
///         const auto outcome = identities::check(identity, layer); // holds, does_not_apply because ..., fails
///     }
namespace convmat::identities {

/// What an identity is checked on: a layer, its weights K of shape (O, C/g, k...), an input x of shape (C, n...) and an
/// output y of shape (O, m...). Whatever else a check needs (a second kernel) it draws with the seed.
template <ScalarType Scalar>
struct IdentityCase {
    ConvGeometry geometry;
    Tensor<Scalar> kernel;
    Tensor<Scalar> x;
    Tensor<Scalar> y;
    std::uint64_t seed = 1;
};

/// In exact integers, or in floating point with a rounding bound.
using AnyCase = std::variant<IdentityCase<std::int64_t>, IdentityCase<double>, IdentityCase<std::complex<double>>>;

enum class Relation { equal, at_most };

/// Both sides, computed on ways that have as little in common as the identity allows. A vector is a matrix of one
/// column, a number one of one entry.
template <ScalarType Scalar>
struct Sides {
    Sparse<Scalar> left;
    Sparse<Scalar> right;
    double bound = 0; ///< what rounding may make of an entry's difference; 0 asks for equality
    Relation relation = Relation::equal;
};

using AnySides = std::variant<Sides<std::int64_t>, Sides<double>, Sides<std::complex<double>>>;

/// The right side as stated, or with the one mistake that `Identity::mistake` names: proof that the check can fail.
enum class Variant { stated, mistaken };

/// An identity holds wherever its condition does. A counter-identity is a popular belief that does not: its check says
/// `holds` when the belief fails, in exactly the rows foretold.
enum class Kind { identity, counter_identity };

struct Identity {
    std::string id{}; ///< "I-17"; parts of one statement are "I-18a", "I-18b", a counter-identity "I-12x"
    std::string name{};
    std::string statement{}; ///< one line
    std::string formula{};   ///< plain text
    std::string latex{};
    std::string when{};    ///< the condition, in words
    std::string source{};  ///< where it is stated or proved
    std::string mistake{}; ///< what Variant::mistaken does wrong
    Kind kind = Kind::identity;

    /// Why the case does not meet the condition, with the numbers; empty when it does.
    std::function<std::string(const AnyCase&)> unmet{};

    /// Both sides on a case that meets the condition.
    std::function<AnySides(const AnyCase&, Variant)> sides{};

    /// Of a counter-identity: the smallest case in which the belief fails, and both sides of the belief.
    std::function<AnyCase()> witness{};
    std::function<AnySides(const AnyCase&)> belief{};
};

/// `not_checked`: its condition aside, the layer is too large, or its numbers too large or too small for the sums.
enum class Verdict { holds, does_not_apply, not_checked, fails };

/// "holds", "does not apply", "not checked", "FAILS".
std::string_view to_string(Verdict verdict);

struct Outcome {
    Verdict verdict = Verdict::does_not_apply;
    std::string reason;  ///< why it does not apply or was not checked, or the first entry that differs
    double residual = 0; ///< the largest |left - right|; of at_most, by how much left is larger
    double bound = 0;    ///< what rounding may make of it; 0: the sides are equal
    AnySides sides;      ///< empty where nothing was compared
};

/// All identities, in the order of their numbers.
std::span<const Identity> catalogue();

/// The entries of an id: "I-22b" is one, "I-22" stands for I-22a and I-22b. Empty when there is none.
std::vector<const Identity*> find_identities(std::string_view id);

/// Why the case does not meet the identity's condition; empty when it does. Throws ShapeError when an array of the case
/// does not fit its geometry.
std::string why_not(const Identity& identity, const AnyCase& layer);

/// Computes both sides and compares them, unless the condition is not met. Integer cases are compared exactly, unless
/// their numbers are so large that sums could overflow 64 bits: those are checked in floating point. Layers beyond
/// the limits below, and numbers whose products could leave double precision, are not checked, and the reason says so.
/// Throws as why_not().
Outcome check(const Identity& identity, const AnyCase& layer, Variant variant = Variant::stated);

/// The statement, its condition, and both sides on the case: as small matrices where they have at most `most_columns`
/// characters a line, else their sizes.
std::string explain(const Identity& identity, const AnyCase& layer, Index most_columns = 100);

/// W is built and multiplied many times: layers are checked when W of stride 1, and W of the kernel with its dilation's
/// zeros, have at most this many nonzeros, rows and columns.
inline constexpr Index most_nonzeros_checked = 5'000'000;

/// The largest weight, input and output of a case in floating point lie between this and its inverse, or are zero:
/// products of four then neither overflow nor vanish.
inline constexpr double largest_number_checked = 0x1p250;

/// Singular values and determinants are computed densely, of matrices with at most this many rows or columns.
inline constexpr Index most_dense_checked = 400;

} // namespace convmat::identities
