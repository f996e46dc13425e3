#include "axis_norms.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/taps/axis_taps.hpp>

namespace convmat::numerics {
namespace {

constexpr std::size_t most_kinds = 256;

using Kinds = std::set<std::vector<double>>;

// Calls visit(row, count) for one row of each kind; count rows are equal to it up to a shift of their columns.
template <class Visit>
void for_each_kind(const AxisTaps& taps, const Visit& visit) {
    for (const AxisTaps::Run& run : taps.runs())
        for (Index r = 0; r < std::min(run.period, run.rows); ++r)
            visit(taps.row(run.first + r), static_cast<double>(ceil_div(run.rows - r, run.period)));
}

std::vector<double> sums_of(const AxisTaps& taps, const AxisTaps::Row& row) {
    std::vector<double> sums(static_cast<std::size_t>(taps.weights()), 0);
    for (const AxisTaps::Entry& entry : row.entries)
        for (const Term& term : taps.terms(entry))
            sums[static_cast<std::size_t>(term.weight + row.weight_shift)] +=
                std::abs(static_cast<double>(term.coefficient));
    return sums;
}

Kinds kinds_of(const AxisTaps& taps) {
    Kinds kinds;
    for_each_kind(taps, [&](const AxisTaps::Row& row, double) { kinds.insert(sums_of(taps, row)); });
    return kinds;
}

// The kinds as rows, without those that are nowhere above another.
Dense<double> in_rows(const Kinds& kinds, Index k) {
    std::vector<std::vector<double>> kept;
    const auto below = [](const auto& a, const auto& b) {
        return std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) { return x <= y; });
    };
    for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind) // none is above an earlier one
        if (kinds.size() > most_kinds || std::ranges::none_of(kept, [&](const auto& b) { return below(*kind, b); }))
            kept.push_back(*kind);
    Dense<double> rows(std::ssize(kept), k);
    for (Index i = 0; i < rows.rows(); ++i)
        rows.row(i) = Eigen::Map<const Eigen::RowVectorXd>(kept[static_cast<std::size_t>(i)].data(), k);
    return rows;
}

std::vector<double> norms_of(const Dense<double>& most_row, const Dense<double>& most_column) {
    std::vector<double> norms;
    for (Index t = 0; t < most_row.size(); ++t) norms.push_back(std::sqrt(most_row(t) * most_column(t)));
    return norms;
}

} // namespace

Dense<double> largest_of_rows(const Dense<double>& kinds) { return kinds.colwise().maxCoeff(); }

std::vector<double> tap_norm_bounds(const Axis& axis) {
    const auto most = [&](const AxisTaps& taps) { return largest_of_rows(in_rows(kinds_of(taps), axis.kernel)); };
    return norms_of(most(AxisTaps::forward(axis)), most(AxisTaps::transposed(axis)));
}

AxisNorms::AxisNorms(const Axis& axis) {
    require_memory(checked_mul(checked_mul(axis.kernel, axis.kernel, "taps"), Index{sizeof(double)}, "taps"),
                   "the products of an axis's taps");
    const AxisTaps forward = AxisTaps::forward(axis);
    products = Dense<double>::Zero(axis.kernel, axis.kernel);
    for_each_kind(forward, [&](const AxisTaps::Row& row, double count) {
        for (const AxisTaps::Entry& entry : row.entries) {
            const auto terms = forward.terms(entry);
            apart = apart && terms.size() <= 1;
            for (const Term& a : terms)
                for (const Term& b : terms)
                    products(a.weight + row.weight_shift, b.weight + row.weight_shift) +=
                        count * static_cast<double>(a.coefficient) * static_cast<double>(b.coefficient);
        }
    });
    const Kinds of_outputs = kinds_of(forward), of_inputs = kinds_of(AxisTaps::transposed(axis));
    rows = in_rows(of_outputs, axis.kernel);
    columns = in_rows(of_inputs, axis.kernel);
    unfold = std::sqrt(rows.maxCoeff() * columns.rowwise().sum().maxCoeff());
    const Dense<double> most_row = largest_of_rows(rows), most_column = largest_of_rows(columns);
    norms = norms_of(most_row, most_column);
    all_kinds = std::max(of_outputs.size(), of_inputs.size()) <= most_kinds;
    if (!all_kinds) {
        rows = most_row;
        columns = most_column;
    }
}

} // namespace convmat::numerics
