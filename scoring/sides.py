"""How the answers to one question are printed, so that no bound tells how many people are behind it (P7).

Three numbers of answers, below, at and above the middle of a scale, add up to the number of people, which a reader may
know. Where one of the three shares is beyond its bound, the other two would give it; so the three are told jointly.
Behind every print with a bound are at least two divisions of the answers, and never only such in which all are alike.
`few` is the largest number of answers beyond the lower bound: 1 of 10 to 39 people, 2 of 40 to 59, and so on.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.arrays import Flags, Floats, Integers
from scoring.printed import WIDE_FROM, half_up_all, printed_shares

_MOST_ROLLED: Final = 2
"""So few answers on one side are not told apart in roll-ups, where the bound hides that many."""
_COARSE: Final = 5


def few(n: Integers) -> Integers:
    """The largest number of n answers that is beyond the lower bound: a tenth of fewer than 20, else a twentieth."""
    found: Integers = n // np.where(n < WIDE_FROM, 10, 20)
    return found


def printed_sides(sides: Integers) -> tuple[Integers, Integers]:
    """The three shares of numbers of answers (..., 3), below, at and above the middle, in whole per cent, and -1 or 1
    where they lie below or above a bound. 0 where nobody answered.

    * One share is beyond the upper bound: the other two are beyond the lower one.
    * Few, but at most twice as few, are not favourable: that share is told, and of the other two a bound twice as wide.
    * Few are unfavourable, or neutral: the favourable share is told, and what is left for the third.
    * Few are favourable: the unfavourable share is told, and what is left for the neutral one; a bound twice as wide
      for it where it is small, and for the unfavourable share, which is not told then, where that is small.

    What is left is 100 less the printed share and half of what the bound hides, to the nearest 5.
    """
    n = sides.sum(axis=-1)
    told = printed_shares(sides / np.maximum(n, 1)[..., np.newaxis], n=n[..., np.newaxis])
    hidden = few(n)
    cases = _Cases(sides, hidden)
    percent = cases.chosen(_percents(told[0], n, hidden), told[0]).astype(np.intp)
    none, low = np.zeros_like(n), np.full_like(n, -1)
    sides_beyond = [(low, low, none), (low, none, none), (none, low, none), (none, low, low), (low, none, low)]
    every = [tuple(np.moveaxis(told[1], -1, 0)), *sides_beyond, (none, none, low)]
    beyond = cases.chosen(every, told[1]).astype(np.intp)
    nobody = (n == 0)[..., np.newaxis]
    return np.where(nobody, 0, percent), np.where(nobody, 0, beyond)


def _percents(percent: Integers, n: Integers, hidden: Integers) -> list[tuple[Integers, ...]]:
    """What is printed in each of the cases, of the three shares in whole per cent each by itself."""
    below, middle, above = np.moveaxis(percent, -1, 0)
    low, half = np.where(n < WIDE_FROM, 10, 5), 50 * hidden / np.maximum(n, 1)
    beside_above, beside_below = _coarse(100 - above - half), _coarse(100 - below - half)
    return [
        (below, middle, above),
        (2 * low, 2 * low, above),
        (low, beside_above, above),
        (beside_above, low, above),
        (below, 2 * low, low),
        (2 * low, _coarse(100 - 4 * half - 50 / np.maximum(n, 1)), low),
        (below, beside_below, low),
    ]


def rolled_sides(sides: Integers) -> Floats:
    """The three shares, 0 to 1, with which numbers of answers (..., 3) enter a roll-up; 0 where nobody answered.

    They tell no more than what is printed of the numbers; of 40 people and more, as much as if 2 were the most that a
    bound hides. Few answers count as half of that, so that of each set a roll-up counts 1.5 people otherwise at most,
    and 3 of 40 people and more.
    """
    n = sides.sum(axis=-1)
    hidden = np.minimum(few(n), _MOST_ROLLED)
    below, above = sides[..., 0].astype(np.float64), sides[..., 2].astype(np.float64)
    half = hidden / 2
    alike = np.where(sides == sides.max(axis=-1, keepdims=True), (n - half)[..., np.newaxis], half[..., np.newaxis] / 2)
    counts = _Cases(sides, hidden).chosen(
        [
            tuple(np.moveaxis(alike, -1, 0)),
            ((n - above) / 2, (n - above) / 2, above),
            (half, n - above - half, above),
            (n - above - half, half, above),
            (below, n - below - half, half),
            (2 * half, n - 3 * half, half),
            (below, n - below - half, half),
        ],
        sides,
    )
    rolled: Floats = np.where(n[..., np.newaxis] > 0, counts / np.maximum(n, 1)[..., np.newaxis], 0.0)
    return rolled


def rolled_part(part: Integers, n: Integers) -> Floats:
    """The share, 0 to 1, with which `part` of `n` people enter a roll-up, by the same rule; 0 of nobody."""
    hidden = np.minimum(few(n), _MOST_ROLLED)
    told = np.where(part <= hidden, hidden / 2, np.where(n - part <= hidden, n - hidden / 2, part))
    rolled: Floats = np.where(n > 0, told / np.maximum(n, 1), 0.0)
    return rolled


def _coarse(percent: Floats) -> Integers:
    return _COARSE * half_up_all(percent / _COARSE)


_Numbers = npt.NDArray[np.intp] | Floats


class _Cases:
    """Which case numbers of answers (..., 3) are, if so many are `hidden` beyond the lower bound.

    Each case is decided by what its print tells exactly, so all divisions that differ in the rest only share it.
    """

    def __init__(self, sides: Integers, hidden: Integers) -> None:
        n = sides.sum(axis=-1)
        below, middle, above = np.moveaxis(sides, -1, 0)
        few_above, few_below = above <= hidden, below <= 2 * hidden
        self._of: list[Flags] = [
            n - sides.max(axis=-1) <= hidden,
            n - above <= 2 * hidden,
            ~few_above & (below <= hidden),
            ~few_above & (middle <= hidden),
            few_above & (n - below <= 2 * hidden),
            few_above & few_below,
            few_above,
        ]

    def chosen(self, values: Sequence[tuple[_Numbers, ...]], otherwise: _Numbers) -> Floats:
        """The values of each line's first case that holds, below, at and above the middle: (..., 3)."""
        sides = [np.select(self._of, [one[side] for one in values], otherwise[..., side]) for side in range(3)]
        found: Floats = np.stack(sides, axis=-1).astype(np.float64)
        return found
