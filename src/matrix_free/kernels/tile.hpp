#pragma once

// The inner loops, compiled once for each instruction set, inside an anonymous
// namespace. A function that the linker could merge with its twin of another instruction set would crash older
// processors, so nothing here may come from Eigen or the standard library.

/// VectorBytes / sizeof(T) values, loaded from and stored to any address.
template <class T, int VectorBytes>
struct VectorOf {
    using Type [[gnu::vector_size(VectorBytes), gnu::aligned(alignof(T)), gnu::may_alias]] = T;
};

/// sums[r][v] = sum over channels and taps of  weight[channel, tap, r] * source[v][channel * pitch + offset[tap]],
/// lane by lane: Rows x Vectors accumulators that stay in registers. Each weight is read once for all vectors, each
/// source vector once for all rows.
template <class T, int VectorBytes, std::size_t Rows, std::size_t Vectors>
void tile(const TileJob<T>& job) {
    using Vector = typename VectorOf<T, VectorBytes>::Type;
    Vector sums[Rows][Vectors];
#pragma GCC unroll 32
    for (std::size_t r = 0; r < Rows; ++r)
#pragma GCC unroll 32
        for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] = Vector{};

    const T* source[Vectors];
#pragma GCC unroll 32
    for (std::size_t v = 0; v < Vectors; ++v) source[v] = job.source[v];

    const T* weight = job.weights;
    for (std::ptrdiff_t channel = 0; channel < job.channels; ++channel) {
        for (std::ptrdiff_t tap = 0; tap < job.taps; ++tap) {
            const std::ptrdiff_t offset = job.offsets[tap];
            Vector x[Vectors];
#pragma GCC unroll 32
            for (std::size_t v = 0; v < Vectors; ++v) x[v] = *reinterpret_cast<const Vector*>(source[v] + offset);
#pragma GCC unroll 32
            for (std::size_t r = 0; r < Rows; ++r) {
                const T w = weight[r];
#pragma GCC unroll 32
                for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] += w * x[v];
            }
            weight += static_cast<std::ptrdiff_t>(Rows);
        }
#pragma GCC unroll 32
        for (std::size_t v = 0; v < Vectors; ++v) source[v] += job.channel_pitch;
    }

#pragma GCC unroll 32
    for (std::size_t v = 0; v < Vectors; ++v)
#pragma GCC unroll 32
        for (std::size_t r = 0; r < Rows; ++r)
            *reinterpret_cast<Vector*>(job.dest[v] + static_cast<std::ptrdiff_t>(r) * job.dest_pitch[v]) = sums[r][v];
}
