#include <convmat/identities/random_case.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "support/random_layer.hpp"

namespace random_case_test {

using namespace convmat;
using identities::random_case;

BOOST_AUTO_TEST_SUITE(random_cases)

BOOST_AUTO_TEST_CASE(arrays_fit_their_layer) {
    for (Index rank = 1; rank <= 4; ++rank)
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            const auto layer = random_case(rank, seed);
            BOOST_TEST_CONTEXT("seed " << seed << ": " << test::describe(layer.geometry)) {
                BOOST_TEST(layer.geometry.rank() == rank);
                BOOST_TEST((layer.kernel.shape() == layer.geometry.kernel_shape()));
                BOOST_TEST((layer.x.shape() == layer.geometry.input_shape()));
                BOOST_TEST((layer.y.shape() == layer.geometry.output_shape()));
            }
        }
}

BOOST_AUTO_TEST_CASE(rank_and_seed_decide_the_case) {
    const auto first = random_case(2, 7), again = random_case(2, 7);
    BOOST_TEST((first.geometry == again.geometry && first.kernel == again.kernel));
    BOOST_TEST((first.x == again.x && first.y == again.y));
}

BOOST_AUTO_TEST_CASE(forty_seeds_in_a_row_meet_every_boundary_strides_groups_and_dilations) {
    std::set<Boundary> boundaries;
    bool strides = false, groups = false, dilations = false;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const ConvGeometry geometry = random_case(2, seed).geometry;
        groups = groups || geometry.groups() > 1;
        for (const Axis& axis : geometry.axes()) {
            boundaries.insert(axis.boundary);
            strides = strides || axis.stride > 1;
            dilations = dilations || axis.dilation > 1;
        }
    }
    BOOST_TEST(boundaries.size() == all_boundaries.size());
    BOOST_TEST((strides && groups && dilations));
}

BOOST_AUTO_TEST_CASE(ranks_below_one_and_above_four_are_refused) {
    for (const Index rank : {0, 5})
        BOOST_CHECK_EXCEPTION(random_case(rank, 1), std::invalid_argument, [&](const std::invalid_argument& e) {
            return std::string(e.what()) == concat("random_case: rank ", rank, ", expected 1 to 4");
        });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace random_case_test
