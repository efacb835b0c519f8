"""The addresses of the links of a wave."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.clients import queries as clients
from app.errors import UNCLEAR, InvalidError, NotFoundError
from app.invitations import forms, queries, roster, service, views
from app.invitations.forms import LinksForm
from app.invitations.views import LinksPage
from app.rosters import queries as rosters
from app.sentences import say
from app.waves import queries as waves
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

WAVE = "/organisations/{organisation_id}/waves/{wave_id}"


@dataclass(frozen=True)
class Change:
    """What a change needs: where, with which key, when."""

    session: Session
    link_key: bytes
    organisation_id: UUID
    wave_id: UUID
    now: datetime


@router.get(WAVE + "/links", name="invitations:links")
@access("client")
def links_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, department: str = ""
) -> Response:
    """All links of a wave, and the personal ones of one department."""
    return html(request, _page(request, session, member.organisation_id, wave_id, department))


@router.post(WAVE + "/links", name="invitations:links")
@access("client")
@noted(
    "links.changed",
    shared="links.shared",
    kiosk="links.kiosk",
    count="links.counted",
    replace="links.replaced",
    revoke="links.taken_back",
)
def change_links(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Makes links, replaces one, takes one back."""
    typed = forms.EMPTY
    try:
        typed = forms.read_links_form(data)
        do = ACTIONS.get(typed.do, _unknown)
        do(Change(session, request.app.state.link_key, member.organisation_id, wave_id, now), typed)
    except InvalidError as error:
        page = _page(request, session, member.organisation_id, wave_id, typed.department)
        errors = error.fields or {"do": error.message}
        return html(request, replace(page, typed=typed, errors=errors), status=422)
    return see_other(
        request,
        "invitations:links",
        organisation_id=member.organisation_id,
        wave_id=wave_id,
        department=typed.department or None,
    )


@router.get(WAVE + "/links.csv", name="invitations:csv", dependencies=[downloaded("download.links")])
@access("client")
def links_csv(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """The links as a file for a mail merge."""
    wave = waves.wave(session, member.organisation_id, wave_id)
    departments = waves.wave_departments(session, member.organisation_id, wave_id)
    found = _links(request, session, member.organisation_id, wave_id) if wave.state == "open" else ()
    people = {one.id: one for one in rosters.people(session, organisation_id=member.organisation_id, wave_id=wave_id)}
    text = roster.links_as_csv((link for link in found if not link.taken_back), roster.paths(departments), people)
    headers = {"Content-Disposition": 'attachment; filename="links.csv"', "Cache-Control": "no-store"}
    # The mark at the beginning tells spreadsheet programs that this is UTF-8.
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


def _page(request: Request, session: Session, organisation_id: UUID, wave_id: UUID, department: str) -> LinksPage:
    organisation = clients.organisation(session, organisation_id)
    wave = waves.wave(session, organisation_id, wave_id)
    departments = waves.wave_departments(session, organisation_id, wave_id)
    found = _links(request, session, organisation_id, wave_id) if wave.state == "open" else ()
    lines = views.lines(departments, found)
    chosen = next((line for line in lines if line.department_id == forms.id_of(department)), None)
    return LinksPage(
        organisation=organisation,
        wave=wave,
        lines=lines,
        without_shared=sum(line.shared is None for line in lines),
        chosen=chosen,
        personal=tuple(
            link for link in found if chosen and link.kind == "personal" and link.department_id == chosen.department_id
        ),
        batch=secrets.token_hex(8),
        listed=queries.listed(session, organisation_id=organisation_id, wave_id=wave_id) if wave.finished else 0,
    )


def _links(request: Request, session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[queries.Link, ...]:
    state = request.app.state
    return queries.links(
        session,
        link_key=state.link_key,
        organisation_id=organisation_id,
        wave_id=wave_id,
        base_url=state.settings.base_url,
        with_taken_back=True,
    )


def _make_shared(change: Change, form: LinksForm) -> None:
    departments = waves.wave_departments(change.session, change.organisation_id, change.wave_id)
    service.make_shared_links(
        change.session,
        link_key=change.link_key,
        organisation_id=change.organisation_id,
        wave_id=change.wave_id,
        department_ids=[department.department_id for department in departments],
        now=change.now,
    )


def _make_kiosk(change: Change, form: LinksForm) -> None:
    service.make_kiosk_link(
        change.session,
        link_key=change.link_key,
        organisation_id=change.organisation_id,
        wave_id=change.wave_id,
        department_id=forms.chosen_department(form),
        now=change.now,
    )


def _make_by_count(change: Change, form: LinksForm) -> None:
    service.make_personal_links(
        change.session,
        link_key=change.link_key,
        organisation_id=change.organisation_id,
        wave_id=change.wave_id,
        department_id=forms.chosen_department(form),
        references=[None] * forms.how_many(form),
        now=change.now,
        batch=form.batch or None,
    )


def _replace(change: Change, form: LinksForm) -> None:
    service.reissue(
        change.session,
        link_key=change.link_key,
        organisation_id=change.organisation_id,
        wave_id=change.wave_id,
        invitation_id=_invitation(form),
    )


def _revoke(change: Change, form: LinksForm) -> None:
    service.revoke(
        change.session,
        organisation_id=change.organisation_id,
        wave_id=change.wave_id,
        invitation_id=_invitation(form),
        now=change.now,
    )


def _unknown(change: Change, form: LinksForm) -> None:
    raise InvalidError(UNCLEAR)


def _invitation(form: LinksForm) -> UUID:
    id = forms.id_of(form.invitation)
    if id is None:
        raise NotFoundError(say("There is no such link in this wave."))
    return id


ACTIONS: dict[str, Callable[[Change, LinksForm], None]] = {
    "shared": _make_shared,
    "kiosk": _make_kiosk,
    "count": _make_by_count,
    "replace": _replace,
    "revoke": _revoke,
}
