#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "../numerics/decomposition.hpp"
#include "fast_svd.hpp"

namespace convmat::solve {
namespace {

using numerics::Piece;
using numerics::Product;
using numerics::Svd;

constexpr double separability = 1e-14;
constexpr Index most_factor_side = 3000;

template <class S>
Dense<S> matrix_of(const Piece<S>& piece) {
    if (piece.axes.empty())
        return Eigen::Map<const Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            piece.kernel.data(), piece.outs, piece.ins);
    return Dense<S>(kernel2matrix(piece.geometry(), piece.kernel));
}

template <class S>
std::vector<S> along(const Dense<S>& m, const std::vector<S>& x, Index outer, Index inner) {
    std::vector<S> y(static_cast<std::size_t>(outer * m.rows() * inner));
    numerics::multiply_axis(m, x.data(), outer, inner, y.data());
    return y;
}

template <class S>
class KroneckerSvd final : public FastSvd<S> {
  public:
    KroneckerSvd(const Product<S>& product, Form form) : pieces_(product.pieces), adjoint_(form == Form::transpose) {
        for (const Piece<S>& piece : pieces_) {
            Dense<S> matrix = matrix_of(piece);
            if (adjoint_) matrix.adjointInPlace();
            factors_.push_back(decomposed(std::move(matrix)));
        }
        this->values = {1.0};
        for (const Svd<S>& factor : factors_) multiply(factor.values);
        this->penalties.assign(this->values.size(), 1.0);
        this->weights.assign(this->values.size(), 1.0);
    }

    void analyse(const S* y, Complex* c) const override { analyse_by(&Svd<S>::u, !adjoint_, y, c); }
    void analyse_input(const S* x, Complex* c) const override { analyse_by(&Svd<S>::v, adjoint_, x, c); }

    void synthesise(const Complex* c, S* x) const override {
        std::vector<S> array(static_cast<std::size_t>(this->size()));
        for (std::size_t i = 0; i < array.size(); ++i) {
            if constexpr (std::is_same_v<S, double>)
                array[i] = c[i].real();
            else
                array[i] = c[i];
        }
        Index outer = 1, inner = this->size();
        for (const Svd<S>& factor : factors_) {
            inner /= factor.v.cols();
            array = along<S>(factor.v, array, outer, inner);
            outer *= factor.v.rows();
        }
        const Shape order = order_of_pieces();
        Shape inverse(order.size());
        for (std::size_t j = 0; j < order.size(); ++j)
            inverse[static_cast<std::size_t>(order[j])] = static_cast<Index>(j);
        const Shape shape = shape_of(adjoint_);
        Shape permuted;
        for (const Index axis : order) permuted.push_back(shape[static_cast<std::size_t>(axis)]);
        const Tensor<S> sorted = permute_axes(Tensor<S>(permuted, std::move(array)), inverse);
        std::ranges::copy(sorted.values(), x);
    }

  private:
    Svd<S> decomposed(Dense<S> matrix) {
        for (std::size_t i = 0; i < kept_.size(); ++i)
            if (kept_[i].rows() == matrix.rows() && kept_[i].cols() == matrix.cols() && kept_[i] == matrix)
                return factors_[i]; // the other axis is the same
        kept_.push_back(matrix);
        return numerics::svd_of(std::move(matrix));
    }

    void multiply(const std::vector<double>& by) {
        std::vector<double> products;
        products.reserve(this->values.size() * by.size());
        for (const double a : this->values)
            for (const double b : by) products.push_back(a * b);
        this->values = std::move(products);
    }

    // Axis 0 is the channels', then come the axes in the order of the pieces.
    Shape order_of_pieces() const {
        Shape order = {0};
        for (const Piece<S>& piece : pieces_)
            for (const Index number : piece.numbers) order.push_back(number + 1);
        return order;
    }

    // (channels, extents...) in the layer's order.
    Shape shape_of(bool output) const {
        Shape shape(order_of_pieces().size());
        for (const Piece<S>& piece : pieces_) {
            const Shape own = output ? piece.output_shape() : piece.input_shape();
            if (&piece == &pieces_.front()) shape.front() = own.front();
            for (std::size_t j = 0; j < piece.numbers.size(); ++j)
                shape[static_cast<std::size_t>(piece.numbers[j] + 1)] = own[j + 1];
        }
        return shape;
    }

    void analyse_by(Dense<S> Svd<S>::*basis, bool output, const S* from, Complex* c) const {
        const Shape shape = shape_of(output);
        const Index size = checked_product(shape, "a group");
        const Tensor<S> permuted = permute_axes(Tensor<S>(shape, std::vector<S>(from, from + size)), order_of_pieces());
        std::vector<S> array(permuted.values().begin(), permuted.values().end());
        Index outer = 1, inner = size;
        for (const Svd<S>& factor : factors_) {
            const Dense<S> adjoint = (factor.*basis).adjoint();
            inner /= adjoint.cols();
            array = along<S>(adjoint, array, outer, inner);
            outer *= adjoint.rows();
        }
        std::ranges::copy(array, c);
    }

    std::vector<Piece<S>> pieces_;
    bool adjoint_;
    std::vector<Dense<S>> kept_;
    std::vector<Svd<S>> factors_; // of A: transposed where A is W^H
};

} // namespace

template <class S>
Separable<S>::Separable(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form)
    : form_(form),
      vectors_(static_cast<double>(geometry.rows() + geometry.cols())),
      unknowns_each_(
          static_cast<double>((form == Form::matrix ? geometry.cols() : geometry.rows()) / geometry.groups())),
      products_(numerics::decomposed(geometry, kernel, separability)) {}

template <class S>
Objection Separable<S>::objection(Penalty penalty) const {
    if (penalty == Penalty::gradient || penalty == Penalty::laplacian)
        return Refusal{concat("L = ", to_string(penalty), " is no Kronecker product"), "identity or none"};
    for (const Product<S>& product : products_) {
        if (product.pieces.size() == 1 && product.pieces.front().axes.size() > 1)
            return Refusal{"the kernel does not separate", "a product of factors, one an axis"};
        for (const Piece<S>& piece : product.pieces)
            if (std::min(piece.rows(), piece.cols()) > most_factor_side)
                return Refusal{concat("a factor of the Kronecker product is ", piece.rows(), "x", piece.cols()),
                               concat("a shorter side of at most ", most_factor_side)};
    }
    return {};
}

template <class S>
double Separable<S>::operations() const {
    double operations = 0;
    for (const Product<S>& product : products_) {
        double sides = 0;
        for (const Piece<S>& piece : product.pieces) {
            operations += 6 * numerics::svd_operations(piece.rows(), piece.cols());
            sides += static_cast<double>(std::max(piece.rows(), piece.cols()));
        }
        operations += 4 * sides * unknowns_each_;
    }
    return operations;
}

template <class S>
double Separable<S>::bytes() const {
    double bytes = 4 * vectors_ * sizeof(Complex);
    for (const Product<S>& product : products_)
        for (const Piece<S>& piece : product.pieces)
            bytes += 4 * static_cast<double>(piece.rows()) * static_cast<double>(piece.cols()) * sizeof(S);
    return bytes;
}

template <class S>
FastSvds<S> Separable<S>::svds() const {
    FastSvds<S> svds;
    for (const Product<S>& product : products_) svds.push_back(std::make_unique<KroneckerSvd<S>>(product, form_));
    return svds;
}

template class Separable<double>;
template class Separable<Complex>;

} // namespace convmat::solve
