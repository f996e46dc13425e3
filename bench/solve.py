#!/usr/bin/python3
"""Least squares against SciPy's lsqr on the explicit W, its splu of the normal equations and Eigen's wrapper of CHOLMOD, in
one run, one thread each, interleaved: bench/solve.py WORKER PROGRAM [ROUNDS [LIMIT]] writes bench/RESULTS_SOLVE.md. WORKER is the
built solve_worker, PROGRAM the command line tool."""
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import lsqr, splu

LAMBDA = 1e-2
SEPARABLE = np.outer([.05, .3, .4, .2, .05], [.1, .2, .4, .2, .1])
MIRRORED = np.outer([.1, .2, .4, .2, .1], [.1, .2, .4, .2, .1])


def random_kernel():
    kernel = np.random.default_rng(5).random((5, 5))
    return kernel / kernel.sum()


def shifts(n, offset, periodic):
    shift = sp.eye(n, k=offset, format="csr")
    if periodic and offset:
        shift = shift + sp.eye(n, k=offset - n * int(np.sign(offset)), format="csr")
    return shift


def explicit_w(kernel, n, periodic):
    half = kernel.shape[0] // 2
    rows = [sum(kernel[a, b] * shifts(n, b - half, periodic) for b in range(kernel.shape[1]))
            for a in range(kernel.shape[0])]
    return sum(sp.kron(shifts(n, a - half, periodic), row, format="csr") for a, row in enumerate(rows)).tocsr()


def relative_normal_residual(w, y, x):
    start = w.T @ y
    return np.linalg.norm(start - w.T @ (w @ x) - LAMBDA**2 * x) / np.linalg.norm(start)


class Bench:
    def __init__(self, worker, folder):
        self.worker, self.folder = worker, pathlib.Path(folder)

    def data(self, n):
        random = np.random.default_rng(n)
        return random.random((1, n, n))

    def ours(self, method, kernel, y, limit=300, **task):
        np.save(self.folder / "k.npy", kernel.reshape(1, 1, *kernel.shape))
        np.save(self.folder / "y.npy", y)
        task = {"method": method, "boundary": "zero", "lambda": LAMBDA, "repeats": 3,
                "kernel": str(self.folder / "k.npy"), "y": str(self.folder / "y.npy"), **task}
        (self.folder / "task.json").write_text(json.dumps(task))
        try:
            done = subprocess.run([self.worker, self.folder / "task.json"], capture_output=True, timeout=limit)
        except subprocess.TimeoutExpired:
            return {"failed": f"over {limit} s"}
        if done.returncode != 0:
            refused = b"ill-conditioned" if b"better conditioned" in done.stderr else b"failed"
            return {"failed": refused.decode()}
        return json.loads(done.stdout)

    def against_lsqr(self, title, kernel, boundary, rounds):
        n, y = 512, self.data(512)
        w = explicit_w(kernel, n, boundary == "periodic")
        theirs, ours, first = [], [], []
        for _ in range(rounds):
            start = time.perf_counter()
            answer = lsqr(w, y.ravel(), damp=LAMBDA, atol=1e-10, btol=1e-10, iter_lim=5000)
            theirs.append(time.perf_counter() - start)
            left = relative_normal_residual(w, y.ravel(), answer[0])
            mine = self.ours("auto", kernel, y, boundary=boundary, tolerance=left)
            ours.append(mine["seconds"])
            first.append(mine["first_seconds"])
        a, b = statistics.median(ours), statistics.median(theirs)
        return [title, f"{a:.3f} ({statistics.median(first):.3f})", mine["method"], str(mine["iterations"]), f"{b:.2f}",
                str(answer[2]), f"{b / a:.0f}", f"{mine['relative_normal_residual']:.1e}", f"{left:.1e}"]

    def against_splu(self, rounds):
        n, kernel = 256, random_kernel()
        y = self.data(n)
        w = explicit_w(kernel, n, False)
        start = time.perf_counter()
        normal = (w.T @ w + LAMBDA**2 * sp.eye(n * n)).tocsc()
        x = splu(normal).solve(w.T @ y.ravel())
        scipy_seconds = time.perf_counter() - start
        ours, eigen = [], []
        for _ in range(rounds):
            mine = self.ours("cholmod", kernel, y)
            by_hand = self.ours("eigen-cholmod", kernel, y)
            ours.append(mine["seconds"])
            eigen.append(by_hand["seconds"])
        a, b = statistics.median(ours), statistics.median(eigen)
        return [["convmat, method cholmod", f"{a:.2f}", "1", f"{mine['relative_normal_residual']:.1e}"],
                ["Eigen's CholmodSupernodalLLT of W^T W + λ² I, by hand", f"{b:.2f} ({by_hand['forming_seconds']:.2f} "
                 "of it the product)", f"{b / a:.2f}", f"{by_hand['relative_normal_residual']:.1e}"],
                ["SciPy splu of the same", f"{scipy_seconds:.1f}", f"{scipy_seconds / a:.0f}",
                 f"{relative_normal_residual(w, y.ravel(), x):.1e}"]]

    def growth(self, limit):
        causal = np.array([[.01, .02, .03], [.05, .08, .1], [.1, .11, .9]])
        methods = {"fft": (random_kernel(), dict(boundary="periodic")),
                   "dct": (MIRRORED, dict(boundary="half_symmetric")),
                   "kronecker": (SEPARABLE, {}),
                   "triangular": (causal, {"lambda": 0, "causal": True}),
                   "cholmod": (random_kernel(), {}), "spqr": (random_kernel(), {}),
                   "umfpack": (random_kernel(), {"lambda": 0}), "klu": (random_kernel(), {"lambda": 0}),
                   "lsqr": (random_kernel(), {}), "lsmr": (random_kernel(), {}), "cg": (random_kernel(), {})}
        for method, (kernel, task) in methods.items():
            row = [method]
            for n in (64, 128, 256, 512, 1024):
                if "failed" in row[-1] or "over" in row[-1]:
                    row.append("")
                    continue
                found = self.ours(method, kernel, self.data(n), limit=limit, repeats=1 if n > 256 else 2, **task)
                row.append(found.get("failed") or f"{found['seconds']:.3g} s, {found['peak_mb']:.0f} MB")
            yield row


