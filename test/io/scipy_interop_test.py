"""Files exchanged with NumPy and SciPy, compared bit by bit. Argument: the path of roundtrip_tool."""
import itertools
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import scipy.io
import scipy.sparse as sparse

TOOL = sys.argv.pop(1)
SCALARS = ["f4", "f8", "c8", "c16", "i8"]


def convert(kind, source, target):
    """Runs the tool; returns what it says when it refuses, None when it does not."""
    done = subprocess.run([TOOL, kind, source, target], capture_output=True, text=True)
    assert done.returncode in (0, 1), done
    return done.stderr if done.returncode else None


def numbers(shape, dtype, seed=0):
    random = np.random.default_rng(seed)
    values = random.standard_normal(shape)
    dtype = np.dtype(dtype)
    if dtype.kind == "c":
        values = values + 1j * random.standard_normal(shape)
    if dtype.kind in "iu":
        values = random.integers(-9 if dtype.kind == "i" else 0, 9, shape)
    return np.asarray(values).astype(dtype)


class Files(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.source = os.path.join(directory.name, "source")
        self.target = os.path.join(directory.name, "target")

    def bytes_of(self, path):
        with open(path, "rb") as file:
            return file.read()

    def save(self, array, **options):
        with open(self.source, "wb") as file:
            np.lib.format.write_array(file, np.asanyarray(array), **options)


class Npy(Files):
    SHAPES = [(), (0,), (5,), (2, 3), (3, 0), (2, 3, 4), (1, 2, 3, 4), (0, 3, 2), (1,) * 32, (123456,)]

    def test_written_bytes_are_those_of_numpy_save(self):
        for dtype, shape in itertools.product(SCALARS, self.SHAPES):
            with self.subTest(dtype=dtype, shape=shape):
                self.save(numbers(shape, dtype))
                self.assertIsNone(convert("npy", self.source, self.target))
                self.assertEqual(self.bytes_of(self.target), self.bytes_of(self.source))

    def test_byte_orders_axis_orders_and_versions_hold_the_same_values(self):
        for dtype, shape, version in itertools.product(SCALARS, self.SHAPES[:-2], [(1, 0), (2, 0), (3, 0)]):
            for order in "<>":
                with self.subTest(dtype=dtype, shape=shape, version=version, order=order):
                    array = numbers(shape, dtype)
                    self.save(np.asfortranarray(array.astype(order + dtype)) if shape else array, version=version)
                    self.assertIsNone(convert("npy", self.source, self.target))
                    read = np.load(self.target)
                    self.assertEqual((read.dtype, read.shape), (array.dtype, array.shape))
                    self.assertEqual(read.tobytes(), array.tobytes())

    def test_small_types_are_widened(self):
        for dtype in ["i1", "i2", "i4", "u1", "u2", "u4", "u8", "?", ">i2", ">u4"]:
            with self.subTest(dtype=dtype):
                array = numbers((3, 5), dtype)
                self.save(array)
                self.assertIsNone(convert("npy", self.source, self.target))
                self.assertEqual(np.load(self.target).tobytes(), array.astype("i8").tobytes())

    def test_every_half_precision_number_is_widened_as_by_numpy(self):
        for order in "<>":
            array = np.arange(65536, dtype="u2").view("f2")
            array = array[~np.isnan(array)].astype(order + "f2")
            self.save(array)
            self.assertIsNone(convert("npy", self.source, self.target))
            self.assertEqual(np.load(self.target).tobytes(), array.astype("f4").tobytes())

    def test_standard_input_and_output_are_files_too(self):
        self.save(numbers((300, 200), "f8"))
        given = self.bytes_of(self.source)
        done = subprocess.run([TOOL, "npy", "/dev/stdin", "/dev/stdout"], input=given, capture_output=True)
        self.assertEqual(done.stdout, given)

    def test_what_needs_pickle_or_has_fields_is_refused(self):
        for array in [np.array([None]), np.zeros(2, "i4,f4"), np.array(["a"]), np.zeros(1, "M8[s]"), np.zeros(1, "g")]:
            self.save(array)
            self.assertRegex(convert("npy", self.source, self.target), "source: (type|header has) ")
            self.assertFalse(os.path.exists(self.target))


def matrices():
    for dtype, form in itertools.product(SCALARS, ["csr", "csc"]):
        for shape in [(0, 0), (0, 4), (4, 0), (1, 1), (7, 5), (200, 300)]:
            matrix = sparse.random(*shape, density=0.3, format=form, random_state=1)
            matrix.data = numbers(matrix.nnz, dtype)  # integers among them zeros, stored
            matrix.sort_indices()
            yield matrix


class Npz(Files):
    def assert_same(self, a, b):
        self.assertEqual((a.format, a.shape, a.dtype), (b.format, b.shape, b.dtype))
        for name in ["data", "indices", "indptr"]:
            self.assertEqual(getattr(a, name).tobytes(), getattr(b, name).tobytes())

    def convert(self, matrix, kind, index):
        for compressed in [True, False]:
            with open(self.source, "wb") as file:
                sparse.save_npz(file, matrix, compressed)
            self.assertIsNone(convert(kind, self.source, self.target))
            with np.load(self.target) as members:
                self.assertEqual(members["indices"].dtype, index)
                self.assertEqual(members["indptr"].dtype, index)
                self.assertEqual(members["format"].dtype, "S3")
        return sparse.load_npz(self.target)

    def test_matrices_come_back_bit_for_bit(self):
        for matrix in matrices():
            with self.subTest(matrix=repr(matrix)):
                suffix = "_csc" if matrix.format == "csc" else ""
                self.assert_same(self.convert(matrix, "npz" + suffix + "32", "i4"), matrix)
                self.assert_same(self.convert(matrix, "npz" + suffix, "i8"), matrix)

    def test_unsorted_indices_and_repeated_entries_mean_the_same(self):
        for make in [sparse.csr_matrix, sparse.csc_matrix]:
            shape = (2, 4) if make is sparse.csr_matrix else (4, 2)
            matrix = make((np.array([1.0, 2, 3, 4, 5]), [3, 0, 3, 2, 1], [0, 3, 5]), shape=shape)
            read = self.convert(matrix, "npz32", "i4")
            expected = sparse.csr_matrix(matrix)
            expected.sum_duplicates()
            self.assert_same(read, expected)

    def test_indices_of_64_bits_are_read(self):
        matrix = sparse.random(9, 8, density=0.5, format="csr", random_state=1)
        matrix.indices, matrix.indptr = matrix.indices.astype("i8"), matrix.indptr.astype("i8")
        self.assert_same(self.convert(matrix, "npz", "i8"), sparse.csr_matrix(matrix.toarray()))

    def test_u8_every_format_is_the_same_matrix(self):
        for matrix in matrices():
            block = (2, 2) if min(matrix.shape) and not any(n % 2 for n in matrix.shape) else (1, 1)
            for form in ["bsr", "coo", "dia"]:
                as_array = getattr(sparse, form + "_array")
                stored = matrix.tobsr(block) if form == "bsr" else matrix.asformat(form)
                for given in [stored, as_array(stored)]:
                    with self.subTest(matrix=repr(matrix), form=form):
                        with open(self.source, "wb") as file:
                            sparse.save_npz(file, given)
                        self.assertIsNone(convert("npz", self.source, self.target))
                        read = sparse.load_npz(self.target)
                        self.assertEqual((read.shape, read.dtype), (matrix.shape, matrix.dtype))
                        self.assertEqual(read.toarray().tobytes(), sparse.csr_matrix(stored).toarray().tobytes())

    def test_a_pipe_is_read(self):
        matrix = sparse.random(30, 40, density=0.1, format="csr", random_state=1)
        with open(self.source, "wb") as file:
            sparse.save_npz(file, matrix)
        subprocess.run([TOOL, "npz32", "/dev/stdin", self.target], input=self.bytes_of(self.source), check=True)
        self.assert_same(sparse.load_npz(self.target), matrix)

    def test_any_other_archive_is_refused(self):
        with open(self.source, "wb") as file:
            np.savez(file, x=np.zeros(3))
        self.assertIn("no member format.npy", convert("npz", self.source, self.target))


class MatrixMarket(Files):
    WIDE = {"f4": "f8", "c8": "c16"}

    def test_what_is_written_is_read_by_scipy(self):
        for matrix, kind in itertools.product(matrices(), ["mtx", "mtx_csc32"]):
            if 0 in matrix.shape:
                continue  # SciPy's reader refuses its own files without rows or columns
            with self.subTest(matrix=repr(matrix), kind=kind):
                scipy.io.mmwrite(self.source + ".mtx", matrix, precision=17)
                self.assertIsNone(convert(kind, self.source + ".mtx", self.target + ".mtx"))
                read = scipy.io.mmread(self.target + ".mtx").toarray()
                self.assertEqual(read.tobytes(), matrix.toarray().astype(read.dtype).tobytes())
                self.assertEqual(read.dtype, self.WIDE.get(matrix.dtype.str[1:], matrix.dtype))

    def test_symmetries_fields_and_arrays_of_scipy_are_read(self):
        a = numbers((6, 6), "f8")
        c = numbers((6, 6), "c16")
        i = numbers((6, 6), "i8")
        for array, symmetry in [(a, "general"), (a + a.T, "symmetric"), (a - a.T, "skew-symmetric"), (c, "general"),
                                (c + c.T, "symmetric"), (c - c.T, "skew-symmetric"), (c + c.conj().T, "hermitian"),
                                (i, "general"), (i + i.T, "symmetric"), (i - i.T, "skew-symmetric")]:
            for given in [array, sparse.coo_matrix(array)]:
                if given is array and symmetry == "skew-symmetric" and array.dtype == complex:
                    continue  # SciPy writes the diagonal too, which the format leaves out
                with self.subTest(symmetry=symmetry, dtype=array.dtype, given=type(given)):
                    scipy.io.mmwrite(self.source + ".mtx", given, symmetry=symmetry, precision=17)
                    self.assertIsNone(convert("mtx", self.source + ".mtx", self.target + ".mtx"))
                    self.assertTrue(np.array_equal(scipy.io.mmread(self.target + ".mtx").toarray(), array))

    def test_patterns_nan_and_infinities_are_exchanged(self):
        scipy.io.mmwrite(self.source + ".mtx", sparse.eye(3), field="pattern")
        self.assertIsNone(convert("mtx", self.source + ".mtx", self.target + ".mtx"))
        self.assertTrue(np.array_equal(scipy.io.mmread(self.target + ".mtx").toarray(), np.eye(3)))
        array = np.array([[np.nan, np.inf, -np.inf]])
        scipy.io.mmwrite(self.source + ".mtx", sparse.coo_matrix(array))
        self.assertIsNone(convert("mtx", self.source + ".mtx", self.target + ".mtx"))
        self.assertTrue(np.array_equal(scipy.io.mmread(self.target + ".mtx").toarray(), array, equal_nan=True))


if __name__ == "__main__":
    unittest.main()
