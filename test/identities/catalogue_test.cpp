#include <convmat/identities/catalogue.hpp>

#include <iostream>
#include <map>
#include <set>

#include <boost/test/unit_test.hpp>

#include <convmat/identities/random_case.hpp>

#include "support/random_layer.hpp"

namespace catalogue_test {

using namespace convmat;
using namespace convmat::identities;

namespace {

constexpr int layers_a_rank = 60;

// The same layer in another scalar and scale; complex numbers get an imaginary part v^2 mod 7, which keeps zeros and
// symmetries.
template <class S>
IdentityCase<S> as(const IdentityCase<std::int64_t>& c, double scale) {
    const auto cast = [&](const Tensor<std::int64_t>& integers) {
        Tensor<S> values(integers.shape());
        for (Index i = 0; i < values.size(); ++i) {
            const double real = static_cast<double>(integers[i]) * scale / 7;
            if constexpr (Eigen::NumTraits<S>::IsComplex)
                values[i] = S(real, static_cast<double>(integers[i] * integers[i] % 7) * scale / 3);
            else
                values[i] = real;
        }
        return values;
    };
    return {c.geometry, cast(c.kernel), cast(c.x), cast(c.y), c.seed};
}

struct Tally {
    int held = 0;
    int did_not_apply = 0;
    int mistakes_found = 0;
};

using Tallies = std::map<std::string, Tally>; // by id

void check_all(const AnyCase& layer, const ConvGeometry& geometry, Tallies& tallies) {
    for (const Identity& identity : catalogue()) {
        BOOST_TEST_INFO(identity.id);
        Tally& tally = tallies[identity.id];
        Outcome outcome;
        BOOST_REQUIRE_NO_THROW(outcome = check(identity, layer)); // whatever the layer
        BOOST_TEST((outcome.verdict == Verdict::holds || outcome.verdict == Verdict::does_not_apply),
                   identity.id << " " << to_string(outcome.verdict) << ": " << outcome.reason << ", residual "
                               << outcome.residual << ", bound " << outcome.bound << " on "
                               << test::describe(geometry));
        if (outcome.verdict == Verdict::does_not_apply) {
            BOOST_TEST(!outcome.reason.empty());
            ++tally.did_not_apply;
            continue;
        }
        ++tally.held;
        if (check(identity, layer, Variant::mistaken).verdict == Verdict::fails) ++tally.mistakes_found;
    }
}

// Every identity on every case of the suite, by kind of number; made once for all tests that read it.
const std::map<std::string, Tallies>& suite() {
    static const auto all = [] {
        std::map<std::string, Tallies> result;
        for (Index rank = 1; rank <= 4; ++rank)
            for (int seed = 1; seed <= test::share(layers_a_rank); ++seed) {
                const auto layer = random_case(rank, static_cast<std::uint64_t>(seed));
                BOOST_TEST_CONTEXT("rank " << rank << " seed " << seed) {
                    check_all(layer, layer.geometry, result["int64"]);
                    if (seed % 3 == 0) check_all(as<double>(layer, 1), layer.geometry, result["double"]);
                    if (seed % 3 == 1) check_all(as<double>(layer, 1e-10), layer.geometry, result["small double"]);
                    if (seed % 3 == 2)
                        check_all(as<std::complex<double>>(layer, 1e6), layer.geometry, result["complex"]);
                }
            }
        return result;
    }();
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalogue_of_identities)

BOOST_AUTO_TEST_CASE(every_identity_holds_somewhere_and_fails_nowhere) {
    for (const auto& [id, tally] : suite().at("int64"))
        BOOST_TEST(tally.held > 0, id << " never applied to " << tally.did_not_apply << " cases");
}

BOOST_AUTO_TEST_CASE(every_check_finds_its_mistake_in_every_kind_of_number) {
    for (const auto& [kind, tallies] : suite())
        for (const Identity& identity : catalogue()) {
            const Tally& tally = tallies.at(identity.id);
            std::cout << identity.id << ", " << kind << ": mistake found " << tally.mistakes_found << " of "
                      << tally.held << " (" << identity.mistake << ")\n";
            const bool seldom = kind != "int64" && tally.held < 10; // some are of integers, some of few layers
            BOOST_TEST((seldom || tally.mistakes_found > 0),
                       identity.id << ": never found in " << kind << " that " << identity.mistake);
        }
}

BOOST_AUTO_TEST_CASE(ten_random_layers_of_each_rank_meet_every_condition) {
    for (const std::uint64_t start : {1U, 8U, 1000U, 123456U}) {
        std::set<std::string> met;
        for (Index rank = 1; rank <= 4; ++rank)
            for (std::uint64_t seed = start; seed < start + 10; ++seed)
                for (const Identity& identity : catalogue())
                    if (why_not(identity, random_case(rank, seed)).empty()) met.insert(identity.id);
        for (const Identity& identity : catalogue())
            BOOST_TEST(met.contains(identity.id), identity.id << " never applies from seed " << start << " on");
    }
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

} // namespace catalogue_test
