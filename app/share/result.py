"""A shared result as its readers see it: on the pages of sponsors and leads, and behind a read-only link."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.explore.cell import Cell, cell
from app.explore.headline import Headline, headline
from app.explore.heatmap import Heatmap, heatmap
from app.explore.looking import ALL, looking
from app.releases.document.release import DimensionHead, Policy, Release, Row, WaveFacts
from app.releases.narrowing import narrowed
from app.releases.statistics.slopes import Told
from app.share.hidden import hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What somebody sees of a release. `hidden` says what is not shown, and why; `policy` has the smallest groups."""

    facts: WaveFacts
    number: int
    headline: Headline
    heatmap: Heatmap
    dimensions: tuple[DimensionHead, ...]
    policy: Policy
    hidden: tuple[str, ...]


def result(release: Release, rows: tuple[Row, ...]) -> Result:
    """These rows of a release, the first of them the organisation."""
    seen = narrowed(release, rows)
    return Result(
        facts=seen.wave,
        number=seen.number,
        headline=headline(seen),
        heatmap=heatmap(seen, looking(seen, opened=ALL, rows=len(seen.rows))),
        dimensions=seen.dimensions,
        policy=seen.policy,
        hidden=hidden(seen),
    )


def shown_cell(
    release: Release,
    rows: tuple[Row, ...],
    row_id: str,
    dimension_id: str,
    waves: Sequence[Told] = (),
    acts: tuple[str, ...] = (),
) -> Cell | None:
    """One cell of these rows in full; None for any other. `waves` are what the same person sees, this one the last.

    Of what people wrote nothing is told: it is no part of what was shared.
    """
    row = next((one for one in rows if one.id == row_id), None)
    head = next((one for one in release.dimensions if one.id == dimension_id), None)
    return None if row is None or head is None else cell(release, row, head, waves=waves, written=None, acts=acts)
