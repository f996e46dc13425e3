#pragma once

#include <functional>
#include <string>
#include <vector>

#include <convmat/identities/catalogue.hpp>

/// The conditions of identities: each gives the reason why a case does not meet it, or an empty text.
namespace convmat::identities {

using Condition = std::function<std::string(const AnyCase&)>;

const ConvGeometry& geometry_of(const AnyCase& layer);

/// The reason, or an empty text when the condition is met.
std::string unless(bool met, const std::string& reason);

/// Met when all are; the reason is that of the first that is not.
Condition all_of(std::vector<Condition> conditions);

/// A condition on the geometry alone, and one that every axis must meet, whose reason gets the axis's number.
Condition on_geometry(std::function<std::string(const ConvGeometry&)> condition);
Condition on_each_axis(std::function<std::string(const Axis&)> condition);

std::string any(const AnyCase& layer); ///< always met

// Of channels.
std::string several_groups(const AnyCase& layer);
std::string single_channel(const AnyCase& layer);  ///< C = O = 1
std::string square_channels(const AnyCase& layer); ///< C = O

// Of every axis.
std::string stride_one(const AnyCase& layer);
std::string dilation_one(const AnyCase& layer);
std::string zero_outside(const AnyCase& layer);   ///< boundary zero, or nothing outside is read
std::string centred(const AnyCase& layer);        ///< s = 1, 2 p = k_eff - 1 at both ends
std::string windows_inside(const AnyCase& layer); ///< every window lies in the input
std::string periodic(const AnyCase& layer);
std::string zero_or_periodic(const AnyCase& layer);
std::string keeps_extent(const AnyCase& layer);   ///< s = 1, m = n
std::string stride_divides(const AnyCase& layer); ///< m = n / s without remainder
std::string formula_output(const AnyCase& layer); ///< m is the formula's, r < s
std::string boundary_is(const AnyCase& layer, Boundary boundary);

/// No two taps of an output read one input, and every coefficient is 1: W's entries are single weights.
std::string taps_apart(const AnyCase& layer);

/// As taps_apart, and every tap is used by some output.
std::string every_tap_used(const AnyCase& layer);

/// As taps_apart, and every tap is used by every output.
std::string every_tap_inside(const AnyCase& layer);

/// Rows and columns of W are at most most_dense_checked.
std::string small_enough_for_dense(const AnyCase& layer);

} // namespace convmat::identities
