#include <cmath>
#include <numbers>

#include <convmat/base/checked.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/structure/sparse.hpp>

#include "../numerics/decomposition.hpp"
#include "fast_svd.hpp"
#include "transforms.hpp"
#include <convmat/base/parallel.hpp>

namespace convmat::solve {

template <class S>
struct Transformable<S>::Group {
    explicit Group(numerics::Piece<S> of) : piece(std::move(of)), blocks(piece) {
        for (std::size_t j = 0; j < piece.axes.size(); ++j)
            kinds.push_back(numerics::transform_of(piece.axes[j], piece.kernel, j + 2));
    }

    const numerics::Piece<S> piece;
    const numerics::Blocks<S> blocks; // of the piece, to which it refers
    std::vector<AxisTransform> kinds;
};

namespace {

using numerics::Blocks;
using numerics::Piece;
using numerics::Svd;

constexpr Index most_block_side = 3000;

// An eigenvalue of -x[i-1] + 2 x[i] - x[i+1] on an axis of n positions, periodic or mirrored.
double laplacian_value(AxisTransform kind, Index f, Index n) {
    const double turns = static_cast<double>(f) / static_cast<double>(n) * (kind == AxisTransform::fourier ? 1 : 0.5);
    const double s = std::sin(std::numbers::pi * turns);
    return 4 * s * s;
}

// sum_j i_j steps_j for every position i, in row-major order.
std::vector<Index> offsets_of(const Shape& extents, const Shape& steps) {
    std::vector<Index> offsets(static_cast<std::size_t>(checked_product(extents, "positions")));
    Shape at(extents.size(), 0);
    Index offset = 0;
    for (Index& to : offsets) {
        to = offset;
        for (std::size_t j = extents.size(); j-- > 0;) {
            offset += steps[j];
            if (++at[j] < extents[j]) break;
            offset -= steps[j] * extents[j];
            at[j] = 0;
        }
    }
    return offsets;
}

template <class S>
class TransformSvd final : public FastSvd<S> {
  public:
    using Group = typename Transformable<S>::Group;

    TransformSvd(std::shared_ptr<const Group> group, Form form, Penalty penalty)
        : group_(std::move(group)),
          piece_(group_->piece),
          kinds_(group_->kinds),
          adjoint_(form == Form::transpose),
          half_(keeps_half()),
          y_(transforms(!adjoint_)),
          x_(transforms(adjoint_)) {
        list_frequencies();
        list_offsets();
        const Blocks<S>& blocks = group_->blocks;
        rows_ = adjoint_ ? blocks.cols() : blocks.rows();
        cols_ = adjoint_ ? blocks.rows() : blocks.cols();
        each_ = std::min(rows_, cols_);
        reserve();
        decompose(blocks);
        set_penalties(penalty);
    }

    void analyse(const S* y, Complex* c) const override { analyse_by(y_, *y_offsets_, u_, rows_, y, c); }
    void analyse_input(const S* x, Complex* c) const override { analyse_by(x_, *x_offsets_, v_, cols_, x, c); }

    void synthesise(const Complex* c, S* x) const override {
        Tensor<Complex> spectrum(x_.frequency_shape());
        for_each_frequency([&](Index f) {
            const Complex* from = c + f * each_;
            Complex* to = spectrum.data() + x_offsets_->of_frequency[static_cast<std::size_t>(f)];
            if (scalar()) {
                *to = *from;
                return;
            }
            const Eigen::VectorXcd part = matrix(v_, cols_, f) * Eigen::Map<const Eigen::VectorXcd>(from, each_);
            for (Index i = 0; i < cols_; ++i) to[x_offsets_->of_entry[static_cast<std::size_t>(i)]] = part(i);
        });
        x_.inverse(std::move(spectrum), x);
    }

  private:
    // Where the entries of a block's vector are in an array of frequencies: of_frequency[f] + of_entry[i].
    struct Offsets {
        std::vector<Index> of_frequency;
        std::vector<Index> of_entry;
    };

    bool scalar() const { return rows_ == 1 && cols_ == 1; }

