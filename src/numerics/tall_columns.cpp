#include "tall_columns.hpp"

#include <algorithm>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/parallel.hpp>

namespace convmat::numerics {
namespace {

constexpr Index rows_in_chunk = 512; // rows of a few columns that stay in the cache together

// Calls body(first, rows) for the chunks of rows from `begin` to `end`.
template <class Body>
void for_chunks(Index begin, Index end, const Body& body) {
    for (Index row = begin; row < end; row += rows_in_chunk) body(row, std::min(rows_in_chunk, end - row));
}

// sum += V^H X for a chunk. (Eigen's product would pack V first, which takes longer than the product.)
template <class S>
void add_inner(const DenseView<S>& v, const DenseView<S>& x, Dense<S>& sum) {
    for (Index i = 0; i < v.cols(); ++i)
        for (Index j = 0; j < x.cols(); ++j) sum(i, j) += v.col(i).dot(x.col(j));
}

// The same of real numbers, four columns of V at a time: a column of X is then loaded once for the four.
void add_inner(const DenseView<double>& v, const DenseView<double>& x, Dense<double>& sum) {
    const Index rows = v.rows(), pairs = rows / 2 * 2;
    for (Index j = 0; j < x.cols(); ++j) {
        const double* xs = x.col(j).data();
        Index i = 0;
        for (; i + 4 <= v.cols(); i += 4) {
            const double *a = v.col(i).data(), *b = v.col(i + 1).data(), *c = v.col(i + 2).data(),
                         *d = v.col(i + 3).data();
            double sums[4][2] = {};
            for (Index r = 0; r < pairs; r += 2)
                for (Index lane = 0; lane < 2; ++lane) {
                    sums[0][lane] += a[r + lane] * xs[r + lane];
                    sums[1][lane] += b[r + lane] * xs[r + lane];
                    sums[2][lane] += c[r + lane] * xs[r + lane];
                    sums[3][lane] += d[r + lane] * xs[r + lane];
                }
            for (Index k = 0; k < 4; ++k) {
                sum(i + k, j) += sums[k][0] + sums[k][1];
                if (pairs < rows) sum(i + k, j) += v(pairs, i + k) * xs[pairs];
            }
        }
        for (; i < v.cols(); ++i) sum(i, j) += v.col(i).dot(x.col(j));
    }
}

} // namespace

template <class S>
Dense<S> inner(const DenseView<S>& v, const DenseView<S>& x) {
    const Index parts = std::min<Index>(16, ceil_div(v.rows(), rows_in_chunk)), each = ceil_div(v.rows(), parts);
    std::vector<Dense<S>> sums(static_cast<std::size_t>(parts), Dense<S>::Zero(v.cols(), x.cols()));
    parallel_for(v.cols() > 0 ? parts : 0, [&](Index part) {
        for_chunks(part * each, std::min(v.rows(), (part + 1) * each), [&](Index row, Index rows) {
            add_inner(DenseView<S>(v.middleRows(row, rows)), DenseView<S>(x.middleRows(row, rows)),
                      sums[static_cast<std::size_t>(part)]);
        });
    });
    for (std::size_t i = 1; i < sums.size(); ++i) sums.front() += sums[i];
    return sums.front();
}

// A column of X is written once for four of V.
template <class S>
void subtract(Eigen::Ref<Dense<S>> x, const DenseView<S>& v, const Dense<S>& h) {
    const Index parts = std::min<Index>(16, ceil_div(v.rows(), rows_in_chunk)), each = ceil_div(v.rows(), parts);
    parallel_for(v.cols() > 0 ? parts : 0, [&](Index part) {
        for_chunks(part * each, std::min(v.rows(), (part + 1) * each), [&](Index row, Index rows) {
            const auto column = [&](Index i) { return v.col(i).segment(row, rows); };
            for (Index j = 0; j < x.cols(); ++j) {
                auto to = x.col(j).segment(row, rows);
                Index i = 0;
                for (; i + 4 <= v.cols(); i += 4)
                    to -= h(i, j) * column(i) + h(i + 1, j) * column(i + 1) + h(i + 2, j) * column(i + 2) +
                          h(i + 3, j) * column(i + 3);
                for (; i < v.cols(); ++i) to -= h(i, j) * column(i);
            }
        });
    });
}

template <class S>
void rotate(Eigen::Ref<Dense<S>> v, const Dense<S>& p) {
    parallel_for(ceil_div(v.rows(), rows_in_chunk), [&](Index i) {
        const Index row = i * rows_in_chunk, rows = std::min(rows_in_chunk, v.rows() - row);
        const Dense<S> rotated = product<S>(v.middleRows(row, rows), p);
        v.block(row, 0, rows, p.cols()) = rotated;
    });
}

template Dense<double> inner(const DenseView<double>&, const DenseView<double>&);
template Dense<Complex> inner(const DenseView<Complex>&, const DenseView<Complex>&);
template void subtract(Eigen::Ref<Dense<double>>, const DenseView<double>&, const Dense<double>&);
template void subtract(Eigen::Ref<Dense<Complex>>, const DenseView<Complex>&, const Dense<Complex>&);
template void rotate(Eigen::Ref<Dense<double>>, const Dense<double>&);
template void rotate(Eigen::Ref<Dense<Complex>>, const Dense<Complex>&);

} // namespace convmat::numerics
