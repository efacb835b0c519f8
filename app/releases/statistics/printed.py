"""From estimates to the cells of a release: printed values only (measurement design, P2, P7, P10, P12)."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np

from app.releases.document.figures import Agreement, Bound, Camps, Share, Shares
from app.releases.document.release import Change, Coverage, Hidden, Index, NoChange, Scored
from app.releases.plan.coarsening import Node
from app.releases.statistics.estimate import PlannedColumn
from scoring.arrays import Flags, Integers
from scoring.estimates import Part, Spread, roll_up
from scoring.grades import Band, band, border_band, grade
from scoring.moments import Moments
from scoring.printed import EXACT_FROM, PrintedScore, index, printed_interval, printed_score, printed_scores, up
from scoring.rollups import RollUps
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


def cells(
    rows: Iterable[Node],
    planned: PlannedColumn,
    *,
    changes: Mapping[str, Change | NoChange],
    silent: Container[str] = frozenset(),
    mean_only: bool = False,
    beside: Beside = NOTHING,
) -> Iterator[tuple[str, Scored | Hidden]]:
    """What a release says of rows in a column, or why it says nothing, by their ids: those that `changes` names.

    `silent` are rows in which nobody answered anything. `mean_only` is for a column beside another one of the same
    dimension: two numbers of answers would tell, by their difference, how many people answered the one and not the
    other.
    """
    lines = _lines(planned, mean_only=mean_only)
    for row in rows:
        if row.id not in changes:
            continue
        if row.id in silent:
            yield row.id, Hidden(reason="no_answers")
        elif not any(row.departments <= root.departments for root in planned.means):
            yield row.id, Hidden(reason="small_group")
        elif (line := lines.get(row.id)) is None:
            yield row.id, Hidden(reason="not_separately")
        else:
            yield row.id, _scored(row, line, changes[row.id], beside)


def _scored(row: Node, line: "_Line", change: Change | NoChange, beside: Beside) -> Scored:
    score, beyond, half, shown, everyone, n, covered = line
    uncertain = shown and not everyone
    return Scored(
        score=score,
        bound=BOUNDS[beyond],
        band=_BANDS[score],
        border=None if beyond else _border(score, 0 if everyone else _reach(half)),
        grade=grade(half),
        n=n if shown else None,
        interval=printed_interval(PrintedScore(score, BOUNDS[beyond]), half) if uncertain else None,
        everyone=everyone,
        coverage=_coverage(covered, headcount=row.headcount) if row.children else None,
        change=change,
        shares=beside.shares.get(row.id),
        unknown=beside.unknown.get(row.id),
        # Where all answers are alike a cell looks like one whose spread is not told (P7), and so do these.
        agreement=beside.agreement.get(row.id) if shown else None,
        camps=beside.camps.get(row.id) if shown else None,
    )


_Line = tuple[int, int, float, bool, bool, int, int]
"""A printed score, on which side it lies beyond its bounds, half of its interval, whether that is shown, whether
everybody answered, their number, and the headcount for which they stand."""


def _lines(planned: PlannedColumn, *, mean_only: bool) -> dict[str, _Line]:
    """The sets of a column that have a mean, as they are printed."""
    found, names = planned.rolled.found, list(planned.published)
    own = found.own & np.array([name not in planned.unnumbered for name in names], dtype=np.bool_)
    told = own & (not mean_only)
    everyone = told & found.everyone
    half = np.where(told & ~everyone, quantiles(0.975, found.df) * found.se, np.nan)
    shown = everyone | ~np.isnan(half)
    # Where all answers are alike the set looks like one whose spread is not told: nothing says that they are alike.
    half = np.where(shown, np.where(everyone, 0.0, half), planned.expected)
    scores, beyond = scores_to_print(found, fine=own)
    arrays = (scores, beyond, half, shown, everyone, found.n, found.headcount)
    lines = zip(names, found.strata.tolist(), zip(*(one.tolist() for one in arrays), strict=True), strict=True)
    return {name: line for name, strata, line in lines if strata}


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
