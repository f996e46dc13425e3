#pragma once

#include <new>

#include <Eigen/SparseCore>

#include <convmat/base/memory.hpp>
#include <convmat/base/types.hpp>

namespace convmat::detail {

/// Eigen's storage makes room by `new Scalar[n]`, which for complex numbers writes zeros, on one thread, before the
/// pages could be advised. This gives it an array that nothing has written to. It relies on how Eigen 3.4 keeps and
/// frees its arrays; other versions get the ordinary resize.
template <class Scalar, class StorageIndex>
struct StorageAccess : Eigen::internal::CompressedStorage<Scalar, StorageIndex> {
    using Base = Eigen::internal::CompressedStorage<Scalar, StorageIndex>;

    static void make_room(Base& storage, Index count) {
#if EIGEN_VERSION_AT_LEAST(3, 4, 0) && !EIGEN_VERSION_AT_LEAST(3, 4, 90)
        if constexpr (Eigen::NumTraits<Scalar>::IsComplex) {
            Base fresh;
            fresh.*(&StorageAccess::m_values) =
                static_cast<Scalar*>(::operator new[](static_cast<std::size_t>(count) * sizeof(Scalar)));
            fresh.*(&StorageAccess::m_indices) = new StorageIndex[static_cast<std::size_t>(count)];
            fresh.*(&StorageAccess::m_allocatedSize) = count;
            fresh.*(&StorageAccess::m_size) = count;
            storage.swap(fresh);
            return;
        }
#endif
        storage.resize(count);
    }
};

/// A rows x cols matrix with room for `count` entries and nothing written yet, on huge pages where it is large.
template <class Matrix>
Matrix uninitialized(Index rows, Index cols, Index count) {
    using Scalar = typename Matrix::Scalar;
    using StorageIndex = typename Matrix::StorageIndex;
    Matrix matrix(rows, cols);
    StorageAccess<Scalar, StorageIndex>::make_room(matrix.data(), count);
    const auto size = static_cast<std::size_t>(count);
    advise_huge_pages(matrix.valuePtr(), size * sizeof(Scalar));
    advise_huge_pages(matrix.innerIndexPtr(), size * sizeof(StorageIndex));
    advise_huge_pages(matrix.outerIndexPtr(), static_cast<std::size_t>(matrix.outerSize() + 1) * sizeof(StorageIndex));
    return matrix;
}

} // namespace convmat::detail
