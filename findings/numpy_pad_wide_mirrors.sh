#!/bin/bash
# A good guess: numpy.pad(x, (a, b), 'reflect') mirrors x with its period, whatever a and b are; so the padding at the
# end does not depend on the padding at the beginning. It hurts whoever pads by more than the array, unevenly: filters
# with long supports on short signals, and tests that take numpy.pad for the truth.
# NumPy 1.24.2 (Debian 12) shows other values where the two ends differ: the last ones of
#   numpy.pad([0, 1, 2], (1, 9), 'reflect')   are 0 1, not 2 1 as with (9, 9), and those of
#   numpy.pad([0, 1], (1, 9), 'symmetric')    are 0 0 0 0, not 0 0 1 1.
# Exit 0: it does so; 1: it does not any more.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
apt-get download -qq python3-numpy=1:1.24.2-1+deb12u1
dpkg -x python3-numpy_*.deb root
PYTHONPATH=$folder/root/usr/lib/python3/dist-packages /usr/bin/python3 - <<'END'
import numpy as np

print("NumPy", np.__version__, np.__file__)
as_expected = True
for x, mode, seen in (([0, 1, 2], "reflect", [0, 1]), ([0, 1], "symmetric", [0, 0, 0, 0])):
    even = np.pad(x, (9, 9), mode)[-9:]
    uneven = np.pad(x, (1, 9), mode)[-9:]
    print(f"{mode:10} end of (9, 9): {even}   end of (1, 9): {uneven}")
    as_expected &= list(uneven[-len(seen):]) == seen and not np.array_equal(even, uneven)
raise SystemExit(0 if as_expected else 1)
END
