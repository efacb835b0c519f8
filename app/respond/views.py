"""The pages that a respondent sees."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar, Final

from app.answers.write import DraftAnswers
from app.clients.brand import Badge
from app.respond.comments import Written, written
from app.respond.forms import PageForm
from app.respond.receipts import sent_along
from app.respond.visit import SEND, Visit
from app.waves.approvals import promise_of
from app.waves.promise import GROUP_WITHOUT_GUESSES, Promise
from app.web.views import View
from surveys.arrange import Page
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument, Item

LONGEST_LABEL_IN_A_ROW = 16
ALL_LANGUAGES: Final = tuple(LANGUAGES.values())
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Answer:
    """One radio button: the `value` that is sent, and the `label` of its point of the scale."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """A statement with its answers; `apart` are don't know and no experience. `in_a_row`: labels are short."""

    id: str
    text: str
    answers: tuple[Answer, ...]
    apart: tuple[Answer, ...]
    in_a_row: bool
    left_out: bool
    error: str | None

    def __hash__(self) -> int:
        return hash((self.id, self.text, self.error))  # the answers too would take longer than what is looked up by it

    @property
    def chosen(self) -> str | None:
        """The label of the answer that was given."""
        return next((answer.label for answer in self.answers + self.apart if answer.chosen), None)


@dataclass(frozen=True)
class Invited:
    """What somebody should know before they start."""

    organisation: str
    department: str
    pages: int
    minutes: int
    closes: date | None
    contact: str | None
    badge: Badge


@dataclass(frozen=True)
class Results:
    """When and where the results are shared, in the organisation's words; None for what it has not said.

    `page` is where all staff read them, "" while nothing is published.
    """

    organisation: str
    contact: str | None
    told: str | None
    badge: Badge
    page: str = ""


@dataclass(frozen=True)
class WelcomePage(View):
    """Who asks, what for, how long, who sees what. `go_on` is the key of the page to go on with."""

    template: ClassVar[str] = "respond/welcome.html"
    token: str
    languages: tuple[Language, ...]
    invited: Invited
    promise: Promise
    begun: bool
    go_on: str


@dataclass(frozen=True)
class QuestionPage(View):
    """One page of the questionnaire: `number` of `count`, `minutes` to go.

    `asking` is how many statements were left out just now; that is asked about once. `own_link` is shown once.
    `answered`: something on this page is saved and can be cleared.
    """

    template: ClassVar[str] = "respond/question.html"
    own_fields: ClassVar[tuple[str, ...]] = ("token", "shown")
    piece_fields: ClassVar[Mapping[str, tuple[str, str]]] = {"questions": ("respond/_macros.html", "question")}
    token: str
    key: str
    number: int
    count: int
    minutes: int
    title: str
    stem: str
    questions: tuple[Question, ...]
    shown: str
    saved: bool
    answered: bool
    asking: int
    own_link: str | None
    languages: tuple[Language, ...]

    @property
    def is_common(self) -> bool:
        """False where it shows somebody their link."""
        return self.own_link is None


@dataclass(frozen=True)
class QuestionPart(QuestionPage):
    """The same without what stands around it, for htmx."""

    template: ClassVar[str] = "respond/_page.html"


@dataclass(frozen=True)
class SharedPage(View):
    """Behind a shared link: the welcome and the first page in one, so that nothing is made until a page is saved."""

    template: ClassVar[str] = "respond/shared.html"
    token: str
    languages: tuple[Language, ...]
    invited: Invited
    promise: Promise
    stem: str
    questions: tuple[Question, ...]
    shown: str
    nonce: str
    trouble: str | None


@dataclass(frozen=True)
class LookedOver:
    """A page in the overview before sending; `answered` counts its questions with an answer."""

    key: str
    title: str
    answered: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class OverviewPage(View):
    """Everything once more before it is sent."""

    template: ClassVar[str] = "respond/overview.html"
    token: str
    answered: int
    count: int
    pages: tuple[LookedOver, ...]
    written: tuple[Written, ...]
    before_sending: str
    trouble: str | None
    receipt: bool
    languages: tuple[Language, ...]


