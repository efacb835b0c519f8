"""Who may do what at a client: the list, one more person, another role, nobody's any more."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import queries as accounts
from app.accounts import service as naming
from app.accounts.access import ClientMember, ClientOwner, Member, require_in_use
from app.accounts.roles import MEANINGS, NAMES, OWNER
from app.acts.noting import noted, say_about
from app.acts.service import note
from app.clients import queries as clients
from app.clients.queries import DepartmentNode
from app.errors import ConflictError, InvalidError
from app.members import forms, handing, queries, service
from app.members.queries import MailFacts
from app.members.views import AccessPage, MemberLine, Typed
from app.sentences import Sentence, say
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter(prefix="/organisations/{organisation_id}/access")

NOTICES = {
    "role": say("The change is saved and holds from now on."),
    "invited": say("They have access. The mail that tells them is on its way."),
    "given": say("They have access, and sign in with the password that they have."),
    "handed_consultant": say("They own the client now, and you are a consultant of it."),
    "handed_owner": say(
        "They own the client too. You stay an owner until they have signed in: then hand it over once more, or change "
        "your own role in the list."
    ),
    "again": say("The mail is on its way once more. A link in an earlier one no longer works."),
    "removed": say("The access has ended. What they did stays in the log."),
}


@router.get("", name="members:access")
@access("client")
def access_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    done: str = "",
    role: str = "",
    wave: UUID | None = None,
) -> Response:
    """Everybody with a role at this client; `?role=` has it chosen for somebody new, `?wave=` leads back to sharing."""
    request.state.notice = NOTICES.get(done)
    return html(request, replace(_page(request, session, member, wave), typed=Typed(role=role)))


@router.post("", name="members:invite")
@access("owner")
@noted("access.invited")
def invite(request: Request, member: ClientOwner, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Gives somebody a role. Who has no password gets a link: by mail, or on the answer where there is no server."""
    typed = Typed(data.text("name"), data.text("email"), data.text("role"), data.text("department"))
    wave = _wave(data.text("wave"))
    try:
        user_id = service.invite(session, member.organisation_id, **asdict(typed), now=now)
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"email": error.message}
        page = replace(_page(request, session, member, wave), typed=typed, errors=errors)
        return html(request, page, status=error.status)
    say_about(request, subject_id=user_id, detail=typed.role)
    return _told(request, session, member, user_id, now=now, done="invited", wave=wave)


