"""Tests of the convmat program, refusals: python3 refusals_test.py PROGRAM."""
import json
import os
import resource
import subprocess
import time

import numpy as np

import cli_support
from cli_support import CliCase


class Refusals(CliCase):
    """Every kind of error: exit 2, one line that names what is wrong, and no file."""

    def setUp(self):
        super().setUp()
        self.save("x.npy", np.ones((2, 5, 5)))
        self.save("k.npy", np.ones((4, 2, 3, 3)))
        self.apply_ok = ["apply", "--x", "x.npy", "--kernel", "k.npy", "--out", "y.npy"]
        self.info_ok = ["info", "--input", "5x5", "--kernel-size", "3x3"]

    def test_usage(self):
        self.assertIn("foo: unknown command: ", self.refused("foo"))
        self.assertIn("--foo: unknown option", self.refused(*self.apply_ok, "--foo"))
        self.assertIn("stray: stands alone", self.refused(*self.apply_ok, "stray"))
        self.assertIn("'': stands alone", self.refused(*self.apply_ok, ""))
        self.assertIn("'': unknown command", self.refused(""))
        self.assertIn("--x: no value", self.refused("apply", "--x"))
        self.assertIn("--x: given more than once", self.refused(*self.apply_ok, "--x", "x.npy"))
        self.assertIn("--x: not given", self.refused("apply", "--kernel", "k.npy", "--out", "y.npy"))
        self.assertIn("--out: not given", self.refused("apply", "--x", "x.npy", "--kernel", "k.npy"))
        self.assertIn("--kernel: not given", self.refused("apply", "--x", "x.npy", "--out", "y.npy"))
        self.assertIn("--input: not given", self.refused("info", "--kernel-size", "3x3"))
        self.assertIn("--kernel: not given", self.refused("info", "--input", "3x3"))
        self.assertIn("--via: fft: expected matrix, operator or reference", self.refused(*self.apply_ok, "--via", "fft"))
        self.refused("info", "--json=maybe", "--input", "5x5", "--kernel-size", "3x3")

    def test_no_command_prints_help_too(self):
        done = self.start()
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"Usage: convmat COMMAND", done.stdout)
        self.assertEqual(done.stderr, b"convmat: command: not given: expected one of info, build, apply, check, spectrum, solve, spy, demo\n")

    def test_numbers_of_the_layer(self):
        for option, value in (("--stride", "0"), ("--stride", "1x2x3"), ("--stride", "a"), ("--stride", ""),
                              ("--dilation", "0"), ("--dilation", "9"), ("--padding", "1:2:3"), ("--padding", "sam"),
                              ("--padding", "1x1x1"), ("--padding", "-9"), ("--boundary", "mirror"),
                              ("--boundary", "zero,zero,zero"), ("--groups", "3"), ("--groups", "x"),
                              ("--groups", "0"), ("--out-channels", "0"), ("--output-padding", "1"),
                              ("--output-size", "9")):
            with self.subTest((option, value)):
                line = self.refused(*self.info_ok, option, value)
                if value not in ("9", "-9"):  # too wide a kernel is as much the input's fault
                    self.assertIn(option + ": ", line)

    def test_sizes_that_do_not_fit(self):
        huge = 2**40
        self.refused("info", "--input", f"{huge}x{huge}", "--kernel-size", "3x3")
        self.refused("info", "--input", "99999999999999999999", "--kernel-size", "3")
        self.refused("build", "--input", f"{2**20}x{2**20}", "--kernel", "box:3", "--out", "W.mtx")
        self.refused("check", "--input", f"{2**20}x{2**20}", "--kernel-size", "3x3")

    def test_check_counts_its_matrices_before_it_makes_one(self):
        # x and y alone would fit most machines
        started = time.monotonic()
        line = self.refused("check", "--input", "16384x16384", "--kernel-size", "31x31")
        self.assertIn("check with all its matrices needs ", line)
        self.assertLess(time.monotonic() - started, 5)

    def test_transposed_numbers(self):
        line = self.refused(*self.info_ok, "--transposed", "--stride", 2, "--output-padding", 2)
        self.assertIn("--output-padding: ", line)
        self.assertIn("--output-size: ", self.refused(*self.info_ok, "--transposed", "--output-size", 99))
        self.refused(*self.info_ok, "--transposed", "--output-size", 7, "--output-padding", 0)

    def test_signs_controls_and_values_of_flags(self):
        self.assertIn("--padding: +-2: ", self.refused(*self.info_ok, "--padding=+-2"))
        self.assertIn("--stride: ++2: ", self.refused(*self.info_ok, "--stride=++2"))
        self.run_ok(*self.info_ok, "--padding=+2")
        self.assertIn("--help: with a value: expected --help alone", self.refused("info", "--help=1"))
        self.assertIn("\\x1b[31m\\x7f\\x9b", self.refused(*self.info_ok, "--boundary", "\x1b[31m\x7f\x9b"))
        self.assertIn('unknown key "\\x1b[31m"', self.refused("info", "--layer", self.write("l.json", '{"\\u001b[31m": 1}')))

    def test_the_one_who_stated_a_number_is_named(self):
        layer = {"input": [5, 5], "kernel": [3, 3], "output_padding": [1, 1]}
        self.assertIn("l.json: output_padding: 1x1: ", self.refused("info", "--layer", self.write("l.json", json.dumps(layer))))
        self.assertIn("--output-padding: 2x2: ", self.refused("info", "--layer", "l.json", "--output-padding", "2x2"))
        for shape in ((8, 0), (0, 8, 8)):
            self.save("none.npy", np.ones(shape))
            self.assertIn("convmat: --x: ", self.refused("apply", "--x", "none.npy", "--kernel", "box:3", "--out", "y.npy"))
        self.assertIn("convmat: --out: no text: ", self.refused(*self.apply_ok[:-1], ""))
        self.assertIn("convmat: --layer: no text: ", self.refused("info", "--layer", ""))
        huge = 2**40
        self.assertIn("convmat: --input: ", self.refused("info", "--input", f"{huge}x{huge}", "--kernel-size", "3x3"))
        self.write("l.json", json.dumps({"input": [huge, huge], "kernel": [3, 3]}))
        self.assertIn("convmat: l.json: ", self.refused("info", "--layer", "l.json"))
        self.assertIn("convmat: --dilation: ", self.refused(*self.info_ok, "--dilation", 2**62))
        self.assertIn("convmat: layer size: ", self.refused(*self.info_ok, "--padding", huge))

    def test_kernels(self):
        for kernel in ("foo", "", "1,2;3", "box", "box:0", "box:3:3", "gaussian:3:-1", "missing.npy", "1,,2"):
            with self.subTest(kernel):
                self.refused("info", "--input", "5x5", "--kernel", kernel)
        self.save("empty.npy", np.ones((0, 1, 3, 3)))
        self.assertIn("empty.npy: shape 0x1x3x3", self.refused("info", "--input", "5x5", "--kernel", "empty.npy"))

    def test_shapes_that_contradict_each_other(self):
        self.assertIn("k.npy: shape 4x2x3x3", self.refused("info", "--input", "3x5x5", "--kernel", "k.npy"))
        self.assertIn("k.npy: ", self.refused("info", "--input", "5x5", "--kernel", "k.npy", "--out-channels", 3))
        self.assertIn("k.npy: ", self.refused("info", "--input", "5x5", "--kernel", "k.npy", "--kernel-size", "2x2"))
        self.assertIn("--x: shape 2x5x5", self.refused(*self.apply_ok, "--input", "2x6x6"))
        self.assertIn("--x: shape 2x5x5", self.refused(*self.apply_ok, "--input", "2x5x5", "--adjoint"))
        self.assertIn("--input: not given", self.refused(*self.apply_ok, "--adjoint"))
        self.save("flat.npy", np.ones(4))
        self.assertIn("--x: shape 4", self.refused("apply", "--x", "flat.npy", "--kernel", "k.npy", "--out", "y.npy"))
        self.assertIn("--bias: shape 5", self.refused(*self.apply_ok, "--bias", self.save("b.npy", np.ones(5))))
        self.assertIn("--bias: b.npy", self.refused(*self.apply_ok, "--bias", "b.npy", "--adjoint", "--input", "2x5x5"))
        self.assertIn("--input: 5: ", self.refused("info", "--input", "5", "--kernel", "k.npy"))

    def test_files_that_are_not_what_they_should_be(self):
        with open(self.path("x.npy"), "rb") as file:
            whole = file.read()
        for name, content in (("short.npy", whole[:-1]), ("empty_file.npy", b""), ("text.npy", b"hello"),
                              ("long.npy", whole + b"0")):
            with open(self.path(name), "wb") as file:
                file.write(content)
            with self.subTest(name):
                self.assertIn(name, self.refused("apply", "--x", name, "--kernel", "box:3", "--out", "y.npy"))
        np.save(self.path("objects.npy"), np.array([{}], dtype=object), allow_pickle=True)
        for name in ("objects.npy", "missing.npy", "."):
            self.refused("apply", "--x", name, "--kernel", "box:3", "--out", "y.npy")
        self.assertIn("--layer: missing.json", self.refused("info", "--layer", "missing.json"))
        self.assertIn("--layer: .", self.refused("info", "--layer", "."))

    def test_places_that_cannot_be_written(self):
        for out in ("no/y.npy", "/dev/full"):
            done = self.start(*self.apply_ok[:-1], out)
            self.assertEqual((done.returncode, done.stdout), (2, b""), out)
            self.assertRegex(done.stderr.decode(), r"\Aconvmat: [^\n]+: expected [^\n]+\n\Z")
            self.assertIn(out, done.stderr.decode())
        for command in (self.info_ok, self.apply_ok, ["--help"], ["info", "--help"], ["--version"]):
            with self.subTest(command), open("/dev/full", "wb") as full:
                done = subprocess.run([cli_support.PROGRAM, *command], cwd=self.folder, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr.decode(), r"\Aconvmat: standard output: [^\n]+: expected [^\n]+\n\Z")
        self.assertEqual(np.load(self.path("y.npy")).shape, (4, 3, 3))  # the report alone is lost

    def test_the_limit_of_file_sizes_is_an_error_like_a_full_device(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
        before = sorted(os.listdir(self.folder))
        for command in (["apply", "--x", "x.npy", "--kernel", "box:3", "--padding", 30, "--out", "big.npy"],
                        ["build", "--input", "30x30", "--kernel", "box:3", "--out", "big.mtx"]):
            with self.subTest(command):
                done = self.start(*command, preexec_fn=limit)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertRegex(done.stderr.decode(), r"\Aconvmat: big\.\w+: File too large: expected [^\n]+\n\Z")
                self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_a_refused_command_leaves_the_old_file(self):
        self.write("y.npy", "kept")
        self.refused(*self.apply_ok, "--stride", 0)
        with open(self.path("y.npy")) as file:
            self.assertEqual(file.read(), "kept")


if __name__ == "__main__":
    cli_support.main()
