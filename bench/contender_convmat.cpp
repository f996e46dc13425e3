// convmat itself: the operator, and the explicit matrix.
#include <Eigen/SparseCore>

#include "contender.hpp"
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix_free/conv_operator.hpp>

namespace convmat::bench {
namespace {

constexpr Index most_nonzeros = 30'000'000; // of a matrix that is measured

template <class Scalar>
class Operator : public Contender<Scalar> {
  public:
    explicit Operator(ConvOperator<Scalar> op) : op_(std::move(op)) {}
    void apply(const Scalar* x, Scalar* y) override { op_.apply(x, y); }

  private:
    ConvOperator<Scalar> op_;
};

template <class Scalar>
class Matrix : public Contender<Scalar> {
  public:
    using Sparse = Eigen::SparseMatrix<Scalar, Eigen::RowMajor>;
    explicit Matrix(Sparse matrix) : matrix_(std::move(matrix)) {}
    void apply(const Scalar* x, Scalar* y) override {
        using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
        Eigen::Map<Vector>(y, matrix_.rows()).noalias() = matrix_ * Eigen::Map<const Vector>(x, matrix_.cols());
    }

  private:
    Sparse matrix_;
};

} // namespace

template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_operator(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                 Direction direction, std::string&) {
    const ConvOperator<Scalar> op(geometry, kernel);
    return std::make_unique<Operator<Scalar>>(direction == Direction::forward ? op : op.transpose());
}

template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_matrix(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                               Direction direction, std::string& why) {
    if (ConvPattern<Eigen::RowMajor, std::int64_t>(geometry).nnz() > most_nonzeros) {
        why = "more than 30 million nonzeros";
        return nullptr;
    }
    return std::make_unique<Matrix<Scalar>>(
        direction == Direction::forward ? kernel2matrix(geometry, kernel) : kernel2matrix_transpose(geometry, kernel));
}

template std::unique_ptr<Contender<float>> make_operator(const ConvGeometry&, const Tensor<float>&, Direction,
                                                         std::string&);
template std::unique_ptr<Contender<double>> make_operator(const ConvGeometry&, const Tensor<double>&, Direction,
                                                          std::string&);
template std::unique_ptr<Contender<float>> make_matrix(const ConvGeometry&, const Tensor<float>&, Direction,
                                                       std::string&);
template std::unique_ptr<Contender<double>> make_matrix(const ConvGeometry&, const Tensor<double>&, Direction,
                                                        std::string&);

} // namespace convmat::bench
