#pragma once

#include <algorithm>
#include <cassert>
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

/// A type whose every value is one of Scalar's: float's are double's, and no double is asked to be a float.
template <class T, class Scalar>
concept WidensTo = std::convertible_to<T, Scalar> && requires(const T& value) {
    Scalar{value};
};

/// An array of any rank: a shape and its values in row-major order (the last axis is contiguous).
/// `vec(X)` of the formulas is exactly `X.values()`: channels first (NCHW), no copy.
///
///     Tensor<double> K({1, 1, 2, 2}, {0, 1, 2, 3});             K(0, 0, 1, 0) == 2
///     Tensor<double> X(matrix);                                 X(i, j) == matrix(i, j)
///     Tensor<double> K({1, 1, 2, 2}, matrix);                   a kernel of one channel in and out
template <ScalarType Scalar_>
class Tensor {
  public:
    using Scalar = Scalar_;

    Tensor() = default;

    /// All zeros. Throws SizeError when that cannot fit, ShapeError for a negative extent.
    explicit Tensor(Shape shape) : shape_(std::move(shape)), values_(room_for(shape_)) {}

    /// Takes the values; throws ShapeError unless there are exactly as many as the shape asks for.
    Tensor(Shape shape, std::vector<Scalar> values) : shape_(std::move(shape)), values_(std::move(values)) {
        if (count_of(shape_) != size()) throw holds_another_number(size());
    }

    /// The values of an Eigen matrix or array, of shape (rows, cols), or (size) for what is a vector by its type. Only
    /// where no value can change: another scalar is a matter of Eigen's `cast`.
    template <class Derived>
    requires WidensTo<typename Derived::Scalar, Scalar>
    explicit(!std::same_as<typename Derived::Scalar, Scalar>) Tensor(const Eigen::DenseBase<Derived>& matrix)
        : Tensor(shape_of(matrix), matrix) {}

    /// The same values, row by row, under a shape of as many; throws ShapeError for another number.
    template <class Derived>
    requires WidensTo<typename Derived::Scalar, Scalar> Tensor(Shape shape, const Eigen::DenseBase<Derived>& matrix)
        : Tensor(std::move(shape)) {
        if (matrix.size() != size()) throw holds_another_number(matrix.size());
        using RowMajor = Eigen::Array<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        Eigen::Map<RowMajor>(data(), matrix.rows(), matrix.cols()) = matrix.derived().array().template cast<Scalar>();
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

    /// A[i, j, ...], one index an axis, each from 0: asserted, as Eigen does.
    template <WholeNumber... Indices>
    Scalar& operator()(Indices... at) {
        return (*this)[number_of({static_cast<Index>(at)...})];
    }
    template <WholeNumber... Indices>
    const Scalar& operator()(Indices... at) const {
        return (*this)[number_of({static_cast<Index>(at)...})];
    }

    /// The values as an Eigen column vector that refers to them: `y.vec() = W * x.vec()`.
    Eigen::Map<Eigen::Matrix<Scalar, Eigen::Dynamic, 1>> vec() { return {values_.data(), size()}; }
    Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>> vec() const { return {values_.data(), size()}; }

    /// The values as an Eigen matrix that refers to them, for a shape (rows, cols), also with ones before it, as the
    /// kernel of one channel has; (n) is one row. Throws ShapeError for another shape.
    auto matrix() { return matrix_of<Matrix>(data()); }
    auto matrix() const { return matrix_of<const Matrix>(data()); }

    /// The same values under another shape of the same size; throws ShapeError otherwise.
    Tensor reshaped(Shape shape) && { return Tensor(std::move(shape), std::move(values_)); }
    Tensor reshaped(Shape shape) const& { return Tensor(std::move(shape), values_); }

    friend bool operator==(const Tensor&, const Tensor&) = default;

  private:
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

    template <class Derived>
    static Shape shape_of(const Eigen::DenseBase<Derived>& matrix) {
        if constexpr (Derived::IsVectorAtCompileTime)
            return {matrix.size()};
        else
            return {matrix.rows(), matrix.cols()};
    }

    ShapeError holds_another_number(Index values) const {
        return ShapeError(
            {.parameter = "shape",
             .value = to_string(shape_),
             .expected = concat("the shape of ", values, " values"),
             .sentence = concat("Tensor: shape ", to_string(shape_), " does not hold ", values, " values")});
    }

    // The number, row-major, of the position.
    Index number_of(std::initializer_list<Index> at) const {
        assert(at.size() == shape_.size() && "Tensor: one index an axis");
        Index number = 0;
        const Index* extent = shape_.data();
        for (const Index i : at) {
            assert(0 <= i && i < *extent && "Tensor: an index outside its axis");
            number = number * *extent++ + i;
        }
        return number;
    }

    template <class M, class Values>
    Eigen::Map<M> matrix_of(Values* values) const {
        const std::size_t before = shape_.size() < 2 ? 0 : shape_.size() - 2;
        const auto end = shape_.begin() + static_cast<Shape::difference_type>(before);
        if (shape_.empty() || std::any_of(shape_.begin(), end, [](Index extent) { return extent != 1; }))
            throw ShapeError({.parameter = "shape",
                              .value = to_string(shape_),
                              .expected = "(rows, cols), with nothing but ones before them",
                              .found = concat("Tensor::matrix: the shape is ", to_string(shape_))});
        return {values, shape_.size() < 2 ? 1 : shape_[before], shape_.back()};
    }

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

template <class Derived>
Tensor(const Eigen::DenseBase<Derived>&) -> Tensor<typename Derived::Scalar>;
template <class Derived>
Tensor(Shape, const Eigen::DenseBase<Derived>&) -> Tensor<typename Derived::Scalar>;

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
