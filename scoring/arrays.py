"""The shapes of numbers that scoring takes and gives."""

import numpy as np
import numpy.typing as npt

Answers = npt.NDArray[np.uint8]
"""People x items: 1..P, and 0 for a missing answer."""

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

ItemAnswers = npt.NDArray[np.uint8]
"""The answers of all people to one item, shape (people,): 1..P, and 0 for a missing answer."""

AnswersByItem = npt.NDArray[np.uint8]
"""Items x people, the answers to each item side by side in memory."""
