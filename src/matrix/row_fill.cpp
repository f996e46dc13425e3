#include <convmat/matrix/row_fill.hpp>

#include <algorithm>
#include <complex>

#include <convmat/base/memory.hpp>

#include "row_writer.hpp"
#include <convmat/base/parallel.hpp>

namespace convmat {
namespace {

constexpr Index serial_entries = Index{1} << 14;  // below this, threads cost more than they bring
constexpr Index chunk_entries = Index{1} << 18;   // what a thread writes at a time
constexpr Index streamed_bytes = Index{16} << 20; // values that no cache is expected to keep
constexpr Index scratch_entries = Index{1} << 16; // what a thread looks through for zeros at a time

// The plan's rows cut into pieces of about `entries` nonzeros each.
class Chunks {
  public:
    Chunks(const RowPlan& plan, Index entries) : rows_(plan.rows()) {
        if (plan.nnz() > serial_entries) count_ = std::clamp<Index>(plan.nnz() / entries, 8, std::max<Index>(rows_, 8));
    }
    Index count() const { return count_; }
    Index begin(Index chunk) const { return rows_ / count_ * chunk + rows_ % count_ * chunk / count_; }
    Index end(Index chunk) const { return begin(chunk + 1); }

  private:
    Index rows_ = 0;
    Index count_ = 1;
};

// A piece of the matrix with its zeros, in memory of its own.
template <class Scalar>
struct Scratch {
    std::vector<Index> offsets;
    std::vector<Index> columns;
    std::vector<Scalar> values;

    Scratch(const RowPlan& plan, const Scalar* weights, Index first, Index last)
        : offsets(static_cast<std::size_t>(last - first + 1)) {
        columns.resize(static_cast<std::size_t>(plan.entries_before(last) - plan.entries_before(first)));
        values.resize(columns.size());
        RowFill<Scalar, Index>::rows(plan, weights, first, last, offsets.data(), columns.data(), values.data());
    }
};

} // namespace

template <class Scalar, class StorageIndex>
void RowFill<Scalar, StorageIndex>::all(const RowPlan& plan, const Scalar* weights, StorageIndex* offsets,
                                        StorageIndex* columns, Scalar* values) {
    const Chunks chunks(plan, chunk_entries);
    parallel_for(chunks.count(), [&](Index chunk) {
        const Index first = chunks.begin(chunk);
        const Index last = chunks.end(chunk);
        const Index base = plan.entries_before(first);
        const auto entries = static_cast<std::size_t>(plan.entries_before(last) - base);
        populate_pages(offsets + first, static_cast<std::size_t>(last - first) * sizeof(StorageIndex));
        populate_pages(columns + base, entries * sizeof(StorageIndex));
        populate_pages(values + base, entries * sizeof(Scalar));
        RowWriter<Scalar, StorageIndex>(plan, weights)
            .write(first, last, {offsets + first, columns + base, values + base}, base);
    });
    offsets[plan.rows()] = static_cast<StorageIndex>(plan.nnz());
}

template <class Scalar, class StorageIndex>
void RowFill<Scalar, StorageIndex>::values(const RowPlan& plan, const Scalar* weights, Scalar* values) {
    const Chunks chunks(plan, chunk_entries);
    const Stores stores = plan.nnz() < streamed_bytes / Index{sizeof(Scalar)} ? Stores::cached : Stores::streamed;
    parallel_for(chunks.count(), [&](Index chunk) {
        const Index base = plan.entries_before(chunks.begin(chunk));
        RowWriter<Scalar, StorageIndex>(plan, weights, stores)
            .write(chunks.begin(chunk), chunks.end(chunk), {nullptr, nullptr, values + base}, base);
    });
}

template <class Scalar, class StorageIndex>
void RowFill<Scalar, StorageIndex>::rows(const RowPlan& plan, const Scalar* weights, Index first, Index last,
                                         StorageIndex* offsets, StorageIndex* columns, Scalar* values) {
    RowWriter<Scalar, StorageIndex>(plan, weights).write(first, last, {offsets, columns, values}, 0);
    offsets[last - first] = static_cast<StorageIndex>(plan.entries_before(last) - plan.entries_before(first));
}

template <class Scalar, class StorageIndex>
void RowFill<Scalar, StorageIndex>::nonzero_offsets(const RowPlan& plan, const Scalar* weights, StorageIndex* offsets) {
    const Chunks chunks(plan, scratch_entries);
    parallel_for(chunks.count(), [&](Index chunk) {
        const Index first = chunks.begin(chunk);
        const Scratch<Scalar> piece(plan, weights, first, chunks.end(chunk));
        for (std::size_t row = 0; row + 1 < piece.offsets.size(); ++row)
            offsets[first + static_cast<Index>(row) + 1] = static_cast<StorageIndex>(
                std::count_if(piece.values.begin() + piece.offsets[row], piece.values.begin() + piece.offsets[row + 1],
                              [](const Scalar& value) { return value != Scalar(0); }));
    });
    offsets[0] = 0;
    for (Index row = 0; row < plan.rows(); ++row) offsets[row + 1] += offsets[row];
}

template <class Scalar, class StorageIndex>
void RowFill<Scalar, StorageIndex>::nonzeros(const RowPlan& plan, const Scalar* weights, const StorageIndex* offsets,
                                             StorageIndex* columns, Scalar* values) {
    const Chunks chunks(plan, scratch_entries);
    parallel_for(chunks.count(), [&](Index chunk) {
        const Scratch<Scalar> piece(plan, weights, chunks.begin(chunk), chunks.end(chunk));
        StorageIndex at = offsets[chunks.begin(chunk)];
        for (std::size_t e = 0; e < piece.values.size(); ++e) {
            if (piece.values[e] == Scalar(0)) continue;
            columns[at] = static_cast<StorageIndex>(piece.columns[e]);
            values[at++] = piece.values[e];
        }
    });
}

template <class Scalar, class StorageIndex>
bool RowFill<Scalar, StorageIndex>::matches(const RowPlan& plan, const StorageIndex* offsets,
                                            const StorageIndex* columns) {
    RowWriter<Scalar, StorageIndex> writer(plan, nullptr);
    std::vector<StorageIndex> expected;
    const auto row_matches = [&](Index row) {
        const Index begin = plan.entries_before(row);
        const Index end = plan.entries_before(row + 1);
        if (offsets[row] != begin || offsets[row + 1] != end) return false;
        expected.resize(static_cast<std::size_t>(end - begin));
        writer.write(row, row + 1, {nullptr, expected.data(), nullptr}, 0);
        return std::equal(expected.begin(), expected.end(), columns + begin);
    };
    const Index step = std::max<Index>(1, plan.rows() / 64);
    for (Index row = 0; row < plan.rows(); row += step)
        if (!row_matches(row)) return false;
    return row_matches(plan.rows() - 1);
}

template struct RowFill<float, int>;
template struct RowFill<double, int>;
template struct RowFill<std::complex<float>, int>;
template struct RowFill<std::complex<double>, int>;
template struct RowFill<std::int64_t, int>;
template struct RowFill<float, std::int64_t>;
template struct RowFill<double, std::int64_t>;
template struct RowFill<std::complex<float>, std::int64_t>;
template struct RowFill<std::complex<double>, std::int64_t>;
template struct RowFill<std::int64_t, std::int64_t>;

} // namespace convmat
