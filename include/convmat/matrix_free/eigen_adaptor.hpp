#pragma once

#include <Eigen/SparseCore>

#include <convmat/matrix_free/conv_operator.hpp>

namespace convmat::matrix_free {

/// Throws ShapeError unless dest has the size of W x.
template <ScalarType Scalar, class Dest, class Rhs>
void require_result(const ConvOperator<Scalar>& op, const Dest& dest, const Rhs& rhs) {
    if (rhs.rows() != op.cols() || dest.rows() != op.rows() || dest.cols() != rhs.cols())
        throw ShapeError(
            {.parameter = "dest",
             .value = concat(dest.rows(), "x", dest.cols()),
             .expected = concat("the shape of ", op.rows(), "x", op.cols(), " times ", rhs.rows(), "x", rhs.cols()),
             .sentence = concat("ConvOperator: the result of ", op.rows(), "x", op.cols(), " times ", rhs.rows(), "x",
                                rhs.cols(), " is not ", dest.rows(), "x", dest.cols())});
}

/// dest = W x into an Eigen object that does not overlap x. The columns are the images; they are read and written where
/// they are when they are contiguous, else through a copy.
template <ScalarType Scalar, class Dest, class Rhs>
void assign_product(const ConvOperator<Scalar>& op, Dest& dest, const Rhs& rhs) {
    using Columns = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    require_result(op, dest, rhs);
    const Eigen::Ref<const Columns, 0, Eigen::OuterStride<>> seen(rhs);
    if (seen.cols() > 1 && seen.outerStride() < seen.rows()) { // columns that overlap each other
        const Columns copy = seen;
        assign_product(op, dest, copy);
        return;
    }
    const Index x_stride = seen.cols() > 1 ? seen.outerStride() : 0;
    constexpr bool by_columns = (Eigen::internal::traits<Dest>::Flags & Eigen::DirectAccessBit) != 0 &&
                                (!Dest::IsRowMajor || Dest::ColsAtCompileTime == 1);
    if constexpr (by_columns) {
        if (dest.innerStride() == 1) {
            op.apply(seen.data(), dest.data(), seen.cols(), x_stride, seen.cols() > 1 ? dest.outerStride() : 0);
            return;
        }
    }
    Columns result(op.rows(), seen.cols());
    op.apply(seen.data(), result.data(), seen.cols(), x_stride);
    dest = result;
}

} // namespace convmat::matrix_free

/// `x = W * x` is computed beside x; `y.noalias() = W * x` says that it need not be.
template <class Scalar_, class Rhs>
struct Eigen::internal::evaluator_assume_aliasing<
    Eigen::Product<convmat::ConvOperator<Scalar_>, Rhs, Eigen::AliasFreeProduct>> {
    static const bool value = true;
};

template <class Scalar_, class Rhs, int ProductTag>
struct Eigen::internal::generic_product_impl<convmat::ConvOperator<Scalar_>, Rhs, Eigen::SparseShape, Eigen::DenseShape,
                                             ProductTag>
    : generic_product_impl_base<convmat::ConvOperator<Scalar_>, Rhs,
                                generic_product_impl<convmat::ConvOperator<Scalar_>, Rhs, Eigen::SparseShape,
                                                     Eigen::DenseShape, ProductTag>> {
    using Scalar = Scalar_;

    template <class Dest>
    static void evalTo(Dest& dest, const convmat::ConvOperator<Scalar>& op, const Rhs& rhs) {
        convmat::matrix_free::assign_product(op, dest, rhs);
    }

    template <class Dest>
    static void scaleAndAddTo(Dest& dest, const convmat::ConvOperator<Scalar>& op, const Rhs& rhs,
                              const Scalar& alpha) {
        convmat::matrix_free::require_result(op, dest, rhs);
        Eigen::Matrix<Scalar, Eigen::Dynamic, Rhs::ColsAtCompileTime == 1 ? 1 : Eigen::Dynamic> product(op.rows(),
                                                                                                        rhs.cols());
        convmat::matrix_free::assign_product(op, product, rhs);
        dest += alpha * product;
    }
};
