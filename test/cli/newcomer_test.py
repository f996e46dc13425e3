"""Tests of the convmat program, what a newcomer meets: python3 newcomer_test.py PROGRAM."""
import io
import json
import os
import re
import subprocess

import numpy as np
import scipy.io
import scipy.linalg
import scipy.sparse

import cli_support
from cli_support import CliCase, integers, matrix_of, png, ZEROS


class Newcomer(CliCase):
    def facts(self, *arguments):
        return json.loads(self.run_ok("info", *arguments, "--json"))

    def matrix(self, *arguments):
        self.run_ok("build", *arguments, "--out", "W.mtx")
        return scipy.io.mmread(self.path("W.mtx")).toarray()

    def test_w6_numbers_are_finite_and_in_range(self):
        apply_ok = ["apply", "--x", self.save("x.npy", np.ones((5, 5))), "--out", "y.npy"]
        for kernel in ("motion:9:1e308", "motion:9:1e400", "gaussian:5:1e400", "box:1000000x1000000", "1e400,1", "nan",
                       "box:3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3x3"):
            self.assertIn("--kernel: ", self.refused(*apply_ok, "--kernel", kernel))
        self.run_ok(*apply_ok, "--kernel", "gaussian:5:1e-320")
        np.testing.assert_array_equal(np.load(self.path("y.npy")), [[1.0]])
        solve_ok = ["solve", "--y", "x.npy", "--kernel", "box:3", "--padding", "same", "--out", "s.npy"]
        for option, values in (("--lambda", ("1e200", "1e400", "-1", "-0.1", "inf", "nan", "1e-200", "discrepancy:1e308")),
                               ("--tolerance", ("0", "1e400", "1", "-1e-3", "nan")), ("--memory", ("1e9", "0", "1" + 20 * "0")),
                               ("--most-steps", ("0", "1.5", "99999999999999999999"))):
            for value in values:
                self.assertIn(option + ": ", self.refused(*solve_ok, option, value))
        spectrum_ok = ["spectrum", "--input", "5x5", "--kernel", "box:3"]
        for option, values in (("--top", ("0", "1e3", "-1", "99999999999999999999")), ("--rank-tolerance", ("-1", "1e400", "nan")),
                               ("--tolerance", ("0", "1e-400", "2"))):
            for value in values:
                self.assertIn(option + ": ", self.refused(*spectrum_ok, option, value))
        for option, values in (("--noise", ("-1", "1e308", "inf", "x")), ("--seed", ("-1", "1.5"))):
            for value in values:
                beside = ["--noise", 1] if option == "--seed" else []
                self.assertIn(option + ": ", self.refused(*apply_ok, "--kernel", "box:3", option, value, *beside))
        most = 2**63 - 1
        for option in ("--stride", "--dilation", "--padding", "--out-channels", "--groups", "--in-channels"):
            for value in (most, -most, f"{most}x{most}"):
                self.refused("info", "--input", "5x5", "--kernel-size", "3x3", option, value)
        for convention in ("pytorch", "onnx", "tensorflow", "keras", "jax", "mxnet", "onednn"):
            for option in ("--stride", "--dilation"):
                self.refused("info", "--input", "1x5x5", "--kernel-size", "3x3", "--convention", convention, option, most)
        for random, rank in (("0", 2), ("1", 5), (most + 1, 2)):
            self.refused("check", "--random", random, "--rank", rank)

    def test_u2_a_named_kernel_of_one_extent_takes_the_rank_of_the_input(self):
        self.assertEqual(self.facts("--input", 40, "--kernel", "gaussian:9:1.5")["weights"], [1, 1, 9])
        self.assertEqual(self.facts("--input", "40x40", "--kernel", "box:3")["weights"], [1, 1, 3, 3])
        self.assertEqual(self.facts("--input", "3x40x40", "--kernel", "box:3")["weights"], [3, 1, 3, 3])
        self.assertEqual(self.facts("--input", "2x8x8x8", "--kernel", "box:3")["weights"], [2, 1, 3, 3, 3])
        self.assertEqual(self.facts("--in-channels", 2, "--input", "8", "--kernel", "box:3")["weights"], [2, 1, 3])
        self.save("x.npy", integers(1, 9))
        self.run_ok("apply", "--x", "x.npy", "--kernel", "delta:3", "--padding", "same", "--out", "y.npy")
        self.assert_same(np.load(self.path("y.npy")), np.load(self.path("x.npy")))
        self.assertIn("expected a kernel of one axis, as the input has", self.refused("info", "--input", 40, "--kernel", "sobel-x"))

    def test_u2_a_picture_read_as_channels_says_so(self):
        self.save("x.npy", integers(2, 3, 3))
        said = self.run_ok("apply", "--x", "x.npy", "--kernel", "1", "--out", "y.npy")
        self.assertIn("--x 3x3 was read as 3 channels of 3 values, for the kernel has one axis", said)
        self.assertNotIn("was read as", self.run_ok("apply", "--x", "x.npy", "--kernel", "[[1]]", "--out", "y.npy"))
        for command in (["info"], ["spectrum"], ["build", "--out", "W.mtx"]):
            self.assertIn("--input 4x4 was read as 4 channels of 4 values", self.run_ok(*command, "--input", "4x4", "--kernel", "1,2"))
        self.assertIn("was read as", self.facts("--input", "4x4", "--kernel", "1,2")["note"])

    def test_n9_one_extent_for_two_axes_is_refused_with_both_readings(self):
        for words in ([], ["--convention", "pytorch"]):
            line = self.refused("info", "--input", "8x16", "--kernel-size", 3, *words)
            self.assertIn("--kernel-size: 3: expected 3x3 for a picture of 8x16 and one channel, or --in-channels 8 --input 16 "
                          "beside it for one axis of 16", line)
            self.assertEqual(self.facts("--in-channels", 8, "--input", 16, "--kernel-size", 3, *words)["weights"], [1, 8, 3])
            self.assertEqual(self.facts("--input", "3x8x8", "--kernel-size", 3, *words)["weights"], [1, 3, 3, 3])
            self.assertEqual(self.facts("--input", "8x16", "--kernel-size", 3, "--stride", "2x2", *words)["weights"], [1, 1, 3, 3])
            self.assertEqual(self.facts("--input", "8x16", "--kernel-size", 3, "--out-channels", 4, *words)["weights"], [4, 8, 3])
            self.assertEqual(self.facts("--input", "16", "--kernel-size", 3, *words)["weights"], [1, 1, 3])
        self.write("l.json", '{"input": [8, 8], "kernel": 3, "stride": 2}')
        self.assertEqual(self.facts("--layer", "l.json")["weights"], [1, 1, 3, 3])
        self.assertIn("--input: 3x8x8: expected 2 spatial extents alone, beside --in-channels",
                      self.refused("info", "--in-channels", 3, "--input", "3x8x8", "--kernel-size", "3x3"))
        self.assertIn("3x3 for a picture of 8x8 and 3 channels, or --in-channels 8 beside it", self.refused(
            "check", "--x", self.save("x.npy", np.ones((3, 8, 8))), "--kernel-size", 3))

    def test_n7_the_name_of_a_result_is_checked_before_anything_is_computed(self):
        self.save("x.npy", np.ones((5, 5)))
        for name in ("y2.txt", "y", "y.npz", "y.PNG", "no/y.npy"):
            self.assertIn(name, self.refused("apply", "--x", "x.npy", "--kernel", "box:3", "--out", name))
        self.assertIn("missing.npy", self.refused("apply", "--x", "missing.npy", "--kernel", "box:3", "--out", "y.npy"))
        self.save("z.npy", np.ones((5, 5)) * 1j)
        for x, kernel in ((self.save("two.npy", np.ones((2, 5, 5))), "box:3"), ("z.npy", "box:3")):
            self.assertIn("y.png", self.refused("apply", "--x", x, "--kernel", kernel, "--out", "y.png"))

    def test_n10_apply_blurs_a_picture(self):
        with open(self.path("photo.png"), "wb") as file:
            file.write(png(integers(3, 12, 10) % 256))
        grey = (integers(3, 12, 10) % 256).astype(float)
        self.run_ok("apply", "--image", "photo.png", "--kernel", "box:3", "--boundary", "replicate", "--out", "y.npy")
        y = np.load(self.path("y.npy"))
        self.assertEqual(y.shape, (1, 12, 10))
        wide = np.pad(grey, 1, mode="edge")
        mean = sum(wide[i:i + 12, j:j + 10] for i in range(3) for j in range(3)) / 9
        np.testing.assert_allclose(y[0], mean, rtol=1e-13)
        self.run_ok("apply", "--image", "photo.png", "--kernel", "box:3", "--boundary", "replicate", "--out", "y.png")
        self.run_ok("apply", "--image", "y.png", "--kernel", "delta:1", "--out", "rounded.npy")
        np.testing.assert_array_equal(np.load(self.path("rounded.npy"))[0], np.floor(mean + 0.5))
        self.run_ok("solve", "--image", "y.png", "--kernel", "box:3", "--boundary", "replicate", "--lambda", 0.1, "--out", "s.png")
        with open(self.path("colour.png"), "wb") as file:
            file.write(png(integers(4, 6, 5, 3) % 256))
        self.run_ok("apply", "--image", "colour.png", "--kernel", "delta:3", "--out", "c.npy")
        np.testing.assert_array_equal(np.load(self.path("c.npy")), (integers(4, 6, 5, 3) % 256).transpose(2, 0, 1))
        self.run_ok("apply", "--image", "photo.png", "--kernel", "box:3", "--convention", "onnx", "--out", "valid.npy")
        self.assertEqual(np.load(self.path("valid.npy")).shape, (1, 10, 8))
        self.refused("apply", "--image", "photo.png", "--x", "y.npy", "--kernel", "box:3", "--out", "z.npy")

    def test_n10_noise_is_what_the_seed_says(self):
        self.save("x.npy", np.zeros((100, 100)))
        apply_zero = ["apply", "--x", "x.npy", "--kernel", "delta:1"]
        for name, seed in (("a", 1), ("b", 1), ("c", 2)):
            self.run_ok(*apply_zero, "--noise", 3, "--seed", seed, "--out", name + ".npy")
        a, b, c = (np.load(self.path(name + ".npy")) for name in "abc")
        np.testing.assert_array_equal(a, b)
        self.assertGreater(np.abs(a - c).max(), 1)
        self.assertLess(abs(a.std() - 3), 0.1)
        self.assertLess(abs(a.mean()), 0.15)
        self.assertIn("--seed: 1: expected --noise beside it", self.refused(*apply_zero, "--seed", 1, "--out", "d.npy"))
        self.assertEqual(np.load(self.path("a.npy")).dtype, np.float64)

    def test_n11_a_kernel_may_have_blanks_or_be_lists(self):
        for kernel in ("0,1;2,3", "0, 1; 2, 3", "[[0,1],[2,3]]", "[0 1; 2 3]"):
            facts = self.facts("--input", "3x3", "--kernel", kernel)
            self.assertEqual((facts["weights"], facts["dtype"]), ([1, 1, 2, 2], "int64"))
            np.testing.assert_array_equal(self.matrix("--input", "3x3", "--kernel", kernel), matrix_of(
                np.array([[[[0, 1], [2, 3]]]]), (1, 3, 3), (1, 1), (1, 1), ((0, 0),) * 2, ZEROS))
        self.assertIn("weights   1x1x1x3 ", self.run_ok("info", "--input", "3x3", "--kernel", "[[1,2,1]]"))

    def test_u4_numpys_same_is_as_long_as_the_longer_one(self):
        layer = ["--convention", "numpy", "--input", 3, "--kernel", "1,2,3,4,5", "--padding", "same"]
        self.assertEqual(self.matrix(*layer).tolist(), [[2, 1, 0], [3, 2, 1], [4, 3, 2], [5, 4, 3], [0, 5, 4]])
        self.assertIn("as long as the longer one", self.run_ok("info", *layer))
        for n in range(1, 6):
            for k in range(1, 6):
                a, v = integers(n, n), integers(9 + k, k)
                for mode in ("full", "same", "valid"):
                    options = ["--padding", mode, "--kernel", self.save("k.npy", v)]
                    w = self.matrix("--convention", "numpy", "--input", n, *options)
                    np.testing.assert_array_equal(w @ a, np.convolve(a, v, mode))
                    np.testing.assert_array_equal(w, scipy.linalg.convolution_matrix(v, n, mode))
                    w = self.matrix("--convention", "numpy-correlate", "--input", n, *options)
                    np.testing.assert_array_equal(w @ a, np.correlate(a, v, mode))
        a, v = integers(1, 4, dtype=complex), integers(2, 3, dtype=complex)
        self.assert_same(self.apply(a, v, "--convention", "numpy-correlate", "--padding", "full"), np.correlate(a, v, "full"))
        self.assertIn("--kernel: 3x3: expected one axis", self.refused(
            "info", "--convention", "numpy", "--input", "5x5", "--kernel-size", "3x3"))

    def test_u3_column_major_is_the_vector_of_matlab(self):
        b = integers(5, 2, 3)
        self.save("b.npy", b)
        matlab = ["--convention", "matlab", "--input", "5x4", "--kernel", "b.npy"]
        for shape, part in (("full", np.s_[:, :]), ("same", np.s_[1:6, 1:5]), ("valid", np.s_[1:5, 2:4])):
            w = self.matrix(*matlab, "--padding", shape, "--order", "column-major")
            for a in (integers(6, 5, 4), integers(7, 5, 4)):
                c = scipy.signal.convolve(a, b, method="direct")[part]
                np.testing.assert_array_equal(w @ a.ravel(order="F"), c.ravel(order="F"))
        with open(self.path("W.mtx")) as file:
            self.assertIn("vec column-major", file.read())
        self.assertIn("--order: fortran: expected one of row-major, column-major", self.refused(
            "build", *matlab, "--order", "fortran", "--out", "W.mtx"))

    def test_u3_column_major_and_the_transpose_of_any_layer(self):
        layer = ["--input", "4x7x6", "--kernel", self.save("k.npy", integers(8, 6, 2, 3, 2)), "--groups", 2, "--stride", "3x2",
                 "--dilation", "1x2", "--padding", "1:0x2:1", "--boundary", "periodic,replicate"]
        for options in (layer, [*layer[:2], "--kernel", self.save("t.npy", integers(9, 4, 3, 3, 2)), *layer[4:], "--transposed",
                                "--output-padding", "2x1"]):
            w = self.matrix(*options)
            facts = self.facts(*options)
            reordered = lambda shape: np.arange(np.prod(shape)).reshape(shape).transpose(0, 2, 1).ravel()
            rows, cols = reordered(facts["output"]), reordered(facts["input"])
            np.testing.assert_array_equal(self.matrix(*options, "--order", "column-major"), w[np.ix_(rows, cols)])
            np.testing.assert_array_equal(self.matrix(*options, "--transpose"), w.T)
            np.testing.assert_array_equal(self.matrix(*options, "--transpose", "--order", "column-major"), w[np.ix_(rows, cols)].T)

    def test_u5_the_boundary_that_is_meant_is_named(self):
        layer = ["info", "--input", "1x8x8", "--kernel-size", "3x3", "--transposed", "--boundary"]
        for mode, own in (("circular", "periodic"), ("reflect", "whole_symmetric"), ("replicate", "replicate")):
            self.assertIn(f"; the transpose of a layer with that boundary is --boundary {own} without --convention",
                          self.refused(*layer, mode, "--convention", "pytorch"))
            self.run_ok(*layer, own)
        self.run_ok(*layer, "zeros", "--convention", "pytorch")

    def test_u6_the_extents_that_are_possible_are_named(self):
        layer = ["--convention", "tensorflow", "--transposed", "--input", 36, "--kernel-size", 3, "--stride", 2]
        self.assertIn("wants: 73 to 74, with", self.refused("info", *layer, "--padding", "VALID"))
        self.assertIn("wants: 71 to 72, with", self.refused("info", *layer))
        self.assertIn("--output-size: 75: expected 73 to 74, ", self.refused("info", *layer, "--padding", "VALID", "--output-size", 75))
        for size in (72, 73, 74, 75):
            done = self.start("info", *layer, "--padding", "VALID", "--output-size", size)
            self.assertEqual(done.returncode, 0 if size in (73, 74) else 2)
        picture = ["info", "--convention", "tensorflow", "--transposed", "--input", "1x4x5", "--kernel-size", "3x3",
                   "--stride", "2x2", "--padding", "1:0x0:1"]
        self.assertIn("wants: 8x10 to 9x11, with", self.refused(*picture))
        for size in ("8x10", "9x11"):
            self.run_ok(*picture, "--output-size", size)

    def test_n12_the_channels_of_a_kernel_that_is_looked_for_are_those_of_y(self):
        kernel = integers(10, 4, 2, 3, 3).astype(float)
        x = np.random.default_rng(11).standard_normal((5, 2, 9, 8))
        y = self.apply(x, kernel, "--padding", "same")
        self.save("y.npy", y)
        self.save("x.npy", x)
        self.run_ok("solve", "--x", "x.npy", "--y", "y.npy", "--kernel-size", "3x3", "--padding", "same", "--out", "found.npy")
        np.testing.assert_allclose(np.load(self.path("found.npy")), kernel, atol=1e-11)
        self.save("x1.npy", x[0])
        self.save("y1.npy", y[0])
        self.run_ok("solve", "--x", "x1.npy", "--y", "y1.npy", "--kernel-size", "3x3", "--padding", "same", "--out", "found.npy")
        np.testing.assert_allclose(np.load(self.path("found.npy")), kernel, atol=1e-11)
        self.assertIn("--y: shape 5x4x9x8: expected ", self.refused(
            "solve", "--x", "x.npy", "--y", "y.npy", "--kernel-size", "3x3", "--padding", "same", "--out", "f.npy", "--out-channels", 3))


    def test_n19_the_layer_files_that_are_shown_can_be_read(self):
        shown = [re.search(r"^  (\{.*?\})$", self.run_ok("help", "layer"), re.M | re.S).group(1)]
        for page in ("README.md", "docs/conventions.md"):
            with open(os.path.join(cli_support.ROOT, page)) as file:
                shown += re.findall(r"```json\n(.*?)```", file.read(), re.S)
        self.assertEqual(len(shown), 3)
        for text in shown:
            facts = self.facts("--layer", self.write("layer.json", text))
            self.assertEqual((facts["input"], facts["output"]), ([3, 64, 64], [16, 32, 32]))


