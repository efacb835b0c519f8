"""The shapes of numbers that scoring takes and gives."""

import numpy as np
import numpy.typing as npt

Answers = npt.NDArray[np.uint8]
"""People x items: 1..P, and 0 for a missing answer."""

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
