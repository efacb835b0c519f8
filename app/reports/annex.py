"""The technical annex: how well the questions work, and which changes the next wave can show (3.8 to 3.10)."""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.figures import Quality
from app.releases.document.release import Release
from app.reports.tables import TableRow, smallest_rows
from app.sentences import Hundredths


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingRow:
    """A dimension: its coefficients, the question that goes least with the others, and whether departments differ."""

    name: str
    alpha: str
    raw: str
    omega: str
    weakest: str
    differ: str
    icc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """The annex: its two tables, either of which an older release may lack, and what they need to be said."""

    working: tuple[WorkingRow, ...]
    remarks: tuple[str, ...]
    smallest: tuple[TableRow, ...]


def annex(release: Release) -> Annex | None:
    """The annex of a release; None for one from before any of it was told."""
    names = {head.id: head.name for head in release.dimensions}
    working = tuple(_working(names[one.dimension], one) for one in release.quality)
    smallest = smallest_rows(release)
    if not working and not smallest:
        return None
    remarks = (words.HEYWOOD,) if any(one.heywood for one in release.quality) else ()
    return Annex(working=working, remarks=remarks, smallest=smallest)


def _working(name: str, one: Quality) -> WorkingRow:
    return WorkingRow(
        name=name,
        alpha=words.coefficient(one),
        raw=words.raw_coefficient(one),
        omega=words.omega(one),
        weakest=words.weakest(one),
        differ=words.DECISION_WORDS[one.decision],
        icc="" if one.icc1 is None else f"ICC(1) {Hundredths(one.icc1)}, ICC(2) {Hundredths(one.icc2 or 0)}",
    )
