#include "preconditioner.hpp"

#include <algorithm>
#include <cmath>

#include <convmat/structure/sparse.hpp>

#include "fast_svd.hpp"

namespace convmat::solve {
namespace {

// σ² + λ² p below this part of the largest σ² counts as this: where the periodic layer is blind, A need not be.
constexpr double least_square = 1e-6;

// The layer with the squared magnitudes of the weights: its adjoint sums them for every x.
template <class S>
Tensor<double> squared(const Tensor<S>& kernel) {
    Tensor<double> squares(kernel.shape());
    for (Index i = 0; i < kernel.size(); ++i) squares[i] = std::norm(kernel[i]);
    return squares;
}

Tensor<double> sums(const ConvGeometry& geometry, const Tensor<double>& squares, Form form, Index images) {
    const ConvOperator<double> w(geometry, squares);
    const ConvOperator<double> sum = form == Form::matrix ? w.transpose() : w;
    Tensor<double> ones({images * sum.cols()}), result({images * sum.rows()});
    std::ranges::fill(ones.values(), 1.0);
    sum.apply(ones.data(), result.data(), images);
    return result;
}

template <class S>
class Diagonal final : public NormalPreconditioner<S> {
  public:
    explicit Diagonal(const System<S>& system)
        : of_a_(sums(system.geometry(), squared(system.kernel()), system.form(), 1)),
          of_l_({system.cols()}) {
        for (const PenaltyLayer& layer : penalty_layers(system.geometry(), system.form(), system.penalty()))
            of_l_.vec() += sums(layer.geometry, squared(layer.kernel), Form::matrix, system.x_shape().front()).vec();
    }

    void set_lambda(double lambda) override {
        root_ = (of_a_.vec() + lambda * lambda * of_l_.vec()).cwiseMax(0.0).cwiseSqrt();
        const double largest = root_.size() > 0 ? root_.maxCoeff() : 0;
        root_ = root_.cwiseMax(largest > 0 ? std::sqrt(least_square) * largest : 1);
    }

    void apply_inverse(const S* x, S* z) const override {
        for (Index i = 0; i < root_.size(); ++i) z[i] = x[i] / root_(i);
    }
    void apply_inverse_square(const S* x, S* z) const override {
        for (Index i = 0; i < root_.size(); ++i) z[i] = x[i] / (root_(i) * root_(i));
    }

  private:
    Tensor<double> of_a_; // the diagonal of A^H A
    Tensor<double> of_l_; // and of L^H L, where no two taps meet
    Eigen::VectorXd root_;
};

// Of an eigenvalue of L^H L, over all frequencies.
double mean_penalty(const ConvGeometry& geometry, Penalty penalty) {
    const auto axes = static_cast<double>(geometry.rank());
    if (penalty == Penalty::gradient) return 2 * axes;
    if (penalty == Penalty::laplacian) return 4 * axes * axes + 2 * axes;
    return penalty == Penalty::none ? 0 : 1;
}

ConvGeometry periodic_twin(const ConvGeometry& geometry, Form form) {
    ConvSpec spec{.input = {},
                  .kernel = {},
                  .in_channels = geometry.in_channels(),
                  .out_channels = geometry.out_channels(),
                  .groups = geometry.groups(),
                  .boundary = {Boundary::periodic}};
    for (const Axis& axis : geometry.axes()) {
        spec.input.push_back(form == Form::matrix ? axis.input : axis.stride * axis.output);
        spec.kernel.push_back(axis.kernel);
        spec.stride.push_back(axis.stride);
        spec.dilation.push_back(axis.dilation);
        spec.padding.push_back({axis.padding.begin, axis.effective_kernel() - axis.stride - axis.padding.begin});
    }
    return ConvGeometry(spec);
}

template <class S>
class Circulant final : public NormalPreconditioner<S> {
  public:
    // `penalised`: whether the SVDs know the penalty of the system; otherwise a number stands in for it.
    Circulant(const System<S>& system, FastSvds<S> groups, bool penalised, bool wide)
        : groups_(std::move(groups)),
          each_(system.cols() / std::ssize(groups_)),
          mean_(mean_penalty(system.geometry(), system.penalty())),
          factor_(system.penalty() != Penalty::none && penalised ? 1 : mean_),
          wide_(wide) {}

