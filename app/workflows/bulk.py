"""Writing many workflows at once, as a list gives them, in a fixed number of statements besides what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.workflows import following, queries
from app.workflows.models import Workflow
from app.workflows.service import Author, Wanted, code_of, next_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A workflow as it is to be; `is_new` where there is none of that id yet."""

    id: UUID
    wanted: Wanted
    retired: bool
    is_new: bool


def write(session: Session, organisation_id: UUID, changes: Sequence[Change], *, author: Author) -> None:
    """Writes each change as a new version. Whoever calls has checked them against each other and what is there."""
    there = {row.id: row for row in queries.rows(session, organisation_id)}
    whose = queries.homes(session, organisation_id)
    places: dict[UUID, int] = {}
    for row in there.values():
        home = whose.now(row.department_id)
        places[home] = max(places.get(home, -1), row.position)
    number = len(there)
    rows = []
    for change in changes:
        if change.is_new:
            number += 1
            places[change.wanted.department_id] = places.get(change.wanted.department_id, -1) + 1
            row = _made(organisation_id, change, number, places[change.wanted.department_id], author)
            session.add(row)
        else:
            row = there[change.id]
            _set(row, change, whose, author)
        rows.append((row, change.wanted.facts))
    session.flush()
    session.add_all([next_version(row, facts, author) for row, facts in rows])
    session.flush()
    if rows:
        following.ask(session, organisation_id, now=author.now)


def _made(organisation_id: UUID, change: Change, number: int, position: int, author: Author) -> Workflow:
    made = Workflow(
        organisation_id=organisation_id,
        id=change.id,
        department_id=change.wanted.department_id,
        code=code_of(number),
        name=change.wanted.name,
        position=position,
        rated=change.wanted.rated,
        created_at=author.now,
    )
    made.retired_at = author.now if change.retired else None
    return made


def _set(row: Workflow, change: Change, whose: queries.Homes, author: Author) -> None:
    row.name, row.rated = change.wanted.name, change.wanted.rated
    if whose.now(row.department_id) != change.wanted.department_id:
        row.department_id = change.wanted.department_id
    if change.retired != (row.retired_at is not None):
        row.retired_at = author.now if change.retired else None
