"""The statements about lists of people. Each function says what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, and_, bindparam, case, delete, exists, func, or_, select, update
from sqlmodel import Session, SQLModel

from app.rosters import models

_PERSON = SQLModel.metadata.tables[models.Person.__tablename__]
_UPLOAD = SQLModel.metadata.tables[models.RosterUpload.__tablename__]
_ORGANISATION = _PERSON.c.organisation_id == bindparam("organisation")
_OF_THE_WAVE = and_(_ORGANISATION, _PERSON.c.wave_id == bindparam("wave"))
_UPLOADED = and_(_UPLOAD.c.organisation_id == bindparam("organisation"), _UPLOAD.c.wave_id == bindparam("wave"))
_TOLD = (
    _PERSON.c.organisation_id,
    _PERSON.c.id,
    _PERSON.c.wave_id,
    _PERSON.c.department_id,
    _PERSON.c.reference,
    _PERSON.c.name,
    _PERSON.c.mail,
    _PERSON.c.language,
    _PERSON.c.listed,
    _PERSON.c.bounced,
    _PERSON.c.mails_stopped,
)
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody on a list; see `Person`. `mails_stopped` is for whoever sends mails, and for no page."""

    organisation_id: UUID
    id: UUID
    wave_id: UUID
    department_id: UUID
    reference: str
    name: str
    mail: str | None
    language: str | None
    listed: bool
    bounced: bool
    mails_stopped: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A list that was sent and not taken yet."""

    content: bytes
    columns: str
    complete: bool
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """How many people of a department stand on a list, and how many of them have an address."""

    people: int
    addresses: int


def people(session: Session, *, organisation_id: UUID, wave_id: UUID) -> Iterator[PersonFacts]:
    """Everybody on the list of a wave, those who were taken off too, in one statement."""
    statement = select(*_TOLD).where(_OF_THE_WAVE).order_by(_PERSON.c.id)
    told = {"organisation": organisation_id, "wave": wave_id}
    for row in _connection(session).execute(statement, told):
        yield PersonFacts(*row)


def person(session: Session, *, person_id: UUID, organisation_id: UUID | None = None) -> PersonFacts | None:
    """Somebody by their id, of this organisation where one is given, in one statement."""
    statement = select(*_TOLD).where(_PERSON.c.id == person_id)
    if organisation_id is not None:
        statement = statement.where(_PERSON.c.organisation_id == organisation_id)
    row = _connection(session).execute(statement).one_or_none()
    return None if row is None else PersonFacts(*row)


def called(
    session: Session, *, organisation_id: UUID, reference: str, wave_id: UUID | None = None
) -> tuple[PersonFacts, ...]:
    """Those on the lists of an organisation, or of one wave, with this reference or address, in one statement."""
    is_meant = or_(_PERSON.c.reference == reference, _PERSON.c.mail == reference.lower())
    statement = select(*_TOLD).where(_ORGANISATION, is_meant)
    if wave_id is not None:
        statement = statement.where(_PERSON.c.wave_id == wave_id)
    found = _connection(session).execute(statement.order_by(_PERSON.c.wave_id), {"organisation": organisation_id})
    return tuple(PersonFacts(*row) for row in found)


def with_address(session: Session, mail: str) -> tuple[PersonFacts, ...]:
    """Those on any list whose address this is, in one statement."""
    found = _connection(session).execute(select(*_TOLD).where(_PERSON.c.mail == mail, _PERSON.c.listed.is_(True)))
    return tuple(PersonFacts(*row) for row in found)


def by_department(session: Session, *, organisation_id: UUID, wave_id: UUID) -> dict[UUID, Listed]:
    """How many stand on the list of a wave, by department, in one statement. Nothing of it follows from answers."""
    statement = (
        select(_PERSON.c.department_id, func.count(), func.count(_PERSON.c.mail))
        .where(_OF_THE_WAVE, _PERSON.c.listed.is_(True))
        .group_by(_PERSON.c.department_id)
    )
    told = {"organisation": organisation_id, "wave": wave_id}
    return {id: Listed(people, mails) for id, people, mails in _connection(session).execute(statement, told)}


def listed_waves(session: Session, organisation_id: UUID) -> frozenset[UUID]:
    """The waves of an organisation that have anybody on their lists, in one statement."""
    of_client = (_PERSON.c.organisation_id == organisation_id) & _PERSON.c.listed.is_(True)
    return frozenset(_connection(session).scalars(select(_PERSON.c.wave_id).where(of_client).distinct()))


def compared(session: Session, *, organisation_id: UUID, wave_id: UUID, before_id: UUID) -> tuple[int, int, int]:
    """How many stand on the lists of two waves, on the first one only, and on the second one only, in two statements.

    People are the same by their reference. Nothing of it follows from answers.
    """
    other = _PERSON.alias()
    here = (_PERSON.c.organisation_id == organisation_id, _PERSON.c.listed.is_(True))
    too = (
        other.c.organisation_id == organisation_id,
        other.c.listed.is_(True),
        other.c.reference == _PERSON.c.reference,
    )

    def counted(one: UUID, another: UUID) -> tuple[int, int]:
        both = exists().where(*too, other.c.wave_id == another)
        statement = select(func.count(), func.count(case((both, 1)))).where(*here, _PERSON.c.wave_id == one)
        of, shared = _connection(session).execute(statement).one()
        return int(shared), int(of) - int(shared)

    same, joined = counted(wave_id, before_id)
    return same, joined, counted(before_id, wave_id)[1]


def undeliverable(session: Session, *, organisation_id: UUID, wave_id: UUID, most: int) -> tuple[PersonFacts, ...]:
    """Those whose invitation could not be delivered, in one statement."""
    statement = select(*_TOLD).where(_OF_THE_WAVE, _PERSON.c.listed.is_(True), _PERSON.c.bounced.is_(True))
    told = {"organisation": organisation_id, "wave": wave_id}
    found = _connection(session).execute(statement.order_by(_PERSON.c.reference).limit(most), told)
    return tuple(PersonFacts(*row) for row in found)


def names(session: Session, *, organisation_id: UUID, wave_id: UUID) -> tuple[str, ...]:
    """All that a list calls people: references, names and addresses, in one statement."""
    statement = select(_PERSON.c.reference, _PERSON.c.name, _PERSON.c.mail).where(_OF_THE_WAVE)
    found = _connection(session).execute(statement, {"organisation": organisation_id, "wave": wave_id})
    return tuple(one for row in found for one in row if one)


def upload(session: Session, *, organisation_id: UUID, wave_id: UUID) -> Upload | None:
    """The list that was sent and not taken yet, in one statement."""
    statement = select(_UPLOAD.c.content, _UPLOAD.c.columns, _UPLOAD.c.complete, _UPLOAD.c.sent_at).where(_UPLOADED)
    row = _connection(session).execute(statement, {"organisation": organisation_id, "wave": wave_id}).one_or_none()
    return None if row is None else Upload(*row)


def keep_upload(session: Session, *, organisation_id: UUID, wave_id: UUID, kept: Upload) -> None:
    """Keeps a list until it is taken, in place of one that was sent before."""
    drop_upload(session, organisation_id=organisation_id, wave_id=wave_id)
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    values = {"content": kept.content, "columns": kept.columns, "complete": kept.complete, "sent_at": kept.sent_at}
    _connection(session).execute(_UPLOAD.insert(), {**place, **values})


def drop_upload(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes a list that was sent and not taken."""
    told = {"organisation": organisation_id, "wave": wave_id}
    _connection(session).execute(delete(_UPLOAD).where(_UPLOADED), told)


