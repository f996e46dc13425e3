#pragma once

#include <initializer_list>
#include <utility>
#include <variant>
#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>

namespace convmat {

/// An integer that stands for a padding of as much at both ends.
struct BothEnds {
    template <WholeNumber I>
    constexpr BothEnds(I both) : padding{static_cast<Index>(both), static_cast<Index>(both)} {}

    Padding padding;
};

/// A list of one value an axis, in which one value stands for all axes and none for the default. A value need not be in
/// braces, and of a padding the same at both ends one number is enough:
///
///     .stride = 2,                .stride = {2, 1},
///     .padding = 1,               .padding = {1, 0},        .padding = {{1, 2}, {0, 0}},     // begin and end
///     .boundary = Boundary::zero, .boundary = {Boundary::periodic, Boundary::zero}
template <class T>
class PerAxis : public std::vector<T> {
  public:
    PerAxis() = default;
    PerAxis(std::vector<T> values) : std::vector<T>(std::move(values)) {}
    PerAxis(std::initializer_list<T> values) : std::vector<T>(values) {}

    PerAxis(const T& all) requires(!std::integral<T>) : std::vector<T>(1, all) {}

    template <WholeNumber I>
    PerAxis(I all) requires std::same_as<T, Index> : std::vector<T>(1, static_cast<Index>(all)) {}

    template <WholeNumber I>
    PerAxis(I both_ends) requires std::same_as<T, Padding> : std::vector<T>(1, BothEnds(both_ends).padding) {}

    PerAxis(std::initializer_list<BothEnds> values) requires std::same_as<T, Padding> {
        for (const BothEnds& both : values) this->push_back(both.padding);
    }
};

/// Such a list, or a rule by its name.
template <class T, class Name>
class PerAxisOr : public std::variant<PerAxis<T>, Name> {
  public:
    using std::variant<PerAxis<T>, Name>::variant;
    PerAxisOr() = default;
    PerAxisOr(std::initializer_list<T> values) : std::variant<PerAxis<T>, Name>(PerAxis<T>(values)) {}
};

} // namespace convmat
