#include "checks.hpp"

#include <limits>
#include <utility>

#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/reference/loops.hpp>

#include "matrices.hpp"
#include "rounding.hpp"

namespace convmat::cli {
namespace {

using Rows = ConvPattern<Eigen::RowMajor, std::int64_t>;
using Columns = ConvPattern<Eigen::ColMajor, std::int64_t>;
template <class S>
using RowMajor = Eigen::SparseMatrix<S, Eigen::RowMajor, std::int64_t>;

// Made once for all comparisons: the matrices, and the loops' results.
template <class S>
class LayerCheck {
    using Wide =
        std::conditional_t<std::is_integral_v<S>, S, std::conditional_t<is_complex<S>, std::complex<double>, double>>;
    using Vector = Eigen::Matrix<Wide, Eigen::Dynamic, 1>;

  public:
    LayerCheck(const ConvGeometry& geometry, const Tensor<S>& kernel, const Tensor<S>& x, const Tensor<S>& y)
        : geometry_(geometry),
          kernel_(kernel),
          x_(x),
          y_(y),
          kind_(kind_of(AnyTensor(Tensor<S>({0})))),
          matrix_(matrix_of(Rows(geometry), kernel)),
          transpose_(matrix_of(Rows(geometry, Form::transpose), kernel)),
          wx_(reference::convolve(geometry, kernel, x)),
          wty_(reference::transpose(geometry, kernel, y)) {
        if constexpr (!std::is_integral_v<S>) {
            const Rounding rounding(geometry, kernel);
            wx_bound_ = rounding.bounds(Form::matrix, x);
            wty_bound_ = rounding.bounds(Form::transpose, y);
            entry_bound_ = rounding.entry_bound();
        }
    }

    std::vector<Comparison> all() {
        Tensor<S> forward(geometry_.output_shape());
        Tensor<S> backward(geometry_.input_shape());
        forward.vec() = matrix_ * x_.vec();
        add("W x = loops", forward, wx_, wx_bound_);
        const ConvOperator<S> op(geometry_, kernel_);
        op.apply(x_.data(), forward.data());
        add("W x = loops, W not stored", forward, wx_, wx_bound_);
        op.transpose().apply(y_.data(), backward.data());
        add("W^T y = loops, W not stored", backward, wty_, wty_bound_);
        backward.vec() = transpose_ * y_.vec();
        add("W^T y = loops, W^T built directly", backward, wty_, wty_bound_);
        backward.vec() = matrix_.transpose() * y_.vec();
        add("W^T y = loops, W transposed by Eigen", backward, wty_, wty_bound_);
        forward.vec() = input2matrix<std::int64_t>(geometry_, x_) * kernel_.vec();
        add("M(x) k = loops", forward, wx_, wx_bound_);
        compare_storage();
        compare_products();
        return std::move(results_);
    }

  private:
    void add(const char* what, const Tensor<S>& found, const Tensor<S>& expected, const std::vector<double>& bounds) {
        results_.push_back(compare<S>(what, kind_, found.values(), expected.values(), bounds));
    }

    static std::span<const S> values_of(const RowMajor<S>& matrix) {
        return {matrix.valuePtr(), static_cast<std::size_t>(matrix.nonZeros())};
    }

    // Values, and the places they stand in.
    void compare_entries(const char* what, const RowMajor<S>& found, const RowMajor<S>& expected) {
        Comparison result = compare<S>(what, kind_, values_of(found), values_of(expected), entry_bound_);
        for (Index i = 0; i < expected.nonZeros() && result.ok(); ++i)
            if (found.innerIndexPtr()[i] != expected.innerIndexPtr()[i])
                result.difference = {i, concat("column ", found.innerIndexPtr()[i]),
                                     concat("column ", expected.innerIndexPtr()[i])};
        for (Index row = 0; row <= expected.rows() && result.ok(); ++row)
            if (found.outerIndexPtr()[row] != expected.outerIndexPtr()[row])
                result.difference = {row, concat("row begins at ", found.outerIndexPtr()[row]),
                                     concat("at ", expected.outerIndexPtr()[row])};
        results_.push_back(std::move(result));
    }

