"""The overview of a client, planning, and the life of a wave."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.accounts.roles import OWNER
from app.acts.noting import noted, say_about
from app.clients import queries as clients
from app.errors import InvalidError
from app.jobs import service as jobs
from app.numerals import whole
from app.sentences import say_count
from app.waves import ending, forms, languages, pages, planning, promised, queries, service
from app.waves.approvals import ObjectionError
from app.waves.policy import Policy
from app.waves.views import OpenPage
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormData, FormDep
from app.web.views import html, html_unless_seen, see_other
from surveys.languages import LANGUAGES

router = APIRouter()

ORGANISATION = "/organisations/{organisation_id}"
WAVE = ORGANISATION + "/waves/{wave_id}"


@router.get(ORGANISATION, name="waves:organisation")
@access("client")
def organisation_page(
    request: Request, session: ReadSession, member: ClientMember, now: Now, imported: str = ""
) -> Response:
    """The overview of a client: where things stand and the next right step; `?imported=` after its first list."""
    added = whole(imported)
    if added is not None:
        request.state.notice = say_count("{n} department was added.", "{n} departments were added.", added)
    return html(request, pages.organisation(session, member.organisation_id, now=now, owns=member.role == OWNER))


@router.get(ORGANISATION + "/assessments/new", name="waves:plan")
@access("client")
def plan_page(request: Request, session: ReadSession, member: ClientMember, now: Now) -> Response:
    """The form for a new assessment; with choices in the address it shows the promise that they lead to."""
    sent = FormData(dict(request.query_params))
    typed, policy = (forms.read_plan(sent), forms.read_policy(sent)) if "mode" in sent.fields else (None, None)
    return html(request, pages.plan(session, member.organisation_id, now=now, typed=typed, policy=policy))


@router.post(ORGANISATION + "/assessments/new", name="waves:plan")
@access("client")
@noted("wave.planned")
def plan_assessment(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Makes an assessment with its first wave."""
    typed, policy = forms.read_plan(data), forms.read_policy(data)
    try:
        wave_id = _plan(session, member, now, typed, policy)
    except InvalidError as error:
        page = pages.plan(session, member.organisation_id, now=now, typed=typed, policy=policy, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, wave_id=wave_id)
    return _to_wave(request, member, wave_id)


@router.get(WAVE, name="waves:wave")
@access("client")
def wave_page(request: Request, session: ReadSession, member: ClientMember, now: Now, wave_id: UUID) -> Response:
    """A wave in its state: planned, open with its turnout, closed; one that closes is walked through (app/closing)."""
    page = pages.wave(session, member.organisation_id, wave_id, now=now)
    if page is None:
        return see_other(request, "closing:walk", organisation_id=member.organisation_id, wave_id=wave_id)
    return html_unless_seen(request, page) if isinstance(page, OpenPage) else html(request, page)


@router.get(WAVE + "/promise", name="waves:promise")
@access("client")
def promise_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """What the people of a wave are promised; chosen while it is a draft, only read from then on."""
    return html(request, promised.page(session, member.organisation_id, wave_id))


