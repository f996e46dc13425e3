"""What the tests of the command line share: running it, and convolutions written with NumPy alone."""
import fcntl
import itertools
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import unittest
import zlib

import numpy as np

PROGRAM = ""
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

ZEROS = ["zero"] * 3
PAD_MODES = {
    "zero": dict(mode="constant"),
    "periodic": dict(mode="wrap"),
    "half_symmetric": dict(mode="symmetric"),
    "whole_symmetric": dict(mode="reflect"),
    "replicate": dict(mode="edge"),
    "antireflective": dict(mode="reflect", reflect_type="odd"),
}


def pad(x, paddings, boundaries):
    """x of shape (C, n...) extended axis by axis; negative paddings crop."""
    for axis, ((begin, end), boundary) in enumerate(zip(paddings, boundaries), start=1):
        widths = [(0, 0)] * x.ndim
        widths[axis] = (max(begin, 0), max(end, 0))
        x = np.pad(x, widths, **PAD_MODES[boundary])
        crop = [slice(None)] * x.ndim
        crop[axis] = slice(max(-begin, 0), x.shape[axis] - max(-end, 0))
        x = x[tuple(crop)]
    return x


def convolve(x, kernel, stride, dilation, paddings, boundaries, groups=1):
    """Y[o, u] = sum K[o, c, t] X[c, s u + d t - p], one output at a time."""
    x = pad(x, paddings, boundaries)
    outs, ins, *taps = kernel.shape
    extents = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(x.shape[1:], taps, stride, dilation)]
    y = np.zeros([outs, *extents], np.result_type(x, kernel))
    for o in range(outs):
        first = o // (outs // groups) * ins
        for u in itertools.product(*map(range, extents)):
            window = tuple(slice(s * i, s * i + d * (k - 1) + 1, d) for i, s, d, k in zip(u, stride, dilation, taps))
            y[(o, *u)] = (kernel[o] * x[(slice(first, first + ins), *window)]).sum()
    return y


def matrix_of(kernel, input_shape, *geometry, **options):
    """W, a column for each unit input."""
    size = int(np.prod(input_shape))
    units = np.eye(size, dtype=kernel.dtype).reshape(size, *input_shape)
    return np.stack([convolve(unit, kernel, *geometry, **options).ravel() for unit in units], axis=1)


def scatter(x, kernel, stride, dilation, crop, output_padding, groups=1):
    """PyTorch's transposed layer: every input stamps the kernel, then the padding is cropped. kernel (in, out/g, k...)."""
    ins, outs, *taps = kernel.shape
    spread = [s * (n - 1) + d * (k - 1) + 1 for n, k, s, d in zip(x.shape[1:], taps, stride, dilation)]
    room = [n + max(0, a - end) for n, a, (_, end) in zip(spread, output_padding, crop)]
    z = np.zeros([outs * groups, *room], np.result_type(x, kernel))
    for c in range(ins):
        first = c // (ins // groups) * outs
        for u in itertools.product(*map(range, x.shape[1:])):
            window = tuple(slice(s * i, s * i + d * (k - 1) + 1, d) for i, s, d, k in zip(u, stride, dilation, taps))
            z[(slice(first, first + outs), *window)] += x[(c, *u)] * kernel[c]
    cut = tuple(slice(begin, n - end + a) for n, a, (begin, end) in zip(spread, output_padding, crop))
    return z[(slice(None), *cut)]


def png(pixels):
    """The bytes of an 8 bit PNG: (H, W) grey or (H, W, 3) colours."""
    rows, cols = pixels.shape[:2]
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", cols, rows, 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)
    lines = b"".join(b"\0" + line.astype(np.uint8).tobytes() for line in pixels)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


class CliCase(unittest.TestCase):
    """Runs the program in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def save(self, name, array):
        np.save(self.path(name), array)
        return name

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return name

    def start(self, *arguments, **options):
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, capture_output=True, timeout=300, **options)

    def run_ok(self, *arguments):
        done = self.start(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, b""), (arguments, done))
        return done.stdout.decode()

    def refused(self, *arguments):
        """Exit 2, nothing on standard output, no new file, one line that says what was expected; returns the line."""
        before = sorted(os.listdir(self.folder))
        done = self.start(*arguments)
        line = done.stderr.decode()
        self.assertEqual((done.returncode, done.stdout), (2, b""), (arguments, done))
        self.assertRegex(line, r"\Aconvmat: [^\n]+: expected [^\n]+\n\Z", arguments)
        self.assertEqual(sorted(os.listdir(self.folder)), before, arguments)
        return line

    def on_a_terminal(self, columns, *arguments, **environment):
        """What the program shows on a terminal of so many columns, in UTF-8."""
        here, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder, stdout=there, env={**inherited, **environment})
        os.close(there)
        shown = b""
        try:
            while data := os.read(here, 65536):
                shown += data
        except OSError:  # how a terminal says that the other side is gone
            pass
        os.close(here)
        self.assertEqual(process.wait(timeout=300), 0, arguments)
        return shown.decode().replace("\r\n", "\n")

    def apply(self, x, kernel, *options):
        """The result of `apply`; by the matrix, the operator and the loops it must be one file where values are integers."""
        self.save("x.npy", x)
        if not isinstance(kernel, str):
            kernel = self.save("k.npy", kernel)
        command = ["apply", "--x", "x.npy", "--kernel", kernel, *options]
        self.run_ok(*command, "--out", "y.npy")
        y = np.load(self.path("y.npy"))
        for via in ("operator", "reference"):
            self.run_ok(*command, "--out", "other.npy", "--via", via)
            other = np.load(self.path("other.npy"))
            self.assertEqual((y.dtype, y.shape), (other.dtype, other.shape))
            if all(np.array_equal(v, np.rint(v)) for v in (y.real, y.imag)):
                with open(self.path("y.npy"), "rb") as a, open(self.path("other.npy"), "rb") as b:
                    self.assertEqual(a.read(), b.read())
        return y

    def assert_same(self, found, expected):
        self.assertEqual((found.shape, found.dtype), (expected.shape, expected.dtype))
        np.testing.assert_array_equal(found, expected)


def integers(seed, *shape, dtype=np.int64):
    rng = np.random.default_rng(seed)
    values = rng.integers(-9, 10, shape).astype(dtype)
    return values + 1j * rng.integers(-9, 10, shape).astype(dtype) if np.dtype(dtype).kind == "c" else values


def main():
    """Runs the tests of the file that was started as `FILE_test.py PROGRAM [unittest's arguments]`, in UTF-8."""
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ.pop("COLUMNS", None)
    unittest.main(module="__main__")
