#include "piece.hpp"

#include <array>
#include <cmath>
#include <map>

#include <convmat/base/checked.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/sparse.hpp>

#include "fftw_plan.hpp"
#include <convmat/base/parallel.hpp>

namespace convmat::numerics {
namespace {

constexpr Index most_direct_taps = 512; // more are transformed by FFTW, all frequencies at once

Index product_of(const std::vector<Axis>& axes, Index Axis::*extent) {
    Index product = 1;
    for (const Axis& axis : axes) product = checked_mul(product, axis.*extent, "a piece of W");
    return product;
}

Shape shape_with(Index channels, const std::vector<Axis>& axes, Index Axis::*extent) {
    Shape shape = {channels};
    for (const Axis& axis : axes) shape.push_back(axis.*extent);
    return shape;
}

template <class B>
constexpr bool is_real = std::is_same_v<B, double>;

template <class B>
B narrowed(Complex value) {
    if constexpr (is_real<B>)
        return value.real();
    else
        return value;
}

} // namespace

template <class S>
Index Piece<S>::rows() const {
    return checked_mul(outs, product_of(axes, &Axis::output), "rows of a piece of W");
}

template <class S>
Index Piece<S>::cols() const {
    return checked_mul(ins, product_of(axes, &Axis::input), "columns of a piece of W");
}

template <class S>
Shape Piece<S>::output_shape() const {
    return shape_with(outs, axes, &Axis::output);
}

template <class S>
Shape Piece<S>::input_shape() const {
    return shape_with(ins, axes, &Axis::input);
}

template <class S>
ConvGeometry Piece<S>::geometry() const {
    return geometry_of(outs, ins, axes);
}

ConvGeometry geometry_of(Index outs, Index ins, const std::vector<Axis>& axes) {
    ConvSpec spec{.input = {}, .kernel = {}, .in_channels = ins, .out_channels = outs};
    for (const Axis& axis : axes) {
        // Padding that no window reads is left out, so that there are m outputs where a transposed layer stated fewer.
        const Index end = axis.padding.end - axis.remainder();
        spec.input.push_back(axis.input);
        spec.kernel.push_back(axis.kernel);
        spec.stride.push_back(axis.stride);
        spec.dilation.push_back(axis.dilation);
        spec.padding.push_back({axis.padding.begin, end});
        spec.boundary.push_back(axis.boundary);
    }
    return ConvGeometry(spec);
}

template <class S>
Blocks<S>::Blocks(const Piece<S>& piece) : piece_(piece) {
    Shape order, rest_order = {0, 1}; // of the kernel's axes: taps of the diagonalised, O, C, taps of the rest
    Index diagonal_taps = 1, rest_taps = 1;
    real_ = is_real<S>;
    for (std::size_t j = 0; j < piece.axes.size(); ++j) {
        const Axis& axis = piece.axes[j];
        const AxisTransform transform = transform_of(axis, piece.kernel, j + 2);
        if (transform == AxisTransform::none) {
            rest_.push_back(axis);
            rest_order.push_back(static_cast<Index>(j + 2));
            rest_taps *= axis.kernel;
            continue;
        }
        diagonal_.push_back({j, transform, axis.output, aliases_of(axis, transform)});
        order.push_back(static_cast<Index>(j + 2));
        diagonal_taps *= axis.kernel;
        count_ = checked_mul(count_, axis.output, "frequencies");
        aliases_ *= diagonal_.back().aliases;
        real_ = real_ && transform != AxisTransform::fourier;
    }
    order.insert(order.end(), rest_order.begin(), rest_order.end());
    weights_.resize(diagonal_taps, piece.outs * piece.ins * rest_taps);
    const Tensor<S> ordered = permute_axes(piece.kernel, order);
    std::ranges::copy(ordered.values(), weights_.data());
    rows_ = checked_mul(piece.outs, product_of(rest_, &Axis::output), "rows of a block");
    cols_ = checked_mul(checked_mul(piece.ins, aliases_, "columns of a block"), product_of(rest_, &Axis::input),
                        "columns of a block");
    scale_ = 1 / std::sqrt(static_cast<double>(aliases_));
}

template <class S>
Shape Blocks<S>::position_of(Index frequency) const {
    Shape at(diagonal_.size());
    for (std::size_t j = diagonal_.size(); j-- > 0; frequency /= diagonal_[j].count)
        at[j] = frequency % diagonal_[j].count;
    return at;
}

// The row-major number, among all input frequencies, of the alias of an output frequency.
template <class S>
Index Blocks<S>::alias_position(Index frequency, Index alias) const {
    Index number = 0, step = 1;
    for (std::size_t j = diagonal_.size(); j-- > 0;) {
        const DiagonalAxis& axis = diagonal_[j];
        number += (frequency % axis.count + alias % axis.aliases * axis.count) * step;
        step *= axis.count * axis.aliases;
        frequency /= axis.count;
        alias /= axis.aliases;
    }
    return number;
}

template <class S>
Index Blocks<S>::conjugate_of(Index frequency) const {
    Index number = 0, step = 1;
    for (std::size_t j = diagonal_.size(); j-- > 0; frequency /= diagonal_[j].count) {
        const Index count = diagonal_[j].count, at = frequency % count;
        number += (diagonal_[j].transform == AxisTransform::fourier ? (count - at) % count : at) * step;
        step *= count;
    }
    return number;
}

// Of a frequency that is its own conjugate: the alias whose input frequency is the conjugate of this alias's.
template <class S>
Index Blocks<S>::conjugate_alias(Index frequency, Index alias) const {
    Index number = 0, step = 1;
    for (std::size_t j = diagonal_.size(); j-- > 0;) {
        const DiagonalAxis& axis = diagonal_[j];
        const Index f = frequency % axis.count + alias % axis.aliases * axis.count, n = axis.count * axis.aliases;
        const Index other = axis.transform == AxisTransform::fourier ? (n - f) % n : f;
        number += other / axis.count * step;
        step *= axis.aliases;
        frequency /= axis.count;
        alias /= axis.aliases;
    }
    return number;
}

template <class S>
std::vector<Frequency> Blocks<S>::frequencies() const {
    require_memory(checked_mul(count_, Index{sizeof(Frequency)}, "frequencies"), "a list of frequencies");
    std::vector<Frequency> all;
    all.reserve(static_cast<std::size_t>(count_));
    for (Index f = 0; f < count_; ++f) {
        const Index other = is_real<S> && !real_ ? conjugate_of(f) : f;
        if (other < f) continue; // listed there, as the conjugate
        all.push_back({f, false});
        if (other > f) all.push_back({f, true});
    }
    return all;
}

template <class S>
double Blocks<S>::operations() const {
    const double each = svd_operations(rows_, cols_) * (real_ ? 1 : 4);
    const double pairs = is_real<S> && !real_ ? 2 : 1;
    const auto taps = static_cast<double>(std::min(weights_.rows(), most_direct_taps));
    return static_cast<double>(count()) / pairs *
           (each + 4 * taps * static_cast<double>(weights_.cols()) * static_cast<double>(aliases_));
}

template <class S>
std::string Blocks<S>::method() const {
    if (diagonal_.empty()) return concat("dense SVD of ", rows_, "x", cols_);
    std::string names;
    for (const DiagonalAxis& axis : diagonal_)
        if (names.find(name_of(axis.transform)) == std::string::npos)
            names += concat(names.empty() ? "" : ", ", name_of(axis.transform));
    return concat(names, ", then ", count(), " blocks of ", rows_, "x", cols_);
}

// K̂ at the given input frequencies, one a row.
template <class S>
template <class B>
typename Blocks<S>::template Rows<B> Blocks<S>::symbols_at(const std::vector<Index>& inputs) const {
    Rows<B> waves(std::ssize(inputs), weights_.rows());
    for (Index row = 0; row < waves.rows(); ++row) {
        waves(row, 0) = scale_;
        Index number = inputs[static_cast<std::size_t>(row)], taps = 1;
        for (std::size_t j = diagonal_.size(); j-- > 0;) { // the last axis is the fastest: from it outwards
            const DiagonalAxis& axis = diagonal_[j];
            const Axis& a = piece_.axes[axis.at];
            const Index extent = axis.count * axis.aliases, f = number % extent;
            for (Index t = a.kernel; t-- > 0;) {
                const B factor = narrowed<B>(wave(a, axis.transform, f, t));
                for (Index i = 0; i < taps; ++i) waves(row, t * taps + i) = waves(row, i) * factor;
            }
            taps *= a.kernel;
            number /= extent;
        }
    }
    if constexpr (is_real<S> && !is_real<B>) {
        const Rows<double> re = waves.real(), im = waves.imag();
        Rows<B> result(waves.rows(), weights_.cols());
        result.real() = re * weights_;
        result.imag() = im * weights_;
        return result;
    } else {
        return waves * weights_.template cast<B>();
    }
}

namespace {

// Y[a, f, b] = sum_i X[a, i, b] e^{2 pi i f i / n} in place, X of shape (outer, n, inner).
void fourier_in_place(Complex* data, Index outer, Index n, Index inner) {
    const fftw_iodim64 transformed{n, inner, inner};
    const std::array<fftw_iodim64, 2> batch = {{{outer, n * inner, n * inner}, {inner, 1, 1}}};
    auto* values = reinterpret_cast<fftw_complex*>(data);
    FftwPlan([&] {
        return fftw_plan_guru64_dft(1, &transformed, 2, batch.data(), values, values, FFTW_BACKWARD, FFTW_ESTIMATE);
    }).execute();
}

} // namespace

template <class S>
typename Blocks<S>::template Rows<Complex> Blocks<S>::symbols() const {
    Index outer = 1, inner = weights_.size();
    Rows<Complex> values = Eigen::Map<const Rows<S>>(weights_.data(), 1, inner).template cast<Complex>();
    for (const DiagonalAxis& diagonal : diagonal_) {
        const Axis& axis = piece_.axes[diagonal.at];
        inner /= axis.kernel;
        const Index n = axis.input;
        const Index size = checked_mul(checked_mul(outer, n, "symbols"), inner, "symbols");
        require_memory(checked_mul(size, Index{sizeof(Complex)}, "symbols"), "the symbols");
        Rows<Complex> next = Rows<Complex>::Zero(outer * n, inner);
        const bool fourier = diagonal.transform == AxisTransform::fourier;
        for (Index a = 0; a < outer; ++a)
            for (Index t = 0; t < axis.kernel; ++t) {
                const Complex* from = values.data() + (a * axis.kernel + t) * inner;
                const auto add = [&](Index f, Complex factor) {
                    Complex* to = next.data() + (a * n + f) * inner;
                    for (Index i = 0; i < inner; ++i) to[i] += from[i] * factor;
                };
                if (fourier)
                    add(floor_mod(axis.dilation * t - axis.padding.begin, n), 1);
                else
                    for (Index f = 0; f < n; ++f) add(f, wave(axis, diagonal.transform, f, t));
            }
        if (fourier) fourier_in_place(next.data(), outer, n, inner);
        values = std::move(next);
        outer *= n;
    }
    return values;
}

// The block of weights K̂[o, (c, alias), t], given as rows (o, c, t), one an alias, row_stride values apart.
template <class S>
template <class B>
Dense<B> Blocks<S>::block(const B* rows, Index row_stride) const {
    const Index outs = piece_.outs, ins = piece_.ins, taps = weights_.cols() / (outs * ins);
    if (rest_.empty()) {
        Dense<B> matrix(outs, ins * aliases_);
        for (Index a = 0; a < aliases_; ++a)
            for (Index o = 0; o < outs; ++o)
                for (Index c = 0; c < ins; ++c) matrix(o, c * aliases_ + a) = rows[a * row_stride + o * ins + c];
        return matrix;
    }
    const ConvGeometry geometry = geometry_of(outs, ins * aliases_, rest_);
    Tensor<B> kernel(geometry.kernel_shape());
    for (Index o = 0; o < outs; ++o)
        for (Index c = 0; c < ins; ++c)
            for (Index a = 0; a < aliases_; ++a)
                std::copy_n(rows + a * row_stride + (o * ins + c) * taps, taps,
                            kernel.data() + ((o * ins + c) * aliases_ + a) * taps);
    return Dense<B>(kernel2matrix(geometry, kernel));
}

template <class S>
Dense<Complex> Blocks<S>::block_of(const Rows<Complex>& symbols, const std::vector<Index>& aliases) const {
    Rows<Complex> rows(std::ssize(aliases), symbols.cols());
    for (Index a = 0; a < rows.rows(); ++a) rows.row(a) = scale_ * symbols.row(aliases[static_cast<std::size_t>(a)]);
    return block<Complex>(rows.data(), rows.cols());
}

template <class S>
template <class B>
Dense<B> Blocks<S>::block_at(Index frequency) const {
    std::vector<Index> inputs;
    for (Index a = 0; a < aliases_; ++a) inputs.push_back(alias_position(frequency, a));
    const Rows<B> rows = symbols_at<B>(inputs);
    return block<B>(rows.data(), rows.cols());
}

// The values of these frequencies' blocks, but for conjugates; `everything`: all symbols, if they were formed at once.
template <class S>
template <class B>
void Blocks<S>::write_values_of(std::span<const Frequency> some, const Rows<Complex>& everything,
                                double* values) const {
    std::vector<Index> inputs;
    for (const Frequency& f : some)
        for (Index a = 0; a < aliases_ && !f.conjugate; ++a) inputs.push_back(alias_position(f.number, a));
    if (inputs.empty()) return;
    Rows<B> symbols;
    if (everything.size() == 0) {
        symbols = symbols_at<B>(inputs);
    } else {
        symbols.resize(std::ssize(inputs), everything.cols());
        for (Index row = 0; row < symbols.rows(); ++row)
            symbols.row(row) = everything.row(inputs[static_cast<std::size_t>(row)]).unaryExpr([](Complex z) {
                return narrowed<B>(z);
            });
    }
    const B* rows = symbols.data();
    for (std::size_t b = 0; b < some.size(); ++b) {
        if (some[b].conjugate) continue;
        Dense<B> matrix = block<B>(rows, symbols.cols());
        rows += aliases_ * symbols.cols();
        write_singular_values(matrix, values + static_cast<Index>(b) * values_each());
    }
}

template <class S>
template <class B>
void Blocks<S>::write_values(std::vector<double>& all) const {
    const std::vector<Frequency> listed = frequencies();
    const Index each = values_each(), blocks = count();
    Rows<Complex> everything;
    if (weights_.rows() > most_direct_taps) everything = symbols() * scale_;
    // Frequencies a job: so many that their symbols are one product of matrices of some size.
    const Index in_job = rows_ * cols_ > 4096 ? 4 : 64;
    parallel_for(ceil_div(blocks, in_job), [&](Index job) {
        const Index first = job * in_job, some = std::min(blocks - first, in_job);
        write_values_of<B>({listed.data() + first, static_cast<std::size_t>(some)}, everything,
                           all.data() + first * each);
    });
    for (Index b = 1; b < blocks; ++b)
        if (listed[static_cast<std::size_t>(b)].conjugate)
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

template <class S>
double Blocks<S>::error(double largest) const {
    // A symbol's sum rounds in proportion to sum_t ||K_t||_F, LAPACK's SVD in proportion to the block's norm.
    double sum = 0;
    for (Index t = 0; t < weights_.rows(); ++t) sum += weights_.row(t).norm();
    const double taps = std::sqrt(static_cast<double>(piece_.kernel.size()));
    return svd_rounding(rows_, cols_) * largest +
           8 * taps * std::numeric_limits<double>::epsilon() * std::max(sum, largest);
}

template <class S>
void Blocks<S>::make_real(Dense<Complex>& block, Index frequency) const {
    const Index each = cols_ / (piece_.ins * aliases_);
    for (Index c = 0; c < piece_.ins; ++c)
        for (Index a = 0; a < aliases_; ++a) {
            const Index b = conjugate_alias(frequency, a);
            if (b <= a) continue;
            const auto first = block.middleCols((c * aliases_ + a) * each, each);
            Dense<Complex> re = std::sqrt(2.0) * first.real().template cast<Complex>();
            Dense<Complex> im = std::sqrt(2.0) * first.imag().template cast<Complex>();
            block.middleCols((c * aliases_ + a) * each, each) = re;
            block.middleCols((c * aliases_ + b) * each, each) = im;
        }
}

// With K̂' = conj K̂, (sqrt 2 Re K̂, sqrt 2 Im K̂) = (K̂, K̂') T, T unitary: from coefficients (x, y) of the real
// columns those of the complex ones are T (x, y) = ((x - i y), (x + i y)) / sqrt 2.
template <class S>
void Blocks<S>::undo_make_real(Dense<Complex>& v, Index frequency) const {
    const Index each = cols_ / (piece_.ins * aliases_);
    const Complex i(0, 1);
    for (Index c = 0; c < piece_.ins; ++c)
        for (Index a = 0; a < aliases_; ++a) {
            const Index b = conjugate_alias(frequency, a);
            if (b <= a) continue;
            const Dense<Complex> x = v.middleRows((c * aliases_ + a) * each, each);
            const Dense<Complex> y = v.middleRows((c * aliases_ + b) * each, each);
            v.middleRows((c * aliases_ + a) * each, each) = (x - i * y) / std::sqrt(2.0);
            v.middleRows((c * aliases_ + b) * each, each) = (x + i * y) / std::sqrt(2.0);
        }
}

// Of each diagonalised axis the values of the basis at every alias of its frequency and every position.
template <class S>
template <class B>
std::vector<std::vector<B>> Blocks<S>::basis_tables(const Shape& frequency, bool output) const {
    std::vector<std::vector<B>> tables(diagonal_.size());
    for (std::size_t j = 0; j < diagonal_.size(); ++j) {
        const DiagonalAxis& axis = diagonal_[j];
        const Index n = output ? piece_.axes[axis.at].output : piece_.axes[axis.at].input;
        for (Index a = 0; a < (output ? 1 : axis.aliases); ++a)
            for (Index i = 0; i < n; ++i)
                tables[j].push_back(narrowed<B>(basis(axis.transform, n, frequency[j] + a * axis.count, i)));
    }
    return tables;
}

// A vector of a block in the positions of the piece: (o, m...) for the output, (c, n...) for the input.
template <class S>
template <class B>
std::vector<B> Blocks<S>::in_positions(const Dense<B>& block_vector, Index frequency, bool output) const {
    Index Axis::*const extent = output ? &Axis::output : &Axis::input;
    const Shape shape = shape_with(output ? piece_.outs : piece_.ins, piece_.axes, extent);
    const Index aliases = output ? 1 : aliases_, each = product_of(rest_, extent);
    std::vector<std::size_t> kind(piece_.axes.size(), diagonal_.size()); // which of diagonal_, or none
    for (std::size_t j = 0; j < diagonal_.size(); ++j) kind[diagonal_[j].at] = j;
    const auto tables = basis_tables<B>(position_of(frequency), output);
    std::vector<B> result(static_cast<std::size_t>(checked_product(shape, "a singular vector")));
    std::size_t at = 0;
    for_each_position(shape, [&](const Shape& i) {
        Index rest = 0;
        for (std::size_t j = 0; j < piece_.axes.size(); ++j)
            if (kind[j] == diagonal_.size()) rest = rest * (piece_.axes[j].*extent) + i[j + 1];
        B sum = 0;
        for (Index a = 0; a < aliases; ++a) {
            B factor = 1;
            Index alias = a;
            for (std::size_t j = diagonal_.size(); j-- > 0;) {
                const DiagonalAxis& axis = diagonal_[j];
                const Index n = piece_.axes[axis.at].*extent, of = output ? 0 : alias % axis.aliases;
                factor *= tables[j][static_cast<std::size_t>(of * n + i[axis.at + 1])];
                if (!output) alias /= axis.aliases;
            }
            sum += block_vector((i[0] * aliases + a) * each + rest, 0) * factor;
        }
        result[at++] = sum;
    });
    return result;
}

template <class S>
Svd<Complex> Blocks<S>::complex_svd(Index frequency) const {
    Dense<Complex> matrix = block_at<Complex>(frequency);
    if (!is_real<S> || conjugate_of(frequency) != frequency) return svd_of(std::move(matrix));
    make_real(matrix, frequency);
    const Svd<double> real = svd_of(Dense<double>(matrix.real()));
    Svd<Complex> svd{real.u.template cast<Complex>(), real.values, real.v.template cast<Complex>()};
    undo_make_real(svd.v, frequency);
    return svd;
}

template <class S>
std::vector<typename Blocks<S>::Vectors> Blocks<S>::vectors(const std::vector<Index>& places) const {
    const std::vector<Frequency> listed = frequencies();
    std::map<Index, std::vector<std::size_t>> of_frequency;
    for (std::size_t i = 0; i < places.size(); ++i)
        of_frequency[listed[static_cast<std::size_t>(places[i] / values_each())].number].push_back(i);
    std::vector<Vectors> result(places.size());
    const auto fill = [&](const auto& svd, Index frequency, std::size_t i) {
        const Index which = places[i] % values_each();
        auto u = in_positions(std::decay_t<decltype(svd.u)>(svd.u.col(which)), frequency, true);
        auto v = in_positions(std::decay_t<decltype(svd.v)>(svd.v.col(which)), frequency, false);
        using B = typename decltype(u)::value_type;
        if constexpr (std::is_same_v<B, S>) {
            result[i] = {std::move(u), std::move(v)};
        } else { // of a complex vector and its conjugate the real part and the imaginary part
            const bool pair = conjugate_of(frequency) != frequency;
            const bool imaginary = listed[static_cast<std::size_t>(places[i] / values_each())].conjugate;
            const double scale = pair ? std::sqrt(2.0) : 1;
            const auto part = [&](const Complex& z) { return scale * (imaginary ? z.imag() : z.real()); };
            for (const Complex& z : u) result[i].u.push_back(part(z));
            for (const Complex& z : v) result[i].v.push_back(part(z));
        }
    };
    for (const auto& [frequency, which] : of_frequency) {
        if constexpr (is_real<S>)
            if (real_) {
                const Svd<double> svd = svd_of(block_at<double>(frequency));
                for (const std::size_t i : which) fill(svd, frequency, i);
                continue;
            }
        const Svd<Complex> svd = complex_svd(frequency);
        for (const std::size_t i : which) fill(svd, frequency, i);
    }
    return result;
}

template struct Piece<double>;
template struct Piece<Complex>;
template class Blocks<double>;
template class Blocks<Complex>;

} // namespace convmat::numerics
