"""Tests of the convmat program, info: python3 info_test.py PROGRAM."""
import json

import numpy as np

import cli_support
from cli_support import CliCase


class Info(CliCase):
    def test_the_counts_are_those_of_the_matrix(self):
        options = ["--input", "2x6x5", "--stride", 2, "--padding", 1, "--boundary", "replicate", "--kernel", "0,1;2,3"]
        facts = json.loads(self.run_ok("info", *options, "--json"))
        report = json.loads(self.run_ok("build", *options, "--out", "W.npz", "--json"))
        for key in ("rows", "cols", "nnz", "dtype"):
            self.assertEqual(facts[key], report[key], key)
        self.assertEqual(facts["bytes_int32"], report["bytes"])
        self.assertEqual(facts["density"], facts["nnz"] / (facts["rows"] * facts["cols"]))
        self.assertEqual((facts["groups"], facts["input"], facts["output"]), (2, [2, 6, 5], [2, 4, 3]))

    def test_extents_are_enough(self):
        facts = json.loads(self.run_ok("info", "--input", "3x64x64", "--kernel-size", "3x3", "--out-channels", 16,
                                       "--padding", "same", "--json"))
        self.assertEqual((facts["weights"], facts["output"]), ([16, 3, 3, 3], [16, 64, 64]))
        self.assertEqual(facts["nnz"], 16 * 3 * (3 * 64 - 2) ** 2)

    def test_a_matrix_too_large_for_any_memory_is_counted_all_the_same(self):
        facts = json.loads(self.run_ok("info", "--input", "64x4096x4096", "--kernel-size", "3x3", "--out-channels", 64, "--json"))
        self.assertEqual(facts["nnz"], 64 * 64 * 9 * 4094**2)
        self.assertIsNone(facts["bytes_int32"])

    def test_the_text_says_the_same_and_explains(self):
        text = self.run_ok("info", "--input", "8x8", "--kernel-size", "3x3", "--stride", 2, "--transposed")
        self.assertIn("1x8x8 -> 1x17x17", text)
        self.assertIn("W^T", text)
        self.assertIn("Axis 0: m = floor((17 + 0 + 0 - 3) / 2) + 1 = 8", text)

    def test_channels_come_from_the_kernel(self):
        self.save("k.npy", np.ones((16, 3, 3, 3)))
        facts = json.loads(self.run_ok("info", "--input", "8x8", "--kernel", "k.npy", "--json"))
        self.assertEqual((facts["input"], facts["output"]), ([3, 8, 8], [16, 6, 6]))
        facts = json.loads(self.run_ok("info", "--input", "8x8", "--kernel", "k.npy", "--transposed", "--json"))
        self.assertEqual((facts["input"], facts["output"]), ([16, 8, 8], [3, 10, 10]))

    def test_the_structure_is_named(self):
        circle = ["--input", "2x6x4", "--kernel-size", "3x3", "--out-channels", 3, "--padding", 1, "--boundary", "periodic"]
        facts = json.loads(self.run_ok("info", *circle, "--json"))["structure"]
        self.assertEqual([fact["class"] for fact in facts], ["bccb"])
        self.assertEqual(facts[0]["name"], "BCCB with 3 x 2 blocks")
        self.assertIn("24 blocks of 3 x 2", facts[0]["buys"])
        self.assertIn("\nstructure BCCB with 3 x 2 blocks: on every axis (6x4) ", self.run_ok("info", *circle))
        # u7: what was looked for, and what for
        self.assertIn("\nstructure of W: none: no circulant, Toeplitz, triangular, block or Kronecker structure was found, "
                      "which would make W cheaper ", self.run_ok("info", "--input", "4", "--kernel-size", 3, "--stride", 2,
                                                                 "--transposed"))

    def test_the_structure_is_that_of_the_weights(self):
        layer = ["info", "--input", "5x5", "--padding", 1, "--boundary", "half_symmetric", "--json", "--kernel"]
        classes = lambda kernel: [f["class"] for f in json.loads(self.run_ok(*layer, kernel))["structure"]]
        self.assertEqual(classes("1,2,1;2,4,2;1,2,1"), ["toeplitz_plus_hankel", "kronecker"])
        self.assertEqual(classes("1,2,1;2,4,2;1,2,0"), ["none"])


if __name__ == "__main__":
    cli_support.main()
