"""Tests of the convmat program, identities of check: python3 identities_test.py PROGRAM."""
import json
import os

import numpy as np

import cli_support
from cli_support import CliCase


class Identities(CliCase):
    LAYER = ["--input", "5x5", "--kernel", "1,2;3,4"]

    def test_only_those_named_are_checked(self):
        lines = self.run_ok("check", *self.LAYER, "--only", "I-9,I-18").splitlines()
        self.assertEqual([line.split()[0] for line in lines[1:4]], ["I-9", "I-18a", "I-18b"])
        self.assertEqual(lines[5], "I-18c  does not apply, on axis 0 patches of 2 at stride 1 do not tile the input")
        self.assertEqual(lines[-1], "3 hold, 0 beliefs refuted, 1 do not apply, 0 not checked, 0 fail")
        self.assertEqual(self.run_ok("check", *self.LAYER, "--only", "I-9,I-9").count("I-9"), 1)

    def test_both_sides_are_shown_on_the_layer_or_on_an_example(self):
        text = self.run_ok("check", "--explain", "I-1")
        self.assertIn("vec(Y) = W vec(X)", text)
        self.assertTrue(text.rstrip().endswith("Left:\n    19\n    25\n    37\n    43\nRight:\n    19\n    25\n    37\n    43"))
        text = self.run_ok("check", "--explain", "I-25x")
        self.assertIn("Both sides of the belief differ in the rows 0, 2, as foretold.", text)
        text = self.run_ok("check", "--explain", "I-10", "--input", "9", "--kernel", "1,2,3", "--stride", 2)
        self.assertIn("It does not apply: on axis 0 stride is 2, not 1.", text)
        text = self.run_ok("check", "--explain", "I-1", "--input", "200", "--kernel", "1,2,3")
        self.assertIn("198x1, 198 nonzeros: too large to be shown", text)

    def test_random_layers_of_each_rank_fail_nowhere(self):
        held = {}
        for rank in range(1, 5):
            for count in json.loads(self.run_ok("check", "--random", 10, "--rank", rank, "--json")):
                self.assertEqual(count["failed"], 0, count)
                self.assertEqual((count["held"] + count["did_not_apply"], count["not_checked"]), (10, 0))
                held[count["id"]] = held.get(count["id"], 0) + count["held"]
        self.assertEqual([id for id, count in held.items() if count == 0], [])

    def test_other_scalars_are_checked_within_a_bound(self):
        rng = np.random.default_rng(3)
        for dtype in (np.float32, np.float64, np.complex64):
            self.save("k.npy", rng.normal(size=(2, 1, 3)).astype(dtype))
            results = json.loads(self.run_ok("check", "--kernel", "k.npy", "--input", "2x9", "--groups", 2, "--json"))
            first = results["identities"][0]
            self.assertEqual((first["id"], first["verdict"]), ("I-1", "holds"))
            self.assertGreater(first["bound"], 0)

    def test_integers_whose_sums_would_overflow_are_checked_in_floating_point(self):
        self.save("k.npy", np.full((1, 1, 3), 2**40))
        text = self.run_ok("check", "--kernel", "k.npy", "--input", "9", "--padding", 1, "--only", "I-1,I-9,I-24")
        self.assertIn("3 hold, 0 beliefs refuted, 0 do not apply, 0 not checked, 0 fail", text)

    def test_the_help_example_is_checked_in_integers(self):
        text = self.run_ok("check", "--input", "3x20x20", "--kernel-size", "3x3", "--out-channels", 4, "--padding", 1,
                           "--only", "I-1,I-5,I-9,I-39d")
        self.assertEqual(text.count(" exact "), 4)

    def test_numbers_beyond_all_products_are_not_checked(self):
        for kernel in ("1e160,3e160;7e159,1", "1e-160,3e-160;7e-159,1e-170"):
            text = self.run_ok("check", "--input", "5x5", "--kernel", kernel, "--only", "I-1,I-37,I-44")
            self.assertIn("not checked, the largest weight is ", text)
            self.assertTrue(text.endswith(" 0 fail\n"))
        self.save("k.npy", np.array([[[2**63 - 1, -2**63]]]))
        self.assertTrue(self.run_ok("check", "--input", 6, "--kernel", "k.npy", "--only",
                                    "I-1,I-4,I-36,I-49").endswith(" 0 fail\n"))

    def test_strides_beyond_the_input_cost_nothing(self):
        self.run_ok("check", "--input", "4", "--kernel-size", "1", "--stride", 10**9)

    def test_a_large_layer_says_that_it_is(self):
        text = self.run_ok("check", "--input", "64x200x200", "--kernel-size", "3x3", "--groups", 64,
                           "--out-channels", 64, "--only", "I-1")
        self.assertIn("not checked, its matrices with stride 1 and dilation 1 have up to ", text)

    def test_the_page_of_identities_is_the_catalogue(self):
        page = self.run_ok("check", "--list")
        with open(os.path.join(cli_support.ROOT, "docs", "identities.md"), encoding="utf-8") as file:
            self.assertEqual(file.read(), page)
        listed = json.loads(self.run_ok("check", "--list", "--json"))
        for identity in listed:
            self.assertIn(f"| {identity['id']} |", page)
            self.assertEqual([key for key, value in identity.items() if not value], [])

    def test_refusals(self):
        self.assertIn("--only: I-99: expected an identity", self.refused("check", *self.LAYER, "--only", "I-99"))
        self.assertIn("--only: : expected an identity", self.refused("check", *self.LAYER, "--only", "I-1,"))
        self.assertIn("--explain: 22: expected an identity", self.refused("check", "--explain", "22"))
        self.assertIn("--random: 0: ", self.refused("check", "--random", 0))
        self.assertIn("--rank: 5: expected 1 to 4", self.refused("check", "--random", 1, "--rank", 5))
        for other in (["--random", 3, *self.LAYER], ["--random", 3, "--x", "x.npy"], ["--random", 3, "--explain", "I-9"],
                      ["--list", "--only", "I-9"], ["--list", *self.LAYER], [*self.LAYER, "--rank", 2],
                      ["--explain", "I-9", "--only", "I-9"], ["--explain", "I-9", "--json"]):
            with self.subTest(other):
                self.assertIn("given: expected nothing of the kind beside ", self.refused("check", *other))
        self.assertIn("--only: I-99: ", self.refused("check", "--only", "I-99"))
        self.assertIn("--seed: x: ", self.refused("check", "--explain", "I-9", "--seed", "x"))


if __name__ == "__main__":
    cli_support.main()
