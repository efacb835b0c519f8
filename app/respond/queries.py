"""Who comes with a link, and to what, in one statement: every page of a survey begins with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NewType

from sqlalchemy import ColumnElement, FromClause, Select, Text, and_, bindparam, cast, func, or_, select
from sqlmodel import Session, SQLModel

import app.clients.queries
import app.waves.queries  # these two make the tables that are named below
from app.answers.write import Sealed, sealed_of
from app.db import Prepared, as_id, as_time
from app.invitations.queries import FACTS, InvitationFacts

Columns = NewType("Columns", str)
"""All that the rows of a place hold, one after the other. Places with the same columns are the same."""

_INVITATION, _WAVE, _ASSESSMENT, _DEPARTMENT, _ORGANISATION = (
    SQLModel.metadata.tables[name] for name in ("invitation", "wave", "assessment", "wave_department", "organisation")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An invitation with its wave, department and client as columns that can be compared.

    `sealed` is its draft, None where that has to be read once the invitation is held.
    """

    invitation: InvitationFacts
    columns: Columns
    sealed: Sealed | None


def entry(session: Session, fingerprint: str, *, lock: bool) -> Entry | None:
    """The invitation of a token's fingerprint, and where it leads. One statement.

    `lock` makes others who want the invitation wait. PostgreSQL reads the draft of somebody who had to wait as it was
    before the wait, so it is not read there.
    """
    found = (_ENTRY_LOCKED if lock else _ENTRY).run(session, {"fingerprint": fingerprint}).one_or_none()
    if found is None:
        return None
    *ids, kind, generation, spent, revoked_at = found[: len(FACTS)]
    organisation, id, wave, department = map(as_id, ids)
    taken_back = None if revoked_at is None else as_time(revoked_at)
    facts = InvitationFacts(organisation, id, wave, department, kind, generation, bool(spent), taken_back)
    columns, *sealed = found[len(FACTS) :]
    return Entry(facts, columns, Sealed(sealed[0]) if sealed else None)


def columns(session: Session, fingerprint: str) -> Columns | None:
    """The columns of `entry` as they are now."""
    found = entry(session, fingerprint, lock=False)
    return None if found is None else found.columns


# Any: the columns have no common type.
def _statement(together: Callable[..., ColumnElement[Any]], *more: ColumnElement[Any]) -> Select[Any]:
    """The statement; `together` makes one text of many columns, which is read faster than they are."""
    tables = (_WAVE, _ASSESSMENT, _DEPARTMENT, _ORGANISATION)
    place = cast(together(*(column for table in tables for column in table.columns), _PREVIOUS), Text)
    return (
        select(*FACTS, place, *more)
        .join_from(_INVITATION, _WAVE, and_(_same(_WAVE, _INVITATION, "organisation_id"), _OF_THE_INVITATION))
        .join(_ASSESSMENT, and_(_same(_ASSESSMENT, _WAVE, "organisation_id"), _OF_THE_WAVE))
        .join(_DEPARTMENT, _same(_DEPARTMENT, _INVITATION, "organisation_id", "wave_id", "department_id"))
        .join(_ORGANISATION, _ORGANISATION.c.id == _INVITATION.c.organisation_id)
        .where(_INVITATION.c.token_sha256 == bindparam("fingerprint"))
    )


def _same(one: FromClause, other: FromClause, *names: str) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in names))


_previous = _WAVE.alias()
_PREVIOUS = (
    select(_previous.c.id)
    .where(
        _same(_previous, _WAVE, "organisation_id", "assessment_id"),
        _previous.c.number < _WAVE.c.number,
        or_(*(_previous.c.state == state for state in app.waves.queries.FINISHED)),
    )
    .order_by(_previous.c.number.desc())
    .limit(1)
    .correlate(_WAVE)
    .scalar_subquery()
)
_OF_THE_INVITATION = _WAVE.c.id == _INVITATION.c.wave_id
_OF_THE_WAVE = _ASSESSMENT.c.id == _WAVE.c.assessment_id
_SEALED = sealed_of(_INVITATION)
_ON_SQLITE = _statement(func.json_array, _SEALED)
_ENTRY = Prepared({"sqlite": _ON_SQLITE, "postgresql": _statement(func.json_build_array, _SEALED)})
# Not FOR UPDATE: a draft that is being stored refers to the invitation, and must not wait for this lock.
_HELD = _statement(func.json_build_array).with_for_update(key_share=True, of=_INVITATION)
_ENTRY_LOCKED = Prepared({"sqlite": _ON_SQLITE, "postgresql": _HELD})
