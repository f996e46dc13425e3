#pragma once

#include <algorithm>
#include <vector>

#include <convmat/io/any.hpp>

namespace convmat::test {

/// Whether two compressed matrices are the same in every array: shape, pattern with its zeros, values.
template <class Matrix>
bool same(const Matrix& a, const Matrix& b) {
    return a.rows() == b.rows() && a.cols() == b.cols() && a.nonZeros() == b.nonZeros() &&
           std::equal(a.outerIndexPtr(), a.outerIndexPtr() + a.outerSize() + 1, b.outerIndexPtr()) &&
           std::equal(a.innerIndexPtr(), a.innerIndexPtr() + a.nonZeros(), b.innerIndexPtr()) &&
           std::equal(a.valuePtr(), a.valuePtr() + a.nonZeros(), b.valuePtr());
}

/// 3 x 4 with an empty row and an explicit zero: (0,1) = 5, (0,3) = -7, (2,0) = 0, (2,3) = 9.
template <class S>
StoredSparse<S> small() {
    const std::vector<Eigen::Triplet<S, std::int64_t>> entries = {
        {0, 1, S{5}}, {0, 3, S{-7}}, {2, 0, S{0}}, {2, 3, S{9}}};
    StoredSparse<S> matrix(3, 4);
    matrix.setFromTriplets(entries.begin(), entries.end());
    return matrix;
}

} // namespace convmat::test
