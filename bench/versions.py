#!/usr/bin/python3
"""Compares the speed of two installed versions of convmat: bench/versions.py OLD_PREFIX NEW_PREFIX [ROUNDS]
Compiles bench/versions.cpp with -O3 against each by pkg-config, runs the two in turn, and prints the ratio old / new of the
medians: above 1 the new one is faster. Threads: OMP_NUM_THREADS as given."""
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = ["convmat", "convmat-suitesparse"]


def compiled(prefix, program):
    """The program, linked with the version that is installed in the prefix."""
    modules = next(pathlib.Path(prefix).rglob("convmat.pc"), None)
    if modules is None:
        sys.exit(f"versions: no convmat.pc below {prefix}, expected the prefix of an installed convmat")
    environment = dict(os.environ, PKG_CONFIG_PATH=str(modules.parent))
    flags = subprocess.run(["pkg-config", "--static", "--cflags", "--libs", *PACKAGES], env=environment, check=True,
                           capture_output=True, text=True).stdout
    subprocess.run(["g++", "-O3", "-DNDEBUG", str(HERE / "versions.cpp"), *shlex.split(flags), "-o", str(program)], check=True)
    return program


def measured(program):
    lines = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout.split("\n")
    return {name: float(seconds) for name, seconds in (line.split() for line in lines if line)}


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    rounds = int(sys.argv[3]) if len(sys.argv) == 4 else 7
    with tempfile.TemporaryDirectory() as folder:
        programs = [compiled(prefix, pathlib.Path(folder) / name) for prefix, name in zip(sys.argv[1:3], ("old", "new"))]
        times = [[], []]
        for turn in range(rounds):
            for which in (0, 1) if turn % 2 == 0 else (1, 0):
                times[which].append(measured(programs[which]))
    print(f"{'task':<34}{'old ms':>10}{'new ms':>10}{'old/new':>9}")
    for name in times[0][0]:
        old, new = (statistics.median(run[name] for run in runs) for runs in times)
        print(f"{name:<34}{1e3 * old:>10.3f}{1e3 * new:>10.3f}{old / new:>9.3f}")


if __name__ == "__main__":
    main()
