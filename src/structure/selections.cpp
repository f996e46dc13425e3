#include "selections.hpp"

#include <algorithm>
#include <complex>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include <convmat/base/dense.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/base/scalars.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/taps/source_index.hpp>

namespace convmat::detail {
namespace {

// What one channel of outputs reads when it has one weight: on each axis the inputs, ascending and unique.
struct Selection {
    Index channel = 0;
    std::vector<const Shape*> inputs;
};

// The inputs that tap t reads, one by each output and none twice; or nothing, where they are not such.
std::optional<Shape> inputs_of_tap(const Axis& axis, Index t) {
    Shape read;
    for (Index u = 0; u < axis.output; ++u) {
        const Sources found =
            sources(axis.boundary, axis.input, axis.stride * u + axis.dilation * t - axis.padding.begin);
        if (found.end() - found.begin() != 1 || found.begin()->coefficient != 1) return {};
        read.push_back(found.begin()->position);
    }
    std::ranges::sort(read);
    if (std::ranges::adjacent_find(read) != read.end()) return {};
    return read;
}

// Each axis's inputs_of_tap, found once.
class TapInputs {
  public:
    explicit TapInputs(const ConvGeometry& geometry) : geometry_(geometry), known_(geometry.axes().size()) {}

    const std::optional<Shape>& operator()(std::size_t j, Index t) {
        const auto found = known_[j].find(t);
        if (found != known_[j].end()) return found->second;
        return known_[j].emplace(t, inputs_of_tap(geometry_.axes()[j], t)).first->second;
    }

  private:
    const ConvGeometry& geometry_;
    std::vector<std::map<Index, std::optional<Shape>>> known_;
};

// Nothing, unless output channel o has one weight, a 1, and selects by it.
template <ScalarType Scalar>
std::optional<Selection> selection_of(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index o,
                                      TapInputs& inputs) {
    const Index taps = geometry.kernel_size(), ins = geometry.in_channels_per_group();
    const auto weights =
        kernel.values().subspan(static_cast<std::size_t>(o * ins * taps), static_cast<std::size_t>(ins * taps));
    const auto nonzero = [](const Scalar& weight) { return weight != Scalar(0); };
    const auto one = std::ranges::find_if(weights, nonzero);
    if (one == weights.end() || *one != Scalar(1) || std::find_if(one + 1, weights.end(), nonzero) != weights.end())
        return {};
    Index t = one - weights.begin();
    Selection selection{.channel = o / geometry.out_channels_per_group() * ins + t / taps,
                        .inputs = std::vector<const Shape*>(geometry.axes().size())};
    for (std::size_t j = geometry.axes().size(); j-- > 0; t /= geometry.axes()[j].kernel) {
        const auto& read = inputs(j, t % geometry.axes()[j].kernel);
        if (!read) return {};
        selection.inputs[j] = &*read;
    }
    return selection;
}

bool meet(const Shape& a, const Shape& b) {
    Shape both;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    return !both.empty();
}

bool meet(const Selection& a, const Selection& b) {
    if (a.channel != b.channel) return false;
    for (std::size_t j = 0; j < a.inputs.size(); ++j)
        if (!meet(*a.inputs[j], *b.inputs[j])) return false;
    return true;
}

// The used taps' weights of one group, O/g x C/g |k|, values as they are, in double precision.
template <class Matrix, ScalarType Scalar>
Matrix matrix_of_group(const ConvGeometry& geometry, const EffectiveLayer& layer, const Tensor<Scalar>& kernel,
                       Index group) {
    const Index outs = geometry.out_channels_per_group(), ins = geometry.in_channels_per_group();
    Shape extents = {outs, ins}, steps = steps_of(kernel.shape());
    Index first = group * outs * steps[0];
    for (std::size_t j = 0; j < layer.axes.size(); ++j) {
        extents.push_back(layer.axes[j].kernel);
        first += layer.first_tap[j] * steps[j + 2];
    }
    Tensor<Scalar> weights(extents);
    gather(kernel, first, steps, weights);
    return Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
               weights.data(), outs, weights.size() / outs)
        .template cast<typename Matrix::Scalar>();
}

template <class Matrix>
bool has_orthonormal_rows(const Matrix& matrix, double tolerance) {
    if (matrix.rows() > matrix.cols()) return false;
    // Most kernels fail already here; the negation also refuses what is not a number.
    if (!((matrix.rowwise().squaredNorm().array() - 1).abs() <= tolerance).all()) return false;
    using Value = typename Matrix::Scalar;
    const std::span<const Value> values(matrix.data(), static_cast<std::size_t>(matrix.size()));
    const Index rows = matrix.rows();
    const std::vector<Value> gram = dense::times_adjoint(rows, matrix.cols(), rows, values, values);
    const Eigen::Map<const Matrix> product(gram.data(), rows, rows);
    return ((product - Matrix::Identity(rows, rows)).array().abs() <= tolerance).all();
}

} // namespace

