"""Figures in a square: trust beside readiness, and what goes with willingness beside how a dimension stands (5.2, 2.6).

Places are printed values in per cent: across from the left, and from the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.figures.dots import Table
from app.releases.document import words
from app.releases.document.figures import Driver
from app.releases.document.notes import REFUSED
from app.releases.document.release import Release, Row, Scored
from app.releases.statistics.courses import Level, level
from app.sentences import Listing, Passage, Sentence, recalled, say, say_count
from scoring.quadrants import CUT, Border, IndexRange, Quadrant, position

QUADRANTS: Final[dict[Quadrant, Sentence]] = {
    "proceed": say("Proceed"),
    "enable_first": say("Enable first: over-trust risk"),
    "win_trust": say("Win trust"),
    "prepare": say("Prepare"),
}
BORDERS: Final[dict[Border, str]] = {
    "clear": "",
    "near": say("near a border"),
    "not_told": say("no interval, so how near a border is not told"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a field: its places in per cent across and from the top, its bars, and the number or id beside it."""

    key: str
    x: int
    top: int
    across: tuple[int, int] | None
    down: tuple[int, int] | None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Points in a square; `cut` divides it in four, and `corners` names these: top left, top right, then below."""

    title: str
    about: str
    described: str
    points: tuple[Point, ...]
    cut: int | None
    cut_top: int
    corners: tuple[str, ...]
    across: str
    top: str
    notes: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Somebody in the square of trust and readiness: their name and both levels, None where they are not told."""

    name: str
    trust: Level | None
    readiness: Level | None
    whole: bool = False

    @property
    def told(self) -> tuple[Level, Level] | None:
        """Both levels, where both are told."""
        return (self.trust, self.readiness) if self.trust and self.readiness else None


def quadrants(release: Release) -> Field:
    """Trust beside readiness of all rows, on the questions that every wave asks (2.6, P13)."""
    found = [stood(release, row, words.row_name(row)) for row in release.rows]
    return field(
        found,
        title=_quadrants_title([one for one in found if not one.whole]),
        named=say("Department"),
        note=say("A number leads to its row in the table; the filled dot is the whole organisation."),
    )


def stood(release: Release, row: Row, name: str) -> Stood:
    """Where a row of a release stands."""
    return Stood(
        name=name,
        trust=level(release, row, "trust"),
        readiness=level(release, row, "readiness"),
        whole=row.kind == "organisation",
    )


def field(found: Sequence[Stood], *, title: str, named: str, note: str) -> Field:
    """The square of trust and readiness; the first of those in it has no number where it is a whole organisation's."""
    keys = [
        str(place) if not one.whole else "" for place, one in enumerate(found, 0 if found[:1] and found[0].whole else 1)
    ]
    told = [(key, one, *one.told) for key, one in zip(keys, found, strict=True) if one.told]
    return Field(
        title=title,
        about=say("Trust across, readiness upwards, both from 0 to 100, divided at {cut}.", cut=CUT),
        described=Passage((_both(one.name, trust, ready) for _, one, trust, ready in told), "; "),
        points=tuple(_place(key, one, trust, ready) for key, one, trust, ready in reversed(told)),
        cut=CUT,
        cut_top=100 - CUT,
        corners=(QUADRANTS["win_trust"], QUADRANTS["proceed"], QUADRANTS["prepare"], QUADRANTS["enable_first"]),
        across=say("Trust"),
        top="100",
        notes=(
            say("On the questions that every wave asks. Bars are 95 % intervals, rather too wide than too narrow."),
            note,
        ),
        table=Table(
            heads=(say("Number"), named, say("Trust"), say("Readiness"), say("Where it stands")),
            lines=tuple(_quadrant_cells(key, one) for key, one in zip(keys, found, strict=True)),
            named_by=1,
        ),
    )


def _both(name: str, one: Level, two: Level) -> Sentence:
    return say("{name}: trust {trust}, readiness {ready}", name=name, trust=one.score, ready=two.score)


def _place(key: str, stood: Stood, one: Level, two: Level) -> Point:
    return Point(
        key=key,
        x=one.score,
        top=100 - two.score,
        across=one.interval,
        down=(100 - two.interval[1], 100 - two.interval[0]) if two.interval else None,
        whole=stood.whole,
    )


def quadrant(one: Level, two: Level) -> tuple[Quadrant, Border]:
    """Where trust and readiness lie, and whether a border is near."""
    found = position(trust=_range(one), readiness=_range(two))
    return found.quadrant, found.border


