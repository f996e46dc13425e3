#include <convmat/identities/catalogue.hpp>

#include <iostream>
#include <map>
#include <set>

#include <boost/test/unit_test.hpp>

#include <convmat/base/random.hpp>
#include <convmat/identities/random_case.hpp>

#include "support/random_layer.hpp"

using namespace convmat;

namespace {

constexpr std::uint64_t layers_a_rank = 60;

// The same layer in another scalar; complex weights get an imaginary part.
template <class S>
IdentityCase<S> as(const IdentityCase<std::int64_t>& c) {
    const auto cast = [](const Tensor<std::int64_t>& integers, std::uint64_t seed) {
        const auto others = random_integers(integers.shape(), seed);
        Tensor<S> values(integers.shape());
        for (Index i = 0; i < values.size(); ++i) {
            if constexpr (Eigen::NumTraits<S>::IsComplex)
                values[i] = S(static_cast<double>(integers[i]) / 8, static_cast<double>(others[i]) / 4);
            else
                values[i] = static_cast<S>(integers[i]) / 7;
        }
        return values;
    };
    return {c.geometry, cast(c.kernel, 1), cast(c.x, 2), cast(c.y, 3), c.seed};
}

struct Tally {
    int held = 0;
    int did_not_apply = 0;
    int mistakes_made = 0;
    int mistakes_found = 0;
};

// Every identity on every case of the suite; made once for all tests that read it.
const std::map<std::string, Tally>& tallies() {
    static const auto all = [] {
        std::map<std::string, Tally> result;
        const auto record = [&](const AnyCase& layer, const ConvGeometry& geometry) {
            for (const Identity& identity : catalogue()) {
                BOOST_TEST_INFO(identity.id);
                Tally& tally = result[identity.id];
                Outcome outcome;
                BOOST_REQUIRE_NO_THROW(outcome = check(identity, layer)); // whatever the layer
                BOOST_TEST((outcome.verdict != Verdict::fails),
                           identity.id << ": " << outcome.reason << ", residual " << outcome.residual << ", bound "
                                       << outcome.bound << " on " << test::describe(geometry));
                if (outcome.verdict == Verdict::does_not_apply) {
                    BOOST_TEST(!outcome.reason.empty());
                    ++tally.did_not_apply;
                    continue;
                }
                ++tally.held;
                ++tally.mistakes_made;
                if (check(identity, layer, Variant::mistaken).verdict == Verdict::fails) ++tally.mistakes_found;
            }
        };
        for (Index rank = 1; rank <= 4; ++rank)
            for (std::uint64_t seed = 1; seed <= layers_a_rank; ++seed) {
                const auto layer = random_case(rank, seed);
                BOOST_TEST_CONTEXT("rank " << rank << " seed " << seed) {
                    record(layer, layer.geometry);
                    if (seed % 3 == 0) record(as<double>(layer), layer.geometry);
                    if (seed % 3 == 1) record(as<std::complex<double>>(layer), layer.geometry);
                }
            }
        return result;
    }();
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(identities)

BOOST_AUTO_TEST_CASE(every_identity_holds_somewhere_and_fails_nowhere) {
    for (const auto& [id, tally] : tallies())
        BOOST_TEST(tally.held > 0, id << " never applied in " << tally.did_not_apply << " cases");
}

BOOST_AUTO_TEST_CASE(every_check_finds_its_mistake) {
    for (const Identity& identity : catalogue()) {
        const Tally& tally = tallies().at(identity.id);
        std::cout << identity.id << ": held " << tally.held << ", did not apply " << tally.did_not_apply
                  << ", mistake found " << tally.mistakes_found << " of " << tally.mistakes_made << " ("
                  << identity.mistake << ")\n";
        BOOST_TEST(tally.mistakes_found > 0, identity.id << ": never found that " << identity.mistake);
    }
}

BOOST_AUTO_TEST_CASE(ten_random_layers_of_each_rank_meet_every_condition) {
    std::set<std::string> met;
    for (Index rank = 1; rank <= 4; ++rank)
        for (std::uint64_t seed = 1; seed <= 10; ++seed)
            for (const Identity& identity : catalogue())
                if (why_not(identity, random_case(rank, seed)).empty()) met.insert(identity.id);
    for (const Identity& identity : catalogue()) BOOST_TEST(met.contains(identity.id), identity.id << " never applies");
}

BOOST_AUTO_TEST_CASE(every_belief_fails_on_its_witness) {
    for (const Identity& identity : catalogue()) {
        if (identity.kind != Kind::counter_identity) continue;
        BOOST_TEST_CONTEXT(identity.id) {
            const AnyCase witness = identity.witness();
            BOOST_TEST(why_not(identity, witness) == "");
            BOOST_TEST((check(identity, witness).verdict == Verdict::holds));
            const auto believed = std::get<Sides<std::int64_t>>(identity.belief(witness));
            BOOST_TEST((believed.left.rows() != believed.right.rows() ||
                        believed.left.cols() != believed.right.cols() ||
                        Eigen::MatrixX<std::int64_t>(believed.left) != Eigen::MatrixX<std::int64_t>(believed.right)));
        }
    }
}

BOOST_AUTO_TEST_CASE(entries_are_complete_and_ids_are_unique) {
    std::set<std::string> ids;
    for (const Identity& identity : catalogue()) {
        BOOST_TEST_CONTEXT(identity.id) {
            BOOST_TEST(ids.insert(identity.id).second);
            for (const std::string& text : {identity.name, identity.statement, identity.formula, identity.latex,
                                            identity.when, identity.source, identity.mistake})
                BOOST_TEST(!text.empty());
            BOOST_TEST((identity.kind == Kind::counter_identity) == static_cast<bool>(identity.witness));
            BOOST_TEST((identity.kind == Kind::counter_identity) == static_cast<bool>(identity.belief));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
