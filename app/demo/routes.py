"""The demo's own pages; they exist only where `./run demo` serves."""

from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from app.accounts import queries as accounts
from app.approval import queries as approval
from app.approval.service import token_of
from app.demo import outbox, sharing, story
from app.demo.views import ComponentsPage, DemoPage, LetterPage, MailLine, OutboxPage, SurveyLink
from app.errors import NotFoundError
from app.invitations.queries import links
from app.staffpage import service as staffpage
from app.waves.queries import wave_departments, waves
from app.web.access import access
from app.web.database import ReadSession
from app.web.forms import Number
from app.web.frames import LETTER, framing
from app.web.views import html

router = APIRouter()

HEADERS = ("From", "To", "Reply-To", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")


@router.get("/demo", name="demo:start")
@access("public")
def start(request: Request, session: ReadSession) -> Response:
    """What to try first, with everything one needs for it."""
    user = accounts.user_by_email(session, story.EMAIL)
    memberships = accounts.memberships(session, user.id) if user else ()
    if not memberships:
        raise NotFoundError("The demo's data are not here. Stop the service, delete its data directory, start again.")
    organisation_id = memberships[0].organisation_id
    opened = (one for one in waves(session, organisation_id) if one.opened_at is not None)
    wave = max(opened, key=lambda one: one.number)
    departments = wave_departments(session, organisation_id, wave.id)
    state = request.app.state
    made = links(
        session,
        link_key=state.link_key,
        organisation_id=organisation_id,
        wave_id=wave.id,
        base_url=state.settings.base_url,
    )
    shared = {one.department_id: one.url for one in made if one.kind == "shared"}
    open_links = tuple(
        SurveyLink(one.name, shared[one.department_id]) for one in departments if one.department_id in shared
    )
    kept = state.settings.data_dir / sharing.FILE
    # A demo that an earlier version made has no review link, and shares nothing.
    review = next(iter(approval.links(session, organisation_id, wave.id)), None)
    page = DemoPage(
        client=story.CLIENT,
        wave=wave.label,
        email=story.EMAIL,
        password=story.PASSWORD,
        links=open_links,
        reader=review.reader if review else "",
        mails=len(outbox.newest(outbox.folder_of(state.settings))),
        review=f"{state.settings.base_url}/review/{token_of(review, state.link_key)}" if review else "",
        reading=kept.read_text(encoding="utf-8") if kept.is_file() else "",
        told=_told(request, session, organisation_id),
    )
    return html(request, page)


def _told(request: Request, session: Session, organisation_id: UUID) -> str:
    """Where all staff read the newest result, "" where nothing is published."""
    state, closed = request.app.state, next((one for one in waves(session, organisation_id) if one.finished), None)
    if closed is None:
        return ""
    place = {"organisation_id": organisation_id, "wave_id": closed.id}
    return staffpage.published_address(session, link_key=state.link_key, base_url=state.settings.base_url, **place)


@router.get("/demo/outbox", name="demo:outbox")
@access("public")
def letter_boxes(request: Request) -> Response:
    """The mails that were sent in the demo: those of people who do not exist."""
    found = outbox.newest(outbox.folder_of(request.app.state.settings))
    lines = tuple(MailLine(one.number, str(one.mail["To"]), str(one.mail["Subject"])) for one in found)
    return html(request, OutboxPage(story.CLIENT, lines))


@router.get("/demo/outbox/{number}", name="demo:mail")
@access("public")
def mail(request: Request, number: Number) -> Response:
    """A mail that the demo's server took, by its number: its head, and its text in a frame."""
    kept = _kept(request, number)
    headers = tuple((name, str(kept.mail[name])) for name in HEADERS if kept.mail[name])
    return framing(html(request, LetterPage(number, str(kept.mail["Subject"]), headers, outbox.part(kept, "plain"))))


@router.get("/demo/outbox/{number}/letter", name="demo:letter")
@access("public")
def letter(request: Request, number: Number) -> Response:
    """What a mail program would show. Links leave the frame, because the pages behind them can't be framed."""
    text = outbox.part(_kept(request, number), "html")
    return HTMLResponse(text.replace("<head>", '<head><base target="_top">', 1), headers=LETTER)


def _kept(request: Request, number: int) -> outbox.Kept:
    kept = outbox.by_number(outbox.folder_of(request.app.state.settings), number)
    if kept is None:
        raise NotFoundError("There is no such mail. The list of mails shows those that there are.")
    return kept


@router.get("/demo/components", name="demo:components")
@access("public")
def components(request: Request) -> Response:
    """What pages are built of, on one page. It shows nobody's data."""
    return html(request, ComponentsPage())
