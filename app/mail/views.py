"""The pages with the plan of a wave's mails, and with one mail as it will look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from app.clients.queries import OrganisationFacts
from app.mail.letter import LetterPage
from app.mail.queries import PlanFacts, RoundFacts
from app.mail.service import NAMES
from app.mail.words import LINK, REMINDER
from app.sentences import Sentence, say
from app.waves.queries import WaveView
from app.web.views import View
from surveys.languages import Language

STATES: Final[Mapping[str, Sentence]] = {
    "off": say("Nothing goes out yet."),
    "on": say("Mails go out on the days and in the hours of the plan."),
    "paused": say("Paused: nothing goes out until the mails are started again."),
}


@dataclass(frozen=True)
class RoundLine:
    """A mail that is going out or has gone out: for how many people of the list, and how many were dealt with."""

    name: Sentence
    number: int
    people: int
    dealt: int


@dataclass(frozen=True)
class KindLine:
    """A mail that may be worded, with the languages of the wave."""

    kind: str
    name: Sentence


@dataclass(frozen=True)
class MailPage(View):
    """When mails go out, under which name, how fast, and how far they are; the same whoever has answered."""

    template: ClassVar[str] = "mail/plan.html"
    organisation: OrganisationFacts
    wave: WaveView
    plan: PlanFacts
    told: Sentence
    trouble: str
    server: bool
    addresses: int
    rounds: tuple[RoundLine, ...]
    kinds: tuple[KindLine, ...]
    languages: tuple[Language, ...]
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WordingPage(View):
    """One mail in one language, as it will look, with the client's own words.

    `address`: where a test mail goes; `trouble`: why the last one was not taken.
    """

    template: ClassVar[str] = "mail/wording.html"
    organisation: OrganisationFacts
    wave: WaveView
    kind: KindLine
    spoken: Language
    subject: str
    text: str
    letter: LetterPage
    address: str
    server: bool
    trial: Mapping[str, str] | None
    trouble: str
    errors: Mapping[str, str] = field(default_factory=dict)


def rounds(found: Sequence[RoundFacts]) -> tuple[RoundLine, ...]:
    """The rounds that people are told of, in the order in which they go out."""
    order = list(NAMES)
    shown = sorted((one for one in found if one.kind != LINK), key=lambda one: (order.index(one.kind), one.number))
    return tuple(
        RoundLine(NAMES[one.kind], one.number if one.kind == REMINDER else 0, one.people, one.dealt) for one in shown
    )
