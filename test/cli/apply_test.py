"""Tests of the convmat program, apply: python3 apply_test.py PROGRAM."""
import itertools

import numpy as np

import cli_support
from cli_support import CliCase, convolve, integers, matrix_of, scatter, ZEROS


class Apply(CliCase):
    def test_the_chapters_numbers(self):
        kernel = "0,1;2,3"
        y = self.apply(np.arange(9).reshape(3, 3), kernel)
        self.assert_same(y, np.array([[19, 25], [37, 43]]))
        z = self.apply(np.arange(4).reshape(2, 2), kernel, "--transposed")
        self.assert_same(z, np.array([[0, 0, 1], [0, 4, 6], [4, 12, 9]]))

    def test_channels_stride_dilation_and_uneven_padding(self):
        x, kernel = integers(1, 3, 9, 8), integers(2, 4, 3, 3, 2)
        y = self.apply(x, kernel, "--stride", "2x1", "--dilation", "1x3", "--padding", "1:2x0:3")
        self.assert_same(y, convolve(x, kernel, (2, 1), (1, 3), ((1, 2), (0, 3)), ZEROS))

    def test_negative_padding_crops(self):
        x, kernel = integers(3, 1, 7, 7), integers(4, 1, 1, 3, 3)
        y = self.apply(x, kernel, "--padding", "-1:2x-1")
        self.assert_same(y, convolve(x, kernel, (1, 1), (1, 1), ((-1, 2), (-1, -1)), ZEROS))

    def test_groups_and_depthwise(self):
        x, kernel = integers(5, 4, 6, 6), integers(6, 6, 2, 3, 3)
        self.assert_same(self.apply(x, kernel, "--groups", 2),
                         convolve(x, kernel, (1, 1), (1, 1), ((0, 0),) * 2, ZEROS, groups=2))
        stencil = np.array([[0, 1], [2, 3]])
        depthwise = np.stack([stencil[None]] * 4)
        expected = convolve(x, depthwise, (1, 1), (1, 1), ((0, 0),) * 2, ZEROS, groups=4)
        self.assert_same(self.apply(x, "0,1;2,3"), expected)
        self.assert_same(self.apply(x, stencil), expected)

    def test_a_stencil_for_every_pair_of_channels(self):
        x, stencil = integers(7, 2, 5, 5), np.array([[0, 1], [2, 3]])
        every = np.broadcast_to(stencil, (3, 2, 2, 2))
        self.assert_same(self.apply(x, "0,1;2,3", "--out-channels", 3),
                         convolve(x, every, (1, 1), (1, 1), ((0, 0),) * 2, ZEROS))

    def test_every_boundary_on_either_axis(self):
        x, kernel = integers(8, 2, 6, 5), integers(9, 2, 2, 3, 3)
        for pair in itertools.product(cli_support.PAD_MODES, repeat=2):
            with self.subTest(pair):
                y = self.apply(x, kernel, "--padding", "2:1x4", "--boundary", ",".join(pair))
                self.assert_same(y, convolve(x, kernel, (1, 1), (1, 1), ((2, 1), (4, 4)), pair))

    def test_one_and_three_spatial_axes(self):
        x, kernel = integers(10, 2, 11), integers(11, 3, 2, 4)
        self.assert_same(self.apply(x, kernel, "--stride", 3),
                         convolve(x, kernel, (3,), (1,), ((0, 0),), ZEROS))
        self.assert_same(self.apply(np.arange(5), "1,2,1"), np.array([4, 8, 12]))
        x, kernel = integers(12, 2, 4, 5, 3), integers(13, 1, 2, 2, 3, 2)
        self.assert_same(self.apply(x, kernel, "--padding", 1),
                         convolve(x, kernel, (1,) * 3, (1,) * 3, ((1, 1),) * 3, ZEROS))
        stencil = integers(14, 2, 2, 2)
        self.assert_same(self.apply(x, stencil, "--input", "2x4x5x3"),
                         convolve(x, np.stack([stencil[None]] * 2), (1,) * 3, (1,) * 3, ((0, 0),) * 3, ZEROS, groups=2))

    def test_padding_rules(self):
        x = integers(15, 7, 7)
        for rule, kernel, paddings in (("valid", (3, 2), ((0, 0), (0, 0))), ("full", (3, 2), ((2, 2), (1, 1))),
                                       ("same", (3, 2), ((1, 1), (0, 1))), ("same_upper", (4, 2), ((1, 2), (0, 1))),
                                       ("same_lower", (4, 2), ((2, 1), (1, 0)))):
            with self.subTest(rule):
                weights = integers(16, 1, 1, *kernel)
                y = self.apply(x[None], weights, "--padding", rule)
                self.assert_same(y, convolve(x[None], weights, (1, 1), (1, 1), paddings, ZEROS))

    def test_a_batch_stays_a_batch(self):
        x, kernel = integers(17, 3, 2, 5, 5), integers(18, 4, 2, 2, 2)
        expected = np.stack([convolve(one, kernel, (1, 1), (1, 1), ((0, 0),) * 2, ZEROS) for one in x])
        self.assert_same(self.apply(x, kernel), expected)
        self.assert_same(self.apply(x[:0], kernel), expected[:0])

    def test_transposed_layers(self):
        x = integers(19, 4, 3, 4)
        for groups, stride, dilation, crop, more in ((1, (2, 3), (1, 1), ((0, 0), (1, 1)), (1, 2)),
                                                     (2, (1, 2), (2, 1), ((1, 0), (0, 2)), (1, 0)),
                                                     (1, (1, 1), (3, 2), ((0, 0), (0, 0)), (2, 1))):
            with self.subTest(stride=stride, dilation=dilation):
                kernel = integers(20, 4, 3, 3, 2)
                text = "x".join(f"{begin}:{end}" for begin, end in crop)
                z = self.apply(x, kernel, "--transposed", "--groups", groups, "--stride", "%dx%d" % stride, "--dilation",
                               "%dx%d" % dilation, "--padding", text, "--output-padding", "%dx%d" % more)
                self.assert_same(z, scatter(x, kernel, stride, dilation, crop, more, groups))

    def test_output_size_and_same_of_transposed_layers(self):
        x, kernel = integers(21, 1, 4, 4), integers(22, 1, 1, 3, 3)
        z = self.apply(x, kernel, "--transposed", "--stride", 2, "--output-size", 10)
        self.assert_same(z, scatter(x, kernel, (2, 2), (1, 1), ((0, 0),) * 2, (1, 1)))
        self.assertEqual(self.apply(x, "1,2;3,4", "--transposed", "--stride", 3, "--padding", "same").shape, (1, 12, 12))

    def test_transposed_layers_fold_their_boundary(self):
        kernel = integers(23, 2, 3, 3, 3)
        for boundary in cli_support.PAD_MODES:
            with self.subTest(boundary):
                w = matrix_of(kernel, (3, 5, 5), (1, 1), (1, 1), ((1, 1),) * 2, [boundary] * 2)
                y = integers(24, 2, 5, 5)
                z = self.apply(y, kernel, "--transposed", "--padding", 1, "--boundary", boundary)
                self.assert_same(z, (w.T @ y.ravel()).reshape(3, 5, 5))

    def test_result_types_are_numpys(self):
        kinds = [np.int64, np.float32, np.float64, np.complex64, np.complex128]
        for a, b in itertools.product(kinds, repeat=2):
            with self.subTest((a, b)):
                x, kernel = integers(25, 1, 4, 4, dtype=a), integers(26, 1, 1, 2, 2, dtype=b)
                expected = convolve(x, kernel, (1, 1), (1, 1), ((0, 0),) * 2, ZEROS)
                self.assert_same(self.apply(x, kernel), expected.astype(np.result_type(x, kernel)))

    def test_int64_is_exact_beyond_53_bits(self):
        x = np.array([[2**60 + 1, 1], [1, 1]])
        self.assert_same(self.apply(x, "1,2;3,4"), np.array([[2**60 + 10]]))

    def test_the_adjoint(self):
        for dtype, transposed in itertools.product((np.int64, np.complex128), ([], ["--transposed"])):
            with self.subTest((dtype, transposed)):
                kernel = integers(27, 2, 2, 3, 3, dtype=dtype)
                options = ["--stride", 2, "--padding", 1, "--boundary", "periodic", *transposed]
                x = integers(28, 2, 6, 6, dtype=dtype)
                ax = self.apply(x, kernel, *options)
                y = integers(29, *ax.shape, dtype=dtype)
                aty = self.apply(y, kernel, *options, "--input", "2x6x6", "--adjoint")
                self.assertEqual(aty.shape, x.shape)
                self.assertEqual(np.vdot(y, ax), np.vdot(aty, x))

    def test_bias_is_added_to_each_output_channel(self):
        x, kernel, bias = integers(30, 2, 3, 4, 4), integers(31, 2, 3, 2, 2), np.array([10.5, -2])
        self.save("b.npy", bias)
        y = self.apply(x, kernel)
        self.assert_same(self.apply(x, kernel, "--bias", "b.npy"), y + bias[:, None, None])

    def test_spatial_extents_alone_come_back_so(self):
        self.assertEqual(self.apply(np.ones((5, 5)), "box:3").shape, (3, 3))
        self.assertEqual(self.apply(np.ones((1, 5, 5)), "box:3").shape, (1, 3, 3))
        self.assertEqual(self.apply(np.ones((5, 5)), np.ones((2, 1, 3, 3))).shape, (2, 3, 3))

    def test_standard_output_can_be_the_file(self):
        self.save("x.npy", np.arange(9).reshape(3, 3))
        self.run_ok("apply", "--x", "x.npy", "--kernel", "0,1;2,3", "--out", "y.npy")
        streamed = self.start("apply", "--x", "x.npy", "--kernel", "0,1;2,3", "--out", "/dev/stdout")
        with open(self.path("y.npy"), "rb") as file:
            self.assertEqual((streamed.returncode, streamed.stdout), (0, file.read()))

    def test_named_kernels(self):
        x = np.arange(49.0).reshape(7, 7)
        np.testing.assert_allclose(self.apply(x, "box:3"), x[1:-1, 1:-1], rtol=1e-14)
        self.assert_same(self.apply(x, "binomial:3"), x[1:-1, 1:-1])
        self.assert_same(self.apply(x, "delta:3"), x[1:-1, 1:-1])
        self.assert_same(self.apply(x, "laplacian"), np.zeros((5, 5)))
        self.assert_same(self.apply(x, "sobel-x"), np.full((5, 5), 8.0))
        self.assert_same(self.apply(x, "sobel-y"), np.full((5, 5), 56.0))
        for name in ("gaussian:5:1.2", "motion:5:45", "bilinear:3"):
            constant = self.apply(np.ones((9, 9)), name, "--boundary", "replicate", "--padding", "same")
            np.testing.assert_allclose(constant, 4 if name == "bilinear:3" else 1, rtol=1e-14)


if __name__ == "__main__":
    cli_support.main()
