"""Tests of the convmat program as a user meets it: python3 cli_test.py PROGRAM."""
import itertools
import json
import os
import re
import resource
import struct
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree

import numpy as np
import scipy.io
import scipy.ndimage
import scipy.signal
import scipy.sparse
import scipy.sparse.linalg

import cli_support
from cli_support import CliCase, convolve, integers, matrix_of, png, scatter

ZEROS = ["zero"] * 3


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


class Layers(CliCase):
    LAYER = {"in_channels": 2, "out_channels": 4, "groups": 2, "input": [6, 5], "kernel": [3, 2], "stride": [2, 1],
             "dilation": [1, 2], "padding": [[1, 0], [2, 1]], "boundary": ["periodic", "zero"], "transposed": False,
             "output_padding": [0, 0]}

    def layer(self, **changes):
        return self.write("layer.json", json.dumps({**self.LAYER, **changes}))

    def test_a_forward_layer(self):
        x, kernel = integers(1, 2, 6, 5), integers(2, 4, 1, 3, 2)
        expected = convolve(x, kernel, (2, 1), (1, 2), ((1, 0), (2, 1)), ("periodic", "zero"), groups=2)
        self.assert_same(self.apply(x, kernel, "--layer", self.layer()), expected)

    def test_options_override_the_file(self):
        x, kernel = integers(1, 2, 6, 5), integers(2, 4, 1, 3, 2)
        y = self.apply(x, kernel, "--layer", self.layer(), "--stride", 1, "--padding", 0, "--boundary", "zero")
        self.assert_same(y, convolve(x, kernel, (1, 1), (1, 2), ((0, 0),) * 2, ZEROS, groups=2))

    def test_a_transposed_layer_whose_output_padding_reaches_its_stride(self):
        x, kernel = integers(3, 4, 4, 3), integers(4, 4, 2, 3, 2)
        layer = dict(in_channels=4, out_channels=2, groups=1, input=[4, 3], stride=[2, 1], dilation=[1, 3],
                     padding=[[1, 1], [0, 0]], boundary="zero", transposed=True, output_padding=[1, 2])
        z = self.apply(x, kernel, "--layer", self.layer(**layer))
        self.assert_same(z, scatter(x, kernel, (2, 1), (1, 3), ((1, 1), (0, 0)), (1, 2)))

    def test_unknown_and_repeated_keys_and_wrong_values_are_refused(self):
        for text, about in (('{"input": [3], "kernal": [3]}', "kernal"), ('{"input": [3], "input": [4]}', "twice"),
                            ('{"input": [3.5]}', "input: [3.5]"), ('{"input": "3"}', 'input: "3"'), ("[1]", "array"),
                            ('{"input": [3]', "not JSON"), ('{"kernel": [3]}', "input"),
                            ('{"input": [3], "boundary": "mirror"}', "boundary: mirror"),
                            ('{"input": [3], "transposed": 1}', "transposed: 1"),
                            ('{"input": [3]}\0', "not JSON at byte 15"),
                            ('{"groups": 99999999999999999999}', "expected a 64-bit integer"),
                            ('{"groups": 9223372036854775808}', "groups: 9223372036854775808: expected a 64-bit integer"),
                            ("[" * 80000, "nested deeper"), ('{"input": ' + "[" * 80000 + "]" * 80000 + "}", "nested deeper"),
                            ('{"input": [' + "1, " * 1000 + '"a"]}', "input: [1,1,1,"),
                            ('{"' + "k" * 1000 + '": 1}', 'unknown key "kkkkk'),
                            ('{"input": [3], "boundary": "' + "\u00e4" * 1000 + '"}', "boundary: ")):
            with self.subTest(text):
                line = self.refused("info", "--layer", self.write("bad.json", text))
                self.assertIn("bad.json: ", line)
                self.assertIn(about, line)
                self.assertLess(len(line), 300)


