"""What a slide is: a title that is a message, one figure or list, a line below, and notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.exports.tables import Table
from app.figures.squares import Field
from app.reports.summary import Statement
from app.sentences import Passage, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Bars of one kind: a value for each category, None where nothing is shown, and intervals where they are told."""

    name: str
    values: tuple[int | None, ...]
    intervals: tuple[tuple[int, int] | None, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Lying bars; the axis runs from `low` to `high`."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    low: int = 0
    high: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A slide: its title, what stands on it, a line below, and what is said about it in its notes.

    `quiet` says that it has nothing to tell but why: several of these share a slide.
    """

    title: str
    shows: "Statements | Points | Heads | Table | Bars | Field | Zones | Opening"
    below: str = ""
    notes: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Statements:
    """Findings with their figures set large."""

    every: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences."""

    every: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heads:
    """Sentences with what belongs below each."""

    every: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A workflow on the map: its number, and both ratings, from 1 to 5."""

    key: str
    across: float
    up: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The opportunity map: kinds of spots, each with its name and whether they are hollow, what its axes are, and
    sentences that stand beside it."""

    kinds: tuple[tuple[str, bool, tuple[Spot, ...]], ...]
    across: str
    up: str
    described: str
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first slide: the client, the wave, and one sentence of result."""

    wave: str
    result: str
    kept: str


def gathered(every: Sequence[Slide]) -> tuple[Slide, ...]:
    """The slides, those with nothing to tell on one, in the place of the first of them."""
    quiet = [one for one in every if one.quiet and isinstance(one.shows, Points)]
    if len(quiet) < 2:
        return tuple(every)
    heads = tuple((one.title, Passage(one.shows.every)) for one in quiet if isinstance(one.shows, Points))
    shared = Slide(title=say("Where nothing is clear, or cannot be told"), shows=Heads(heads))
    return tuple(shared if one is quiet[0] else one for one in every if one is quiet[0] or one not in quiet)


def span(field: Field) -> tuple[int, int]:
    """From where to where both axes run, so that points do not lie on top of each other."""
    every = [value for one in field.points for value in (one.x, 100 - one.top)] + [field.cut or 0]
    return max(0, 10 * ((min(every) - 5) // 10)), min(100, 10 * -(-(max(every) + 5) // 10))


def lines_of(field: Field) -> Iterator[Passage]:
    """The lines of a figure's table, as the notes have them."""
    return (Passage(line, " · ") for line in field.table.lines)
