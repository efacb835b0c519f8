"""What was done in a cell before a wave, for where the cell is shown: the action, the day, and what the wave says."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.effects.gathering import Reading, quarter_before
from app.effects.told import Quarter
from app.sentences import Sentence, say


def done_here(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    cell: tuple[str, str],
    *,
    now: datetime,
    shown: Reading | None = None,
    own: UUID | None = None,
) -> tuple[Sentence, ...]:
    """The actions that were done between the wave before and this one and should move this cell: (row, dimension).

    `shown` as in `account`; `own` is the only department of whose actions somebody may know, None for all.
    """
    quarter = quarter_before(session, organisation_id, wave_id, now=now, shown=shown)
    return tuple(_sentences(quarter, cell, own)) if quarter else ()


def _sentences(quarter: Quarter, cell: tuple[str, str], own: UUID | None) -> Iterator[Sentence]:
    for deed in quarter.done:
        for one in quarter.shown.get(deed.id, ()):
            if (one.row_id, one.dimension) == cell and deed.ended is not None and own in {None, deed.department_id}:
                yield say(
                    "“{title}” was done on {day} ({department}). {said}.",
                    title=deed.title,
                    day=deed.ended,
                    department=deed.department,
                    said=one.said,
                )
