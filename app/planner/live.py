"""The addresses for what is done to a wave before it closes: more time, a pause, the opening taken back, its end."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.clients import queries as clients
from app.errors import UNCLEAR, InvalidError
from app.planner import pages, undoing
from app.planner.views import RunInput
from app.waves import moments, running
from app.waves import queries as waves
from app.waves.moments import Typed
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.views import html, see_other

router = APIRouter()

RUN = "/organisations/{organisation_id}/waves/{wave_id}/run"


@router.get(RUN, name="planner:run")
@access("client")
def run_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """What can be done to a wave before it closes; one that has closed shows itself."""
    page = pages.run(session, member.organisation_id, wave_id)
    if page.wave.state not in (*running.LIVE, "draft"):
        return see_other(request, "waves:wave", organisation_id=member.organisation_id, wave_id=wave_id)
    return html(request, page)


@router.post(RUN, name="planner:do")
@access("client")
@noted(
    "wave.extended",
    target="wave.target",
    pause="wave.paused",
    resume="wave.resumed",
    undo="wave.undone",
    cancel="wave.cancelled",
)
def change_run(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Does one of these things."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    waves.wave(session, **place)
    deed = DEEDS.get(data.text("do"))
    if deed is None:
        raise InvalidError(UNCLEAR)
    zone = clients.organisation(session, member.organisation_id).time_zone
    typed = _read(data)
    try:
        deed(session, place, typed, zone, now)
    except InvalidError as error:
        page = pages.run(session, member.organisation_id, wave_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "waves:wave", **place)


def _read(data: FormData) -> RunInput:
    return RunInput(
        closes=Typed(data.text("closes"), data.text("closes_time")),
        until=Typed(data.text("until"), data.text("until_time")),
        target=data.text("target"),
        reason=data.text("reason"),
    )


Place = Mapping[str, UUID]
Deed = Callable[[Session, Place, RunInput, str, datetime], None]


def _end(session: Session, place: Place, typed: RunInput, zone: str, now: datetime) -> None:
    ends_at = moments.read(typed.closes, zone, name="closes")
    running.set_end(
        session, organisation_id=place["organisation_id"], wave_id=place["wave_id"], ends_at=ends_at, now=now
    )


def _aim(session: Session, place: Place, typed: RunInput, zone: str, now: datetime) -> None:
    running.set_target(session, organisation_id=place["organisation_id"], wave_id=place["wave_id"], target=typed.target)


def _pause(session: Session, place: Place, typed: RunInput, zone: str, now: datetime) -> None:
    until = moments.read(typed.until, zone, name="until")
    running.pause(session, organisation_id=place["organisation_id"], wave_id=place["wave_id"], until=until, now=now)


def _resume(session: Session, place: Place, typed: RunInput, zone: str, now: datetime) -> None:
    running.resume(session, organisation_id=place["organisation_id"], wave_id=place["wave_id"])


def _undo(session: Session, place: Place, typed: RunInput, zone: str, now: datetime) -> None:
    undoing.take_back(session, organisation_id=place["organisation_id"], wave_id=place["wave_id"], now=now)


def _cancel(session: Session, place: Place, typed: RunInput, zone: str, now: datetime) -> None:
    running.cancel(
        session, organisation_id=place["organisation_id"], wave_id=place["wave_id"], reason=typed.reason, now=now
    )


DEEDS: Final[Mapping[str, Deed]] = {
    "end": _end,
    "target": _aim,
    "pause": _pause,
    "resume": _resume,
    "undo": _undo,
    "cancel": _cancel,
}