@dataclass(frozen=True)
class OverviewPart(OverviewPage):
    """The same without what stands around it, for htmx."""

    template: ClassVar[str] = "respond/_overview.html"


@dataclass(frozen=True)
class ThanksPage(View):
    """The answers were sent; `late` when somebody just tried to change them afterwards."""

    template: ClassVar[str] = "respond/thanks.html"
    promise: Promise
    results: Results
    late: bool
    languages: tuple[Language, ...]


@dataclass(frozen=True)
class ReceiptPage(View):
    """The answers as they were sent, shown in the answer to the sending and never again. `kept` are the fields with
    which this page asks for itself in another of the `languages`."""

    template: ClassVar[str] = "respond/receipt.html"
    token: str
    organisation: str
    department: str
    day: date
    pages: tuple[LookedOver, ...]
    written: tuple[Written, ...]
    results: Results
    promise: Promise
    kept: Mapping[str, str]
    languages: tuple[Language, ...]


@dataclass(frozen=True)
class Door:
    """Another department with a shared link of its own."""

    name: str
    token: str


@dataclass(frozen=True)
class ElsewherePage(View):
    """For somebody whose department it is not: other shared links where there are any, and whom to ask."""

    template: ClassVar[str] = "respond/elsewhere.html"
    organisation: str
    department: str
    doors: tuple[Door, ...]
    contact: str | None
    back: str
    languages: tuple[Language, ...]


@dataclass(frozen=True)
class RefusalPage(View):
    """A link that leads nowhere, or something that went wrong: what happened, what is safe, what to do."""

    template: ClassVar[str] = "respond/refusal.html"
    heading: str
    message: str
    languages: tuple[Language, ...] = ALL_LANGUAGES


def welcome(visit: Visit, draft: DraftAnswers | None) -> WelcomePage:
    """The welcome; somebody who has begun goes on with the first page they have not sent yet."""
    done = draft.seconds if draft else {}
    go_on = next((page.key for page in visit.pages if page.key not in done), SEND)
    begun = draft is not None and draft.begun
    return WelcomePage(visit.token, visit.choice, invited(visit), promise(visit), begun, go_on)


def shared(
    visit: Visit, *, nonce: str, shown: str, form: PageForm | None = None, trouble: str | None = None
) -> SharedPage:
    """The welcome with the first page; `form` is what was typed when it has to be sent again."""
    asked = _questions(
        visit.instrument, visit.pages[0], form.answers if form else {}, errors=form.errors if form else {}
    )
    stem = visit.pages[0].stem
    return SharedPage(visit.token, visit.choice, invited(visit), promise(visit), stem, asked, shown, nonce, trouble)


def question(
    visit: Visit,
    index: int,
    draft: DraftAnswers | None,
    *,
    shown: str,
    asking: bool = False,
    own_link: str | None = None,
    errors: Mapping[str, str] = NOTHING,
) -> QuestionPage:
    """A page with what was answered."""
    page = visit.pages[index]
    answers = draft.answers if draft else {}
    asked = _questions(visit.instrument, page, answers, errors=errors, asking=asking)
    return QuestionPage(
        token=visit.token,
        key=page.key,
        number=index + 1,
        count=len(visit.pages),
        minutes=visit.minutes_from(index),
        title=page.title,
        stem=page.stem,
        questions=asked,
        shown=shown,
        saved=draft is not None and draft.begun,
        answered=any(item.id in answers for item in page.items),
        asking=sum(q.left_out for q in asked) if asking else 0,
        own_link=own_link,
        languages=visit.choice,
    )


