"""The statements about invitations, built once; and the links of a wave, made again from the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from app.answers.rewriting import rewrite
from app.db import Prepared
from app.invitations import models, tokens

_INVITATION = SQLModel.metadata.tables[models.Invitation.__tablename__]
_ORGANISATION = _INVITATION.c.organisation_id == bindparam("organisation")
_OF_THE_WAVE = and_(_ORGANISATION, _INVITATION.c.wave_id == bindparam("wave"))
_THIS = and_(_ORGANISATION, _INVITATION.c.id == bindparam("invitation"))
FACTS = (
    _INVITATION.c.organisation_id,
    _INVITATION.c.id,
    _INVITATION.c.wave_id,
    _INVITATION.c.department_id,
    _INVITATION.c.kind,
    _INVITATION.c.generation,
    _INVITATION.c.spent,
    _INVITATION.c.revoked_at,
)
_FIND = select(*FACTS).where(_INVITATION.c.token_sha256 == bindparam("fingerprint"))
# Not FOR UPDATE: a draft that is being stored refers to the invitation, and must not wait for this lock.
_FIND_LOCKED = _FIND.with_for_update(key_share=True)
_BY_ID = select(*FACTS).where(_THIS).with_for_update(key_share=True)
_PLAIN = select(*FACTS).where(_THIS)
_GIVEN_OUT = (
    select(
        _INVITATION.c.id,
        _INVITATION.c.department_id,
        _INVITATION.c.kind,
        _INVITATION.c.reference,
        _INVITATION.c.generation,
        _INVITATION.c.revoked_at.is_not(None),
    )
    .where(_OF_THE_WAVE, _INVITATION.c.kind.in_(("personal", "shared", "kiosk")))
    .order_by(_INVITATION.c.kind.desc(), _INVITATION.c.reference, _INVITATION.c.id)
)
_REFERENCES = select(_INVITATION.c.reference, _INVITATION.c.department_id).where(
    _OF_THE_WAVE, _INVITATION.c.reference.is_not(None)
)
_HELD = select(_INVITATION.c.id).where(_OF_THE_WAVE).order_by(_INVITATION.c.id).with_for_update()
_SPEND = Prepared(
    update(_INVITATION)
    .where(_THIS, _INVITATION.c.spent.is_(False), _INVITATION.c.revoked_at.is_(None))
    .values(spent=True)
)
_REVOKE = update(_INVITATION).where(_THIS).values(revoked_at=bindparam("now"))
_PERSONAL = select(_INVITATION.c.id, _INVITATION.c.generation).where(_OF_THE_WAVE, _INVITATION.c.kind == "personal")
_WITHDRAWN = select(_INVITATION.c.id).where(
    _OF_THE_WAVE,
    _INVITATION.c.kind == "personal",
    or_(_INVITATION.c.generation > 1, _INVITATION.c.revoked_at.is_not(None)),
)
_MOVE = update(_INVITATION).where(_THIS).values(department_id=bindparam("new_department"))
_REISSUE = (
    update(_INVITATION)
    .where(_THIS)
    .values(generation=bindparam("next_generation"), token_sha256=bindparam("fingerprint"), revoked_at=None)
)
_NAMED = and_(_ORGANISATION, _INVITATION.c.reference == bindparam("called"))
_ENTRIES = (
    select(
        _INVITATION.c.id,
        _INVITATION.c.wave_id,
        _INVITATION.c.department_id,
        _INVITATION.c.kind,
        _INVITATION.c.generation,
        _INVITATION.c.created_at,
        _INVITATION.c.spent,
        _INVITATION.c.revoked_at,
    )
    .where(_NAMED)
    .order_by(_INVITATION.c.created_at, _INVITATION.c.id)
)
_FORGET = update(_INVITATION).where(_NAMED).values(reference=None)
_SHARED = select(_INVITATION.c.department_id, _INVITATION.c.id, _INVITATION.c.generation).where(
    _OF_THE_WAVE, _INVITATION.c.kind == "shared", _INVITATION.c.revoked_at.is_(None)
)
_LISTED = select(func.count()).where(_OF_THE_WAVE, _INVITATION.c.kind == "personal")
_DELETE_PERSONAL = delete(_INVITATION).where(_OF_THE_WAVE, _INVITATION.c.kind == "personal")
_DELETE_ALL = delete(_INVITATION).where(_OF_THE_WAVE)
_ADD = {
    "sqlite": sqlite.insert(_INVITATION).on_conflict_do_nothing().returning(_INVITATION.c.id),
    "postgresql": postgresql.insert(_INVITATION).on_conflict_do_nothing().returning(_INVITATION.c.id),
}


# Links that are nobody's own, with what their addresses begin with.
ENTRANCES = {"shared": "s", "kiosk": "k"}


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation as `respond` needs it. `kind` is personal, shared, resume, kiosk or sitting."""

    organisation_id: UUID
    id: UUID
    wave_id: UUID
    department_id: UUID
    kind: str
    generation: int
    spent: bool
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to give out, or one that was taken back. It says nothing about whether it was used."""

    invitation_id: UUID
    department_id: UUID
    kind: str
    reference: str | None
    url: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """All that is stored of a person in one wave's roster, but for the reference and the fingerprint of the link."""

    invitation_id: UUID
    wave_id: UUID
    department_id: UUID
    kind: str
    generation: int
    created_at: datetime
    spent: bool
    revoked_at: datetime | None