def photograph(program, folder):
    """1024 x 1024 RGB: smooth shades and edges, blurred, with noise of 2 grey levels."""
    random = np.random.default_rng(3)
    smooth = np.cumsum(np.cumsum(random.standard_normal((3, 1024, 1024)), axis=1), axis=2)
    smooth = 255 * (smooth - smooth.min()) / (smooth.max() - smooth.min())
    edges = 90 * (np.indices((1024, 1024)).sum(axis=0) // 64 % 2)
    image = np.clip(smooth * .6 + edges, 0, 255)
    np.save(folder / "x.npy", image)
    subprocess.run([program, "apply", "--x", folder / "x.npy", "--kernel", "motion:9:45", "--padding", "same",
                    "--boundary", "half_symmetric", "--out", folder / "b.npy"], check=True, capture_output=True)
    pixels = np.load(folder / "b.npy") + random.standard_normal(image.shape) * 2
    pixels = np.clip(np.rint(pixels), 0, 255).astype(np.uint8).transpose(1, 2, 0)
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    (folder / "blurred.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1024, 1024, 8, 2, 0, 0, 0)) +
                                         chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b""))
    environment = {k: v for k, v in os.environ.items() if not k.endswith("NUM_THREADS")}
    for penalty in ("identity", "gradient"):
        start = time.perf_counter()
        done = subprocess.run([program, "solve", "--image", folder / "blurred.png", "--kernel", "motion:9:45", "--boundary",
                               "half_symmetric", "--lambda", "gcv", "--penalty", penalty, "--tolerance", "1e-6", "--out", folder / "sharp.png",
                               "--json"], check=True, capture_output=True, env=environment)
        seconds = time.perf_counter() - start
        found = json.loads(done.stdout)
        yield [penalty, f"{seconds:.1f}", found["method"], f"{found['lambda']:.3g}", str(found["iterations"])]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        lines.append("| " + " | ".join(row) + " |")
        print(lines[-1], flush=True)
    return lines + [""]


def main():
    worker, program, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 3
    limit = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    with tempfile.TemporaryDirectory() as name:
        bench, folder = Bench(worker, name), pathlib.Path(name)
        lines = ["# Least squares", "",
                 f"Medians of {rounds} interleaved rounds, one thread each, float64, λ = {LAMBDA}, L = I. Written by "
                 "`bench/solve.py`. In every process the problem is solved three times, analysis and factors anew; the "
                 "time is the median of the later ones, the first in brackets. SciPy's W is built outside the clock, ours "
                 "inside. Iterations stop at the normal residual that SciPy's lsqr reaches (atol = btol = 1e-10).", "",
                 "## 512 x 512, k5, against SciPy lsqr on the explicit W", ""]
        lines += table(["kernel, boundary", "convmat (s)", "method", "steps", "lsqr (s)", "steps", "lsqr / convmat",
                        "normal residual", "of lsqr"],
                       (bench.against_lsqr(*case, rounds) for case in
                        [("random, zero", random_kernel(), "zero"), ("separable, zero", SEPARABLE, "zero"),
                         ("separable and mirrored, zero", MIRRORED, "zero"),
                         ("random, periodic", random_kernel(), "periodic")]))
        lines += ["## 256 x 256, k5, zero boundary: sparse Cholesky", ""]
        lines += table(["by", "seconds", "that / convmat", "normal residual"], bench.against_splu(rounds))
        lines += ["## The size of a photograph: 1024 x 1024 RGB, motion blur 9:45, half-symmetric, λ by GCV, two threads", "",
                  "The whole command: `convmat solve --image ... --lambda gcv --tolerance 1e-6`, reading and writing PNG.", ""]
        lines += table(["penalty", "seconds", "method", "λ", "steps"], photograph(program, folder))
        lines += ["## Growth with the image", "",
                  "k5 (triangular: a causal k3), λ as above, umfpack, klu and triangular λ = 0; time and the process's peak "
                  f"memory, which includes 20 MB of program. What takes longer than {limit} s is not waited for.", ""]
        lines += table(["method", "64", "128", "256", "512", "1024"], bench.growth(limit))
    (pathlib.Path(__file__).parent / "RESULTS_SOLVE.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
