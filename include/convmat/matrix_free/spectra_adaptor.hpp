#pragma once

#include <vector>

#include <convmat/matrix_free/conv_operator.hpp>

namespace convmat {

/// y = W x in the form Spectra's solvers ask of a matrix: for the eigenvalues of a square W.
///
///     OperatorProduct<double> product(W);
///     Spectra::SymEigsSolver<OperatorProduct<double>> solver(product, 3, 20);   // if W is symmetric
template <ScalarType Scalar_>
class OperatorProduct {
  public:
    using Scalar = Scalar_;

    explicit OperatorProduct(ConvOperator<Scalar> op) : op_(std::move(op)) {
        if (op_.rows() != op_.cols())
            throw ShapeError({.parameter = "op",
                              .value = concat(op_.rows(), "x", op_.cols()),
                              .expected = "a square one",
                              .found = concat("OperatorProduct: W is ", op_.rows(), "x", op_.cols())});
    }

    Index rows() const { return op_.rows(); }
    Index cols() const { return op_.cols(); }
    void perform_op(const Scalar* x, Scalar* y) const { op_.apply(x, y); }

  private:
    ConvOperator<Scalar> op_;
};

/// y = W^H W x in the form Spectra's symmetric solvers ask of a matrix: its eigenvalues are the squares of W's singular
/// values, its eigenvectors W's right singular vectors.
///
///     GramProduct<double> gram(W);
///     Spectra::SymEigsSolver<GramProduct<double>> solver(gram, 3, 20);
template <ScalarType Scalar_>
class GramProduct {
  public:
    using Scalar = Scalar_;

    explicit GramProduct(ConvOperator<Scalar> op)
        : op_(std::move(op)),
          adjoint_(op_.adjoint()),
          wx_(static_cast<std::size_t>(op_.rows())) {}

    Index rows() const { return op_.cols(); }
    Index cols() const { return op_.cols(); }
    void perform_op(const Scalar* x, Scalar* y) const {
        op_.apply(x, wx_.data());
        adjoint_.apply(wx_.data(), y);
    }

  private:
    ConvOperator<Scalar> op_;
    ConvOperator<Scalar> adjoint_;
    mutable std::vector<Scalar> wx_;
};

} // namespace convmat
