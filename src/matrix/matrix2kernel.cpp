#include <convmat/matrix/matrix2kernel.hpp>

#include <cmath>
#include <complex>

#include "row_builder.hpp"
#include <convmat/base/checked.hpp>
#include <convmat/base/dense.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/scalars.hpp>
#include <convmat/matrix/row_plan.hpp>

namespace convmat::detail {
namespace {

// Sums are kept in double, or exactly.
template <class Scalar>
using Sum = std::conditional_t<std::same_as<Scalar, std::int64_t>, std::int64_t, DoubleOf<Scalar>>;

double squared(double value) { return value * value; }
double squared(const std::complex<double>& value) { return std::norm(value); }
double squared(std::int64_t value) { return squared(static_cast<double>(value)); }

// Visits A and the pattern of W together, row by row (of their storage), in step.
template <class Scalar, class StorageIndex>
class Walk {
  public:
    Walk(const ConvGeometry& geometry, const CompressedView<Scalar, StorageIndex>& matrix)
        : plan_(matrix.of_columns ? RowPlan::transpose(geometry) : RowPlan::matrix(geometry)),
          matrix_(matrix) {}

    // in_pattern(a, terms, first_weight) for each entry of the pattern, a being 0 where A stores nothing;
    // elsewhere(a) for what A stores outside the pattern.
    template <class InPattern, class Elsewhere>
    void operator()(const InPattern& in_pattern, const Elsewhere& elsewhere) const {
        RowBuilder builder(plan_.axes());
        RowTemplate entries;
        const Index line_rows = builder.line_rows();
        for (Index row = 0; row < plan_.rows(); ++row) {
            const Index position = row % plan_.positions();
            if (position % line_rows == 0) builder.seek(position / line_rows);
            builder.build(position % line_rows, entries);
            walk_row(row, entries, in_pattern, elsewhere);
        }
    }

  private:
    template <class InPattern, class Elsewhere>
    void walk_row(Index row, const RowTemplate& entries, const InPattern& in_pattern,
                  const Elsewhere& elsewhere) const {
        const ChannelPlan& channels = plan_.channels();
        auto at = static_cast<Index>(matrix_.offsets[row]);
        const auto end = static_cast<Index>(matrix_.offsets[row + 1]);
        require_ascending(row, at, end);
        for (Index q = 0; q < channels.partners; ++q) {
            const Index first_column = channels.first_column(row / plan_.positions(), q);
            const Index first_weight = channels.first_weight(row / plan_.positions(), q);
            for (std::size_t e = 0; e < entries.columns.size(); ++e) {
                const Index column = first_column + entries.columns[e];
                while (at < end && matrix_.indices[at] < column) elsewhere(matrix_.values[at++]);
                const bool stored = at < end && matrix_.indices[at] == column;
                const Scalar a = stored ? matrix_.values[at++] : Scalar(0);
                in_pattern(a,
                           std::span(entries.terms)
                               .subspan(static_cast<std::size_t>(entries.first_term[e]),
                                        static_cast<std::size_t>(entries.first_term[e + 1] - entries.first_term[e])),
                           first_weight);
            }
        }
        while (at < end) elsewhere(matrix_.values[at++]);
    }

    void require_ascending(Index row, Index at, Index end) const {
        for (Index e = at + 1; e < end; ++e)
            if (matrix_.indices[e] <= matrix_.indices[e - 1])
                throw ShapeError(
                    {.parameter = "matrix",
                     .value = concat("compressed vector ", row),
                     .expected = "indices that ascend",
                     .sentence = concat("matrix2kernel: the indices of compressed vector ", row, " do not ascend")});
    }

    RowPlan plan_;
    CompressedView<Scalar, StorageIndex> matrix_;
};

// What is left of an entry once W(kernel) is taken away; the sum is kernel2matrix's, in the same order and precision.
template <class Scalar>
Sum<Scalar> remainder(const Scalar& a, std::span<const Term> terms, const Scalar* weights) {
    if (terms.size() == 1 && terms.front().coefficient == 1)
        return Sum<Scalar>(a) - Sum<Scalar>(weights[terms.front().weight]);
    Scalar sum(0);
    for (const Term& term : terms) sum += static_cast<RealOf<Scalar>>(term.coefficient) * weights[term.weight];
    return Sum<Scalar>(a) - Sum<Scalar>(sum);
}

// The pseudo-inverse of one axis's Gram matrix G[t, t'] = sum_{u, i} T[u, i, t] T[u, i, t'].
class AxisInverse {
  public:
    explicit AxisInverse(const Axis& axis)
        : taps_(AxisTaps::forward(axis)),
          diagonal_(static_cast<std::size_t>(axis.kernel), 0.0) {
        gather([this](Index t, Index other, double product) {
            if (t == other) diagonal_[static_cast<std::size_t>(t)] += product;
            is_diagonal_ = is_diagonal_ && t == other;
        });
        if (is_diagonal_)
            invert_diagonal();
        else
            invert_full(axis.kernel);
    }

