#pragma once

#include <vector>

#include <convmat/base/types.hpp>

namespace convmat::matrix_free {

/// Extents and strides of a box of dest positions, slowest axis first: where they are in the work array that is read,
/// and in the dest array that is written.
struct BoxShape {
    std::vector<Index> extents;
    std::vector<Index> work_strides;
    std::vector<Index> dest_strides;
    /// Whether there may be nothing to read after the last position of a run. The run of all axes but the first then
    /// has to be as long as a vector.
    bool exact_runs = false;
};

/// Which vectors of consecutive work positions a box is computed in. A run is what some trailing axes cover in one
/// piece, with a few positions between the lines that are computed and not used; how many axes make a run is chosen
/// such that there are as few vectors as can be. A vector that lies in one line is written where it belongs (unless the
/// lines are interleaved); all others go to a stage, from which their lines are picked.
struct VectorList {
    static constexpr Index staged = -1;

    struct Vector {
        Index work = 0;      ///< offset of its first lane in the work array
        Index dest = staged; ///< offset in the dest array, or `staged`
        Index stage = 0;     ///< offset in the stage
    };
    struct Piece { ///< of a line, to be picked from the stage
        Index stage = 0;
        Index dest = 0;
        Index count = 0;
    };

    std::vector<Index> extents; ///< of the box
    std::vector<Vector> vectors;
    std::vector<Piece> pieces;
    Index stage_size = 0; ///< values a row takes in the stage
};

enum class Lines { contiguous, interleaved };

/// The vectors of `lanes` values for a box.
VectorList vector_list(const BoxShape& box, Index lanes, Lines lines);

} // namespace convmat::matrix_free
