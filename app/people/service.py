"""Keeping a list that was sent until somebody has looked at it, taking it, taking people off one by one."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.invitations import queries as invited
from app.invitations import service as invitations
from app.mail import service as mail
from app.people import table
from app.people.plan import Place, Places, Plan, Row, plan
from app.rosters import queries as rosters
from app.rosters.queries import PersonFacts, Upload
from app.sentences import say
from app.waves import queries as waves
from app.waves.queries import WaveView

OVER: Final = say("The wave takes no more answers, so its list of people stays as it is. It can only be deleted.")
NONE_SENT: Final = say("There is no list to take. Choose a file first.")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list that was sent and not taken: its headings, which column holds what, and what taking it would do.

    `missing` says what has to be chosen before that is known; `plan` is None until then.
    """

    headings: tuple[str, ...]
    columns: Mapping[str, int]
    complete: bool
    rows: int
    missing: str | None
    plan: Plan | None


def require_list(wave: WaveView) -> None:
    """Raises ConflictError in a wave that has no list of people, or whose list stays as it is."""
    if wave.policy.mode == "anonymous":
        raise ConflictError(invitations.NO_LIST)
    if wave.state == "paused":
        raise ConflictError(invitations.NOT_OPEN["paused"])
    if wave.state not in ("draft", "open"):
        raise ConflictError(OVER)


def keep(session: Session, *, organisation_id: UUID, wave_id: UUID, text: str, now: datetime) -> None:
    """Keeps a list until it is taken, for a day at most. InvalidError when it is none, ConflictError as above."""
    require_list(_held(session, organisation_id, wave_id))
    headings, _ = table.checked(text)
    kept = Upload(
        zlib.compress(text.encode(), level=1), json.dumps(table.guessed(headings)), complete=False, sent_at=now
    )
    rosters.keep_upload(session, organisation_id=organisation_id, wave_id=wave_id, kept=kept)


def choose(
    session: Session, *, organisation_id: UUID, wave_id: UUID, columns: Mapping[str, int], complete: bool
) -> None:
    """Says which column of the kept list holds what, and whether it names everybody."""
    require_list(_held(session, organisation_id, wave_id))
    kept = _upload(session, organisation_id, wave_id)
    changed = replace(kept, columns=json.dumps(dict(columns)), complete=complete)
    rosters.keep_upload(session, organisation_id=organisation_id, wave_id=wave_id, kept=changed)


