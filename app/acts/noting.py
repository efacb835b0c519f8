"""How routes note what is done: `noted` for those that change something, `downloaded` for files.

Both call `service.note`; a test walks all routes of the console and wants one of the two, or a reason.
"""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Final, ParamSpec
from uuid import UUID

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import AnyMember, Member, short_write
from app.acts.kinds import KINDS
from app.acts.service import note
from app.web.database import Now
from app.web.forms import FormData

Parameters = ParamSpec("Parameters")

# What of an address says what was done to. Never a comment or a link: those are people's who were asked.
SUBJECTS: Final = ("department_id", "user_id", "instrument_id")


def noted(kind: str, /, **by_choice: str) -> Callable[[Callable[Parameters, Response]], Callable[Parameters, Response]]:
    """Notes `kind` in the route's transaction when it has done what was asked; goes directly above the function.

    `by_choice` names the kind where the form's field `do` has one of these values or, in a form without `do`, where a
    field of that name is filled. A page that asks again (a status of 400 or more) notes nothing.
    """
    assert {kind, *by_choice.values()} <= set(KINDS), kind

    def mark(endpoint: Callable[Parameters, Response]) -> Callable[Parameters, Response]:
        @wraps(endpoint)
        def noting(*args: Parameters.args, **given: Parameters.kwargs) -> Response:
            answer = endpoint(*args, **given)
            if answer.status_code < 400:
                _note_deed(kind, by_choice, given)
            return answer

        assert {"request", "session", "member"} <= set(inspect.signature(endpoint).parameters), endpoint
        noting.__notes__ = (kind, *by_choice.values())  # type: ignore[attr-defined]  # read by notes_of
        return noting

    return mark


def say_about(
    request: Request, *, subject_id: UUID | None = None, detail: str = "", wave_id: UUID | None = None
) -> None:
    """Says what an act is about where the address does not, as of what was just made. `detail` is a key."""
    request.state.act_is_about = (subject_id, detail, wave_id)


def downloaded(kind: str) -> Dependency:
    """Notes that a file was handed out, for the `dependencies` of its route; without the note there is no file."""
    assert kind in KINDS, kind

    async def note_download(request: Request, member: AnyMember, now: Now) -> AsyncIterator[None]:
        yield
        await short_write(request, lambda session: _note(session, kind, member, request, now))

    note_download.__notes__ = (kind,)  # type: ignore[attr-defined]  # read by notes_of
    # scope="function": once the route has the file, before it leaves. A refusal is raised and notes nothing.
    found: Dependency = Depends(note_download, scope="function")
    return found


def notes_of(route: APIRoute) -> tuple[str, ...]:
    """The kinds that a route may note, none for a route that notes nothing."""
    marked = (route.endpoint, *(one.dependency for one in route.dependencies))
    return tuple(kind for one in marked for kind in getattr(one, "__notes__", ()))


# Any: the parameters of a route, whose types its signature has.
def _note_deed(kind: str, by_choice: Mapping[str, str], given: Mapping[str, Any]) -> None:
    request, session, member, data = given["request"], given["session"], given["member"], given.get("data")
    assert isinstance(session, Session)
    assert isinstance(member, Member)
    chosen = _chosen(data, by_choice) or kind if isinstance(data, FormData) else kind
    _note(session, chosen, member, request, given.get("now") or request.app.state.clock())


def _note(session: Session, kind: str, member: Member, request: Request, now: datetime) -> None:
    """Notes an act of a member; the address says what it was about: a wave, and a department, user or questionnaire."""
    there = request.path_params
    found = next((UUID(there[name]) for name in SUBJECTS if name in there), None)
    subject, detail, wave = getattr(request.state, "act_is_about", (found, "", None))
    of_address = UUID(there["wave_id"]) if "wave_id" in there else None
    note(
        session,
        kind,
        organisation_id=member.organisation_id,
        user_id=member.user_id,
        now=now,
        wave_id=wave or of_address,
        subject_id=subject,
        detail=detail,
    )


def _chosen(data: FormData, by_choice: Mapping[str, str]) -> str | None:
    if "do" in data.fields:
        return by_choice.get(data.text("do"))
    return next((kind for field, kind in by_choice.items() if data.text(field)), None)
