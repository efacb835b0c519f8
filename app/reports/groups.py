"""The whole organisation by role level and by site: the groups that the release prints beside its departments (P9)."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.releases.document.release import SITE, Hidden, Margin, Release
from app.reports.tables import TableCell, gaps_of, heat_cell
from app.sentences import Sentence, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people of the organisation who gave one answer, or work at one site."""

    name: str
    n: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A table: by what people are grouped, and the groups."""

    title: str
    groups: tuple[Group, ...]


def grouped(release: Release) -> tuple[Grouped, ...]:
    """The tables by role level and by site, as far as the release has them."""
    return tuple(_grouped(release))


def _grouped(release: Release) -> Iterator[Grouped]:
    for margin in release.margins:
        if margin.groups:
            yield Grouped(title=_title(margin), groups=tuple(_groups(release, margin)))


def _title(margin: Margin) -> Sentence:
    if margin.id == SITE:
        return say("By site, all departments together")
    return say("By role level, all departments together")


def _groups(release: Release, margin: Margin) -> Iterator[Group]:
    hidden = Hidden(reason="withheld")
    for group in margin.groups:
        cells = zip((group.cells.get(head.id, hidden) for head in release.dimensions), gaps_of(release), strict=True)
        yield Group(name=group.name, n=str(group.n), cells=tuple(heat_cell(cell, gap) for cell, gap in cells))
