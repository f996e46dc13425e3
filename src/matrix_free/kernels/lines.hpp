#pragma once

#include "tile.hpp"

// How lines are taken apart and put together for stride 2; like tile.hpp compiled once for each instruction set.

template <class Vector, int... I>
Vector evens(const Vector& a, const Vector& b, std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, (2 * I)...);
}

template <class Vector, int First, int... I>
Vector alternating(const Vector& a, const Vector& b, std::integer_sequence<int, I...>) {
    constexpr int lanes = static_cast<int>(sizeof...(I));
    return __builtin_shufflevector(a, b, (I % 2 * lanes + First + I / 2)...);
}

/// to[i] = from[2 i]; nothing after from[2 (count - 1)] is read.
template <class T, int VectorBytes>
void take_every_second(const T* from, T* to, std::ptrdiff_t count) {
    using Vector = typename VectorOf<T, VectorBytes>::Type;
    constexpr int lanes = VectorBytes / static_cast<int>(sizeof(T));
    std::ptrdiff_t i = 0;
    for (; i + lanes < count; i += lanes)
        *reinterpret_cast<Vector*>(to + i) = evens<Vector>(*reinterpret_cast<const Vector*>(from + 2 * i),
                                                           *reinterpret_cast<const Vector*>(from + 2 * i + lanes),
                                                           std::make_integer_sequence<int, lanes>());
    for (; i < count; ++i) to[i] = from[2 * i];
}

/// to[2 i] = a[i], to[2 i + 1] = b[i]
template <class T, int VectorBytes>
void interleave(const T* a, const T* b, T* to, std::ptrdiff_t count) {
    using Vector = typename VectorOf<T, VectorBytes>::Type;
    constexpr int lanes = VectorBytes / static_cast<int>(sizeof(T));
    std::ptrdiff_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const Vector x = *reinterpret_cast<const Vector*>(a + i);
        const Vector y = *reinterpret_cast<const Vector*>(b + i);
        constexpr auto all = std::make_integer_sequence<int, lanes>();
        *reinterpret_cast<Vector*>(to + 2 * i) = alternating<Vector, 0>(x, y, all);
        *reinterpret_cast<Vector*>(to + 2 * i + lanes) = alternating<Vector, lanes / 2>(x, y, all);
    }
    for (; i < count; ++i) {
        to[2 * i] = a[i];
        to[2 * i + 1] = b[i];
    }
}

template <class T, int VectorBytes>
constexpr void add_lines(Tiles<T>& tiles) {
    tiles.take_every_second = take_every_second<T, VectorBytes>;
    tiles.interleave = interleave<T, VectorBytes>;
}