@router.post("/hand", name="members:hand")
@access("owner")
@noted("access.handed")
def hand(request: Request, member: ClientOwner, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Makes a colleague an owner, tells them, and lets who hands it over leave or stay as a consultant."""
    wanted = forms.read_handing(data)
    try:
        handed = handing.hand(session, member.organisation_id, wanted, me=member.user_id, now=now)
    except (InvalidError, ConflictError) as error:
        at = "colleague" if wanted.colleague else "to_email"
        errors = error.fields if isinstance(error, InvalidError) else {at: error.message}
        page = replace(_page(request, session, member), handing=wanted, errors=errors)
        return html(request, page, status=error.status)
    say_about(request, subject_id=handed.user_id, detail=OWNER)
    if handed.left != OWNER:
        kind = "access.left" if handed.left == "left" else "access.role_changed"
        mine = {"organisation_id": member.organisation_id, "user_id": member.user_id, "subject_id": member.user_id}
        note(session, kind, **mine, now=now, detail="" if handed.left == "left" else handed.left)
    answer = _told(request, session, member, handed.user_id, now=now, done=f"handed_{handed.left}")
    return see_other(request, "desk:home", done="handed") if handed.left == "left" else answer


@router.post("/{user_id}", name="members:change")
@access("owner")
@even_archived
@noted("access.role_changed", again="access.mail_again", remove="access.removed")
def change(
    request: Request, member: ClientOwner, session: WriteSession, now: Now, data: FormDep, user_id: UUID
) -> Response:
    """Changes a role, takes it away, or tells its person once more. At an archived client access is only narrowed."""
    typed = Typed(role=data.text("role"), department=data.text("department"))
    try:
        if data.text("do") == "again":
            require_in_use(member)
            return _told(request, session, member, user_id, now=now, done="again")
        if data.text("do") == "remove":
            service.remove(session, member.organisation_id, user_id)
        else:
            given = {"role": typed.role, "department": typed.department, "seen": data.text("seen")}
            service.change(session, member.organisation_id, user_id, **given, now=now, only_less=member.archived)
            say_about(request, subject_id=user_id, detail=typed.role)
    except (InvalidError, ConflictError) as error:
        errors = error.fields if isinstance(error, InvalidError) else {"role": error.message}
        page = replace(_page(request, session, member), typed=typed, changing=user_id, errors=errors)
        return html(request, page, status=error.status)
    return _after(request, session, member, user_id, "removed" if data.text("do") == "remove" else "role")


def _after(request: Request, session: Session, member: Member, user_id: UUID, done: str) -> Response:
    """Back to the list; whoever took their own role away goes to where they still may be."""
    role = accounts.role(session, user_id=member.user_id, organisation_id=member.organisation_id)
    if user_id == member.user_id and role not in ("owner", "consultant"):
        return see_other(request, "desk:home")
    return see_other(request, "members:access", organisation_id=member.organisation_id, done=done)


def _told(
    request: Request,
    session: Session,
    member: Member,
    user_id: UUID,
    *,
    now: datetime,
    done: str,
    wave: UUID | None = None,
) -> Response:
    place = {"organisation_id": member.organisation_id, **({"wave": wave} if wave else {})}
    if request.app.state.settings.smtp_host:
        service.ask_mail(session, member.organisation_id, user_id, now=now)
        return see_other(request, "members:access", **place, done=done)
    service.require_member(session, member.organisation_id, user_id)
    user = naming.waiting(session, organisation_id=member.organisation_id, user_id=user_id)
    if user is None:
        return see_other(request, "members:access", **place, done="given" if done in ("invited", "again") else done)
    token = naming.make_start_link(session, user_id=user_id, now=now)
    link = f"{request.app.state.settings.base_url}{request.app.url_path_for('accounts:start', token=token)}"
    return html(request, replace(_page(request, session, member, wave), linked=user.name, link=link))


def _wave(text: str) -> UUID | None:
    """The wave whose sharing somebody came from, if they did."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(request: Request, session: Session, member: Member, wave: UUID | None = None) -> AccessPage:
    tree = clients.departments(session, member.organisation_id)
    names = {node.id: node.name for node in tree}
    mails = queries.mails(session, member.organisation_id)
    by_mail = bool(request.app.state.settings.smtp_host)
    lines = tuple(
        _line(one, names, mails.get(one.user.id), by_mail=by_mail)
        for one in accounts.everybody(session, member.organisation_id)
    )
    return AccessPage(
        organisation=clients.organisation(session, member.organisation_id),
        members=tuple(sorted(lines, key=lambda line: ([*map(str, NAMES)].index(line.role), line.name))),
        may_change=member.role == OWNER,
        colleagues=_colleagues(session, member) if member.role == OWNER else (),
        roles=tuple((key, name, MEANINGS[key]) for key, name in NAMES.items()),
        departments=tuple((str(node.id), _indented(node)) for node in tree),
        mails=by_mail,
        me=member.user_id,
        wave=wave,
    )


def _colleagues(session: Session, member: Member) -> tuple[tuple[str, str], ...]:
    found = handing.colleagues(session, member.organisation_id, me=member.user_id)
    return tuple((str(one.id), f"{one.name} · {one.email}") for one in found)


def _line(one: accounts.MemberFacts, names: Mapping[UUID, str], mail: MailFacts | None, *, by_mail: bool) -> MemberLine:
    user = one.user
    return MemberLine(
        id=user.id,
        name=user.name,
        email=user.email,
        role=one.role,
        role_name=next((name for key, name in NAMES.items() if key == one.role), one.role),
        department=names.get(one.department_id, say("a department that was closed")) if one.department_id else "",
        department_id=str(one.department_id or ""),
        state=_state(one, mail),
        can_be_asked=user.disabled_at is None and (not user.has_password or by_mail),
    )


def _state(one: accounts.MemberFacts, mail: MailFacts | None) -> Sentence | str:
    if one.user.disabled_at is not None:
        return say("The account has been disabled")
    if mail is not None and mail.state in ("waiting", "running"):
        return say("The mail is on its way")
    if mail is not None and mail.state == "failed":
        return say("The mail could not be sent. {why}", why=mail.error or "")
    return "" if one.user.has_password else say("Has not signed in yet")


def _indented(node: DepartmentNode) -> str:
    return "\u2003" * node.depth + node.name
