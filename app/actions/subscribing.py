"""The addresses of the plan as a calendar, and of who does something: subscribed to, downloaded, handed over."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import tokens
from app.accounts import queries as accounts
from app.accounts.access import ResultReader, require_in_use
from app.actions import calendar, forms, linking, owners, queries, service
from app.actions.pages import LANGUAGES
from app.actions.queries import Planned
from app.actions.service import Author, Person
from app.actions.sight import Sight
from app.acts.noting import downloaded, noted
from app.clients import queries as clients
from app.errors import InvalidError, NotFoundError
from app.rosters import addresses
from app.sentences import Passage, say
from app.web.access import access, even_archived
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import language_of, speech
from app.web.views import html, see_other

router = APIRouter()

PLAN: Final = "/organisations/{organisation_id}/plan"
NAME: Final = say("Action plan")
NOTICES: Final = {
    "taken_back": say("The link is taken back. Calendars that use it show nothing new any more."),
    "given": say("They are handed over."),
}


@router.get(PLAN + "/calendar", name="actions:calendar")
@access("reader")
def calendar_page(request: Request, session: ReadSession, member: ResultReader, now: Now, done: str = "") -> Response:
    """The links with which calendars read the plan, and the file."""
    request.state.notice = NOTICES.get(done)
    return html(request, linking.page(session, member))


@router.post(PLAN + "/calendar", name="actions:subscribe")
@access("reader")
@even_archived
@noted("plan.calendar", take_back="plan.calendar_taken_back")
def change_links(request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Makes a link, which the answer shows this once, or takes one back; the second at an archived client too."""
    if data.text("do") == "take_back":
        chosen = forms.read_id(data.text("link"))
        linking.take_back(session, member, chosen)
        return see_other(request, "actions:calendar", organisation_id=member.organisation_id, done="taken_back")
    require_in_use(member)
    wanted = linking.Wanted(data.text("department"), data.text("label"), language_of(request))
    try:
        token = linking.make(session, member, wanted, key=request.app.state.link_key, now=now)
    except InvalidError as error:
        return html(request, linking.page(session, member, typed=wanted, errors=error.fields), status=error.status)
    made = f"{request.app.state.settings.base_url}/calendar/{token}.ics"
    return html(request, linking.page(session, member, made=made))


@router.get(PLAN + "/calendar.ics", name="actions:ics", dependencies=[downloaded("download.calendar")])
@access("reader")
def calendar_file(request: Request, session: ReadSession, member: ResultReader, now: Now) -> Response:
    """What this person may see of the plan, as a calendar."""
    sight = Sight(session, member, now)
    domain = urlsplit(request.app.state.settings.base_url).hostname or "plumbline"
    spoken = speech(language_of(request))
    name = str(spoken.say(Passage((sight.organisation.name, NAME), " · ")))
    content = calendar.written(sight.seen, sight.places, name=name, domain=domain, spoken=spoken, rests=member.archived)
    headers = {"Content-Disposition": 'attachment; filename="plan.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type=calendar.MEDIA_TYPE, headers=headers)


@router.get("/calendar/{token}", name="actions:subscription")
@access("link")
def subscription(request: Request, session: ReadSession, token: str) -> Response:
    """The plan as a calendar programme reads it. A link that has ended leads nowhere, as one that never was."""
    link = tokens.found(token.removesuffix(".ics"), lambda sha256: queries.calendar(session, sha256))
    if link is None:
        raise NotFoundError
    there, found = linking.shown(session, link)
    domain = urlsplit(request.app.state.settings.base_url).hostname or "plumbline"
    spoken = speech(link.language)
    named = (clients.organisation(session, link.organisation_id).name, linking.what(there, link.department_id))
    name = str(spoken.say(Passage(named, " · ")))
    rests = accounts.is_archived(session, link.organisation_id)
    content = calendar.written(found, there, name=name, domain=domain, spoken=spoken, rests=rests)
    headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
    return Response(content, media_type=calendar.MEDIA_TYPE, headers=headers)


@router.get(PLAN + "/owners", name="actions:owners")
@access("reader")
def owners_page(request: Request, session: ReadSession, member: ResultReader, now: Now, done: str = "") -> Response:
    """Who does what, and what can be handed over."""
    request.state.notice = NOTICES.get(done)
    return html(request, owners.page(Sight(session, member, now), has_mail=_has_mail(request)))


@router.post(PLAN + "/owners", name="actions:hand_over")
@access("reader")
@noted("plan.handed_over")
def hand_over(request: Request, member: ResultReader, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Gives everything that somebody still does to somebody else."""
    sight = Sight(session, member, now)
    who = data.text("who")
    mail = data.text("mail")
    language = data.text("language") if data.text("language") in dict(LANGUAGES) else LANGUAGES[0][0]
    typed = {"who": who, "owner": data.text("owner"), "mail": mail, "language": language, "left": data.text("left")}
    person = Person(" ".join(typed["owner"].split()), addresses.address(mail) or mail, language)

    def theirs(one: Planned) -> bool:
        return bool(who) and owners.key_of(one) == who and sight.drawer.can_change(one)

    try:
        by, left = Author(member.user_name, now), bool(data.text("left"))
        service.hand_over(session, member.organisation_id, theirs, person, author=by, has_left=left)
    except InvalidError as error:
        page = owners.page(sight, has_mail=_has_mail(request), typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return see_other(request, "actions:owners", organisation_id=member.organisation_id, done="given")


def _has_mail(request: Request) -> bool:
    return bool(request.app.state.settings.smtp_host)
