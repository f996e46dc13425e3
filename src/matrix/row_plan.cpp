#include <convmat/matrix/row_plan.hpp>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>

namespace convmat {
namespace {

std::vector<AxisTaps> tabulate(const ConvGeometry& geometry, AxisTaps (*table)(const Axis&)) {
    std::vector<AxisTaps> axes;
    for (const Axis& axis : geometry.axes()) axes.push_back(table(axis));
    return axes;
}

} // namespace

RowPlan::RowPlan(std::vector<AxisTaps> axes, const ChannelPlan& channels, Index cols)
    : axes_(std::move(axes)),
      channels_(channels),
      cols_(cols) {
    nnz_ = checked_mul(channels_.blocks, channels_.partners, "nonzeros of W");
    for (const AxisTaps& taps : axes_) {
        positions_ = checked_mul(positions_, taps.rows(), "rows of W");
        nnz_ = checked_mul(nnz_, taps.entries(), "nonzeros of W");
    }
}

RowPlan RowPlan::matrix(const ConvGeometry& geometry) {
    const Index ins = geometry.in_channels_per_group();
    const Index outs = geometry.out_channels_per_group();
    const Index n = geometry.input_size();
    const Index k = geometry.kernel_size();
    return {tabulate(geometry, AxisTaps::forward),
            {geometry.out_channels(), outs, ins, {ins * n, 0, n}, {outs * ins * k, ins * k, k}},
            geometry.cols()};
}

RowPlan RowPlan::transpose(const ConvGeometry& geometry) {
    const Index ins = geometry.in_channels_per_group();
    const Index outs = geometry.out_channels_per_group();
    const Index m = geometry.output_size();
    const Index k = geometry.kernel_size();
    return {tabulate(geometry, AxisTaps::transposed),
            {geometry.in_channels(), ins, outs, {outs * m, 0, m}, {outs * ins * k, k, ins * k}},
            geometry.rows()};
}

RowPlan RowPlan::kernel_unknown(const ConvGeometry& geometry) {
    const Index ins = geometry.in_channels_per_group();
    const Index outs = geometry.out_channels_per_group();
    const Index n = geometry.input_size();
    const Index k = geometry.kernel_size();
    return {tabulate(geometry, AxisTaps::kernel_unknown),
            {geometry.out_channels(), outs, ins, {outs * ins * k, ins * k, k}, {ins * n, 0, n}},
            geometry.weights()};
}

// Row (u_1, ..., u_D) of a block begins after  before_1(u_1) E_2 ... E_D + count_1(u_1) (before_2(u_2) E_3 ... E_D +
// count_2(u_2) (...)), E_j being all entries of axis j.
Index RowPlan::entries_before(Index row) const {
    Index block_entries = channels_.partners;
    for (const AxisTaps& taps : axes_) block_entries *= taps.entries();
    Index begin = row / positions_ * block_entries;
    Index position = row % positions_;
    Index rows = positions_;
    Index rest = block_entries; // of the axes to come, and the counts of those done
    for (const AxisTaps& taps : axes_) {
        rows /= taps.rows();
        rest = taps.entries() == 0 ? 0 : rest / taps.entries();
        const Index at = position / rows;
        const Index before = taps.entries_before(at);
        begin += before * rest;
        rest *= taps.entries_before(at + 1) - before;
        position %= rows;
    }
    return begin;
}

void RowPlan::require_indices(Index most_index) const {
    for (const Index size : {rows(), cols(), nnz()})
        if (size > most_index)
            throw SizeError(
                {.parameter = "StorageIndex",
                 .value = concat(rows(), "x", cols(), " with ", nnz(), " nonzeros"),
                 .expected = "std::int64_t",
                 .sentence = concat("a ", rows(), "x", cols(), " matrix with ", nnz(), " nonzeros needs indices above ",
                                    most_index, ": use std::int64_t for StorageIndex")});
}

void RowPlan::require_storage(Index index_bytes, Index value_bytes) const {
    const char* what = "bytes of the matrix";
    const Index entries = checked_mul(nnz(), index_bytes + value_bytes, what);
    require_memory(checked_add(entries, checked_mul(rows() + 1, index_bytes, what), what), "the matrix");
}

} // namespace convmat
