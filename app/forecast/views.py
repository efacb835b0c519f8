"""The page of this room, and the lines on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from app.clients.queries import DepartmentNode, OrganisationFacts
from app.forecast.turnout import HIGHEST, LOWEST, Turnout
from app.sentences import Sentence, say
from app.waves.queries import WaveView
from app.web.views import View

ALMOST_CERTAIN: Final = 95
Word = Literal["almost certain", "likely", "uncertain", "unlikely", "always pooled", "nobody here"]
CHANCES: Final[Mapping[Word, Sentence]] = {
    "almost certain": say("Almost certain"),
    "likely": say("Likely"),
    "uncertain": say("Uncertain"),
    "unlikely": say("Unlikely"),
    "always pooled": say("Always pooled"),
    "nobody here": say("Nobody here"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A department, or (`pooled`) several that are shown together.

    `shown` and `interval` are whole per cent, None where the question does not arise; `answers` are the expected ones.
    `otherwise` says with whom it is shown when it is not shown on its own; `members` are the departments of a pool.
    """

    name: str
    depth: int
    pooled: bool
    people: int
    answers: int
    shown: int | None
    word: Word
    interval: int | None
    otherwise: str = ""
    members: str = ""

    @property
    def chance(self) -> Sentence:
        """The word for how certain it is."""
        return CHANCES[self.word]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Departments to show together; `joins` is the name of the pool that is there already, None for a new one.

    `surely` is the chance, in per cent, that they reach the smallest group together also when ten points fewer answer.
    `alone` are the chances, in per cent, that each is shown on its own as things stand, None where it never is.
    """

    name: str
    joins: str | None
    members: tuple[DepartmentNode, ...]
    people: int
    answers: int
    surely: int
    alone: tuple[int | None, ...]

    @property
    def gives_up(self) -> tuple[str, ...]:
        """The departments that would almost certainly be shown on their own and are taken in to fill the pool up."""
        shown = zip(self.members, self.alone, strict=True)
        return tuple(node.name for node, percent in shown if percent is not None and percent >= ALMOST_CERTAIN)


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """All lines in the order of the tree, each pool after the departments of its parent, and what might be merged.

    `nothing` is the chance, in per cent, that so few answer that nothing at all is shown.
    """

    lines: tuple[Line, ...]
    proposals: tuple[Proposal, ...]
    nothing: int


@dataclass(frozen=True)
class Offer:
    """A proposal as a form: `members` are its departments as the form sends them, `name` what was typed."""

    proposal: Proposal
    members: str
    name: str
    error: str | None


@dataclass(frozen=True)
class ForecastPage(View):
    """What a wave will show if so many answer. `k` and `k_intervals` are the smallest groups of its policy."""

    template: ClassVar[str] = "forecast/forecast.html"
    organisation: OrganisationFacts
    wave: WaveView
    title: str
    turnout: Turnout
    lines: Sequence[Line]
    offers: Sequence[Offer]
    nothing: int
    lowest: int = LOWEST
    highest: int = HIGHEST
