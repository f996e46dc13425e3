#pragma once

#include <span>
#include <string>
#include <vector>

namespace convmat::picture {

/// Numbers short enough for cells, with as many digits as fit; empty where that would take too much room.
std::vector<std::string> cell_texts(std::span<const double> values);

/// The diverging palette's colour of a value between -largest and largest.
int diverging_colour(double value, double largest);

/// The sequential palette's colour of `part`, 0 to 1.
int sequential_colour(double part);

} // namespace convmat::picture
