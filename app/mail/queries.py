"""The statements of mail. None asks who has answered; that is looked up for one person at a time while sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from app.mail import models

_PLAN = SQLModel.metadata.tables[models.MailPlan.__tablename__]
_ROUND = SQLModel.metadata.tables[models.MailRound.__tablename__]
_OUT = SQLModel.metadata.tables[models.MailOut.__tablename__]
_ASKED = SQLModel.metadata.tables[models.LinkRequest.__tablename__]
AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """The plan of a wave's mails; see `MailPlan`."""

    organisation_id: UUID
    wave_id: UUID
    state: str
    sender: str
    reply_to: str
    days: Mapping[str, str]
    wording: Mapping[str, Mapping[str, Mapping[str, str]]]
    from_hour: int
    to_hour: int
    weekends: bool
    per_minute: int
    thanks: bool
    tested: bool
    trouble: str
    trial: Mapping[str, str] | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round of mails: for how many people, and how many of them were dealt with, whether or not they got one."""

    kind: str
    number: int
    people: int
    dealt: int


@dataclass(frozen=True, slots=True)
class OutFacts:
    """One person who is to be looked at."""

    organisation_id: UUID
    id: UUID
    wave_id: UUID
    person_id: UUID
    kind: str
    number: int
    attempts: int


def plan(session: Session, *, organisation_id: UUID, wave_id: UUID, lock: bool = False) -> PlanFacts | None:
    """The plan of a wave, None where there is none, in one statement; `lock` keeps others from changing it."""
    statement = select(*_told()).where(_PLAN.c.organisation_id == organisation_id, _PLAN.c.wave_id == wave_id)
    row = _connection(session).execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else PlanFacts(**row._mapping)


def newest_plan(session: Session, *, organisation_id: UUID) -> PlanFacts | None:
    """The plan of the client that was touched last: the next wave begins with its words, in one statement."""
    statement = select(*_told()).where(_PLAN.c.organisation_id == organisation_id).order_by(_PLAN.c.next_at.desc())
    row = _connection(session).execute(statement.limit(1)).one_or_none()
    return None if row is None else PlanFacts(**row._mapping)


def keep_plan(session: Session, row: Mapping[str, Any]) -> None:  # Any: the columns of a plan
    """Stores a plan in place of the one that is there."""
    connection = _connection(session)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    changed = {name: value for name, value in row.items() if name not in ("organisation_id", "wave_id")}
    statement = insert(_PLAN).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=["organisation_id", "wave_id"], set_=changed))


def change_plan(session: Session, *, organisation_id: UUID, wave_id: UUID, **changed: Any) -> None:  # Any: columns
    """Sets the columns `changed` of a wave's plan; does nothing where there is none."""
    here = _PLAN.c.organisation_id == organisation_id, _PLAN.c.wave_id == wave_id
    _connection(session).execute(update(_PLAN).where(*here).values(**changed))


def due_plan(session: Session, *, now: datetime) -> tuple[UUID, UUID] | None:
    """The wave whose plan has waited longest, locked; those that another worker holds are passed over."""
    statement = (
        select(_PLAN.c.organisation_id, _PLAN.c.wave_id)
        .where(_PLAN.c.next_at <= now)
        .order_by(_PLAN.c.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = _connection(session).execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])


def rounds(session: Session, *, organisation_id: UUID, wave_id: UUID) -> tuple[RoundFacts, ...]:
    """The rounds that were begun, with how many people were dealt with, in one statement.

    A first attempt counts: whether there has to be another is not told, because it says that there was a mail.
    """
    waiting = (
        select(func.count())
        .where(
            _OUT.c.organisation_id == _ROUND.c.organisation_id,
            _OUT.c.wave_id == _ROUND.c.wave_id,
            _OUT.c.kind == _ROUND.c.kind,
            _OUT.c.number == _ROUND.c.number,
            _OUT.c.attempts == 0,
        )
        .scalar_subquery()
    )
    statement = (
        select(_ROUND.c.kind, _ROUND.c.number, _ROUND.c.people, _ROUND.c.people - waiting)
        .where(_ROUND.c.organisation_id == organisation_id, _ROUND.c.wave_id == wave_id)
        .order_by(_ROUND.c.kind, _ROUND.c.number)
    )
    return tuple(RoundFacts(*row) for row in _connection(session).execute(statement))


def begin_round(
    session: Session,
    *,
    organisation_id: UUID,
    wave_id: UUID,
    kind: str,
    number: int,
    rows: Sequence[Mapping[str, object]],
) -> None:
    """Begins a round: notes it, and a row for each person in it. Whoever is in it already is not added again."""
    connection = _connection(session)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    place = {"organisation_id": organisation_id, "wave_id": wave_id, "kind": kind, "number": number}
    statement = insert(_ROUND).values(**place, people=len(rows))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["organisation_id", "wave_id", "kind", "number"],
            set_={"people": _ROUND.c.people + len(rows)},
        )
    )
    add_out(session, [{**place, **row} for row in rows])


