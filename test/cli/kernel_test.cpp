#include <limits>
#include <numbers>
#include <numeric>

#include <boost/test/unit_test.hpp>

#include "error.hpp"
#include "kernel.hpp"
#include "named_kernels.hpp"
#include "support/throws_saying.hpp"

namespace kernel_test {

using namespace convmat;
using namespace convmat::cli;

namespace {

using Integers = Tensor<std::int64_t>;
using Reals = Tensor<double>;

} // namespace

BOOST_AUTO_TEST_SUITE(kernels)

BOOST_AUTO_TEST_CASE(a_literal_of_integers_is_exact_and_others_are_real) {
    BOOST_TEST((std::get<Integers>(read_kernel("0,1;2,-3").values) == Integers({2, 2}, {0, 1, 2, -3})));
    BOOST_TEST((std::get<Integers>(read_kernel("1,2,1").values) == Integers({3}, {1, 2, 1})));
    BOOST_TEST((std::get<Reals>(read_kernel("1,0.5").values) == Reals({2}, {1, 0.5})));
}

BOOST_AUTO_TEST_CASE(n11_blanks_and_lists_are_taken_as_they_are_meant) {
    const auto integers = [](const char* text) { return std::get<Integers>(read_kernel(text).values); };
    const Integers square({2, 2}, {0, 1, 2, 3});
    for (const char* text :
         {"0, 1; 2, 3", " 0,1 ;2 ,3 ", "[[0,1],[2,3]]", "[ [0, 1], [2, 3] ]", "[0 1; 2 3]", "0 1;2  3", "[0,1;2,3]"})
        BOOST_TEST((integers(text) == square), text);
    BOOST_TEST((integers("[[1,2,1]]") == Integers({1, 3}, {1, 2, 1})));
    BOOST_TEST((integers("[1,2,1]") == Integers({3}, {1, 2, 1})));
    BOOST_TEST((integers("[[[1],[2]]]") == Integers({1, 2, 1}, {1, 2})));
    BOOST_TEST((std::get<Reals>(read_kernel("[[0.5], [1e0]]").values) == Reals({2, 1}, {0.5, 1})));
}

BOOST_AUTO_TEST_CASE(n11_lists_that_are_no_array_are_refused) {
    for (const char* text :
         {"[[0,1],[2]]", "[0,[1]]", "[[0],1]", "[[0,1]", "[0,1]]", "[0,,1]", "[0,]", "[,0]", "[[],[0]]", "[0][1]",
          "[[0,1],[2,3]];1", "1 2,3", "[1[2]]", "[nan]", "[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]"})
        test::throws_saying<InputError>([&] { read_kernel(text); }, "--kernel: ");
}

BOOST_AUTO_TEST_CASE(u2_one_extent_stands_for_the_axes_of_the_input) {
    BOOST_TEST((std::get<Reals>(read_kernel("box:2", 1).values) == Reals({2}, {.5, .5})));
    BOOST_TEST((std::get<Integers>(read_kernel("delta:1", 3).values) == Integers({1, 1, 1}, {1})));
    BOOST_TEST((std::get<Reals>(read_kernel("box:1x2", 1).values).shape() == Shape{1, 2}));
    test::throws_saying<InputError>([] { read_kernel("sobel-x", 1); },
                                    "--kernel: sobel-x: expected a kernel of one axis, as the input has");
}

BOOST_AUTO_TEST_CASE(w6_the_numbers_of_a_kernel_are_finite_and_in_range) {
    for (const char* text : {"motion:9:1e308", "motion:9:-361", "motion:9:1e400", "motion:9:nan", "motion:1e308:0",
                             "gaussian:5:1e400", "gaussian:5:inf", "box:1000000x1000000", "box:1e3", "delta:-1",
                             "1e400", "1,inf", "9223372036854775808", "gaussian:99999999999999999999:1"})
        test::throws_saying<InputError>([&] { read_kernel(text); }, "--kernel: ");
    for (const char* text :
         {"motion:9:360", "motion:4096:-360", "gaussian:5:1e-320", "gaussian:5:1e308", "motion:1:0"}) {
        const auto kernel = std::get<Reals>(read_kernel(text).values);
        double sum = 0;
        for (const double value : kernel.values()) sum += value;
        BOOST_TEST(std::abs(sum - 1) < 1e-12, text);
    }
}

BOOST_AUTO_TEST_CASE(n14_a_near_kernel_is_named) {
    test::throws_saying<InputError>([] { read_kernel("gauss:5"); }, "delta:3; did you mean gaussian?");
    test::throws_saying<InputError>([] { read_kernel("laplace"); }, "delta:3; did you mean laplacian?");
}

BOOST_AUTO_TEST_CASE(named_kernels_have_the_values_their_names_promise) {
    BOOST_TEST((std::get<Reals>(read_kernel("box:2").values) == Reals({2, 2}, {.25, .25, .25, .25})));
    BOOST_TEST((std::get<Reals>(read_kernel("binomial:1x3").values) == Reals({1, 3}, {.25, .5, .25})));
    BOOST_TEST((std::get<Reals>(read_kernel("bilinear:1x4").values).values()[1] == 0.75));
    BOOST_TEST((std::get<Integers>(read_kernel("delta:2x3").values) == Integers({2, 3}, {0, 1, 0, 0, 0, 0})));
    BOOST_TEST((std::get<Integers>(read_kernel("sobel-x").values) == Integers({3, 3}, {-1, 0, 1, -2, 0, 2, -1, 0, 1})));
    BOOST_TEST((std::get<Integers>(read_kernel("laplacian").values) == Integers({3, 3}, {0, 1, 0, 1, -4, 1, 0, 1, 0})));
}

BOOST_AUTO_TEST_CASE(a_horizontal_motion_is_one_row_and_a_slanted_one_goes_up_to_the_right) {
    const Reals level = motion(3, 0);
    BOOST_TEST((level.shape() == Shape{1, 3}));
    BOOST_TEST(level[0] == level[2]);
    const Reals slanted = motion(9, std::numbers::pi / 4);
    BOOST_TEST((slanted.shape() == Shape{7, 7}));
    BOOST_TEST(slanted[6] > 0);  // the upper right corner
    BOOST_TEST(slanted[0] == 0); // the upper left one
    const double sum = std::accumulate(slanted.values().begin(), slanted.values().end(), 0.0);
    BOOST_TEST(std::abs(sum - 1) < 1e-14);
}

BOOST_AUTO_TEST_CASE(a_gaussian_is_symmetric_and_sums_to_one) {
    const auto profile = gaussian_profile(5, 1.2);
    BOOST_TEST(profile[0] == profile[4]);
    BOOST_TEST(profile[2] > profile[1]);
    BOOST_TEST(std::abs(std::accumulate(profile.begin(), profile.end(), 0.0) - 1) < 1e-15);
}

BOOST_AUTO_TEST_CASE(a_gaussian_of_any_sigma_lies_between_its_middle_and_a_box) {
    for (const double narrow : {0.0129, 1e-200, std::numeric_limits<double>::denorm_min()}) {
        BOOST_TEST((gaussian_profile(3, narrow) == std::vector<double>{0, 1, 0}));
        BOOST_TEST((gaussian_profile(4, narrow) == std::vector<double>{0, 0.5, 0.5, 0}));
        BOOST_TEST((gaussian_profile(1, narrow) == std::vector<double>{1}));
    }
    BOOST_TEST((gaussian_profile(4, std::numeric_limits<double>::max()) == std::vector<double>(4, 0.25)));
}

BOOST_AUTO_TEST_CASE(what_is_no_kernel_is_refused_with_its_text) {
    for (const char* text : {"foo", "box", "box:3:4", "box:0", "box:x", "gaussian:5:0", "gaussian:5:-1", "1,2;3",
                             "1,,2", "motion:0:45", "1;", "--1", "laplacian:3", "box:99999"})
        test::throws_saying<InputError>([&] { read_kernel(text); }, concat("--kernel: "));
    for (const char* text : {"box:4096x4096x4096", "delta:4096x4096x4096", "box:4096x4096x4096x4096x4096x4096"})
        test::throws_saying<InputError>([&] { read_kernel(text); },
                                        concat("--kernel: ", text, ": expected fewer values"));
    test::throws_saying<InputError>([] { read_kernel("1,2;3"); }, "--kernel: 1,2;3: expected rows of the same length");
    test::throws_saying<InputError>([] { read_kernel(""); }, "--kernel: no text: expected a .npy file");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace kernel_test
