#include <convmat/solve/determinant.hpp>

#include <array>
#include <cmath>
#include <limits>

#include <convmat/base/memory.hpp>

#include "../numerics/decomposition.hpp"
#include "../numerics/dense_lu.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "direct.hpp"
#include "umfpack_lu.hpp"

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
using solve::Objection;
using solve::Refusal;
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
Objection no_symbol_because(const Piece<S>& piece) {
    if (piece.outs != piece.ins) return Refusal{concat(piece.ins, " channels in and ", piece.outs, " out"), "as many"};
    for (std::size_t j = 0; j < piece.axes.size(); ++j)
        if (piece.axes[j].stride != 1 ||
            numerics::transform_of(piece.axes[j], piece.kernel, j + 2) == numerics::AxisTransform::none)
            return Refusal{concat("no transform of stride 1 makes axis ", j, " diagonal"),
                           "a periodic axis, or one mirrored as its kernel is"};
    return {};
}

template <class S>
Objection no_symbol_because(const System<S>& system) {
    for (Index group = 0; group < system.geometry().groups(); ++group)
        if (Objection objection = no_symbol_because(numerics::whole(system.geometry(), system.kernel(), group)))
            return objection;
    return {};
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
            else // pivot by pivot: of many channels the product exceeds the range of double
                for (const Complex pivot : numerics::determinant_factors(block)) product.multiply(pivot);
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
    const auto possible = [&](DeterminantMethod method, const Objection& objection) {
        if (objection && asked == method)
            throw ArgumentError({.parameter = "method",
                                 .value = std::string(to_string(asked)),
                                 .expected = objection->expected,
                                 .found = concat("determinant by ", to_string(asked), ": ", objection->because)});
        return !objection;
    };
    const bool triangular = possible(DeterminantMethod::triangular, solve::no_triangle_because(system));
    const bool symbol = possible(DeterminantMethod::symbol, no_symbol_because(system));
    if (asked != DeterminantMethod::automatic) return asked;
    if (triangular) return DeterminantMethod::triangular;
    return symbol ? DeterminantMethod::symbol : DeterminantMethod::factorisation;
}

} // namespace

template <class S>
Determinant<S> determinant(const ConvGeometry& geometry, const Tensor<S>& kernel, DeterminantMethod asked) {
    const numerics::ScaledKernel<S> scaled(geometry, kernel, "determinant");
    if (geometry.rows() != geometry.cols())
        throw ArgumentError({.parameter = "geometry",
                             .value = concat(geometry.rows(), "x", geometry.cols()),
                             .expected = "a square one",
                             .found = concat("determinant: W is ", geometry.rows(), "x", geometry.cols())});
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
