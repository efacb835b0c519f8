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
from app.releases.plan.coarsening import Node
from app.releases.statistics.columns import Scores, scores, sheets
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import PlannedWave
from app.releases.statistics.screened import Screened
from scoring.careless import largest_shift, told_number
from scoring.moments import merged
from scoring.printed import Shift, printed_shift


def alert(release: Release) -> str | None:
    """What the consultant has to know before relying on the result; None for nothing."""
    return str(ALERT) if release.left_out is not None and release.left_out.alert else None


def noted(release: Release, wave: PlannedWave, found: Screened | None) -> Release:
    """The release with what it tells of those who were left out; as it is where the wave had no rule."""
    if found is None:
        return release
    one = told(wave, found)
    return replace(release, left_out=one, notes=(*release.notes, *sentences(one, k=wave.survey.k[0])))


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
    pairs = [pair for one in columns for pair in _means(one, scores(omitted, one.column), k)]
    kept, every = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    most = largest_shift(kept, every, excluded=found.number, k=k)
    return None if most is None else printed_shift(most)


def _means(column: PlannedColumn, omitted: Scores, k: int) -> Iterator[tuple[float, float]]:
    """The means of the published sets of which k or more with a score were left out: without these, and with them."""
    for name, node in column.published.items():
        if sum(omitted.n.get(one, 0) for one in node.departments) < k:
            continue
        if name in column.rolled.means:
            yield column.rolled.means[name], _with(column, node, omitted)


def _with(column: PlannedColumn, node: Node, omitted: Scores) -> float:
    """The mean of a set by the same strata and headcounts, with those who were left out."""
    strata = column.strata_of(node)
    means = [merged([one.moments, omitted.over(one.departments)]).mean for one in strata]
    heads = [max(one.headcount, one.moments.n) for one in strata]
    return float(np.average(means, weights=heads))
