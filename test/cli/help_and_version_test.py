"""Tests of the convmat program, help, completion, manual and version: python3 help_and_version_test.py PROGRAM."""
import os
import re
import shutil
import subprocess

import cli_support
from cli_support import CliCase

COMMANDS = ("info", "build", "apply", "check", "spectrum", "solve", "spy", "demo")


class HelpAndVersion(CliCase):
    def page(self, *arguments, columns=80):
        done = self.start(*arguments, env={**os.environ, "COLUMNS": str(columns)})
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout.decode("ascii")

    def test_help_shows_an_example_first_and_the_exit_codes(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = self.run_ok(command, "--help")
                head, rest = text.split("\nExample:\n")
                self.assertLessEqual(len(head.splitlines()), 4)
                example = rest.split("\n\n")[0].replace(" \\\n     ", "").splitlines()
                self.assertTrue(example[0].startswith("  convmat " + command))
                for line in example:
                    self.assertRegex(line, r"^  (convmat|python3) ")
                self.assertIn("\nUsage: convmat " + command, rest)
                self.assertIn("Exit codes: 0 done; 1 a check failed or an iteration did not", text)
        self.assertIn("apply", self.run_ok("--help"))
        self.assertRegex(self.run_ok("--version"), r"\Aconvmat \d+\.\d+\.\d+\n\Z")

    def test_n8_help_fits_the_columns_there_are(self):
        for columns in (40, 60, 80, 100):
            for page in (["help"], ["help", "layer"], *([c, "--help"] for c in COMMANDS)):
                with self.subTest((columns, page)):
                    text = self.page(*page, columns=columns)
                    # What is typed is broken at options alone, and what a layer file holds not at all.
                    lines = [line for line in text.splitlines() if not re.match(r'^ +(python3|\{|"|--|convmat )', line)]
                    self.assertLessEqual(max(map(len, lines)), columns)
        self.assertLessEqual(max(map(len, self.page("help", columns=500).splitlines())), 100)
        on_a_terminal = self.on_a_terminal(60, "solve", "--help")
        self.assertTrue(40 < max(map(len, on_a_terminal.splitlines())) <= 60)
        self.assertEqual(self.page("info", "--help", columns="x"), self.page("info", "--help"))

    def test_n8_the_layer_is_explained_once_and_named_everywhere(self):
        self.assertIn("Channels x spatial extents of what the layer reads", self.run_ok("help", "layer"))
        for command in COMMANDS[:-1]:
            text = self.run_ok(command, "--help")
            self.assertNotIn("Channels x spatial extents", text)
            self.assertIn("--input 3x64x64   --kernel KERNEL", text)
        self.assertNotIn("--kernel", self.run_ok("demo", "--help"))

    def test_n14_help_of_a_command_and_version_by_any_name(self):
        self.assertEqual(self.run_ok("help"), self.run_ok("--help"))
        self.assertEqual(self.run_ok("help", "spy"), self.run_ok("spy", "--help"))
        self.assertEqual(self.run_ok("-V"), self.run_ok("--version"))
        self.assertIn("help: bulid: expected one of ", self.refused("help", "bulid"))
        self.refused("help", "info", "spy")
        self.refused("--completion", "fish")
        self.refused("--man", "info")

    def test_n14_names_that_are_near_are_named(self):
        layer = ["info", "--input", "8x8", "--kernel", "box:3"]
        for arguments, meant in ((["bulid"], "build"), (["help", "spectrm"], "spectrum"), ([*layer, "--stide", 2], "--stride"),
                                 ([*layer, "--convention", "pytroch"], "pytorch"), ([*layer, "--padding", "sane"], "same"),
                                 ([*layer, "--boundary", "half-symmetric"], "half_symmetric"),
                                 ([*layer, "--convention", "scipy", "--padding", "vaild"], "valid"),
                                 (["info", "--input", "8x8", "--kernel", "gauss:5"], "gaussian"),
                                 (["spy", "--input", "8x8", "--kernel", "box:3", "--show", "stamp"], "stamps")):
            self.assertTrue(self.refused(*arguments).endswith(f"; did you mean {meant}?\n"), arguments)
        self.assertNotIn("did you mean", self.refused("xyzzy"))

    def test_n15_a_boundarys_name_elsewhere_is_answered_with_its_name_here(self):
        layer = ["info", "--input", "8x8", "--kernel", "box:3", "--boundary"]
        self.assertIn("--boundary: reflect: expected half_symmetric, which SciPy's ndimage means by it, or whole_symmetric, as "
                      "NumPy and PyTorch do", self.refused(*layer, "reflect"))
        for name, here in (("symmetric", "half_symmetric"), ("mirror", "whole_symmetric"), ("wrap", "periodic"),
                           ("circular", "periodic"), ("edge", "replicate"), ("nearest", "replicate"), ("constant", "zero"),
                           ("symm", "half_symmetric"), ("zeros", "zero")):
            self.assertIn(f"--boundary: {name}: expected {here}", self.refused(*layer, name))
        self.assertIn("l.json: boundary: wrap: expected periodic", self.refused(
            "info", "--layer", self.write("l.json", '{"input": [8], "kernel": [3], "boundary": "wrap"}')))

    def complete(self, *words):
        """What bash offers for the last of the words."""
        script = self.run_ok("--completion", "bash") + '\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1))\n_convmat\n' \
            'printf "%s\\n" "${COMPREPLY[@]}"\n'
        done = subprocess.run(["bash", "-c", script, "bash", "convmat", *words], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_n14_bash_completes_commands_options_and_words(self):
        script = self.write("completion", self.run_ok("--completion", "bash"))
        self.assertEqual(subprocess.run(["bash", "-n", self.path(script)], capture_output=True).stderr, b"")
        self.assertEqual(self.complete("sp"), ["spectrum", "spy"])
        self.assertEqual(self.complete("--v"), ["--version"])
        self.assertEqual(self.complete("help", "la"), ["layer"])
        self.assertEqual(self.complete("info", "--out"), ["--out-channels", "--output-padding", "--output-size"])
        self.assertEqual(self.complete("solve", "--method", "ls"), ["lsqr", "lsmr"])
        self.assertEqual(self.complete("info", "--boundary", "re"), ["replicate"])
        self.assertEqual(self.complete("build", "--kernel", "so"), ["sobel-x", "sobel-y"])
        self.assertEqual(self.complete("apply", "--x", ""), [])  # the shell's own files then

    def test_n14_completion_and_manual_have_every_option_of_the_help(self):
        script, manual = self.run_ok("--completion", "bash"), self.run_ok("--man").replace("\\-", "-")
        for command in COMMANDS:
            options = set(re.findall(r"(?<![\w'])--[a-z-]+(?= [A-Z0-9a-z]|$| |\n)", self.run_ok(command, "--help")))
            offered = set(self.complete(command, "--"))
            for option in options - {"--option"}:
                self.assertIn(option, offered, command)
            for option in offered - {"--help"}:
                self.assertIn(f"\\fB{option}\\fR", manual)
                self.assertIn(option, script)

    def test_n14_the_manual_is_sound_roff(self):
        manual = self.write("convmat.1", self.run_ok("--man"))
        if not shutil.which("groff"):
            self.skipTest("no groff to read it")
        done = subprocess.run(["groff", "-man", "-ww", "-Tascii", "-rLL=80n", self.path(manual)], capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout.decode())
        for heading in ("NAME", "SYNOPSIS", "COMMANDS", "THE LAYER", "EXIT STATUS"):
            self.assertIn("\n" + heading, text)
        self.assertIn("--kernel '0,1;2,3'", text)

    def test_n8_reports_fit_a_terminal_and_are_not_broken_in_a_file(self):
        layer = ["--input", "12x12", "--kernel", "gaussian:5:1.2", "--padding", "same"]
        for command in (["spectrum", *layer, "--top", 3], ["info", *layer]):
            whole = self.run_ok(*command)
            self.assertGreater(max(map(len, whole.splitlines())), 120)
            for columns in (60, 80):
                shown = self.on_a_terminal(columns, *command)
                self.assertLessEqual(max(map(len, shown.splitlines())), columns)
                self.assertEqual(shown.split()[:40], whole.split()[:40])

    def test_n8_without_unicode_the_output_is_ascii(self):
        layer = ["--input", "6x6", "--kernel", "1,2,1;2,4,2;1,2,1"]
        for arguments in (["spectrum", *layer, "--all"], ["info", *layer], ["check", *layer], ["check", "--list"],
                          ["check", "--explain", "I-9"], ["check", "--list", "--json"], ["spy", *layer]):
            shown = {}
            for locale in ("C", "C.UTF-8"):
                done = self.start(*arguments, env={**os.environ, "LC_ALL": locale})
                self.assertEqual(done.returncode, 0)
                shown[locale] = done.stdout
            shown["C"].decode("ascii")
            if arguments[-1] == "--json":
                self.assertEqual(shown["C"], shown["C.UTF-8"])
        spectrum = self.start("spectrum", *layer, env={**os.environ, "LC_ALL": "C"}).stdout.decode()
        self.assertIn(" +- ", spectrum)
        self.assertIn("(x)", spectrum)


if __name__ == "__main__":
    cli_support.main()