    // Real arrays, and no frequency that is folded onto another.
    bool keeps_half() const {
        bool fourier = false, aliases = false;
        for (std::size_t j = 0; j < kinds_.size(); ++j)
            if (kinds_[j] == AxisTransform::fourier) {
                fourier = true;
                aliases = aliases || piece_.axes[j].stride > 1;
            }
        return std::is_same_v<S, double> && fourier && !aliases;
    }

    Transforms transforms(bool output) const {
        return Transforms(output ? piece_.output_shape() : piece_.input_shape(), kinds_,
                          half_ ? Kept::half : Kept::all);
    }

    bool diagonal(std::size_t j) const { return kinds_[j] != AxisTransform::none; }

    // The output frequencies of the diagonalised axes; 1 on the others.
    void list_frequencies() {
        const Shape of_output = transforms(true).frequency_shape();
        for (std::size_t j = 0; j < kinds_.size(); ++j) counts_.push_back(diagonal(j) ? of_output[j + 1] : 1);
        count_ = checked_product(counts_, "frequencies");
    }

    Offsets offsets(const Shape& shape, bool output) const {
        const Shape steps = detail::steps_of(shape), spatial(steps.begin() + 1, steps.end());
        Shape aliases, rest, alias_steps; // of a block's vector: (channel, alias..., position on the other axes...)
        for (std::size_t j = 0; j < kinds_.size(); ++j) {
            aliases.push_back(output || !diagonal(j) ? 1 : numerics::aliases_of(piece_.axes[j], kinds_[j]));
            rest.push_back(diagonal(j) ? 1 : shape[j + 1]);
            alias_steps.push_back(piece_.axes[j].output * spatial[j]);
        }
        Offsets offsets{offsets_of(counts_, spatial), {}};
        for (Index channel = 0; channel < shape.front(); ++channel)
            for (const Index alias : offsets_of(aliases, alias_steps))
                for (const Index position : offsets_of(rest, spatial))
                    offsets.of_entry.push_back(channel * steps.front() + alias + position);
        return offsets;
    }

    void list_offsets() {
        y_offsets_ = std::make_shared<Offsets>(offsets(y_.frequency_shape(), !adjoint_));
        x_offsets_ = y_.frequency_shape() == x_.frequency_shape()
                         ? y_offsets_
                         : std::make_shared<Offsets>(offsets(x_.frequency_shape(), adjoint_));
    }

    void reserve() {
        const auto size = static_cast<std::size_t>(checked_mul(count_, each_, "singular values"));
        this->values.resize(size);
        this->penalties.assign(size, 1.0);
        this->weights.assign(size, 1.0);
        if (half_) set_weights();
        const Index entries = checked_mul(count_, scalar() ? 1 : (rows_ + cols_) * each_, "the blocks");
        require_memory(checked_mul(entries, Index{sizeof(Complex)}, "the blocks"), "the decomposed blocks");
        u_.resize(static_cast<std::size_t>(count_ * (scalar() ? 1 : rows_ * each_)));
        if (!scalar()) v_.resize(static_cast<std::size_t>(count_ * cols_ * each_));
    }

    // A frequency f of the halved axis with 0 < f < n / 2 stands for n - f too.
    void set_weights() {
        std::size_t halved = 0;
        for (std::size_t j = 0; j < kinds_.size(); ++j)
            if (kinds_[j] == AxisTransform::fourier) halved = j;
        const Index n = piece_.axes[halved].output;
        Index inner = each_;
        for (std::size_t j = kinds_.size(); j-- > halved + 1;) inner *= counts_[j];
        for (Index i = 0; i < this->size(); ++i) {
            const Index f = i / inner % counts_[halved];
            if (f > 0 && 2 * f < n) this->weights[static_cast<std::size_t>(i)] = 2;
        }
    }

    template <class Body>
    void for_each_frequency(const Body& body) const {
        constexpr Index in_job = 4096;
        const Index frequencies = scalar() ? in_job : std::max<Index>(1, in_job / (rows_ * cols_));
        parallel_for(ceil_div(count_, frequencies), [&](Index job) {
            for (Index f = job * frequencies; f < std::min(count_, (job + 1) * frequencies); ++f) body(f);
        });
    }

