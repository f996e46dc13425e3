#include "system.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

namespace convmat::solve {
namespace {

template <class S>
ConvOperator<S> operator_of(const PenaltyLayer& layer) {
    Tensor<S> kernel(layer.kernel.shape());
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = layer.kernel[i];
    return ConvOperator<S>(layer.geometry, kernel);
}

template <class S>
auto vector(S* values, Index size) {
    return Eigen::Map<Eigen::Matrix<S, Eigen::Dynamic, 1>>(values, size);
}

template <class S>
auto vector(const S* values, Index size) {
    return Eigen::Map<const Eigen::Matrix<S, Eigen::Dynamic, 1>>(values, size);
}

} // namespace

template <class S>
System<S>::System(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form, Penalty penalty)
    : geometry_(geometry),
      kernel_(kernel),
      form_(form),
      penalty_(penalty),
      forward_(geometry, kernel),
      adjoint_(forward_.adjoint()),
      layers_(penalty_layers(geometry, form, penalty)) {
    if (form == Form::transpose) std::swap(forward_, adjoint_);
    for (const PenaltyLayer& layer : layers_) terms_.push_back(operator_of<S>(layer));
    if (penalty == Penalty::gradient || penalty == Penalty::laplacian)
        laplacian_ = operator_of<S>(penalty_layers(geometry, form, Penalty::laplacian).front());
}

template <class S>
numerics::LinearMap<S> System<S>::map() const {
    return {rows(), cols(), [this](const S* x, S* y, Index count) { forward_.apply(x, y, count); },
            [this](const S* y, S* x, Index count) { adjoint_.apply(y, x, count); }};
}

template <class S>
Index System<S>::penalty_rows() const {
    Index rows = 0;
    for (const PenaltyLayer& layer : layers_)
        rows = checked_add(rows, checked_mul(channels(), layer.geometry.rows(), "rows of L"), "rows of L");
    return rows;
}

template <class S>
void System<S>::apply_penalty(const S* x, S* z) const {
    for (const ConvOperator<S>& term : terms_) {
        term.apply(x, z, channels());
        z += channels() * term.rows();
    }
}

template <class S>
void System<S>::add_penalty_adjoint(double factor, const S* z, S* x) const {
    Tensor<S> part(x_shape());
    for (const ConvOperator<S>& term : terms_) {
        term.adjoint().apply(z, part.data(), channels());
        vector(x, cols()) += factor * part.vec();
        z += channels() * term.rows();
    }
}

template <class S>
void System<S>::add_penalty_square(double factor, const S* x, S* g) const {
    if (factor == 0 || penalty_ == Penalty::none) return;
    if (penalty_ == Penalty::identity) {
        vector(g, cols()) += factor * vector(x, cols());
        return;
    }
    Tensor<S> once(x_shape());
    laplacian_->apply(x, once.data(), channels());
    if (penalty_ == Penalty::laplacian) {
        const Tensor<S> first = once;
        laplacian_->apply(first.data(), once.data(), channels());
    }
    vector(g, cols()) += factor * once.vec();
}

template <class S>
double System<S>::penalty_norm(const S* x) const {
    if (penalty_ == Penalty::identity) return vector(x, cols()).norm();
    std::vector<S> z(static_cast<std::size_t>(penalty_rows()));
    apply_penalty(x, z.data());
    return vector(z.data(), std::ssize(z)).norm();
}

template <class S>
void System<S>::normal_residual(double lambda, const S* y, const S* x, S* r, S* g) const {
    apply(x, r);
    vector(r, rows()) = vector(y, rows()) - vector(r, rows());
    apply_adjoint(r, g);
    add_penalty_square(-lambda * lambda, x, g);
}

// W, or W^H.
template <class S>
Columns<S> System<S>::built(Form form) const {
    if (form == Form::matrix)
        return kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry_, kernel_, ExplicitZeros::drop);
    Columns<S> adjoint =
        kernel2matrix_transpose<Eigen::ColMajor, std::int64_t>(geometry_, kernel_, ExplicitZeros::drop);
    if constexpr (Eigen::NumTraits<S>::IsComplex) adjoint = Columns<S>(adjoint.conjugate());
    return adjoint;
}

template <class S>
Columns<S> System<S>::columns() const {
    return built(form_);
}

template <class S>
Columns<S> System<S>::adjoint_columns() const {
    return built(form_ == Form::matrix ? Form::transpose : Form::matrix);
}

template <class S>
Columns<S> System<S>::stacked_adjoint(double lambda) const {
    Columns<S> adjoint = adjoint_columns();
    if (lambda == 0 || layers_.empty()) return adjoint;
    std::vector<Columns<double>> terms; // L^T of each, on one channel
    Index entries = adjoint.nonZeros();
    for (const PenaltyLayer& layer : layers_) {
        terms.push_back(kernel2matrix_transpose<Eigen::ColMajor, std::int64_t>(layer.geometry, layer.kernel));
        terms.back().prune(0.0, 0.0);
        entries = checked_add(entries, checked_mul(channels(), terms.back().nonZeros(), "entries of L"), "entries");
    }
    require_memory(checked_mul(entries, Index{sizeof(S) + 8}, "entries"), "[A; λ L]");
    Columns<S> all(cols(), rows() + penalty_rows());
    all.reserve(entries);
    Index column = 0;
    const auto append = [&](const auto& matrix, Index offset, double factor) {
        for (Index j = 0; j < matrix.outerSize(); ++j) {
            all.startVec(column);
            for (typename std::decay_t<decltype(matrix)>::InnerIterator at(matrix, j); at; ++at)
                all.insertBack(offset + at.row(), column) = S(factor * at.value());
            ++column;
        }
    };
    append(adjoint, 0, 1);
    for (const Columns<double>& term : terms)
        for (Index c = 0; c < channels(); ++c) append(term, c * term.rows(), lambda);
    all.finalize();
    return all;
}

template <class S>
Index System<S>::nnz() const {
    return checked_mul(geometry_.rows(), geometry_.in_channels_per_group() * geometry_.kernel_size(), "entries of A");
}

template <class S>
Grid unknowns_of(const System<S>& system, Unknowns which) {
    const bool inputs = (which == Unknowns::x) == (system.form() == Form::matrix);
    const ConvGeometry& geometry = system.geometry();
    Grid grid{inputs ? geometry.in_channels() : geometry.out_channels(), geometry.groups(), {}, {}, {}};
    Index least = 0; // how far L^H L reaches
    if (system.penalty() == Penalty::gradient) least = 1;
    if (system.penalty() == Penalty::laplacian) least = 2;
    for (const Axis& axis : geometry.axes()) {
        const Index reach = axis.effective_kernel() - 1;
        grid.extents.push_back(inputs ? axis.input : axis.output);
        grid.widths.push_back(std::max(inputs ? reach : reach / axis.stride, least));
        grid.periodic.push_back(axis.boundary == Boundary::periodic);
    }
    return grid;
}

template Grid unknowns_of(const System<double>&, Unknowns);
template Grid unknowns_of(const System<Complex>&, Unknowns);
template class System<double>;
template class System<Complex>;

} // namespace convmat::solve
