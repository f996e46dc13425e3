#include <convmat/solve/determinant.hpp>

#include <array>
#include <cmath>
#include <limits>

#include <Eigen/LU>

#include <convmat/base/memory.hpp>

#include "../numerics/decomposition.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "direct.hpp"
#include "lu.hpp"

namespace convmat {

std::string_view to_string(DeterminantMethod method) {
    constexpr std::array<std::string_view, 4> names = {"auto", "triangular", "symbol", "factorisation"};
    return names[static_cast<std::size_t>(method)];
}

namespace detail {
namespace {

using numerics::Blocks;
using numerics::Piece;
using solve::Complex;
using solve::Dense;
using solve::System;

// A product of many numbers that neither overflows nor vanishes.
template <class S>
struct Product {
    S phase = 1;
    double log_abs = 0;

    void multiply(S by) {
        const double size = std::abs(by);
        if (size == 0 || phase == S(0)) {
            phase = 0;
            log_abs = -std::numeric_limits<double>::infinity();
            return;
        }
        phase *= by / size;
        phase /= std::abs(phase);
        log_abs += std::log(size);
    }
};

template <class S>
Product<S> by_diagonal(const System<S>& system) {
    Product<S> product;
    const solve::Columns<S> w = system.columns();
    for (Index j = 0; j < w.cols(); ++j) product.multiply(w.coeff(j, j));
    return product;
}

template <class S>
std::string no_symbol_because(const Piece<S>& piece) {
    if (piece.outs != piece.ins) return concat(piece.ins, " channels in and ", piece.outs, " out, expected as many");
    for (std::size_t j = 0; j < piece.axes.size(); ++j)
        if (piece.axes[j].stride != 1 ||
            numerics::transform_of(piece.axes[j], piece.kernel, j + 2) == numerics::AxisTransform::none)
            return concat("no transform of stride 1 makes axis ", j, " diagonal");
    return {};
}

template <class S>
std::string no_symbol_because(const System<S>& system) {
    for (Index group = 0; group < system.geometry().groups(); ++group)
        if (const std::string because = no_symbol_because(numerics::whole(system.geometry(), system.kernel(), group));
            !because.empty())
            return because;
    return {};
}

// Pivot by pivot: of many channels the product exceeds the range of double.
void multiply_by_determinant(Product<Complex>& product, const Dense<Complex>& block) {
    const Eigen::PartialPivLU<Dense<Complex>> lu(block);
    product.multiply(static_cast<double>(lu.permutationP().determinant()));
    for (Index i = 0; i < block.rows(); ++i) product.multiply(lu.matrixLU()(i, i));
}

template <class S>
Product<S> by_symbol(const System<S>& system) {
    Product<Complex> product;
    for (Index group = 0; group < system.geometry().groups(); ++group) {
        const Piece<S> piece = numerics::whole(system.geometry(), system.kernel(), group);
        const Blocks<S> blocks(piece);
        const auto symbols = blocks.symbols();
        for (Index f = 0; f < symbols.rows(); ++f) {
            const Dense<Complex> block = blocks.block_of(symbols, {f});
            if (block.size() == 1)
                product.multiply(block(0, 0));
            else
                multiply_by_determinant(product, block);
        }
    }
    if constexpr (std::is_same_v<S, double>)
        return {product.phase == Complex(0) ? 0.0 : std::copysign(1.0, product.phase.real()), product.log_abs};
    else
        return product;
}

template <class S>
Product<S> by_factorisation(const System<S>& system) {
    Product<S> product;
    const solve::Columns<S> w = system.columns();
    if (w.nonZeros() == 0) {
        product.multiply(0);
        return product;
    }
    solve::UmfpackLu<S> lu(w);
    const double bytes = lu.prediction().bytes;
    require_memory(bytes < 9e18 ? static_cast<Index>(bytes) : std::numeric_limits<Index>::max(),
                   "determinant: the factors of W");
    if (!lu.factorize()) {
        product.multiply(0);
        return product;
    }
    const auto [mantissa, exponent] = lu.determinant();
    product.multiply(mantissa);
    product.log_abs += exponent * std::log(10.0);
    return product;
}

template <class S>
DeterminantMethod chosen(const System<S>& system, DeterminantMethod asked) {
    const auto refuse = [&](const std::string& because) {
        throw std::invalid_argument(concat("determinant by ", to_string(asked), ": ", because));
    };
    const std::string no_triangle = solve::no_triangle_because(system), no_symbol = no_symbol_because(system);
    if (asked == DeterminantMethod::triangular && !no_triangle.empty()) refuse(no_triangle);
    if (asked == DeterminantMethod::symbol && !no_symbol.empty()) refuse(no_symbol);
    if (asked != DeterminantMethod::automatic) return asked;
    if (no_triangle.empty()) return DeterminantMethod::triangular;
    return no_symbol.empty() ? DeterminantMethod::symbol : DeterminantMethod::factorisation;
}

} // namespace

template <class S>
Determinant<S> determinant(const ConvGeometry& geometry, const Tensor<S>& kernel, DeterminantMethod asked) {
    const numerics::ScaledKernel<S> scaled(geometry, kernel, "determinant");
    if (geometry.rows() != geometry.cols())
        throw std::invalid_argument(
            concat("determinant: W is ", geometry.rows(), "x", geometry.cols(), ", expected a square one"));
    const System<S> system(geometry, scaled.kernel, Form::matrix, Penalty::none);
    const DeterminantMethod method = chosen(system, asked);
    Product<S> product;
    if (method == DeterminantMethod::triangular)
        product = by_diagonal(system);
    else if (method == DeterminantMethod::symbol)
        product = by_symbol(system);
    else
        product = by_factorisation(system);
    return {product.phase, product.log_abs + static_cast<double>(geometry.rows()) * std::log(scaled.factor), method};
}

template Determinant<double> determinant(const ConvGeometry&, const Tensor<double>&, DeterminantMethod);
template Determinant<Complex> determinant(const ConvGeometry&, const Tensor<Complex>&, DeterminantMethod);

} // namespace detail
} // namespace convmat