class Build(CliCase):
    def setUp(self):
        super().setUp()
        self.kernel = integers(1, 2, 3, 3, 3)
        self.kernel[0, 0, 0, 0] = 0
        self.save("k.npy", self.kernel)
        self.options = ["--input", "3x5x6", "--stride", 2, "--padding", 1, "--boundary", "half_symmetric"]
        self.w = matrix_of(self.kernel, (3, 5, 6), (2, 2), (1, 1), ((1, 1),) * 2, ["half_symmetric"] * 2)

    def build(self, out, *options, kernel="k.npy"):
        text = self.run_ok("build", "--kernel", kernel, *self.options, *options, "--out", out, "--json")
        read = scipy.io.mmread if out.endswith(".mtx") else scipy.sparse.load_npz
        return read(self.path(out)), json.loads(text)

    def test_both_formats_hold_w(self):
        for out in ("W.mtx", "W.npz"):
            with self.subTest(out):
                matrix, report = self.build(out)
                np.testing.assert_array_equal(matrix.toarray(), self.w)
                self.assertEqual(matrix.dtype, np.int64)
                self.assertEqual((report["rows"], report["cols"]), self.w.shape)
                self.assertEqual(report["nnz"], matrix.nnz)
                self.assertGreater(report["build_ms"], 0)

    def test_storage_and_types(self):
        for storage, dtype in itertools.product(("csr", "csc"), (np.float32, np.float64, np.complex64, np.complex128)):
            with self.subTest((storage, dtype)):
                self.save("typed.npy", self.kernel.astype(dtype))
                matrix, _ = self.build("W.npz", "--storage", storage, kernel="typed.npy")
                self.assertEqual((matrix.format, matrix.dtype), (storage, dtype))
                np.testing.assert_array_equal(matrix.toarray(), self.w)

    def test_zeros_are_kept_unless_dropped(self):
        kept, dropped = self.build("W.npz")[0], self.build("D.npz", "--drop-zeros")[0]
        np.testing.assert_array_equal(dropped.toarray(), self.w)
        self.assertEqual(dropped.nnz, np.count_nonzero(self.w))
        self.assertGreater(kept.nnz, dropped.nnz)

    def test_a_transposed_layer_has_its_own_matrix(self):
        self.run_ok("build", "--transposed", "--kernel", "k.npy", "--input", "2x4x4", "--stride", 2, "--out", "T.mtx")
        matrix = scipy.io.mmread(self.path("T.mtx")).toarray()
        np.testing.assert_array_equal(
            matrix, matrix_of(self.kernel, (3, 9, 9), (2, 2), (1, 1), ((0, 0),) * 2, ZEROS).T)

    def test_literals_are_integers_or_reals(self):
        self.run_ok("build", "--kernel", "0,1;2,3", "--input", "3x3", "--out", "W.mtx")
        matrix = scipy.io.mmread(self.path("W.mtx"))
        self.assertEqual((matrix.dtype, matrix.nnz), (np.int64, 16))
        self.assertEqual(matrix.toarray()[1].tolist(), [0, 0, 1, 0, 2, 3, 0, 0, 0])
        self.run_ok("build", "--kernel", "0,1;2,3.5", "--input", "3x3", "--out", "R.npz")
        self.assertEqual(scipy.sparse.load_npz(self.path("R.npz")).dtype, np.float64)

    def test_the_file_names_the_format(self):
        self.assertIn("--out: W.txt: ", self.refused("build", "--kernel", "box:2", "--input", "3x3", "--out", "W.txt"))
        self.assertIn("--storage: coo: ", self.refused("build", "--kernel", "box:2", "--input", "3x3", "--out", "W.npz",
                                                       "--storage", "coo"))
        self.refused("build", "--kernel", "box:2", "--input", "3x3", "--out", "W.mtx", "--storage", "csc")


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
        self.assertIn("\nstructure of W: none: ", self.run_ok("info", "--input", "4", "--kernel-size", 3, "--stride", 2,
                                                              "--transposed"))

    def test_the_structure_is_that_of_the_weights(self):
        layer = ["info", "--input", "5x5", "--padding", 1, "--boundary", "half_symmetric", "--json", "--kernel"]
        classes = lambda kernel: [f["class"] for f in json.loads(self.run_ok(*layer, kernel))["structure"]]
        self.assertEqual(classes("1,2,1;2,4,2;1,2,1"), ["toeplitz_plus_hankel", "kronecker"])
        self.assertEqual(classes("1,2,1;2,4,2;1,2,0"), ["none"])


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


