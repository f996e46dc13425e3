"""Tests of the convmat program, solve: python3 solve_test.py PROGRAM."""
import json
import os
import re

import numpy as np
import scipy.sparse

import cli_support
from cli_support import CliCase, convolve, integers, png


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
        seconds = r"(less than|about) [0-9.]+ s"  # u7: as one says them, without powers of ten
        self.assertRegex(found["reason"], f"^no shortcut fits this layer; factoring A should take {seconds}, iterating {seconds}$")
        self.assertEqual(len(text.splitlines()), 2 + len(rows))
        self.assertIn("does not separate", text)
        self.assertIn("--plan", self.refused("solve", "--x", "y.npy", "--y", "y.npy", "--kernel-size", 3, "--plan"))
        self.assertIn("fft", self.refused("solve", *layer, "--y", "y.npy", "--method", "fft", "--plan"))

    def test_s15_threads_sleep_while_they_wait_unless_the_environment_says_otherwise(self):
        self.save("y.npy", integers(16, 9, 9))
        command = ["solve", "--kernel", "1,2,0;0,9,1;1,0,1", "--input", "9x9", "--padding", "same", "--y", "y.npy", "--out", "x.npy"]
        threads = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_NUM_THREADS")
        environment = {key: value for key, value in os.environ.items() if key not in threads}

        def policies(**said):
            done = self.start(*command, env={**environment, "OMP_DISPLAY_ENV": "true", **said})
            self.assertEqual(done.returncode, 0)
            return re.findall(r"OMP_WAIT_POLICY = '(\w+)'", done.stderr.decode())
        if not policies():
            self.skipTest("an OpenMP that does not show its environment")
        self.assertEqual(policies()[-1], "PASSIVE")
        self.assertEqual(policies(OMP_WAIT_POLICY="active"), ["ACTIVE"])
        self.assertEqual(len(policies(OMP_NUM_THREADS="1")), 1)

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


if __name__ == "__main__":
    cli_support.main()
