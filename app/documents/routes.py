"""The addresses of documents: which there are, one to read, its form, and its files."""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember, Member, ResultReader
from app.acts.noting import downloaded, noted, say_about
from app.clients.brand import brand
from app.documents import files, forms, merging, pages, queries, service
from app.documents.owned import shelf_of
from app.documents.pages import Opened, opened
from app.documents.service import Author, ChangedMeanwhileError
from app.documents.views import FlowFile
from app.errors import UNCLEAR, ConflictError, InvalidError, NotFoundError
from app.sentences import say
from app.share import queries as share
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep, Number, takes_tables
from app.web.speech import language_of
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/documents")

ONE: Final = "/{subject_id}/{template_id}"
NOTICES: Final = {
    "saved": say("The document is saved as a version."),
    "shared": say("This version can be read by sponsors, and by the lead of the department."),
    "taken_back": say("Nobody but those who run the client reads it any more."),
}


@router.get("", name="documents:list")
@access("reader")
def list_page(request: Request, session: ReadSession, member: ResultReader, now: Now) -> Response:
    """All documents; sponsors and leads see those that are shared with them."""
    return html(request, pages.list_page(session, member, now=now))


@router.get("/all.zip", name="documents:archive", dependencies=[downloaded("download.document")])
@access("reader")
def archive(request: Request, session: ReadSession, member: ResultReader, now: Now) -> Response:
    """The newest version of every document that was saved, or the shared ones, as text documents in an archive."""
    content = files.archive(session, member, now=now)
    return _file(content, name="documents.zip", media_type="application/zip")


@router.get("/{subject_id}", name="documents:subject")
@access("client")
def subject_page(request: Request, session: ReadSession, member: ClientMember, now: Now, subject_id: UUID) -> Response:
    """The documents of a department or a workflow."""
    return html(request, pages.subject_page(session, member, subject_id, now=now))


@router.get(ONE, name="documents:document")
@access("reader")
def document_page(
    request: Request,
    session: ReadSession,
    member: ResultReader,
    now: Now,
    subject_id: UUID,
    template_id: str,
    words: str = "",
    version: Number | None = None,
    done: str = "",
) -> Response:
    """A document as it is today, or as it was saved."""
    request.state.notice = NOTICES.get(done)
    found = _opened(request, session, member, subject_id, template_id, words, now=now, version=version)
    return html(request, pages.document_page(session, member, found, request.app.state.templates.path))


@router.get(ONE + "/edit", name="documents:form")
@access("client")
def edit_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, subject_id: UUID, template_id: str,
    words: str = "",
) -> Response:  # fmt: skip
    """The form of a document."""
    found = _changeable(request, session, member, subject_id, template_id, words, now=now)
    return html(request, pages.edit_page(found, request.app.state.templates.path, user_id=member.user_id))


@router.post(ONE + "/edit", name="documents:save")
@access("client")
@noted("document.saved")
@takes_tables
def save(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, subject_id: UUID,
    template_id: str, words: str = "",
) -> Response:  # fmt: skip
    """Saves a document as a new version; who comes second sees what the first saved, and keeps what was typed."""
    found = _changeable(request, session, member, subject_id, template_id, words, now=now)
    answer = _save(request, session, member, found, data, now)
    say_about(request, subject_id=_about(found), detail=template_id)
    return answer or _back(request, found, "saved")


@router.post(ONE, name="documents:share")
@access("client")
@noted("document.shared", take_back="document.taken_back")
def share_version(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, subject_id: UUID,
    template_id: str, words: str = "",
) -> Response:  # fmt: skip
    """Shares the newest version with the client, or takes back what is shared."""
    found = _opened(request, session, member, subject_id, template_id, words, now=now)
    place = member.organisation_id
    say_about(request, subject_id=_about(found), detail=template_id)
    if data.text("do") == "take_back":
        service.share(session, place, found.meant, number=0)
        return _back(request, found, "taken_back")
    number = data.number("version")
    if data.text("do") != "share" or not number:
        raise InvalidError(UNCLEAR)
    version = _opened(request, session, member, subject_id, template_id, words, now=now, version=number)
    _require_shared_result(session, member, version)
    service.share(session, place, found.meant, number=number)
    return _back(request, found, "shared")


