"""Tests of the convmat program, --convention: python3 conventions_test.py PROGRAM."""
import itertools
import json

import numpy as np
import scipy.ndimage
import scipy.signal

import cli_support
from cli_support import CliCase, convolve, integers, scatter, ZEROS


class Conventions(CliCase):
    """--convention: the same options and kernel files in another system's words."""

    def test_pytorch(self):
        x, kernel = integers(81, 4, 7, 6), integers(82, 6, 2, 2, 4)
        y = self.apply(x, kernel, "--convention", "pytorch", "--groups", 2, "--padding", "same", "--boundary", "circular")
        self.assert_same(y, convolve(x, kernel, (1, 1), (1, 1), ((0, 1), (1, 2)), ["periodic"] * 2, groups=2))
        z = self.apply(x, integers(83, 4, 3, 3, 3), "--convention", "pytorch", "--transposed", "--groups", 2,
                       "--stride", 3, "--output-size", "23x18")
        self.assertEqual(z.shape, (6, 23, 18))

    def test_onnx_pads_and_auto_pad(self):
        x, kernel = integers(84, 1, 7, 6), integers(85, 1, 1, 3, 2)
        for padding, pairs in (("1,0,2,3", ((1, 2), (0, 3))), ("1:2x0:3", ((1, 2), (0, 3))), ("SAME_UPPER", ((1, 1), (0, 1))),
                               ("same_lower", ((1, 1), (1, 0))), ("VALID", ((0, 0), (0, 0)))):
            y = self.apply(x, kernel, "--convention", "onnx", "--padding", padding)
            self.assert_same(y, convolve(x, kernel, (1, 1), (1, 1), pairs, ZEROS))

    def test_kernel_files_with_channels_last(self):
        x, kernel = integers(86, 4, 6, 5), integers(87, 6, 2, 3, 2)
        expected = convolve(x, kernel, (2, 2), (1, 1), ((0, 1), (0, 1)), ZEROS, groups=2)
        for name in ("tensorflow", "keras"):
            y = self.apply(x, kernel.transpose(2, 3, 1, 0), "--convention", name, "--groups", 2, "--stride", 2,
                           "--padding", "SAME")
            self.assert_same(y, expected)
        depthwise = kernel[:4].reshape(2, 4, 3, 2)  # M, C, H, W
        y = self.apply(x, depthwise.transpose(2, 3, 1, 0), "--convention", "tensorflow-depthwise")
        self.assert_same(y, convolve(x, depthwise.swapaxes(0, 1).reshape(8, 1, 3, 2), (1, 1), (1, 1), ((0, 0),) * 2,
                                     ZEROS, groups=4))

    def test_transposed_kernel_files_with_channels_last(self):
        x, kernel = integers(88, 3, 4, 5), integers(89, 3, 2, 3, 3)  # in, out, H, W
        last, flipped = kernel.transpose(2, 3, 1, 0), kernel[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)
        expected = scatter(x, kernel, (2, 2), (1, 1), ((0, 1), (0, 1)), (0, 0))
        for name, array, options in (("tensorflow", last, ["--output-size", "8x10"]), ("keras", last, []),
                                     ("jax-transpose-kernel", last, []), ("jax", flipped, [])):
            y = self.apply(x, array, "--convention", name, "--transposed", "--stride", 2, "--padding", "SAME", *options)
            self.assert_same(y, expected)

    def test_onednn_counts_dilation_from_zero_and_may_have_an_axis_of_groups(self):
        x, kernel = integers(90, 4, 8), integers(91, 6, 2, 3)
        expected = convolve(x, kernel, (2,), (2,), ((1, 2),), ZEROS, groups=2)
        y = self.apply(x, kernel.reshape(2, 3, 2, 3), "--convention", "onednn", "--groups", 2, "--stride", 2,
                       "--dilation", 1, "--padding", "1:2")
        self.assert_same(y, expected)
        z = self.apply(y, kernel.reshape(2, 3, 2, 3).swapaxes(1, 2), "--convention", "onednn", "--groups", 2, "--stride",
                       2, "--dilation", 1, "--padding", "1:2", "--transposed", "--output-size", 8)
        self.assert_same(z, scatter(y, kernel, (2,), (2,), ((1, 2),), (0,), groups=2))

    def test_mxnet_target_shape(self):
        x, kernel = integers(92, 1, 4), integers(93, 1, 1, 3)
        z = self.apply(x, kernel, "--convention", "mxnet", "--transposed", "--stride", 2, "--output-size", 6)
        self.assert_same(z, scatter(x, kernel, (2,), (1,), ((2, 2),), (1,)))

    def test_jax_lhs_dilation(self):
        x, kernel = integers(94, 2, 4), integers(95, 3, 2, 3)
        y = self.apply(x, kernel, "--convention", "jax", "--lhs-dilation", 2, "--padding", "1:2")
        dilated = np.zeros((2, 7), x.dtype)
        dilated[:, ::2] = x
        self.assert_same(y, convolve(dilated, kernel, (1,), (1,), ((1, 2),), ZEROS))

    def test_matlab_same_begins_at_half_the_kernel(self):
        x, kernel = integers(96, 6, 7), integers(97, 3, 4)
        full = scipy.signal.convolve(x, kernel, method="direct")
        self.save("k.npy", kernel)
        for shape, part in (("full", full), ("same", full[1:7, 2:9]), ("valid", full[2:6, 3:7])):
            self.assert_same(self.apply(x, kernel, "--convention", "matlab", "--padding", shape), part)

    def test_scipy_signal_in_every_mode(self):
        rng = np.random.default_rng(98)
        for mode, name in itertools.product(("full", "same", "valid"), ("convolve", "correlate")):
            for _ in range(2):
                x, kernel = integers(rng.integers(99), *rng.integers(5, 8, 2)), integers(3, *rng.integers(1, 6, 2))
                y = self.apply(x, kernel, "--convention", f"scipy-{name}", "--padding", mode)
                self.assert_same(y, getattr(scipy.signal, name)(x, kernel, mode, method="direct"))
                for boundary in ("fill", "wrap", "symm"):
                    y = self.apply(x, kernel, "--convention", f"scipy-{name}2d", "--padding", mode, "--boundary", boundary)
                    self.assert_same(y, getattr(scipy.signal, name + "2d")(x, kernel, mode, boundary))

    def test_scipy_ndimage_in_every_mode(self):
        rng = np.random.default_rng(99)
        for mode in ("reflect", "constant", "nearest", "mirror", "wrap", "grid-mirror", "grid-constant", "grid-wrap"):
            for name in ("convolve", "correlate"):
                extents = rng.integers(1, 6, 2)
                origin = [int(rng.integers(-((k - 1) // 2), (k - 1) // 2 + 1)) for k in extents]
                x, kernel = integers(rng.integers(99), 5, 4), integers(rng.integers(99), *extents)
                y = self.apply(x, kernel, "--convention", f"ndimage-{name}", "--boundary", mode,
                               "--origin", "x".join(map(str, origin)))
                self.assert_same(y, getattr(scipy.ndimage, name)(x, kernel, mode=mode, origin=origin))

    def test_info_says_what_was_understood(self):
        line = ["info", "--input", "3x8x8", "--kernel-size", "3x4", "--convention", "pytorch", "--padding", "same"]
        reading = ("Read as PyTorch's torch.nn.Conv: padding='same', padding 1:1x1:2, weights (O, C/g, k...) of shape 1x3x3x4 "
                   "are taken as they are.")
        self.assertIn(reading + "\nW maps", self.run_ok(*line))
        self.assertEqual(json.loads(self.run_ok(*line, "--json"))["read_as"], reading)
        self.assertNotIn("Read as", self.run_ok(*line[:5]))

    def test_what_a_system_refuses_or_lacks_is_refused(self):
        layer = ["info", "--input", "1x5x5", "--kernel", "1,2;3,4", "--convention"]
        self.assertIn("--convention: torch: expected one of convmat, pytorch, onnx,", self.refused(*layer, "torch"))
        for words, blamed in (("pytorch --padding same --stride 2", "--stride: "), ("pytorch --padding 0:1", "--padding: 0:1: "),
                              ("pytorch --padding 5 --boundary reflect", "--padding: "), ("pytorch --boundary symm", "--boundary: symm: "),
                              ("onnx --padding 1,1", "--padding: "), ("onnx --padding same", "--padding: same: "),
                              ("tensorflow --padding -1", "--padding: "), ("tensorflow --transposed", "--output-size: "),
                              ("tensorflow-depthwise --transposed", "--convention: "), ("keras --padding 1", "--padding: 1: "),
                              ("keras --padding causal", "--padding: "), ("jax --boundary periodic", "--boundary: periodic: "),
                              ("jax --lhs-dilation 2 --stride 2 --padding 1", "--stride: "), ("jax-transpose-kernel", "--convention: "),
                              ("jax --transposed --output-padding 1", "--output-padding: "), ("mxnet --padding 1:0", "--padding: 1:0: "),
                              ("onednn --dilation -1", "--dilation: "), ("matlab --stride 2", "--stride: "),
                              ("matlab --padding 1", "--padding: 1: "), ("scipy --boundary wrap", "--boundary: "),
                              ("scipy --transposed", "--convention: "), ("ndimage --padding same", "--padding: same: "),
                              ("ndimage --origin 2", "--origin: "), ("pytorch --origin 1", "--origin: "),
                              ("convmat --lhs-dilation 2", "--lhs-dilation: ")):
            self.assertTrue(self.refused(*layer, *words.split()).startswith("convmat: " + blamed), words)
        path = self.write("layer.json", '{"input": [5, 5]}')
        self.assertIn("no layer file", self.refused(*layer, "pytorch", "--layer", path))

    def test_weights_of_another_shape_are_refused(self):
        self.save("k.npy", integers(1, 3, 3, 2, 4))
        line = self.refused("info", "--convention", "tensorflow", "--input", "3x8x8", "--kernel", "k.npy")
        self.assertIn("k.npy: shape 3x3x2x4: expected (k..., in/groups, out) with 3 input channels", line)
        self.save("k.npy", integers(1, 3, 2, 2, 3))
        line = self.refused("info", "--convention", "onednn", "--groups", 2, "--input", "4x8", "--kernel", "k.npy")
        self.assertIn("(groups, out/groups, in/groups, k...) with 2 groups, not 3", line)


if __name__ == "__main__":
    cli_support.main()
