#pragma once

#include <algorithm>
#include <complex>
#include <functional>
#include <string>
#include <vector>

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>
#include <convmat/picture/figure.hpp>

namespace convmat {

/// What the colour of an entry says; of a cell that stands for several, of the one of largest magnitude.
enum class SpyColour {
    automatic, ///< tap where cells are single entries and there is a layer, value where there is none; else density
    value,     ///< its value
    tap,       ///< which position of the kernel it is, in whatever channels; grey where several add up, neutral if 0
    channels,  ///< which pair of an output and an input channel it belongs to
    density,   ///< how many entries are stored in a cell
};

struct SpyOptions {
    SpyColour colour = SpyColour::automatic;
    Index most_rows = 160; ///< a matrix with more rows or columns is shown in so many cells ...
    Index most_cols = 200; ///< ... or fewer, each standing for a block of entries; and a piece of it entry by entry
    std::string title = {};
};

namespace detail {

/// Consecutive rows (or columns) of a sparse matrix: `offsets` has one more than there are.
struct SparseLines {
    std::vector<Index> offsets;
    std::vector<Index> inner; ///< ascending within a line
    std::vector<double> values;
};

/// A sparse matrix that is read some lines at a time, by several threads at once.
struct LineSource {
    Index rows = 0;
    Index cols = 0;
    Index entries = 0;
    bool lines_are_rows = true;
    std::function<void(Index first, Index last, SparseLines& lines)> read;
};

/// What is said of a complex matrix.
inline constexpr const char* magnitudes = "The entries are complex: their magnitudes are shown.";

/// Puts the last line, from `begin` on, into ascending order.
void sort_line(SparseLines& lines, Index begin);

Figure spy(const LineSource& matrix, const SpyOptions& options);

/// Compiled for every ScalarType.
template <class Scalar>
Figure spy(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Form form, const SpyOptions& options);
template <class Scalar>
Figure spy_pair(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const SpyOptions& options);

/// What a picture shows of a value: of a complex one the magnitude.
template <class Scalar>
double shown(const Scalar& value) {
    if constexpr (Eigen::NumTraits<Scalar>::IsComplex)
        return static_cast<double>(std::abs(value));
    else
        return static_cast<double>(value);
}

} // namespace detail

/// W (or W^T) as a picture: a cell for each entry, or for a block of entries where there are too many; what is not
/// stored is blank.
///
/// Rows and columns are named by the outputs and inputs they stand for, "channel:i,j" (without the channel where there
/// is one), with lines where a channel begins. Small matrices have their numbers written into their cells. The matrix
/// is never stored: its rows are made and forgotten piece by piece, by all threads. Complex entries are shown by their
/// magnitude. There are 35 colours of taps and of channels, which repeat; the picture says so. What is stored and 0 has
/// none of a tap: it is neutral. Throws ShapeError when K (out, in/groups, k...) does not fit, ArgumentError for
/// entries that are not finite or no cells to draw in, SizeError for more than 10^10 nonzeros or rows, or 10^7 cells.
/// Cost: one pass over the nonzeros, memory for the cells.
template <ScalarType Scalar>
Figure spy(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Form form = Form::matrix,
           const SpyOptions& options = {}) {
    return detail::spy<Scalar>(geometry, kernel, form, options);
}

/// W beside W^T in the same colours, both in most_rows or most_cols cells, whichever is less: row u of the one is
/// column u of the other. Throws as spy().
template <ScalarType Scalar>
Figure spy_pair(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const SpyOptions& options = {}) {
    return detail::spy_pair<Scalar>(geometry, kernel, options);
}

/// Any sparse matrix as a picture, by value or density; rows and columns are named by their numbers. Throws as spy() of
/// a layer, and ArgumentError when a layer would be needed for the colours, or the matrix has no row or no
/// column.
template <class Derived>
Figure spy(const Eigen::SparseCompressedBase<Derived>& matrix, const SpyOptions& options = {}) {
    const Derived& a = matrix.derived();
    const auto read = [&a](Index first, Index last, detail::SparseLines& lines) {
        lines = {{0}, {}, {}};
        for (Index line = first; line < last; ++line) {
            for (typename Derived::InnerIterator entry(a, line); entry; ++entry) {
                lines.inner.push_back(static_cast<Index>(entry.index()));
                lines.values.push_back(detail::shown(entry.value()));
            }
            detail::sort_line(lines, lines.offsets.back());
            lines.offsets.push_back(static_cast<Index>(lines.inner.size()));
        }
    };
    Figure figure = detail::spy({a.rows(), a.cols(), a.nonZeros(), bool(Derived::IsRowMajor), read}, options);
    if (Eigen::NumTraits<typename Derived::Scalar>::IsComplex) figure.caption.emplace_back(detail::magnitudes);
    return figure;
}

} // namespace convmat
