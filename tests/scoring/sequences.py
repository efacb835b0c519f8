"""Made-up answers from a sequence of whole numbers, the same in R (reference/agreement_reliability.R) and here."""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).parent / "reference" / "agreement_reliability.json"
MADE = json.loads(FILE.read_text())
SETS = MADE["sets"]


def sequence(seed, count):
    """Park and Miller's generator, of which the last three digits are taken."""
    found = np.empty(count, dtype=np.int64)
    for place in range(count):
        seed = 16807 * seed % 2147483647
        found[place] = seed % 1000
    return found


def made(name):
    """Answers (people x items, 0 for missing) and the group (0, 1, ...) of each person of one of the sets."""
    one = SETS[name]["made"]
    items, sizes = one["items"], one["sizes"]
    group = np.repeat(np.arange(len(sizes)), sizes)
    numbers = sequence(one["seed"], sum(sizes) * (2 * items + 1)).reshape(sum(sizes), -1)
    person = np.minimum(999, numbers[:, 0] + one["shift"] * group)
    mix = one["share"] * person[:, None] + (10 - one["share"]) * numbers[:, 1 : 1 + items]
    answers = 1 + mix * one["points"] // 10000
    if one["gaps"]:
        answers[numbers[:, 1 + items :] % one["gaps"] == 0] = 0
    return answers.astype(np.uint8), group
