"""The addresses of what deletes, and of what is given out before."""

from collections.abc import Iterator
from typing import IO, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from app.accounts.access import ClientMember, ClientOwner, CurrentUser
from app.acts.noting import downloaded, noted
from app.errors import InvalidError
from app.retention import forms, pages, papers, service
from app.sentences import say
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()

ORGANISATION = "/organisations/{organisation_id}"
PART: Final = 256 * 1024
ERASED: Final = say(
    "This person has been erased from all lists. Answers that were sent stay: nobody can tell which they are."
)


@router.get(ORGANISATION + "/people", name="retention:people")
@access("client")
def people_page(request: Request, session: ReadSession, member: ClientMember, done: str = "") -> Response:
    """The form with which a person's data are found when they ask for them, or to be erased."""
    request.state.notice = ERASED if done == "erased" else None
    return html(request, pages.people(session, member.organisation_id))


@router.post(ORGANISATION + "/people", name="retention:people")
@access("client")
@even_archived
@noted("links.person_looked_up", save="download.person", erase="deletion.person")
def find_person(request: Request, member: ClientMember, data: FormDep, session: WriteSession, now: Now) -> Response:
    """Finds a person, gives out what is stored, or erases it. A POST each time: the reference stands in no address."""
    organisation_id, typed = member.organisation_id, forms.read_person(data)
    try:
        found = service.person(session, organisation_id=organisation_id, reference=typed.reference)
    except InvalidError as error:
        page = pages.people(session, organisation_id, reference=typed.reference, errors=error.fields)
        return html(request, page, status=error.status)
    if typed.do == "save":
        told = pages.person_file(session, organisation_id, reference=typed.reference, found=found, now=now)
        return _file(told, name="stored-about-one-person.json", kind="application/json")
    if typed.do == "erase":
        service.erase_person(
            session, organisation_id=organisation_id, reference=typed.reference, user_id=member.user_id, now=now
        )
        return see_other(request, "retention:people", organisation_id=organisation_id, done="erased")
    return html(request, pages.people(session, organisation_id, reference=typed.reference, found=found))


@router.post(ORGANISATION + "/waves/{wave_id}/roster/delete", name="retention:roster")
@access("client")
@even_archived
@noted("deletion.list")
def delete_roster(request: Request, member: ClientMember, session: WriteSession, wave_id: UUID, now: Now) -> Response:
    """Deletes the list of people of a closed wave."""
    organisation_id = member.organisation_id
    service.delete_roster(session, organisation_id=organisation_id, wave_id=wave_id, user_id=member.user_id, now=now)
    return see_other(request, "invitations:links", organisation_id=organisation_id, wave_id=wave_id)


@router.get(ORGANISATION + "/delete", name="retention:client")
@access("owner")
def client_page(request: Request, session: ReadSession, member: ClientOwner) -> Response:
    """What the end of a contract deletes, and the export before it."""
    return html(request, pages.client(session, member.organisation_id))


@router.post(ORGANISATION + "/delete", name="retention:client")
@access("owner")
@even_archived
@noted("deletion.client")
def delete_client(request: Request, member: ClientOwner, data: FormDep, session: WriteSession, now: Now) -> Response:
    """Has the client deleted, once its name was typed."""
    typed = data.text("name")
    try:
        service.ask_to_delete_client(
            session, organisation_id=member.organisation_id, typed=typed, user_id=member.user_id, now=now
        )
    except InvalidError as error:
        page = pages.client(session, member.organisation_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "retention:deletions")


@router.get(ORGANISATION + "/export.zip", name="retention:export", dependencies=[downloaded("download.client")])
@access("client")
def export_client(session: ReadSession, member: ClientMember, now: Now) -> Response:
    """Everything of the client but answers and people, as a ZIP file."""
    name, file = papers.client_file(session, member.organisation_id, now=now)
    return StreamingResponse(_parts(file), media_type="application/zip", headers=_headers(name))


@router.get("/deletions", name="retention:deletions")
@access("account")
def deletions_page(request: Request, session: ReadSession, user: CurrentUser) -> Response:
    """What was deleted by the user and at the clients that they run."""
    return html(request, pages.deletions(session, user.user_id))


def _file(content: bytes, *, name: str, kind: str) -> Response:
    """Bytes that a browser saves under a name and keeps in no cache."""
    return Response(content, media_type=kind, headers=_headers(name))


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """A file bit by bit, closed at its end."""
    with file:
        while part := file.read(PART):
            yield part


def _headers(name: str) -> dict[str, str]:
    """Those of a file to save. Letters beyond ASCII in its name are left out."""
    plain = name.encode("ascii", "ignore").decode()
    return {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "no-store"}
