"""A row over its waves: the printed anchor scores of each, and their slope a year."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.releases import words
from app.releases.slopes import SlopeOf, Told, slopes


@dataclass(frozen=True, slots=True)
class Course:
    """A dimension: its scores from wave to wave, and its slope, as the cells of a table."""

    name: str
    scores: str
    slope: str
    clear: bool


@dataclass(frozen=True, slots=True)
class OverTime:
    """The table. `waves` says from which wave to which."""

    lines: tuple[Course, ...]
    waves: str


def over_time(told: Sequence[Told], row_id: str) -> OverTime | None:
    """What a row's page says of its waves; None where fewer than four can be laid side by side."""
    found = slopes(told, row_id)
    if not found:
        return None
    names = {head.id: head.name for head in told[-1].release.dimensions}
    longest = max(found, key=lambda one: len(one.labels))
    return OverTime(
        lines=tuple(_course(names[one.dimension], one) for one in found),
        waves=f"{longest.labels[0]} to {longest.labels[-1]}",
    )


def _course(name: str, one: SlopeOf) -> Course:
    return Course(
        name=name,
        scores=" → ".join(str(score) for score in one.scores),
        slope=f"{words.signed(one.slope)} ± {one.half_width}",
        clear=one.is_clear,
    )
