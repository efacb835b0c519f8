"""The addresses of the list of people of a wave."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.clients import queries as clients
from app.errors import UNCLEAR, InvalidError
from app.numerals import whole
from app.people import forms, service, views
from app.people.forms import ImportForm
from app.people.views import ImportPage, ListPage
from app.rosters import queries as rosters
from app.sentences import say, say_count
from app.waves import queries as waves
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, takes_lists
from app.web.views import html, see_other

router = APIRouter()

PEOPLE = "/organisations/{organisation_id}/waves/{wave_id}/people"
MOST_UNDELIVERABLE = 200
TAKEN = say("The list was taken.")
OFF = say("This person was taken off the list.")


@router.get(PEOPLE, name="people:list")
@access("client")
def list_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, done: str = "") -> Response:
    """How many people are asked, by department, and what to do next."""
    request.state.notice = {"taken": TAKEN, "off": OFF}.get(done) or _made(done)
    return html(request, _list(session, member.organisation_id, wave_id))


@router.post(PEOPLE, name="people:change")
@access("client")
@noted("links.listed", off="links.person_off")
def change_list(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Makes the links of those who have none, or takes one person off."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    reference = " ".join(data.text("reference").split())
    try:
        if data.text("do") == "links":
            made = service.make_links(session, link_key=request.app.state.link_key, **place, now=now)
            return see_other(request, "people:list", **place, done=f"made-{made}")
        if data.text("do") != "off":
            raise InvalidError(UNCLEAR)
        service.take_off(session, **place, reference=reference, now=now)
    except InvalidError as error:
        errors = error.fields or {"do": error.message}
        return html(request, _list(session, **place, reference=reference, errors=errors), status=422)
    return see_other(request, "people:list", **place, done="off")


@router.get(PEOPLE + "/import", name="people:import")
@access("client")
def import_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """The form for a list, or the list that was sent, to be looked at."""
    return html(request, _import(session, member.organisation_id, wave_id))


@router.post(PEOPLE + "/import", name="people:take")
@access("client")
@noted("links.list_sent", columns="links.list_read", discard="links.list_discarded", take="links.list_taken")
@takes_lists
def import_list(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Keeps a list, says what its columns hold, takes it or throws it away."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    form = forms.read_import(data)
    try:
        if form.do == "upload":
            service.keep(session, **place, text=forms.text_of(form), now=now)
        elif form.do == "columns":
            _choose(session, form, **place)
        elif form.do == "discard":
            service.discard(session, **place)
        elif form.do == "take":
            key = request.app.state.link_key
            service.take(session, link_key=key, **place, skip_bad=form.skip_bad, now=now)
            return see_other(request, "people:list", **place, done="taken")
        else:
            raise InvalidError(UNCLEAR)
    except InvalidError as error:
        errors = error.fields or {"file": error.message}
        return html(request, _import(session, **place, pasted=form.pasted, errors=errors), status=422)
    return see_other(request, "people:import", **place)


def _choose(session: Session, form: ImportForm, *, organisation_id: UUID, wave_id: UUID) -> None:
    found = service.prepared(session, organisation_id=organisation_id, wave_id=wave_id)
    if found is None:
        raise InvalidError(service.NONE_SENT)
    level = {"level": found.columns["level"]} if "level" in found.columns else {}
    columns = forms.unique(form.columns, found.headings)
    kept = {**{name: place for name, place in level.items() if place not in columns.values()}, **columns}
    service.choose(session, organisation_id=organisation_id, wave_id=wave_id, columns=kept, complete=form.complete)


def _list(
    session: Session, organisation_id: UUID, wave_id: UUID, *, reference: str = "", errors: dict[str, str] | None = None
) -> ListPage:
    wave = waves.wave(session, organisation_id, wave_id)
    place = {"organisation_id": organisation_id, "wave_id": wave_id}
    listed = rosters.by_department(session, **place)
    lines = views.lines(service.departments_of(session, wave), listed)
    people, addresses = sum(one.people for one in listed.values()), sum(one.addresses for one in listed.values())
    return ListPage(
        organisation=clients.organisation(session, organisation_id),
        wave=wave,
        lines=lines,
        listed=people,
        addresses=addresses,
        elsewhere=people - sum(line.listed for line in lines),
        without_link=service.without_link(session, wave) if wave.state == "open" else 0,
        waiting=rosters.upload(session, **place) is not None,
        undeliverable=rosters.undeliverable(session, **place, most=MOST_UNDELIVERABLE),
        reference=reference,
        errors=errors or {},
    )


def _import(
    session: Session, organisation_id: UUID, wave_id: UUID, *, pasted: str = "", errors: dict[str, str] | None = None
) -> ImportPage:
    wave = waves.wave(session, organisation_id, wave_id)
    organisation = clients.organisation(session, organisation_id)
    possible = wave.policy.mode != "anonymous" and wave.state in ("draft", "open")
    prepared = service.prepared(session, organisation_id=organisation_id, wave_id=wave_id) if possible else None
    names = {id: one.name for id, one in service.departments_of(session, wave).items()}
    return views.import_page(organisation, wave, prepared, names, pasted=pasted, errors=errors)


def _made(done: str) -> str | None:
    number = whole(done.removeprefix("made-"), most=999_999) if done.startswith("made-") else None
    return None if number is None else say_count("{n} link was made.", "{n} links were made.", number)
