#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include <convmat/base/types.hpp>

#include "kernels/kernels.hpp"

namespace convmat::matrix_free {

/// Rows of dest values that one tile computes together.
struct RowBlock {
    Index first = 0;
    Index rows = 0;
};

/// The most vectors a tile of so many rows takes; 0 when there is no such tile.
template <class T>
Index most_vectors_of(const Tiles<T>& tiles, Index rows) {
    Index vectors = most_vectors;
    while (vectors > 0 && tiles.by_size[static_cast<std::size_t>(rows)][static_cast<std::size_t>(vectors)] == nullptr)
        --vectors;
    return vectors;
}

/// Cycles of a tile for each channel and tap, fitted to measurements of all tiles on a Zen 5 core: never less than the
/// latency of a multiply-add; else what loading unaligned vectors costs (a 64-byte one nearly always spans two cache
/// lines), or two multiply-adds a cycle at 90 %.
template <class T>
double tile_cycles(const Tiles<T>& tiles, Index rows, Index vectors) {
    const auto r = static_cast<double>(rows);
    const auto v = static_cast<double>(vectors);
    const double load = tiles.lanes * Index{sizeof(T)} == 64 ? 1.45 : 0.9;
    return std::max({4.1, v * (load + 0.17 * r), 0.56 * r * v + (vectors == 1 ? 1.5 : 0.0)});
}

/// Cuts `rows` into blocks so that `vectors` vectors of each cost the least; blocks have a multiple of `parts` rows.
template <class T>
std::vector<RowBlock> row_blocks(const Tiles<T>& tiles, Index rows, Index vectors, Index parts) {
    const auto block_cycles = [&](Index block) {
        const Index most = most_vectors_of(tiles, block);
        if (most == 0 || block % parts != 0) return std::numeric_limits<double>::infinity();
        const double tail = vectors % most == 0 ? 0 : tile_cycles(tiles, block, vectors % most);
        return static_cast<double>(vectors / most) * tile_cycles(tiles, block, most) + tail;
    };
    std::vector<double> least(static_cast<std::size_t>(rows + 1), std::numeric_limits<double>::infinity());
    std::vector<Index> last(least.size(), 0);
    least[0] = 0;
    for (Index end = 1; end <= rows; ++end)
        for (Index block = std::min<Index>(end, most_rows); block > 0; --block) { // of equals, the one with most rows
            const double cycles = least[static_cast<std::size_t>(end - block)] + block_cycles(block);
            if (cycles >= least[static_cast<std::size_t>(end)]) continue;
            least[static_cast<std::size_t>(end)] = cycles;
            last[static_cast<std::size_t>(end)] = block;
        }
    std::vector<RowBlock> blocks;
    for (Index end = rows; end > 0; end -= last[static_cast<std::size_t>(end)])
        blocks.push_back({end - last[static_cast<std::size_t>(end)], last[static_cast<std::size_t>(end)]});
    std::ranges::reverse(blocks);
    return blocks;
}

} // namespace convmat::matrix_free
