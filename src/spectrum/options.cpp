#include <convmat/spectrum/options.hpp>

#include <cmath>

#include <convmat/base/error.hpp>

namespace convmat::detail {
namespace {

void require(bool right, const char* who, const char* option, double value, const char* expected) {
    if (!right)
        throw ArgumentError({.parameter = option,
                             .value = concat(value),
                             .expected = expected,
                             .found = concat(who, ": SpectrumOptions::", option, " is ", value)});
}

} // namespace

void require_valid(const SpectrumOptions& options, const char* who) {
    const auto count = [&](Index value, const char* name) {
        require(value >= 0, who, name, static_cast<double>(value), "a number of at least 0");
    };
    require(options.tolerance >= 0 && std::isfinite(options.tolerance), who, "tolerance", options.tolerance,
            "a finite number of at least 0");
    require(!std::isnan(options.separability), who, "separability", options.separability,
            "a number; below 0 nothing is taken apart");
    require(options.most_operations >= 0, who, "most_operations", options.most_operations, "a number of at least 0");
    count(options.most_steps, "most_steps");
    count(options.most_dense, "most_dense");
    count(options.most_factor_entries, "most_factor_entries");
}

} // namespace convmat::detail