def drop_old_uploads(session: Session, *, before: datetime) -> int:
    """Deletes lists that nobody took, of all organisations."""
    return _connection(session).execute(delete(_UPLOAD).where(_UPLOAD.c.sent_at < before)).rowcount


def add(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores people, a thousand with each statement."""
    connection = _connection(session)
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(_PERSON.insert(), [dict(row) for row in rows[start : start + AT_ONCE]])


def change(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Changes people: `organisation`, `person` and all that a list says of them.

    Addresses are taken away first, so that two people may swap theirs.
    """
    if not rows:
        return
    this = and_(_ORGANISATION, _PERSON.c.id == bindparam("person"))
    told = ("department_id", "name", "mail", "language", "listed", "bounced")
    connection = _connection(session)
    places = [{"organisation": row["organisation"], "person": row["person"]} for row in rows]
    connection.execute(update(_PERSON).where(this).values(mail=None), places)
    statement = update(_PERSON).where(this).values({name: bindparam(f"new_{name}") for name in told})
    connection.execute(
        statement,
        [{**place, **{f"new_{name}": row[name] for name in told}} for place, row in zip(places, rows, strict=True)],
    )


def follow(session: Session, organisation_id: UUID, wave_id: UUID, *, heirs: Mapping[UUID, UUID]) -> None:
    """Has people of departments that were merged stand in the one that took theirs over."""
    moved = update(_PERSON).where(_OF_THE_WAVE, _PERSON.c.department_id == bindparam("from_here"))
    place = {"organisation": organisation_id, "wave": wave_id}
    told = [{**place, "from_here": old, "to_there": new} for old, new in heirs.items()]
    if told:
        _connection(session).execute(moved.values(department_id=bindparam("to_there")), told)


def take_off(session: Session, *, organisation_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Notes that people are no longer on the list."""
    statement = update(_PERSON).where(_ORGANISATION, _PERSON.c.id == bindparam("person")).values(listed=False)
    told = [{"organisation": organisation_id, "person": id} for id in person_ids]
    if told:
        _connection(session).execute(statement, told)


def note_bounce(session: Session, *, organisation_id: UUID, person_id: UUID) -> bool:
    """Notes that the invitation cannot be delivered; False when there is nobody of that id."""
    statement = update(_PERSON).where(_ORGANISATION, _PERSON.c.id == bindparam("person")).values(bounced=True)
    told = {"organisation": organisation_id, "person": person_id}
    return _connection(session).execute(statement, told).rowcount == 1


def stop_mails(session: Session, *, organisation_id: UUID, person_id: UUID) -> bool:
    """Notes that somebody wants no more mails about this wave; False when there is nobody of that id."""
    statement = update(_PERSON).where(_ORGANISATION, _PERSON.c.id == bindparam("person")).values(mails_stopped=True)
    told = {"organisation": organisation_id, "person": person_id}
    return _connection(session).execute(statement, told).rowcount == 1


def forget(session: Session, *, organisation_id: UUID, person_ids: Sequence[UUID]) -> int:
    """Deletes people from the lists and says how many."""
    statement = delete(_PERSON).where(_ORGANISATION, _PERSON.c.id == bindparam("person"))
    told = [{"organisation": organisation_id, "person": id} for id in person_ids]
    if told:
        _connection(session).execute(statement, told)
    return len(told)


def give_new_ids(session: Session, *, organisation_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Gives people of lists other ids, from which other links are made; nothing may refer to them any more."""
    statement = update(_PERSON).where(_ORGANISATION, _PERSON.c.id == bindparam("person")).values(id=bindparam("anew"))
    told = [{"organisation": organisation_id, "person": id, "anew": uuid4()} for id in person_ids]
    if told:
        _connection(session).execute(statement, told)


def delete_of_wave(session: Session, *, organisation_id: UUID, wave_id: UUID) -> int:
    """Deletes the list of a wave, with one that was not taken yet, and says how many people it had."""
    drop_upload(session, organisation_id=organisation_id, wave_id=wave_id)
    told = {"organisation": organisation_id, "wave": wave_id}
    return _connection(session).execute(delete(_PERSON).where(_OF_THE_WAVE), told).rowcount


def _connection(session: Session) -> Connection:
    """The session's connection, after what the session still had to write."""
    session.flush()
    return session.connection()