    Eigen::Map<const Dense<Complex>> matrix(const std::vector<Complex>& of, Index rows, Index f) const {
        return {of.data() + f * rows * each_, rows, each_};
    }

    // Of every output frequency the rows of the symbols that its aliases have.
    Offsets symbol_rows() const {
        Shape inputs, aliases;
        for (std::size_t j = 0; j < kinds_.size(); ++j) {
            inputs.push_back(diagonal(j) ? piece_.axes[j].input : 1);
            aliases.push_back(diagonal(j) ? numerics::aliases_of(piece_.axes[j], kinds_[j]) : 1);
        }
        const Shape steps = detail::steps_of(inputs);
        Shape alias_steps = steps;
        for (std::size_t j = 0; j < steps.size(); ++j) alias_steps[j] *= piece_.axes[j].output;
        return {offsets_of(counts_, steps), offsets_of(aliases, alias_steps)};
    }

    void decompose(const Blocks<S>& blocks) {
        const auto symbols = blocks.symbols();
        const Offsets rows = symbol_rows();
        for_each_frequency([&](Index f) {
            const Index first = rows.of_frequency[static_cast<std::size_t>(f)];
            if (scalar() && symbols.cols() == 1) { // more: taps along axes that no transform diagonalises
                keep_scalar(f, symbols(first, 0));
                return;
            }
            std::vector<Index> aliases;
            for (const Index offset : rows.of_entry) aliases.push_back(first + offset);
            Dense<Complex> block = blocks.block_of(symbols, aliases);
            if (scalar()) {
                keep_scalar(f, block(0, 0));
                return;
            }
            if (adjoint_) block.adjointInPlace();
            keep(f, numerics::svd_of(std::move(block)));
        });
    }

    // k = u σ: v = 1.
    void keep_scalar(Index f, Complex k) {
        const double size = std::abs(k);
        this->values[static_cast<std::size_t>(f)] = size;
        const Complex u = size > 0 ? k / size : Complex(1);
        u_[static_cast<std::size_t>(f)] = adjoint_ ? std::conj(u) : u;
    }

    void keep(Index f, const Svd<Complex>& svd) {
        std::ranges::copy(svd.values, this->values.begin() + f * each_);
        std::copy_n(svd.u.data(), svd.u.size(), u_.begin() + f * rows_ * each_);
        std::copy_n(svd.v.data(), svd.v.size(), v_.begin() + f * cols_ * each_);
    }

    void set_penalties(Penalty penalty) {
        if (penalty != Penalty::gradient && penalty != Penalty::laplacian) return;
        Index number = 0;
        for_each_position(counts_, [&](const Shape& f) {
            double sum = 0;
            for (std::size_t j = 0; j < f.size(); ++j)
                if (diagonal(j)) sum += laplacian_value(kinds_[j], f[j], x_.shape()[j + 1]);
            std::fill_n(this->penalties.begin() + number * each_, each_,
                        penalty == Penalty::gradient ? sum : sum * sum);
            ++number;
        });
    }

    void analyse_by(const Transforms& transforms, const Offsets& offsets, const std::vector<Complex>& basis, Index rows,
                    const S* array, Complex* c) const {
        const Tensor<Complex> spectrum = transforms.forward(array);
        const bool phases = &basis == &u_;
        for_each_frequency([&](Index f) {
            const Complex* from = spectrum.data() + offsets.of_frequency[static_cast<std::size_t>(f)];
            if (scalar()) {
                c[f] = phases ? *from * std::conj(u_[static_cast<std::size_t>(f)]) : *from;
                return;
            }
            Eigen::VectorXcd part(rows);
            for (Index i = 0; i < rows; ++i) part(i) = from[offsets.of_entry[static_cast<std::size_t>(i)]];
            Eigen::Map<Eigen::VectorXcd>(c + f * each_, each_) = matrix(basis, rows, f).adjoint() * part;
        });
    }