def discard(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes the kept list."""
    waves.wave(session, organisation_id, wave_id)
    rosters.drop_upload(session, organisation_id=organisation_id, wave_id=wave_id)


def prepared(session: Session, *, organisation_id: UUID, wave_id: UUID) -> Prepared | None:
    """What taking the kept list would do, None when there is none. It reads nothing about answers."""
    kept = rosters.upload(session, organisation_id=organisation_id, wave_id=wave_id)
    if kept is None:
        return None
    lines = table.lines_of(zlib.decompress(kept.content).decode())
    _, headings = next(lines)
    columns: dict[str, int] = {name: place for name, place in json.loads(kept.columns).items() if place < len(headings)}
    missing = table.missing(columns)
    if missing is not None:
        return Prepared(tuple(headings), columns, kept.complete, sum(1 for _ in lines), missing, None)
    wave = waves.wave(session, organisation_id, wave_id)
    known = {one.reference: one for one in rosters.people(session, organisation_id=organisation_id, wave_id=wave_id)}
    found = plan(lines, columns, Places(departments_of(session, wave)), known, complete=kept.complete)
    return Prepared(tuple(headings), columns, kept.complete, found.good + len(found.bad), None, found)


def take(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, skip_bad: bool, now: datetime
) -> Plan:
    """Takes the kept list, all of it or nothing, and gives what changed.

    In an open wave joiners get a link, the links of leavers are taken back, and those who move keep theirs. Raises
    InvalidError for a list that is not complete to read, or has bad lines that are not left out on purpose; lines of a
    complete list are never left out, because whoever stands in them would be taken off.
    """
    wave = _held_with_links(session, organisation_id, wave_id)
    require_list(wave)
    found = prepared(session, organisation_id=organisation_id, wave_id=wave_id)
    if found is None or found.plan is None:
        raise InvalidError(NONE_SENT if found is None else found.missing or NONE_SENT)
    if found.plan.bad and (found.complete or not skip_bad):
        raise InvalidError(say("Some lines cannot be used, so nothing was changed."))
    _store(session, wave, found.plan)
    if wave.state == "open":
        _follow(session, link_key, wave, found.plan, now)
    rosters.drop_upload(session, organisation_id=organisation_id, wave_id=wave_id)
    return found.plan


def take_off(session: Session, *, organisation_id: UUID, wave_id: UUID, reference: str, now: datetime) -> None:
    """Takes one person off the list. InvalidError, field `reference`, when nobody on it is called so."""
    wave = _held_with_links(session, organisation_id, wave_id)
    require_list(wave)
    found = rosters.called(session, organisation_id=organisation_id, wave_id=wave_id, reference=reference)
    here = [one for one in found if one.listed]
    if not here:
        sentence = say("Nobody on this list is called “{reference}”.", reference=reference[:60])
        raise InvalidError(sentence, fields={"reference": sentence})
    _leave(session, wave, here, now)


def make_links(session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, now: datetime) -> int:
    """Makes the links of everybody on the list who has none yet and says how many. ConflictError unless it is open."""
    wave = _held_with_links(session, organisation_id, wave_id)
    return _link(
        session, link_key, wave, rosters.people(session, organisation_id=organisation_id, wave_id=wave_id), now
    )


def without_link(session: Session, wave: WaveView) -> int:
    """How many people on the list of an open wave have no link yet."""
    place = {"organisation_id": wave.organisation_id, "wave_id": wave.id}
    there = departments_of(session, wave)
    ids = [one.id for one in rosters.people(session, **place) if one.listed and one.department_id in there]
    return len(invitations.without_link(session, **place, person_ids=ids))


def departments_of(session: Session, wave: WaveView) -> Mapping[UUID, Place]:
    """The departments of a wave by id, parents first: as it froze them, or as they are until it opens."""
    if wave.state == "draft":
        return {one.id: one for one in clients.departments(session, wave.organisation_id)}
    frozen = waves.wave_departments(session, wave.organisation_id, wave.id)
    return {one.department_id: one for one in frozen}


def _held(session: Session, organisation_id: UUID, wave_id: UUID) -> WaveView:
    """The wave, kept as it is: two lists that are taken at once come one after the other."""
    waves.hold(session, organisation_id, wave_id)
    return waves.wave(session, organisation_id, wave_id)


def _held_with_links(session: Session, organisation_id: UUID, wave_id: UUID) -> WaveView:
    """The same for what changes links too. They come first, as with people who save and when an opening is taken back:
    in one order, so that no two wait for each other."""
    invited.hold_all(session, organisation_id=organisation_id, wave_id=wave_id)
    return _held(session, organisation_id, wave_id)


def _upload(session: Session, organisation_id: UUID, wave_id: UUID) -> Upload:
    kept = rosters.upload(session, organisation_id=organisation_id, wave_id=wave_id)
    if kept is None:
        raise InvalidError(NONE_SENT)
    return kept


def _store(session: Session, wave: WaveView, found: Plan) -> None:
    place = {"organisation_id": wave.organisation_id, "wave_id": wave.id}
    rosters.change(session, [_changed(before, after) for before, after in found.changing])
    # Random ids are no order of arrival.
    rosters.add(session, [{**place, "id": uuid4(), **_told(one), "mails_stopped": False} for one in found.joining])


def _told(row: Row, *, bounced: bool = False) -> dict[str, object]:
    return {
        "department_id": row.department_id,
        "reference": row.reference,
        "name": row.name,
        "mail": row.mail,
        "language": row.language,
        "listed": True,
        "bounced": bounced,
    }


def _changed(before: PersonFacts, after: Row) -> dict[str, object]:
    bounced = before.bounced and before.mail == after.mail
    return {"organisation": before.organisation_id, "person": before.id, **_told(after, bounced=bounced)}


def _follow(session: Session, link_key: bytes, wave: WaveView, found: Plan, now: datetime) -> None:
    """Has the links of an open wave follow its list."""
    place = {"organisation_id": wave.organisation_id, "wave_id": wave.id}
    moved = [
        (before.id, row.department_id) for before, row in found.changing if before.department_id != row.department_id
    ]
    invitations.move(session, **place, places=moved)
    back = [before.id for before, _ in found.changing if not before.listed]
    invitations.take_back_on(session, link_key=link_key, **place, person_ids=back)
    _leave(session, wave, found.leaving, now)
    there = tuple(rosters.people(session, **place))
    _link(session, link_key, wave, there, now)
    joined = {row.reference for row in found.joining}
    other = {before.id for before, row in found.changing if before.mail != row.mail or not before.listed}
    mail.invite(session, wave, [one.id for one in there if one.reference in joined or one.id in other], now=now)


def _leave(session: Session, wave: WaveView, leaving: Iterable[PersonFacts], now: datetime) -> None:
    """Takes people off: in a draft nothing is left of them, later their link is taken back."""
    gone = tuple(leaving)
    if wave.state == "draft":
        rosters.forget(session, organisation_id=wave.organisation_id, person_ids=[one.id for one in gone])
        return
    rosters.take_off(session, organisation_id=wave.organisation_id, person_ids=[one.id for one in gone])
    invitations.take_off(
        session, organisation_id=wave.organisation_id, wave_id=wave.id, person_ids=[one.id for one in gone], now=now
    )


def _link(session: Session, link_key: bytes, wave: WaveView, people: Iterable[PersonFacts], now: datetime) -> int:
    there = departments_of(session, wave)
    return invitations.make_links_of(
        session,
        link_key=link_key,
        organisation_id=wave.organisation_id,
        wave_id=wave.id,
        people=[
            (one.id, one.department_id, one.reference) for one in people if one.listed and one.department_id in there
        ],
        now=now,
    )


def first_lines(found: Prepared, most: int) -> tuple[Row, ...]:
    """Some of those who would join or change, to look at before they are taken."""
    if found.plan is None:
        return ()
    return tuple(islice((*found.plan.joining[:most], *(row for _, row in found.plan.changing[:most])), most))
