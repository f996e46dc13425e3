"""Whatever allocation fails, the program writes a sound file and exits 0, or writes none and exits 2 and says why.

python3 memory_test.py PROGRAM LIBRARY. Of each command some allocations fail in turn, evenly from the first to the last;
with CONVMAT_FAULTS=all each of them (half an hour), but for pictures by librsvg, which makes 60 000: 2000 of these.
"""
import io
import os
import re
import xml.etree.ElementTree

import numpy as np

import faults_support
from faults_support import CliCase, Server, png

# Libraries that end the process, by abort() or a null pointer, when they have no memory; of Debian 12. No file is there
# then either.
CRASH = {
    "libfftw3.so.3": "FFTW 3.3.10",
    "libglib-2.0.so.0": "GLib 2.74.6",
    "libgobject-2.0.so.0": "GLib 2.74.6",
    "libgio-2.0.so.0": "GLib 2.74.6",
    "librsvg-2.so.2": "librsvg 2.54.7",
    "libfontconfig.so.1": "fontconfig 2.14.1",
    "libpango-1.0.so.0": "Pango 1.50.12",
    "libpangocairo-1.0.so.0": "Pango 1.50.12",
    "libpangoft2-1.0.so.0": "Pango 1.50.12",
    "libcairo.so.2": "cairo 1.16.0",
    "libfreetype.so.6": "FreeType 2.12.1",
    "libharfbuzz.so.0": "HarfBuzz 6.0.0",
    "libxml2.so.2": "libxml2 2.9.14",
}
WHOLE = os.environ.get("CONVMAT_FAULTS") == "all"


def evenly(count, most):
    """Numbers from 1 to count, no more than `most`."""
    return range(1, count + 1) if count <= most else sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


