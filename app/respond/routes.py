"""The addresses of the survey. Every one is reached with a link and without signing in."""

from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.answers.write import DraftAnswers
from app.errors import InvalidError, NotFoundError
from app.invitations import service as invitations
from app.invitations import tokens
from app.respond import comments, kiosk, service, trial, views
from app.respond.doorway import RespondentRoute
from app.respond.forms import PageForm, read_page, stamp
from app.respond.receipts import read_receipt
from app.respond.service import Step
from app.respond.visit import COMMENTS, NO_SUCH_PAGE, SEND, Visit
from app.sentences import say
from app.staffpage import service as staffpage
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.speech import speak, wished_by
from app.web.views import html, is_htmx, see_other
from surveys.arrange import CHOOSING

router = APIRouter(route_class=RespondentRoute)

NO_STORE = {"Cache-Control": "no-store"}
OLD_FORM = say("The page had become too old to be sent. It is fresh now: please send it once more.")


@router.get("/s/{token}", name="respond:shared")
@access("link")
def shared(request: Request, session: ReadSession, now: Now, token: str, language: str = "") -> Response:
    """The welcome and the first page behind a shared link. Nothing is made yet, so the address keeps the language."""
    visit = _speaking(request, service.enter(session, token, kind="shared"), None, language)
    nonce = tokens.make_nonce(request.app.state.link_key, shared_id=visit.invitation.id)
    return html(request, views.shared(visit, nonce=nonce, shown=stamp(now)))


