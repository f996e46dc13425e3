#pragma once

#include <limits>

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>
#include <convmat/matrix/row_fill.hpp>
#include <convmat/matrix/uninitialized.hpp>

namespace convmat {

/// M(x) with vec(Y) = M(x) vec(K) for Y[o,u] = sum_{c,t} K[o,c,t] X[c, s∘u + d∘t - p]: the kernel as the unknown.
///
/// x has shape geometry.input_shape() = (C, n...), M is (O m_1 ... m_D) x (O (C/g) k_1 ... k_D), row-major with
/// ascending columns. Taps that fall outside under the zero boundary are not stored; zeros of x are. M(x) is linear in
/// x, and with one group it is I_O ⊗ unfold(x)^T. Throws ShapeError when x does not fit, SizeError before allocating
/// when M does not.
template <StorageIndexType StorageIndex = int, ScalarType Scalar>
Eigen::SparseMatrix<Scalar, Eigen::RowMajor, StorageIndex> input2matrix(const ConvGeometry& geometry,
                                                                        const Tensor<Scalar>& input) {
    require_shape(input, geometry.input_shape(), "input2matrix: input", "input");
    const RowPlan plan = RowPlan::kernel_unknown(geometry);
    plan.require_indices(std::numeric_limits<StorageIndex>::max());
    plan.require_storage(sizeof(StorageIndex), sizeof(Scalar));
    auto matrix = detail::uninitialized<Eigen::SparseMatrix<Scalar, Eigen::RowMajor, StorageIndex>>(
        plan.rows(), plan.cols(), plan.nnz());
    RowFill<Scalar, StorageIndex>::all(plan, input.data(), matrix.outerIndexPtr(), matrix.innerIndexPtr(),
                                       matrix.valuePtr());
    return matrix;
}

} // namespace convmat
