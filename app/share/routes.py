"""What is shared with the client: the pages of those who see it, and those on which it is shared."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Member, ResultReader, require_in_use
from app.acts.noting import downloaded, noted
from app.clients import brand
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError
from app.releases.store import StoredRelease
from app.reports import queries as reports
from app.reports import service as reporting
from app.reports.handing import attachment
from app.reports.options import Options
from app.share import compared, forms, pages, queries, service
from app.share.decided import shown_to, told_of_workflows
from app.share.service import Wanted
from app.share.viewing import noting_views
from app.share.views import ResultsPage, SharedLine
from app.waves import queries as waves
from app.web.access import access, even_archived
from app.web.catalogs import SOURCE
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}")


@router.get("/results", name="share:results")
@access("reader")
def results_page(request: Request, session: ReadSession, member: ResultReader) -> Response:
    """The results that are shared, the newest wave first."""
    there = {one.wave_id: one for one in queries.shared(session, member.organisation_id)}
    lines = tuple(
        SharedLine(wave.id, wave.assessment_name, wave.label, there[wave.id].shared_at)
        for wave in waves.waves(session, member.organisation_id)
        if wave.id in there
    )
    facts, badge = clients.organisation(session, member.organisation_id), brand.badge(session, member.organisation_id)
    return html(request, ResultsPage(facts, badge, lines))


@router.get("/results/{wave_id}", name="share:result", dependencies=[noting_views])
@access("reader")
def result_page(request: Request, session: ReadSession, member: ResultReader, wave_id: UUID) -> Response:
    """One shared result: whole, or for a department lead what is printed of their own department."""
    page = pages.result_page(session, member, _shared(session, member, wave_id))
    beside = tuple(compared.compared_with(session, member.organisation_id, wave_id))
    decided = shown_to(session, member, wave_id) is not None
    told = told_of_workflows(session, member, wave_id) is not None
    return html(request, replace(page, compared=beside, decided=decided, workflows=told))


@router.get("/results/{wave_id}/report.{format_key}", name="share:report", dependencies=[downloaded("download.report")])
@access("reader")
def report_file(
    session: ReadSession,
    member: ResultReader,
    wave_id: UUID,
    format_key: str,
    paper: str = "A4",
    language: str = SOURCE,
) -> Response:
    """A file of a shared result: for the lead of a department the edition of that department and no other."""
    found = _shared(session, member, wave_id)
    edition = pages.edition_of(found.document, member)
    if edition is None:
        raise NotFoundError
    options = Options.read(paper=paper, language=language, kind=format_key, edition=edition)
    made = reports.content(session, member.organisation_id, found.id, options)
    if made is None:
        raise NotFoundError
    return attachment(found, options, made[0])


@router.get("/results/{wave_id}/comparison/{earlier_id}", name="share:comparison", dependencies=[noting_views])
@access("reader")
def comparison_page(
    request: Request, session: ReadSession, member: ResultReader, wave_id: UUID, earlier_id: UUID, view: str = ""
) -> Response:
    """Two shared results beside each other, as a map or as `table`: whole, or for a department lead what they see of
    the later one."""
    in_numbers = view == "table"
    return html(request, compared.comparison_page(session, member, wave_id, earlier_id, in_numbers=in_numbers))


@router.get("/results/{wave_id}/comparison/{earlier_id}/{row_id}/{dimension_id}", name="share:compared")
@access("reader")
def compared_page(
    request: Request,
    session: ReadSession,
    member: ResultReader,
    wave_id: UUID,
    earlier_id: UUID,
    row_id: str,
    dimension_id: str,
) -> Response:
    """One cell of two shared results beside each other: what its drawer shows."""
    return html(request, compared.compared_page(session, member, wave_id, earlier_id, row_id, dimension_id))


@router.get("/results/{wave_id}/{row_id}/{dimension_id}", name="share:cell")
@access("reader")
def cell_page(
    request: Request,
    session: ReadSession,
    member: ResultReader,
    now: Now,
    wave_id: UUID,
    row_id: str,
    dimension_id: str,
    arranged: str = "",
) -> Response:
    """One cell of a shared result in full: what its drawer shows; `?arranged=` reads its trend as it was or is now."""
    place = (_shared(session, member, wave_id), row_id, dimension_id)
    page = pages.cell_page(session, member, *place, now=now, arranged=arranged)
    if page is None:
        raise NotFoundError
    return html(request, page)


@router.get("/waves/{wave_id}/share", name="share:sharing")
@access("client")
def sharing_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """Which release of a wave the client sees, and who that is."""
    return html(request, pages.sharing_page(session, member.organisation_id, wave_id))


@router.post("/waves/{wave_id}/share", name="share:share")
@access("client")
@even_archived
@noted("result.shared", stop="result.unshared")
def share(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Shares the newest release, or nothing any more; the second at an archived client too."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    if data.text("do") == "stop":
        service.stop(session, **place)
    else:
        require_in_use(member)
        service.share(session, **place, user_id=member.user_id, now=now)
    return see_other(request, "share:sharing", **place)


@router.get("/waves/{wave_id}/share/links", name="share:links")
@access("client")
def links_page(request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID) -> Response:
    """The read-only links to what is shared of a wave."""
    return html(request, pages.links_page(session, member.organisation_id, wave_id, now=now))


@router.post("/waves/{wave_id}/share/links", name="share:make_link")
@access("client")
@noted("result.link_made")
def make_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Makes a read-only link, which stands on this answer and never again."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    typed, wanted = forms.read_link(data)
    try:
        token = service.make_link(session, wanted, **place, user_id=member.user_id, now=now)
        ask_unnamed(session, wanted, **place, now=now)
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"label": error.message}
        page = pages.links_page(session, member.organisation_id, wave_id, now=now, typed=typed)
        return html(request, replace(page, errors=errors), status=error.status)
    address = f"{request.app.state.settings.base_url}/shared/{token}"
    return html(request, replace(pages.links_page(session, member.organisation_id, wave_id, now=now), made=address))


def ask_unnamed(session: Session, wanted: Wanted, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Asks for the files that a link needs in place of those that name people."""
    found = service.shared_release(session, organisation_id, wave_id)
    if found is None or not wanted.with_report or wanted.rows is not None:
        return
    for options in pages.unnamed(session, found):
        reporting.ask(session, organisation_id=organisation_id, release_id=found.id, options=options, now=now)


@router.post("/waves/{wave_id}/share/links/take-back", name="share:revoke_link")
@access("client")
@even_archived
@noted("result.link_taken_back")
def revoke_link(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Takes a read-only link back at once."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    service.revoke_link(session, **place, link_id=forms.read_id(data.text("link")), now=now)
    return see_other(request, "share:links", **place)


def _shared(session: Session, member: Member, wave_id: UUID) -> StoredRelease:
    found = service.shared_release(session, member.organisation_id, wave_id)
    if found is None:
        raise NotFoundError
    return found
