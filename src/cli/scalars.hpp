#pragma once

#include <complex>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <convmat/base/tensor.hpp>
#include <convmat/io/any.hpp>

namespace convmat::cli {

template <class S>
inline constexpr bool is_complex = !std::is_arithmetic_v<S>;

/// The scalars, as a value that is known only when the files have been read.
enum class ScalarKind { int64, float32, float64, complex64, complex128 };

/// NumPy's name: `float32`.
std::string_view name_of(ScalarKind kind);

/// Bytes a value takes.
Index bytes_of(ScalarKind kind);

/// The kind of an array's values.
ScalarKind kind_of(const AnyTensor& array);

/// NumPy's result_type: the smallest kind that holds both exactly (float64 for an int64 beside any float).
ScalarKind promote(ScalarKind a, ScalarKind b);

const Shape& shape_of(const AnyTensor& array);

/// Calls `f.template operator()<S>()` with the scalar type of `kind`.
template <class F>
decltype(auto) with_scalar(ScalarKind kind, F&& f) {
    switch (kind) {
    case ScalarKind::int64:
        return f.template operator()<std::int64_t>();
    case ScalarKind::float32:
        return f.template operator()<float>();
    case ScalarKind::float64:
        return f.template operator()<double>();
    case ScalarKind::complex64:
        return f.template operator()<std::complex<float>>();
    default:
        return f.template operator()<std::complex<double>>();
    }
}

/// The same values as another kind, one that promote() leads to.
template <ScalarType S>
Tensor<S> cast(const AnyTensor& array);

/// A value as it is printed: the shortest text that reads back as the same number.
template <ScalarType S>
std::string text_of(S value) {
    if constexpr (is_complex<S>)
        return fmt::format("{}{:+}i", value.real(), value.imag());
    else
        return fmt::format("{}", value);
}

} // namespace convmat::cli
