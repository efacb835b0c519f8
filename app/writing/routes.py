"""The addresses of a client's own actions: the list, writing one, looking at it, and how it stands."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import queries as accounts
from app.accounts.access import ClientMember, Member
from app.accounts.roles import RUNNING
from app.acts.noting import downloaded, noted, say_about
from app.errors import UNCLEAR, InvalidError
from app.playbooks import exchange, queries, service, takeover
from app.playbooks.beside import library_of
from app.playbooks.own import action_of
from app.playbooks.queries import Own
from app.playbooks.service import Author, Came, ChangedMeanwhileError
from app.playbooks.shelf import library
from app.sentences import Passage, say
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, Number, takes_lists
from app.web.views import html, see_other
from app.writing import forms, pages
from app.writing.forms import Typed

router = APIRouter(prefix="/organisations/{organisation_id}/own-actions")

NOTICES: Final = {
    "kept": say("The draft is kept. It counts once it is brought into use."),
    "used": say("It is in use: proposals and the library of this client have it now."),
    "retired": say("It is in use no more. Plans that have it keep it."),
    "given_up": say("The draft is given up."),
    "taken": say("They are drafts here now. Look at each before it is brought into use."),
    "deleted": say("The draft is deleted."),
}


@router.get("", name="writing:list")
@access("client")
def list_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    done: str = "",
    new: Number | None = None,
    changed: Number = 0,
) -> Response:
    """The client's own actions; `new` and `changed` tell what came of a file."""
    told = Passage((say("New: {count}.", count=new or 0), say("Changed: {count}.", count=changed)))
    request.state.notice = NOTICES.get(done) if new is None else told
    return html(request, pages.list_page(session, member.organisation_id, runs=run_by(session, member)))


@router.get("/new", name="writing:new")
@access("client")
def new_page(request: Request, session: ReadSession, member: ClientMember, now: Now, source: str = "") -> Response:
    """The form of a new action, empty or as a copy of one of the library's."""
    typed = pages.new_form(source, now=now)
    return html(request, pages.form_page(session, member.organisation_id, typed, now=now))


