#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>

namespace convmat::cli {

/// A padding that is computed from the other numbers of the layer.
enum class PaddingRule { valid, full, same_upper, same_lower };

/// Padding in numbers, one pair an axis or one for all, or a rule.
using PaddingChoice = std::variant<std::vector<Padding>, PaddingRule>;

// In all of these `name` is the option or file that an InputError blames.

/// An integer: `-3`. Nothing before it, nothing after it, 64 bits.
Index parse_integer(std::string_view name, std::string_view text);

/// A finite number: `1.5`.
double parse_real(std::string_view name, std::string_view text);

/// `3x64x64` -> {3, 64, 64}.
Shape parse_extents(std::string_view name, std::string_view text);

/// `1`, `1x2`, `1:2x0` (begin:end), or `valid`, `full`, `same`, `same_upper`, `same_lower`.
PaddingChoice parse_padding(std::string_view name, std::string_view text);

/// `same` and its like; `same` is `same_upper`: the odd position goes to the end.
PaddingRule parse_padding_rule(std::string_view name, std::string_view text);

/// `zero`, or one an axis: `periodic,zero`.
std::vector<Boundary> parse_boundaries(std::string_view name, std::string_view text);
Boundary parse_boundary(std::string_view name, std::string_view text);
std::vector<std::string> boundary_names();

/// An integer from 0.
std::uint64_t parse_seed(std::string_view name, std::string_view text);

/// The pieces between the separators; one piece, maybe empty, when there is none.
std::vector<std::string_view> split(std::string_view text, char separator);

} // namespace convmat::cli
