"""Names for the arrays that travel through the network."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

# The network runs in float32. It follows the type of its weights, so the gradient check can run it in float64.
Floats: TypeAlias = npt.NDArray[np.float32]
Tokens: TypeAlias = npt.NDArray[np.int32]
Indices: TypeAlias = npt.NDArray[np.intp]
