#include "compare.hpp"

namespace convmat::cli {

std::string line_of(const Comparison& c) {
    const std::string values = fmt::format("{} {} value{}", c.count, name_of(c.kind), c.count == 1 ? "" : "s");
    if (c.difference)
        return fmt::format("FAILED {}: the first of {} that differs is at {}: {}, expected {}", c.what, values,
                           c.difference->index, c.difference->found, c.difference->expected);
    if (c.bound == 0) return fmt::format("ok     {}: {} equal", c.what, values);
    return fmt::format("ok     {}: {}, largest difference {:.2g}, rounding bound {:.2g} (n eps sum|k||x|)", c.what,
                       values, c.largest, c.bound);
}

} // namespace convmat::cli