    Index rank() const { return rank_; }

    // x <- G^+ x; the values of x lie `step` apart.
    template <class Value>
    void apply(Value* x, Index step) const {
        if (!is_diagonal_) return dense::multiply(std::ssize(diagonal_), std::span<const double>(full_), x, step);
        for (std::size_t t = 0; t < diagonal_.size(); ++t) x[static_cast<Index>(t) * step] *= diagonal_[t];
    }

  private:
    // add(t, t', product) for all pairs of terms that meet in an entry; a run's rows count as often as they repeat.
    template <class Add>
    void gather(const Add& add) const {
        for (const AxisTaps::Run& run : taps_.runs())
            for (Index phase = 0; phase < run.period; ++phase) {
                const auto repeats = static_cast<double>((run.rows - phase + run.period - 1) / run.period);
                for (const AxisTaps::Entry& entry : taps_.row(run.first + phase).entries)
                    for (const Term& a : taps_.terms(entry))
                        for (const Term& b : taps_.terms(entry))
                            add(a.weight, b.weight,
                                repeats * static_cast<double>(a.coefficient) * static_cast<double>(b.coefficient));
            }
    }

    void invert_diagonal() {
        for (double& value : diagonal_) {
            if (value == 0) continue;
            value = 1 / value;
            ++rank_;
        }
    }

    void invert_full(Index k) {
        require_memory(checked_mul(checked_mul(k, k, "Gram matrix"), 3 * Index{sizeof(double)}, "Gram matrix"),
                       "matrix2kernel: the Gram matrix of an axis");
        full_.assign(static_cast<std::size_t>(k * k), 0.0);
        gather(
            [&](Index t, Index other, double product) { full_[static_cast<std::size_t>(other * k + t)] += product; });
        rank_ = dense::invert_semidefinite(k, full_);
    }

    AxisTaps taps_;
    std::vector<double> diagonal_;
    std::vector<double> full_; // column after column
    bool is_diagonal_ = true;
    Index rank_ = 0;
};

// (G_1 ⊗ ... ⊗ G_D)^+ on the kernel of every pair of channels.
template <class Value>
void solve_normal_equations(const std::vector<AxisInverse>& inverses, const ConvGeometry& geometry,
                            std::vector<Value>& kernels) {
    Index step = 1;
    for (Index j = geometry.rank() - 1; j >= 0; --j) {
        const Index extent = geometry.axis(j).kernel;
        for (Index line = 0; line < static_cast<Index>(kernels.size()) / extent; ++line) {
            Value* const first = kernels.data() + line / step * step * extent + line % step;
            inverses[static_cast<std::size_t>(j)].apply(first, step);
        }
        step *= extent;
    }
}

// The least-squares step G^+ rhs from the guess, and by how much it lowers the squared residual.
template <class Scalar>
struct Correction {
    std::vector<DoubleOf<Scalar>> step;
    double explained = 0; // ||r||^2 - ||r - B step||^2 = <B^T r, step>

    Correction(const ConvGeometry& geometry, const std::vector<AxisInverse>& inverses,
               const std::vector<Sum<Scalar>>& rhs)
        : step(rhs.begin(), rhs.end()) {
        const auto before = step;
        solve_normal_equations(inverses, geometry, step);
        for (std::size_t w = 0; w < step.size(); ++w) explained += std::real(Eigen::numext::conj(before[w]) * step[w]);
    }

    void add_to(Tensor<Scalar>& kernel) const {
        for (Index w = 0; w < kernel.size(); ++w) {
            const auto& change = step[static_cast<std::size_t>(w)];
            if constexpr (std::same_as<Scalar, std::int64_t>)
                kernel[w] += std::llround(change);
            else
                kernel[w] = static_cast<Scalar>(Sum<Scalar>(kernel[w]) + change);
        }
    }
};

// Guess, then one correction: the guess alone is the answer when A is a convolution and every weight stands alone
// somewhere, so rounding enters only where there is something to round.
template <class Scalar, class StorageIndex>
class KernelFit {
  public:
    KernelFit(const ConvGeometry& geometry, const CompressedView<Scalar, StorageIndex>& matrix)
        : geometry_(geometry),
          walk_(geometry, matrix),
          kernel_(geometry.kernel_shape()) {}