def find(session: Session, fingerprint: str, *, lock: bool = False) -> InvitationFacts | None:
    """The invitation of a token's fingerprint, in one statement; `lock` makes others who want it wait."""
    row = _connection(session).execute(_FIND_LOCKED if lock else _FIND, {"fingerprint": fingerprint}).one_or_none()
    return None if row is None else InvitationFacts(*row)


def by_id(session: Session, organisation_id: UUID, invitation_id: UUID) -> InvitationFacts | None:
    """An invitation of the organisation, locked for a change."""
    told = {"organisation": organisation_id, "invitation": invitation_id}
    row = _connection(session).execute(_BY_ID, told).one_or_none()
    return None if row is None else InvitationFacts(*row)


def seen(session: Session, organisation_id: UUID, invitation_id: UUID) -> InvitationFacts | None:
    """An invitation of the organisation, to look at."""
    told = {"organisation": organisation_id, "invitation": invitation_id}
    row = _connection(session).execute(_PLAIN, told).one_or_none()
    return None if row is None else InvitationFacts(*row)


def links(
    session: Session,
    *,
    link_key: bytes,
    organisation_id: UUID,
    wave_id: UUID,
    base_url: str,
    with_taken_back: bool = False,
) -> tuple[Link, ...]:
    """The links of a wave that can be given out, shared ones first, in one statement.

    Links that were made by an entrance are nobody's but the respondent's: they are never among them.
    """
    rows = _connection(session).execute(_GIVEN_OUT, {"organisation": organisation_id, "wave": wave_id})
    return tuple(
        Link(id, department_id, kind, reference, address(base_url, kind=kind, token=token), taken_back)
        for id, department_id, kind, reference, generation, taken_back in rows
        if with_taken_back or not taken_back
        for token in [tokens.make_token(link_key, wave_id=wave_id, invitation_id=id, generation=generation)]
    )


def address(base_url: str, *, kind: str, token: str) -> str:
    """The address that a person opens: /s/ for a shared link, /k/ for a kiosk's, /r/ for one's own."""
    return f"{base_url}/{ENTRANCES.get(kind, 'r')}/{token}"


