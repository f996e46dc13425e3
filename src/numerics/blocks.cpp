#include "blocks.hpp"

#include <cmath>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/parallel.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

namespace convmat::numerics {
namespace {

constexpr Index most_direct_taps = 512; // more are transformed by FFTW, all frequencies at once

template <class S>
std::vector<DiagonalAxis> diagonal_axes(const Piece<S>& piece) {
    std::vector<DiagonalAxis> diagonal;
    for (std::size_t j = 0; j < piece.axes.size(); ++j) {
        const Axis& axis = piece.axes[j];
        const AxisTransform transform = transform_of(axis, piece.kernel, j + 2);
        if (transform != AxisTransform::none)
            diagonal.push_back({j, transform, axis.output, aliases_of(axis, transform)});
    }
    return diagonal;
}

std::vector<Axis> axes_without(std::vector<Axis> axes, const std::vector<DiagonalAxis>& diagonal) {
    for (std::size_t i = diagonal.size(); i-- > 0;)
        axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(diagonal[i].at));
    return axes;
}

bool is_fourier(const DiagonalAxis& axis) { return axis.transform == AxisTransform::fourier; }

} // namespace

template <class S>
Blocks<S>::Blocks(const Piece<S>& piece)
    : piece_(piece),
      frequencies_(diagonal_axes(piece)),
      rest_(axes_without(piece.axes, frequencies_.axes())),
      symbols_(piece, frequencies_.axes()),
      real_(is_real<S> && std::ranges::none_of(frequencies_.axes(), is_fourier)),
      scale_(1 / std::sqrt(static_cast<double>(frequencies_.aliases()))) {
    rows_ = checked_mul(piece.outs, positions_of(rest_, Side::output), "rows of a block");
    cols_ = checked_mul(checked_mul(piece.ins, frequencies_.aliases(), "columns of a block"),
                        positions_of(rest_, Side::input), "columns of a block");
}

template <class S>
double Blocks<S>::operations() const {
    const double each = svd_operations(rows_, cols_) * (real_ ? 1 : 4);
    const auto taps = static_cast<double>(std::min(symbols_.taps(), most_direct_taps));
    return static_cast<double>(count()) / (paired() ? 2 : 1) *
           (each + 4 * taps * static_cast<double>(symbols_.width()) * static_cast<double>(frequencies_.aliases()));
}

template <class S>
std::string Blocks<S>::method() const {
    if (frequencies_.axes().empty()) return concat("dense SVD of ", rows_, "x", cols_);
    std::string names;
    for (const DiagonalAxis& axis : frequencies_.axes())
        if (names.find(name_of(axis.transform)) == std::string::npos)
            names += concat(names.empty() ? "" : ", ", name_of(axis.transform));
    return concat(names, ", then ", count(), " blocks of ", rows_, "x", cols_);
}

template <class S>
double Blocks<S>::error(double largest) const {
    // A symbol's sum rounds in proportion to sum_t ||K_t||_F, LAPACK's SVD in proportion to the block's norm.
    const double taps = std::sqrt(static_cast<double>(piece_.kernel.size()));
    return svd_rounding(rows_, cols_) * largest +
           8 * taps * std::numeric_limits<double>::epsilon() * std::max(symbols_.sum_of_norms(), largest);
}

// The block of weights K̂[o, (c, alias), t], given as rows (o, c, t), one an alias, row_stride values apart.
template <class S>
template <class B>
Dense<B> Blocks<S>::block(const B* rows, Index row_stride) const {
    const Index outs = piece_.outs, ins = piece_.ins, aliases = frequencies_.aliases();
    if (rest_.empty()) {
        Dense<B> matrix(outs, ins * aliases);
        for (Index a = 0; a < aliases; ++a)
            for (Index o = 0; o < outs; ++o)
                for (Index c = 0; c < ins; ++c) matrix(o, c * aliases + a) = rows[a * row_stride + o * ins + c];
        return matrix;
    }
    const Index taps = symbols_.width() / (outs * ins);
    const ConvGeometry geometry = geometry_of(outs, ins * aliases, rest_);
    Tensor<B> kernel(geometry.kernel_shape());
    for (Index o = 0; o < outs; ++o)
        for (Index c = 0; c < ins; ++c)
            for (Index a = 0; a < aliases; ++a)
                std::copy_n(rows + a * row_stride + (o * ins + c) * taps, taps,
                            kernel.data() + ((o * ins + c) * aliases + a) * taps);
    return Dense<B>(kernel2matrix(geometry, kernel));
}

