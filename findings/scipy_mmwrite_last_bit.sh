#!/bin/bash
# A good guess: a matrix written by scipy.io.mmwrite and read by mmread is the same, as the numbers are text of its
# choosing; or else dense and sparse matrices lose alike. It hurts whoever keeps a matrix in a Matrix Market file and
# compares with ==, or whose matrix is singular or symmetric but for its last bit.
# SciPy 1.10.1 (Debian 12) writes sparse float64 with 16 digits, of which 17 are needed: 4256 of 10000 normal numbers
# come back changed; the same numbers as a dense array have 17 digits and come back as they were. (precision=17 helps.)
# Exit 0: it does so; 1: it does not any more.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
apt-get download -qq python3-numpy=1:1.24.2-1+deb12u1 python3-scipy=1.10.1-2
for package in *.deb; do dpkg -x "$package" root; done
PYTHONPATH=$folder/root/usr/lib/python3/dist-packages /usr/bin/python3 - <<'END'
import io

import numpy as np
import scipy
import scipy.io
import scipy.sparse


def changed(matrix):
    file = io.BytesIO()
    scipy.io.mmwrite(file, matrix)
    line = file.getvalue().splitlines()[-1].decode()
    file.seek(0)
    back = scipy.io.mmread(file)
    dense = lambda a: a.toarray() if scipy.sparse.issparse(a) else a
    return int((dense(back) != dense(matrix)).sum()), line


print("SciPy", scipy.__version__, scipy.__file__)
values = np.random.default_rng(0).standard_normal((100, 100))
sparse, of_sparse = changed(scipy.sparse.csr_matrix(values))
dense, of_dense = changed(values)
print(f"sparse: {sparse} of {values.size} changed; last line: {of_sparse}")
print(f"dense:  {dense} of {values.size} changed; last line: {of_dense}")
raise SystemExit(0 if sparse > 4000 and dense == 0 else 1)
END
