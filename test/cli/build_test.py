"""Tests of the convmat program, build: python3 build_test.py PROGRAM."""
import itertools
import json

import numpy as np
import scipy.io
import scipy.sparse

import cli_support
from cli_support import CliCase, integers, matrix_of, ZEROS


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


if __name__ == "__main__":
    cli_support.main()
