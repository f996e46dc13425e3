#pragma once

#include <complex>
#include <concepts>
#include <string>
#include <vector>

#include <convmat/base/error.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/base/types.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>

namespace convmat {

/// Whether a kernel is reversed along every spatial axis.
enum class Flip { none, spatial };

/// Whether complex weights are conjugated.
enum class Conjugation { none, weights };

/// How the weights of another system become convmat's K of shape (O, C/g, k...):
///
///     K = conjugated(flipped(repeated(reshape(permute(reshape(weights, split), order), result))))
///
/// where every step but the first permutation may be nothing at all.
struct WeightOrder {
    std::string axes;         ///< what the other system's axes are, as in "(k..., C/g, O)"
    Shape shape;              ///< of the other system's array
    Shape split;              ///< the same values with an axis of groups split in two, else `shape`
    std::vector<Index> order; ///< axis j of the permuted array is axis order[j] of `split`
    Shape result;             ///< (O, C/g, k...); with more values than `shape`, each pair of channels gets them
    Flip flip = Flip::none;
    Conjugation conjugation = Conjugation::none;

    /// K; throws ShapeError unless `weights` has the shape `shape`. Cost: a copy or two.
    template <ScalarType Scalar>
    Tensor<Scalar> to_convmat(const Tensor<Scalar>& weights) const;

    /// The order of an array that has the spatial axes alone, which every pair of channels gets.
    WeightOrder of_stencil() const;

    /// What becomes of the weights, as a clause: `weights (k..., C/g, O) of shape 3x3x4x8 become ...`.
    std::string explain() const;
};

/// A layer of another system as convmat has it: the map W of the geometry, or W^T for Form::transpose. The other
/// system's channels-last arrays are convmat's (N, C, n...) with their axes permuted; nothing else differs.
struct ConventionLayer {
    ConvGeometry geometry;
    Form form;
    WeightOrder weights;
    std::string reading; ///< what was understood, in a sentence with the numbers

    Shape input_shape() const { return form == Form::matrix ? geometry.input_shape() : geometry.output_shape(); }
    Shape output_shape() const { return form == Form::matrix ? geometry.output_shape() : geometry.input_shape(); }
};

template <ScalarType Scalar>
Tensor<Scalar> WeightOrder::to_convmat(const Tensor<Scalar>& weights) const {
    if (weights.shape() != shape)
        throw ShapeError({.parameter = "weights",
                          .value = to_string(weights.shape()),
                          .expected = concat(to_string(shape), ", that is ", axes),
                          .found = concat("weights have shape ", to_string(weights.shape()))});
    const Tensor<Scalar> permuted = permute_axes(weights.reshaped(split), order);
    Tensor<Scalar> kernel(result);
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = permuted[i % permuted.size()];
    if (flip == Flip::spatial) kernel = flip_axes(kernel, 2);
    if constexpr (std::same_as<Scalar, std::complex<float>> || std::same_as<Scalar, std::complex<double>>) {
        if (conjugation == Conjugation::weights)
            for (Scalar& value : kernel.values()) value = std::conj(value);
    }
    return kernel;
}

} // namespace convmat
