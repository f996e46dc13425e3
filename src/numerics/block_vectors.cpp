#include "block_vectors.hpp"

#include <cmath>
#include <map>
#include <utility>

#include <convmat/base/checked.hpp>
#include <convmat/base/positions.hpp>

namespace convmat::numerics {
namespace {

// The SVD of a block of real weights whose frequency is its own conjugate. Its columns of conjugate aliases are
// conjugate, K̂' = conj K̂, and (sqrt 2 Re K̂, sqrt 2 Im K̂) = (K̂, K̂') T, T unitary: with these in their place the
// block is real. From coefficients (x, y) of the real columns those of the complex ones are
// T (x, y) = (x - i y, x + i y) / sqrt 2.
class SelfConjugateBlock {
  public:
    SelfConjugateBlock(const Blocks<double>& blocks, Index frequency) {
        const Frequencies& frequencies = blocks.frequencies();
        const Index aliases = frequencies.aliases();
        each_ = blocks.cols() / (blocks.piece().ins * aliases);
        for (Index a = 0; a < aliases; ++a)
            if (const Index b = frequencies.conjugate_alias(frequency, a); b > a)
                for (Index c = 0; c < blocks.piece().ins; ++c)
                    pairs_.emplace_back((c * aliases + a) * each_, (c * aliases + b) * each_);
        block_ = blocks.at<Complex>(frequency);
    }

    Svd<Complex> svd() const {
        const Svd<double> real = svd_of(real_block());
        return {real.u.cast<Complex>(), real.values, of_complex_columns(real.v)};
    }

  private:
    Dense<double> real_block() const {
        const double root = std::sqrt(2.0);
        Dense<double> real = block_.real();
        for (const auto& [first, second] : pairs_)
            for (Index j = 0; j < each_; ++j)
                for (Index i = 0; i < block_.rows(); ++i) {
                    real(i, first + j) = root * block_(i, first + j).real();
                    real(i, second + j) = root * block_(i, first + j).imag();
                }
        return real;
    }

    Dense<Complex> of_complex_columns(const Dense<double>& v) const {
        const double root = std::sqrt(2.0);
        Dense<Complex> result = v.cast<Complex>();
        for (const auto& [first, second] : pairs_)
            for (Index j = 0; j < v.cols(); ++j)
                for (Index i = 0; i < each_; ++i) {
                    const double x = v(first + i, j), y = v(second + i, j);
                    result(first + i, j) = Complex(x, -y) / root;
                    result(second + i, j) = Complex(x, y) / root;
                }
        return result;
    }

    Index each_ = 1;                             // columns of a channel and alias
    std::vector<std::pair<Index, Index>> pairs_; // the first columns of aliases that are conjugate
    Dense<Complex> block_;
};

template <class S>
Svd<Complex> complex_svd(const Blocks<S>& blocks, Index frequency) {
    if constexpr (is_real<S>)
        if (blocks.frequencies().conjugate_of(frequency) == frequency)
            return SelfConjugateBlock(blocks, frequency).svd();
    return svd_of(blocks.template at<Complex>(frequency));
}

// A block's vector in the positions of the piece: sum over the aliases of its entries times the transforms' bases.
template <class S, class B>
class InPositions {
  public:
    InPositions(const Blocks<S>& blocks, Index frequency, Side side)
        : piece_(blocks.piece()),
          diagonal_(blocks.frequencies().axes()),
          side_(side),
          aliases_(side == Side::output ? 1 : blocks.frequencies().aliases()),
          each_(1),
          is_diagonal_(piece_.axes.size(), false) {
        const Shape at = blocks.frequencies().position_of(frequency);
        for (std::size_t j = 0; j < diagonal_.size(); ++j) {
            is_diagonal_[diagonal_[j].at] = true;
            tables_.push_back(table(diagonal_[j], at[j]));
        }
        for (std::size_t j = 0; j < piece_.axes.size(); ++j)
            if (!is_diagonal_[j]) each_ *= extent_of(piece_.axes[j], side);
    }