class Solve(CliCase):
    """x and kernels against NumPy's least squares with the matrix that `build` writes; photographs against their originals."""

    KEYS = "residual_norm normal_residual method reason iterations rank seconds".split()

    def solve(self, *options):
        return json.loads(self.run_ok("solve", *options, "--json"))

    def matrix(self, *options):
        self.run_ok("build", *options, "--out", "W.npz")
        return scipy.sparse.load_npz(self.path("W.npz")).toarray()

    def gradient(self, channels, rows, cols):
        """Differences of neighbours along both axes, nothing beyond the edges."""
        def along(n):
            return np.eye(n, k=1)[:-1] - np.eye(n)[:-1]
        one = np.vstack([np.kron(along(rows), np.eye(cols)), np.kron(np.eye(rows), along(cols))])
        return np.kron(np.eye(channels), one)

    def minimum(self, a, penalty, weight, y):
        """The x of least norm."""
        stacked = np.vstack([a, weight * penalty])
        return np.linalg.lstsq(stacked, np.concatenate([y.ravel(), np.zeros(len(penalty))]), rcond=1e-12)[0]

    def test_every_method_finds_numpys_minimum(self):
        k = self.save("k.npy", np.random.default_rng(1).normal(size=(2, 2, 3, 3)))
        layer = ["--kernel", k, "--input", "2x7x6", "--padding", 1, "--boundary", "zero,periodic"]
        a = self.matrix(*layer)
        y = np.random.default_rng(2).normal(size=(2, 7, 6))
        self.save("y.npy", y)
        x = self.minimum(a, np.eye(84), 0.3, y)
        for method in ("auto", "fft", "cholmod", "spqr", "lsqr", "lsmr", "cg"):
            with self.subTest(method=method):
                found = self.solve(*layer, "--y", "y.npy", "--lambda", 0.3, "--method", method, "--out", "x.npy",
                                   "--tolerance", 1e-12)
                np.testing.assert_allclose(np.load(self.path("x.npy")), x.reshape(2, 7, 6), atol=1e-9)
                self.assertEqual([key for key in self.KEYS if key not in found], [])
                self.assertEqual(found["method"], "fft" if method == "auto" else method)
                self.assertAlmostEqual(found["residual_norm"], np.linalg.norm(a @ x - y.ravel()), places=9)
                self.assertLess(found["relative_normal_residual"], 1e-11)

    def test_the_gradient_of_an_image_is_penalised(self):
        layer = ["--kernel", "1,2,0;0,3,1;1,0,1", "--input", "6x5", "--padding", "same"]
        a, y = self.matrix(*layer), integers(3, 1, 6, 5).astype(float)
        self.save("y.npy", y)
        self.solve(*layer, "--y", "y.npy", "--lambda", 2, "--penalty", "gradient", "--out", "x.npy")
        x = self.minimum(a, self.gradient(1, 6, 5), 2, y)
        np.testing.assert_allclose(np.load(self.path("x.npy")).ravel(), x, atol=1e-8)

    def test_square_layers_are_solved_by_lu_and_substitution(self):
        causal = ["--kernel", "1,0;2,3", "--input", "5x4", "--padding", "1:0"]
        for layer, methods in ((causal, ("auto", "triangular", "umfpack", "klu")),
                               (["--kernel", "1,2,1;2,9,3;1,0,1", "--input", "5x4", "--padding", 1], ("umfpack", "klu"))):
            x = integers(4, 1, 5, 4).astype(float)
            self.save("y.npy", (self.matrix(*layer) @ x.ravel()).reshape(1, 5, 4))
            for method in methods:
                found = self.solve(*layer, "--y", "y.npy", "--method", method, "--out", "x.npy")
                np.testing.assert_allclose(np.load(self.path("x.npy")), x, atol=1e-9)
                self.assertEqual(found["rank"], 20)

    def test_a_transposed_layers_input_comes_back(self):
        k = self.save("k.npy", integers(5, 2, 3, 3, 3))
        layer = ["--kernel", k, "--input", "2x4x5", "--stride", 2, "--transposed", "--output-padding", 1]
        x = integers(6, 2, 4, 5)
        self.save("x.npy", x)
        self.run_ok("apply", *layer, "--x", "x.npy", "--out", "y.npy")
        self.solve(*layer, "--y", "y.npy", "--out", "back.npy")
        np.testing.assert_array_equal(np.rint(np.load(self.path("back.npy"))), x)

    def test_complex_batches_stay_so(self):
        rng = np.random.default_rng(8)
        k = self.save("k.npy", rng.normal(size=(1, 1, 3)) + 1j * rng.normal(size=(1, 1, 3)))
        y = rng.normal(size=(4, 1, 9)) + 1j * rng.normal(size=(4, 1, 9))
        self.save("y.npy", y)
        layer = ["--kernel", k, "--input", "9", "--padding", 1]
        a = self.matrix(*layer)
        self.solve(*layer, "--y", "y.npy", "--lambda", 0.5, "--out", "x.npy")
        x = np.linalg.solve(a.conj().T @ a + 0.25 * np.eye(9), a.conj().T @ y.reshape(4, 9).T).T
        np.testing.assert_allclose(np.load(self.path("x.npy")), x.reshape(4, 1, 9), atol=1e-9)

    def test_gcv_is_where_a_fine_grid_has_its_minimum(self):
        layer = ["--kernel", "gaussian:5:1.2", "--input", "24x20", "--padding", "same", "--boundary", "half_symmetric"]
        a = self.matrix(*layer)
        rng = np.random.default_rng(9)
        x = np.cumsum(np.cumsum(rng.normal(size=(24, 20)), 0), 1)
        y = a @ x.ravel() + 0.1 * rng.normal(size=480)
        self.save("y.npy", y.reshape(24, 20))
        found = self.solve(*layer, "--y", "y.npy", "--lambda", "gcv", "--out", "x.npy", "--l-curve", "l.svg")
        u, sigma, _ = np.linalg.svd(a)
        grid = np.logspace(-4, 1, 2000)
        score = [sum((u.T @ y * l**2 / (sigma**2 + l**2))**2) / sum(l**2 / (sigma**2 + l**2))**2 for l in grid]
        self.assertLess(abs(np.log(found["lambda"] / grid[np.argmin(score)])), 0.05)
        self.assertEqual((found["method"], found["lambda_inside"]), ("dct", True))
        self.assertIn("exact", found["lambda_method"])
        with open(self.path("l.svg")) as file:
            self.assertIn("generalised cross-validation", file.read())
        noise = self.solve(*layer, "--y", "y.npy", "--lambda", "discrepancy:0.1", "--out", "x.npy")
        self.assertLess(abs(noise["residual_norm"] / (0.1 * np.sqrt(480)) - 1), 1e-2)

    def test_an_iteration_that_ends_early_says_so(self):
        layer = ["--kernel", "1,2,0;0,3,1;1,0,1", "--input", "9x9", "--padding", "same"]
        self.save("y.npy", integers(10, 9, 9))
        done = self.start("solve", *layer, "--y", "y.npy", "--method", "lsqr", "--most-steps", 2, "--out", "x.npy")
        self.assertEqual((done.returncode, done.stderr), (1, b""))
        self.assertIn(b"NOT CONVERGED", done.stdout)

    def test_the_kernel_is_found_from_x_and_y(self):
        kernel = integers(11, 2, 3, 3, 3)
        x = integers(12, 3, 9, 8)
        y = convolve(x, kernel, (2, 1), (1, 1), [(1, 1), (1, 1)], ("zero", "replicate"))
        self.save("x.npy", x), self.save("y.npy", y)
        found = self.solve("--x", "x.npy", "--y", "y.npy", "--kernel-size", "3x3", "--out-channels", 2, "--stride", "2x1",
                           "--padding", 1, "--boundary", "zero,replicate", "--out", "k.npy", "--standard-errors", "e.npy")
        np.testing.assert_allclose(np.load(self.path("k.npy")), kernel, atol=1e-9)
        self.assertEqual((found["rank"], found["rank_most"]), (27, 27))
        self.assertEqual(np.load(self.path("e.npy")).shape, kernel.shape)

    def test_a_coloured_image_is_restored(self):
        rows, cols = np.indices((48, 64))
        image = np.stack([(rows // 8 + cols // 8) % 2 * 160.0 + 40, 3.0 * cols, 4.0 * rows])
        self.save("x.npy", image)
        self.run_ok("apply", "--x", "x.npy", "--kernel", "motion:9:45", "--padding", "same", "--boundary",
                    "half_symmetric", "--out", "y.npy")
        blurred = np.load(self.path("y.npy")) + np.random.default_rng(14).normal(size=image.shape)
        with open(self.path("blurred.png"), "wb") as file:
            file.write(png(np.clip(np.rint(blurred), 0, 255).transpose(1, 2, 0)))
        restore = ["--image", "blurred.png", "--kernel", "motion:9:45", "--boundary", "half_symmetric", "--lambda", "gcv"]
        found = self.solve(*restore, "--out", "sharp.npy")
        sharp = np.load(self.path("sharp.npy"))
        self.assertEqual((found["shape"], found["converged"]), ([3, 48, 64], True))
        self.assertLess(np.linalg.norm(sharp - image), 0.5 * np.linalg.norm(blurred - image))
        self.run_ok("solve", *restore, "--out", "sharp.png")
        with open(self.path("sharp.png"), "rb") as file:
            self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")

    def test_a_plan_lists_every_method_and_solves_nothing(self):
        layer = ["--kernel", "1,2,0;0,9,1;1,0,1", "--input", "9x9", "--padding", "same"]
        self.save("y.npy", integers(15, 9, 9))
        found = self.solve(*layer, "--y", "y.npy", "--lambda", 0.5, "--plan", "--out", "x.npy")
        self.assertFalse(os.path.exists(self.path("x.npy")))
        rows = {row["method"]: row for row in found["candidates"]}
        self.assertEqual(set(rows), set("fft dct kronecker triangular cholmod spqr umfpack klu lsqr lsmr cg".split()))
        self.assertEqual(found["candidates"][0]["method"], found["method"])
        self.assertEqual(found["candidates"][0]["bytes"], found["bytes"])
        for method, row in rows.items():
            with self.subTest(method):
                self.assertEqual(row["refusal"] is None, row["bytes"] is not None)
                self.assertEqual(row["refusal"] is None, row["seconds"] is not None)
        self.assertIn("does not separate", rows["kronecker"]["refusal"])
        self.assertIn("lambda 0", rows["umfpack"]["refusal"])
        self.assertEqual(self.solve(*layer, "--y", "y.npy", "--lambda", "gcv", "--plan")["method"], found["method"])
        text = self.run_ok("solve", *layer, "--y", "y.npy", "--lambda", 0.5, "--plan")
        self.assertTrue(text.startswith(f"method {found['method']}: "))
        self.assertEqual(len(text.splitlines()), 2 + len(rows))
        self.assertIn("does not separate", text)
        self.assertIn("--plan", self.refused("solve", "--x", "y.npy", "--y", "y.npy", "--kernel-size", 3, "--plan"))
        self.assertIn("fft", self.refused("solve", *layer, "--y", "y.npy", "--method", "fft", "--plan"))

    def test_what_cannot_be_is_refused(self):
        self.save("y.npy", integers(13, 1, 6, 6)), self.save("nan.npy", np.full((1, 6, 6), np.nan))
        layer = ["--kernel", "1,2;3,4", "--input", "6x6", "--padding", "1:0"]
        out = ["--out", "x.npy"]
        for options, word in (([*layer, *out], "--y"), ([*layer, "--y", "y.npy"], "--out"),
                              ([*layer, "--y", "nan.npy", *out], "--y"),
                              ([*layer, "--y", "y.npy", "--image", "a.png", *out], "--image"),
                              ([*layer, "--y", "y.npy", *out, "--lambda", -1], "--lambda"),
                              ([*layer, "--y", "y.npy", *out, "--lambda", "best"], "--lambda"),
                              ([*layer, "--y", "y.npy", *out, "--lambda", "gcv", "--penalty", "none"], "--lambda"),
                              ([*layer, "--y", "y.npy", *out, "--method", "magic"], "--method"),
                              ([*layer, "--y", "y.npy", *out, "--method", "fft"], "fft"),
                              ([*layer, "--y", "y.npy", *out, "--penalty", "tv"], "--penalty"),
                              ([*layer, "--y", "y.npy", *out, "--tolerance", 2], "--tolerance"),
                              ([*layer, "--y", "y.npy", *out, "--memory", 10, "--method", "cholmod"], "cholmod"),
                              ([*layer, "--y", "y.npy", "--out", "x.txt"], "--out"),
                              ([*layer, "--x", "y.npy", "--y", "y.npy", *out], "--x"),
                              (["--kernel", "1,2;3,4", "--input", "9x9", "--y", "y.npy", *out], "--y"),
                              (["--kernel", "1,2;3,4", "--y", "y.npy", *out], "--y")):
            with self.subTest(options):
                self.assertIn(word, self.refused("solve", *options))


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


class Spy(CliCase):
    """Pictures in a pipe, on a terminal and in files; what they show is tested in test/picture."""

    SEED = ["--input", "3x3", "--kernel", "0,1;2,3"]

    def test_a_pipe_gets_the_chapters_matrix_in_ascii(self):
        text = self.run_ok("spy", *self.SEED)
        self.assertTrue(text.isascii())
        for row in ("0,0  0 1 . 2 3 . . . .", "0,1  . 0 1 . 2 3 . . .", "1,0  . . . 0 1 . 2 3 .", "1,1  . . . . 0 1 . 2 3"):
            self.assertIn("\n" + row, text)
        self.assertEqual(text, self.run_ok("spy", *self.SEED))

    def test_a_terminal_gets_colours_that_fit_its_width(self):
        layer = ["spy", "--input", "64x64", "--kernel", "box:3", "--padding", "same"]
        shown = self.on_a_terminal(70, *layer, LC_ALL="C.UTF-8")
        self.assertIn("\x1b[", shown)
        self.assertIn("×", shown)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        self.assertLessEqual(max(map(len, plain.splitlines())), 70)
        self.assertTrue(self.on_a_terminal(70, *layer, LC_ALL="C").isascii())
        self.assertNotIn("\x1b", self.on_a_terminal(70, *layer, LC_ALL="C.UTF-8", NO_COLOR="1"))

    def test_files_are_svg_png_and_text(self):
        for show in ("matrix", "pair", "row", "column", "stamps", "pad", "overlap", "checkerboard"):
            with self.subTest(show):
                self.run_ok("spy", *self.SEED, "--show", show, "--out", "w.svg")
                xml.etree.ElementTree.parse(self.path("w.svg"))
                self.run_ok("spy", *self.SEED, "--show", show, "--out", "w.png")
                with open(self.path("w.png"), "rb") as file:
                    head = file.read(24)
                self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
                self.assertGreater(struct.unpack(">I", head[16:20])[0], 400)
                self.run_ok("spy", *self.SEED, "--show", show, "--out", "w.txt")
                with open(self.path("w.txt"), encoding="utf-8") as file:
                    self.assertGreater(len(file.read()), 40)

    def test_a_matrix_of_a_file_is_drawn_by_value(self):
        a = scipy.sparse.csr_matrix(np.array([[0, 1.5], [-2, 0]]))
        scipy.sparse.save_npz(self.path("a.npz"), a)
        scipy.io.mmwrite(self.path("a.mtx"), a)
        text = self.run_ok("spy", "--matrix", "a.npz")
        self.assertRegex(text, r"\n0 +\. +1\.5\n1 +-2 +\.\n")
        self.assertEqual(text, self.run_ok("spy", "--matrix", "a.mtx"))

    def test_stamps_take_their_values(self):
        text = self.run_ok("spy", "--input", "2x2", "--kernel", "0,1;2,3", "--transposed", "--show", "stamps", "--x", "0,1;2,3")
        self.assertIn("0  0  1", text)
        self.assertIn("0  4  6", text)
        self.assertIn("4 12  9", text)

    def test_a_position_chooses_the_row(self):
        layer = ["spy", "--input", "2x5", "--kernel-size", "3", "--out-channels", "4", "--show", "row"]
        self.assertIn("Row 8 of W is the window that output 2:2 reads", self.run_ok(*layer, "--at", "2:2"))
        for wrong in ("2", "4:0", "2:3", "2:-1", "1:2:3", "a:1", "2:1x1"):
            self.assertIn("--at", self.refused(*layer, "--at", wrong))

    def test_what_cannot_be_drawn_is_refused_in_one_line(self):
        self.write("no.mtx", "hello")
        for options, name in ((["--show", "nothing"], "--show"), (["--colour", "red"], "--colour"),
                              (["--out", "w.jpg"], "--out"), (["--out", "missing/w.svg"], "missing"),
                              (["--cells", "0x4"], "--cells"), (["--cells", "4"], "--cells"), (["--at", "1"], "--at"),
                              (["--x", "1"], "--x"), (["--matrix", "a.npz"], "--matrix"),
                              (["--show", "pad", "--colour", "tap"], "--colour")):
            with self.subTest(options):
                self.assertIn(name, self.refused("spy", *self.SEED, *options))
        self.assertIn("no.mtx", self.refused("spy", "--matrix", "no.mtx"))
        self.assertIn("--matrix", self.refused("spy", "--matrix", "w.svg"))
        self.assertIn("--kernel", self.refused("spy", "--input", "3", "--kernel", "1,nan"))
        self.assertIn("300", self.refused("spy", "--input", "300x3", "--kernel", "box:3", "--show", "row"))
        for x in ("1,2;3", "a,b", "nan,1", "1,2,3", ""):
            self.assertIn("--x: ", self.refused("spy", *self.SEED, "--show", "stamps", "--x", x))
        self.save("c.npy", np.array([[1j, 1], [1, 1]]))
        self.assertIn("--kernel: complex", self.refused("spy", "--input", "3x3", "--kernel", "c.npy", "--show", "row"))
        scipy.sparse.save_npz(self.path("inf.npz"), scipy.sparse.csr_matrix([[np.inf]]))
        self.assertIn("--matrix: inf.npz: ", self.refused("spy", "--matrix", "inf.npz"))

    def test_what_is_too_large_is_refused_at_once(self):
        for options in (["--input", "100000x100000x100000", "--kernel-size", "3x3x3"],
                        ["--input", "4x4", "--kernel-size", "3x3", "--padding", "100000000"]):
            self.assertIn("expected at most", self.refused("spy", *options))
        for show in ("row", "column", "stamps", "pad", "overlap", "checkerboard"):
            self.assertIn("stamps" if show == "stamps" else "--show", self.refused(
                "spy", "--input", "60000x20000", "--kernel", "box:3", "--show", show))
        wide = scipy.sparse.csr_matrix(([1.0], [2**40], [0, 1]), shape=(1, 2**41))
        scipy.sparse.save_npz(self.path("wide.npz"), wide)
        self.assertIn("1 entry stored", self.run_ok("spy", "--matrix", "wide.npz"))

    def test_complex_entries_are_shown_by_their_magnitude(self):
        self.save("c.npy", np.array([[3 + 4j, 1], [1, 1]]))
        text = self.run_ok("spy", "--input", "2x2", "--kernel", "c.npy")
        self.assertIn("5 1 1 1", text)
        self.assertIn("magnitudes", text)

    def test_a_full_device_leaves_no_file(self):
        self.assertIn("/dev/full", self.refused("spy", *self.SEED, "--out", "/dev/full"))


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


class Demo(CliCase):
    def test_everything_is_equal_and_the_pictures_are_there(self):
        text = self.run_ok("demo", "--out-dir", "pictures")
        self.assertNotIn("FAILED", text)
        self.assertIn("    0 1 0 2 3 0 0 0 0\n    0 0 1 0 2 3 0 0 0\n", text.replace("  ", " ").replace("\n  ", "\n    "))
        self.assertTrue(text.endswith("Every comparison came out equal.\n"))
        for layer in ("esrgan_F_m1", "ocr_det_up_2", "vad_encoder_1"):
            self.assertIn(layer, text)
        for name in ("input", "output", "adjoint", "matrix"):
            path = os.path.join("pictures", name + ".png")
            self.assertIn(path, text)
            with open(self.path(path), "rb") as file:
                self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        for name in ("matrix-small", "row"):
            path = os.path.join("pictures", name + ".svg")
            self.assertIn(path, text)
            xml.etree.ElementTree.parse(self.path(path))

    def test_what_is_no_picture_is_refused(self):
        self.write("no.png", "hello")
        done = self.start("demo", "--image", "no.png", "--out-dir", "pictures")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.decode(), r"\Aconvmat: no.png: [^\n]+: expected [^\n]+\n\Z")
        done = self.start("demo", "--out-dir", "no.png")
        self.assertEqual(done.returncode, 2)
        self.assertIn("convmat: --out-dir: no.png: expected ", done.stderr.decode())


if __name__ == "__main__":
    cli_support.PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
