#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/base/types.hpp>
#include <convmat/geometry/conv_geometry.hpp>

/// What the structure of W is called, which numbers make it so, and what it buys.
namespace convmat {

/// The most useful first. "Blocks" are those between an output and an input channel, |m| x |n|; between channels of
/// different groups they are 0.
///
/// | class                  | W                                                                                    |
/// |------------------------|--------------------------------------------------------------------------------------|
/// | `permutation`          | one 1 in every row and column, 0 elsewhere                                           |
/// | `orthogonal_tiling`    | W W^H = I or W^H W = I, and no two outputs (of a channel) read one input             |
/// | `circulant`            | on one axis, every block: B[u, i] = b[(i - u) mod n], n x n                          |
/// | `bccb`                 | the same on several axes                                                             |
/// | `strided_circulant`    | every s-th row, on each axis, of one of the last two                                 |
/// | `toeplitz_plus_hankel` | every block C^T diag C: C the DCT-II, on periodic axes the DFT (then C^H)            |
/// | `kronecker`            | every group's part a Kronecker product of smaller factors, axes reordered if need be |
/// | `triangular`           | (lower or upper) triangular and square, one channel in and out a group               |
/// | `block_diagonal`       | one block a group on the diagonal                                                    |
/// | `block_triangular`     | with channels last: triangular in C x C blocks                                       |
/// | `toeplitz`             | on one axis, every block: B[u, i] = b[i - u], |m| x |n|                              |
/// | `bttb`                 | the same on several axes                                                             |
/// | `sum_of_kroneckers`    | one channel, two axes: fewer Kronecker products than make it cheaper to apply        |
/// | `none`                 | none of these was found                                                              |
///
/// An axis with one position in and out is none: a layer without another is neither circulant nor Toeplitz here.
enum class StructureClass {
    permutation,
    orthogonal_tiling,
    circulant,
    bccb,
    strided_circulant,
    toeplitz_plus_hankel,
    kronecker,
    triangular,
    block_diagonal,
    block_triangular,
    toeplitz,
    bttb,
    sum_of_kroneckers,
    none
};

/// The enumerator's own name: `"orthogonal_tiling"`.
std::string_view to_string(StructureClass kind);

/// One true statement about W.
struct StructureFact {
    StructureClass kind = StructureClass::none;
    std::string name;   ///< "BCCB with 3 x 2 blocks"
    std::string reason; ///< the numbers that make it so
    std::string buys;   ///< what diagonalises, solves or applies W; empty for `none`
};

/// "name: reason; what it buys"
std::string to_text(const StructureFact& fact);

/// What is known of W's structure.
struct Structure {
    std::vector<StructureFact> facts; ///< in the order of StructureClass, never empty: `none` alone if nothing holds

    std::vector<Index> separable_axes; ///< the axes j with K[o, c, t] = a[t_j] K'[o, c, the other t]; k = 1 suffices
    bool separable_channels = false;   ///< K[o, c, t] = A[o, c] K'[t]; one channel in (a group) and out suffices

    /// The number of terms of which W is a sum, each a Kronecker product of one factor for the channels and one an
    /// axis: 1 where K is a product of one array for each, for one channel on two axes the rank of K; 0 when it was not
    /// determined.
    Index kronecker_terms = 0;

    /// ||K - K_1||_F / ||K||_F, where K_1 = K[pivot] ∏ f_j / K[pivot] is the product of K's fibres f_j through its
    /// largest weight: 0 for a separable kernel. Unknown without a kernel, and of one with values that are not finite.
    std::optional<double> separability_residual;

    StructureClass kind() const { return facts.front().kind; }
    const std::string& name() const { return facts.front().name; }
    bool is(StructureClass kind) const;
};

struct StructureOptions {
    /// How far weights may be from separable (relative to ||K||_F), from rank rho (relative to the largest singular
    /// value) or from orthonormal (an entry of K_mat K_mat^H - I). Default: 512 eps of the weights' precision, 1.1e-13
    /// for double. Integers are exact: there it is not used.
    std::optional<double> tolerance = {};
};

/// What holds of W = kernel2matrix(geometry, kernel), whether or not another kernel would do. Weights that touch no
/// entry of W (they are 0, or only ever meet zero padding) are as good as absent. Every statement is true; not every
/// true one is found: a layer is seen as the product of its axes, so that what a coincidence between axes or a
/// cancellation of weights makes is missed, and so is what a stated fact implies (a circulant is Toeplitz, a
/// permutation is orthogonal). Permutations are looked for on axes of up to 2^20 outputs, where each output channel has
/// one weight.
///
/// Cost: a few passes over the weights, and where K_mat may be orthonormal the product K_mat K_mat^H; W is not built.
/// Throws ShapeError unless the kernel has the geometry's kernel_shape().
template <ScalarType Scalar>
Structure structure_of(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                       const StructureOptions& options = {});

/// What holds of W whatever the kernel is.
Structure structure_of(const ConvGeometry& geometry);

} // namespace convmat