def references(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[str, UUID]:
    """The references that have a link in the wave, taken back or not, with their department, in one statement."""
    rows = _connection(session).execute(_REFERENCES, {"organisation": organisation_id, "wave": wave_id})
    return {reference: department_id for reference, department_id in rows}


def entries(session: Session, *, organisation_id: UUID, reference: str) -> tuple[RosterEntry, ...]:
    """What is stored under a reference in all rosters of an organisation, in one statement.

    It tells whether answers were sent: for the person who asks what is stored about them, and for no page.
    """
    rows = _connection(session).execute(_ENTRIES, {"organisation": organisation_id, "called": reference})
    return tuple(RosterEntry(*row) for row in rows)


def listed(session: Session, *, organisation_id: UUID, wave_id: UUID) -> int:
    """How many personal links a wave has, in one statement."""
    found: int = _connection(session).execute(_LISTED, {"organisation": organisation_id, "wave": wave_id}).scalar_one()
    return found


# What follows is for this feature's service.


def delete_one(session: Session, *, organisation_id: UUID, invitation_id: UUID) -> None:
    """Deletes an invitation."""
    told = {"organisation": organisation_id, "invitation": invitation_id}
    _connection(session).execute(delete(_INVITATION).where(_THIS), told)


def personal(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[UUID, int]:
    """The personal invitations of a wave with their generation, in one statement. It says nothing of who answered."""
    rows = _connection(session).execute(_PERSONAL, {"organisation": organisation_id, "wave": wave_id})
    return {id: generation for id, generation in rows}


def hold_all(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Keeps everybody with a link of a wave from saving until this transaction ends, in one statement.

    For whoever changes them and holds the wave too, before that: people who save hold their invitation first.
    """
    _connection(session).execute(_HELD, {"organisation": organisation_id, "wave": wave_id}).all()


def withdrawn(session: Session, *, organisation_id: UUID, wave_id: UUID) -> tuple[UUID, ...]:
    """The personal invitations of a wave with a link that shall not work any more: replaced, or taken back."""
    rows = _connection(session).execute(_WITHDRAWN, {"organisation": organisation_id, "wave": wave_id})
    return tuple(rows.scalars())


def shared(session: Session, *, organisation_id: UUID, wave_id: UUID) -> tuple[tuple[UUID, UUID, int], ...]:
    """Department, invitation and generation of the shared links of a wave, in one statement."""
    rows = _connection(session).execute(_SHARED, {"organisation": organisation_id, "wave": wave_id})
    return tuple((department_id, id, generation) for department_id, id, generation in rows)


def revoke_some(session: Session, *, organisation_id: UUID, invitation_ids: Sequence[UUID], now: datetime) -> None:
    """Marks invitations as taken back."""
    told = [{"organisation": organisation_id, "invitation": id, "now": now} for id in invitation_ids]
    if told:
        _connection(session).execute(_REVOKE, told)


def move_some(session: Session, *, organisation_id: UUID, places: Sequence[tuple[UUID, UUID]]) -> None:
    """Has invitations lead to other departments."""
    told = [{"organisation": organisation_id, "invitation": id, "new_department": place} for id, place in places]
    if told:
        _connection(session).execute(_MOVE, told)


def add(session: Session, rows: Sequence[Mapping[str, object]]) -> frozenset[UUID]:
    """Stores invitations and gives the ids of those that are new.

    One whose id is there already, or whose reference has a link in the wave, changes nothing; one that another
    transaction is storing at this moment is waited for.
    """
    connection = _connection(session)
    return frozenset(connection.execute(_ADD[connection.dialect.name], [dict(row) for row in rows]).scalars())


def spend(session: Session, *, organisation_id: UUID, invitation_id: UUID) -> bool:
    """Marks an invitation as used; False when it was, or may not be."""
    told = {"organisation": organisation_id, "invitation": invitation_id}
    return _SPEND.run(session, told) == 1


def revoke(session: Session, *, organisation_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """Marks an invitation as taken back."""
    told = {"organisation": organisation_id, "invitation": invitation_id, "now": now}
    _connection(session).execute(_REVOKE, told)


def reissue(session: Session, *, organisation_id: UUID, invitation_id: UUID, generation: int, fingerprint: str) -> None:
    """Gives an invitation its next token."""
    told = {"organisation": organisation_id, "invitation": invitation_id}
    _connection(session).execute(_REISSUE, {**told, "next_generation": generation, "fingerprint": fingerprint})


def shuffle(session: Session, *, organisation_id: UUID, wave_id: UUID, opened_at: datetime) -> None:
    """Deletes the invitations of a wave and inserts them again in random order, all dated to the wave's opening."""
    rewrite(
        session,
        _INVITATION,
        organisation_id=organisation_id,
        wave_id=wave_id,
        new_ids=False,
        instead={"created_at": opened_at},
    )


def forget(session: Session, *, organisation_id: UUID, reference: str) -> int:
    """Takes a reference from all invitations of an organisation and says from how many; their links go on working."""
    told = {"organisation": organisation_id, "called": reference}
    return _connection(session).execute(_FORGET, told).rowcount


def forget_all(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Takes from all invitations of a wave whose they were and whether they were used: their links still say what
    became of it, and nothing of anybody."""
    here = _INVITATION.c.organisation_id == organisation_id, _INVITATION.c.wave_id == wave_id
    _connection(session).execute(update(_INVITATION).where(*here).values(reference=None, spent=False))


def delete_of_wave(session: Session, *, organisation_id: UUID, wave_id: UUID, personal_only: bool) -> int:
    """Deletes invitations of a wave and says how many."""
    statement = _DELETE_PERSONAL if personal_only else _DELETE_ALL
    return _connection(session).execute(statement, {"organisation": organisation_id, "wave": wave_id}).rowcount


def _connection(session: Session) -> Connection:
    """The session's connection, after what the session still had to write: these statements refer to it."""
    session.flush()
    return session.connection()
