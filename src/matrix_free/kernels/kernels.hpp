#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace convmat::matrix_free {

/// What one tile computes: source[v] is where vector v begins in the first channel, dest[v] where its first row goes,
/// rows being dest_pitch[v] apart. Weights lie in the order they are read: channel, tap, row.
template <class T>
struct TileJob {
    const T* const* source = nullptr;
    const T* weights = nullptr;
    const std::ptrdiff_t* offsets = nullptr; // of the taps, in a channel of the source
    std::ptrdiff_t taps = 0;
    std::ptrdiff_t channels = 0;
    std::ptrdiff_t channel_pitch = 0;
    T* const* dest = nullptr;
    const std::ptrdiff_t* dest_pitch = nullptr;
};

template <class T>
using Tile = void (*)(const TileJob<T>&);

inline constexpr int most_rows = 24;   // of any tile
inline constexpr int most_vectors = 8; // of any tile

/// The inner loops for one scalar in one instruction set. Tiles are by_size[rows][vectors], null where the registers do
/// not suffice.
template <class T>
struct Tiles {
    std::ptrdiff_t lanes = 0; // values in a vector
    Tile<T> by_size[most_rows + 1][most_vectors + 1] = {};
    void (*take_every_second)(const T* from, T* to, std::ptrdiff_t count) = nullptr; // to[i] = from[2 i]
    void (*interleave)(const T* a, const T* b, T* to, std::ptrdiff_t count) = nullptr;
};

/// The scalars the tiles are made for. int64 is computed as uint64 (the same bits, without undefined overflow), and a
/// complex convolution as a real one with twice the channels.
struct KernelSet {
    Tiles<float> of_float;
    Tiles<double> of_double;
    Tiles<std::uint64_t> of_uint64;
};

const KernelSet& kernels_plain();
#if defined(CONVMAT_X86_64_LEVELS)
const KernelSet& kernels_x86_64_v2();
const KernelSet& kernels_x86_64_v3();
const KernelSet& kernels_x86_64_v4();
#endif

} // namespace convmat::matrix_free
