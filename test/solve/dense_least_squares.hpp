#pragma once

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/solve/least_squares.hpp>
#include <convmat/solve/penalty.hpp>

#include "../support/dense_oracles.hpp"

/// The oracle: A, L and the minimum as dense matrices.
namespace convmat::test {

template <class S>
DenseMatrix<S> dense_a(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form) {
    const DenseMatrix<S> w(kernel2matrix(geometry, kernel));
    if (form == Form::matrix) return w;
    return w.transpose();
}

// By differences of neighbours, not by convolutions.
template <class S>
DenseMatrix<S> dense_l(const ConvGeometry& geometry, Form form, Penalty penalty) {
    const Shape shape = form == Form::matrix ? geometry.input_shape() : geometry.output_shape();
    Index size = 1;
    for (const Index extent : shape) size *= extent;
    if (penalty == Penalty::none) return DenseMatrix<S>::Zero(1, size);
    if (penalty == Penalty::identity) return DenseMatrix<S>::Identity(size, size);
    DenseMatrix<S> rows = DenseMatrix<S>::Zero(size * (std::ssize(shape) - 1), size);
    Index row = 0, step = 1;
    for (std::size_t j = shape.size(); j-- > 1; step *= shape[j]) {
        const bool periodic = geometry.axis(static_cast<Index>(j) - 1).boundary == Boundary::periodic;
        for (Index i = 0; i < size; ++i) {
            const bool last = i / step % shape[j] == shape[j] - 1;
            if (last && !periodic) continue;
            const Index next = last ? i - step * (shape[j] - 1) : i + step;
            rows(row, i) -= 1;
            rows(row, next) += 1;
            ++row;
        }
    }
    if (penalty == Penalty::gradient) return rows;
    return rows.transpose() * rows;
}

/// x of least norm with the least ||A x - y||² + λ² ||L x||².
template <class S>
struct DenseSolution {
    DenseSolution(const DenseMatrix<S>& a, const DenseMatrix<S>& l, double lambda, const Tensor<S>& y)
        : stacked(a.rows() + l.rows(), a.cols()),
          right(DenseMatrix<S>::Zero(a.rows() + l.rows(), 1)) {
        stacked.topRows(a.rows()) = a;
        stacked.bottomRows(l.rows()) = lambda * l;
        right.col(0).head(a.rows()) = y.vec();
        DenseMinimum<S> minimum = dense_minimum(stacked, right);
        x = std::move(minimum.x);
        rank = minimum.rank;
    }

    /// The smallest eigenvalue of A^H A + λ² L^H L: what a normal residual is divided by, at most, to be an error of x.
    double least_eigenvalue() const { return hermitian_eigenvalues(DenseMatrix<S>(stacked.adjoint() * stacked))(0); }

    double objective(const DenseMatrix<S>& of) const { return (stacked * of - right).squaredNorm(); }

    DenseMatrix<S> stacked;
    DenseMatrix<S> right;
    DenseMatrix<S> x;
    Index rank = 0;
};

} // namespace convmat::test
