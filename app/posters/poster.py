"""A poster: who asks, what for, how long it takes, until when, whom to ask, and the promise in short."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup
from sqlmodel import Session

from app.clients import queries as clients
from app.clients.brand import Brand
from app.sentences import Sentence
from app.waves import approvals, instruments
from app.waves.promise import GROUP_WITHOUT_GUESSES
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.web.qr import qr
from app.web.speech import speech
from app.web.templating import make_environment
from app.web.views import View
from surveys.arrange import longest_share, minutes, pages

LONGEST_CONTACT = 80


@dataclass(frozen=True)
class Sheet(View):
    """One printed page. `promised` are the headings of the promise; `contact` is whom to ask, "" for nobody named.

    `closes` is the day on which the wave ends, `hour` the time of it where that was announced, else "".
    """

    template: ClassVar[str] = "posters/sheet.html"
    organisation: str
    department: str
    link: str
    code: Markup
    minutes: int
    closes: date | None
    hour: str
    promised: tuple[Sentence, ...]
    contact: str


@dataclass(frozen=True)
class Document(View):
    """The printed pages one after another, each as HTML in its own language.

    `logo` is the address of an image, `colour` what is printed in the client's; "" where there is none. Both are said
    once, however many pages there are.
    """

    template: ClassVar[str] = "posters/document.html"
    sheets: tuple[Markup, ...]
    logo: str
    colour: str


def sheet(session: Session, wave: WaveView, department: WaveDepartmentFacts, link: str, *, contact: str) -> Sheet:
    """The poster of a department's shared link."""
    organisation = clients.organisation(session, wave.organisation_id)
    instrument = instruments.asked(session, wave)
    asked = pages(
        instrument,
        form="full" if wave.form == "full" else "pulse",
        function=department.function,
        seed=b"",
        workflows=department.workflows,
        share=longest_share(instrument, department.workflows),
    )
    ends = wave.ends_at.astimezone(ZoneInfo(organisation.time_zone)) if wave.ends_at else None
    promise = approvals.promise_of(wave, organisation, small=department.headcount < GROUP_WITHOUT_GUESSES)
    return Sheet(
        organisation=organisation.name,
        department=department.name,
        link=link,
        code=qr(link),
        minutes=minutes(asked),
        closes=ends.date() if ends else wave.planned_close,
        hour=f"{ends:%H:%M}" if ends else "",
        promised=tuple(line.heading for line in promise.seen),
        contact=contact,
    )


def usual_contact(wave: WaveView) -> str:
    """Whom the survey's own pages name, on one line; "" for nobody, and where that is too long for a poster."""
    told = " ".join((wave.contact or "").split())
    return told if len(told) <= LONGEST_CONTACT else ""


def document(sheets: Iterable[Sheet], languages: Sequence[str], brand: Brand) -> str:
    """The HTML that is printed: each sheet in each of the languages, with the logo and in the colour of a client."""
    written = tuple(Markup(_render(one, tag)) for one in sheets for tag in languages)  # noqa: S704  # escaped inside
    colour = brand.colours.on_paper if brand.colours else ""
    return _render(Document(written, brand.address, colour), languages[0])


def _render(view: View, language: str) -> str:
    values = {field: getattr(view, field) for field in view.__dataclass_fields__}
    return _environment(language).get_template(view.template).render(values)


@cache
def _environment(language: str) -> Environment:
    return make_environment(speech(language))