def overview(visit: Visit, draft: DraftAnswers | None, *, trouble: str | None = None) -> OverviewPage:
    """Everything once more."""
    pages = _looked_over(visit, draft)
    return OverviewPage(
        visit.token,
        sum(p.answered for p in pages),
        sum(len(p.questions) for p in pages),
        pages,
        written(visit, draft),
        promise(visit).before_sending,
        trouble,
        not visit.at_kiosk,  # on a shared device the next person would read them
        visit.choice,
    )


def thanks(visit: Visit, *, late: bool, page: str) -> ThanksPage:
    """Thank you, what was promised, and when and where the results are shared; `page` is where staff read them."""
    return ThanksPage(promise(visit), replace(_results(visit), page=page), late, visit.choice)


def receipt(visit: Visit, draft: DraftAnswers, *, day: date) -> ReceiptPage:
    """The answers of a draft that was sent on this day."""
    return ReceiptPage(
        token=visit.token,
        organisation=visit.organisation.name,
        department=visit.department.name,
        day=day,
        pages=_looked_over(visit, draft),
        written=written(visit, draft),
        results=_results(visit),
        promise=promise(visit),
        kept=sent_along(draft, day),
        languages=visit.choice,
    )


def elsewhere(visit: Visit, *, doors: tuple[Door, ...], back: str) -> ElsewherePage:
    """What somebody reads whose department it is not."""
    return ElsewherePage(visit.organisation.name, visit.department.name, doors, visit.wave.contact, back, visit.choice)


def question_part(page: QuestionPage) -> QuestionPart:
    """The part of a page that htmx puts in place of the page before."""
    return QuestionPart(**{f.name: getattr(page, f.name) for f in fields(page)})


def overview_part(page: OverviewPage) -> OverviewPart:
    """The part of the overview that htmx puts in place of the last page."""
    return OverviewPart(**{f.name: getattr(page, f.name) for f in fields(page)})


def promise(visit: Visit) -> Promise:
    """Who sees what; the frozen policy decides."""
    small = visit.department.headcount < GROUP_WITHOUT_GUESSES
    return promise_of(visit.wave, visit.organisation, small=small)


def _results(visit: Visit) -> Results:
    return Results(visit.organisation.name, visit.wave.contact, visit.wave.results, visit.badge)


def _looked_over(visit: Visit, draft: DraftAnswers | None) -> tuple[LookedOver, ...]:
    answers, asked = draft.answers if draft else {}, visit.instrument
    return tuple(
        LookedOver(one.key, one.title, sum(item.id in answers for item in one.items), _questions(asked, one, answers))
        for one in visit.opened
    )


def invited(visit: Visit) -> Invited:
    """What somebody should know before they start."""
    wave, names = visit.wave, (visit.organisation.name, visit.department.name)
    return Invited(*names, len(visit.pages), visit.minutes_from(0), wave.planned_close, wave.contact, visit.badge)


def _questions(
    instrument: Instrument,
    page: Page,
    answers: Mapping[str, str],
    *,
    errors: Mapping[str, str] = NOTHING,
    asking: bool = False,
) -> tuple[Question, ...]:
    return tuple(
        _question(instrument, item, answers.get(item.id), errors.get(item.id), asking=asking) for item in page.items
    )


# A question with one of its answers is the same for everybody; this many are all of a few questionnaires.
@lru_cache(maxsize=5000)
def _question(instrument: Instrument, item: Item, answer: str | None, error: str | None, *, asking: bool) -> Question:
    points = instrument.scales[item.scale].points
    offered = [code for code, there in (("nx", item.allow_nx), ("dk", item.allow_dk)) if there]
    return Question(
        id=item.id,
        text=item.text,
        answers=tuple(Answer(str(p.value), p.label, str(p.value) == answer) for p in points),
        apart=tuple(Answer(code, instrument.extra[code], code == answer) for code in offered),
        in_a_row=all(len(p.label) <= LONGEST_LABEL_IN_A_ROW for p in points),
        left_out=asking and answer is None,
        error=error,
    )
