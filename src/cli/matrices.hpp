#pragma once

#include <convmat/matrix/pattern.hpp>

namespace convmat::cli {

/// The matrix of a pattern with weights K, as ConvPattern::matrix, but compiled once for all commands.
template <class S>
struct Matrices {
    using Kernel = Tensor<S>;
    using Rows32 = Eigen::SparseMatrix<S, Eigen::RowMajor, int>;
    using Columns32 = Eigen::SparseMatrix<S, Eigen::ColMajor, int>;
    using Rows64 = Eigen::SparseMatrix<S, Eigen::RowMajor, std::int64_t>;
    using Columns64 = Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t>;

    static Rows32 of(const ConvPattern<Eigen::RowMajor, int>& pattern, const Kernel& kernel, ExplicitZeros zeros);
    static Columns32 of(const ConvPattern<Eigen::ColMajor, int>& pattern, const Kernel& kernel, ExplicitZeros zeros);
    static Rows64 of(const ConvPattern<Eigen::RowMajor, std::int64_t>& pattern, const Kernel& kernel,
                     ExplicitZeros zeros);
    static Columns64 of(const ConvPattern<Eigen::ColMajor, std::int64_t>& pattern, const Kernel& kernel,
                        ExplicitZeros zeros);
};

/// The same, with the scalar of the kernel.
template <class Pattern, ScalarType S>
auto matrix_of(const Pattern& pattern, const Tensor<S>& kernel, ExplicitZeros zeros = ExplicitZeros::keep) {
    return Matrices<S>::of(pattern, kernel, zeros);
}

} // namespace convmat::cli