@router.post("/new", name="writing:begin")
@access("client")
@noted("playbook.written")
def begin(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Keeps a new action as a draft."""
    typed = forms.read(data)
    source = library().by_id.get(typed.source)
    came = Came(copied_from=source.id, copied_version=source.version) if source else Came()
    author = Author(member.user_name, now)
    try:
        service.begin(session, member.organisation_id, typed.form, typed.written, came=came, author=author)
    except InvalidError as error:
        page = pages.form_page(session, member.organisation_id, typed, errors=error.fields, now=now)
        return html(request, page, status=error.status)
    say_about(request, subject_id=typed.form)
    return to_action(request, session, member, typed.form, "kept")


@router.post("/import", name="writing:import")
@access("client")
@noted("playbook.imported")
@takes_lists
def take_files(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Takes actions of a file over. Nothing of it is taken when anything in it is wrong."""
    place, used = member.organisation_id, bool(data.text("use"))
    try:
        found = exchange.read(session, place, data.files.get("file", b""))
        taken = takeover.take_files(session, place, found, used=used, author=Author(member.user_name, now))
    except InvalidError as error:
        page = pages.list_page(session, place, runs=run_by(session, member))
        faults = error.problems if isinstance(error, exchange.UnreadableError) else ()
        page = replace(page, used=used, errors=error.fields, faults=faults)
        return html(request, page, status=error.status)
    return see_other(request, "writing:list", organisation_id=place, new=taken.new, changed=taken.changed)


@router.get("/export.zip", name="writing:export", dependencies=[downloaded("download.playbook")])
@access("client")
def export(session: ReadSession, member: ClientMember) -> Response:
    """The own actions that are not retired, as the files of a folder."""
    content = exchange.exported(queries.own_actions(session, member.organisation_id))
    headers = {"Content-Disposition": 'attachment; filename="own-actions.zip"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/look", name="writing:look")
@access("client")
def look(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Shows what was typed as it would look, and keeps nothing."""
    place, code = member.organisation_id, data.text("code")
    is_there = any(one.code == code for one in queries.own_actions(session, place))
    typed = forms.read(data, code=code if is_there else "")
    try:
        code = typed.code or service.code_of(str(typed.written.fields["title"]), typed.written, ())
        shown = action_of(service.sound(typed.written, code, service.FIRST, library_of(session, place)))
    except InvalidError as error:
        return html(request, pages.form_page(session, place, typed, errors=error.fields, now=now))
    return html(request, pages.form_page(session, place, typed, shown=shown, now=now))


@router.get("/{code}", name="writing:action")
@access("client")
def action_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, code: str, done: str = ""
) -> Response:
    """One own action, where it would be proposed, and its versions."""
    request.state.notice = NOTICES.get(done)
    runs = run_by(session, member)
    return html(request, pages.action_page(session, member.organisation_id, code, now=now, runs=runs))


@router.get("/{code}/change", name="writing:form")
@access("client")
def change_page(request: Request, session: ReadSession, member: ClientMember, now: Now, code: str) -> Response:
    """The form of an action as it is, or as its draft says."""
    typed = pages.shown_form(pages.own(session, member.organisation_id, code))
    return html(request, pages.form_page(session, member.organisation_id, typed, now=now))


@router.post("/{code}/change", name="writing:change")
@access("client")
@noted("playbook.changed")
def change(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, code: str
) -> Response:
    """Keeps what was written as the draft of the next version; who comes second sees what the first saved."""
    place = member.organisation_id
    one, typed = pages.own(session, place, code), forms.read(data, code=code)
    author = Author(member.user_name, now)
    try:
        _save(session, member, one, typed, author)
    except ChangedMeanwhileError as error:
        page = pages.meanwhile_page(session, place, typed, error.now, now=now)
        return html(request, page, status=error.status)
    except InvalidError as error:
        page = pages.form_page(session, place, typed, errors=error.fields, now=now)
        return html(request, page, status=error.status)
    say_about(request, subject_id=one.id)
    return to_action(request, session, member, one.id, "kept")


@router.post("/{code}/state", name="writing:stand")
@access("client")
@noted("playbook.used", retire="playbook.retired", give_up="playbook.given_up")
def stand(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, code: str
) -> Response:
    """Brings an action into use, retires it, or gives its draft up."""
    one, author = pages.own(session, member.organisation_id, code), Author(member.user_name, now)
    place, do, seen = (session, member.organisation_id, one.id), data.text("do"), data.number("seen")
    say_about(request, subject_id=one.id)
    if do == "use":
        service.bring_into_use(*place, seen=seen, author=author)
        return to_action(request, session, member, one.id, "used")
    if do == "retire":
        service.retire(*place, seen=seen, author=author)
        return to_action(request, session, member, one.id, "retired")
    if do != "give_up":
        raise InvalidError(UNCLEAR)
    if service.give_up(*place, seen=seen, author=author):
        return to_action(request, session, member, one.id, "given_up")
    return see_other(request, "writing:list", organisation_id=member.organisation_id, done="deleted")


def run_by(session: Session, member: Member) -> frozenset[UUID]:
    """The other clients that somebody runs."""
    found = accounts.memberships(session, member.user_id)
    return frozenset(one.organisation_id for one in found if one.role in RUNNING) - {member.organisation_id}


def to_action(request: Request, session: Session, member: Member, own_id: UUID, done: str) -> Response:
    """On to the page of an own action."""
    one = next(one for one in queries.own_actions(session, member.organisation_id) if one.id == own_id)
    return see_other(request, "writing:action", organisation_id=member.organisation_id, code=one.code, done=done)


def _save(session: Session, member: Member, one: Own, typed: Typed, author: Author) -> None:
    """Keeps what was typed; the library's newer words count as looked at where that was ticked."""
    source = library().by_id.get(one.copied_from)
    caught_up = source.version if source and typed.caught_up else ""
    service.change(
        session,
        member.organisation_id,
        one.id,
        typed.written,
        seen=typed.seen,
        caught_up=caught_up,
        author=author,
    )
