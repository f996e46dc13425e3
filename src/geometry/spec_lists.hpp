#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

/// A parameter, and the words for it in a sentence where they are others.
struct Named {
    const char* parameter;
    const char* words;

    constexpr Named(const char* of_parameter) : Named(of_parameter, of_parameter) {}
    constexpr Named(const char* of_parameter, const char* in_words) : parameter(of_parameter), words(in_words) {}
};

inline constexpr Named input_extent = {"input", "input extent"};
inline constexpr Named kernel_extent = {"kernel", "kernel extent"};
inline constexpr Named output_padding_values = {"output_padding", "output padding"};
inline constexpr Named output_size_values = {"output_size", "output size"};

/// A spec's list as one value an axis: empty -> `fallback` everywhere, one value -> the same everywhere.
template <class T>
std::vector<T> expand(const std::vector<T>& list, Index rank, const T& fallback, const Named& name) {
    const auto count = static_cast<std::size_t>(rank);
    if (list.empty()) return std::vector<T>(count, fallback);
    if (list.size() == 1) return std::vector<T>(count, list.front());
    if (list.size() == count) return list;
    throw GeometryError({.parameter = name.parameter,
                         .value = concat(list.size(), " values"),
                         .expected = concat("1 or ", rank, ", one for each spatial axis"),
                         .found = concat(name.words, " has ", list.size(), " values")});
}

/// `stride is 0 on axis 1`.
inline std::string value_in_words(const Named& name, Index value, std::optional<Index> axis) {
    return concat(name.words, " is ", value, axis ? concat(" on axis ", *axis) : std::string());
}

/// Throws unless value >= least.
inline void require_at_least(Index value, Index least, const Named& name, std::optional<Index> axis = {}) {
    if (value >= least) return;
    throw GeometryError({.parameter = name.parameter,
                         .axis = axis,
                         .value = concat(value),
                         .expected = concat("at least ", least),
                         .found = value_in_words(name, value, axis)});
}

/// The kernel's extents with one value an axis of the input: one stands for all of them.
inline Shape kernel_on(const Shape& input, const Shape& kernel) {
    return kernel.size() == 1 ? Shape(std::max<std::size_t>(input.size(), 1), kernel.front()) : kernel;
}

/// The number of spatial axes: that of `input`, which must be that of `kernel`.
inline Index common_rank(const Shape& input, const Shape& kernel) {
    if (input.empty())
        throw GeometryError({.parameter = "input",
                             .value = to_string(input),
                             .expected = "at least 1",
                             .found = "input has no spatial axis"});
    if (input.size() != kernel.size())
        throw GeometryError(
            {.parameter = "input",
             .value = to_string(input),
             .expected = concat("as many axes as the kernel ", to_string(kernel)),
             .sentence = concat("input ", to_string(input), " has ", input.size(), " spatial axes but kernel ",
                                to_string(kernel), " has ", kernel.size())});
    return static_cast<Index>(input.size());
}

} // namespace convmat
