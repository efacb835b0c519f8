"""Who comes with a link, and to what, in one statement: every page of a survey begins with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NewType

from sqlalchemy import ColumnElement, FromClause, Select, Text, and_, bindparam, cast, func, or_, select
from sqlmodel import Session, SQLModel

import app.clients.queries
import app.waves.queries  # these two make the tables that are named below
from app.answers.write import Sealed, sealed_of
from app.db import SHARED, Prepared, as_id, as_time
from app.invitations.queries import FACTS, InvitationFacts

Columns = NewType("Columns", str)
"""All that the rows of a place hold, one after the other. Places with the same columns are the same."""

_INVITATION, _WAVE, _ASSESSMENT, _DEPARTMENT, _ORGANISATION, _LOGO = (
    SQLModel.metadata.tables[name]
    for name in ("invitation", "wave", "assessment", "wave_department", "organisation", "client_logo")
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
    """The invitation of a token's fingerprint, and where it leads.

    `lock` makes others who want the invitation wait. PostgreSQL reads the draft of somebody who had to wait as it was
    before the wait, so it is not read there. One statement, and one for the place where nobody in this transaction has
    come to it before.
    """
    told = {"fingerprint": fingerprint}
    if lock and session.get_bind().dialect.name == "postgresql":
        found = _HELD.first(session, told)
        return None if found is None else Entry(_facts(found), found[len(FACTS)], None)
    found = _ENTRY.first(session, told)
    if found is None:
        return None
    facts = _facts(found)
    return Entry(facts, _place(session, facts), Sealed(found[len(FACTS)]))


def columns(session: Session, invitation: InvitationFacts) -> Columns | None:
    """The columns of the place of an invitation as they are now."""
    told = {
        "organisation": invitation.organisation_id,
        "wave": invitation.wave_id,
        "department": invitation.department_id,
    }
    found = _PLACE.first(session, told)
    return None if found is None else Columns(found[0])


def _place(session: Session, invitation: InvitationFacts) -> Columns:
    """The columns of a place, read once for all who share a transaction (web/together.py): none of them changes any."""
    place = invitation.organisation_id, invitation.wave_id, invitation.department_id
    shared: dict[object, Columns] = session.info.get(SHARED, {})
    if place not in shared:
        found = columns(session, invitation)
        assert found is not None  # the invitation refers to them
        shared[place] = found
    return shared[place]


def _facts(found: tuple[Any, ...]) -> InvitationFacts:
    *ids, kind, generation, spent, revoked_at = found[: len(FACTS)]
    organisation, id, wave, department = map(as_id, ids)
    taken_back = None if revoked_at is None else as_time(revoked_at)
    return InvitationFacts(organisation, id, wave, department, kind, generation, bool(spent), taken_back)


# Any: the columns have no common type.
def _together(join: Callable[..., ColumnElement[Any]]) -> ColumnElement[Any]:
    """All columns of a place as one text, which is read faster than they are."""
    tables = (_WAVE, _ASSESSMENT, _DEPARTMENT, _ORGANISATION)
    return cast(join(*(column for table in tables for column in table.columns), _PREVIOUS, _LOOK), Text)


def _place_of(join: Callable[..., ColumnElement[Any]]) -> Select[Any]:
    return (
        select(_together(join))
        .join_from(_WAVE, _ASSESSMENT, and_(_same(_ASSESSMENT, _WAVE, "organisation_id"), _OF_THE_WAVE))
        .join(_DEPARTMENT, and_(_same(_DEPARTMENT, _WAVE, "organisation_id"), _DEPARTMENT.c.wave_id == _WAVE.c.id))
        .join(_ORGANISATION, _ORGANISATION.c.id == _WAVE.c.organisation_id)
        .where(_WAVE.c.organisation_id == bindparam("organisation"), _WAVE.c.id == bindparam("wave"))
        .where(_DEPARTMENT.c.department_id == bindparam("department"))
    )


def _held(join: Callable[..., ColumnElement[Any]]) -> Select[Any]:
    """Invitation and place in one, for a database that is far away."""
    return (
        select(*FACTS, _together(join))
        .join_from(_INVITATION, _WAVE, and_(_same(_WAVE, _INVITATION, "organisation_id"), _OF_THE_INVITATION))
        .join(_ASSESSMENT, and_(_same(_ASSESSMENT, _WAVE, "organisation_id"), _OF_THE_WAVE))
        .join(_DEPARTMENT, _same(_DEPARTMENT, _INVITATION, "organisation_id", "wave_id", "department_id"))
        .join(_ORGANISATION, _ORGANISATION.c.id == _INVITATION.c.organisation_id)
        .where(_THIS)
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
# Of the logo no more than when it was changed: that tells one from another.
_LOOK = (
    select(_LOGO.c.changed_at)
    .where(_LOGO.c.organisation_id == _WAVE.c.organisation_id)
    .correlate(_WAVE)
    .scalar_subquery()
)
_OF_THE_WAVE = _ASSESSMENT.c.id == _WAVE.c.assessment_id
_THIS = _INVITATION.c.token_sha256 == bindparam("fingerprint")
_ENTRY = Prepared(select(*FACTS, sealed_of(_INVITATION)).where(_THIS))
_PLACE = Prepared({"sqlite": _place_of(func.json_array), "postgresql": _place_of(func.json_build_array)})
# Not FOR UPDATE: a draft that is being stored refers to the invitation, and must not wait for this lock.
_HELD = Prepared(_held(func.json_build_array).with_for_update(key_share=True, of=_INVITATION))
