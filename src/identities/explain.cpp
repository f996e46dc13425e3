#include <algorithm>
#include <iomanip>

#include "entry.hpp"

namespace convmat::identities {
namespace {

template <class S>
std::string text_of(S value) {
    const auto four_digits = std::setprecision(4);
    if constexpr (is_complex<S>) {
        if (value.imag() == 0) return text_of(value.real());
        return concat(four_digits, value.real(), value.imag() < 0 ? "-" : "+", std::abs(value.imag()), 'i');
    } else {
        return concat(four_digits, value);
    }
}

// The matrix in aligned columns, a dot for each entry that is not stored; its size alone where it is too wide or high.
template <class S>
std::string picture(const Sparse<S>& matrix, Index most_columns) {
    constexpr Index most_rows = 40;
    const std::string size = concat(matrix.rows(), "x", matrix.cols());
    if (matrix.rows() > most_rows || 2 * matrix.cols() > most_columns)
        return concat("    ", size, ", ", matrix.nonZeros(), " nonzeros: too large to be shown\n");
    std::vector<std::string> cells(static_cast<std::size_t>(matrix.rows() * matrix.cols()), ".");
    std::size_t width = 1;
    for (Index row = 0; row < matrix.rows(); ++row)
        for (typename Sparse<S>::InnerIterator at(matrix, row); at; ++at) {
            std::string& cell = cells[static_cast<std::size_t>(row * matrix.cols() + at.col())];
            cell = text_of(at.value());
            width = std::max(width, cell.size());
        }
    if (static_cast<Index>(width + 1) * matrix.cols() > most_columns)
        return concat("    ", size, ", ", matrix.nonZeros(), " nonzeros: too wide to be shown\n");
    std::string text;
    for (Index row = 0; row < matrix.rows(); ++row) {
        text += "   ";
        for (Index col = 0; col < matrix.cols(); ++col) {
            const std::string& cell = cells[static_cast<std::size_t>(row * matrix.cols() + col)];
            text += " " + std::string(width - cell.size(), ' ') + cell;
        }
        text += "\n";
    }
    return text;
}

std::string both_sides(const AnySides& any, Index most_columns) {
    return std::visit(
        [&](const auto& sides) {
            return concat("Left:\n", picture(sides.left, most_columns), "Right:\n", picture(sides.right, most_columns));
        },
        any);
}

std::string outcome_line(const Outcome& outcome) {
    const bool at_most =
        std::visit([](const auto& sides) { return sides.relation == Relation::at_most; }, outcome.sides);
    if (outcome.verdict == Verdict::fails)
        return concat("It FAILS: residual ", outcome.residual, ", rounding bound ", outcome.bound, "; ", outcome.reason,
                      ".\n");
    if (at_most) return "It holds: the left side is at most the right.\n";
    if (outcome.residual == 0) return "It holds: both sides are equal.\n";
    return concat("It holds: residual ", outcome.residual, ", rounding bound ", outcome.bound, ".\n");
}

// The rows with a 1: "0, 2".
std::string rows_of(const AnySides& any) {
    return std::visit(
        [](const auto& sides) {
            std::string rows;
            for (Index row = 0; row < sides.left.rows(); ++row)
                if (sides.left.row(row).sum() != decltype(sides.left.row(row).sum())(0))
                    rows += concat(rows.empty() ? "" : ", ", row);
            return rows;
        },
        any);
}

std::string belief_lines(const Identity& identity, const AnyCase& layer, const Outcome& outcome, Index most_columns) {
    const std::string sides = both_sides(identity.belief(layer), most_columns);
    const bool holds = outcome.verdict == Verdict::holds;
    return concat("Both sides of the belief differ in the rows ", rows_of(outcome.sides),
                  holds ? ", as foretold.\n" : ", which is NOT what was foretold.\n", sides);
}

} // namespace

std::string explain(const Identity& identity, const AnyCase& layer, Index most_columns) {
    const bool counter = identity.kind == Kind::counter_identity;
    std::string text = concat(identity.id, counter ? " (counter-identity)" : "", ": ", identity.name, "\n\n  ",
                              identity.statement, "\n\n  ", identity.formula, "\n\nCondition: ", identity.when,
                              ".\nSource: ", identity.source, ".\n\n", geometry_of(layer).explain(), "\n");
    const Outcome outcome = check(identity, layer);
    if (outcome.verdict == Verdict::does_not_apply) return text + concat("It does not apply: ", outcome.reason, ".\n");
    if (outcome.verdict == Verdict::not_checked) return text + concat("It was not checked: ", outcome.reason, ".\n");
    if (counter) return text + belief_lines(identity, layer, outcome, most_columns);
    return text + outcome_line(outcome) + both_sides(outcome.sides, most_columns);
}

} // namespace convmat::identities
