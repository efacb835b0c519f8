"""The heatmap of a wave, one page for each of its rows, and the release as JSON."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.explore.certificate import certificate
from app.explore.division import divisions, working
from app.explore.headline import headline, row_title
from app.explore.heatmap import Look, heatmap
from app.explore.leading import leading
from app.explore.over_time import over_time
from app.explore.strip import strip
from app.explore.sure import sureness
from app.explore.views import HeatmapPage, Place, RowPage, WaitingPage
from app.explore.willing import willing
from app.explore.written import written
from app.releases import service as release_service
from app.releases import store, supplement
from app.releases.history import history
from app.releases.translated import questions, translated, words_of
from app.waves import queries as waves
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()


@router.get("/organisations/{organisation_id}/waves/{wave_id}/heatmap", name="explore:heatmap")
@access("client")
def heatmap_page(
    request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, view: Look = "scores"
) -> Response:
    """The heatmap; before there is a release, a page that says what happens next."""
    found = store.latest(session, member.organisation_id, wave_id)
    if found is None:
        return html(request, _waiting(session, member.organisation_id, wave_id))
    release = translated(found.document, words_of(session, found))
    look: Look = "scores" if view == "change" and release.wave.previous_label is None else view
    page = HeatmapPage(
        place=_place(session, member.organisation_id, wave_id, release.wave.label),
        facts=release.wave,
        number=release.number,
        sha256=found.sha256,
        headline=headline(release),
        heatmap=heatmap(release, look),
        dimensions=release.dimensions,
        look=look,
        statement=release.certificate.statement,
        notes=release.notes,
    )
    return html(request, page)


@router.get("/organisations/{organisation_id}/waves/{wave_id}/heatmap/{row_id}", name="explore:row")
@access("client")
def row_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID, row_id: str) -> Response:
    """One row of the heatmap in full."""
    found = store.latest(session, member.organisation_id, wave_id)
    row = found.document.row(row_id) if found else None
    if found is None or row is None:
        raise NotFoundError
    said = words_of(session, found)
    release = translated(found.document, said)
    told = supplement.latest(session, member.organisation_id, found.id)
    page = RowPage(
        place=_place(session, member.organisation_id, wave_id, release.wave.label),
        facts=release.wave,
        row=row,
        title=row_title(release, row),
        strip=strip(release, row),
        sure=sureness(release, row),
        over_time=over_time(history(session, found), row_id, {head.id: head.name for head in release.dimensions}),
        divisions=divisions(release, row),
        leading=leading(release) if row.kind == "organisation" and release.gaps else None,
        willing=willing(release) if row.kind == "organisation" else None,
        working=working(release) if row.kind == "organisation" else None,
        written=written(release, row, questions(told.document, said) if told else None),
    )
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
def release_json(session: ReadSession, member: ClientMember, wave_id: UUID, number: int | None = None) -> Response:
    """A release's canonical bytes as they are stored, so that their SHA-256 can be checked; the newest by default."""
    every = store.of_wave(session, member.organisation_id, wave_id)
    found = next((one for one in every if number in (None, one.number)), None)
    if found is None:
        raise NotFoundError
    return Response(found.raw, media_type="application/json", headers={"Cache-Control": "no-store"})


def _place(session: Session, organisation_id: UUID, wave_id: UUID, label: str) -> Place:
    return Place(organisation_id, clients.organisation(session, organisation_id).name, wave_id, label)


def _waiting(session: Session, organisation_id: UUID, wave_id: UUID) -> WaitingPage:
    wave = waves.wave(session, organisation_id, wave_id)
    return WaitingPage(_place(session, organisation_id, wave_id, wave.label), wave.state, wave.planned_close)
