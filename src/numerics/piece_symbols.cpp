#include "piece_symbols.hpp"

#include <algorithm>
#include <array>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/rearrange.hpp>

#include "dense_product.hpp"
#include "fftw_plan.hpp"

namespace convmat::numerics {
namespace {

// Of the kernel's axes (O, C, k...): taps of the diagonalised ones, O, C, taps of the rest.
Shape diagonal_first(const std::vector<DiagonalAxis>& diagonal, Index rank) {
    Shape order;
    for (const DiagonalAxis& axis : diagonal) order.push_back(static_cast<Index>(axis.at + 2));
    for (Index j = 0; j < rank; ++j)
        if (std::ranges::find(order, j) == order.end()) order.push_back(j);
    return order;
}

// A B of row-major arrays: (B^T A^T)^T.
template <class S>
DenseRows<S> product_of_rows(const DenseRows<S>& a, const DenseRows<S>& b) {
    DenseRows<S> c(a.rows(), b.cols());
    multiply<S>(b.transpose(), a.transpose(), c.transpose());
    return c;
}

// Y[a, f, b] = sum_i X[a, i, b] e^{2 pi i f i / n} in place, X of shape (outer, n, inner).
void fourier_in_place(Complex* data, Index outer, Index n, Index inner) {
    const fftw_iodim64 transformed{n, inner, inner};
    const std::array<fftw_iodim64, 2> batch = {{{outer, n * inner, n * inner}, {inner, 1, 1}}};
    auto* values = reinterpret_cast<fftw_complex*>(data);
    FftwPlan([&] {
        return fftw_plan_guru64_dft(1, &transformed, 2, batch.data(), values, values, FFTW_BACKWARD, FFTW_ESTIMATE);
    }).execute();
}

// Y[a, f, b] = sum_t X[a, t, b] wave(f, t), X of shape (outer, k, inner).
DenseRows<Complex> transformed(const DenseRows<Complex>& from, const Axis& axis, AxisTransform transform, Index outer,
                               Index inner) {
    const Index n = axis.input, size = checked_mul(checked_mul(outer, n, "symbols"), inner, "symbols");
    require_memory(checked_mul(size, Index{sizeof(Complex)}, "symbols"), "the symbols");
    DenseRows<Complex> result = DenseRows<Complex>::Zero(outer * n, inner);
    for (Index a = 0; a < outer; ++a)
        for (Index t = 0; t < axis.kernel; ++t) {
            const Complex* x = from.data() + (a * axis.kernel + t) * inner;
            const auto add = [&](Index f, Complex factor) {
                Complex* y = result.data() + (a * n + f) * inner;
                for (Index i = 0; i < inner; ++i) y[i] += x[i] * factor;
            };
            if (transform == AxisTransform::fourier)
                add(floor_mod(axis.dilation * t - axis.padding.begin, n), 1);
            else
                for (Index f = 0; f < n; ++f) add(f, wave(axis, transform, f, t));
        }
    if (transform == AxisTransform::fourier) fourier_in_place(result.data(), outer, n, inner);
    return result;
}

} // namespace

template <class S>
PieceSymbols<S>::PieceSymbols(const Piece<S>& piece, std::vector<DiagonalAxis> axes)
    : piece_(piece),
      axes_(std::move(axes)) {
    Index of_diagonal = 1;
    for (const DiagonalAxis& axis : axes_) of_diagonal *= piece.axes[axis.at].kernel;
    weights_.resize(of_diagonal, piece.kernel.size() / of_diagonal);
    const Tensor<S> ordered = permute_axes(piece.kernel, diagonal_first(axes_, piece.kernel.rank()));
    std::ranges::copy(ordered.values(), weights_.data());
}

template <class S>
double PieceSymbols<S>::sum_of_norms() const {
    double sum = 0;
    for (Index t = 0; t < weights_.rows(); ++t) sum += weights_.row(t).norm();
    return sum;
}

// One row an input frequency, of what each tap is multiplied by.
template <class S>
template <class B>
DenseRows<B> PieceSymbols<S>::waves(const std::vector<Index>& inputs, double scale) const {
    DenseRows<B> all(std::ssize(inputs), taps());
    for (Index row = 0; row < all.rows(); ++row) {
        B* of_row = all.data() + row * taps();
        of_row[0] = scale;
        Index number = inputs[static_cast<std::size_t>(row)], filled = 1;
        for (std::size_t j = axes_.size(); j-- > 0;) { // the last axis is the fastest: from it outwards
            const DiagonalAxis& diagonal = axes_[j];
            const Axis& axis = piece_.axes[diagonal.at];
            const Index extent = diagonal.count * diagonal.aliases, f = number % extent;
            for (Index t = axis.kernel; t-- > 0;) {
                const B factor = narrowed<B>(wave(axis, diagonal.transform, f, t));
                for (Index i = 0; i < filled; ++i) of_row[t * filled + i] = of_row[i] * factor;
            }
            filled *= axis.kernel;
            number /= extent;
        }
    }
    return all;
}

template <class S>
template <class B>
DenseRows<B> PieceSymbols<S>::at(const std::vector<Index>& inputs, double scale) const {
    const DenseRows<B> of_taps = waves<B>(inputs, scale);
    if constexpr (std::same_as<S, B>) {
        return product_of_rows(of_taps, weights_);
    } else { // a complex number of turns times real weights
        const DenseRows<S> re = of_taps.real(), im = of_taps.imag();
        DenseRows<B> symbols(of_taps.rows(), width());
        symbols.real() = product_of_rows(re, weights_);
        symbols.imag() = product_of_rows(im, weights_);
        return symbols;
    }
}

template <class S>
DenseRows<Complex> PieceSymbols<S>::all() const {
    Index outer = 1, inner = weights_.size();
    DenseRows<Complex> values(1, inner);
    std::copy_n(weights_.data(), inner, values.data());
    for (const DiagonalAxis& diagonal : axes_) {
        const Axis& axis = piece_.axes[diagonal.at];
        inner /= axis.kernel;
        values = transformed(values, axis, diagonal.transform, outer, inner);
        outer *= axis.input;
    }
    return values;
}

template class PieceSymbols<double>;
template class PieceSymbols<Complex>;
template DenseRows<double> PieceSymbols<double>::at(const std::vector<Index>&, double) const;
template DenseRows<Complex> PieceSymbols<double>::at(const std::vector<Index>&, double) const;
template DenseRows<Complex> PieceSymbols<Complex>::at(const std::vector<Index>&, double) const;

} // namespace convmat::numerics
