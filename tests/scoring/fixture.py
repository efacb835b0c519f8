"""The fixture of 37 people, with every number computed in R (measurement design, 3.5 and section 9)."""

import csv
import json
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"
HEADCOUNTS = {"Legal": 8, "HR": 20, "Finance": 40}
EXPECTED = json.loads((DATA / "tiny_expected.json").read_text())
REFERENCE = json.loads((DATA / "reference_values.json").read_text())


def answers(wave, department):
    """Answers of shape (people, 4), 0 for "don't know"."""
    with (DATA / "tiny.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if (row["wave"], row["dept"]) == (wave, department)]
    return np.array(
        [[0 if row[f"i{j}"] == "DK" else int(row[f"i{j}"]) for j in range(1, 5)] for row in rows], dtype=np.uint8
    )