class Memory(CliCase):
    def setUp(self):
        super().setUp()
        self.outer, self.folder = self.folder, os.path.join(self.folder, "work")
        os.mkdir(self.folder)
        self.save("x.npy", np.arange(25.0).reshape(1, 5, 5))
        self.save("y.npy", np.arange(9.0).reshape(1, 3, 3))
        self.write("layer.json", '{"input": [5, 5], "kernel": [3, 3], "padding": [[1, 1], [1, 1]], "boundary": ["periodic", "zero"]}')
        with open(self.path("photo.png"), "wb") as file:
            file.write(png(np.arange(64).reshape(8, 8)))

    def check(self, *command, outputs=(), most=10**9 if WHOLE else 80, **environment):
        server = Server(self.outer, *command, **environment)
        self.addCleanup(server.close)
        code, count, _, _, err = server.run(0, 0)
        self.assertEqual((code, err), (0, ""), command)
        files = sorted(os.listdir(self.folder))
        self.assertTrue(set(outputs) <= set(files), (command, files))
        whole = {name: self.bytes_of(name) for name in outputs}
        crashes = {}
        for lasting in (0, 1):
            for at in evenly(count, most):
                for name in outputs:
                    if os.path.exists(self.path(name)):
                        os.remove(self.path(name))
                with self.subTest(command=command, allocation=at, lasting=lasting):
                    self.judge(server.run(at, lasting), whole, set(files) - set(outputs), crashes)
        for library, times in sorted(crashes.items()):
            print(f"{' '.join(map(str, command))}: {times} times ended by {CRASH[library]}")

    def bytes_of(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def judge(self, run, whole, inputs, crashes):
        code, _, where, _, err = run
        there = set(os.listdir(self.folder)) - inputs
        self.assertEqual(there, set(whole) if code == 0 else set(), run)
        if code == 0:
            for name in there:
                self.sound(name, whole[name])
        elif code == 2:
            lines = [line for line in err.splitlines() if line]
            self.assertRegex(lines[-1] if lines else "", r"\A(convmat: .+: expected .+|libgomp: .+)\Z", run)
        else:
            library = self.culprit(where, err)
            self.assertIn(library, CRASH, run)
            crashes[library] = crashes.get(library, 0) + 1

    def sound(self, name, whole):
        """A library may do without some memory, and round in another order or draw without its fonts."""
        found = self.bytes_of(name)
        if name.endswith(".npy"):
            np.testing.assert_allclose(np.load(self.path(name)), np.load(io.BytesIO(whole)), rtol=1e-6, atol=1e-6)
        elif name.endswith(".svg"):
            xml.etree.ElementTree.fromstring(found)
        elif name.endswith(".png"):
            self.assertTrue(found.startswith(b"\x89PNG") and found.endswith(b"IEND\xaeB`\x82"))
        else:
            self.assertEqual(found, whole)

    def culprit(self, where, err):
        """The innermost library that is neither the program nor the language's; fontconfig can lose the stack, or spin."""
        ours = ("convmat", "libstdc++", "libc.so", "libgcc_s", "libm.so", os.path.basename(faults_support.LIBRARY))
        names = [name for name in map(os.path.basename, where) if not name.startswith(ours)]
        return re.sub(r"(\.so\.\d+).*", r"\1", names[0]) if names else "libfontconfig.so.1" if "Fontconfig" in err else ""

    def test_s4_info(self):
        self.check("info", "--layer", "layer.json", "--kernel", "box:3", "--json")

    def test_s2_build(self):
        self.check("build", "--input", "5x5", "--kernel", "box:3", "--out", "w.mtx", outputs=["w.mtx"])
        self.check("build", "--input", "5x5", "--kernel", "1,2;3,4", "--out", "w.npz", outputs=["w.npz"])

    def test_s2_apply(self):
        for via in ("matrix", "operator", "reference"):
            self.check("apply", "--x", "x.npy", "--layer", "layer.json", "--kernel", "1,2,3;4,5,6;7,8,9", "--via", via,
                       "--out", "z.npy", outputs=["z.npy"])

    def test_s4_check(self):
        self.check("check", "--input", "4x4", "--kernel-size", "2x2")

    def test_s7_spectrum(self):
        self.check("spectrum", "--input", "5x5", "--kernel", "1,-1", "--boundary", "periodic", "--top", 2, "--vectors", "v.npy",
                   "--null-space", "n.npy", "--plot", "p.svg", outputs=["v.npy", "n.npy", "p.svg"])

    def test_s7_solve(self):
        for method in ("auto", "cholmod", "spqr", "lsqr"):
            self.check("solve", "--y", "y.npy", "--kernel", "1,2;3,4", "--input", "4x4", "--lambda", 0.1, "--method", method,
                       "--out", "r.npy", "--l-curve", "l.svg", outputs=["r.npy", "l.svg"])
        self.check("solve", "--x", "x.npy", "--y", "y.npy", "--kernel-size", "3x3", "--out", "k.npy", "--standard-errors", "e.npy",
                   outputs=["k.npy", "e.npy"])

    def test_s4_solve_a_picture(self):
        self.check("solve", "--image", "photo.png", "--kernel", "box:3", "--boundary", "half_symmetric", "--lambda", "gcv",
                   "--out", "r.png", outputs=["r.png"])

    def test_s5_spy(self):
        for name in ("s.svg", "s.txt"):
            self.check("spy", "--input", "4x4", "--kernel", "1,2;3,4", "--out", name, outputs=[name])

    def test_s5_spy_by_librsvg(self):
        self.check("spy", "--input", "3x3", "--kernel", "1,2;3,4", "--out", "s.png", outputs=["s.png"], most=2000 if WHOLE else 10)

    def test_s12_threads(self):
        self.save("large.npy", np.arange(90000).reshape(1, 300, 300))
        for via in ("matrix", "operator"):
            self.check("apply", "--x", "large.npy", "--kernel", "1,2,3;4,5,6;7,8,9", "--via", via, "--out", "z.npy", outputs=["z.npy"],
                       most=1000 if WHOLE else 20, OMP_NUM_THREADS="2")


if __name__ == "__main__":
    faults_support.main()
