#pragma once

#include "tile.hpp"

// How lines are taken apart and put together for stride 2; like tile.hpp compiled once for each instruction set.

/// A vector as a value; VectorOf is one in memory.
template <class T, int VectorBytes>
struct ValueOf {
    using Type [[gnu::vector_size(VectorBytes)]] = T;
};

/// to[i] = from[2 i] for one vector of results.
template <class T, int VectorBytes, int... I>
void take_evens(const T* from, T* to, std::integer_sequence<int, I...>) {
    using Memory = typename VectorOf<T, VectorBytes>::Type;
    using Value = typename ValueOf<T, VectorBytes>::Type;
    const Value a = *reinterpret_cast<const Memory*>(from);
    const Value b = *reinterpret_cast<const Memory*>(from + sizeof...(I));
    *reinterpret_cast<Memory*>(to) = __builtin_shufflevector(a, b, (2 * I)...);
}

/// to[2 i] = a[i], to[2 i + 1] = b[i] for one vector of each.
template <class T, int VectorBytes, int... I>
void alternate(const T* a, const T* b, T* to, std::integer_sequence<int, I...>) {
    using Memory = typename VectorOf<T, VectorBytes>::Type;
    using Value = typename ValueOf<T, VectorBytes>::Type;
    constexpr int lanes = static_cast<int>(sizeof...(I));
    const Value x = *reinterpret_cast<const Memory*>(a);
    const Value y = *reinterpret_cast<const Memory*>(b);
    *reinterpret_cast<Memory*>(to) = __builtin_shufflevector(x, y, (I % 2 * lanes + I / 2)...);
    *reinterpret_cast<Memory*>(to + lanes) = __builtin_shufflevector(x, y, (I % 2 * lanes + lanes / 2 + I / 2)...);
}

/// to[i] = from[2 i]; nothing after from[2 (count - 1)] is read.
template <class T, int VectorBytes>
void take_every_second(const T* from, T* to, std::ptrdiff_t count) {
    constexpr int lanes = VectorBytes / static_cast<int>(sizeof(T));
    std::ptrdiff_t i = 0;
    for (; i + lanes < count; i += lanes)
        take_evens<T, VectorBytes>(from + 2 * i, to + i, std::make_integer_sequence<int, lanes>());
    for (; i < count; ++i) to[i] = from[2 * i];
}

/// to[2 i] = a[i], to[2 i + 1] = b[i]
template <class T, int VectorBytes>
void interleave(const T* a, const T* b, T* to, std::ptrdiff_t count) {
    constexpr int lanes = VectorBytes / static_cast<int>(sizeof(T));
    std::ptrdiff_t i = 0;
    for (; i + lanes <= count; i += lanes)
        alternate<T, VectorBytes>(a + i, b + i, to + 2 * i, std::make_integer_sequence<int, lanes>());
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
