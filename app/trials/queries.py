"""Trial links and what was answered with them, as ciphertext; nobody here can read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from app.readers import queries as readers
from app.readers.models import Link
from app.trials import models

_LINK = SQLModel.metadata.tables[models.TrialLink.__tablename__]
_SHEET = SQLModel.metadata.tables[models.TrialSheet.__tablename__]


@dataclass(frozen=True, slots=True)
class TrialLinkFacts(Link):
    """A trial link; `sent` is None while nothing is saved, False once something is, True when it was answered to the
    end."""

    wave_id: UUID
    department_id: UUID
    sent: bool | None


def links(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[TrialLinkFacts, ...]:
    """The trial links of a wave in the order in which they were made, those taken back too; in one statement."""
    found = session.connection().execute(_OF_WAVE, {"organisation": organisation_id, "wave": wave_id})
    return tuple(TrialLinkFacts(*row) for row in found)


def find(session: Session, fingerprint: str, *, lock: bool = False) -> TrialLinkFacts | None:
    """The trial link of a token's fingerprint, in one statement; `lock` keeps others from writing with it meanwhile."""
    row = session.connection().execute(_FIND_LOCKED if lock else _FIND, {"fingerprint": fingerprint}).one_or_none()
    return None if row is None else TrialLinkFacts(*row)


def ciphertext(session: Session, organisation_id: UUID, link_id: UUID) -> bytes | None:
    """What was saved with a link, as it was stored; None when nothing was."""
    told = {"organisation": organisation_id, "link": link_id}
    found = session.connection().execute(_READ, told).scalar_one_or_none()
    return None if found is None else bytes(found)


# What follows is for this room's service.


def save(
    session: Session, *, organisation_id: UUID, link_id: UUID, wave_id: UUID, ciphertext: bytes, sent: bool
) -> None:
    """Stores what was answered with a link in place of what was stored before, in one statement."""
    connection = session.connection()
    row = {
        "organisation_id": organisation_id,
        "link_id": link_id,
        "wave_id": wave_id,
        "ciphertext": ciphertext,
        "sent": sent,
    }
    connection.execute(_SAVE[connection.dialect.name], row)


def delete_sheet(session: Session, *, organisation_id: UUID, link_id: UUID) -> bool:
    """Deletes, unread, what was answered with a link; False when nothing was."""
    told = {"organisation": organisation_id, "link": link_id}
    return session.connection().execute(_DELETE, told).rowcount > 0


def delete_sheets(session: Session, *, organisation_id: UUID, wave_id: UUID) -> bool:
    """Deletes, unread, everything that was answered on trial of a wave; False when nothing was."""
    told = {"organisation": organisation_id, "wave": wave_id}
    return session.connection().execute(_DELETE_ALL, told).rowcount > 0


def revoke(session: Session, *, organisation_id: UUID, wave_id: UUID, link_id: UUID, now: datetime) -> bool:
    """Takes a link back, once; False when the wave has no such link."""
    place = {"organisation_id": organisation_id, "wave_id": wave_id, "link_id": link_id}
    return readers.take_back(session, _REVOKE, among=links, **place, now=now)


def _links() -> Select[*tuple[Any, ...]]:  # Any: the columns have no common type
    return select(
        _LINK.c.organisation_id,
        _LINK.c.id,
        _LINK.c.reader,
        _LINK.c.generation,
        _LINK.c.created_at,
        _LINK.c.revoked_at,
        _LINK.c.wave_id,
        _LINK.c.department_id,
        _SHEET.c.sent,
    ).select_from(
        _LINK.outerjoin(
            _SHEET, (_SHEET.c.organisation_id == _LINK.c.organisation_id) & (_SHEET.c.link_id == _LINK.c.id)
        )
    )


_FIND = _links().where(_LINK.c.token_sha256 == bindparam("fingerprint"))
_FIND_LOCKED = _FIND.with_for_update(of=_LINK)
_OF_WAVE = (
    _links()
    .where(_LINK.c.organisation_id == bindparam("organisation"), _LINK.c.wave_id == bindparam("wave"))
    .order_by(_LINK.c.created_at, _LINK.c.id)
)
_THIS_SHEET = (_SHEET.c.organisation_id == bindparam("organisation"), _SHEET.c.link_id == bindparam("link"))
_READ = select(_SHEET.c.ciphertext).where(*_THIS_SHEET)
_DELETE = delete(_SHEET).where(*_THIS_SHEET)
_DELETE_ALL = delete(_SHEET).where(
    _SHEET.c.organisation_id == bindparam("organisation"), _SHEET.c.wave_id == bindparam("wave")
)
_REVOKE = readers.taking_back(_LINK)
_KEY = [_SHEET.c.organisation_id, _SHEET.c.link_id]
_SQLITE, _POSTGRESQL = sqlite.insert(_SHEET), postgresql.insert(_SHEET)
_SAVE = {
    "sqlite": _SQLITE.on_conflict_do_update(
        index_elements=_KEY, set_={"ciphertext": _SQLITE.excluded.ciphertext, "sent": _SQLITE.excluded.sent}
    ),
    "postgresql": _POSTGRESQL.on_conflict_do_update(
        index_elements=_KEY, set_={"ciphertext": _POSTGRESQL.excluded.ciphertext, "sent": _POSTGRESQL.excluded.sent}
    ),
}
