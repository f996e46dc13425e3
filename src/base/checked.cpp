#include <convmat/base/checked.hpp>

#include <limits>

#include <convmat/base/error.hpp>

namespace convmat {
namespace {

[[noreturn]] void overflow(Index a, const char* operation, Index b, const Quantity& what) {
    const std::string value = concat(a, ' ', operation, ' ', b);
    throw SizeError({.parameter = what.parameter,
                     .axis = what.axis,
                     .value = value,
                     .expected = concat("at most ", std::numeric_limits<Index>::max(), " in magnitude"),
                     .sentence = concat(what.words, ": ", value, " does not fit a 64-bit integer")});
}

} // namespace

Index checked_add(Index a, Index b, const Quantity& what) {
    Index result = 0;
    if (__builtin_add_overflow(a, b, &result)) overflow(a, "+", b, what);
    return result;
}

Index checked_sub(Index a, Index b, const Quantity& what) {
    Index result = 0;
    if (__builtin_sub_overflow(a, b, &result)) overflow(a, "-", b, what);
    return result;
}

Index checked_mul(Index a, Index b, const Quantity& what) {
    Index result = 0;
    if (__builtin_mul_overflow(a, b, &result)) overflow(a, "*", b, what);
    return result;
}

Index checked_product(std::span<const Index> extents, const Quantity& what) {
    Index product = 1;
    for (const Index extent : extents) product = checked_mul(product, extent, what);
    return product;
}

} // namespace convmat
