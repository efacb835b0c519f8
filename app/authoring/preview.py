"""The draft as a respondent will see it: the real pages of the survey, in frames in which nothing can be sent."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.authoring import pages, views
from app.clients import brand
from app.clients import queries as clients
from app.clients.brand import Badge
from app.clients.functions import FUNCTIONS
from app.clients.queries import OrganisationFacts
from app.numerals import whole
from app.questionnaires import drafts, loading, queries
from app.respond.preview import looked_at, sample_visit
from app.respond.visit import Visit
from app.sentences import say
from app.waves.languages import Offered
from app.web.access import access
from app.web.database import Now, ReadSession
from app.web.security import POLICY, letting
from app.web.speech import language_of, speak
from app.web.views import html
from surveys.languages import LANGUAGES
from surveys.model import Form, Instrument
from surveys.translations import Translation

router = APIRouter()

ONE = "/organisations/{organisation_id}/questionnaires/{instrument_id}/preview"
FORMS: Final = (("full", say("Full questionnaire")), ("pulse", say("Pulse")))

# The page with the frames may show our own pages in them; a framed page runs and sends nothing.
FRAMING: Final = f"{POLICY}; frame-src 'self'"
FRAMED: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a questionnaire is looked at; `page` counts from 0, the welcome."""

    language: str
    function: str
    form: Form
    page: int


@router.get(ONE, name="authoring:preview")
@access("client")
def preview_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    now: Now,
    instrument_id: UUID,
    language: str = "",
    function: str = "",
    form: str = "full",
    page: str = "1",
) -> Response:
    """The questionnaire at the width of a telephone and of a desktop, in the reader's language until one is chosen."""
    shown = _shown(session, member.organisation_id, instrument_id)
    choice = _choice(shown, language or language_of(request), function, form, page)
    organisation = clients.organisation(session, member.organisation_id)
    visit = _visit(shown, choice, organisation, brand.UNADORNED, now)
    place = pages.place(session, member.organisation_id, instrument_id)
    answer = html(request, _page(place, shown, choice, visit))
    answer.headers["Content-Security-Policy"] = FRAMING
    return answer


@router.get(ONE + "/page", name="authoring:frame")
@access("client")
def frame(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    now: Now,
    instrument_id: UUID,
    language: str = "en",
    function: str = "",
    form: str = "full",
    page: str = "1",
) -> Response:
    """One page of the survey, as a respondent gets it, for the frames of the preview."""
    shown = _shown(session, member.organisation_id, instrument_id)
    choice = _choice(shown, language, function, form, page)
    organisation = clients.organisation(session, member.organisation_id)
    visit = _visit(shown, choice, organisation, brand.badge(session, organisation.id), now)
    speak(request, choice.language)
    answer = html(request, looked_at(visit, choice.page))
    answer.headers["Content-Security-Policy"] = letting(FRAMED, request.app.state.sheet)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@dataclass(frozen=True)
class Shown:
    """A questionnaire with its translations: the draft, or the newest version where nothing is being changed."""

    instrument: Instrument
    translations: MappingProxyType[str, Translation]

    @property
    def offered(self) -> Offered:
        """Every language; one that lacks a translation is asked in English."""
        return {tag: self.translations.get(tag) for tag in LANGUAGES}


def _shown(session: Session, organisation_id: UUID, instrument_id: UUID) -> Shown:
    facts = queries.instrument(session, organisation_id, instrument_id)
    if not facts.drafting:
        instrument = loading.newest(session, organisation_id, facts.key)
        return Shown(instrument, MappingProxyType(dict(loading.translations(session, organisation_id, instrument))))
    draft = drafts.draft(session, organisation_id, instrument_id)
    found = {tag: draft.translation(tag) for tag in draft.languages}
    return Shown(draft.instrument, MappingProxyType({tag: one for tag, one in found.items() if one is not None}))


def _visit(shown: Shown, choice: Choice, organisation: OrganisationFacts, badge: Badge, now: datetime) -> Visit:
    return sample_visit(
        organisation,
        shown.instrument,
        choice.form,
        choice.function,
        offered=shown.offered,
        language=choice.language,
        badge=badge,
        now=now,
    )


def _choice(shown: Shown, language: str, function: str, form: str, page: str) -> Choice:
    """What was chosen, where there is such a thing; otherwise what is shown first."""
    functions = shown.instrument.functions
    return Choice(
        language if language in LANGUAGES else "en",
        function if function in functions else next(iter(functions)),
        "pulse" if form == "pulse" else "full",
        whole(page) or 0,
    )


def _page(place: views.Place, shown: Shown, choice: Choice, visit: Visit) -> views.PreviewPage:
    count = len(visit.pages)
    at = min(choice.page, count)
    named = ((number, page.title) for number, page in enumerate(visit.pages, start=1))
    return views.PreviewPage(
        place=place,
        languages=tuple(LANGUAGES.values()),
        functions=tuple((key, FUNCTIONS[key]) for key in shown.instrument.functions),
        forms=FORMS,
        pages=((0, say("Welcome")), *named),
        chosen=MappingProxyType(
            {"language": choice.language, "function": choice.function, "form": choice.form, "page": str(at)}
        ),
        before=at - 1 if at > 0 else None,
        after=at + 1 if at < count else None,
    )
