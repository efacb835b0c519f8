"""The addresses of a wave's room."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import PlainTextResponse, Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.clients import queries as clients
from app.errors import UNCLEAR, ConflictError, InvalidError
from app.rooms import service
from app.rooms.views import RoomPage
from app.waves import queries as waves
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.qr import qr
from app.web.views import html, see_other

router = APIRouter()

ROOM = "/organisations/{organisation_id}/waves/{wave_id}/room"
TICKED = "department-"


@router.get(ROOM, name="rooms:room")
@access("client")
def room_page(request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID) -> Response:
    """What the projector shows, or the form to open a room."""
    return html(request, _page(request, session, member.organisation_id, wave_id, now))


@router.post(ROOM, name="rooms:change")
@access("client")
@noted("wave.room_opened", close="wave.room_closed")
def change_room(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Opens a room or closes it."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    chosen, hours = _chosen(data), _hours(data)
    try:
        if data.text("do") == "open":
            key = request.app.state.link_key
            service.open_room(session, link_key=key, **place, departments=chosen, hours=hours, now=now)
        elif data.text("do") == "close":
            service.close_room(session, **place)
        else:
            raise InvalidError(UNCLEAR)
    except InvalidError as error:
        page = _page(request, session, member.organisation_id, wave_id, now)
        errors = error.fields or {"do": error.message}
        return html(request, replace(page, errors=errors, chosen=chosen, typed_hours=hours or 2), status=422)
    return see_other(request, "rooms:room", **place)


@router.get(ROOM + "/count", name="rooms:count")
@access("client")
def count(session: ReadSession, member: ClientMember, now: Now, wave_id: UUID) -> Response:
    """How many people have answered since the room opened, as a number and nothing else."""
    waves.wave(session, member.organisation_id, wave_id)
    room = service.open_one(session, member.organisation_id, wave_id, now=now)
    if room is None:
        raise ConflictError(service.NOT_OPEN)
    return PlainTextResponse(str(service.answered(session, room)), headers={"Cache-Control": "no-store"})


def _page(request: Request, session: Session, organisation_id: UUID, wave_id: UUID, now: Now) -> RoomPage:
    wave = waves.wave(session, organisation_id, wave_id)
    departments = waves.wave_departments(session, organisation_id, wave_id)
    room = service.open_one(session, organisation_id, wave_id, now=now)
    state = request.app.state
    code = service.code_of(state.link_key, room.id) if room else ""
    address = f"{state.settings.base_url}{state.templates.path('join:ask')}"
    return RoomPage(
        organisation=clients.organisation(session, organisation_id),
        wave=wave,
        there=tuple(one for one in departments if room and one.department_id in room.departments),
        others=tuple(one for one in departments if not room or one.department_id not in room.departments),
        hours=service.HOURS,
        address=address.removeprefix("https://"),
        code=code,
        picture=qr(f"{address}/{code}") if room else Markup(),
        answered=service.answered(session, room) if room else 0,
        closes_at=room.closes_at if room else None,
    )


def _chosen(data: FormData) -> set[UUID]:
    """The departments that were ticked; none when a field is not one of the form."""
    try:
        return {UUID(name.removeprefix(TICKED)) for name in data.fields if name.startswith(TICKED)}
    except ValueError:
        return set()


def _hours(data: FormData) -> int:
    told = data.text("hours")
    return int(told) if told in {str(one) for one in service.HOURS} else 0
