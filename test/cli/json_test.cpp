#include <limits>

#include <boost/test/unit_test.hpp>

#include "json.hpp"

namespace json_test {

using convmat::cli::Json;

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(members_stay_in_order_and_each_stands_on_a_line_of_its_own) {
    Json layer = {{"rows", 4}, {"even", true}, {"input", std::vector<std::ptrdiff_t>{3, 64}}, {"none", nullptr}};
    layer["axes"] = Json::array();
    layer["axes"].push_back({{"kernel", 3}});
    layer["rows"] = 5;
    layer["files"] = Json::array();
    BOOST_TEST(layer.text() == "{\n"
                               "  \"rows\": 5,\n"
                               "  \"even\": true,\n"
                               "  \"input\": [\n"
                               "    3,\n"
                               "    64\n"
                               "  ],\n"
                               "  \"none\": null,\n"
                               "  \"axes\": [\n"
                               "    {\n"
                               "      \"kernel\": 3\n"
                               "    }\n"
                               "  ],\n"
                               "  \"files\": []\n"
                               "}\n");
}

BOOST_AUTO_TEST_CASE(numbers_read_back_as_they_were_and_those_that_are_not_finite_are_null) {
    BOOST_TEST(Json(0.1).text() == "0.1\n");
    BOOST_TEST(Json(1e-7).text() == "1e-07\n");
    BOOST_TEST(Json(100000.0).text() == "100000.0\n");
    BOOST_TEST(Json(std::numeric_limits<std::int64_t>::min()).text() == "-9223372036854775808\n");
    BOOST_TEST(Json(std::numeric_limits<double>::infinity()).text() == "null\n");
    BOOST_TEST(Json(std::numeric_limits<double>::quiet_NaN()).text() == "null\n");
}

BOOST_AUTO_TEST_CASE(text_is_escaped_down_to_ascii_and_what_is_no_utf_8_is_replaced) {
    BOOST_TEST(Json("a\"\\\n\x01").text() == "\"a\\\"\\\\\\n\\u0001\"\n");
    BOOST_TEST(Json("\xff.npy").text() == "\"\\ufffd.npy\"\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace json_test
