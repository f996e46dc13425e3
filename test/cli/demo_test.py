"""Tests of the convmat program, demo: python3 demo_test.py PROGRAM."""
import os
import xml.etree.ElementTree

import cli_support
from cli_support import CliCase


class Demo(CliCase):
    def test_everything_is_equal_and_the_pictures_are_there(self):
        text = self.run_ok("demo", "--out-dir", "pictures")
        self.assertNotIn("FAILED", text)
        self.assertIn("    0 1 0 2 3 0 0 0 0\n    0 0 1 0 2 3 0 0 0\n", text.replace("  ", " ").replace("\n  ", "\n    "))
        self.assertTrue(text.endswith("Every comparison came out equal.\n"))
        for layer in ("esrgan_F_m1", "ocr_det_up_2", "vad_encoder_1"):
            self.assertIn(layer, text)
        for name in ("input", "output", "adjoint", "matrix", "restoration", "restored"):
            path = os.path.join("pictures", name + ".png")
            self.assertIn(path, text)
            with open(self.path(path), "rb") as file:
                self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        for name in ("matrix-small", "row"):
            path = os.path.join("pictures", name + ".svg")
            self.assertIn(path, text)
            xml.etree.ElementTree.parse(self.path(path))

    def test_n13_what_cannot_be_read_or_written_is_said_before_anything_is_computed(self):
        for arguments in (["--image", "missing.png"], ["--image", self.write("no.png", "hello"), "--out-dir", "a/b/c"],
                          ["--out-dir", "/proc/pictures"], ["--out-dir", self.write("file", "") + "/pictures"]):
            self.refused("demo", *arguments)
        os.mkdir(self.path("kept"))
        self.refused("demo", "--image", "no.png", "--out-dir", "kept")
        self.assertTrue(os.path.isdir(self.path("kept")))

    def test_what_is_no_picture_is_refused(self):
        self.write("no.png", "hello")
        done = self.start("demo", "--image", "no.png", "--out-dir", "pictures")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.decode(), r"\Aconvmat: no.png: [^\n]+: expected [^\n]+\n\Z")
        done = self.start("demo", "--out-dir", "no.png")
        self.assertEqual(done.returncode, 2)
        self.assertIn("convmat: --out-dir: no.png: expected ", done.stderr.decode())


if __name__ == "__main__":
    cli_support.main()
