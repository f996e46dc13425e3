"""Tests of the convmat program, spy: python3 spy_test.py PROGRAM."""
import re
import struct
import xml.etree.ElementTree

import numpy as np
import scipy.io
import scipy.sparse

import cli_support
from cli_support import CliCase


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


if __name__ == "__main__":
    cli_support.main()
