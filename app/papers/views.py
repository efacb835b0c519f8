"""The pages of the papers: those behind a review link, and the consultant's page with the links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from app.approval.queries import LinkFacts
from app.clients.queries import OrganisationFacts
from app.explore.headline import Headline
from app.explore.heatmap import Heatmap
from app.papers.forms import NOTHING, DecisionInput
from app.papers.questions import Section
from app.papers.service import Reading
from app.readers import service as readers
from app.releases.document.release import DimensionHead
from app.sentences import Sentence
from app.settings import Settings
from app.waves.approvals import Decision
from app.waves.promise import Promise
from app.waves.queries import WaveView
from app.web.views import View
from surveys.comments import CommentQuestion
from surveys.languages import Language
from surveys.model import Instrument


@dataclass(frozen=True)
class LinkLine:
    """A review link on the consultant's page, and what was decided with it last."""

    link: readers.LinkLine
    decision: Decision | None


@dataclass(frozen=True)
class ConsolePage(View):
    """The review links of a wave and every decision. `making`: links can still be made."""

    template: ClassVar[str] = "papers/console.html"
    organisation: OrganisationFacts
    wave: WaveView
    lines: Sequence[LinkLine]
    decisions: Sequence[Decision]
    making: bool
    typed: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StartPage(View):
    """What a reader finds behind their link: the papers, the policy in short, and the decision."""

    template: ClassVar[str] = "papers/start.html"
    reading: Reading
    minutes: str
    questions: int
    decisions: Sequence[Decision]
    deciding: bool
    typed: DecisionInput = NOTHING
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionnairePage(View):
    """Every question with its answers, module by module, and the questions for comments where they are asked.

    `instrument` is the questionnaire in `words`, a language of those `offered`; `spoken` says what words they are.
    """

    template: ClassVar[str] = "papers/questionnaire.html"
    reading: Reading
    instrument: Instrument
    spoken: str
    sections: Sequence[Section]
    comments: Sequence[CommentQuestion]
    words: Language
    offered: Sequence[Language]


@dataclass(frozen=True)
class PromisePaper(View):
    """The promise, word for word as respondents read it, and the settings behind it."""

    template: ClassVar[str] = "papers/promise.html"
    reading: Reading
    promise: Promise
    words: Language
    offered: Sequence[Language]


@dataclass(frozen=True, slots=True)
class Sent:
    """Where links of this service begin, and the address that its mails come from."""

    base_url: str
    address: str


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail as it is sent: which one, its subject and all of its text."""

    name: Sentence
    subject: str
    text: str


@dataclass(frozen=True)
class MailsPaper(View):
    """Every mail in one language of the wave; none where there is no list of people."""

    template: ClassVar[str] = "papers/mails.html"
    reading: Reading
    sender: str
    spoken: Language
    offered: Sequence[Language]
    mails: Sequence[MailText]


@dataclass(frozen=True)
class AssessmentPaper(View):
    """The draft of a data protection impact assessment, to be completed by the person responsible."""

    template: ClassVar[str] = "papers/assessment.html"
    reading: Reading
    instrument: Instrument
    decisions: Sequence[Decision]


@dataclass(frozen=True)
class InformationPaper(View):
    """The information sheet for the works council, to be completed by the client."""

    template: ClassVar[str] = "papers/information.html"
    reading: Reading
    minutes: str
    questions: int
    dimensions: Sequence[str]


@dataclass(frozen=True)
class SamplePaper(View):
    """A heatmap of made-up numbers of a made-up organisation."""

    template: ClassVar[str] = "papers/sample.html"
    reading: Reading
    headline: Headline
    heatmap: Heatmap
    dimensions: Sequence[DimensionHead]


def sent_from(settings: Settings) -> Sent:
    """What the settings say of mails."""
    return Sent(settings.base_url, settings.mail_from)


def link_line(link: LinkFacts, url: str, decisions: Sequence[Decision]) -> LinkLine:
    """One line of the consultant's page."""
    latest = next((one for one in decisions if one.link_id == link.id), None)
    return LinkLine(readers.listed(link, url), latest)
