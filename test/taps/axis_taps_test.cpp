#include <convmat/taps/axis_taps.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/reference/extend.hpp>

#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

namespace axis_taps_test {

namespace {

using namespace convmat;
using test::throws_saying;

// Everything a table says, row by row, or the nonzeros of T[u, i, t] that it should say: (row, column, weight,
// coefficient).
using Nonzeros = std::vector<std::tuple<Index, Index, Index, Index>>;

// T[u, i, t], found by extending every unit vector one position at a time.
Nonzeros brute_force(const Axis& axis) {
    const Index margin = std::abs(axis.padding.begin) + std::abs(axis.padding.end);
    Nonzeros found;
    for (Index i = 0; i < axis.input; ++i) {
        reference::ExtendedLine<std::int64_t> line(axis.input, margin);
        line[i] = 1;
        line.extend(axis.boundary);
        for (Index u = 0; u < axis.output; ++u)
            for (Index t = 0; t < axis.kernel; ++t)
                if (const auto c = line[axis.stride * u + axis.dilation * t - axis.padding.begin]; c != 0)
                    found.emplace_back(u, i, t, c);
    }
    return found;
}

// T with its indices in another order, sorted.
template <class Reorder>
Nonzeros reordered(Nonzeros nonzeros, const Reorder& reorder) {
    for (auto& z : nonzeros) z = std::apply(reorder, z);
    std::ranges::sort(nonzeros);
    return nonzeros;
}

Nonzeros listed(const AxisTaps& taps) {
    Nonzeros found;
    for (Index r = 0; r < taps.rows(); ++r) {
        const AxisTaps::Row row = taps.row(r);
        for (const AxisTaps::Entry& entry : row.entries)
            for (const Term& term : taps.terms(entry))
                found.emplace_back(r, entry.column + row.column_shift, term.weight + row.weight_shift,
                                   term.coefficient);
    }
    return found;
}

// In the order of the table: no entry without a term, columns and weights strictly ascending.
bool ascending(const AxisTaps& taps) {
    for (Index r = 0; r < taps.rows(); ++r) {
        Index last_column = -1;
        const AxisTaps::Row row = taps.row(r);
        for (const AxisTaps::Entry& entry : row.entries) {
            const auto terms = taps.terms(entry);
            const bool sorted = std::ranges::is_sorted(terms, std::ranges::less_equal{}, &Term::weight);
            if (terms.empty() || !sorted || entry.column + row.column_shift <= last_column) return false;
            last_column = entry.column + row.column_shift;
        }
    }
    return true;
}

bool counts_are_sums(const AxisTaps& taps) {
    Index entries = 0;
    for (Index r = 0; r < taps.rows(); ++r) {
        if (taps.entries_before(r) != entries) return false;
        entries += static_cast<Index>(taps.row(r).entries.size());
    }
    return taps.entries_before(taps.rows()) == entries && taps.entries() == entries;
}

// The runs cover the rows one after the other, each knows what lies before it, and run_of finds them.
bool runs_cover_the_rows(const AxisTaps& taps) {
    Index row = 0;
    for (const AxisTaps::Run& run : taps.runs()) {
        if (run.first != row || run.rows < 1 || run.period < 1 || run.period > run.rows) return false;
        if (run.entries_before != taps.entries_before(run.first)) return false;
        if (run.period < run.rows &&
            run.entries_per_period != taps.entries_before(run.first + run.period) - run.entries_before)
            return false;
        for (; row < run.end(); ++row)
            if (&taps.run_of(row) != &run) return false;
    }
    return row == taps.rows();
}

void well_formed(const AxisTaps& taps, Index rows, Index columns, Index weights) {
    BOOST_TEST(taps.rows() == rows);
    BOOST_TEST(taps.columns() == columns);
    BOOST_TEST(taps.weights() == weights);
    BOOST_TEST(ascending(taps));
    BOOST_TEST(counts_are_sums(taps));
    BOOST_TEST(runs_cover_the_rows(taps));
}

void all_tables_equal_brute_force(const Axis& axis) {
    const auto forward = AxisTaps::forward(axis);
    const auto transposed = AxisTaps::transposed(axis);
    const auto kernel_unknown = AxisTaps::kernel_unknown(axis);

    const Nonzeros t = brute_force(axis);
    using Tuple = Nonzeros::value_type;
    const auto uit = [](Index u, Index i, Index k, Index c) { return Tuple(u, i, k, c); };
    const auto iut = [](Index u, Index i, Index k, Index c) { return Tuple(i, u, k, c); };
    const auto uti = [](Index u, Index i, Index k, Index c) { return Tuple(u, k, i, c); };
    well_formed(forward, axis.output, axis.input, axis.kernel);
    well_formed(transposed, axis.input, axis.output, axis.kernel);
    well_formed(kernel_unknown, axis.output, axis.kernel, axis.input);
    BOOST_TEST((listed(forward) == reordered(t, uit)), "forward");
    BOOST_TEST((listed(transposed) == reordered(t, iut)), "transposed");
    BOOST_TEST((listed(kernel_unknown) == reordered(t, uti)), "kernel_unknown");
}

std::string describe(const Axis& axis) {
    return concat("n=", axis.input, " k=", axis.kernel, " m=", axis.output, " s=", axis.stride, " d=", axis.dilation,
                  " p=", axis.padding.begin, ":", axis.padding.end, " ", to_string(axis.boundary));
}

// All of stride, dilation and kernel, for a given boundary, input and padding.
void check_axes(Axis axis) {
    for (axis.kernel = 1; axis.kernel <= 4; ++axis.kernel)
        for (axis.stride = 1; axis.stride <= 3; ++axis.stride)
            for (axis.dilation = 1; axis.dilation <= 3; ++axis.dilation) {
                if (axis.padded_input() < axis.effective_kernel()) continue;
                axis.output = axis.formula_output();
                BOOST_TEST_CONTEXT(describe(axis)) { all_tables_equal_brute_force(axis); }
            }
}

constexpr Index tera = 1'000'000'000'000;

Axis huge(Boundary boundary, Index kernel, Index stride, Index dilation, Padding padding) {
    const ConvGeometry geometry({.input = {tera},
                                 .kernel = {kernel},
                                 .stride = {stride},
                                 .dilation = {dilation},
                                 .padding = {padding},
                                 .boundary = {boundary}});
    return geometry.axis(0);
}

// How many rows a table keeps to say all of them.
Index kept_rows(const AxisTaps& taps) {
    Index kept = 0;
    for (const AxisTaps::Run& run : taps.runs()) kept += run.period;
    return kept;
}

// The nonzeros of one row.
Nonzeros listed_row(const AxisTaps& taps, Index r) {
    Nonzeros found;
    const AxisTaps::Row row = taps.row(r);
    for (const AxisTaps::Entry& entry : row.entries)
        for (const Term& term : taps.terms(entry))
            found.emplace_back(r, entry.column + row.column_shift, term.weight + row.weight_shift, term.coefficient);
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_small_axis_by_hand) {
    // n = 4, k = 3, s = 2, p = 1: windows at -1 and 1, so m = 2; input 3 is the last tap of output 1.
    const Axis axis = {.input = 4, .kernel = 3, .output = 2, .stride = 2, .padding = {1, 0}};
    BOOST_TEST((listed(AxisTaps::forward(axis)) ==
                Nonzeros{{0, 0, 1, 1}, {0, 1, 2, 1}, {1, 1, 0, 1}, {1, 2, 1, 1}, {1, 3, 2, 1}}));
    BOOST_TEST((listed(AxisTaps::transposed(axis)) ==
                Nonzeros{{0, 0, 1, 1}, {1, 0, 2, 1}, {1, 1, 0, 1}, {2, 1, 1, 1}, {3, 1, 2, 1}}));
    BOOST_TEST((listed(AxisTaps::kernel_unknown(axis)) ==
                Nonzeros{{0, 1, 0, 1}, {0, 2, 1, 1}, {1, 0, 1, 1}, {1, 1, 2, 1}, {1, 2, 3, 1}}));
}

BOOST_AUTO_TEST_CASE(taps_on_one_input_are_one_entry_of_several_terms) {
    // x = a b, replicate, p = 2, k = 3: the first window reads a a a, the second a a b.
    const Axis axis = {.input = 2, .kernel = 3, .output = 2, .padding = {2, 0}, .boundary = Boundary::replicate};
    const auto taps = AxisTaps::forward(axis);
    BOOST_TEST(taps.entries() == 3);
    BOOST_TEST(taps.terms(taps.row(0).entries[0]).size() == 3u);
    BOOST_TEST(
        (listed(taps) == Nonzeros{{0, 0, 0, 1}, {0, 0, 1, 1}, {0, 0, 2, 1}, {1, 0, 0, 1}, {1, 0, 1, 1}, {1, 1, 2, 1}}));
}

BOOST_AUTO_TEST_CASE(odd_reflection_has_coefficients_two_and_minus_one) {
    // x = a b c, p = 1, k = 2: the first window reads 2a - b, a.
    const Axis axis = {.input = 3, .kernel = 2, .output = 1, .padding = {1, -2}, .boundary = Boundary::antireflective};
    const Nonzeros row = {{0, 0, 0, 2}, {0, 0, 1, 1}, {0, 1, 0, -1}};
    BOOST_TEST((listed(AxisTaps::forward(axis)) == row));
}

BOOST_AUTO_TEST_CASE(tables_equal_brute_force_for_all_small_axes) {
    for (const Boundary boundary : all_boundaries)
        for (Index n = 1; n <= 6; ++n)
            for (Index begin = -2; begin <= 3; ++begin)
                for (Index end = -2; end <= 3; ++end)
                    check_axes({.input = n, .padding = {begin, end}, .boundary = boundary});
}

BOOST_AUTO_TEST_CASE(tables_equal_brute_force_for_padding_of_several_cycles) {
    for (const Boundary boundary : all_boundaries)
        for (Index n = 1; n <= 4; ++n)
            for (const Index wide : {n, 2 * n - 2, 2 * n - 1, 2 * n, 2 * n + 1, 4 * n - 3, 5 * n}) {
                check_axes({.input = n, .padding = {wide, -1}, .boundary = boundary});
                check_axes({.input = n, .padding = {0, wide}, .boundary = boundary});
                check_axes({.input = n, .padding = {wide, wide}, .boundary = boundary});
            }
}

BOOST_AUTO_TEST_CASE(tables_equal_brute_force_where_the_layer_keeps_fewer_outputs_than_fit) {
    for (const Boundary boundary : all_boundaries)
        for (Index m = 1; m <= 4; ++m)
            for (Index k = 1; k <= 3; ++k)
                for (Index s = 1; s <= 3; ++s)
                    for (Index a = s; a < 5; ++a)
                        for (Index p = 0; p <= 3; ++p) {
                            const TransposedSpec spec = {.input = {m},
                                                         .kernel = {k},
                                                         .stride = {s},
                                                         .dilation = {5},
                                                         .padding = {{p, 0}},
                                                         .boundary = {boundary},
                                                         .output_padding = {a}};
                            if (s * (m - 1) + 5 * (k - 1) + 1 - p + a < 1) continue;
                            const Axis axis = ConvGeometry::from_transposed(spec).axis(0);
                            BOOST_REQUIRE(axis.output < axis.formula_output());
                            BOOST_TEST_CONTEXT(describe(axis)) { all_tables_equal_brute_force(axis); }
                        }
}

BOOST_AUTO_TEST_CASE(tables_equal_brute_force_where_the_stride_passes_over_inputs) {
    for (const Boundary boundary : all_boundaries)
        for (Index n = 1; n <= 14; ++n)
            for (Index k = 1; k <= 2; ++k)
                for (const Index s : {4, 5, 7, 20})
                    for (Index begin = -2; begin <= 6; begin += 2) {
                        Axis axis = {.input = n,
                                     .kernel = k,
                                     .stride = s,
                                     .dilation = 2,
                                     .padding = {begin, 1},
                                     .boundary = boundary};
                        if (axis.padded_input() < axis.effective_kernel()) continue;
                        axis.output = axis.formula_output();
                        BOOST_TEST_CONTEXT(describe(axis)) { all_tables_equal_brute_force(axis); }
                    }
}

BOOST_AUTO_TEST_CASE(tables_equal_brute_force_for_random_longer_axes) {
    for (int seed = 0; seed < test::share(3000); ++seed) {
        const Axis axis = test::RandomLayers(static_cast<unsigned>(seed)).geometry(1).axis(0);
        BOOST_TEST_CONTEXT("seed " << seed << ": " << describe(axis)) { all_tables_equal_brute_force(axis); }
    }
}

BOOST_AUTO_TEST_CASE(long_zero_axes_are_a_few_rows_repeated) {
    const Axis axis = huge(Boundary::zero, 3, 1, 1, {1, 1});
    for (const AxisTaps& taps : {AxisTaps::forward(axis), AxisTaps::transposed(axis), AxisTaps::kernel_unknown(axis)}) {
        BOOST_TEST(taps.rows() == tera);
        BOOST_TEST(taps.entries() == 3 * tera - 2);
        BOOST_TEST(taps.entries_before(tera / 2) == 3 * (tera / 2) - 1);
        BOOST_TEST(taps.entries_before(tera) == taps.entries());
        BOOST_TEST(taps.runs().size() == 3u);
        BOOST_TEST(kept_rows(taps) <= 6);
    }
    constexpr Index mid = tera / 2;
    BOOST_TEST((listed_row(AxisTaps::forward(axis), mid) ==
                Nonzeros{{mid, mid - 1, 0, 1}, {mid, mid, 1, 1}, {mid, mid + 1, 2, 1}}));
    BOOST_TEST((listed_row(AxisTaps::transposed(axis), mid) ==
                Nonzeros{{mid, mid - 1, 2, 1}, {mid, mid, 1, 1}, {mid, mid + 1, 0, 1}}));
    BOOST_TEST((listed_row(AxisTaps::kernel_unknown(axis), mid) ==
                Nonzeros{{mid, 0, mid - 1, 1}, {mid, 1, mid, 1}, {mid, 2, mid + 1, 1}}));
    BOOST_TEST((listed_row(AxisTaps::forward(axis), tera - 1) ==
                Nonzeros{{tera - 1, tera - 2, 0, 1}, {tera - 1, tera - 1, 1, 1}}));
}

BOOST_AUTO_TEST_CASE(long_axes_keep_few_rows_under_every_boundary_stride_and_dilation) {
    for (const Boundary boundary : all_boundaries)
        for (Index k = 1; k <= 5; ++k)
            for (Index s = 1; s <= 3; ++s)
                for (Index d = 1; d <= 3; ++d) {
                    const Axis axis = huge(boundary, k, s, d, {5, 7});
                    const auto forward = AxisTaps::forward(axis);
                    const auto transposed = AxisTaps::transposed(axis);
                    const auto kernel_unknown = AxisTaps::kernel_unknown(axis);
                    BOOST_TEST_CONTEXT(describe(axis)) {
                        BOOST_TEST(forward.rows() == axis.output);
                        BOOST_TEST(transposed.rows() == tera);
                        BOOST_TEST(transposed.entries() == forward.entries());
                        BOOST_TEST(kept_rows(forward) <= 5 + 7 + 1);
                        BOOST_TEST(kept_rows(kernel_unknown) <= 5 + 7 + 1);
                        BOOST_TEST(kept_rows(transposed) <= 2 * (5 + 7 + axis.effective_kernel() + s));
                    }
                }
}

BOOST_AUTO_TEST_CASE(a_wide_kernel_on_a_long_axis_is_still_listed_once) {
    const Axis axis = huge(Boundary::zero, 100'000, 1, 1, {0, 0});
    BOOST_TEST(AxisTaps::forward(axis).entries() == (tera - 99'999) * 100'000);
    BOOST_TEST(AxisTaps::transposed(axis).entries() == (tera - 99'999) * 100'000);
    BOOST_TEST(kept_rows(AxisTaps::forward(axis)) == 1);
}

BOOST_AUTO_TEST_CASE(a_long_panorama_wraps_around) {
    const Axis axis = huge(Boundary::periodic, 3, 1, 1, {1, 1});
    BOOST_TEST((listed_row(AxisTaps::forward(axis), 0) == Nonzeros{{0, 0, 1, 1}, {0, 1, 2, 1}, {0, tera - 1, 0, 1}}));
    BOOST_TEST(
        (listed_row(AxisTaps::transposed(axis), 0) == Nonzeros{{0, 0, 1, 1}, {0, 1, 0, 1}, {0, tera - 1, 2, 1}}));
    BOOST_TEST(AxisTaps::forward(axis).entries() == 3 * tera);
}

BOOST_AUTO_TEST_CASE(a_table_that_cannot_be_kept_is_refused_before_it_is_built) {
    constexpr Index exa = 1'000'000'000'000'000'000;
    for (const Boundary boundary : all_boundaries) {
        const Axis axis = {.input = 5, .kernel = 3, .output = exa + 3, .padding = {exa, 0}, .boundary = boundary};
        throws_saying<SizeError>([&] { AxisTaps::forward(axis); }, "tap table");
        throws_saying<SizeError>([&] { AxisTaps::kernel_unknown(axis); }, "tap table");
    }
}

BOOST_AUTO_TEST_CASE(the_transpose_of_a_far_padded_zero_axis_has_only_the_rows_of_its_input) {
    constexpr Index far = 1'000'000'000'000'000'000;
    const Axis axis = {.input = 5, .kernel = 3, .output = far + 3, .padding = {far, 0}};
    const auto taps = AxisTaps::transposed(axis);
    BOOST_TEST(taps.rows() == 5);
    BOOST_TEST(taps.entries() == 12); // the last two inputs have fewer windows after them
    BOOST_TEST((listed_row(taps, 0) == Nonzeros{{0, far - 2, 2, 1}, {0, far - 1, 1, 1}, {0, far, 0, 1}}));
    BOOST_TEST((listed_row(taps, 4) == Nonzeros{{4, far + 2, 2, 1}}));
}

BOOST_AUTO_TEST_CASE(more_nonzeros_than_64_bits_count_are_refused) {
    // Every row of 2^53 rows has 2^11 entries, 2^64 in all.
    constexpr Index kernel = Index{1} << 11;
    constexpr Index rows = Index{1} << 53;
    const Axis axis = {.input = rows + kernel - 1, .kernel = kernel, .output = rows, .padding = {}};
    throws_saying<SizeError>([&] { AxisTaps::forward(axis); }, "nonzeros of an axis");
    throws_saying<SizeError>([&] { AxisTaps::transposed(axis); }, "nonzeros of an axis");
    throws_saying<SizeError>([&] { AxisTaps::kernel_unknown(axis); }, "nonzeros of an axis");
}

} // namespace axis_taps_test