@router.post("/s/{token}", name="respond:begin")
@access("link")
def begin(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Saves the first page and makes the respondent's own link, once however often the form is sent."""
    entrance = service.enter(session, token, kind="shared")
    key, shared_id = request.app.state.link_key, entrance.invitation.id
    form = read_page(data, instrument=entrance.instrument, page=entrance.pages[0], now=now)
    ours = tokens.is_our_nonce(key, shared_id=shared_id, nonce=form.nonce)
    if form.errors or form.switch or not ours:
        entrance = _speaking(request, entrance, None, form.switch, form.language)
        nonce = tokens.make_nonce(key, shared_id=shared_id)
        again = views.shared(entrance, nonce=nonce, shown=stamp(now), form=form, trouble=None if ours else OLD_FORM)
        return html(request, again, status=200 if form.switch else 422)
    invitation, own = invitations.resume_link(
        session, link_key=key, shared=entrance.invitation, nonce=form.nonce, now=now
    )
    visit = _speaking(request, service.visit_of(session, invitation, own), None, form.language)
    if visit.spent:
        return _sent_on(request, see_other(request, "respond:thanks", token=own))
    step = _save(session, visit, 0, replace(form, switch=form.language), now)
    return _sent_on(request, _go(request, visit, step, own=1))


@router.get("/r/{token}", name="respond:start")
@access("link")
def start(request: Request, session: ReadSession, token: str) -> Response:
    """The welcome; somebody who has begun is shown the way to where they left off."""
    visit = service.enter(session, token)
    if visit.spent:
        return see_other(request, "respond:thanks", token=visit.token)
    draft = service.load_draft(session, visit)
    return html(request, views.welcome(_speaking(request, visit, draft), draft))


@router.post("/r/{token}/language", name="respond:language")
@access("link")
def language(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Keeps the language that somebody chose for their link."""
    visit = service.knowing(session, _speaking(request, service.enter(session, token, lock=True), None))
    if visit.spent:
        return see_other(request, "respond:thanks", token=visit.token, language=data.text("switch"))
    service.save_language(session, visit, data.text("switch"), now=now)
    place = data.text("page")
    if place in visit.keys:
        return see_other(request, "respond:page", token=visit.token, page=place)
    return see_other(request, "respond:start", token=visit.token)


@router.get("/r/{token}/send", name="respond:send")
@access("link")
def overview(request: Request, session: ReadSession, token: str) -> Response:
    """Everything once more before it is sent."""
    visit = service.enter(session, token)
    if visit.spent:
        return see_other(request, "respond:thanks", token=visit.token)
    draft = service.load_draft(session, visit)
    return html(request, views.overview(_speaking(request, visit, draft), draft))


@router.post("/r/{token}/send", name="respond:submit")
@access("link")
def submit(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Sends the answers. A second click changes nothing and says thank you again.

    Whoever asked for it sees their answers in this one response; afterwards nobody can (decision 21).
    """
    visit = _speaking(request, service.enter(session, token, lock=True), None, data.text("language"))
    if not visit.spent:
        draft = service.load_draft(session, visit) if data.text("receipt") and not visit.at_kiosk else None
        try:
            sent = service.send(session, visit, now=now)
            if draft is not None and sent:
                request.state.notice = trial.NOTICE if visit.on_trial else None
                return html(request, views.receipt(visit.having(draft), draft, day=visit.today(now)))
        except InvalidError as error:
            draft = service.load_draft(session, visit)
            visit = _speaking(request, visit, draft)
            return html(request, views.overview(visit, draft, trouble=error.message), status=422)
    return see_other(request, "respond:thanks", token=visit.token, language=_unusual(request, visit))


@router.post("/r/{token}/receipt", name="respond:receipt")
@access("link")
def receipt(request: Request, data: FormDep, session: ReadSession, now: Now, token: str) -> Response:
    """The own answers in another language: the page that shows them sends them along, and nothing is kept of them."""
    visit = _speaking(request, service.enter(session, token), None, data.text("switch"))
    if not visit.spent or visit.at_kiosk:
        return see_other(request, "respond:start", token=visit.token)
    draft, day = read_receipt(data, visit, now)
    return html(request, views.receipt(visit.having(draft), draft, day=day))


@router.get("/r/{token}/thanks", name="respond:thanks")
@access("link")
def thanks(request: Request, session: ReadSession, token: str, late: str = "", language: str = "") -> Response:
    """Thank you, and who will see what. The draft that knew the language is gone, so the address says it."""
    visit = _speaking(request, service.enter(session, token), None, language)
    if not visit.spent:
        return see_other(request, "respond:start", token=visit.token)
    if visit.at_kiosk:
        return kiosk.thanks(request, session, visit)
    return html(request, views.thanks(visit, late=bool(late), page=_page_for_staff(request, session, visit)))


def _page_for_staff(request: Request, session: Session, visit: Visit) -> str:
    """Where all staff read the results of a wave that is over, "" while nothing is published."""
    if not visit.wave.finished:
        return ""
    place = {"organisation_id": visit.wave.organisation_id, "wave_id": visit.wave.id}
    return staffpage.published_address(session, link_key=request.app.state.link_key, base_url="", **place)


@router.get("/r/{token}/department", name="respond:elsewhere")
@access("link")
def elsewhere(request: Request, session: ReadSession, token: str, language: str = "") -> Response:
    """For somebody whose department it is not. Nothing is used up by looking."""
    visit = _speaking(request, service.enter(session, token), None, language)
    back = request.app.state.templates.path("respond:start", token=visit.token)
    return html(request, views.elsewhere(visit, doors=(), back=back))


@router.get("/s/{token}/department", name="respond:choose")
@access("link")
def choose(request: Request, session: ReadSession, token: str, language: str = "") -> Response:
    """The other departments of the wave that have a shared link."""
    visit = _speaking(request, service.enter(session, token, kind="shared"), None, language)
    back = request.app.state.templates.path("respond:shared", token=visit.token, language=visit.language)
    doors = service.doors(session, visit, link_key=request.app.state.link_key)
    return html(request, views.elsewhere(visit, doors=tuple(views.Door(*door) for door in doors), back=back))


@router.get("/r/{token}/comments", name="respond:comments")
@access("link")
def own_words(request: Request, session: ReadSession, token: str, names: str = "") -> Response:
    """Two questions to answer in one's own words. `names`: say what in them seems to name somebody."""
    visit = _writing(service.enter(session, token))
    if visit.spent:
        return see_other(request, "respond:thanks", token=visit.token)
    draft = service.load_draft(session, visit)
    return html(request, comments.page(_speaking(request, visit, draft), draft, warning=bool(names)))


@router.post("/r/{token}/comments", name="respond:write")
@access("link")
def write(request: Request, session: WriteSession, now: Now, data: FormDep, token: str) -> Response:
    """Saves what was written. Names are asked about once; whoever wrote them may leave them."""
    visit = service.knowing(session, _speaking(request, _writing(service.enter(session, token, lock=True)), None))
    if visit.spent:
        return _too_late(request, visit)
    form = comments.read_remarks(data)
    if form.errors:
        draft = service.load_draft(session, visit)
        visit = _speaking(request, visit, draft)
        return html(request, comments.page(visit, draft, typed=form.remarks, errors=form.errors), status=422)
    service.save_remarks(session, visit, form.remarks, now=now, language=form.switch)
    if form.go == "keep":
        return Response(status_code=204, headers=NO_STORE)
    if form.go == "stay" or (form.go == "next" and form.found and not form.warned):
        names = 1 if form.go == "next" else None
        return _sent_on(request, see_other(request, "respond:comments", token=visit.token, names=names))
    return _sent_on(request, _go(request, visit, Step(service.beside(visit, COMMENTS, form.go))))


@router.get("/r/{token}/{page}", name="respond:page")
@access("link")
def question(
    request: Request, session: ReadSession, now: Now, token: str, page: str, left: str = "", own: str = ""
) -> Response:
    """A page with what was answered. `left`: asks about what was left out; `own`: shows the respondent's link."""
    visit = service.enter(session, token)
    if visit.spent:
        return see_other(request, "respond:thanks", token=visit.token)
    draft = service.load_draft(session, visit)
    visit = _speaking(request, visit, draft)
    if visit.waits(page):
        return see_other(request, "respond:page", token=visit.token, page=CHOOSING)
    own_link = _own_link(request, visit) if own else None
    shown = views.question(visit, visit.index(page), draft, shown=stamp(now), asking=bool(left), own_link=own_link)
    return html(request, shown)


@router.post("/r/{token}/{page}", name="respond:save")
@access("link")
def save(request: Request, session: WriteSession, now: Now, data: FormDep, token: str, page: str) -> Response:
    """Saves a page. A browser is sent on; htmx gets the next page's part and its address."""
    visit = service.knowing(session, _speaking(request, service.enter(session, token, lock=True), None))
    if visit.spent:
        return _too_late(request, visit)
    if visit.waits(page):
        return _sent_on(request, see_other(request, "respond:page", token=visit.token, page=CHOOSING))
    index = visit.index(page)
    form = read_page(data, instrument=visit.instrument, page=visit.pages[index], now=now)
    step = _save(session, visit, index, form, now)
    if form.errors:
        draft = step.draft
        visit = _speaking(request, visit, draft)
        return html(request, views.question(visit, index, draft, shown=stamp(now), errors=form.errors), status=422)
    if form.go == "keep":
        return Response(status_code=204, headers=NO_STORE)
    if is_htmx(request) and form.go != "stay":
        return _part(request, visit, step, stamp(now))
    return _sent_on(request, _go(request, visit, step))


def _save(session: Session, visit: Visit, index: int, form: PageForm, now: datetime) -> Step:
    return service.save_page(
        session,
        visit,
        visit.pages[index],
        answers=form.answers,
        go=form.go,
        seconds=form.seconds,
        now=now,
        language=form.switch,
    )


def _speaking(request: Request, visit: Visit, draft: DraftAnswers | None, *chosen: str) -> Visit:
    """The visit in its language: the one chosen just now or before, else what the browser asks for, else the first."""
    kept = draft.language if draft else ""
    spoken = visit.having(draft).speaking(*chosen, kept, wished_by(request, visit.offered))
    speak(request, spoken.language)
    if spoken.on_trial:
        request.state.notice = trial.NOTICE
    elif spoken.ending is not None:
        request.state.notice = spoken.ending
    if spoken.at_kiosk and not spoken.spent:
        request.state.sitting = spoken.token
    return spoken


def _unusual(request: Request, visit: Visit) -> str | None:
    """The language of a visit where the browser would not ask for it by itself."""
    usual = wished_by(request, visit.offered) or next(iter(visit.offered))
    return None if visit.language == usual else visit.language


def _writing(visit: Visit) -> Visit:
    """The visit, where its survey asks for comments; NotFoundError where it does not."""
    if not visit.wave.policy.comments:
        raise NotFoundError(NO_SUCH_PAGE)
    return visit


def _go(request: Request, visit: Visit, step: Step, **more: object) -> Response:
    """Sends the browser to the page after this one; the overview is the page whose key is "send"."""
    return see_other(request, "respond:page", **_address(visit, step), **more)


def _address(visit: Visit, step: Step) -> dict[str, object]:
    return {"token": visit.token, "page": step.key, "left": 1 if step.asking else None}


def _part(request: Request, visit: Visit, step: Step, shown: str) -> Response:
    """The next page's part for htmx, with the address that the browser then shows."""
    draft = step.draft
    visit = _speaking(request, visit, draft)
    if step.key == SEND:
        answer = html(request, views.overview_part(views.overview(visit, draft)))
    elif step.key == COMMENTS:
        answer = html(request, comments.part(comments.page(visit, draft)))
    else:
        page = views.question(visit, visit.index(step.key), draft, shown=shown, asking=step.asking)
        answer = html(request, views.question_part(page))
    header = "HX-Replace-Url" if visit.at_kiosk else "HX-Push-Url"  # no way back to somebody's pages on a shared device
    answer.headers[header] = request.app.state.templates.path("respond:page", **_address(visit, step))
    return answer


def _too_late(request: Request, visit: Visit) -> Response:
    """The answers were sent before this page was: they stay as they were sent, and the page says so."""
    return _sent_on(request, see_other(request, "respond:thanks", token=visit.token, late=1))


def _sent_on(request: Request, answer: Response) -> Response:
    """An answer that leads to another page, for htmx too: it would put only a part of that page into this one."""
    if is_htmx(request):
        return Response(status_code=200, headers={"HX-Redirect": answer.headers["location"]})
    return answer


def _own_link(request: Request, visit: Visit) -> str:
    path: str = request.app.state.templates.path("respond:start", token=visit.token)
    return f"{request.app.state.settings.base_url}{path}"