template <ScalarType Scalar>
bool is_permutation(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    if (geometry.rows() != geometry.cols()) return false;
    if (std::ranges::any_of(geometry.axes(), [](const Axis& a) { return a.output > most_permuted_outputs; }))
        return false;
    TapInputs inputs(geometry);
    std::map<Index, std::vector<Selection>> of_channel;
    for (Index o = 0; o < geometry.out_channels(); ++o) {
        const auto selection = selection_of(geometry, kernel, o, inputs);
        if (!selection) return false;
        auto& others = of_channel[selection->channel];
        if (std::ranges::any_of(others, [&](const Selection& other) { return meet(*selection, other); })) return false;
        others.push_back(*selection);
    }
    return true; // as many inputs as outputs, and none read twice
}

bool windows_apart(const EffectiveLayer& layer) {
    return std::ranges::all_of(layer.axes, [](const Axis& a) {
        // s u + d t = s u' + d t' only where t - t' is a multiple of s / gcd, and u - u' of d / gcd.
        const Index common = std::gcd(a.stride, a.dilation);
        const bool taps_apart = a.kernel <= a.stride / common;
        if (a.boundary == Boundary::periodic) return taps_apart && a.input == a.stride * a.output;
        return is_inside(a) && (taps_apart || a.output <= a.dilation / common);
    });
}

bool windows_cover(const EffectiveLayer& layer) {
    return std::ranges::all_of(layer.axes, [](const Axis& a) { return a.kernel * a.output == a.input; });
}

template <ScalarType Scalar>
Orthonormal orthonormal_sides(const ConvGeometry& geometry, const EffectiveLayer& layer, const Tensor<Scalar>& kernel,
                              double tolerance) {
    using Matrix = Eigen::Matrix<DoubleOf<Scalar>, Eigen::Dynamic, Eigen::Dynamic>;
    if (std::same_as<Scalar, std::int64_t>) tolerance = 0; // 0, 1 and -1 stay exact, and nothing larger passes
    Orthonormal found{.rows = true, .columns = true};
    for (Index group = 0; group < geometry.groups() && (found.rows || found.columns); ++group) {
        const Matrix matrix = matrix_of_group<Matrix>(geometry, layer, kernel, group);
        found.rows = found.rows && has_orthonormal_rows<Matrix>(matrix, tolerance);
        found.columns = found.columns && has_orthonormal_rows<Matrix>(matrix.adjoint(), tolerance);
    }
    return found;
}

template bool is_permutation(const ConvGeometry&, const Tensor<float>&);
template bool is_permutation(const ConvGeometry&, const Tensor<double>&);
template bool is_permutation(const ConvGeometry&, const Tensor<std::complex<float>>&);
template bool is_permutation(const ConvGeometry&, const Tensor<std::complex<double>>&);
template bool is_permutation(const ConvGeometry&, const Tensor<std::int64_t>&);
template Orthonormal orthonormal_sides(const ConvGeometry&, const EffectiveLayer&, const Tensor<float>&, double);
template Orthonormal orthonormal_sides(const ConvGeometry&, const EffectiveLayer&, const Tensor<double>&, double);
template Orthonormal orthonormal_sides(const ConvGeometry&, const EffectiveLayer&, const Tensor<std::complex<float>>&,
                                       double);
template Orthonormal orthonormal_sides(const ConvGeometry&, const EffectiveLayer&, const Tensor<std::complex<double>>&,
                                       double);
template Orthonormal orthonormal_sides(const ConvGeometry&, const EffectiveLayer&, const Tensor<std::int64_t>&, double);

} // namespace convmat::detail
