#pragma once

#include <optional>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/solve/penalty.hpp>

#include "../numerics/dense_svd.hpp"
#include "../numerics/linear_map.hpp"
#include "nested_dissection.hpp"

namespace convmat::solve {

using numerics::Complex;
using numerics::Dense;

template <class S>
using Columns = Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t>;

/// A and L of min ||A x - y||² + λ² ||L x||², as operators and as sparse matrices. A is W, or W^H for Form::transpose:
/// then the weights are already conjugated, so that it is the W^T that was asked for.
template <class S>
class System {
  public:
    System(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form, Penalty penalty);

    const ConvGeometry& geometry() const { return geometry_; }
    const Tensor<S>& kernel() const { return kernel_; }
    Form form() const { return form_; }
    Penalty penalty() const { return penalty_; }
    Index rows() const { return forward_.rows(); }
    Index cols() const { return forward_.cols(); }
    Shape x_shape() const { return form_ == Form::matrix ? geometry_.input_shape() : geometry_.output_shape(); }
    Shape y_shape() const { return form_ == Form::matrix ? geometry_.output_shape() : geometry_.input_shape(); }

    void apply(const S* x, S* y) const { forward_.apply(x, y); }
    void apply_adjoint(const S* y, S* x) const { adjoint_.apply(y, x); }
    numerics::LinearMap<S> map() const; ///< A; the system has to outlive it

    Index penalty_rows() const;                                      ///< of L
    void apply_penalty(const S* x, S* z) const;                      ///< z = L x
    void add_penalty_adjoint(double factor, const S* z, S* x) const; ///< x += factor L^H z
    void add_penalty_square(double factor, const S* x, S* g) const;  ///< g += factor L^H L x
    double penalty_norm(const S* x) const;                           ///< ||L x||

    /// g = A^H (y - A x) - λ² L^H L x, and r = y - A x.
    void normal_residual(double lambda, const S* y, const S* x, S* r, S* g) const;

    Columns<S> columns() const;                      ///< A
    Columns<S> adjoint_columns() const;              ///< A^H
    Columns<S> stacked_adjoint(double lambda) const; ///< [A; λ L]^H
    Index nnz() const;                               ///< of A, not counted: rows × weights of an output, or more

  private:
    Index channels() const { return x_shape().front(); }
    Columns<S> built(Form form) const;

    ConvGeometry geometry_;
    Tensor<S> kernel_;
    Form form_;
    Penalty penalty_;
    ConvOperator<S> forward_;
    ConvOperator<S> adjoint_;
    std::vector<PenaltyLayer> layers_;
    std::vector<ConvOperator<S>> terms_; // of L, on one channel
    std::optional<ConvOperator<S>> laplacian_;
};

/// Of A^H A + λ² L^H L the x, of A A^H the y.
enum class Unknowns { x, y };

template <class S>
Grid unknowns_of(const System<S>& system, Unknowns which);

} // namespace convmat::solve
