#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/matrix/pattern.hpp>

#include "scalars.hpp"

namespace convmat::cli {

template <class S>
inline constexpr double epsilon_of = 0;
template <>
inline constexpr double epsilon_of<float> = std::numeric_limits<float>::epsilon();
template <>
inline constexpr double epsilon_of<double> = std::numeric_limits<double>::epsilon();
template <class T>
inline constexpr double epsilon_of<std::complex<T>> = epsilon_of<T>;

/// |re| + |im|, what a complex product's rounding is measured by.
template <class S>
double magnitude(S value) {
    if constexpr (is_complex<S>)
        return std::abs(static_cast<double>(value.real())) + std::abs(static_cast<double>(value.imag()));
    else
        return std::abs(static_cast<double>(value));
}

/// By how much two computations of W x (or W^T y) in floating point may differ, value by value.
class Rounding {
  public:
    template <ScalarType S>
    Rounding(const ConvGeometry& geometry, const Tensor<S>& kernel)
        : geometry_(geometry),
          magnitudes_(magnitudes(kernel)),
          epsilon_(epsilon_of<S>),
          integers_(all_integers(kernel)) {}

    /// 4 n eps sum |k| |x| for each value; none at all when the values are integers that stay exact.
    template <ScalarType S>
    std::vector<double> bounds(Form form, const Tensor<S>& x) const {
        return bounds(form, magnitudes(x), integers_ && all_integers(x));
    }

    /// The same for the entries of W: several weights meet in one where a boundary folds the kernel. None when exact.
    std::vector<double> entry_bound() const;

  private:
    template <ScalarType S>
    static Tensor<double> magnitudes(const Tensor<S>& values) {
        Tensor<double> result(values.shape());
        for (Index i = 0; i < values.size(); ++i) result[i] = magnitude(values[i]);
        return result;
    }

    template <ScalarType S>
    static bool all_integers(const Tensor<S>& values) {
        return std::ranges::all_of(values.values(), [](S value) {
            if constexpr (is_complex<S>)
                return std::rint(value.real()) == value.real() && std::rint(value.imag()) == value.imag();
            else
                return std::rint(static_cast<double>(value)) == static_cast<double>(value);
        });
    }

    std::vector<double> bounds(Form form, const Tensor<double>& x, bool integers) const;
    double terms(Form form) const;

    const ConvGeometry& geometry_;
    Tensor<double> magnitudes_;
    double epsilon_;
    bool integers_;
};

} // namespace convmat::cli
