"""How many threads the matrix library may use. Imports nothing heavy: it has to run before numpy does."""

from __future__ import annotations

import os
import sys

# Every matrix library that numpy or a neighbour may be linked with reads one of these when it is loaded.
THREAD_VARIABLES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def limit_threads(count: int = 1) -> None:
    """Give matrix libraries `count` threads in this process and its children; a value the user has set stays.

    Matrices of this model are so small that a second thread spends its time spinning: training is several times
    slower with two threads than with one.

    Raises:
        RuntimeError: numpy is already loaded, so the limit would have no effect.
    """
    if "numpy" in sys.modules:
        raise RuntimeError("limit_threads() has to be called before numpy is imported")
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, str(count))
