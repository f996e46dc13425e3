"""Races convmat's operator against its peers in one interleaved run: peers.py WORKER CONVMAT ROUNDS [PART OF SET/LAYER]

Writes RESULTS_OPERATOR.md and .json beside this file. Every round measures every contender of a layer once, so that
whatever else the machine does falls on all of them; the figures are medians over the rounds. Peers that are not
installed are reported as absent."""

import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

try:
    import torch
except ImportError:
    torch = None
try:
    import scipy.sparse
except ImportError:
    scipy = None

HERE = pathlib.Path(__file__).parent
DIRECTIONS = ("forward", "transpose")
COMPILED = {"float": ("operator", "onednn_plain", "onednn_blocked", "matrix", "eigen_im2col", "eigen_tensor"),
            "double": ("operator", "matrix", "eigen_im2col", "eigen_tensor")}
MOST_NONZEROS_FOR_SCIPY = 20_000_000
SECONDS_A_MEASUREMENT = 0.03
SLOW_MILLISECONDS = 200  # a contender this slow is measured in the first round alone
SECONDS_OF_REST = 0.01  # after which the idle OpenMP threads of the contender before have stopped spinning


class Worker:
    """The compiled contenders, in a process of their own with a fixed number of threads."""

    def __init__(self, program, threads):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "OMP_NUM_THREADS": str(threads)})

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def time(self, layer, direction, scalar, contender):
        """(milliseconds, None), or (None, why there is no time)."""
        time.sleep(SECONDS_OF_REST)
        answer = self.ask(f"time {layer['name']} {direction} {scalar} {contender}")
        return (None, answer.removeprefix("absent ")) if answer.startswith("absent") else (float(answer), None)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def median_milliseconds(apply):
    time.sleep(SECONDS_OF_REST)
    apply()
    times = []
    while sum(times) < SECONDS_A_MEASUREMENT and len(times) < 300:
        start = time.perf_counter()
        apply()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def torch_layer(layer, direction, scalar):
    """PyTorch's functional layer on plain tensors, or why there is none."""
    if torch is None:
        return None, "python3-torch is not installed"
    rank = len(layer["input"])
    if rank > 3:
        return None, "PyTorch has no layer of this rank"
    kind = torch.float32 if scalar == "float" else torch.float64
    generator = torch.Generator().manual_seed(1)
    shape = (layer["out_channels"], layer["in_channels"] // layer["groups"], *layer["kernel"])
    weight = torch.rand(shape, generator=generator, dtype=kind)
    common = {"stride": layer["stride"], "padding": layer["padding"], "dilation": layer["dilation"],
              "groups": layer["groups"]}
    if direction == "forward":
        function = (torch.nn.functional.conv1d, torch.nn.functional.conv2d, torch.nn.functional.conv3d)[rank - 1]
        x = torch.rand((1, layer["in_channels"], *layer["input"]), generator=generator, dtype=kind)
        return lambda: function(x, weight, None, **common), None
    function = (torch.nn.functional.conv_transpose1d, torch.nn.functional.conv_transpose2d,
                torch.nn.functional.conv_transpose3d)[rank - 1]
    y = torch.rand((1, layer["out_channels"], *layer["output"]), generator=generator, dtype=kind)
    return lambda: function(y, weight, None, output_padding=layer["remainder"], **common), None


def scipy_layer(layer, direction, scalar, convmat, folder):
    """SciPy's product with W, or with its transpose (W.T), of convmat's own W."""
    if scipy is None:
        return None, "python3-scipy is not installed"
    if layer["multiplications"] > MOST_NONZEROS_FOR_SCIPY:
        return None, "more than 20 million nonzeros"
    kind = np.float32 if scalar == "float" else np.float64
    shape = (layer["out_channels"], layer["in_channels"] // layer["groups"], *layer["kernel"])
    np.save(folder / "w.npy", np.random.default_rng(1).random(shape).astype(kind))
    by = lambda values: "x".join(map(str, values))
    subprocess.run([convmat, "build", "--input", f"{layer['in_channels']}x{by(layer['input'])}", "--kernel",
                    folder / "w.npy", "--groups", str(layer["groups"]), "--stride", by(layer["stride"]), "--dilation",
                    by(layer["dilation"]), "--padding", by(layer["padding"]), "--out", folder / "W.npz"], check=True,
                   stdout=subprocess.DEVNULL)
    matrix = scipy.sparse.load_npz(folder / "W.npz")
    matrix = matrix if direction == "forward" else matrix.T
    x = np.random.default_rng(2).random(matrix.shape[1]).astype(kind)
    return lambda: matrix @ x, None


def race(worker, convmat, layer, direction, scalar, rounds):
    """{contender: median milliseconds} and {contender: why it is absent}."""
    times, absent = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        python = {"torch": torch_layer(layer, direction, scalar),
                  "scipy": scipy_layer(layer, direction, scalar, convmat, pathlib.Path(folder))}
    for _ in range(rounds):
        for name in COMPILED[scalar]:
            if name in absent or min(times.get(name, [0])) > SLOW_MILLISECONDS:
                continue
            value, why = worker.time(layer, direction, scalar, name)
            if value is None:
                absent[name] = why
            else:
                times.setdefault(name, []).append(value)
        for name, (apply, why) in python.items():
            if apply is None:
                absent[name] = why
            elif min(times.get(name, [0])) < SLOW_MILLISECONDS:
                times.setdefault(name, []).append(median_milliseconds(apply))
    return {name: statistics.median(values) for name, values in times.items()}, absent


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def ratio(times, name):
    return f"{times[name] / times['operator']:.2f}" if name in times else "–"


def section(results, layers, scalar, threads, direction):
    """One table: milliseconds and GFLOP/s of the operator, and how many times longer each peer takes."""
    peers = [name for name in (*COMPILED[scalar][1:], "torch", "scipy")]
    rows = []
    for layer in layers:
        times = results[(layer["name"], direction, scalar, threads)]["ms"]
        rows.append([layer["name"], f"{times['operator']:.3f}",
                     f"{2e-6 * layer['multiplications'] / times['operator']:.0f}"]
                    + [ratio(times, peer) for peer in peers])
    means = []
    for peer in peers:
        ratios = [results[(layer["name"], direction, scalar, threads)]["ms"] for layer in layers]
        ratios = [times[peer] / times["operator"] for times in ratios if peer in times]
        means.append(f"{geometric_mean(ratios):.2f} (least {min(ratios):.2f})" if ratios else "–")
    rows.append(["**geometric mean**", "", ""] + means)
    return table([f"{direction}, {scalar}, {threads} thread{'s' * (threads > 1)}", "ms", "GFLOP/s", *peers], rows)


def environment():
    openblas = " ".join(f"{key}={value}" for key, value in os.environ.items() if key.startswith("OPENBLAS_"))
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return (f"{platform.machine()} ({model}), {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}; PyTorch "
            f"{torch.__version__ if torch else 'absent'}, SciPy {scipy.__version__ if scipy else 'absent'}"
            + (f"; {openblas}" if openblas else ""))


def report(results, layers, rounds):
    of = lambda kind: [layer for layer in layers if layer["set"] == kind]
    parts = [f"""# Results of the operator

Written by `bench/run`: medians of {rounds} interleaved rounds (contenders above {SLOW_MILLISECONDS} ms: one round); {environment()}. Default flags (no `-march`).

Columns after GFLOP/s say how many times as long a peer takes: above 1 convmat's operator is faster. *onednn_plain* is oneDNN
with plain (NCHW) arrays in and out, its reorders included and its weights reordered beforehand, as convmat's are packed;
*onednn_blocked* leaves the arrays in oneDNN's own layout. *matrix* is Eigen's product with the explicit `W`, or with the directly
built `Wᵀ`. *scipy* is `W @ x` and `W.T @ x`. – says absent; why is in RESULTS_OPERATOR.json. A layer named T is a transposed
layer: its own direction is *transpose*."""]
    for threads in (1, 2):
        for scalar in ("float", "double"):
            for direction in DIRECTIONS:
                for kind, title in (("real", "Layers of networks"), ("plain", "The layers of building W")):
                    if of(kind):
                        parts.append(f"## {title}: {direction}, {scalar}, {threads} thread{'s' * (threads > 1)}")
                        parts.append(section(results, of(kind), scalar, threads, direction))
    if of("growing"):
        parts.append("## Growth: one channel of growing images, growing channels of a 28×28 image (3×3, float, 1 thread)")
        parts.append(section(results, of("growing"), "float", 1, "forward"))
    (HERE / "RESULTS_OPERATOR.md").write_text("\n\n".join(parts) + "\n")
    keyed = [{"layer": key[0], "direction": key[1], "scalar": key[2], "threads": key[3], **value}
             for key, value in results.items()]
    (HERE / "RESULTS_OPERATOR.json").write_text(json.dumps({"rounds": rounds, "environment": environment(),
                                                            "results": keyed}, indent=1) + "\n")


def main():
    worker_program, convmat, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    pattern = sys.argv[4] if len(sys.argv) > 4 else ""
    results = {}
    for threads in (1, 2):
        if torch:
            torch.set_num_threads(threads)
        worker = Worker(worker_program, threads)
        layers = [layer for layer in json.loads(worker.ask("layers")) if pattern in layer["set"] + "/" + layer["name"]]
        for layer in layers:
            for scalar in ("float", "double"):
                for direction in DIRECTIONS:
                    if layer["set"] == "growing" and (threads, scalar, direction) != (1, "float", "forward"):
                        continue
                    times, absent = race(worker, convmat, layer, direction, scalar, rounds)
                    results[(layer["name"], direction, scalar, threads)] = {"ms": times, "absent": absent}
                    peers = " ".join(f"{name} {value / times['operator']:.2f}x" for name, value in times.items()
                                     if name != "operator")
                    print(f"{layer['name']} {direction} {scalar} {threads}: {times['operator']:.3f} ms; {peers}", flush=True)
        worker.close()
    report(results, layers, rounds)


if __name__ == "__main__":
    main()
