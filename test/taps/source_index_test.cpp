#include <convmat/taps/source_index.hpp>

#include <initializer_list>
#include <ostream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/base/checked.hpp>
#include <convmat/reference/extend.hpp>

namespace source_index_test {

namespace {

using namespace convmat;
using enum Boundary;

using Values = std::vector<Index>;

// The sources as a row of coefficients, one for each of the n inputs.
Values coefficients(Boundary boundary, Index n, Index q) {
    Values row(static_cast<std::size_t>(n));
    for (const Source& source : sources(boundary, n, q))
        row.at(static_cast<std::size_t>(source.position)) += source.coefficient;
    return row;
}

// x extended over [first, last], as numpy.pad would print it.
Values extended(Boundary boundary, const Values& x, Index first, Index last) {
    Values result;
    for (Index q = first; q <= last; ++q) {
        Index sum = 0;
        for (const Source& source : sources(boundary, static_cast<Index>(x.size()), q))
            sum += source.coefficient * x.at(static_cast<std::size_t>(source.position));
        result.push_back(sum);
    }
    return result;
}

// The same in letters, a for x[0] and so on; a dot where nothing is read, ? where it is not one value read once.
std::string letters(Boundary boundary, Index n, Index first, Index last) {
    std::string text;
    for (Index q = first; q <= last; ++q) {
        const Sources from = sources(boundary, n, q);
        if (from.begin() == from.end())
            text += '.';
        else if (from.end() - from.begin() == 1 && from.begin()->coefficient == 1)
            text += static_cast<char>('a' + from.begin()->position);
        else
            text += '?';
    }
    return text;
}

bool listed(const Sources& sum, std::initializer_list<Source> expected) {
    return std::equal(sum.begin(), sum.end(), expected.begin(), expected.end(), [](const Source& a, const Source& b) {
        return a.position == b.position && a.coefficient == b.coefficient;
    });
}

Sources sum_of(std::initializer_list<Source> summands) {
    Sources sum;
    for (const Source& one : summands) sum.add(one.position, one.coefficient);
    return sum;
}

} // namespace

BOOST_AUTO_TEST_CASE(summands_are_kept_in_ascending_order) {
    BOOST_TEST(listed(Sources{}, {}));
    BOOST_TEST(listed(sum_of({{7, 1}, {2, -1}, {5, 2}}), {{2, -1}, {5, 2}, {7, 1}}));
    BOOST_TEST(listed(sum_of({{1, 1}, {2, 2}, {3, 3}, {4, 4}}), {{1, 1}, {2, 2}, {3, 3}, {4, 4}}));
}

BOOST_AUTO_TEST_CASE(summands_at_one_position_become_one_and_none_when_they_cancel) {
    BOOST_TEST(listed(sum_of({{3, 2}, {3, 5}}), {{3, 7}}));
    BOOST_TEST(listed(sum_of({{3, 2}, {4, 1}, {3, -2}}), {{4, 1}}));
    BOOST_TEST(listed(sum_of({{3, 2}, {1, 1}, {4, 1}, {3, -2}, {3, 6}}), {{1, 1}, {3, 6}, {4, 1}}));
    BOOST_TEST(listed(sum_of({{3, 0}}), {}));
    BOOST_TEST(listed(sum_of({{3, 2}, {3, 0}}), {{3, 2}}));
}

BOOST_AUTO_TEST_CASE(four_letters_are_extended_as_the_table_of_boundaries_says) {
    // From -9 to 12: more than two cycles to either side.
    BOOST_TEST(letters(zero, 4, -9, 12) == "........."
                                           "abcd"
                                           ".........");
    BOOST_TEST(letters(periodic, 4, -9, 12) == "dabcdabcd"
                                               "abcd"
                                               "abcdabcda");
    BOOST_TEST(letters(half_symmetric, 4, -9, 12) == "aabcddcba"
                                                     "abcd"
                                                     "dcbaabcdd");
    BOOST_TEST(letters(whole_symmetric, 4, -9, 12) == "dcbabcdcb"
                                                      "abcd"
                                                      "cbabcdcba");
    BOOST_TEST(letters(replicate, 4, -9, 12) == "aaaaaaaaa"
                                                "abcd"
                                                "ddddddddd");
    BOOST_TEST(letters(antireflective, 4, -1, 4) == "?abcd?");
}

BOOST_AUTO_TEST_CASE(two_letters_and_one_are_extended_by_the_same_rules) {
    BOOST_TEST(letters(zero, 2, -5, 6) == "....."
                                          "ab"
                                          ".....");
    BOOST_TEST(letters(periodic, 2, -5, 6) == "babab"
                                              "ab"
                                              "ababa");
    BOOST_TEST(letters(half_symmetric, 2, -5, 6) == "aabba"
                                                    "ab"
                                                    "baabb");
    BOOST_TEST(letters(whole_symmetric, 2, -5, 6) == "babab"
                                                     "ab"
                                                     "ababa");
    BOOST_TEST(letters(replicate, 2, -5, 6) == "aaaaa"
                                               "ab"
                                               "bbbbb");

    BOOST_TEST(letters(zero, 1, -3, 3) == "..."
                                          "a"
                                          "...");
    for (const Boundary boundary : {periodic, half_symmetric, whole_symmetric, replicate, antireflective})
        BOOST_TEST(letters(boundary, 1, -3, 3) == "aaaaaaa");
}

BOOST_AUTO_TEST_CASE(odd_reflection_turns_about_the_edge_values_and_goes_on) {
    // numpy.pad([1 2 4 8], 3, "reflect", reflect_type="odd") = -6 -2 0 | 1 2 4 8 | 12 14 15; then x(q + 6) = x(q) + 14.
    BOOST_TEST((extended(antireflective, {1, 2, 4, 8}, -9, 12) ==
                Values{-20, -16, -14, -13, -12, -10, -6, -2, 0, 1, 2, 4, 8, 12, 14, 15, 16, 18, 22, 26, 28, 29}));
    BOOST_TEST((extended(antireflective, {3, 7}, -4, 5) == Values{-13, -9, -5, -1, 3, 7, 11, 15, 19, 23}));
}

BOOST_AUTO_TEST_CASE(odd_reflection_lists_two_or_three_sources) {
    BOOST_TEST(listed(sources(antireflective, 4, -1), {{0, 2}, {1, -1}}));
    BOOST_TEST(listed(sources(antireflective, 4, -3), {{0, 2}, {3, -1}}));
    BOOST_TEST(listed(sources(antireflective, 4, -4), {{0, 2}, {2, 1}, {3, -2}}));
    BOOST_TEST(listed(sources(antireflective, 4, -7), {{0, 4}, {1, -1}, {3, -2}}));
    BOOST_TEST(listed(sources(antireflective, 4, 4), {{2, -1}, {3, 2}})); // 2 x[0] has cancelled
    BOOST_TEST(listed(sources(antireflective, 4, 6), {{0, -1}, {3, 2}}));
    BOOST_TEST(listed(sources(antireflective, 4, 9), {{0, -2}, {3, 3}}));
}

BOOST_AUTO_TEST_CASE(closed_forms_equal_the_line_extended_one_position_at_a_time) {
    constexpr Index reach = 30;
    for (const Boundary boundary : all_boundaries)
        for (Index n = 1; n <= 6; ++n)
            for (Index i = 0; i < n; ++i) {
                reference::ExtendedLine<std::int64_t> line(n, reach);
                line[i] = 1;
                line.extend(boundary);
                for (Index q = -reach; q < n + reach; ++q)
                    BOOST_TEST(coefficients(boundary, n, q)[static_cast<std::size_t>(i)] == line[q],
                               to_string(boundary) << " n=" << n << " q=" << q << " i=" << i);
            }
}

BOOST_AUTO_TEST_CASE(positions_ascend_lie_in_the_input_and_have_a_coefficient) {
    for (const Boundary boundary : all_boundaries)
        for (Index n = 1; n <= 6; ++n)
            for (Index q = -30; q <= 30; ++q) {
                Index least = 0;
                for (const Source& source : sources(boundary, n, q)) {
                    BOOST_TEST(source.position >= least);
                    BOOST_TEST(source.position < n);
                    BOOST_TEST(source.coefficient != 0);
                    least = source.position + 1;
                }
            }
}

BOOST_AUTO_TEST_CASE(positions_far_away_cost_no_more_than_near_ones) {
    constexpr Index far = 1'000'000'000'000'000;
    BOOST_TEST(listed(sources(zero, 7, far), {}));
    BOOST_TEST(listed(sources(zero, 7, -far), {}));
    BOOST_TEST(listed(sources(periodic, 7, 7 * far + 3), {{3, 1}}));
    BOOST_TEST(listed(sources(periodic, 7, -7 * far - 1), {{6, 1}}));
    BOOST_TEST(listed(sources(half_symmetric, 7, 14 * far + 8), {{5, 1}}));
    BOOST_TEST(listed(sources(half_symmetric, 7, -14 * far - 1), {{0, 1}}));
    BOOST_TEST(listed(sources(whole_symmetric, 7, 12 * far + 8), {{4, 1}}));
    BOOST_TEST(listed(sources(whole_symmetric, 7, -12 * far - 1), {{1, 1}}));
    BOOST_TEST(listed(sources(replicate, 7, far), {{6, 1}}));
    BOOST_TEST(listed(sources(replicate, 7, -far), {{0, 1}}));
    BOOST_TEST(listed(sources(antireflective, 7, 12 * far + 2), {{0, -2 * far}, {2, 1}, {6, 2 * far}}));
    BOOST_TEST(listed(sources(antireflective, 7, -12 * far - 2), {{0, 2 * far + 2}, {2, -1}, {6, -2 * far}}));
}

BOOST_AUTO_TEST_CASE(constants_are_continued_by_every_boundary_but_zero) {
    for (const Boundary boundary : {periodic, half_symmetric, whole_symmetric, replicate, antireflective})
        for (Index n = 1; n <= 6; ++n)
            BOOST_TEST((extended(boundary, Values(static_cast<std::size_t>(n), 5), -20, 25) == Values(46, 5)));
}

BOOST_AUTO_TEST_CASE(odd_reflection_continues_a_straight_line) {
    for (Index n = 2; n <= 6; ++n) {
        Values line;
        Values longer;
        for (Index i = 0; i < n; ++i) line.push_back(7 - 3 * i);
        for (Index q = -20; q <= 25; ++q) longer.push_back(7 - 3 * q);
        BOOST_TEST((extended(antireflective, line, -20, 25) == longer));
    }
}

} // namespace source_index_test
