#include <boost/test/unit_test.hpp>

#include "command_line.hpp"
#include "error.hpp"

namespace command_line_test {

using namespace convmat::cli;

namespace {

// A command with two options that take a value and two flags.
struct Command {
    std::optional<std::string> kernel, padding;
    bool transposed = false;
    bool json = false;
    CommandLine line = {"info", "What a layer's matrix is", "  convmat info --kernel 1,2,1"};

    Command() {
        line.heading("The layer");
        line.text("--kernel", "KERNEL", kernel, "Its weights");
        line.text("--padding", "1|1x2|1:2x0:1", padding, "One value, or one an axis");
        line.flag("--transposed", transposed, "The transposed layer");
        line.heading("Options");
        line.flag("--json", json, "Print JSON");
    }
};

Command parsed(const Arguments& arguments) {
    Command command;
    BOOST_TEST(command.line.parse(arguments));
    return command;
}

std::string refusal(const Arguments& arguments) {
    Command command;
    try {
        BOOST_TEST(command.line.parse(arguments));
    } catch (const InputError& error) {
        return error.what();
    }
    return "none";
}

const std::string listed = ": expected an option that 'convmat info --help' lists";

} // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(a_value_comes_after_its_option_or_after_an_equals_sign) {
    BOOST_TEST(*parsed({"--kernel", "k.npy"}).kernel == "k.npy");
    BOOST_TEST(*parsed({"--kernel=k.npy"}).kernel == "k.npy");
    BOOST_TEST(*parsed({"--kernel=a=b"}).kernel == "a=b");
    BOOST_TEST(!parsed({}).kernel.has_value());
}

BOOST_AUTO_TEST_CASE(what_follows_an_option_is_its_value_whatever_it_looks_like) {
    for (const char* value : {"-1", "-1:2", "--", "--json", "-x", "-", "[1,2]", "++", " "}) {
        const Command command = parsed({"--padding", value, "--transposed"});
        BOOST_TEST(*command.padding == value);
        BOOST_TEST(command.transposed);
        BOOST_TEST(!command.json);
    }
    BOOST_TEST(*parsed({"--padding=-1"}).padding == "-1");
    BOOST_TEST(*parsed({"--padding=--json"}).padding == "--json");
}

BOOST_AUTO_TEST_CASE(an_empty_value_after_an_equals_sign_is_none) {
    BOOST_TEST(*parsed({"--padding=", "2"}).padding == "2");
    BOOST_TEST(refusal({"--padding="}) == "--padding: no value: expected a value after it");
}

BOOST_AUTO_TEST_CASE(an_option_without_a_value_or_with_two_is_refused) {
    BOOST_TEST(refusal({"--kernel"}) == "--kernel: no value: expected a value after it");
    BOOST_TEST(refusal({"--kernel", ""}) == "--kernel: no text: expected a value after it");
    BOOST_TEST(refusal({"--kernel", "1", "--kernel=1"}) == "--kernel: given more than once: expected it once");
    BOOST_TEST(refusal({"--kernel", "", "--kernel", ""}) == "--kernel: given more than once: expected it once");
}

BOOST_AUTO_TEST_CASE(a_flag_may_be_given_twice_or_with_a_truth) {
    for (const char* yes : {"--json", "--json=", "--json=true", "--json=T", "--json=yes", "--json=y", "--json=ON",
                            "--json=enable", "--json=1", "--json=+", "--json=+7", "--json=20000000000000000000"})
        BOOST_TEST(parsed({yes}).json, yes);
    for (const char* no : {"--json=false", "--json=F", "--json=no", "--json=n", "--json=off", "--json=disable",
                           "--json=0", "--json=-", "--json=-7", "--json=00", "--json=-20000000000000000000"})
        BOOST_TEST(!parsed({no}).json, no);
    BOOST_TEST(parsed({"--json", "--json"}).json);
    BOOST_TEST(!parsed({"--json", "--json=no"}).json);
    BOOST_TEST(refusal({"--json=maybe"}) == "--json: maybe: expected true or false");
    BOOST_TEST(refusal({"--json", "--json=x"}) == "--json: true,x: expected true or false");
}

BOOST_AUTO_TEST_CASE(a_flag_takes_no_word_after_it) {
    BOOST_TEST(refusal({"--json", "true"}) == "true: stands alone" + listed);
}

BOOST_AUTO_TEST_CASE(unknown_options_and_words_are_refused_the_first_of_them) {
    for (const char* unknown :
         {"--foo", "--foo=1", "-x", "-5", "---x", "--=1", "-", "--kernels", "--Kernel", "-kernel"})
        BOOST_TEST(refusal({unknown, "word"}) == unknown + (": unknown option" + listed));
    for (const char* word : {"word", "", "kernel", "/x", "++", "="})
        BOOST_TEST(refusal({word, "--foo"}) == word + (": stands alone" + listed));
}

BOOST_AUTO_TEST_CASE(two_dashes_alone_are_an_unknown_option_and_end_the_options) {
    BOOST_TEST(refusal({"--", "--kernel"}) == "--: unknown option" + listed);
    BOOST_TEST(refusal({"word", "--"}) == "word: stands alone" + listed);
}

BOOST_AUTO_TEST_CASE(of_several_mistakes_a_missing_value_is_named_first_then_options_as_listed_then_words) {
    BOOST_TEST(refusal({"word", "--padding", "", "--kernel"}) == "--kernel: no value: expected a value after it");
    BOOST_TEST(refusal({"word", "--json=x", "--padding", ""}) == "--padding: no text: expected a value after it");
    BOOST_TEST(refusal({"word", "--help=1"}) == "--help: with a value: expected --help alone");
}

BOOST_AUTO_TEST_CASE(help_takes_no_value) {
    for (const char* help : {"--help=1", "--help=", "-hx", "-h=1"})
        BOOST_TEST(refusal({help}) == "--help: with a value: expected --help alone");
}

BOOST_AUTO_TEST_CASE(the_help_is_made_of_the_table_of_options) {
    BOOST_TEST(Command().line.help() == "What a layer's matrix is\n"
                                        "Usage: convmat info [OPTIONS]\n"
                                        "\n"
                                        "Options:\n"
                                        "  -h,--help                       Print this help and exit\n"
                                        "  --json                          Print JSON\n"
                                        "\n"
                                        "\n"
                                        "The layer:\n"
                                        "  --kernel KERNEL                 Its weights\n"
                                        "  --padding 1|1x2|1:2x0:1         One value, or one an axis\n"
                                        "  --transposed                    The transposed layer\n"
                                        "\n"
                                        "Example:\n"
                                        "  convmat info --kernel 1,2,1\n"
                                        "\n"
                                        "Exit codes: 0 done; 1 a check failed; 2 bad input or usage, with one line on "
                                        "standard error that names\n"
                                        "the option or file, the value and what was expected, and no output file "
                                        "touched.\n");
}

BOOST_AUTO_TEST_CASE(long_meanings_are_broken_at_spaces_and_long_options_have_a_line_of_their_own) {
    CommandLine line("info", "Summary", "  example");
    std::optional<std::string> value;
    line.text("--rather-long-option", "WITH-A-LONG-KIND", value, std::string(70, 'a') + " " + std::string(9, 'b'));
    const std::string indent(34, ' ');
    BOOST_TEST(line.help().find("  --rather-long-option WITH-A-LONG-KIND\n" + indent + std::string(70, 'a') + "\n" +
                                indent + std::string(9, 'b') + "\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace command_line_test
