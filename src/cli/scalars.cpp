#include "scalars.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace convmat::cli {
namespace {

constexpr bool complex_kind(ScalarKind kind) { return kind >= ScalarKind::complex64; }

constexpr bool single_precision(ScalarKind kind) {
    return kind == ScalarKind::float32 || kind == ScalarKind::complex64;
}

template <class To, class From>
To convert(From value) {
    if constexpr (is_complex<From> && is_complex<To>)
        return To(static_cast<typename To::value_type>(value.real()),
                  static_cast<typename To::value_type>(value.imag()));
    else if constexpr (is_complex<From>)
        throw std::logic_error("a complex array is never read as a real one");
    else if constexpr (is_complex<To>)
        return To(static_cast<typename To::value_type>(value));
    else
        return static_cast<To>(value);
}

struct KindOf {
    ScalarKind operator()(const Tensor<std::int64_t>&) const { return ScalarKind::int64; }
    ScalarKind operator()(const Tensor<float>&) const { return ScalarKind::float32; }
    ScalarKind operator()(const Tensor<double>&) const { return ScalarKind::float64; }
    ScalarKind operator()(const Tensor<std::complex<float>>&) const { return ScalarKind::complex64; }
    ScalarKind operator()(const Tensor<std::complex<double>>&) const { return ScalarKind::complex128; }
};

} // namespace

std::string_view name_of(ScalarKind kind) {
    constexpr std::array<std::string_view, 5> names = {"int64", "float32", "float64", "complex64", "complex128"};
    return names[static_cast<std::size_t>(kind)];
}

Index bytes_of(ScalarKind kind) {
    return with_scalar(kind, []<class S>() { return static_cast<Index>(sizeof(S)); });
}

ScalarKind kind_of(const AnyTensor& array) { return std::visit(KindOf{}, array); }

ScalarKind promote(ScalarKind a, ScalarKind b) {
    if (a == ScalarKind::int64 && b == ScalarKind::int64) return a;
    const bool single = single_precision(a) && single_precision(b);
    if (complex_kind(a) || complex_kind(b)) return single ? ScalarKind::complex64 : ScalarKind::complex128;
    return single ? ScalarKind::float32 : ScalarKind::float64;
}

const Shape& shape_of(const AnyTensor& array) {
    return std::visit([](const auto& tensor) -> const Shape& { return tensor.shape(); }, array);
}

template <ScalarType S>
Tensor<S> cast(const AnyTensor& array) {
    return std::visit(
        []<class T>(const Tensor<T>& from) {
            Tensor<S> to(from.shape());
            std::ranges::transform(from.values(), to.values().begin(), convert<S, T>);
            return to;
        },
        array);
}

template Tensor<std::int64_t> cast(const AnyTensor&);
template Tensor<float> cast(const AnyTensor&);
template Tensor<double> cast(const AnyTensor&);
template Tensor<std::complex<float>> cast(const AnyTensor&);
template Tensor<std::complex<double>> cast(const AnyTensor&);

} // namespace convmat::cli
