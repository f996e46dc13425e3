#include <convmat/base/checked.hpp>

#include <convmat/base/error.hpp>

namespace convmat {
namespace {

[[noreturn]] void overflow(Index a, const char* operation, Index b, const char* what) {
    throw SizeError(concat(what, ": ", a, ' ', operation, ' ', b, " does not fit a 64-bit integer"));
}

} // namespace

Index checked_add(Index a, Index b, const char* what) {
    Index result = 0;
    if (__builtin_add_overflow(a, b, &result)) overflow(a, "+", b, what);
    return result;
}

Index checked_sub(Index a, Index b, const char* what) {
    Index result = 0;
    if (__builtin_sub_overflow(a, b, &result)) overflow(a, "-", b, what);
    return result;
}

Index checked_mul(Index a, Index b, const char* what) {
    Index result = 0;
    if (__builtin_mul_overflow(a, b, &result)) overflow(a, "*", b, what);
    return result;
}

Index checked_product(std::span<const Index> extents, const char* what) {
    Index product = 1;
    for (const Index extent : extents) product = checked_mul(product, extent, what);
    return product;
}

} // namespace convmat
