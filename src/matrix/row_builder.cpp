#include "row_builder.hpp"

namespace convmat {
namespace {

// product = left x right: columns and weights of `left` count in whole extents of the right axis.
void multiply(const RowTemplate& left, const AxisTaps& taps, Index row_index, RowTemplate& product) {
    const AxisTaps::Row row = taps.row(row_index);
    product.clear();
    for (Index e = 0; e < left.size(); ++e) {
        const auto at = static_cast<std::size_t>(e);
        const std::span<const Term> left_terms(left.terms.data() + left.first_term[at],
                                               left.terms.data() + left.first_term[at + 1]);
        for (const AxisTaps::Entry& entry : row.entries) {
            for (const Term& a : left_terms)
                for (const Term& b : taps.terms(entry))
                    product.terms.push_back(
                        {a.weight * taps.weights() + b.weight + row.weight_shift, a.coefficient * b.coefficient});
            product.close_entry(left.columns[at] * taps.columns() + entry.column + row.column_shift);
        }
    }
}

} // namespace

void RowTemplate::clear() {
    columns.clear();
    terms.clear();
    first_term.assign(1, 0);
    plain = true;
}

void RowTemplate::close_entry(Index column) {
    const Index first = first_term.back();
    const auto last = static_cast<Index>(terms.size());
    plain = plain && last == first + 1 && terms.back().coefficient == 1;
    columns.push_back(column);
    first_term.push_back(last);
}

RowBuilder::RowBuilder(std::span<const AxisTaps> axes) : axes_(axes) { line_.clear(); }

void RowBuilder::seek(Index line) {
    Index lines = 1;
    for (const AxisTaps& taps : axes_.first(axes_.size() - 1)) lines *= taps.rows();
    line_.clear();
    line_.terms.push_back({});
    line_.close_entry(0);
    for (const AxisTaps& taps : axes_.first(axes_.size() - 1)) {
        lines /= taps.rows();
        multiply(line_, taps, line / lines % taps.rows(), other_);
        std::swap(line_, other_);
    }
}

void RowBuilder::build(Index row, RowTemplate& result) const { multiply(line_, axes_.back(), row, result); }

} // namespace convmat
