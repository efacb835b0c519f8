"""The addresses of the plan of a wave's mails."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from app.accounts import queries as accounts
from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.clients import queries as clients
from app.errors import UNCLEAR, ConflictError, InvalidError, NotFoundError
from app.mail import forms, letter, queries, service, views
from app.mail.letter import LetterPage
from app.mail.queries import PlanFacts
from app.mail.sending import to_nobody
from app.mail.smtp import TROUBLES
from app.mail.views import KindLine, MailPage, WordingPage
from app.mail.words import WORDED
from app.rosters import queries as rosters
from app.sentences import recalled, say
from app.staffpage import service as staffpage
from app.waves import instruments, languages
from app.waves import queries as waves
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.frames import LETTER, framing
from app.web.views import html, see_other
from surveys.languages import LANGUAGES

router = APIRouter()

MAIL = "/organisations/{organisation_id}/waves/{wave_id}/mail"
NO_SERVER = say("No mail server is set, so nothing can be sent. Whoever runs this service sets it.")


@router.get(MAIL, name="mail:plan")
@access("client")
def plan_page(request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID) -> Response:
    """The plan, and how far the mails are."""
    return html(request, _page(request, session, service.plan_of(session, _wave(session, member, wave_id), now=now)))


@router.post(MAIL, name="mail:change")
@access("client")
@noted("links.mails_changed", start="links.mails_started", pause="links.mails_paused")
def change_plan(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Keeps the plan, starts or pauses the mails."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    plan = service.plan_of(session, _wave(session, member, wave_id), now=now)
    try:
        if data.text("do") == "start":
            if not request.app.state.settings.smtp_host:
                raise ConflictError(NO_SERVER)
            service.start(session, **place, now=now)
        elif data.text("do") == "pause":
            service.pause(session, **place, now=now)
        elif data.text("do") == "save":
            plan = forms.read_plan(data, plan)
            service.save(session, plan, now=now)
        else:
            raise InvalidError(UNCLEAR)
    except InvalidError as error:
        page = _page(request, session, plan)
        return html(request, replace(page, errors=error.fields or {"do": error.message}), status=422)
    return see_other(request, "mail:plan", **place)


@router.get(MAIL + "/{kind}/{language}", name="mail:wording")
@access("client")
def wording_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID, kind: str, language: str
) -> Response:
    """One mail as it will look, and the words that can be changed."""
    return framing(html(request, _wording(request, session, member, wave_id, kind, language, now)))


@router.post(MAIL + "/{kind}/{language}", name="mail:word")
@access("client")
@noted("links.mail_worded", trial="links.mail_tried")
def word(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID, kind: str,
    language: str,
) -> Response:  # fmt: skip
    """Keeps the client's own words, or has a test mail sent to whoever asks."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    page = _wording(request, session, member, wave_id, kind, language, now)
    subject, text = " ".join(data.text("subject").split()), data.text("text").replace("\r\n", "\n")
    try:
        if data.text("do") == "trial":
            if not request.app.state.settings.smtp_host:
                raise ConflictError(NO_SERVER)
            service.ask_trial(session, **place, to=page.address, kind=kind, language=language, now=now)
        else:
            service.word(session, **place, kind=kind, language=language, subject=subject, text=text, now=now)
    except InvalidError as error:
        errors = error.fields or {"do": error.message}
        return framing(html(request, replace(page, subject=subject, text=text, errors=errors), status=422))
    return see_other(request, "mail:wording", **place, kind=kind, language=language)


@router.get(MAIL + "/{kind}/{language}/letter", name="mail:letter")
@access("client")
def letter_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID, kind: str, language: str
) -> Response:
    """The mail itself, with a link that leads nowhere."""
    page = _letter(request, session, member, wave_id, kind, language, now)
    return HTMLResponse(letter.render(page, language), headers=LETTER)


def _wave(session: Session, member: ClientMember, wave_id: UUID) -> waves.WaveView:
    return waves.wave(session, member.organisation_id, wave_id)


def _page(request: Request, session: Session, plan: PlanFacts) -> MailPage:
    place = {"organisation_id": plan.organisation_id, "wave_id": plan.wave_id}
    wave = waves.wave(session, **place)
    offered = languages.offered(session, wave, instruments.asked(session, wave))
    return MailPage(
        organisation=clients.organisation(session, plan.organisation_id),
        wave=wave,
        plan=plan,
        told=views.STATES[plan.state],
        trouble=recalled(plan.trouble, TROUBLES),
        server=bool(request.app.state.settings.smtp_host),
        addresses=sum(one.addresses for one in rosters.by_department(session, **place).values()),
        rounds=views.rounds(queries.rounds(session, **place)),
        kinds=tuple(KindLine(kind, service.NAMES[kind]) for kind in WORDED),
        languages=tuple(LANGUAGES[tag] for tag in offered),
    )


def _wording(
    request: Request, session: Session, member: ClientMember, wave_id: UUID, kind: str, language: str, now: Now
) -> WordingPage:
    shown = _letter(request, session, member, wave_id, kind, language, now)
    wave = _wave(session, member, wave_id)
    plan = service.plan_of(session, wave, now=now)
    user = accounts.user(session, member.user_id)
    own = plan.wording.get(kind, {}).get(language, {})
    asked = plan.trial or {}
    trial = plan.trial if (asked.get("kind"), asked.get("language")) == (kind, language) else None
    return WordingPage(
        organisation=clients.organisation(session, member.organisation_id),
        wave=wave,
        kind=KindLine(kind, service.NAMES[kind]),
        spoken=LANGUAGES[language],
        subject=own.get("subject", ""),
        text=own.get("text", ""),
        letter=shown,
        address=user.email if user else "",
        server=bool(request.app.state.settings.smtp_host),
        trial=trial,
        trouble=recalled(trial["told"], TROUBLES) if trial else "",
    )


def _letter(
    request: Request, session: Session, member: ClientMember, wave_id: UUID, kind: str, language: str, now: Now
) -> LetterPage:
    """The mail as somebody without a name would get it. NotFoundError for a mail or language that there is not."""
    wave = _wave(session, member, wave_id)
    offered = languages.offered(session, wave, instruments.asked(session, wave))
    if kind not in WORDED or language not in offered:
        raise NotFoundError
    state, settings = request.app.state, request.app.state.settings
    results = staffpage.published_address(
        session,
        link_key=state.link_key,
        base_url=settings.base_url,
        organisation_id=wave.organisation_id,
        wave_id=wave_id,
    )
    return to_nobody(
        session,
        service.plan_of(session, wave, now=now),
        wave,
        kind=kind,
        language=language,
        link=f"{settings.base_url}/r/example",
        stop="",
        from_address=settings.mail_from,
        results=results,
    )
