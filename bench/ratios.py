"""Runs the benchmarks and writes their figures as ratios, each within one interleaved run: ratios.py BIN_DIR REPETITIONS"""

import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent

# (ratio, what over what, threads, the goal and its direction)
RATIOS = [
    ("build W / first touch", "build", "touch", 1, "<=", 2.0),
    ("build W / first touch", "build", "touch", 2, "<=", 1.25),
    ("build Wᵀ / build W", "build_transpose", "build", 1, "<=", 1.25),
    ("build Wᵀ / build W", "build_transpose", "build", 2, "<=", 1.25),
    ("setFromTriplets / build W", "triplets", "build", 1, ">=", 15.0),
    ("setFromTriplets / build W", "triplets", "build", 2, ">=", 30.0),
    ("refill / write values", "refill", "write_values", 1, "<=", 2.0),
    ("refill / write values", "refill", "write_values", 2, "<=", 2.0),
    ("build W / fill fresh memory", "build", "write", 1, "", 0),
    ("build W / fill fresh memory", "build", "write", 2, "", 0),
]


def measure(binaries, repetitions):
    """{layer: {(benchmark, threads): median milliseconds}} of one randomly interleaved run."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run([binaries / "bench_matrix", f"--benchmark_repetitions={repetitions}",
                        "--benchmark_enable_random_interleaving=true", f"--benchmark_out={out.name}",
                        "--benchmark_out_format=json"], check=True, stdout=subprocess.DEVNULL)
        runs = json.load(out)["benchmarks"]
    times = {}
    for run in runs:
        if run["run_type"] == "iteration":
            name, layer, threads = run["name"].split("/")[:3]
            times.setdefault(layer, {}).setdefault((name, int(threads)), []).append(run["real_time"])
    return {layer: {key: statistics.median(values) for key, values in of.items()} for layer, of in times.items()}


def time_of(medians, name, threads):
    return medians[(name, 1 if name == "triplets" else threads)]


def peak(binaries, layer, form):
    return float(subprocess.run([binaries / "bench_memory", layer, form], check=True, capture_output=True).stdout)


def table(header, rows):
    return "\n".join(["| " + " | ".join(row) + " |" for row in [header, ["---"] + ["---:"] * (len(header) - 1), *rows]])


def met(value, sense, goal):
    return value <= goal if sense == "<=" else value >= goal


def cell(value, sense, goal):
    return f"{value:.2f}" + ("" if not sense or met(value, sense, goal) else " ✗")


def main():
    binaries, repetitions = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    medians = measure(binaries, repetitions)
    layers = list(medians)
    ratios, figures = [], []
    for label, over, under, threads, sense, goal in RATIOS:
        values = {layer: time_of(medians[layer], over, threads) / time_of(medians[layer], under, threads)
                  for layer in layers}
        figures.append({"ratio": label, "threads": threads, "goal": f"{sense}{goal}" if sense else None, "values": values})
        ratios.append([f"{label}, {threads} thread{'s' * (threads > 1)}", f"{sense} {goal:g}" if sense else ""]
                      + [cell(value, sense, goal) for value in values.values()])
    for form in ("matrix", "transpose"):
        values = {layer: statistics.median(peak(binaries, layer, form) for _ in range(3)) for layer in layers}
        label = "peak memory / bytes of " + ("W" if form == "matrix" else "Wᵀ")
        figures.append({"ratio": label, "threads": os.cpu_count(), "goal": "<=1.05", "values": values})
        ratios.append([label, "<= 1.05"] + [cell(value, "<=", 1.05) for value in values.values()])
    names = sorted({key for of in medians.values() for key in of})
    times = [[f"{name}, {threads}"] + [f"{medians[layer][(name, threads)]:.2f}" for layer in layers]
             for name, threads in names]
    text = f"""# Results

Written by `bench/run {repetitions}`: medians of {repetitions} randomly interleaved runs, {platform.machine()}, {os.cpu_count()} cores,
Linux {platform.release().split('-')[0]}, default flags (no `-march`). ✗ marks a goal that was not reached. Ratios below are of times
taken in the same run.

*First touch* writes one byte a page into as many fresh bytes as W has, huge pages asked for, with as many threads. *Fill fresh
memory* writes them all. *Write values* writes all value bytes into warm memory. *setFromTriplets* (one thread: Eigen has no other)
includes writing the reserved triplets.

{table(["ratio", "goal", *layers], ratios)}

Milliseconds (name, threads):

{table(["", *layers], times)}
"""
    (HERE / "RESULTS.md").write_text(text)
    milliseconds = {layer: {f"{name}/{threads}": value for (name, threads), value in of.items()}
                    for layer, of in medians.items()}
    (HERE / "RESULTS.json").write_text(json.dumps({"repetitions": repetitions, "ratios": figures,
                                                   "milliseconds": milliseconds}, indent=1, ensure_ascii=False) + "\n")
    print(text)


if __name__ == "__main__":
    main()
