#pragma once

// Everything here is included inside an anonymous namespace, see tile.hpp.
#include "lines.hpp"
#include "tile.hpp"

template <class T, int VectorBytes, std::size_t Rows, std::size_t Vectors>
constexpr void add_tiles(Tiles<T>& tiles) {
    tiles.by_size[Rows][Vectors] = tile<T, VectorBytes, Rows, Vectors>;
    if constexpr (Vectors > 1) add_tiles<T, VectorBytes, Rows, Vectors - 1>(tiles);
}

/// Rows x vectors that fit 32 registers beside the source vectors and a weight.
template <class T, int VectorBytes>
constexpr Tiles<T> tiles_for_32_registers() {
    Tiles<T> tiles;
    tiles.lanes = VectorBytes / static_cast<int>(sizeof(T));
    add_tiles<T, VectorBytes, 1, 8>(tiles);
    add_tiles<T, VectorBytes, 2, 8>(tiles);
    add_tiles<T, VectorBytes, 3, 7>(tiles);
    add_tiles<T, VectorBytes, 4, 6>(tiles);
    add_tiles<T, VectorBytes, 5, 5>(tiles);
    add_tiles<T, VectorBytes, 6, 4>(tiles);
    add_tiles<T, VectorBytes, 7, 3>(tiles);
    add_tiles<T, VectorBytes, 8, 3>(tiles);
    add_tiles<T, VectorBytes, 12, 2>(tiles);
    add_tiles<T, VectorBytes, 24, 1>(tiles);
    add_lines<T, VectorBytes>(tiles);
    return tiles;
}

/// The same for 16 registers and no fused multiply-add, which needs one more for the product.
template <class T, int VectorBytes>
constexpr Tiles<T> tiles_for_16_registers_unfused() {
    Tiles<T> tiles;
    tiles.lanes = VectorBytes / static_cast<int>(sizeof(T));
    add_tiles<T, VectorBytes, 1, 7>(tiles);
    add_tiles<T, VectorBytes, 2, 4>(tiles);
    add_tiles<T, VectorBytes, 3, 3>(tiles);
    add_tiles<T, VectorBytes, 4, 2>(tiles);
    add_tiles<T, VectorBytes, 6, 2>(tiles);
    add_tiles<T, VectorBytes, 12, 1>(tiles);
    add_lines<T, VectorBytes>(tiles);
    return tiles;
}

/// The same for 16 registers.
template <class T, int VectorBytes>
constexpr Tiles<T> tiles_for_16_registers() {
    Tiles<T> tiles;
    tiles.lanes = VectorBytes / static_cast<int>(sizeof(T));
    add_tiles<T, VectorBytes, 1, 7>(tiles);
    add_tiles<T, VectorBytes, 2, 5>(tiles);
    add_tiles<T, VectorBytes, 3, 3>(tiles);
    add_tiles<T, VectorBytes, 4, 3>(tiles);
    add_tiles<T, VectorBytes, 5, 2>(tiles);
    add_tiles<T, VectorBytes, 6, 2>(tiles);
    add_tiles<T, VectorBytes, 12, 1>(tiles);
    add_lines<T, VectorBytes>(tiles);
    return tiles;
}