    void compare_storage() {
        const RowMajor<S> by_columns = matrix_of(Columns(geometry_), kernel_);
        compare_entries("column-major W = row-major W", by_columns, matrix_);
        compare_entries("direct W^T = transposed W", transpose_, RowMajor<S>(matrix_.transpose()));
    }

    // In double precision where S has less: the sums are long, and a bound in S would allow anything.
    void compare_products() {
        const Vector x = x_.vec().template cast<Wide>();
        const Vector y = y_.vec().template cast<Wide>();
        const Vector wx = matrix_.template cast<Wide>() * x;
        const Vector wty = transpose_.template cast<Wide>() * y;
        const Wide wx_y = wx.cwiseProduct(y).sum();
        const Wide x_wty = wty.cwiseProduct(x).sum();
        const double allowed = product_bound(x, y, wx, wty);
        const std::vector<double> bound = allowed > 0 ? std::vector{allowed} : std::vector<double>{};
        results_.push_back(compare<Wide>("<W x, y> = <x, W^T y>", kind_of(AnyTensor(Tensor<Wide>({0}))),
                                         std::span<const Wide>(&x_wty, 1), std::span<const Wide>(&wx_y, 1), bound));
    }

    // Each factor of a dot product carries its own error, and the sum of N products one more of N eps; 0 when the
    // factors are integers and no sum of their products can leave the integers that stay exact.
    double product_bound(const Vector& x, const Vector& y, const Vector& wx, const Vector& wty) const {
        if constexpr (std::is_integral_v<S>) {
            return 0;
        } else {
            const auto weighted = [](const Vector& values, const auto& weights) {
                double sum = 0;
                for (Index i = 0; i < values.size(); ++i) sum += magnitude(values[i]) * weights(i);
                return sum;
            };
            const auto bound_of = [](const std::vector<double>& bounds) { // none: exact
                return [&](Index i) { return bounds.empty() ? 0 : bounds[static_cast<std::size_t>(i)]; };
            };
            const double of_factors = weighted(y, bound_of(wx_bound_)) + weighted(x, bound_of(wty_bound_));
            const double products = weighted(y, [&](Index i) { return magnitude(wx[i]); }) +
                                    weighted(x, [&](Index i) { return magnitude(wty[i]); });
            const bool exact = wx_bound_.empty() && wty_bound_.empty();
            if (exact && products < 1 / epsilon_of<Wide>) return 0;
            const auto count = static_cast<double>(x.size() + y.size());
            return of_factors * (epsilon_of<Wide> / epsilon_of<S>)+4 * count * epsilon_of<Wide> * products;
        }
    }

    const ConvGeometry& geometry_;
    const Tensor<S>& kernel_;
    const Tensor<S>& x_;
    const Tensor<S>& y_;
    ScalarKind kind_;
    RowMajor<S> matrix_;
    RowMajor<S> transpose_;
    Tensor<S> wx_;
    Tensor<S> wty_;
    std::vector<double> wx_bound_;
    std::vector<double> wty_bound_;
    std::vector<double> entry_bound_;
    std::vector<Comparison> results_;
};

} // namespace

template <ScalarType S>
std::vector<Comparison> check_layer(const ConvGeometry& geometry, const Tensor<S>& kernel, const Tensor<S>& x,
                                    const Tensor<S>& y) {
    return LayerCheck<S>(geometry, kernel, x, y).all();
}

template std::vector<Comparison> check_layer(const ConvGeometry&, const Tensor<std::int64_t>&,
                                             const Tensor<std::int64_t>&, const Tensor<std::int64_t>&);
template std::vector<Comparison> check_layer(const ConvGeometry&, const Tensor<float>&, const Tensor<float>&,
                                             const Tensor<float>&);
template std::vector<Comparison> check_layer(const ConvGeometry&, const Tensor<double>&, const Tensor<double>&,
                                             const Tensor<double>&);
template std::vector<Comparison> check_layer(const ConvGeometry&, const Tensor<std::complex<float>>&,
                                             const Tensor<std::complex<float>>&, const Tensor<std::complex<float>>&);
template std::vector<Comparison> check_layer(const ConvGeometry&, const Tensor<std::complex<double>>&,
                                             const Tensor<std::complex<double>>&, const Tensor<std::complex<double>>&);

} // namespace convmat::cli
