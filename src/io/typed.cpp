#include <convmat/io/any.hpp>

#include <string_view>
#include <utility>

#include <convmat/base/scalars.hpp>

namespace convmat {
namespace {

template <class S>
constexpr std::string_view type_name = "";
template <>
constexpr std::string_view type_name<float> = "float";
template <>
constexpr std::string_view type_name<double> = "double";
template <>
constexpr std::string_view type_name<std::complex<float>> = "std::complex<float>";
template <>
constexpr std::string_view type_name<std::complex<double>> = "std::complex<double>";
template <>
constexpr std::string_view type_name<std::int64_t> = "std::int64_t";

template <ScalarType To, ScalarType From>
[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& value) {
    throw FileError({.parameter = path.string(),
                     .value = value,
                     .expected = concat("values that ", type_name<To>, " holds exactly"),
                     .found = concat(path.string(), ": ", value)});
}

// Whether To holds this integer: back in 64 bits it is the same.
template <class To>
bool holds(std::int64_t value) {
    const auto real = std::real(To(static_cast<RealOf<To>>(value)));
    return real < 0x1p63 && static_cast<std::int64_t>(real) == value;
}

// Throws unless To holds every value; for but the integers the type says it.
template <ScalarType To, ScalarType From>
void require_exact(std::span<const From> values, const std::filesystem::path& path) {
    if constexpr (std::same_as<From, std::int64_t>) {
        for (const From value : values)
            if (!holds<To>(value)) refuse<To, From>(path, concat("the integer ", value));
    } else if constexpr (!WidensTo<From, To>) {
        refuse<To, From>(path, concat("values of type ", type_name<From>));
    }
}

template <ScalarType To, ScalarType From>
To widened(const From& value) {
    if constexpr (WidensTo<From, To>)
        return To(value);
    else if constexpr (std::same_as<From, std::int64_t>)
        return To(static_cast<RealOf<To>>(value));
    else
        return To(0); // refused before
}

} // namespace

template <ScalarType S>
Tensor<S> detail::exactly(AnyTensor array, const std::filesystem::path& path) {
    if (auto* as_it_is = std::get_if<Tensor<S>>(&array)) return std::move(*as_it_is);
    return std::visit(
        [&]<ScalarType From>(const Tensor<From>& from) {
            require_exact<S>(from.values(), path);
            Tensor<S> to(from.shape());
            for (Index i = 0; i < to.size(); ++i) to[i] = widened<S>(from[i]);
            return to;
        },
        array);
}

template <ScalarType S>
StoredSparse<S> detail::exactly(AnySparse matrix, const std::filesystem::path& path) {
    if (auto* as_it_is = std::get_if<StoredSparse<S>>(&matrix)) return std::move(*as_it_is);
    return std::visit(
        [&]<ScalarType From>(const StoredSparse<From>& from) {
            require_exact<S>(std::span(from.valuePtr(), static_cast<std::size_t>(from.nonZeros())), path);
            return StoredSparse<S>(from.unaryExpr([](const From& value) { return widened<S>(value); }));
        },
        matrix);
}

template Tensor<float> detail::exactly(AnyTensor, const std::filesystem::path&);
template Tensor<double> detail::exactly(AnyTensor, const std::filesystem::path&);
template Tensor<std::complex<float>> detail::exactly(AnyTensor, const std::filesystem::path&);
template Tensor<std::complex<double>> detail::exactly(AnyTensor, const std::filesystem::path&);
template Tensor<std::int64_t> detail::exactly(AnyTensor, const std::filesystem::path&);
template StoredSparse<float> detail::exactly(AnySparse, const std::filesystem::path&);
template StoredSparse<double> detail::exactly(AnySparse, const std::filesystem::path&);
template StoredSparse<std::complex<float>> detail::exactly(AnySparse, const std::filesystem::path&);
template StoredSparse<std::complex<double>> detail::exactly(AnySparse, const std::filesystem::path&);
template StoredSparse<std::int64_t> detail::exactly(AnySparse, const std::filesystem::path&);

} // namespace convmat
