// Tables and matrices for the notebooks: part of nb.hpp.
#pragma once
#include <Eigen/SparseCore>
#include <algorithm>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

namespace nb {

/// A number as text, with `digits` significant digits; minus zero is zero.
template <class T>
std::string text(const T& number, int digits = 6) {
    std::ostringstream os;
    os.precision(digits);
    os << std::boolalpha << (number == T(0) ? T(0) : number);
    return os.str();
}

/// An entry of a table: text stands left, a number right.
struct Cell {
    std::string text;
    bool number = false;
    Cell(const char* s) : text(s) {}
    Cell(std::string s, bool is_number = false) : text(std::move(s)), number(is_number) {}
    template <class T>
    requires std::is_arithmetic_v<T> Cell(T value) : text(nb::text(value)), number(!std::is_same_v<T, bool>) {}

    std::size_t width() const { // in characters, not in bytes of UTF-8
        return std::size_t(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
    }
};
using Row = std::vector<Cell>;
using Rows = std::vector<Row>;

/// The rows with aligned columns.
inline std::string table_text(const Rows& rows) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t j = 0; j < row.size(); ++j) widths[j] = std::max(widths[j], row[j].width());
    }
    std::string lines;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t j = 0; j < row.size(); ++j) {
            const std::string space(widths[j] - row[j].width(), ' ');
            line += (j ? "  " : "") + (row[j].number ? space + row[j].text : row[j].text + space);
        }
        lines += (lines.empty() ? "" : "\n") + line.substr(0, line.find_last_not_of(' ') + 1);
    }
    return lines;
}

inline std::string table_html(const Rows& rows, bool head) {
    std::string html = "<table>";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string tag = head && i == 0 ? "th" : "td";
        html += "<tr>";
        for (const Cell& cell : rows[i]) {
            html += "<" + tag + (cell.number ? " align=\"right\">" : ">");
            for (char c : cell.text) html += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
            html += "</" + tag + ">";
        }
        html += "</tr>";
    }
    return html + "</table>";
}

/// Shows a table: nb::table({"layer", "rows"}, {{"first", 4}, {"second", 9}}). The head of numbers stands right.
inline void table(Row head, Rows rows) {
    for (std::size_t j = 0; j < head.size(); ++j)
        head[j].number = !rows.empty() && std::all_of(rows.begin(), rows.end(),
                                                      [j](const Row& row) { return j < row.size() && row[j].number; });
    rows.insert(rows.begin(), head);
    html(table_html(rows, true), table_text(rows));
}

/// Shows rows × cols entries, of larger matrices the first 20 × 20; fill(grid) replaces the entries that are not
/// `rest`.
template <class Fill>
void show_grid(Eigen::Index rows, Eigen::Index cols, const char* rest, const Fill& fill) {
    const Eigen::Index limit = 20;
    Rows grid(std::min(rows, limit), Row(std::min(cols, limit), Cell(rest, true)));
    fill(grid);
    if (cols > limit)
        for (Row& row : grid) row.emplace_back("…");
    if (rows > limit) grid.emplace_back(1, "…");
    html(table_html(grid, false), table_text(grid));
}

/// Shows a matrix, `digits` significant digits an entry.
template <class Derived>
void show(const Eigen::DenseBase<Derived>& matrix, int digits = 6) {
    const auto& A = matrix.derived().eval();
    show_grid(A.rows(), A.cols(), "", [&](Rows& grid) {
        for (std::size_t i = 0; i < grid.size(); ++i)
            for (std::size_t j = 0; j < grid[i].size(); ++j) grid[i][j].text = text(A(i, j), digits);
    });
}

/// Shows a sparse matrix; an entry that is not stored is a dot.
template <class Derived>
void show(const Eigen::SparseMatrixBase<Derived>& matrix, int digits = 6) {
    const Eigen::SparseMatrix<typename Derived::Scalar> A = matrix;
    show_grid(A.rows(), A.cols(), "·", [&](Rows& grid) {
        for (Eigen::Index j = 0; j < A.cols() && !grid.empty() && j < Eigen::Index(grid[0].size()); ++j)
            for (typename decltype(A)::InnerIterator it(A, j); it; ++it)
                if (it.row() < Eigen::Index(grid.size())) grid[it.row()][j].text = text(it.value(), digits);
    });
}

} // namespace nb
