"""From estimates to the cells of a release: printed values only (measurement design, P2, P7, P10, P12)."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from app.releases.document.figures import Agreement, Bound, Camps, Share, Shares
from app.releases.document.release import Change, Coverage, Hidden, Index, NoChange, Scored
from app.releases.plan.coarsening import Node
from app.releases.statistics.estimate import PlannedColumn
from scoring.arrays import Flags, Floats, Integers
from scoring.estimates import Part, Spread, roll_up
from scoring.grades import Band, Grade, band, border_band, grade, grades
from scoring.moments import Moments
from scoring.printed import EXACT_FROM, index, printed_score, printed_scores, up, up_all
from scoring.rollups import RollUps, side_by_side
from scoring.student import quantiles

_BANDS: Final = tuple(band(score) for score in range(101))
BOUNDS: Final[Mapping[int, Bound]] = {-1: "<=", 0: "", 1: ">="}
_FARTHEST: Final = 100


@dataclass(frozen=True, slots=True)
class Beside:
    """What a column tells of rows beside their scores, by their ids."""

    shares: Mapping[str, Shares] = field(default_factory=dict)
    unknown: Mapping[str, Share] = field(default_factory=dict)
    agreement: Mapping[str, Agreement] = field(default_factory=dict)
    camps: Mapping[str, Camps] = field(default_factory=dict)


NOTHING: Final = Beside()


_Line = tuple[int, Bound, Band | None, Grade, int | None, tuple[int, int] | None, bool, int, bool]
"""A set as it is printed: score, bound, border, grade, number and interval where they are told; whether everybody
answered, the headcount for which its people stand, and whether what rests on its own spread is told."""

Lines = Mapping[str, _Line]
"""The sets of a column that have a mean, by their ids."""


def cells(
    rows: Iterable[Node],
    planned: PlannedColumn,
    lines: Lines,
    *,
    changes: Mapping[str, Change | NoChange],
    silent: Container[str] = frozenset(),
    beside: Beside = NOTHING,
) -> Iterator[tuple[str, Scored | Hidden]]:
    """What a release says of rows in a column, or why it says nothing, by their ids: those that `changes` names.

    `lines` are those of the column (`lines_of`), `silent` rows in which nobody answered anything.
    """
    for row in rows:
        if row.id not in changes:
            continue
        if row.id in silent:
            yield row.id, Hidden(reason="no_answers")
        elif (line := lines.get(row.id)) is not None:
            yield row.id, _scored(row, line, changes[row.id], beside)
        else:
            within = any(row.departments <= root.departments for root in planned.means)
            yield row.id, Hidden(reason="not_separately" if within else "small_group")


def _scored(row: Node, line: _Line, change: Change | NoChange, beside: Beside) -> Scored:
    score, bound, border, grade, n, interval, everyone, covered, shown = line
    return Scored(
        score=score,
        bound=bound,
        band=_BANDS[score],
        border=border,
        grade=grade,
        n=n,
        interval=interval,
        everyone=everyone,
        coverage=_coverage(covered, headcount=row.headcount) if row.children else None,
        change=change,
        shares=beside.shares.get(row.id),
        unknown=beside.unknown.get(row.id),
        # Where all answers are alike a cell looks like one whose spread is not told (P7), and so do these.
        agreement=beside.agreement.get(row.id) if shown else None,
        camps=beside.camps.get(row.id) if shown else None,
    )


def lines_of(columns: Sequence[tuple[PlannedColumn, bool]]) -> list[Lines]:
    """The sets of some columns as they are printed. True for a column of which the means alone are told.

    So it is of one beside another one of the same dimension: two numbers of answers would tell, by their difference,
    how many people answered the one and not the other.
    """
    if not columns:
        return []
    found = side_by_side([one.rolled.found for one, _ in columns])
    sizes = [len(one.published) for one, _ in columns]
    own = found.own & np.array([told for one, _ in columns for told in _numbered(one)], dtype=np.bool_)
    told = own & ~np.repeat([mean_only for _, mean_only in columns], sizes)
    everyone = told & found.everyone
    half = np.where(told & ~everyone, quantiles(0.975, found.df) * found.se, np.nan)
    shown = everyone | ~np.isnan(half)
    # Where all answers are alike the set looks like one whose spread is not told: nothing says that they are alike.
    expected = np.concatenate([one.expected for one, _ in columns])
    half = np.where(shown, np.where(everyone, 0.0, half), expected)
    printed = _printed(found, half, own=own, shown=shown, everyone=everyone)
    names = (name for one, _ in columns for name in one.published)
    every = list(zip(names, found.strata.tolist(), printed, strict=True))
    ends = pairwise(accumulate(sizes, initial=0))
    return [{name: line for name, strata, line in every[start:end] if strata} for start, end in ends]


def _numbered(planned: PlannedColumn) -> Iterator[bool]:
    """Which of the published sets may tell their number of answers."""
    silent = planned.unnumbered
    return (name not in silent for name in planned.published)


def _printed(found: RollUps, half: Floats, *, own: Flags, shown: Flags, everyone: Flags) -> Iterator[_Line]:
    """The sets with half of their interval, as they are printed."""
    scores, beyond = scores_to_print(found, fine=own)
    # As an interval is printed, in whole points: what a cell says of bands follows from what it shows.
    reach = np.maximum(1, up_all(np.minimum(half, _FARTHEST)))
    low, high = np.maximum(0, scores - reach), np.minimum(100, scores + reach)
    arrays = (scores, beyond, np.where(everyone, 0, reach), low, high, shown, everyone, found.n, found.headcount)
    lines = zip(*(one.tolist() for one in arrays), grades(half), strict=True)
    for score, side, near, lowest, highest, told, everybody, n, covered, precision in lines:
        interval = (lowest, highest) if told and not everybody and not side else None
        border = None if side else _border(score, near)
        yield score, BOUNDS[side], border, precision, n if told else None, interval, everybody, covered, told


@cache
def _border(score: int, reach: int) -> Band | None:
    """The band that an interval of so many whole points to either side reaches into."""
    return border_band(score, reach)


def _reach(half: float) -> int:
    """Half of an interval as it is printed, in whole points: what a cell says of bands follows from what it shows."""
    return max(1, up(min(half, _FARTHEST)))


def scores_to_print(found: RollUps, *, fine: Flags) -> tuple[Integers, Integers]:
    """Means as they are printed: to the nearest 5 for fewer than 10 people, and where their number is not told.

    A whole point would tell that at least 10 gave a valid answer, and with the numbers around it how many did not.
    """
    n = np.where(fine, found.n, np.minimum(found.n, EXACT_FROM - 1))
    return printed_scores(np.nan_to_num(found.mean), n=n)


def _coverage(covered: int, *, headcount: int) -> Coverage:
    """How much of the headcount the strata with answers stand for."""
    covered, everyone = 100 * covered, max(1, headcount)
    if covered >= 95 * everyone:
        return ">= 95 %"
    return "80-95 %" if covered >= 80 * everyone else "< 80 %, partial"


def plain_cell(moments: Moments, spread: Spread, *, change: NoChange) -> Scored:
    """A cell of people who are no set of departments: their plain mean, with the precision that the column's spread
    gives; neither n nor interval."""
    best = roll_up([Part(headcount=moments.n, n=moments.n, mean=moments.mean, spread=spread, group=0)], finite=False)
    printed, half = printed_score(best.mean, n=best.n), best.half_width() or 0.0
    return Scored(
        score=printed.score,
        bound=printed.bound,
        band=_BANDS[printed.score],
        border=None if printed.bound else _border(printed.score, _reach(half)),
        grade=grade(half),
        change=change,
    )


def block_index(cells: Sequence[Scored | Hidden]) -> Index:
    """The mean of a row's printed cells of one block."""
    score = index([one.score for one in cells if isinstance(one, Scored)], of=len(cells))
    return Index(score=score, band=None if score is None else band(score))