    void set_lambda(double lambda) override {
        double largest = 0;
        for (const auto& group : groups_)
            for (const double value : group->values) largest = std::max(largest, value);
        const double least = largest > 0 ? least_square * largest * largest : 1;
        const double square = lambda * lambda * factor_;
        beyond_ = 1 / std::sqrt(std::max(lambda * lambda * mean_, least));
        inverse_.clear();
        for (const auto& group : groups_)
            for (std::size_t i = 0; i < group->values.size(); ++i) {
                const double value = group->values[i] * group->values[i] + square * group->penalties[i];
                inverse_.push_back(1 / std::sqrt(std::max(value, least)));
            }
    }

    void apply_inverse(const S* x, S* z) const override { filter(x, z, 1); }
    void apply_inverse_square(const S* x, S* z) const override { filter(x, z, 2); }

  private:
    // V f(Σ) V^H, and what V does not reach times f(0).
    void filter(const S* x, S* z, int power) const {
        std::size_t first = 0;
        const double outside = wide_ ? std::pow(beyond_, power) : 0;
        for (const auto& group : groups_) {
            std::vector<Complex> c(static_cast<std::size_t>(group->size()));
            group->analyse_input(x, c.data());
            for (std::size_t i = 0; i < c.size(); ++i) {
                const double inverse = inverse_[first + i];
                c[i] *= (power == 1 ? inverse : inverse * inverse) - outside;
            }
            group->synthesise(c.data(), z);
            for (Index i = 0; wide_ && i < each_; ++i) z[i] += outside * x[i];
            first += c.size();
            x += each_;
            z += each_;
        }
    }

    FastSvds<S> groups_;
    Index each_;    // x's values of a group
    double mean_;   // of L^H L
    double factor_; // what the twin's penalty is multiplied by
    bool wide_;
    double beyond_ = 0;
    std::vector<double> inverse_; // of M, in its eigenvectors
};

} // namespace

template <class S>
std::unique_ptr<NormalPreconditioner<S>> diagonal_preconditioner(const System<S>& system) {
    return std::make_unique<Diagonal<S>>(system);
}

template <class S>
PeriodicTwin<S>::PeriodicTwin(const System<S>& system) : system_(system) {
    const ConvGeometry& geometry = system.geometry();
    for (Index j = 0; j < geometry.rank(); ++j) {
        const Axis& axis = geometry.axis(j);
        if (system.form() == Form::matrix && axis.input % axis.stride != 0) {
            objection_ =
                Refusal{concat("stride ", axis.stride, " does not divide the extent ", axis.input, " of axis ", j),
                        "a divisor of it"};
            return;
        }
    }
    const ConvGeometry twin = periodic_twin(geometry, system.form());
    transformable_.emplace(twin, system.kernel(), system.form());
    objection_ = transformable_->objection(Penalty::identity);
    wide_ = (twin.rows() < twin.cols()) == (system.form() == Form::matrix) && twin.rows() != twin.cols();
}

// The gradient of strided layers is not diagonal in the frequencies of the output.
template <class S>
std::unique_ptr<NormalPreconditioner<S>> PeriodicTwin<S>::preconditioner() const {
    const bool diagonal = !transformable_->objection(system_.penalty());
    const Penalty penalty = diagonal ? system_.penalty() : Penalty::identity;
    return std::make_unique<Circulant<S>>(system_, transformable_->svds(penalty), diagonal, wide_);
}

template std::unique_ptr<NormalPreconditioner<double>> diagonal_preconditioner(const System<double>&);
template std::unique_ptr<NormalPreconditioner<Complex>> diagonal_preconditioner(const System<Complex>&);
template class PeriodicTwin<double>;
template class PeriodicTwin<Complex>;

} // namespace convmat::solve