class Streams(CliCase):
    """A file named - is standard input or output."""

    def piped(self, *arguments, data=b""):
        done = subprocess.run([cli_support.PROGRAM, *map(str, arguments)], cwd=self.folder, capture_output=True, input=data)
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout

    def npy(self, array):
        stream = io.BytesIO()
        np.save(stream, array)
        return stream.getvalue()

    def test_n14_arrays_through_pipes(self):
        x, kernel = integers(20, 5, 6), integers(21, 2, 2)
        self.save("k.npy", kernel)
        self.save("x.npy", x)
        expected = matrix_of(kernel[None, None], (1, 5, 6), (1, 1), (1, 1), ((0, 0),) * 2, ZEROS) @ x.ravel()
        for arguments, data in ((["--x", "-", "--kernel", "k.npy"], x), (["--x", "x.npy", "--kernel", "-"], kernel)):
            out = self.piped("apply", *arguments, "--out", "-", data=self.npy(data))
            self.assert_same(np.load(io.BytesIO(out)).ravel(), expected)
        self.assertEqual(sorted(os.listdir(self.folder)), ["k.npy", "x.npy"])
        self.assertIn("--x: -: expected a file, for --kernel reads standard input", self.refused(
            "apply", "--x", "-", "--kernel", "-", "--out", "y.npy"))

    def test_n14_matrices_layers_and_pictures_through_pipes(self):
        layer = b'{"input": [4, 4], "kernel": [2, 2]}'
        w = scipy.io.mmread(io.BytesIO(self.piped("build", "--layer", "-", "--kernel", "0,1;2,3", "--out", "-", data=layer)))
        self.assertEqual(w.shape, (9, 16))
        picture = png(integers(22, 6, 6) % 256)
        y = np.load(io.BytesIO(self.piped("apply", "--image", "-", "--kernel", "delta:3", "--out", "-", data=picture)))
        np.testing.assert_array_equal(y[0], integers(22, 6, 6) % 256)
        matrix = self.piped("build", "--input", "3x3", "--kernel", "0,1;2,3", "--out", "-")
        self.assertIn(b"4", self.piped("spy", "--matrix", "-", data=matrix))
        self.assertIn(b"x", self.piped("spy", "--input", "3x3", "--kernel", "0,1;2,3", "--out", "-"))
        solved = self.piped("solve", "--y", "-", "--kernel", "delta:3", "--padding", "same", "--out", "-", data=self.npy(y[0]))
        np.testing.assert_allclose(np.load(io.BytesIO(solved)), y[0], atol=1e-12)
        vectors = self.piped("spectrum", "--input", "3x3", "--kernel", "box:3", "--padding", 1, "--top", 1, "--vectors", "-")
        self.assertEqual(np.load(io.BytesIO(vectors)).shape, (1, 1, 3, 3))
        biased = self.piped("apply", "--image", "-", "--kernel", "delta:3", "--bias", self.save("b.npy", np.ones(1)), "--out", "-",
                            data=picture)
        np.testing.assert_array_equal(np.load(io.BytesIO(biased)), y + 1)


if __name__ == "__main__":
    cli_support.main()
