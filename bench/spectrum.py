#!/usr/bin/python3
"""Spectra against SciPy's svds on the explicit W and NumPy's FFT with batched SVDs, in one run, interleaved:
bench/spectrum.py WORKER [ROUNDS] writes bench/RESULTS_SPECTRUM.md. WORKER is the built spectrum_worker."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import svds


def explicit_w(kernel, n):
    """W of a zero-padded 'same' 3x3 layer on n x n."""
    w = None
    for a in range(3):
        for b in range(3):
            places = sp.kron(sp.eye(n, k=a - 1), sp.eye(n, k=b - 1), format="csr")
            tap = sp.kron(sp.csr_matrix(kernel[:, :, a, b]), places, format="csr")
            w = tap if w is None else w + tap
    return w


def svds_norm(kernel, n):
    w = explicit_w(kernel, n)
    start = time.perf_counter()
    value = svds(w, k=1, tol=1e-6, return_singular_vectors=False)[0]
    return time.perf_counter() - start, value


def fft_svd(kernel, n):
    start = time.perf_counter()
    symbols = np.fft.fft2(kernel, (n, n), axes=(2, 3)).transpose(2, 3, 0, 1)
    values = np.linalg.svd(symbols, compute_uv=False)
    return time.perf_counter() - start, values.max()


def peer_of(name):
    return {"norm_28": ("SciPy svds(k=1, tol=1e-6) on W", lambda k: svds_norm(k, 28)),
            "norm_56": ("SciPy svds(k=1, tol=1e-6) on W", lambda k: svds_norm(k, 56)),
            "periodic_56": ("NumPy fft2 + batched svd", lambda k: fft_svd(k, 56))}.get(name)


def kernels():
    random = np.random.default_rng(1)
    binomial = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256.0
    sixty_four = random.standard_normal((64, 64, 3, 3))
    return {"norm_28": sixty_four, "norm_56": sixty_four, "periodic_56": sixty_four,
            "ten_largest_14": random.standard_normal((256, 256, 3, 3)),
            "separable_512": binomial.reshape(1, 1, 5, 5)}


TITLES = {"norm_28": "norm of 64->64 28x28 k3, zero-padded, to 1e-6",
          "norm_56": "norm of 64->64 56x56 k3, zero-padded, to 1e-6",
          "periodic_56": "all 200704 singular values of 64->64 56x56 k3, periodic",
          "ten_largest_14": "ten largest of 256->256 14x14 k3, zero-padded, to 1e-6",
          "separable_512": "all 262144 singular values of a separable 512x512 k5 blur, zero-padded"}


def main():
    worker, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    lines = ["# Spectra", "",
             f"Medians of {rounds} interleaved rounds, {os.cpu_count()} cores, float64. Written by `bench/spectrum.py`. "
             "SciPy's W is built outside the clock; ours is never built.", "",
             "| task | convmat (s) | peer (s) | peer / convmat | values agree to | how |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for name, kernel in kernels().items():
            file = pathlib.Path(folder) / "kernel.npy"
            np.save(file, kernel)
            ours, theirs, peer = [], [], peer_of(name)
            for _ in range(rounds):
                answer = json.loads(subprocess.run([worker, name, file], check=True, capture_output=True).stdout)
                ours.append(answer["seconds"])
                if peer:
                    seconds, value = peer[1](kernel)
                    theirs.append(seconds)
            mine = statistics.median(ours)
            row = [TITLES[name], f"{mine:.3f}"]
            if peer:
                other = statistics.median(theirs)
                row += [f"{other:.2f} ({peer[0]})", f"{other / mine:.1f}", f"{abs(value / answer['largest'] - 1):.1e}"]
            else:
                row += ["not measured", "", ""]
            lines.append("| " + " | ".join(row + [answer["method"]]) + " |")
            print(lines[-1], flush=True)
    (pathlib.Path(__file__).parent / "RESULTS_SPECTRUM.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
