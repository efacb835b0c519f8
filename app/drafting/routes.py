"""The addresses of a client's own templates: the list, writing one, looking at it, its file, and how it stands."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted, say_about
from app.documents import keeping, owned
from app.documents.keeping import Came, SavedMeanwhileError
from app.documents.own import LONGEST_FILE, fault_of, parsed
from app.documents.service import Author
from app.documents.shelf import ORDER, template
from app.documents.template import SUBJECTS
from app.drafting import forms, pages
from app.errors import UNCLEAR, InvalidError, NotFoundError
from app.sentences import say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, takes_tables
from app.web.speech import language_of
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/own-templates")

NOTICES: Final = {
    "kept": say("The draft is kept. Documents are made from it once it is brought into use."),
    "used": say("It is in use: it stands among the documents of this client now."),
    "retired": say("It is in use no more. Documents that were saved from it stay."),
    "given_up": say("The draft is given up."),
    "taken": say("They are drafts here now. Look at each before it is brought into use."),
    "deleted": say("The draft is deleted."),
}
NO_TEXT: Final = say("This file is no text. Choose the YAML file of a template.")
NO_FILE: Final = say("Choose a file.")


@router.get("", name="drafting:list")
@access("client")
def list_page(request: Request, session: ReadSession, member: ClientMember, done: str = "") -> Response:
    """The client's own templates."""
    request.state.notice = NOTICES.get(done)
    return html(request, pages.list_page(session, member.organisation_id))


@router.get("/new", name="drafting:new")
@access("client")
def new_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, source: str = "", subject: str = "client"
) -> Response:
    """The form of a new template: a copy of one of the service's, or one in which nothing stands yet."""
    if source and source not in ORDER:
        raise NotFoundError
    chosen = next((one for one in SUBJECTS if one == subject), SUBJECTS[0])
    tree = pages.copied(template(source)) if source else keeping.blank(chosen)
    typed = forms.of_tree(tree, source=source, words=language_of(request))
    return html(request, pages.form_page(session, member.organisation_id, typed, now=now))


@router.post("/new", name="drafting:begin")
@access("client")
@noted("document.template_written")
@takes_tables
def begin(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Keeps a new template as a draft."""
    typed = forms.read(data)
    came = Came(copied_from=typed.source if typed.source in ORDER else "")
    author = Author(member.user_name, now)
    try:
        code = keeping.begin(session, member.organisation_id, typed.form, typed.tree, came=came, author=author)
    except InvalidError as error:
        page = pages.form_page(session, member.organisation_id, typed, now=now, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, detail=code)
    return _to(request, member.organisation_id, code, "kept")


@router.post("/look", name="drafting:look")
@access("client")
@takes_tables
def look(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Shows what was typed filled with the client's data, and keeps nothing."""
    typed, place = forms.read(data), member.organisation_id
    try:
        keeping.sound(typed.tree, "own_look", keeping.FIRST)
    except InvalidError as error:
        return html(request, pages.form_page(session, place, typed, now=now, errors=error.fields))
    return html(request, pages.form_page(session, place, typed, now=now))


@router.post("/import", name="drafting:import")
@access("client")
@noted("document.template_imported")
def take_file(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Takes the template of a file over as a draft; nothing of it when anything in it is wrong."""
    place = member.organisation_id
    try:
        code = keeping.take_file(
            session, place, _text(data.files.get("file", b"")), author=Author(member.user_name, now)
        )
    except InvalidError as error:
        return html(request, pages.list_page(session, place, errors=error.fields), status=error.status)
    say_about(request, detail=code)
    return _to(request, place, code, "kept")


@router.get("/{own_code}", name="drafting:template")
@access("client")
def template_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, own_code: str, done: str = ""
) -> Response:
    """One own template, filled with the client's data."""
    request.state.notice = NOTICES.get(done)
    page = pages.template_page(session, member.organisation_id, own_code, language=language_of(request), now=now)
    return html(request, page)


@router.get("/{own_code}/file.yaml", name="drafting:file", dependencies=[downloaded("download.template")])
@access("client")
def file(session: ReadSession, member: ClientMember, own_code: str) -> Response:
    """An own template as a file: as its draft says, or else as it is in use."""
    one = owned.own_template(session, member.organisation_id, own_code)
    headers = {"Content-Disposition": f'attachment; filename="{one.code}.yaml"', "Cache-Control": "no-store"}
    return Response(one.newest.encode(), media_type="application/yaml", headers=headers)


@router.get("/{own_code}/change", name="drafting:form")
@access("client")
def change_page(request: Request, session: ReadSession, member: ClientMember, now: Now, own_code: str) -> Response:
    """The form of a template as it is, or as its draft says."""
    one = owned.own_template(session, member.organisation_id, own_code)
    tree = parsed(one.code, one.newest)
    typed = forms.of_tree(tree, code=one.code, source=one.copied_from, seen=one.saves, words=language_of(request))
    fault = fault_of(one.newest)
    errors = {"title.en": fault} if fault else {}
    return html(request, pages.form_page(session, member.organisation_id, typed, now=now, errors=errors))


@router.post("/{own_code}/change", name="drafting:change")
@access("client")
@noted("document.template_changed")
@takes_tables
def change(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, own_code: str
) -> Response:
    """Keeps what was written as the draft; who comes second sees what the first saved."""
    place, author = member.organisation_id, Author(member.user_name, now)
    one = owned.own_template(session, place, own_code)
    typed = forms.read(data, code=one.code)
    try:
        keeping.change(session, place, one.code, typed.tree, seen=typed.seen, author=author)
    except SavedMeanwhileError as error:
        typed = forms.seen_now(typed, error.now.saves)
        page = pages.form_page(session, place, typed, now=now, meanwhile=pages.meanwhile_told(error.now))
        return html(request, page, status=error.status)
    except InvalidError as error:
        page = pages.form_page(session, place, typed, now=now, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, detail=one.code)
    return _to(request, place, one.code, "kept")


@router.post("/{own_code}/state", name="drafting:stand")
@access("client")
@noted("document.template_used", retire="document.template_retired", give_up="document.template_given_up")
def stand(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, own_code: str
) -> Response:
    """Brings a template into use, retires it, or gives its draft up."""
    one, do = owned.own_template(session, member.organisation_id, own_code), data.text("do")
    at = session, member.organisation_id, one.code
    seen, author = data.number("seen"), Author(member.user_name, now)
    say_about(request, detail=own_code)
    if do == "use":
        keeping.bring_into_use(*at, seen=seen, author=author)
        return _to(request, member.organisation_id, own_code, "used")
    if do == "retire":
        keeping.retire(*at, seen=seen, author=author)
        return _to(request, member.organisation_id, own_code, "retired")
    if do != "give_up":
        raise InvalidError(UNCLEAR)
    if keeping.give_up(*at, seen=seen, author=author):
        return _to(request, member.organisation_id, own_code, "given_up")
    return see_other(request, "drafting:list", organisation_id=member.organisation_id, done="deleted")


def _to(request: Request, organisation_id: UUID, code: str, done: str) -> Response:
    return see_other(request, "drafting:template", organisation_id=organisation_id, own_code=code, done=done)


def _text(data: bytes) -> str:
    """A file as text. InvalidError, field `file`, for what is none."""
    try:
        text = data[: 4 * LONGEST_FILE + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError(NO_TEXT, fields={"file": NO_TEXT}) from error
    if not text.strip():
        raise InvalidError(NO_FILE, fields={"file": NO_FILE})
    return text
