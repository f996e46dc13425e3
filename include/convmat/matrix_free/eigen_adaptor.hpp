#pragma once

#include <functional>

#include <Eigen/SparseCore>

#include <convmat/matrix_free/conv_operator.hpp>

namespace convmat::matrix_free {

/// dest = W x into an Eigen object. The columns are the images; they are read and written where they are when they are
/// contiguous and x and dest do not overlap, else through a copy. Throws ShapeError when dest has another size.
template <ScalarType Scalar, class Dest, class Rhs>
void assign_product(const ConvOperator<Scalar>& op, Dest& dest, const Rhs& rhs) {
    using Columns = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    if (dest.rows() != op.rows() || dest.cols() != rhs.cols())
        throw ShapeError(concat("ConvOperator: the result is ", op.rows(), "x", rhs.cols(), ", not ", dest.rows(), "x",
                                dest.cols()));
    const Eigen::Ref<const Columns, 0, Eigen::OuterStride<>> x(rhs);
    constexpr bool direct = (Eigen::internal::traits<Dest>::Flags & Eigen::DirectAccessBit) != 0 &&
                            (!Dest::IsRowMajor || Dest::ColsAtCompileTime == 1);
    if constexpr (direct) {
        const auto before = [](const Scalar* a, const Scalar* b) { return std::less_equal<const Scalar*>()(a, b); };
        const Scalar* const x_end = x.data() + (x.cols() - 1) * x.outerStride() + x.rows();
        const Index stride = dest.cols() > 1 ? dest.outerStride() : dest.rows();
        const Scalar* const dest_end = dest.data() + (dest.cols() - 1) * stride + dest.rows();
        if (dest.innerStride() == 1 && (x.cols() == 0 || before(x_end, dest.data()) || before(dest_end, x.data()))) {
            op.apply(x.data(), dest.data(), x.cols(), x.cols() > 1 ? x.outerStride() : 0, x.cols() > 1 ? stride : 0);
            return;
        }
    }
    Columns result(op.rows(), rhs.cols());
    op.apply(x.data(), result.data(), x.cols(), x.cols() > 1 ? x.outerStride() : 0);
    dest = result;
}

} // namespace convmat::matrix_free

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
        Eigen::Matrix<Scalar, Eigen::Dynamic, Rhs::ColsAtCompileTime == 1 ? 1 : Eigen::Dynamic> product(op.rows(),
                                                                                                        rhs.cols());
        convmat::matrix_free::assign_product(op, product, rhs);
        dest += alpha * product;
    }
};
