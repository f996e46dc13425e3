#include "valid_options.hpp"

#include <cmath>

namespace convmat::solve {
namespace {

template <class Number>
void require_option(bool right, const char* option, Number value, const char* expected) {
    if (!right)
        throw ArgumentError({.parameter = option,
                             .value = concat(value),
                             .expected = expected,
                             .found = concat("LeastSquaresOptions::", option, " is ", value)});
}

} // namespace

void require_lambda(double lambda) {
    require_option(lambda >= 0 && std::isfinite(lambda), "lambda", lambda, "a finite number of at least 0");
}

void require_valid(const LeastSquaresOptions& options) {
    require_lambda(options.lambda);
    require_option(options.tolerance > 0 && options.tolerance < 1, "tolerance", options.tolerance,
                   "a number between 0 and 1");
    require_option(options.most_steps >= 0, "most_steps", options.most_steps, "a number of at least 0");
    if (options.rank_tolerance)
        require_option(*options.rank_tolerance >= 0 && *options.rank_tolerance < 1, "rank_tolerance",
                       *options.rank_tolerance, "a number of at least 0 and below 1");
    if (options.most_memory)
        require_option(*options.most_memory >= 0, "most_memory", *options.most_memory, "a number of at least 0");
    if (options.most_seconds)
        require_option(*options.most_seconds >= 0, "most_seconds", *options.most_seconds, "a number of at least 0");
}

void require_valid(const ProbeOptions& options) {
    if (options.probes >= 1 && options.steps >= 1) return;
    const bool probes = options.probes < 1;
    throw ArgumentError({.parameter = probes ? "probes" : "steps",
                         .value = concat(probes ? options.probes : options.steps),
                         .expected = "at least 1 of each",
                         .found = concat("ProbeOptions: ", options.probes, " probes of ", options.steps, " steps")});
}

} // namespace convmat::solve