    std::shared_ptr<const Group> group_;
    const Piece<S>& piece_;
    const std::vector<AxisTransform>& kinds_;
    bool adjoint_;
    bool half_;
    Transforms y_, x_;
    Shape counts_;
    Index count_ = 1;
    std::shared_ptr<const Offsets> y_offsets_, x_offsets_;
    Index rows_ = 0, cols_ = 0, each_ = 0; // of the blocks of A
    std::vector<Complex> u_, v_;           // of each frequency, column-major; of 1 x 1 blocks only u
};

// L^H L has to be a number for each frequency.
template <class S>
Objection penalty_not_diagonal(const Piece<S>& piece, const std::vector<AxisTransform>& kinds, Form form,
                               Penalty penalty) {
    if (penalty != Penalty::gradient && penalty != Penalty::laplacian) return {};
    for (std::size_t j = 0; j < kinds.size(); ++j) {
        const Axis& axis = piece.axes[j];
        const bool forward = form == Form::matrix;
        if ((forward ? axis.input : axis.output) == 1) continue;
        const char* name = penalty == Penalty::gradient ? "the gradient" : "the Laplacian";
        if (kinds[j] == AxisTransform::none || kinds[j] == AxisTransform::sine)
            return Refusal{concat(name, " on axis ", j, " is not diagonal in the layer's transforms"),
                           "penalty identity or none"};
        if (forward && kinds[j] == AxisTransform::fourier && axis.stride > 1)
            return Refusal{
                concat(name, " tells apart the frequencies that stride ", axis.stride, " folds together on axis ", j),
                "penalty identity or none"};
    }
    return {};
}

} // namespace

template <class S>
Transformable<S>::Transformable(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form)
    : form_(form),
      vectors_(static_cast<double>(geometry.rows() + geometry.cols())) {
    for (Index group = 0; group < geometry.groups(); ++group)
        groups_.push_back(std::make_shared<const Group>(numerics::whole(geometry, kernel, group)));
}

template <class S>
Objection Transformable<S>::objection(Penalty penalty) const {
    bool any = false;
    for (const auto& group : groups_) {
        for (const AxisTransform kind : group->kinds) any = any || kind != AxisTransform::none;
        if (Objection objection = penalty_not_diagonal(group->piece, group->kinds, form_, penalty)) return objection;
        const Blocks<S>& blocks = group->blocks;
        if (std::min(blocks.rows(), blocks.cols()) > most_block_side)
            return Refusal{concat("the blocks that transforms leave are ", blocks.rows(), "x", blocks.cols()),
                           concat("a shorter side of at most ", most_block_side)};
    }
    if (any) return {};
    return Refusal{"no axis is periodic with a stride that divides it, half-symmetric with a mirrored kernel, or "
                   "zero-padded with at most 3 mirrored taps",
                   "such an axis"};
}

template <class S>
bool Transformable<S>::has_fourier_axis() const {
    return std::ranges::count(groups_.front()->kinds, AxisTransform::fourier) > 0;
}

template <class S>
double Transformable<S>::operations() const {
    double operations = 0;
    for (const auto& group : groups_) operations += 4 * group->blocks.operations();
    return operations;
}

template <class S>
double Transformable<S>::bytes() const {
    double bytes = 4 * vectors_ * sizeof(Complex);
    for (const auto& group : groups_) {
        const Blocks<S>& blocks = group->blocks;
        const double entries =
            static_cast<double>(blocks.rows() + blocks.cols()) * static_cast<double>(blocks.values_each());
        bytes += static_cast<double>(blocks.count()) * (2 * entries * sizeof(Complex) + 64);
    }
    return bytes;
}

template <class S>
FastSvds<S> Transformable<S>::svds(Penalty penalty) const {
    FastSvds<S> svds;
    for (const auto& group : groups_) svds.push_back(std::make_unique<TransformSvd<S>>(group, form_, penalty));
    return svds;
}

template class Transformable<double>;
template class Transformable<Complex>;

} // namespace convmat::solve
