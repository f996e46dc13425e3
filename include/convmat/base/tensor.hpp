#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

static_assert(std::same_as<Index, Eigen::Index>, "convmat and Eigen must count with the same type");

/// An array of any rank: a shape and its values in row-major order (the last axis is contiguous).
/// `vec(X)` of the formulas is exactly `X.values()`: channels first (NCHW), no copy.
template <ScalarType Scalar_>
class Tensor {
  public:
    using Scalar = Scalar_;

    Tensor() = default;

    /// All zeros. Throws SizeError when that cannot fit, ShapeError for a negative extent.
    explicit Tensor(Shape shape) : shape_(std::move(shape)), values_(room_for(shape_)) {}

    /// Takes the values; throws ShapeError unless there are exactly as many as the shape asks for.
    Tensor(Shape shape, std::vector<Scalar> values) : shape_(std::move(shape)), values_(std::move(values)) {
        if (count_of(shape_) != size())
            throw ShapeError({.parameter = "shape",
                              .value = to_string(shape_),
                              .expected = concat("the shape of ", values_.size(), " values"),
                              .sentence = concat("Tensor: shape ", to_string(shape_), " does not hold ", values_.size(),
                                                 " values")});
    }

    const Shape& shape() const { return shape_; }
    Index rank() const { return static_cast<Index>(shape_.size()); }
    Index size() const { return static_cast<Index>(values_.size()); }

    Scalar* data() { return values_.data(); }
    const Scalar* data() const { return values_.data(); }
    std::span<Scalar> values() { return values_; }
    std::span<const Scalar> values() const { return values_; }

    Scalar& operator[](Index i) { return values_[static_cast<std::size_t>(i)]; }
    const Scalar& operator[](Index i) const { return values_[static_cast<std::size_t>(i)]; }

    /// The values as an Eigen column vector that refers to them: `y.vec() = W * x.vec()`.
    Eigen::Map<Eigen::Matrix<Scalar, Eigen::Dynamic, 1>> vec() { return {values_.data(), size()}; }
    Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>> vec() const { return {values_.data(), size()}; }

    /// The same values under another shape of the same size; throws ShapeError otherwise.
    Tensor reshaped(Shape shape) && { return Tensor(std::move(shape), std::move(values_)); }
    Tensor reshaped(Shape shape) const& { return Tensor(std::move(shape), values_); }

    friend bool operator==(const Tensor&, const Tensor&) = default;

  private:
    static Index count_of(const Shape& shape) {
        if (std::ranges::any_of(shape, [](Index extent) { return extent < 0; }))
            throw ShapeError({.parameter = "shape",
                              .value = to_string(shape),
                              .expected = "extents of at least 0",
                              .sentence = concat("Tensor: negative extent in shape ", to_string(shape))});
        return checked_product(shape, "Tensor: number of values");
    }

    // How many values, which fit the memory there is.
    static std::size_t room_for(const Shape& shape) {
        const Index count = count_of(shape);
        require_memory(checked_mul(count, static_cast<Index>(sizeof(Scalar)), "Tensor: bytes"), "Tensor");
        return static_cast<std::size_t>(count);
    }

    Shape shape_ = {0};
    std::vector<Scalar> values_;
};

/// Throws ShapeError about the parameter, naming `who` and both shapes, unless `array` is of the shape `expected`.
template <ScalarType Scalar>
void require_shape(const Tensor<Scalar>& array, const Shape& expected, const char* who,
                   const char* parameter = "kernel") {
    if (array.shape() != expected)
        throw ShapeError({.parameter = parameter,
                          .value = to_string(array.shape()),
                          .expected = to_string(expected),
                          .found = concat(who, " has shape ", to_string(array.shape()))});
}

} // namespace convmat
