"""Tests of the convmat program, check: python3 check_test.py PROGRAM."""
import itertools
import json

import numpy as np

import cli_support
from cli_support import CliCase, integers


class Check(CliCase):
    LAYER = ["--input", "2x7x6", "--kernel-size", "3x2", "--out-channels", 2, "--stride", 2, "--padding", "2:1x1"]

    def test_every_boundary_is_equal_in_both_scalars(self):
        for boundary in cli_support.PAD_MODES:
            with self.subTest(boundary):
                text = self.run_ok("check", *self.LAYER, "--boundary", boundary)
                comparisons, identities = text.split("\n\n")[:2]
                self.assertEqual(len(comparisons.splitlines()), 18)
                for line in comparisons.splitlines():
                    self.assertRegex(line, r"^ok     .+: \d+ (int64|float64) values? equal$")
                self.assertRegex(identities, r"\nI-1 +holds +0 +exact .+the matrix of the convolution\n")
                self.assertRegex(text.splitlines()[-1], r"^\d+ hold, \d+ beliefs refuted, \d+ do not apply, 0 not checked, 0 fail$")

    def test_floats_are_compared_within_a_bound_that_is_said(self):
        rng = np.random.default_rng(1)
        for boundary, dtype in itertools.product(cli_support.PAD_MODES, (np.float32, np.complex128)):
            with self.subTest((boundary, dtype)):
                self.save("k.npy", rng.normal(size=(2, 2, 3, 3)).astype(dtype))
                self.save("x.npy", rng.normal(size=(2, 7, 7)).astype(dtype))
                text = self.run_ok("check", "--kernel", "k.npy", "--x", "x.npy", "--padding", 2, "--boundary", boundary)
                self.assertIn("rounding bound", text.splitlines()[0])

    def test_floats_under_an_integer_kernel_are_compared_within_a_bound_too(self):
        rng = np.random.default_rng(2)
        x = rng.normal(size=(40, 30))
        for values, transposed in itertools.product((x, x.astype(np.float32), x + 1j * x[::-1], x * 1e30), ([], ["--transposed"])):
            with self.subTest((values.dtype, transposed)):
                self.save("x.npy", values)
                for kernel in ("sobel-x", "laplacian"):
                    self.run_ok("check", "--x", "x.npy", "--kernel", kernel, *transposed)

    def test_integers_whose_products_leave_53_bits_are_compared_within_a_bound(self):
        self.save("x.npy", integers(3, 20, 20, dtype=np.float64) * 2**40 + 1)
        self.run_ok("check", "--x", "x.npy", "--kernel", "1,3;5,7")

    def test_a_difference_is_shown_and_exits_with_1(self):
        # Both weights meet at x[0], and their sum is beyond float64; the loops add products, which are not.
        self.save("k.npy", np.array([[[1e308, 1e308]]]))
        self.save("x.npy", np.array([[0.5, 0, 0]]))
        command = ["check", "--kernel", "k.npy", "--x", "x.npy", "--padding", 1, "--boundary", "replicate"]
        done = self.start(*command)
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        first = done.stdout.decode().splitlines()[0]
        self.assertRegex(first, r"^FAILED W x = loops: the first of 4 float64 values that differs is at 0: inf, expected 1e\+308$")
        done = self.start(*command, "--json")
        self.assertEqual(done.returncode, 1)
        results = json.loads(done.stdout)
        first = results["comparisons"][0]
        self.assertEqual((first["ok"], first["first"]["index"]), (False, 0))

    def test_numbers_that_are_not_finite_are_refused(self):
        finite = np.ones((1, 1, 3, 3))
        for value in (np.nan, -np.inf, complex(0, np.inf)):
            array = finite.astype(type(value) if isinstance(value, complex) else float)
            array[0, 0, 1, 1] = value
            with self.subTest(value):
                self.save("finite.npy", finite)
                self.save("odd.npy", array)
                line = self.refused("check", "--kernel", "odd.npy", "--input", "4x4")
                self.assertRegex(line, r"^convmat: --kernel: \S+ at index 4: expected finite values$")
                line = self.refused("check", "--kernel", "finite.npy", "--x", "odd.npy")
                self.assertRegex(line, r"^convmat: --x: \S+ at index 4: expected finite values$")

    def test_the_seed_decides_and_json_lists(self):
        self.run_ok("check", *self.LAYER, "--seed", 7)
        results = json.loads(self.run_ok("check", *self.LAYER, "--json"))
        self.assertEqual({r["ok"] for r in results["comparisons"]}, {True})
        self.assertIn("<W x, y> = <x, W^T y>", {r["what"] for r in results["comparisons"]})
        self.assertEqual({r["verdict"] for r in results["identities"]}, {"holds", "does not apply"})
        for result in results["identities"]:
            self.assertEqual(result["verdict"] == "holds", result["reason"] == "", result)
        self.assertIn("--seed: -1: ", self.refused("check", *self.LAYER, "--seed", -1))

    def test_a_transposed_layer_reads_x_as_its_own_input(self):
        self.save("x.npy", integers(1, 3, 4, 4))
        self.save("k.npy", integers(2, 3, 2, 3, 3))
        text = self.run_ok("check", "--transposed", "--stride", 2, "--x", "x.npy", "--kernel", "k.npy")
        self.assertIn("ok     W^T y = loops, W^T built directly: 162 int64 values equal", text)


if __name__ == "__main__":
    cli_support.main()
