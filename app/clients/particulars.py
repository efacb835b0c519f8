"""The settings of a client, for its owners: what it is called, its time, its languages, and what it looks like."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientOwner, ResultReader
from app.acts.noting import noted
from app.clients import brand, profile, queries
from app.clients.meanwhile import ChangedMeanwhileError
from app.clients.views import SettingsPage, settings_page
from app.errors import ConflictError, InvalidError, NotFoundError
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.views import html, see_other
from surveys.languages import LANGUAGES

router = APIRouter(prefix="/organisations/{organisation_id}")

NOTICES: Final = {
    "saved": say("The settings are saved."),
    "logo": say("The logo is saved."),
    "removed": say("The logo is removed."),
}


@router.get("/settings", name="clients:settings")
@access("owner")
def settings(request: Request, session: ReadSession, member: ClientOwner, done: str = "") -> Response:
    """What is set of a client."""
    request.state.notice = NOTICES.get(done)
    return html(request, _page(session, member.organisation_id))


@router.post("/settings", name="clients:settings")
@access("owner")
@noted("client.settings")
def change_settings(request: Request, member: ClientOwner, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Sets it all, or says what is wrong, or what somebody else did meanwhile, with everything that was typed."""
    typed = _read(data)
    try:
        profile.change(session, member.organisation_id, typed, now=now)
    except InvalidError as error:
        page = _page(session, member.organisation_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    except ChangedMeanwhileError as error:
        anew = replace(typed, seen=queries.profile(session, member.organisation_id))
        page = replace(_page(session, member.organisation_id, typed=anew), changes=error.changes)
        return html(request, page, status=error.status)
    return see_other(request, "clients:settings", organisation_id=member.organisation_id, done="saved")


@router.post("/logo", name="clients:logo_put")
@access("owner")
@noted("client.logo", remove="client.logo_removed")
def put_logo(request: Request, member: ClientOwner, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Takes a logo, or removes the one there is."""
    removing = data.text("do") == "remove"
    try:
        sent = None if removing else _sent(data)
        brand.put_logo(session, member.organisation_id, sent, seen=data.text("seen"), user_id=member.user_id, now=now)
    except (InvalidError, ConflictError) as error:
        page = _page(session, member.organisation_id, errors={"logo": error.message})
        return html(request, page, status=error.status)
    done = "removed" if removing else "logo"
    return see_other(request, "clients:settings", organisation_id=member.organisation_id, done=done)


@router.get("/logo.png", name="clients:logo")
@access("reader")
def logo(request: Request, session: ReadSession, member: ResultReader) -> Response:
    """The large logo, for whoever runs the client or is shown its results."""
    found = brand.brand(session, member.organisation_id).logo
    if found is None:
        raise NotFoundError
    tag = f'"{brand.mark_of(found)}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="logo.png"'}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(found.png, media_type="image/png", headers=headers)


def _sent(data: FormData) -> bytes:
    file = data.files.get("logo")
    if not file:
        sentence = say("Choose a file first.")
        raise InvalidError(sentence, fields={"logo": sentence})
    return file


def _read(data: FormData) -> profile.ProfileForm:
    return profile.ProfileForm(
        name=data.text("name"),
        time_zone=data.text("time_zone"),
        year_starts=data.text("year_starts"),
        colour=data.text("colour"),
        languages=tuple(tag for tag in LANGUAGES if data.text(f"language_{tag}")),
        seen=profile.read_seen(data.text("seen")),
    )


def _page(
    session: Session,
    organisation_id: UUID,
    *,
    typed: profile.ProfileForm | None = None,
    errors: dict[str, str] | None = None,
) -> SettingsPage:
    facts = queries.organisation(session, organisation_id)
    typed = typed or profile.form_of(queries.profile(session, organisation_id))
    return settings_page(facts, typed, brand.brand(session, organisation_id), errors or {})
