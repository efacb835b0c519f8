"""The heatmap of a wave, a page for each of its rows, the release as JSON; and a consultant's clients side by side."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.access import ClientMember, Consultant
from app.acts.noting import downloaded, noted
from app.errors import ConflictError, InvalidError, NotFoundError, PlumblineError
from app.explore import clients, comparing, figuring, pages
from app.explore.certificate import certificate
from app.explore.figuring import Figure
from app.explore.looking import Asked
from app.explore.portfolio import Wanted
from app.releases import service as release_service
from app.releases import store
from app.releases.document import schema
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, Number
from app.web.views import html, see_other

router = APIRouter()


@router.get("/portfolio", name="explore:portfolio")
@access("account")
def portfolio_page(
    request: Request, session: ReadSession, user: Consultant, wanted: Annotated[Wanted, Query()]
) -> Response:
    """The clients that whoever is signed in runs, side by side; nothing of any other."""
    return html(request, clients.portfolio_page(session, user.user_id, wanted))


@router.get("/organisations/{organisation_id}/waves/{wave_id}/heatmap", name="explore:heatmap")
@access("client")
def heatmap_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, asked: Annotated[Asked, Query()]
) -> Response:
    """The heatmap; before there is a release, a page that says what happens next."""
    page = pages.heatmap_page(session, member.organisation_id, wave_id, asked)
    return html(request, page or pages.waiting(session, member.organisation_id, wave_id))


@router.get("/organisations/{organisation_id}/waves/{wave_id}/heatmap/{row_id}", name="explore:row")
@access("client")
def row_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, row_id: str, arranged: str = ""
) -> Response:
    """One row of the heatmap in full; `?arranged=` reads its trend as it was or as it is now."""
    return html(request, pages.row_page(session, member.organisation_id, wave_id, row_id, arranged))


@router.get("/organisations/{organisation_id}/waves/{wave_id}/heatmap/{row_id}/{dimension_id}", name="explore:cell")
@access("client")
def cell_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    now: Now,
    wave_id: UUID,
    row_id: str,
    dimension_id: str,
    arranged: str = "",
) -> Response:
    """One cell of the heatmap in full: what its drawer shows; `?arranged=` as in a row."""
    place = (member.organisation_id, wave_id, row_id, dimension_id)
    return html(request, pages.cell_page(session, *place, now=now, arranged=arranged))


@router.get("/organisations/{organisation_id}/waves/{wave_id}/comparison", name="explore:choose")
@access("client")
def choose_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    other: Annotated[str, Query(alias="with")] = "",
) -> Response:
    """The waves with which one can be compared; `?with=` leads on to one of them."""
    if not other:
        return html(request, comparing.choosing_page(session, member.organisation_id, wave_id))
    try:
        pair = release_service.pair(session, member.organisation_id, wave_id, comparing.wave_in(other))
    except PlumblineError as error:
        return _no_pair(request, session, member.organisation_id, wave_id, error)
    place = {"organisation_id": member.organisation_id, "wave_id": pair.later.id, "earlier_id": pair.earlier.id}
    return see_other(request, "explore:comparison", **place)


@router.get("/organisations/{organisation_id}/waves/{wave_id}/comparison/{earlier_id}", name="explore:comparison")
@access("client")
def comparison_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    earlier_id: UUID,
    asked: Annotated[Asked, Query()],
) -> Response:
    """Two waves beside each other, or what has to happen before."""
    try:
        page = comparing.comparison_page(session, member.organisation_id, wave_id, earlier_id, asked)
    except PlumblineError as error:
        return _no_pair(request, session, member.organisation_id, wave_id, error)
    return html(request, page)


@router.post("/organisations/{organisation_id}/waves/{wave_id}/comparison/{earlier_id}", name="explore:compare")
@access("client")
@noted("result.compare")
def compare(
    request: Request, member: ClientMember, session: WriteSession, now: Now, wave_id: UUID, earlier_id: UUID
) -> Response:
    """Has two waves compared that no release compares."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    try:
        release_service.ask_comparison(session, **place, other_id=earlier_id, now=now)
    except PlumblineError as error:
        return _no_pair(request, session, member.organisation_id, wave_id, error)
    return see_other(request, "explore:comparison", **place, earlier_id=earlier_id)


@router.get(
    "/organisations/{organisation_id}/waves/{wave_id}/comparison/{earlier_id}/{row_id}/{dimension_id}",
    name="explore:compared",
)
@access("client")
def compared_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    earlier_id: UUID,
    row_id: str,
    dimension_id: str,
) -> Response:
    """One cell of two waves beside each other: what its drawer shows."""
    page = comparing.cell_page(session, member.organisation_id, wave_id, earlier_id, row_id, dimension_id)
    return html(request, page)


def _no_pair(
    request: Request, session: Session, organisation_id: UUID, wave_id: UUID, error: PlumblineError
) -> Response:
    """The waves to choose from, with a sentence that says why an address names no two that can be compared."""
    page = comparing.choosing_page(session, organisation_id, wave_id, problem=comparing.problem_of(error))
    return html(request, page, status=error.status)


@router.get("/organisations/{organisation_id}/waves/{wave_id}/figures/{figure}", name="explore:figure")
@access("client")
def figure_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    wave_id: UUID,
    figure: Figure,
    of: str = "",
    below: str = "",
    arranged: str = "",
) -> Response:
    """A figure of a wave's result, with its numbers beside it; `?arranged=` as in a row."""
    page = figuring.figure_page(session, member.organisation_id, wave_id, figure, of=of, below=below, arranged=arranged)
    return html(request, page)


@router.get("/organisations/{organisation_id}/waves/{wave_id}/certificate", name="explore:certificate")
@access("client")
def certificate_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """How the result protects people, what it was made from, and the releases before it."""
    return html(request, certificate(session, member.organisation_id, wave_id))


@router.post("/organisations/{organisation_id}/waves/{wave_id}/certificate", name="explore:again")
@access("client")
@noted("result.again")
def again(
    request: Request, form: FormDep, member: ClientMember, session: WriteSession, now: Now, wave_id: UUID
) -> Response:
    """Has the result made once more, with the headcounts or departments as they are now."""
    occasion = form.text("occasion")
    try:
        release_service.ask_again(
            session, organisation_id=member.organisation_id, wave_id=wave_id, occasion=occasion, now=now
        )
    except (InvalidError, ConflictError) as error:
        page = certificate(session, member.organisation_id, wave_id, problem=error.message)
        return html(request, page, status=error.status)
    return see_other(request, "explore:certificate", organisation_id=member.organisation_id, wave_id=wave_id)


@router.get(
    "/organisations/{organisation_id}/waves/{wave_id}/release.json",
    name="explore:json",
    dependencies=[downloaded("download.release")],
)
@access("client")
def release_json(session: ReadSession, member: ClientMember, wave_id: UUID, number: Number | None = None) -> Response:
    """A release's canonical bytes as they are stored, so that their SHA-256 can be checked; the newest by default."""
    every = store.of_wave(session, member.organisation_id, wave_id)
    found = next((one for one in every if number in (None, one.number)), None)
    if found is None:
        raise NotFoundError
    described = f'</schemas/{schema.NAME}>; rel="describedby"'
    headers = {"Cache-Control": "no-store", "Link": described}
    return Response(found.raw, media_type="application/json", headers=headers)