template <class S>
template <class B>
Dense<B> Blocks<S>::at(Index frequency) const {
    std::vector<Index> inputs;
    for (Index a = 0; a < frequencies_.aliases(); ++a) inputs.push_back(frequencies_.input_of(frequency, a));
    const DenseRows<B> rows = symbols_.template at<B>(inputs, scale_);
    return block<B>(rows.data(), rows.cols());
}

template <class S>
Dense<Complex> Blocks<S>::block_of(const DenseRows<Complex>& symbols, const std::vector<Index>& aliases) const {
    DenseRows<Complex> rows(std::ssize(aliases), symbols.cols());
    for (Index a = 0; a < rows.rows(); ++a) rows.row(a) = scale_ * symbols.row(aliases[static_cast<std::size_t>(a)]);
    return block<Complex>(rows.data(), rows.cols());
}

template <class S>
std::vector<Frequency> Blocks<S>::listed() const {
    return frequencies_.listed(paired() ? Pairs::conjugate : Pairs::none);
}

// The symbols at these input frequencies, scaled; `everything`: the same of all, where they were formed at once.
template <class S>
template <class B>
DenseRows<B> Blocks<S>::symbols_of(const std::vector<Index>& inputs, const DenseRows<Complex>& everything) const {
    if (everything.size() == 0) return symbols_.template at<B>(inputs, scale_);
    const Index width = everything.cols();
    DenseRows<B> symbols(std::ssize(inputs), width);
    for (Index row = 0; row < symbols.rows(); ++row) {
        const Complex* from = everything.data() + inputs[static_cast<std::size_t>(row)] * width;
        std::transform(from, from + width, symbols.data() + row * width, narrowed<B>);
    }
    return symbols;
}

// The values of these frequencies' blocks, but for the second ones of conjugate pairs.
template <class S>
template <class B>
void Blocks<S>::write_values_of(std::span<const Frequency> some, const DenseRows<Complex>& everything,
                                double* values) const {
    std::vector<Index> inputs;
    for (const Frequency& f : some)
        for (Index a = 0; a < frequencies_.aliases() && !f.conjugate; ++a)
            inputs.push_back(frequencies_.input_of(f.number, a));
    if (inputs.empty()) return;
    const DenseRows<B> symbols = symbols_of<B>(inputs, everything);
    const B* rows = symbols.data();
    for (std::size_t b = 0; b < some.size(); ++b) {
        if (some[b].conjugate) continue;
        Dense<B> matrix = block<B>(rows, symbols.cols());
        rows += frequencies_.aliases() * symbols.cols();
        write_singular_values(matrix, values + static_cast<Index>(b) * values_each());
    }
}

template <class S>
template <class B>
void Blocks<S>::write_values(std::vector<double>& all) const {
    const std::vector<Frequency> frequencies = listed();
    const Index each = values_each(), blocks = count();
    DenseRows<Complex> everything;
    if (symbols_.taps() > most_direct_taps) everything = symbols() * scale_;
    // Frequencies a job: so many that their symbols are one product of matrices of some size.
    const Index in_job = rows_ * cols_ > 4096 ? 4 : 64;
    parallel_for(ceil_div(blocks, in_job), [&](Index job) {
        const Index first = job * in_job, some = std::min(blocks - first, in_job);
        write_values_of<B>({frequencies.data() + first, static_cast<std::size_t>(some)}, everything,
                           all.data() + first * each);
    });
    for (Index b = 1; b < blocks; ++b)
        if (frequencies[static_cast<std::size_t>(b)].conjugate)
            std::copy_n(all.data() + (b - 1) * each, each, all.data() + b * each);
}

template <class S>
std::vector<double> Blocks<S>::values() const {
    const Index size = checked_mul(count(), values_each(), "singular values");
    require_memory(checked_mul(size, Index{sizeof(double)}, "singular values"), "a list of singular values");
    std::vector<double> all(static_cast<std::size_t>(size));
    if constexpr (is_real<S>)
        if (real_) {
            write_values<double>(all);
            return all;
        }
    write_values<Complex>(all);
    return all;
}

template class Blocks<double>;
template class Blocks<Complex>;
template Dense<double> Blocks<double>::at(Index) const;
template Dense<Complex> Blocks<double>::at(Index) const;
template Dense<Complex> Blocks<Complex>::at(Index) const;

} // namespace convmat::numerics
