"""Opening and closing a room, finding it by its code, and making a link of their own for somebody who joins."""

import hmac
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.errors import ConflictError, InvalidError, NotFoundError
from app.invitations import service as invitations
from app.invitations import tokens
from app.invitations.queries import InvitationFacts
from app.rooms import queries
from app.rooms.guesses import PAUSED
from app.rooms.queries import RoomFacts
from app.sentences import say
from app.waves import queries as waves

HOURS: Final = (1, 2, 4, 8)
SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look alike
LENGTH: Final = 6
NOT_OPEN: Final = say("People can join once the wave is open, and until it closes.")
NOBODY: Final = say("Choose at least one department.")
HOW_LONG: Final = say("Choose for how long the room is open.")
KIND: Final = "room"


def open_room(
    session: Session, *, link_key: bytes, organisation_id: UUID, wave_id: UUID, departments: Collection[UUID],
    hours: int, now: datetime,
) -> UUID:  # fmt: skip
    """Opens a room with a new code. One that is open already takes these departments in and stays open as long as
    either needs, with its code: a second workshop at the same time takes nothing from the first.

    ConflictError unless the wave is open, InvalidError for departments that are not in it and other hours than `HOURS`.
    """
    waves.hold(session, organisation_id, wave_id)  # two who open a room at once get the same one
    wave = waves.wave(session, organisation_id, wave_id)
    if wave.state != "open":
        raise ConflictError(NOT_OPEN)
    there = {one.department_id for one in waves.wave_departments(session, organisation_id, wave_id)}
    made = open_one(session, organisation_id, wave_id, now=now)
    if not (departments or made) or set(departments) - there:
        raise InvalidError(NOBODY, fields={"departments": NOBODY})
    if hours not in HOURS:
        raise InvalidError(HOW_LONG, fields={"hours": HOW_LONG})
    wanted, closes_at = frozenset(departments), now + timedelta(hours=hours)
    if made is not None:
        made = replace(made, departments=made.departments | wanted, closes_at=max(made.closes_at, closes_at))
    else:
        before = waves.turnout_total(session, organisation_id, wave_id).responses
        made = RoomFacts(organisation_id, wave_id, uuid4(), wanted, before, closes_at)
    queries.keep(session, made, mark=_mark(link_key, code_of(link_key, made.id)))
    return made.id


def close_room(session: Session, *, organisation_id: UUID, wave_id: UUID) -> None:
    """Lets nobody join any more; whoever has joined goes on."""
    queries.drop(session, organisation_id, wave_id)


def open_one(session: Session, organisation_id: UUID, wave_id: UUID, *, now: datetime) -> RoomFacts | None:
    """The room of a wave while people can join it."""
    room = queries.room(session, organisation_id, wave_id)
    is_open = room is not None and room.closes_at > now
    return room if is_open and waves.wave(session, organisation_id, wave_id).state == "open" else None


def find(session: Session, *, link_key: bytes, code: str, now: datetime) -> RoomFacts | None:
    """The open room of a code as somebody typed it. ConflictError while its wave is paused: the code is right."""
    tidied = "".join(sign for sign in code.upper() if sign in SIGNS)
    room = queries.by_mark(session, _mark(link_key, tidied)) if len(tidied) == LENGTH and len(code) < 20 else None
    if room is None or room.closes_at <= now:
        return None
    if waves.wave(session, room.organisation_id, room.wave_id).state == "paused":
        raise ConflictError(PAUSED)
    return open_one(session, room.organisation_id, room.wave_id, now=now)


def answered(session: Session, room: RoomFacts) -> int:
    """How many people of the whole organisation have answered since the room opened.

    Of the whole organisation and not of the room's departments: that number is told live anyway, and no finer one may
    be (MEASUREMENT section 9, P10).
    """
    return max(0, waves.turnout_total(session, room.organisation_id, room.wave_id).responses - room.before)


def join(session: Session, *, link_key: bytes, room: RoomFacts, department: UUID, nonce: str, now: datetime) -> str:
    """The token of somebody's own link: the same for the same nonce. NotFoundError for a department not of the room."""
    if department not in room.departments:
        raise NotFoundError
    entrance = InvitationFacts(room.organisation_id, room.id, room.wave_id, department, KIND, 1, False, None)
    _, token = invitations.resume_link(session, link_key=link_key, shared=entrance, nonce=nonce, now=now)
    return token


def make_nonce(link_key: bytes, room: RoomFacts) -> str:
    """A number for one press of the button."""
    return tokens.make_nonce(link_key, shared_id=room.id)


def code_of(link_key: bytes, room_id: UUID) -> str:
    """The code of a room: six signs that are easy to read aloud."""
    number = int.from_bytes(hmac.digest(link_key, f"room|{room_id}".encode(), "sha256"), "big")
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)


def _mark(link_key: bytes, code: str) -> str:
    return hmac.digest(link_key, f"code|{code}".encode(), "sha256").hex()
