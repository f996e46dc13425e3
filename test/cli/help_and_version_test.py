"""Tests of the convmat program, --help and --version: python3 help_and_version_test.py PROGRAM."""
import cli_support
from cli_support import CliCase


class HelpAndVersion(CliCase):
    def test_help_shows_an_example_and_the_exit_codes(self):
        for command in ("info", "build", "apply", "check", "spectrum", "solve", "spy", "demo"):
            with self.subTest(command):
                text = self.run_ok(command, "--help")
                self.assertIn("Example:\n  convmat " + command, text)
                self.assertIn("Exit codes: 0 done; 1 a check failed; 2 bad input or usage", text)
                example = text.split("Example:\n")[1].split("\n\n")[0].replace("\\\n", "").splitlines()
                for line in example:
                    self.assertRegex(line, r"^  (convmat|python3) ")
                longest = max(map(len, text.splitlines()))
                self.assertLessEqual(longest, 120 if command == "apply" else 110)
        self.assertIn("apply", self.run_ok("--help"))
        self.assertRegex(self.run_ok("--version"), r"\Aconvmat \d+\.\d+\.\d+\n\Z")


if __name__ == "__main__":
    cli_support.main()