def add_out(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Stores people who are to be looked at; whoever is there for the same mail is not added again."""
    connection = _connection(session)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(insert(_OUT).on_conflict_do_nothing(), [dict(row) for row in rows[start : start + AT_ONCE]])


def lease(
    session: Session, *, organisation_id: UUID, wave_id: UUID, kinds: Sequence[str], most: int, worker: str,
    now: datetime, until: datetime,
) -> tuple[OutFacts, ...]:  # fmt: skip
    """Takes some people whose turn it is, in the random order of their rows; leases that ran out are taken over."""
    connection = _connection(session)
    due = or_(
        and_(_OUT.c.state.in_(("waiting", "again")), _OUT.c.due_at <= now),
        and_(_OUT.c.state == "leased", _OUT.c.lease_until < now),
    )
    statement = (
        select(
            _OUT.c.organisation_id, _OUT.c.id, _OUT.c.wave_id, _OUT.c.person_id, _OUT.c.kind, _OUT.c.number,
            _OUT.c.attempts + 1,
        )
        .where(_OUT.c.organisation_id == organisation_id, _OUT.c.wave_id == wave_id, _OUT.c.kind.in_(kinds), due)
        .order_by(_OUT.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    found = tuple(OutFacts(*row) for row in connection.execute(statement))
    taken = update(_OUT).where(_OUT.c.organisation_id == bindparam("organisation"), _OUT.c.id == bindparam("out"))
    taken = taken.values(state="leased", attempts=_OUT.c.attempts + 1, worker=worker, lease_until=until)
    if found:
        connection.execute(taken, [{"organisation": one.organisation_id, "out": one.id} for one in found])
    return found


def hold(session: Session, out: OutFacts, *, worker: str, until: datetime) -> bool:
    """Renews a lease before its mail is sent; False when another worker has taken the row over or dealt with it."""
    here = _OUT.c.organisation_id == out.organisation_id, _OUT.c.id == out.id, _OUT.c.worker == worker
    statement = update(_OUT).where(*here, _OUT.c.state == "leased").values(lease_until=until)
    return _connection(session).execute(statement).rowcount == 1


def done(session: Session, out: OutFacts, *, worker: str) -> bool:
    """Deletes the row of somebody who was dealt with; False when another worker has taken it over."""
    here = _OUT.c.organisation_id == out.organisation_id, _OUT.c.id == out.id, _OUT.c.worker == worker
    return _connection(session).execute(delete(_OUT).where(*here)).rowcount == 1


def again(session: Session, out: OutFacts, *, worker: str, due_at: datetime, attempts: int) -> None:
    """Puts somebody back for another attempt."""
    here = _OUT.c.organisation_id == out.organisation_id, _OUT.c.id == out.id, _OUT.c.worker == worker
    state = "again" if attempts else "waiting"
    values = {"state": state, "attempts": attempts, "due_at": due_at, "worker": None, "lease_until": None}
    _connection(session).execute(update(_OUT).where(*here).values(**values))


def drop(session: Session, *, organisation_id: UUID, wave_id: UUID, kinds: Sequence[str]) -> None:
    """Deletes what is not sent any more of these kinds."""
    here = _OUT.c.organisation_id == organisation_id, _OUT.c.wave_id == wave_id, _OUT.c.kind.in_(kinds)
    _connection(session).execute(delete(_OUT).where(*here))


def anything_left(session: Session, *, organisation_id: UUID, wave_id: UUID) -> bool:
    """Whether anybody of a wave is still to be looked at, in one statement."""
    here = _OUT.c.organisation_id == organisation_id, _OUT.c.wave_id == wave_id
    return _connection(session).execute(select(_OUT.c.id).where(*here).limit(1)).first() is not None


def note_request(session: Session, *, mark: str, mail: str, now: datetime, most: int) -> None:
    """Notes that somebody asked for their link, once an hour for each mark, and not when too many are waiting.

    The same statement whatever the address is, so that nothing tells whether it is on a list.
    """
    connection = _connection(session)
    waiting = connection.execute(select(func.count()).select_from(_ASKED)).scalar_one()
    if waiting < most:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        values = {"mark": mark, "mail": mail, "asked_at": now}
        connection.execute(insert(_ASKED).values(**values).on_conflict_do_nothing())


def requests(session: Session) -> tuple[tuple[str, str], ...]:
    """The requests that nobody has looked at: mark and address, in one statement."""
    found = _connection(session).execute(select(_ASKED.c.mark, _ASKED.c.mail).where(_ASKED.c.mail != ""))
    return tuple((mark, mail) for mark, mail in found)


def looked_at(session: Session, mark: str) -> None:
    """Takes the address out of a request; the mark stays."""
    _connection(session).execute(update(_ASKED).where(_ASKED.c.mark == mark).values(mail=""))


def drop_requests(session: Session, *, before: datetime) -> None:
    """Forgets who asked for their link before a time."""
    _connection(session).execute(delete(_ASKED).where(_ASKED.c.asked_at < before))


def delete_of_wave(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes everybody who is still to be looked at in a wave, and the plan stays."""
    here = _OUT.c.organisation_id == organisation_id, _OUT.c.wave_id == wave_id
    _connection(session).execute(delete(_OUT).where(*here))


def forget_rounds(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes that mails of a wave went out, and who was still to get one: they begin anew."""
    delete_of_wave(session, organisation_id=organisation_id, wave_id=wave_id)
    here = _ROUND.c.organisation_id == organisation_id, _ROUND.c.wave_id == wave_id
    _connection(session).execute(delete(_ROUND).where(*here))


def _told() -> tuple[Any, ...]:  # Any: columns of different types
    return tuple(_PLAN.c[name] for name in PlanFacts.__dataclass_fields__)


def _connection(session: Session) -> Connection:
    """The session's connection, after what the session still had to write."""
    session.flush()
    return session.connection()