@router.post(WAVE + "/promise", name="waves:promise")
@access("client")
@noted("wave.promised")
def set_promise(
    request: Request, member: ClientMember, session: WriteSession, data: FormDep, wave_id: UUID
) -> Response:
    """Keeps the choices of a draft; the draft's page then shows the promise that results."""
    typed = forms.read_policy(data)
    try:
        policy = forms.policy_of(typed)
        service.set_policy(session, organisation_id=member.organisation_id, wave_id=wave_id, policy=policy)
    except InvalidError as error:
        page = promised.page(session, member.organisation_id, wave_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return _to_wave(request, member, wave_id)


@router.post(WAVE + "/languages", name="waves:languages")
@access("client")
@noted("wave.languages")
def set_languages(
    request: Request, member: ClientMember, session: WriteSession, data: FormDep, wave_id: UUID
) -> Response:
    """Keeps in which languages a draft will be answered."""
    chosen = [tag for tag in LANGUAGES if data.text(tag)]
    languages.choose(session, organisation_id=member.organisation_id, wave_id=wave_id, languages=chosen)
    return _to_wave(request, member, wave_id)


@router.post(WAVE + "/open", name="waves:open")
@access("client")
@noted("wave.opened")
def open_wave(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Opens a wave and freezes what it asks. An objection to its papers is shown first, and once."""
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    try:
        service.open_wave(session, **place, now=now, despite_objections=bool(data.text("despite")))
    except ObjectionError as error:
        return html(request, promised.objections(session, **place, found=error.objections), status=error.status)
    return _to_wave(request, member, wave_id)


@router.get(WAVE + "/told", name="waves:told")
@access("client")
def told_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """Whom people can ask, and when and where they will see the results."""
    return html(request, promised.told(session, member.organisation_id, wave_id))


@router.post(WAVE + "/told", name="waves:told")
@access("client")
@noted("wave.told")
def tell(request: Request, member: ClientMember, session: WriteSession, data: FormDep, wave_id: UUID) -> Response:
    """Keeps both; they stand on the respondents' pages from then on."""
    typed = {name: data.text(name) for name in ("contact", "results")}
    place = {"organisation_id": member.organisation_id, "wave_id": wave_id}
    try:
        ending.tell(session, **place, contact=typed["contact"], results=typed["results"])
    except InvalidError as error:
        page = promised.told(session, member.organisation_id, wave_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    return _to_wave(request, member, wave_id)


@router.post(WAVE + "/retry", name="waves:retry")
@access("client")
@noted("wave.retried")
def retry_release(request: Request, member: ClientMember, session: WriteSession, now: Now, wave_id: UUID) -> Response:
    """Has the result made again after it failed; does nothing when it did not."""
    wave = queries.wave(session, member.organisation_id, wave_id)
    if wave.state == "closing":
        jobs.retry(session, kind=service.RELEASE, subject_id=wave.id, now=now)
    return see_other(request, "closing:walk", organisation_id=member.organisation_id, wave_id=wave_id)


@router.get(WAVE + "/headcounts", name="waves:headcounts")
@access("client")
def headcounts_page(request: Request, session: ReadSession, member: ClientMember, wave_id: UUID) -> Response:
    """The headcounts of a wave, each with its correction."""
    return html(request, pages.headcount_page(session, member.organisation_id, wave_id))


@router.post(WAVE + "/headcounts/{department_id}", name="waves:headcount")
@access("client")
@noted("wave.headcount", confirm="wave.headcount_confirmed")
def set_headcount(
    request: Request,
    member: ClientMember,
    session: WriteSession,
    now: Now,
    data: FormDep,
    wave_id: UUID,
    department_id: UUID,
) -> Response:
    """Corrects a headcount, or confirms it as it is."""
    where = {"organisation_id": member.organisation_id, "wave_id": wave_id, "department_id": department_id}
    try:
        if data.text("confirm"):
            service.confirm_headcount(session, **where, now=now)
        else:
            headcount = forms.headcount_of(data)
            service.correct_headcount(session, **where, headcount=headcount, user_id=member.user_id, now=now)
    except InvalidError as error:
        page = pages.headcount_page(
            session,
            member.organisation_id,
            wave_id,
            typed={department_id: data.text("headcount")},
            errors={department_id: error.message},
        )
        return html(request, page, status=error.status)
    closing = queries.wave(session, member.organisation_id, wave_id).state == "closing"
    route = "closing:walk" if closing else "waves:headcounts"
    return see_other(request, route, organisation_id=member.organisation_id, wave_id=wave_id)


@router.post(WAVE + "/next", name="waves:next")
@access("client")
@noted("wave.prepared")
def prepare_next(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, wave_id: UUID
) -> Response:
    """Makes the draft of the wave that follows."""
    typed = forms.read_next(data)
    try:
        next_id = service.prepare_next(
            session,
            organisation_id=member.organisation_id,
            wave_id=wave_id,
            form=typed.form,
            label=typed.label,
            now=now,
        )
    except InvalidError as error:
        facts = clients.organisation(session, member.organisation_id)
        wave = queries.wave(session, member.organisation_id, wave_id)
        page = pages.closed(session, facts, wave, now=now, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, wave_id=next_id)
    return _to_wave(request, member, next_id)


def _plan(
    session: WriteSession, member: ClientMember, now: Now, typed: forms.PlanInput, chosen: forms.PolicyInput
) -> UUID:
    """Plans what was typed; InvalidError has the sentences of all fields, those that could not be read among them."""
    unread: dict[str, str] = {}
    close, policy = None, Policy()
    try:
        close = forms.day_of(typed.planned_close)
    except InvalidError as error:
        unread |= error.fields
    try:
        policy = forms.policy_of(chosen)
    except InvalidError as error:
        unread |= error.fields
    told = {"name": typed.name, "instrument": typed.instrument, "label": typed.label, "form": typed.form}
    if unread:
        wrong = planning.plan_faults(session, member.organisation_id, **told, close=close, now=now) | unread
        raise InvalidError(" ".join(wrong.values()), fields=wrong)
    return service.plan_assessment(
        session,
        organisation_id=member.organisation_id,
        name=typed.name,
        instrument=typed.instrument,
        label=typed.label,
        form=typed.form,
        planned_close=close,
        policy=policy,
        now=now,
    )


def _to_wave(request: Request, member: ClientMember, wave_id: UUID) -> Response:
    return see_other(request, "waves:wave", organisation_id=member.organisation_id, wave_id=wave_id)
