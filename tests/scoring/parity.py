"""Numbers from R for shares, non-response, screening, trends, linking, drivers and gaps; see the script beside them."""

import json
import math
from pathlib import Path
from typing import TypeVar

import numpy as np

from scoring.moments import Moments

R = json.loads((Path(__file__).parent / "reference" / "shares_drivers.json").read_text())


Found = TypeVar("Found")


def told(found: Found | None) -> Found:
    """What a formula found, where there has to be something."""
    assert found is not None
    return found


def moments_of(part):
    """Moments of a set of which R wrote n, mean and standard deviation."""
    return Moments(part["n"], part["mean"], part.get("s", 0.0) ** 2 * (part["n"] - 1))


def people_with(part):
    """A made-up set of scores with exactly this n, mean and standard deviation: evenly spaced, stretched, shifted."""
    steps = np.arange(part["n"], dtype=np.float64)
    return part["mean"] + (steps - steps.mean()) * (part["s"] / math.sqrt(np.var(steps, ddof=1)))
