"""What a release tells of answer sheets that were left out for careless answering (measurement design, 1.8, P10).

Never of a person or a department. The difference between a score with them and without them concerns nobody but those
who were left out, so it is looked at only where these are enough people, and told as a class.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from app.releases.document.figures import LeftOut
from app.releases.document.notes import ALERT, OMITTED, SHIFTED
from app.releases.document.release import Release
from app.releases.plan.layout import side_by_side
from app.releases.statistics.columns import Scores, scores, sheets
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import PlannedWave
from app.releases.statistics.screened import Screened
from scoring.arrays import Floats
from scoring.careless import largest_shift, told_number
from scoring.printed import Shift, printed_shift


def alert(release: Release) -> str | None:
    """What the consultant has to know before relying on the result; None for nothing."""
    return str(ALERT) if release.left_out is not None and release.left_out.alert else None


def noted(release: Release, found: LeftOut | None) -> Release:
    """The release with what it tells of those who were left out; as it is where the wave had no rule."""
    if found is None:
        return release
    return replace(release, left_out=found, notes=(*release.notes, *sentences(found, k=release.policy.k_means)))


def told(wave: PlannedWave, found: Screened) -> LeftOut:
    """What is told of those who were left out.

    The alert, too, tells of k people or more: with fewer it would say of a small wave that one or two were careless.
    """
    k = wave.survey.k[0]
    shift = _shift(wave, found, k) if found.number >= k else None
    return LeftOut(number=told_number(found.number, k=k), shift=shift, alert=found.too_many >= k)


def sentences(found: LeftOut, *, k: int) -> Iterator[str]:
    """What a reader of the release has to know of it."""
    if found.alert:
        yield str(ALERT)
    if found.number:
        yield str(OMITTED.filled({"number": str(found.number)}))
    if found.shift:
        yield str(SHIFTED[found.shift].filled({"k": k}))


def _shift(wave: PlannedWave, found: Screened, k: int) -> Shift | None:
    """The largest difference of a cell of the heatmap."""
    columns = wave.survey.own.values()
    omitted = sheets(found.left_out, [item for one in columns for item in one.column.items])
    kept, every = np.hstack([_means(one, scores(omitted, one.column), k) for one in columns])
    most = largest_shift(kept, every, excluded=found.number, k=k)
    return None if most is None else printed_shift(most)


def _means(column: PlannedColumn, omitted: Scores, k: int) -> Floats:
    """The means of the published sets of which k or more with a score were left out, without these and with them, by
    the same strata and headcounts: shape (2, sets)."""
    if not column.means:
        return np.zeros((2, 0))
    strata, layouts = column.placed, [root.layout for root in column.means]
    nodes = side_by_side(layouts)
    names = omitted.departments
    n = np.concatenate([one.placed(names, omitted.people) for one in layouts])
    sums = np.concatenate([one.placed(names, omitted.people * omitted.means) for one in layouts])
    heads, mean = np.zeros(n.size), np.zeros(n.size)
    heads[strata.place] = np.maximum(strata.headcount, strata.n)
    mean[strata.place] = (strata.n * strata.mean + sums[strata.place]) / (strata.n + n[strata.place])
    chosen = (nodes.below(n) >= k) & (nodes.below(heads) > 0)
    every = nodes.below(heads * mean)[chosen] / nodes.below(heads)[chosen]
    return np.stack([column.rolled.found.mean[chosen], every])