@router.get(ONE + "/document.docx", name="documents:docx", dependencies=[downloaded("download.document")])
@access("reader")
def docx_file(
    request: Request, session: ReadSession, member: ResultReader, now: Now, subject_id: UUID, template_id: str,
    words: str = "", version: Number | None = None,
) -> Response:  # fmt: skip
    """A version as a text document; the newest where none is asked for."""
    found = _as_saved(request, session, member, subject_id, template_id, words, now=now, version=version)
    made = files.text_document(found, brand(session, member.organisation_id))
    return _file(made.content, name=made.name, media_type=files.DOCX)


@router.get(ONE + "/{drawing_id}.svg", name="documents:svg", dependencies=[downloaded("download.document")])
@access("reader")
def svg_file(
    request: Request, session: ReadSession, member: ResultReader, now: Now, subject_id: UUID, template_id: str,
    drawing_id: str, words: str = "", version: Number | None = None,
) -> Response:  # fmt: skip
    """A drawing of a version by itself."""
    found = _as_saved(request, session, member, subject_id, template_id, words, now=now, version=version)
    drawing = pages.drawings(found.shown).get(drawing_id)
    if drawing is None:
        raise NotFoundError
    made = html(request, FlowFile(drawing, found.shown.as_of))
    return _file(bytes(made.body), name=f"{template_id}-{drawing_id}.svg", media_type="image/svg+xml")


def _opened(
    request: Request,
    session: Session,
    member: Member,
    subject_id: UUID,
    template_id: str,
    words: str,
    *,
    now: datetime,
    version: int | None = None,
) -> Opened:
    there = shelf_of(session, member.organisation_id)
    meant = pages.meant(there, template_id, subject_id, words, usual=language_of(request))
    return opened(session, member, meant, now=now, version=version)


def _changeable(
    request: Request, session: Session, member: Member, subject_id: UUID, template_id: str, words: str, *, now: datetime
) -> Opened:
    """A document of something that is there; NotFoundError for one that stays as it was saved."""
    found = _opened(request, session, member, subject_id, template_id, words, now=now)
    if found.case.gone:
        raise NotFoundError
    return found


def _as_saved(
    request: Request,
    session: Session,
    member: Member,
    subject_id: UUID,
    template_id: str,
    words: str,
    *,
    now: datetime,
    version: int | None,
) -> Opened:
    """A document as it was saved last, or as the data have it while nobody has saved it."""
    found = _opened(request, session, member, subject_id, template_id, words, now=now, version=version)
    if not found.is_today or not found.newest:
        return found
    return _opened(request, session, member, subject_id, template_id, words, now=now, version=found.newest)


def _save(
    request: Request, session: Session, member: Member, found: Opened, data: FormData, now: datetime
) -> Response | None:
    """Saves what was typed; the page that asks again where it can't be, else None."""
    typed, address = forms.read(data), request.app.state.templates.path
    base = merging.with_lines_of(found.shown, typed)
    content = merging.apply(base, found.fresh, typed, author=member.user_name)
    seen = data.number("seen") or 0
    try:
        service.save(
            session,
            member.organisation_id,
            found.meant,
            content,
            seen=seen,
            release_id=pages.release_of(found.case),
            author=Author(member.user_name, now),
        )
    except ChangedMeanwhileError as error:
        page = pages.edit_page(
            found, address, user_id=member.user_id, typed=typed, meanwhile=error.changes, seen=error.version
        )
        return html(request, page, status=error.status)
    except InvalidError as error:
        page = pages.edit_page(found, address, user_id=member.user_id, typed=typed, errors=error.fields, seen=seen)
        return html(request, page, status=error.status)
    return None


def _require_shared_result(session: Session, member: Member, found: Opened) -> None:
    """ConflictError where the version quotes a result that the client was not shown."""
    history = queries.history(session, member.organisation_id, found.document_id) if found.document_id else ()
    quoted = next((one.release_id for one in history if one.number == found.version), None)
    shown = {one.release_id for one in share.shared(session, member.organisation_id)}
    if quoted is not None and quoted not in shown:
        told = say(
            "This document quotes the result of {wave}, which is not shared with the client. Share that result first, "
            "then the document.",
            wave=found.shown.wave,
        )
        raise ConflictError(told)


def _about(found: Opened) -> UUID | None:
    """The department or the workflow that a document is about, None for the whole client."""
    return None if found.case.department is None else found.case.id


def _back(request: Request, found: Opened, done: str) -> Response:
    return see_other(
        request,
        "documents:document",
        organisation_id=found.case.known.organisation.id,
        subject_id=found.meant.subject_id,
        template_id=found.meant.template.id,
        words=found.meant.language,
        done=done,
    )


def _file(content: bytes, *, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
