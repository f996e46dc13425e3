#include <boost/test/unit_test.hpp>

#include "command_line.hpp"
#include "error.hpp"
#include "help.hpp"
#include "layout.hpp"
#include "names.hpp"
#include "support/throws_saying.hpp"
#include "terminal.hpp"

namespace command_line_test {

using namespace convmat::cli;
namespace test = convmat::test;

namespace {

// A command with two options that take a value and two flags.
struct Command {
    std::optional<std::string> kernel, padding;
    bool transposed = false;
    bool json = false;
    CommandLine line = CommandLine({"info", "Line", "what a layer's matrix is", {"convmat info --kernel 1,2,1"}});

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
    for (const char* unknown : {"--foo", "--foo=1", "-x", "-5", "---x", "--=1", "-"})
        BOOST_TEST(refusal({unknown, "word"}) == unknown + (": unknown option" + listed));
    for (const char* word : {"word", "kernel", "/x", "++", "="})
        BOOST_TEST(refusal({word, "--foo"}) == word + (": stands alone" + listed));
    BOOST_TEST(refusal({""}) == "'': stands alone" + listed);
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

BOOST_AUTO_TEST_CASE(n14_a_near_option_is_named) {
    BOOST_TEST(refusal({"--kernels"}) == "--kernels: unknown option" + listed + "; did you mean --kernel?");
    BOOST_TEST(refusal({"--pading=2"}) == "--pading=2: unknown option" + listed + "; did you mean --padding?");
    BOOST_TEST(refusal({"--transpose"}) == "--transpose: unknown option" + listed + "; did you mean --transposed?");
    BOOST_TEST(refusal({"--foo"}) == "--foo: unknown option" + listed);
}

BOOST_AUTO_TEST_CASE(n14_a_dash_as_a_file_is_a_stream_that_one_option_reads_and_one_writes) {
    std::optional<std::string> x, kernel, out, plot, at;
    CommandLine line({"apply", "", "", {}});
    line.input("--x", "in.npy", x, "");
    line.input("--kernel", "KERNEL", kernel, "");
    line.output("--out", "y.npy", out, "");
    line.output("--plot", "FILE.svg", plot, "");
    line.text("--at", "POSITION", at, "");
    BOOST_TEST(line.parse({"--x", "-", "--out", "-", "--at", "-"}));
    BOOST_TEST(*x == "/dev/stdin");
    BOOST_TEST(*out == "/dev/stdout");
    BOOST_TEST(*at == "-");
    kernel = "-";
    test::throws_saying<InputError>([&] { (void)line.parse({}); },
                                    "--kernel: -: expected a file, for --x reads standard input");
    kernel.reset();
    plot = "/dev/stdout";
    test::throws_saying<InputError>([&] { (void)line.parse({}); }, "--plot: -: expected a file, for --out writes to -");
}

BOOST_AUTO_TEST_CASE(n8_the_help_is_made_of_the_table_of_options_the_example_first) {
    const Command command;
    BOOST_TEST(help_page(command.line.summary(), command.line.options(), 80) ==
               "convmat info: what a layer's matrix is\n"
               "\n"
               "Example:\n"
               "  convmat info --kernel 1,2,1\n"
               "\n"
               "Usage: convmat info [OPTIONS]\n"
               "\n"
               "Options:\n"
               "  -h, --help              Print this help and exit\n"
               "  --json                  Print JSON\n"
               "\n"
               "The layer ('convmat help layer' explains each):\n"
               "  --kernel KERNEL   --padding 1|1x2|1:2x0:1   --transposed\n"
               "\n"
               "Exit codes: 0 done; 1 a check failed or an iteration did not converge; 2 bad\n"
               "input or usage, with one line on standard error that names the option or file,\n"
               "the value and what was expected, and no output file touched.\n");
}

BOOST_AUTO_TEST_CASE(n8_help_is_broken_at_spaces_and_has_names_above_meanings_where_it_is_narrow) {
    std::optional<std::string> value;
    CommandLine line({"info", "", "a summary", {"convmat info --kernel box:3 --input 64x64 --padding same --json"}});
    line.text("--rather-long-option", "WITH-A-LONG-KIND", value, std::string(20, 'a') + " " + std::string(20, 'b'));
    const auto page = [&](std::size_t width) { return help_page(line.summary(), line.options(), width); };
    const std::string a(20, 'a'), b(20, 'b');
    BOOST_TEST(page(80).find("  --rather-long-option WITH-A-LONG-KIND\n" + std::string(26, ' ') + a + " " + b + "\n") !=
               std::string::npos);
    BOOST_TEST(page(40).find("  --rather-long-option WITH-A-LONG-KIND\n      " + a + "\n      " + b + "\n") !=
               std::string::npos);
    BOOST_TEST(
        page(40).find("  convmat info --kernel box:3 \\\n      --input 64x64 --padding same \\\n      --json\n") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(n8_lines_that_are_too_long_go_on_below_the_last_column_of_a_table) {
    BOOST_TEST(folded("  norm  one two three four\nshort\n\n", 16) ==
               "  norm  one two\n        three\n        four\nshort\n\n");
    BOOST_TEST(folded("one two three four five", 10) == "one two\n  three\n  four\n  five\n");
    BOOST_TEST(folded("  a±±±±±±±± b", 11) == "  a±±±±±±±±\n    b\n");
    BOOST_TEST(folded("  unbreakable-word", 8) == "  unbreakable-word\n");
    BOOST_TEST(folded("unbreakable-word and more", 8) == "unbreakable-word\n  and\n  more\n");
    BOOST_TEST(folded("", 8) == "");
}

BOOST_AUTO_TEST_CASE(n14_names_are_near_by_few_letters_for_their_length) {
    const std::vector<std::string> names = {"info", "build", "apply", "half_symmetric", "whole_symmetric", "zero"};
    BOOST_TEST(nearest("bulid", names) == "build");
    BOOST_TEST(nearest("aply", names) == "apply");
    BOOST_TEST(nearest("half-symmetric", names) == "half_symmetric");
    BOOST_TEST(nearest("ZERO", names) == "zero");
    BOOST_TEST(nearest("appl", names) == "apply");
    for (const char* far : {"", "x", "if", "spectrum", "xyzzy", "b", "zzz"}) BOOST_TEST(nearest(far, names) == "", far);
    BOOST_TEST(nearest(std::string(100000, 'a'), names) == "");
}

BOOST_AUTO_TEST_CASE(n8_what_the_program_prints_can_be_spelled_in_ascii) {
    BOOST_TEST(in_ascii("I ⊗ W, 1 ± 2, ω_t ‖W‖₂ K̂") == "I (x) W, 1 +- 2, w_t ||W||_2 K^");
    BOOST_TEST(in_ascii("日") == "日");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace command_line_test
