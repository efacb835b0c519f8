"""A made-up result of a made-up organisation, so that nobody has to imagine what a heatmap shows and hides."""

from collections.abc import Mapping
from typing import Final

from app.releases.document.release import (
    Band,
    Cell,
    Certificate,
    DimensionHead,
    Grade,
    Hidden,
    Index,
    NoChange,
    Policy,
    Release,
    Row,
    Scored,
    WaveFacts,
)
from app.sentences import say
from surveys.model import Instrument

ORGANISATION: Final = say("Example Lighthouses (made up)")
LIMITS: Final[tuple[tuple[int, Band], ...]] = ((85, "leading"), (70, "strong"), (55, "developing"), (40, "emerging"))
FIRST: Final = NoChange(reason="first_wave")

TOGETHER: Final = say("Together: Archive, Harbour office")

# Name, kind, members, headcount, how many answered, and what is added to everybody's score. A group of 5 to 9 has its
# scores to the nearest 5, and nothing says how far its answers lie apart.
ROWS: Final[tuple[tuple[str, str, tuple[str, ...], int, int, int], ...]] = (
    (say("Keepers"), "unit", (), 48, 36, -6),
    (say("Workshop"), "unit", (), 22, 17, 3),
    (say("Visitor centre"), "unit", (), 16, 12, 9),
    (say("Accounts"), "unit", (), 9, 7, -11),
    (TOGETHER, "pool", (say("Archive"), say("Harbour office")), 7, 6, 2),
)
LEVELS: Final[Mapping[str, int]] = {
    "T1": 58, "T2": 49, "T3": 66, "T4": 53, "T5": 61, "R1": 46, "R2": 57, "R3": 38, "R4": 44, "R5": 60, "R6": 71,
    "W": 52,
}  # fmt: skip
# Too few of one group answered here: it is told with its neighbour, so both say nothing, or subtracting would tell it.
NOT_SEPARATELY: Final = frozenset({("Accounts", "R3"), (TOGETHER, "R3")})


def sample(instrument: Instrument) -> Release:
    """The made-up release, with the columns of a questionnaire."""
    heads = tuple(
        DimensionHead(
            id=dimension.id,
            name=dimension.name,
            short=dimension.short,
            definition=dimension.definition,
            block=dimension.block,
            items=len(dimension.items),
        )
        for dimension in instrument.dimensions
    )
    answered = sum(row[4] for row in ROWS)
    whole = _row(ORGANISATION, "organisation", (), sum(row[3] for row in ROWS), answered, 0, heads)
    return Release(
        schema=1,
        number=1,
        method="1",
        wave=_facts(instrument),
        policy=Policy(),
        dimensions=heads,
        modules=(),
        rows=(whole, *(_row(*row, heads) for row in ROWS)),
        small=(),
        comparable=(),
        not_comparable={},
        certificate=_certificate(),
        notes=(),
    )


def _row(
    name: str,
    kind: str,
    members: tuple[str, ...],
    headcount: int,
    n: int,
    moved: int,
    heads: tuple[DimensionHead, ...],
) -> Row:
    cells: dict[str, Cell] = {head.id: _cell(name, head.id, n, moved) for head in heads}
    return Row(
        id=name.casefold(),
        kind="organisation" if kind == "organisation" else "pool" if kind == "pool" else "unit",
        name=name,
        parent=None if kind == "organisation" else ORGANISATION.casefold(),
        depth=0 if kind == "organisation" else 1,
        headcount=headcount,
        n=n,
        rate=round(100 * n / headcount),
        departments=(),
        members=members,
        function=None,
        headcount_corrected=False,
        trust=Index(score=None, band=None),
        readiness=Index(score=None, band=None),
        cells=cells,
    )


def _cell(name: str, dimension: str, n: int, moved: int) -> Cell:
    if (name, dimension) in NOT_SEPARATELY:
        return Hidden(reason="not_separately")
    level = _whole(dimension) if name == ORGANISATION else _level(name, dimension, moved)
    small = n < Policy().k_intervals
    score = 5 * round(level / 5) if small else level
    half = max(4, round(45 / n**0.5))
    grades: tuple[tuple[int, Grade], ...] = ((5, "A"), (10, "B"), (15, "C"))
    grade: Grade = "D" if small else next((grade for most, grade in grades if half <= most), "D")
    return Scored(
        score=score,
        band=next((band for least, band in LIMITS if score >= least), "low"),
        grade=grade,
        change=FIRST,
        n=None if small else n,
        interval=None if small else (score - half, score + half),
    )


def _level(name: str, dimension: str, moved: int) -> int:
    """A score with a difference between departments that is the same each time and means nothing."""
    return LEVELS.get(dimension, 50) + moved + sum(map(ord, name + dimension)) % 17 - 8


def _whole(dimension: str) -> int:
    """The score of all, by headcount, as in a result: whoever adds the rows up finds that it is right."""
    people = sum(row[3] for row in ROWS)
    return round(sum(headcount * _level(name, dimension, moved) for name, _, _, headcount, _, moved in ROWS) / people)


def _facts(instrument: Instrument) -> WaveFacts:
    return WaveFacts(
        organisation=ORGANISATION,
        assessment=say("Agent readiness"),
        label=say("Sample"),
        form="full",
        opened_on="2026-01-12",
        closed_on="2026-01-30",
        instrument=instrument.key,
        instrument_version=instrument.version,
        instrument_sha256=instrument.sha256,
        roster_sha256="",
        previous_label=None,
    )


def _certificate() -> Certificate:
    return Certificate(
        statement=say("Made-up numbers."),
        k_means=5,
        k_intervals=10,
        means_published=0,
        means_hidden=0,
        intervals_published=0,
        smallest_support=None,
    )
