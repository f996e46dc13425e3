#include <convmat/solve/options.hpp>

#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

namespace options_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(solve_options)

BOOST_AUTO_TEST_CASE(every_method_has_the_name_of_its_enumerator) {
    using enum SolveMethod;
    BOOST_TEST(to_string(automatic) == "auto");
    BOOST_TEST(to_string(fft) == "fft");
    BOOST_TEST(to_string(dct) == "dct");
    BOOST_TEST(to_string(kronecker) == "kronecker");
    BOOST_TEST(to_string(triangular) == "triangular");
    BOOST_TEST(to_string(cholmod) == "cholmod");
    BOOST_TEST(to_string(spqr) == "spqr");
    BOOST_TEST(to_string(umfpack) == "umfpack");
    BOOST_TEST(to_string(klu) == "klu");
    BOOST_TEST(to_string(lsqr) == "lsqr");
    BOOST_TEST(to_string(lsmr) == "lsmr");
    BOOST_TEST(to_string(cg) == "cg");
}

BOOST_AUTO_TEST_CASE(penalties_and_preconditioners_have_names) {
    BOOST_TEST(to_string(Penalty::none) == "none");
    BOOST_TEST(to_string(Penalty::identity) == "identity");
    BOOST_TEST(to_string(Penalty::gradient) == "gradient");
    BOOST_TEST(to_string(Penalty::laplacian) == "laplacian");
    BOOST_TEST(to_string(Preconditioner::automatic) == "auto");
    BOOST_TEST(to_string(Preconditioner::none) == "none");
    BOOST_TEST(to_string(Preconditioner::diagonal) == "diagonal");
    BOOST_TEST(to_string(Preconditioner::circulant) == "circulant");
}

BOOST_AUTO_TEST_CASE(by_default_the_best_method_solves_without_a_penalty) {
    const LeastSquaresOptions options;
    BOOST_TEST((options.form == Form::matrix));
    BOOST_TEST(options.lambda == 0);
    BOOST_TEST((options.penalty == Penalty::identity));
    BOOST_TEST((options.method == SolveMethod::automatic));
    BOOST_TEST((options.solution == Solution::any));
    BOOST_TEST((options.preconditioner == Preconditioner::automatic));
    BOOST_TEST(options.tolerance == 1e-8);
    BOOST_TEST(options.most_steps == 5000);
    BOOST_TEST(!options.rank_tolerance.has_value());
    BOOST_TEST(!options.most_memory.has_value());
    BOOST_TEST(!options.most_seconds.has_value());
    BOOST_TEST(!options.progress);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace options_test