    std::vector<B> operator()(const B* block_vector) const {
        const Shape shape = piece_.shape(side_);
        std::vector<B> result(static_cast<std::size_t>(checked_product(shape, "a singular vector")));
        Shape i(shape.size(), 0);
        for (B& value : result) {
            Index rest = 0;
            for (std::size_t j = 0; j < piece_.axes.size(); ++j)
                if (!is_diagonal_[j]) rest = rest * shape[j + 1] + i[j + 1];
            value = 0;
            for (Index a = 0; a < aliases_; ++a)
                value += block_vector[(i[0] * aliases_ + a) * each_ + rest] * factor(a, i);
            advance(i, shape);
        }
        return result;
    }

  private:
    // The values of the basis at every alias of the frequency and every position.
    std::vector<B> table(const DiagonalAxis& axis, Index frequency) const {
        std::vector<B> values;
        const Index n = extent_of(piece_.axes[axis.at], side_);
        for (Index a = 0; a < (side_ == Side::output ? 1 : axis.aliases); ++a)
            for (Index i = 0; i < n; ++i)
                values.push_back(narrowed<B>(basis(axis.transform, n, frequency + a * axis.count, i)));
        return values;
    }

    B factor(Index alias, const Shape& i) const {
        B product = 1;
        for (std::size_t j = diagonal_.size(); j-- > 0;) {
            const DiagonalAxis& axis = diagonal_[j];
            const Index n = extent_of(piece_.axes[axis.at], side_);
            const Index of_axis = side_ == Side::output ? 0 : alias % axis.aliases;
            product *= tables_[j][static_cast<std::size_t>(of_axis * n + i[axis.at + 1])];
            alias /= axis.aliases;
        }
        return product;
    }

    const Piece<S>& piece_;
    const std::vector<DiagonalAxis>& diagonal_;
    Side side_;
    Index aliases_;
    Index each_; // entries of a block's vector for each channel and alias
    std::vector<bool> is_diagonal_;
    std::vector<std::vector<B>> tables_;
};

// Which value of a block, and which number among the results.
struct Wanted {
    Index value = 0;
    std::size_t result = 0;
    bool conjugate = false;
};

// Of a complex vector that belongs to a pair of conjugate frequencies the real part and the imaginary part.
std::vector<double> part_of(const std::vector<Complex>& vector, bool pair, bool imaginary) {
    const double scale = pair ? std::sqrt(2.0) : 1;
    std::vector<double> part;
    for (const Complex& z : vector) part.push_back(scale * (imaginary ? z.imag() : z.real()));
    return part;
}

template <class S, class B>
void write_vectors(const Blocks<S>& blocks, Index frequency, const Svd<B>& svd, const std::vector<Wanted>& wanted,
                   std::vector<PieceVectors<S>>& results) {
    const InPositions<S, B> output(blocks, frequency, Side::output), input(blocks, frequency, Side::input);
    for (const Wanted& one : wanted) {
        std::vector<B> u = output(svd.u.data() + one.value * svd.u.rows());
        std::vector<B> v = input(svd.v.data() + one.value * svd.v.rows());
        if constexpr (std::same_as<S, B>) {
            results[one.result] = {std::move(u), std::move(v)};
        } else {
            const bool pair = blocks.frequencies().conjugate_of(frequency) != frequency;
            results[one.result] = {part_of(u, pair, one.conjugate), part_of(v, pair, one.conjugate)};
        }
    }
}

} // namespace

template <class S>
std::vector<PieceVectors<S>> vectors_of(const Blocks<S>& blocks, const std::vector<Index>& places) {
    const std::vector<Frequency> listed = blocks.listed();
    std::map<Index, std::vector<Wanted>> of_frequency;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Frequency& f = listed[static_cast<std::size_t>(places[i] / blocks.values_each())];
        of_frequency[f.number].push_back({places[i] % blocks.values_each(), i, f.conjugate});
    }
    std::vector<PieceVectors<S>> results(places.size());
    for (const auto& [frequency, wanted] : of_frequency) {
        if constexpr (is_real<S>)
            if (blocks.real()) {
                write_vectors(blocks, frequency, svd_of(blocks.template at<double>(frequency)), wanted, results);
                continue;
            }
        write_vectors(blocks, frequency, complex_svd(blocks, frequency), wanted, results);
    }
    return results;
}

template std::vector<PieceVectors<double>> vectors_of(const Blocks<double>&, const std::vector<Index>&);
template std::vector<PieceVectors<Complex>> vectors_of(const Blocks<Complex>&, const std::vector<Index>&);

} // namespace convmat::numerics
