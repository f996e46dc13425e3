"""Tests of the convmat program, spectrum: python3 spectrum_test.py PROGRAM."""
import json
import subprocess
import xml.etree.ElementTree

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

import cli_support
from cli_support import CliCase


class Spectrum(CliCase):
    """Singular values, rank and null space against NumPy's of the matrix that `build` writes."""

    # Name: the kernel's shape and scalar, or a kernel as text, and the layer's options.
    LAYERS = {
        "zero": ((4, 2, 3, 3), float, ["--input", "2x7x6", "--stride", 2, "--padding", 1]),
        "periodic": ((3, 2, 3, 3), float, ["--input", "2x6x8", "--padding", 1, "--boundary", "periodic"]),
        "separable": ("gaussian:5:1.2", None, ["--input", "9x7", "--padding", "same"]),
        "transposed": ((2, 3, 3, 3), float, ["--input", "2x4x5", "--stride", 2, "--transposed", "--output-padding", 1]),
        "groups": ((4, 2, 3), np.float32, ["--input", "4x9", "--groups", 2, "--boundary", "periodic", "--padding", 2]),
        "complex": ((2, 2, 3, 2), complex, ["--input", "2x5x5", "--padding", 1, "--boundary", "zero,periodic"]),
        "integers": ("1,2,1;0,0,0;-1,-2,-1", None, ["--input", "6x7", "--boundary", "periodic", "--padding", 1]),
    }
    KEYS = ("norm2 norm2_error norm2_method sigma_min sigma_min_error sigma_min_method condition condition_error rank "
            "rank_tolerance rank_exact rank_method nullity frobenius frobenius_error structure structure_class bounds "
            "circular").split()

    def options(self, name):
        kernel, dtype, options = self.LAYERS[name]
        if not isinstance(kernel, str):
            rng = np.random.default_rng(7)
            values = rng.normal(size=kernel).astype(dtype)
            kernel = self.save("k.npy", values + 1j * rng.normal(size=kernel) if dtype is complex else values)
        return ["--kernel", kernel, *options]

    def spectrum(self, *options):
        return json.loads(self.run_ok("spectrum", *options, "--json"))

    def matrix(self, *options):
        self.run_ok("build", *options, "--out", "W.npz")
        w = scipy.sparse.load_npz(self.path("W.npz")).toarray()
        return w.astype(np.result_type(w, np.float64))

    def test_the_numbers_are_numpys(self):
        for name in self.LAYERS:
            with self.subTest(name):
                options = self.options(name)
                found, w = self.spectrum(*options, "--all"), self.matrix(*options)
                sigma = np.linalg.svd(w, compute_uv=False)
                self.assertEqual([key for key in self.KEYS if key not in found], [])
                rounding = 1e-14 * sigma[0] * max(w.shape)
                close = lambda key, value: self.assertLessEqual(abs(found[key] - value), found[key + "_error"] + rounding, key)
                self.assertEqual((found["rows"], found["cols"]), w.shape)
                self.assertEqual(len(found["singular_values"]), min(w.shape))
                self.assertLessEqual(np.abs(found["singular_values"] - sigma).max(), found["singular_values_error"] + rounding)
                self.assertLess(found["singular_values_error"], 1e-10 * sigma[0])
                close("norm2", sigma[0])
                close("sigma_min", sigma[-1])
                close("frobenius", np.linalg.norm(w))
                self.assertEqual(found["rank"], np.linalg.matrix_rank(w))
                self.assertEqual(found["nullity"], w.shape[1] - found["rank"])
                if sigma[-1] > 1e-6:
                    self.assertLess(abs(found["condition"] / (sigma[0] / sigma[-1]) - 1), 1e-6)
                self.assertEqual(found["structure_class"], found["structure"][0]["class"])
                self.assertEqual("checkerboard" in found, "--stride" in options)

    def test_bounds_hold_and_say_their_ratio(self):
        found = self.spectrum(*self.options("zero"))
        applying = [bound for bound in found["bounds"] if bound["applies"]]
        self.assertGreaterEqual(len(applying), 8)
        for bound in found["bounds"]:
            self.assertEqual(set(bound), set("name formula applies value ratio condition source".split()))
            if bound["applies"]:
                self.assertGreaterEqual(bound["value"], found["norm2"] * (1 - 1e-12), bound)
                self.assertAlmostEqual(bound["ratio"], bound["value"] / found["norm2"], 12)
            else:
                self.assertEqual((bound["value"], bound["ratio"]), (None, None))
                self.assertTrue(bound["condition"])

    def test_both_ends_with_their_vectors(self):
        for name in ("zero", "transposed", "complex"):
            with self.subTest(name):
                options = self.options(name)
                found = self.spectrum(*options, "--top", 3, "--bottom", 2, "--vectors", "v.npy")
                w = self.matrix(*options)
                sigma = np.linalg.svd(w, compute_uv=False)
                ends = found["largest"] + found["smallest"]
                for end, expected in zip(ends, [*sigma[:3], sigma[-1], sigma[-2]]):
                    self.assertLessEqual(abs(end["value"] - expected), end["error"] + 1e-13 * sigma[0])
                    self.assertLess(end["residual"], 1e-8 * sigma[0])
                vectors = np.load(self.path("v.npy"))
                self.assertEqual(vectors.shape, (5, *found["input"]))
                for end, vector in zip(ends, vectors.reshape(5, -1)):
                    gram = w.conj().T @ (w @ vector)
                    np.testing.assert_allclose(gram, end["value"] ** 2 * vector, atol=1e-7 * sigma[0] ** 2)
        self.assertEqual(len(self.spectrum("--input", 4, "--kernel", "1,2", "--top", 99)["largest"]), 3)

    def test_the_null_space(self):
        for name in ("zero", "integers", "complex"):
            with self.subTest(name):
                options = self.options(name)
                found = self.spectrum(*options, "--null-space", "n.npy")
                w, basis = self.matrix(*options), np.load(self.path("n.npy"))
                self.assertEqual(basis.shape, (found["nullity"], *found["input"]))
                columns = basis.reshape(len(basis), w.shape[1]).T
                self.assertLess(np.abs(w @ columns).max(initial=0), 1e-10 * found["norm2"] * np.abs(columns).max(initial=1))
                if len(basis):
                    self.assertEqual(np.linalg.matrix_rank(columns), len(basis))
        text = self.run_ok("spectrum", "--input", 6, "--kernel=1,-1", "--boundary", "periodic", "--padding", "0:1")
        self.assertIn("5 of 6; exact ", text)
        self.assertRegex(text, r"An input of shape 1x6 that the layer maps to 0\n( +(\S+))( +\2){5}\n")
        w1 = ["--input", 192, "--kernel", "1,-2", "--padding", "0:1", "--boundary", "periodic", "--null-space", "n.npy"]
        found = self.spectrum(*w1)
        self.assertEqual((found["rank"], found["rank_exact"], found["nullity"]), (192, True, 0))
        self.assertEqual(np.load(self.path("n.npy")).shape, (0, 1, 192))

    def test_w1_a_rank_that_is_not_proved_says_so(self):
        kernel = np.random.default_rng(3).integers(-2**40, 2**40, size=(1, 3, 3, 3))
        kernel[0, 2] = kernel[0, 1]
        self.save("k.npy", np.concatenate([kernel, kernel, 2 * kernel]))
        options = ["--kernel", "k.npy", "--input", "3x20x20", "--padding", 1]
        found = self.spectrum(*options)
        self.assertEqual((found["rank"], found["rank_most"], found["rank_exact"]), (400, 1200, False))
        self.assertIn("at least this, and most likely no more", found["rank_method"])
        self.assertRegex(self.run_ok("spectrum", *options), r"\n  rank +400 of 1200; of the integers, not proved \(")

    def test_w2_every_null_vector_is_within_the_tolerance_that_is_printed(self):
        row = np.outer([7, -6, 4, -5], [7, 7 * 2 / 3, 7])
        self.save("k.npy", np.stack([(-1.58 + 0.76j) / 7 * row, (-3.12 - 4.53j) / 7 * row])[None].astype(np.complex64).astype(complex))
        options = ["--kernel", "k.npy", "--input", "2x4x6", "--stride", "3x1", "--dilation", "1x3", "--padding", "0:0x8:1",
                   "--boundary", "periodic,replicate"]
        found, w = self.spectrum(*options, "--null-space", "n.npy"), self.matrix(*options)
        basis = np.load(self.path("n.npy")).reshape(-1, w.shape[1])
        self.assertEqual(len(basis), found["nullity"])
        residuals = np.linalg.norm(basis @ w.T, axis=1) / np.linalg.norm(basis, axis=1)
        self.assertLessEqual(residuals.max(), found["rank_tolerance"])
        self.assertLessEqual(residuals.max(), 2 * found["null_space_residual"] + 1e-14 * found["norm2"])

    def test_s12_a_spectrum_that_did_not_converge_exits_1(self):
        self.save("k.npy", np.random.default_rng(1).normal(size=(1, 1, 3, 3)))
        layer = ["spectrum", "--input", "60x60", "--kernel", "k.npy", "--padding", 1]
        done = self.start(*layer, "--tolerance", 1e-15, "--json")
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        found = json.loads(done.stdout)
        self.assertEqual((found["converged"], found["norm2_converged"]), (False, False))
        done = self.start(*layer, "--tolerance", 1e-15, "--top", 1, "--vectors", "v.npy")
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        self.assertIn(b"NOT converged", done.stdout)
        self.assertEqual(np.load(self.path("v.npy")).shape, (1, 1, 60, 60))
        self.assertNotIn("NOT converged", self.run_ok(*layer, "--top", 2))

    def test_what_counts_as_zero_is_an_option(self):
        options = ["--input", 8, "--kernel", "1,1.01", "--boundary", "periodic", "--padding", "0:1"]
        self.assertEqual(self.spectrum(*options)["rank"], 8)
        found = self.spectrum(*options, "--rank-tolerance", 0.1, "--tolerance", 1e-6)
        self.assertEqual((found["rank"], found["rank_tolerance"], found["rank_exact"]), (7, 0.1, False))

    def test_infinities_and_zeros_are_null_or_said(self):
        options = ["--input", 6, "--kernel=1,-1", "--boundary", "periodic", "--padding", "0:1"]
        found = self.spectrum(*options)
        self.assertEqual((found["condition"], found["condition_error"]), (None, None))
        self.assertIsNone(found["circular"]["norm2"])
        self.assertRegex(self.run_ok("spectrum", *options), r"\n  condition +infinite ")
        text = self.run_ok("spectrum", "--input", "3x3", "--kernel", "0,0;0,0")
        self.assertRegex(text, r"\n  rank +0 of 4; exact ")
        self.assertNotRegex(text, r"\bnan\b|\binf\b")

    def test_the_picture_is_xml(self):
        for name in ("zero", "integers", "transposed"):
            with self.subTest(name):
                self.run_ok("spectrum", *self.options(name), "--plot", "curve.svg")
                root = xml.etree.ElementTree.parse(self.path("curve.svg")).getroot()
                self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
                words = " ".join(root.itertext())
                self.assertIn("Singular values of W", words)
                self.assertIn("tightest bound of the norm, ", words)
                self.assertIn("prefers-color-scheme: dark", words)

    def test_the_text_has_its_sections(self):
        text = self.run_ok("spectrum", "--input", "8x8", "--kernel", "box:3", "--stride", 2, "--all", "--top", 1)
        for heading in ("Structure", "Singular values: 9, ", "All singular values, each ± ", "The largest singular value (",
                        "Bounds of the norm", "Zero padding against the circle", "Checkerboards"):
            self.assertIn("\n\n" + heading, text)
        self.assertIn("k = 4 instead of 3 or s = 1 instead of 2 makes it even", text)
        self.assertNotIn("Checkerboards", self.run_ok("spectrum", "--input", "8x8", "--kernel", "box:3"))
        text = self.run_ok("spectrum", "--input", "4x4", "--kernel", "box:3", "--stride", 2, "--transposed")
        self.assertIn("Both have the same singular values", text)
        self.assertIn("Checkerboards", text)

    def test_the_checkerboard_as_data(self):
        board = self.spectrum("--input", "4x4", "--kernel", "box:3", "--stride", 2, "--transposed")["checkerboard"]
        self.assertEqual((board["even_overlap"], board["even_sums"]), (False, False))
        self.assertAlmostEqual(board["largest_spread"], 0.75)
        axis = board["axes"][0]
        self.assertEqual((axis["kernel_below"], axis["kernel_above"], axis["nearest_stride"]), (2, 4, 1))
        self.assertEqual(sorted(axis["counts"]), [1, 2])
        even = self.spectrum("--input", "4x4", "--kernel", "box:4", "--stride", 2, "--transposed")["checkerboard"]
        self.assertEqual((even["even_overlap"], even["even_sums"]), (True, True))

    def test_refusals(self):
        layer = ["spectrum", "--input", "6x6", "--kernel", "box:3"]
        for option, value, about in (("--top", 0, "from 1"), ("--bottom", -1, "from 1"), ("--top", "x", "64-bit integer"),
                                     ("--tolerance", 0, "between 0 and 1"), ("--tolerance", "nan", "finite"),
                                     ("--rank-tolerance", -1, "0 or more"), ("--vectors", "v.npy", "--top or --bottom"),
                                     ("--plot", "curve.png", "ends in .svg"), ("--null-space", "n.txt", "ends in .npy")):
            with self.subTest((option, value)):
                line = self.refused(*layer, option, value)
                self.assertIn(f"convmat: {option}: {value}: expected ", line)
                self.assertIn(about, line)
        # Before anything is computed: this layer's list is out of reach, too.
        slow = ["spectrum", "--input", "60x60", "--kernel", "1,2;3,5", "--transposed", "--all", "--null-space", "n.npy"]
        self.assertIn("--null-space: n.npy: expected no transposed layer", self.refused(*slow))
        self.assertIn("--kernel: not given", self.refused("spectrum", "--input", "6x6", "--kernel-size", "3x3"))
        self.save("odd.npy", np.array([[np.nan, 1]]))
        self.assertIn("--kernel: nan at index 0", self.refused("spectrum", "--input", "6x6", "--kernel", "odd.npy"))

    def test_nothing_is_written_where_a_file_cannot_be(self):
        layer = ["spectrum", "--input", "6x6", "--kernel", "box:3", "--top", 1, "--vectors", "v.npy", "--plot"]
        self.assertIn("no/curve.svg", self.refused(*layer, "no/curve.svg"))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([cli_support.PROGRAM, *map(str, layer[:5])], cwd=self.folder, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2)

    def test_lists_that_are_out_of_reach_are_refused_by_name(self):
        self.save("k.npy", np.random.default_rng(1).normal(size=(1, 1, 3, 3)))
        layer = ["--input", "60x60", "--kernel", "k.npy", "--padding", 1]
        line = self.refused("spectrum", *layer, "--plot", "curve.svg")
        self.assertIn("--plot: curve.svg: expected a layer whose singular values are all within reach", line)
        self.assertIn("--all: given: expected a layer whose", self.refused("spectrum", *layer, "--all"))
        found = self.spectrum(*layer)
        norm = scipy.sparse.linalg.svds(scipy.sparse.csr_matrix(self.matrix(*layer)), 1, return_singular_vectors=False)[0]
        self.assertLessEqual(abs(found["norm2"] - norm), found["norm2_error"] + 1e-10)
        self.assertNotIn("singular_values", found)


if __name__ == "__main__":
    cli_support.main()
