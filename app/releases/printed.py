"""From estimates to the cells of a release: printed values only (measurement design, P2, P7, P10, P12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.releases.document import Change, Coverage, Hidden, Index, NoChange, Scored
from app.releases.estimate import PlannedColumn, Rolled
from app.releases.plan import Node, count
from scoring.estimates import Estimate, Part, Spread, roll_up
from scoring.grades import Band, band, border_band, grade
from scoring.moments import Moments
from scoring.printed import EXACT_FROM, PrintedScore, index, printed_interval, printed_score

_BANDS: Final = tuple(band(score) for score in range(101))
_TO_BORDER: Final = tuple(
    min(abs(score - other) for other in range(-101, 202) if not 0 <= other <= 100 or _BANDS[other] != _BANDS[score])
    for score in range(101)
)
"""How many points every score is from the nearest one of another band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How sure a mean is. `half_width` in points; `shown` where n and the interval may be printed."""

    half_width: float
    shown: bool
    everyone: bool = False


def cell(
    row: Node,
    planned: PlannedColumn,
    *,
    responses: dict[str, int],
    change: Change | NoChange,
    mean_only: bool = False,
) -> Scored | Hidden:
    """What a release says of a row in a column, or why it says nothing.

    `mean_only` is for a column beside another one of the same dimension: two numbers of answers would tell, by their
    difference, how many people answered the one and not the other.
    """
    if row.kind != "organisation" and not count(row, responses):
        return Hidden(reason="no_answers")
    if not any(row.departments <= root.departments for root in planned.means):
        return Hidden(reason="small_group")
    best = planned.rolled.get(row.id)
    if best is None:
        return Hidden(reason="not_separately")
    own = best.own and row.id not in planned.unnumbered
    precision = _precision(best, planned.expected[row.id], own=own and not mean_only)
    coverage = _coverage(best, headcount=row.headcount) if row.children else None
    return _scored(best, precision, fine=own, coverage=coverage, change=change)


def _precision(best: Rolled, expected: float, *, own: bool) -> Precision:
    if own and best.everyone:
        return Precision(half_width=0.0, shown=True, everyone=True)
    half = best.half_width() if own else None
    if half is not None:
        return Precision(half_width=half, shown=True)
    # Where all answers are alike the set looks like one whose spread is not told: nothing says that they are alike.
    return Precision(half_width=expected, shown=False)


def _scored(
    best: Estimate | Rolled, precision: Precision, *, fine: bool, coverage: Coverage | None, change: Change | NoChange
) -> Scored:
    printed = score_to_print(best, fine=fine)
    uncertain = precision.shown and not precision.everyone
    interval = printed_interval(printed, precision.half_width) if uncertain else None
    return Scored(
        score=printed.score,
        bound=printed.bound,
        band=_BANDS[printed.score],
        border=_border(printed, precision.half_width),
        grade=grade(precision.half_width),
        n=best.n if precision.shown else None,
        interval=interval,
        everyone=precision.everyone,
        coverage=coverage,
        change=change,
    )


def _border(printed: PrintedScore, half_width: float) -> Band | None:
    """The band that the interval reaches into; most reach into none, which the nearest border tells."""
    if printed.bound or half_width < _TO_BORDER[printed.score] - 1:
        return None
    return border_band(printed.score, half_width)


def score_to_print(best: Estimate | Rolled, *, fine: bool) -> PrintedScore:
    """A mean as it is printed: to the nearest 5 for fewer than 10 people, and where their number is not told.

    A whole point would tell that at least 10 gave a valid answer, and with the numbers around it how many did not.
    """
    return printed_score(best.mean, n=best.n if fine else min(best.n, EXACT_FROM - 1))


def _coverage(best: Rolled, *, headcount: int) -> Coverage:
    """How much of the headcount the strata with answers stand for."""
    covered, everyone = 100 * best.headcount, max(1, headcount)
    if covered >= 95 * everyone:
        return ">= 95 %"
    return "80-95 %" if covered >= 80 * everyone else "< 80 %, partial"


def plain_cell(moments: Moments, spread: Spread, *, change: NoChange) -> Scored:
    """A cell of people who are no set of departments: their plain mean, with the precision that the column's spread
    gives; neither n nor interval."""
    best = roll_up([Part(headcount=moments.n, n=moments.n, mean=moments.mean, spread=spread, group=0)], finite=False)
    precision = Precision(half_width=best.half_width() or 0.0, shown=False)
    return _scored(best, precision, fine=True, coverage=None, change=change)


def block_index(cells: Sequence[Scored | Hidden]) -> Index:
    """The mean of a row's printed cells of one block."""
    score = index([one.score for one in cells if isinstance(one, Scored)], of=len(cells))
    return Index(score=score, band=None if score is None else band(score))