def _range(one: Level) -> IndexRange:
    return IndexRange(score=one.score, interval=one.interval)


def _quadrant_cells(key: str, stood: Stood) -> tuple[str, ...]:
    if stood.told is None:
        return (key, stood.name, "–", "–", say("Too few of its scores are shown"))
    here, border = quadrant(*stood.told)
    where = Passage((QUADRANTS[here], BORDERS[border]), ", ")
    return (key, stood.name, *map(_level, stood.told), where)


def _level(one: Level) -> str:
    if one.interval is None:
        return str(one.score)
    return say("{score} ({first} to {last})", score=one.score, first=one.interval[0], last=one.interval[1])


def _quadrants_title(found: Sequence[Stood]) -> Sentence:
    departments = [(one, *quadrant(*one.told)) for one in found if one.told]
    if not departments:
        return say("Too few scores are shown to lay trust beside readiness")
    risky = [one.name for one, here, border in departments if (here, border) == ("enable_first", "clear")]
    if risky:
        return say("{names}: more trust than readiness, so enable first", names=Listing(risky))
    ready = sum((here, border) == ("proceed", "clear") for _, here, border in departments)
    return say_count(
        "{n} of {total} departments stands clearly above {cut} in trust and in readiness",
        "{n} of {total} departments stand clearly above {cut} in trust and in readiness",
        ready,
        total=len(departments),
        cut=CUT,
    )


def drivers(release: Release) -> Field | None:
    """What goes with willingness, and where the organisation stands on it; None where it is not told."""
    if release.drivers is None or not release.drivers.cells:
        return None
    heads = {head.id: head for head in release.dimensions}
    scores = release.organisation.cells
    told = [(one, cell) for one in release.drivers.cells if isinstance(cell := scores[one.dimension], Scored)]
    top = -(-max(one.interval[1] for one, _ in told) // 10) * 10 if told else 10
    first = _leading([one for one, _ in told])
    outcome = words.within_sentence(heads[release.drivers.outcome].name)
    return Field(
        title=_drivers_title(heads[first.dimension].name if first else "", outcome),
        about=say("The score across, from 0 to 100; upwards its share of what the dimensions explain, in per cent."),
        described=Passage((_said(heads[one.dimension].name, one, cell) for one, cell in told), "; "),
        points=tuple(_driver(one, cell, top) for one, cell in told),
        cut=None,
        cut_top=0,
        corners=(),
        across=say("Score"),
        top=f"{top} %",
        notes=(
            say("Upright lines are 95 % intervals. What stands high and far left goes with it and is low."),
            say("This is association in answers that the same people gave at the same time, and no proof of cause."),
        ),
        table=Table(
            heads=(say("Number"), say("Dimension"), say("Score"), say("Share"), say("Interval")),
            lines=tuple(
                _driver_cells(heads[one.dimension].name, one, cell)
                for one, cell in sorted(told, key=lambda pair: -pair[0].share)
            ),
            named_by=1,
        ),
    )


def _said(name: str, one: Driver, cell: Scored) -> Sentence:
    return say("{name}: score {score}, share {share} %", name=name, score=cell.score, share=one.share)


def _driver(one: Driver, cell: Scored, top: int) -> Point:
    share, low, high = (round(100 - 100 * value / top) for value in (one.share, *one.interval))
    return Point(key=one.dimension, x=cell.score, top=share, across=None, down=(high, low))


def _driver_cells(name: str, one: Driver, cell: Scored) -> tuple[str, ...]:
    share, between = f"{one.share} %", words.percent_range(one.interval)
    return (one.dimension, name, words.marked_value(cell), share, between)


def _leading(cells: Sequence[Driver]) -> Driver | None:
    """The driver whose interval lies above that of every other; None where there is none."""
    found = sorted(cells, key=lambda one: -one.share)
    if len(found) < 2 or found[0].interval[0] <= max(one.interval[1] for one in found[1:]):
        return None
    return found[0]


def _drivers_title(name: str, outcome: str) -> Sentence:
    if not name:
        return say("No dimension goes clearly more with {outcome} than the others", outcome=outcome)
    return say("{name} goes most with {outcome}", name=name, outcome=outcome)


def why_no_drivers(release: Release) -> str:
    """Why it is not told what goes with willingness."""
    if release.drivers is None:
        return say("No outcome was asked, or too few people answered.")
    return recalled(release.drivers.refused, REFUSED)
