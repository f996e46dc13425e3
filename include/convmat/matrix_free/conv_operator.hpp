#pragma once

#include <memory>

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat {

template <ScalarType Scalar>
class ConvOperator;

namespace matrix_free {

/// Which of the maps that belong to one W: y = W x, W^T x, W^H x or conj(W) x.
enum class Map { forward, transpose, adjoint, conjugate };

/// What an operator and its transposes share.
template <ScalarType Scalar>
class SharedOperator;

} // namespace matrix_free
} // namespace convmat

/// What Eigen's expressions ask of an operand's type: it is nested by value, being no more than a pointer.
template <class Scalar_>
struct Eigen::internal::traits<convmat::ConvOperator<Scalar_>> {
    using Scalar = Scalar_;
    using StorageIndex = Eigen::Index;
    using StorageKind = Eigen::Sparse;
    using XprKind = Eigen::MatrixXpr;
    enum {
        RowsAtCompileTime = Eigen::Dynamic,
        ColsAtCompileTime = Eigen::Dynamic,
        MaxRowsAtCompileTime = Eigen::Dynamic,
        MaxColsAtCompileTime = Eigen::Dynamic,
        Flags = 0,
        SupportedAccessPatterns = 0
    };
};

namespace convmat {

/// W without storing it: y = W x for Y[o,u] = sum_{c,t} K[o,c,t] X[c, s∘u + d∘t - p], and W^T, W^H.
///
///     const ConvOperator<float> W(geometry, K);        // K of shape (O, C/g, k...)
///     Eigen::VectorXf y = W * x;                       // x is vec(X), row-major, channels first
///     Eigen::VectorXf z = W.transpose() * y;           // the transposed convolution
///     Eigen::MatrixXf Y = W * X;                       // a batch: one image a column
///     W.apply(x.data(), y.data());                     // plain arrays
///
/// rows(), cols() and the products are those of kernel2matrix(geometry, K), in Eigen's expressions and iterative
/// solvers too. Integer values agree with it exactly; floating-point sums are rounded in another order. Where a weight
/// is NaN or infinite, W's entries are computed row by row: slowly, and without a tap where W has none.
///
/// A solver's compute(op) keeps a reference, as it does to a matrix: name the operator, also a transpose(), that it is
/// given. `y.noalias() = op * x` writes into y directly; without noalias Eigen makes a copy, in case x is y.
///
/// The constructor costs O(weights); a product costs rows() (C/g) k multiplications (no stuffed zeros, whatever the
/// stride), on OpenMP's threads, in the best instruction set of the processor (see instruction_set()). Memory beyond x
/// and y: K, a packed copy of it for each of the maps that is used, and for each thread a copy of the part of the
/// extended input that a job reads. That is about 512 KiB where jobs can be cut that small, which a dilation or kernel
/// of the image's own size forbids; where a boundary folds W^T, also the extended output of up to 32 MiB of images (at
/// least one). It is kept, so that a second apply() of the same shape allocates nothing. Copies and transposes share
/// all of it. Safe to apply from several threads.
template <ScalarType Scalar_>
class ConvOperator : public Eigen::EigenBase<ConvOperator<Scalar_>> {
  public:
    using Scalar = Scalar_;
    using RealScalar = typename Eigen::NumTraits<Scalar>::Real;
    using StorageIndex = Index;
    enum {
        RowsAtCompileTime = Eigen::Dynamic,
        ColsAtCompileTime = Eigen::Dynamic,
        MaxRowsAtCompileTime = Eigen::Dynamic,
        MaxColsAtCompileTime = Eigen::Dynamic,
        IsRowMajor = false
    };

    /// Throws ShapeError unless K has shape geometry.kernel_shape(), ArgumentError for an unknown
    /// CONVMAT_INSTRUCTION_SET.
    ConvOperator(const ConvGeometry& geometry, const Tensor<Scalar>& kernel);

    Index rows() const;
    Index cols() const;
    const ConvGeometry& geometry() const; ///< that of W, for its transpose too

    /// W^T, W^H and conj(W); nothing is copied.
    ConvOperator transpose() const;
    ConvOperator adjoint() const;
    ConvOperator conjugate() const;

    /// y = W x for `images` images: x of cols() and y of rows() values each, x_stride and y_stride values apart (0: one
    /// directly after the other). x and y must not overlap. Throws ShapeError for a negative number of images or a
    /// stride below the size of an image, SizeError when the memory it needs is not there.
    void apply(const Scalar* x, Scalar* y, Index images = 1, Index x_stride = 0, Index y_stride = 0) const;

    /// W x as an Eigen expression; x has cols() rows and any number of columns. Throws ShapeError otherwise.
    template <class Derived>
    requires std::same_as<typename Derived::Scalar, Scalar>
        Eigen::Product<ConvOperator, Derived, Eigen::AliasFreeProduct>
    operator*(const Eigen::MatrixBase<Derived>& x) const {
        if (x.rows() != cols())
            throw ShapeError({.parameter = "x",
                              .value = concat(x.rows(), " rows"),
                              .expected = concat(cols(), " for a ", rows(), "x", cols(), " operator"),
                              .found = concat("ConvOperator: x has ", x.rows(), " rows")});
        return Eigen::Product<ConvOperator, Derived, Eigen::AliasFreeProduct>(*this, x.derived());
    }

  private:
    using Map = matrix_free::Map;
    using Shared = std::shared_ptr<const matrix_free::SharedOperator<Scalar>>;

    ConvOperator(Shared shared, Map map) : shared_(std::move(shared)), map_(map) {}

    Shared shared_;
    Map map_ = Map::forward;
};

extern template class ConvOperator<float>;
extern template class ConvOperator<double>;
extern template class ConvOperator<std::complex<float>>;
extern template class ConvOperator<std::complex<double>>;
extern template class ConvOperator<std::int64_t>;

} // namespace convmat

#include <convmat/matrix_free/eigen_adaptor.hpp>