    NearestKernel<Scalar> solve() {
        Index determined = 1;
        std::vector<AxisInverse> inverses;
        for (const Axis& axis : geometry_.axes()) determined *= inverses.emplace_back(axis).rank();

        guess();
        gather();
        double least = rest_;
        if (rest_ != 0) {
            const Correction<Scalar> correction(geometry_, inverses, rhs_);
            correction.add_to(kernel_);
            least = std::max(rest_ - correction.explained, 0.0);
            measure();
        }
        const Index pairs = kernel_.size() / geometry_.kernel_size();
        return {.kernel = std::move(kernel_),
                .residual = std::sqrt(rest_ + outside_),
                .matrix_norm = std::sqrt(norm_ + outside_),
                .undetermined = pairs * (geometry_.kernel_size() - determined),
                .least_residual = std::sqrt(std::min(least, rest_) + outside_)};
    }

  private:
    using Terms = std::span<const Term>;

    // Each weight is what A has in the first entry where that weight stands alone.
    void guess() {
        std::vector<bool> seen(static_cast<std::size_t>(kernel_.size()));
        walk_(
            [&](const Scalar& a, Terms terms, Index first) {
                const Index w = first + terms.front().weight;
                if (terms.size() != 1 || terms.front().coefficient != 1 || seen[static_cast<std::size_t>(w)]) return;
                seen[static_cast<std::size_t>(w)] = true;
                kernel_[w] = a;
            },
            [](const Scalar&) {});
    }

    // The right-hand side of the normal equations, rhs_t = <A - W(guess), dW/dK_t>, and the norms on the way.
    void gather() {
        rhs_.assign(static_cast<std::size_t>(kernel_.size()), {});
        walk_(
            [this](const Scalar& a, Terms terms, Index first) {
                const Sum<Scalar> left = remainder(a, terms, kernel_.data() + first);
                rest_ += squared(left);
                norm_ += squared(Sum<Scalar>(a));
                for (const Term& term : terms)
                    rhs_[static_cast<std::size_t>(first + term.weight)] +=
                        static_cast<RealOf<Sum<Scalar>>>(term.coefficient) * left;
            },
            [this](const Scalar& a) { outside_ += squared(Sum<Scalar>(a)); });
    }

    // What the kernel now leaves of A inside the pattern.
    void measure() {
        rest_ = 0;
        walk_([this](const Scalar& a, Terms terms,
                     Index first) { rest_ += squared(remainder(a, terms, kernel_.data() + first)); },
              [](const Scalar&) {});
    }

    const ConvGeometry& geometry_;
    Walk<Scalar, StorageIndex> walk_;
    Tensor<Scalar> kernel_;
    std::vector<Sum<Scalar>> rhs_;
    double rest_ = 0;    // ||A - W(kernel)||^2 inside the pattern
    double norm_ = 0;    // ||A||^2 inside the pattern
    double outside_ = 0; // ||A||^2 outside it
};

} // namespace

template <ScalarType Scalar, StorageIndexType StorageIndex>
NearestKernel<Scalar> nearest_kernel(const ConvGeometry& geometry, const CompressedView<Scalar, StorageIndex>& matrix) {
    return KernelFit<Scalar, StorageIndex>(geometry, matrix).solve();
}

template NearestKernel<float> nearest_kernel(const ConvGeometry&, const CompressedView<float, int>&);
template NearestKernel<double> nearest_kernel(const ConvGeometry&, const CompressedView<double, int>&);
template NearestKernel<std::complex<float>> nearest_kernel(const ConvGeometry&,
                                                           const CompressedView<std::complex<float>, int>&);
template NearestKernel<std::complex<double>> nearest_kernel(const ConvGeometry&,
                                                            const CompressedView<std::complex<double>, int>&);
template NearestKernel<std::int64_t> nearest_kernel(const ConvGeometry&, const CompressedView<std::int64_t, int>&);
template NearestKernel<float> nearest_kernel(const ConvGeometry&, const CompressedView<float, std::int64_t>&);
template NearestKernel<double> nearest_kernel(const ConvGeometry&, const CompressedView<double, std::int64_t>&);
template NearestKernel<std::complex<float>> nearest_kernel(const ConvGeometry&,
                                                           const CompressedView<std::complex<float>, std::int64_t>&);
template NearestKernel<std::complex<double>> nearest_kernel(const ConvGeometry&,
                                                            const CompressedView<std::complex<double>, std::int64_t>&);
template NearestKernel<std::int64_t> nearest_kernel(const ConvGeometry&,
                                                    const CompressedView<std::int64_t, std::int64_t>&);

} // namespace convmat::detail
