"""The page for all staff: the console's pages on which it is written and published, and the page itself.

Whoever writes sees the page as staff will, in each language, before it is published; what they see is what is
published, because the edition that was looked at comes back with the form.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, require_in_use
from app.acts.noting import noted
from app.errors import ConflictError, InvalidError
from app.releases import store
from app.releases.store import StoredRelease
from app.share import intended, service, staffed
from app.share.intended import Plan
from app.share.views import UntoldPage
from app.staffpage import queries
from app.staffpage import service as staffpage
from app.staffpage.service import MOST_ACTIONS, TypedAction
from app.waves import queries as waves
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.speech import speak, wished_by
from app.web.views import html, see_other
from surveys.languages import LANGUAGES

router = APIRouter()

STAFF: Final = "/organisations/{organisation_id}/waves/{wave_id}/share/staff"
LINE: Final = "line-"
_LINE: Final = re.compile(LINE + r"[0-9a-f]{12}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@router.get(STAFF, name="share:staff")
@access("client")
def staff_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, language: str = ""
) -> Response:
    """What is written for all staff, in one language of the wave, and whether it is published."""
    return html(request, staffed.writing(session, request, member.organisation_id, wave_id, language))


@router.post(STAFF, name="share:write_staff")
@access("client")
@even_archived
@noted("result.staff_worded", take_back="result.staff_taken_back")
def write_staff(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Keeps what was typed, or takes the page back; the second at an archived client too."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    waves.hold(session, **place)
    if data.text("do") == "take_back":
        staffpage.take_back(session, **place)
        return see_other(request, "share:staff", **place)
    require_in_use(member)
    page = staffed.writing(session, request, member.organisation_id, wave_id, data.text("language"))
    typed, tag = read_actions(data), page.spoken.tag
    try:
        staffpage.write(
            session,
            link_key=request.app.state.link_key,
            **place,
            language=tag,
            typed=typed,
            choices=read_choices(data),
            seen=_edition(data),
            user_id=member.user_id,
            now=now,
        )
    except (InvalidError, ConflictError) as error:
        errors: Mapping[str, str] = error.fields if isinstance(error, InvalidError) else {"words-1": error.message}
        theirs = page.typed if isinstance(error, ConflictError) else ()
        return html(request, replace(page, typed=typed, theirs=theirs, errors=errors), status=error.status)
    return see_other(request, "share:staff", **place, language=tag)


@router.get(STAFF + "/preview", name="share:preview_staff")
@access("client")
def preview_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, language: str = ""
) -> Response:
    """The page as staff would read it now; nothing of it is public."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    page = queries.page(session, member.organisation_id, wave_id)
    found = service.shared_release(session, member.organisation_id, wave_id)
    if found is None:
        raise ConflictError(staffpage.NOTHING_TO_PUBLISH)
    plan = intended.offered(session, wave, found.id, page.choices if page else {})
    return _told(request, session, found, page.actions if page else (), plan, language, preview=True)


@router.post(STAFF + "/publish", name="share:publish_staff")
@access("client")
@noted("result.staff_published")
def publish(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Publishes what was looked at."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    waves.hold(session, **place)
    found, page = service.shared_release(session, **place), queries.page(session, **place)
    wave, choices = waves.wave(session, **place), page.choices if page else {}
    plan = intended.offered(session, wave, found.id if found else None, choices)
    if data.text("plan", plan.mark) != plan.mark:
        raise ConflictError(staffpage.CHANGED_SINCE)
    staffpage.publish(
        session,
        link_key=request.app.state.link_key,
        **place,
        release_id=found.id if found else None,
        planned=(plan.number, plan.keys),
        seen=_edition(data),
        user_id=member.user_id,
        now=now,
    )
    return see_other(request, "share:staff", **place)


@router.get("/told/{token}", name="share:told")
@access("link")
def told_page(request: Request, session: ReadSession, token: str, language: str = "") -> Response:
    """What all staff read."""
    page = staffpage.enter(session, token)
    found = store.by_id(session, page.organisation_id, page.release_id) if page and page.release_id else None
    if page is None or found is None:
        speak(request, language if language in LANGUAGES else wished_by(request, LANGUAGES) or "en")
        return html(request, UntoldPage(tuple(LANGUAGES.values())), status=404)
    wave = waves.wave(session, page.organisation_id, page.wave_id)
    plan = intended.published(session, wave, page.plan, page.planned)
    return _told(request, session, found, page.published, plan, language)


def read_actions(data: FormData) -> tuple[TypedAction, ...]:
    """The places of the form as they were typed."""
    return tuple(_action(data, place) for place in range(1, MOST_ACTIONS + 1))


def read_choices(data: FormData) -> dict[str, bool] | None:
    """Which lines of the plan are told, of those that the form showed; None where it showed none."""
    shown = [name.removeprefix(LINE) for name in data.fields if _LINE.fullmatch(name)][: intended.MOST]
    return {key: bool(data.text(f"tell-{key}")) for key in shown} if shown else None


def _action(data: FormData, place: int) -> TypedAction:
    typed = data.text(f"due-{place}")
    due = _day(typed)
    return TypedAction(
        words=" ".join(data.text(f"words-{place}").split()),
        owner=" ".join(data.text(f"owner-{place}").split()),
        due=due,
        drop=bool(data.text(f"drop-{place}")),
        unread_due=typed if due is None else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _edition(data: FormData) -> int:
    """The edition that stood on the page; -1, which none is, for what can't be read."""
    seen = data.number("seen")
    return -1 if seen is None else seen


def _told(
    request: Request,
    session: Session,
    found: StoredRelease,
    actions: tuple[queries.Action, ...],
    plan: Plan,
    language: str,
    *,
    preview: bool = False,
) -> Response:
    page = staffed.told(session, request, found, actions, plan, language, preview=preview)
    answer = html(request, page)
    answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"] = "no-referrer", "noindex, nofollow"
    return answer
