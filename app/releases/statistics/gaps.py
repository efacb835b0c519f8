"""How differently people who lead and people who do not see each dimension, in the whole organisation (3.12, P9).

Both sides are groups of role levels that the margins tell of anyway, so the gap of their printed means tells nothing
new; its interval tells their spreads. These are squares of the scores whose spread the rows tell, on coarser sets than
those of means, so they are looked at once more: in every set that lends its spread, and in used answers too, because an
interval tells numbers of answers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from app.releases.document.figures import Gaps, LeaderGap
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.margins import RoleLevels, counted, is_safe
from app.releases.statistics.planning import PlannedWave
from scoring.change import holm
from scoring.gap import Gap, gap, marked
from scoring.moments import Moments, merged
from scoring.people import MISSING, least_answers
from scoring.printed import PrintedScore, half_up, printed_p, printed_score, up

LEAST_SPREAD: Final = 5.0
"""A smaller spread counts as so many points, because nothing says that all people answered alike (P7)."""
MOST_G: Final = 300

_GATED: Final = ("trust", "readiness")


def gaps(wave: PlannedWave, levels: RoleLevels | None, *, without: Collection[str] = ()) -> Gaps | None:
    """The gaps of all dimensions of which both sides may be told; None where leaders are no group of their own.

    Those `without` are not among what is tested together either: a corrected p would tell of them.
    """
    sides = None if levels is None else _sides(levels)
    if levels is None or sides is None:
        return None
    leaders, staff = sides
    found: dict[str, _Sides] = {}
    for one in wave.survey.instrument.dimensions:
        moments, column = levels.moments[one.id], wave.survey.own[one.id]
        if one.block not in _GATED or one.id in without:
            continue
        if moments is not None and _is_safe(wave, column, levels):
            found[one.id] = _compared(_of(moments, leaders), _of(moments, staff))
    strict = holm([one.found.difference.p for one in found.values()])
    marks = marked([one.found for one in found.values()])
    cells = [_printed(*each) for each in zip(found, found.values(), strict, marks, strict=True)]
    return Gaps(leaders=_answers(levels, leaders), staff=_answers(levels, staff), cells=tuple(cells))


def _sides(levels: RoleLevels) -> tuple[list[int], list[int]] | None:
    """The places of the groups of leaders, and of the group of those who lead nobody."""
    leaders = [place for place, held in enumerate(levels.grouping) if min(held) > 1]
    staff = [place for place, held in enumerate(levels.grouping) if min(held) <= 1]
    if not leaders or len(staff) != 1 or max(levels.grouping[staff[0]]) > 1:
        return None
    return leaders, staff


def _answers(levels: RoleLevels, places: list[int]) -> tuple[int, ...]:
    return tuple(answer for place in places for answer in levels.grouping[place])


def _of(moments: Sequence[Moments], places: list[int]) -> Moments:
    return merged([moments[place] for place in places])


def _is_safe(wave: PlannedWave, column: PlannedColumn, levels: RoleLevels) -> bool:
    """Whether the spreads and the numbers of the groups may be told beside those of the rows (P9)."""
    sheets, k, size = wave.survey.sheets, wave.survey.k[1], len(levels.grouping)
    sets = wave.told.told(column.column.id, "spreads") or column.spread_sets
    given = sum((sheets.to(item) != MISSING).astype(np.uint8) for item in column.column.items)
    for people in (given >= least_answers(len(column.column.items)), np.ones(levels.groups.size, dtype=np.bool_)):
        table = counted(sheets, sets, levels.groups, people, size)
        if not is_safe(table, k) or (table.sum(axis=0)[1:] < k).any():
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both sides of a dimension: their printed means, and the gap of these."""

    leaders: PrintedScore
    staff: PrintedScore
    found: Gap


def _compared(leaders: Moments, staff: Moments) -> _Sides:
    """The gap of the printed means, with spreads that are not too small to be told."""
    means = [printed_score(one.mean, n=one.n) for one in (leaders, staff)]
    sides = [
        replace(one, mean=float(mean.score), m2=max(one.m2, LEAST_SPREAD**2 * (one.n - 1)))
        for one, mean in zip((leaders, staff), means, strict=True)
    ]
    return _Sides(means[0], means[1], gap(leaders=sides[0], staff=sides[1]))


def _printed(dimension: str, one: _Sides, strict: float, is_marked: bool) -> LeaderGap:
    """A gap as it is printed; a clipped mean has no interval (P7)."""
    delta, clipped = half_up(one.found.difference.delta), one.leaders.bound or one.staff.bound
    interval = None if clipped else one.found.interval
    half = None if interval is None else max(1, up(interval[1] - one.found.difference.delta))
    return LeaderGap(
        dimension=dimension,
        leaders=one.leaders.score,
        staff=one.staff.score,
        gap=delta,
        interval=None if half is None else (max(-100, delta - half), min(100, delta + half)),
        p=printed_p(strict),
        g=None if clipped or one.found.g is None else max(-MOST_G, min(MOST_G, half_up(100 * one.found.g))),
        marked=is_marked,
    )
