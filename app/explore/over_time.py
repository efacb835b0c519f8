"""A row over its waves: the printed anchor scores of each, and their slope a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.releases.document import words
from app.releases.statistics.slopes import SlopeOf, Told, slopes
from app.sentences import say


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


def over_time(told: Sequence[Told], row_id: str, names: Mapping[str, str]) -> OverTime | None:
    """What a row's page says of its waves; None where fewer than four can be laid side by side.

    `names` are those of the dimensions.
    """
    found = slopes(told, row_id)
    if not found:
        return None
    longest = max(found, key=lambda one: len(one.labels))
    return OverTime(
        lines=tuple(_course(names[one.dimension], one) for one in found),
        waves=say("{first} to {last}", first=longest.labels[0], last=longest.labels[-1]),
    )


def _course(name: str, one: SlopeOf) -> Course:
    return Course(
        name=name,
        scores=" → ".join(str(score) for score in one.scores),
        slope=f"{words.signed(one.slope)} ± {one.half_width}",
        clear=one.is_clear,
    )
