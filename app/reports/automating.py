"""What to automate and how far, as a chapter: what the decision record on the release says (MEASUREMENT.md 5.3).

Every sentence comes from the record, as screens say it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.autonomy.sharing import Line, Listed, Shown, Step, WorkLine
from app.reports.extent import Extent
from app.sentences import Sentence, say, say_count

MOST_LISTED: Final = 8
MOST_DEPARTMENTS: Final = 30
MOST_WORKS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Automating:
    """The chapter: departments on the ladder, what blocks each of them, workflows with their levels, and two lists.

    Of `left_out` and those that end in `_beyond` each says what there was no room for; empty where all is printed.
    """

    headline: str
    number: int
    as_of: date
    policy: str
    sha256: str
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    works: tuple[tuple[str, tuple[WorkLine, ...]], ...]
    works_beyond: str
    shortlist: tuple[Listed, ...]
    shortlist_beyond: str
    red: tuple[Listed, ...]
    red_beyond: str
    left_out: str


def automating(record: Shown | None, told: Extent) -> Automating | None:
    """The chapter; None where no record was issued on the release. A cut report has the departments that it prints."""
    if record is None:
        return None
    lines = _printed(record.lines, told)
    kept = lines[:MOST_DEPARTMENTS]
    told_of, ids = {line.id for line in lines}, {line.id for line in kept}
    works = _fitting(tuple((name, some) for id, name, some in record.works if id in ids))
    every = sum(len(some) for id, _, some in record.works if id in told_of)
    return Automating(
        headline=headline(record.lines),
        number=record.number,
        as_of=record.as_of,
        policy=record.policy,
        sha256=record.sha256,
        steps=record.steps,
        lines=kept,
        works=works,
        works_beyond=_beyond(every - sum(len(some) for _, some in works)),
        shortlist=record.shortlist[:MOST_LISTED],
        shortlist_beyond=_beyond(len(record.shortlist) - MOST_LISTED),
        red=record.red[:MOST_LISTED],
        red_beyond=_beyond(len(record.red) - MOST_LISTED),
        left_out=_left_out(len(record.lines) - len(kept)),
    )


def headline(lines: Sequence[Line]) -> Sentence:
    """How many departments may let agents act, with somebody who approves."""
    acting = sum(line.level >= "A3" for line in lines)
    if not acting:
        return say("No department may let agents act by themselves yet")
    return say_count(
        "{n} of {all} departments may let agents act on approval or further",
        "{n} of {all} departments may let agents act on approval or further",
        acting,
        all=len(lines),
    )


def _printed(lines: tuple[Line, ...], told: Extent) -> tuple[Line, ...]:
    if not told.cut:
        return lines
    there = {row.id for row in told.printed.rows}
    return tuple(line for line in lines if line.id in there)


def _fitting(works: tuple[tuple[str, tuple[WorkLine, ...]], ...]) -> tuple[tuple[str, tuple[WorkLine, ...]], ...]:
    """The departments that there is room for, whole; the first alone is cut where it has more by itself."""
    found: list[tuple[str, tuple[WorkLine, ...]]] = []
    room = MOST_WORKS
    for name, some in works:
        printed = some if found else some[:room]
        if len(printed) <= room:
            found.append((name, printed))
            room -= len(printed)
    return tuple(found)


def _beyond(number: int) -> str:
    if number <= 0:
        return ""
    return say_count("{n} more workflow is in the workbook.", "{n} more workflows are in the workbook.", number)


def _left_out(number: int) -> str:
    if not number:
        return ""
    return say_count("{n} more department is in the record.", "{n} more departments are in the record.", number)
