"""How many people are expected to rate each workflow of a draft, and what follows where they are too few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.clients.queries import DepartmentNode
from app.forecast.turnout import Turnout, expected
from app.releases import store
from app.sentences import Listing, Passage, Sentence, say
from app.waves.queries import WaveView
from scoring.zones import MIN_RATERS
from surveys.arrange import MOST_EACH

SURE_FROM = 8
"""From so many expected raters on, five of them are as good as certain."""


@dataclass(frozen=True, slots=True)
class Raters:
    """How many of a department's people are expected to rate each of its workflows; `few` where that may not do.

    Where it has more workflows than one person rates, `of` how many they are: then if everybody does all of them.
    """

    people: int
    expected: int
    of: int = 0

    @property
    def few(self) -> bool:
        """Whether fewer than five may rate it, so that it would have no zone."""
        return self.expected < SURE_FROM

    @property
    def told(self) -> str:
        """In words, beside the department's workflows."""
        about = (
            say(
                "Each person rates {most} of these {all} by lot, of those that they do. If everybody does all of them, "
                "about {count} of {people} people would rate each.",
                most=MOST_EACH,
                all=self.of,
                count=self.expected,
                people=self.people,
            )
            if self.of
            else say("About {count} of {people} people would rate each.", count=self.expected, people=self.people)
        )
        if self.of and self.few:
            fewer = say(
                "It may miss the {least} that a zone needs: ask about fewer of them now, and about others next time.",
                least=MIN_RATERS,
            )
            return Passage((about, fewer))
        if self.expected < MIN_RATERS:
            return Passage((about, say("Too few for a zone, which needs {least}.", least=MIN_RATERS)))
        return (
            Passage((about, say("It may miss the {least} that a zone needs.", least=MIN_RATERS))) if self.few else about
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """The turnout that is expected, and the raters of each department."""

    turnout: Turnout
    raters: Mapping[UUID, Raters]

    def told(self, rated: Sequence[DepartmentNode]) -> tuple[Sentence, ...]:
        """What to know before the wave opens: on what this rests, and which departments may have too few raters."""
        if not rated:
            return ()
        rests = (
            say(
                "Reckoned with the turnout of {wave}, {percent} %.",
                wave=self.turnout.wave,
                percent=self.turnout.percent,
            )
            if self.turnout.wave
            else say(
                "Reckoned with a turnout of {percent} %, because there is no result yet.", percent=self.turnout.percent
            )
        )
        few = [node.name for node in rated if self.raters[node.id].few]
        if not few:
            return (rests, say("Every workflow is expected to have enough raters for a zone."))
        return (
            rests,
            say(
                "Workflows of {names} may have fewer than {least} raters and so no zone. Their people are asked all "
                "the same; aim at a higher turnout there, or let a larger department rate them.",
                names=Listing(few),
                least=MIN_RATERS,
            ),
        )


def outlook(session: Session, wave: WaveView, nodes: Sequence[DepartmentNode], counts: Mapping[UUID, int]) -> Outlook:
    """The raters to expect of each department: its own people, at the turnout of the wave before. One statement.

    `counts` says how many workflows a department is asked about.
    """
    last = None if wave.previous_wave_id is None else store.latest(session, wave.organisation_id, wave.previous_wave_id)
    turnout = expected(nodes, last.document if last else None, percent=None)
    return Outlook(
        turnout,
        {
            node.id: _raters(node.headcount, share * node.headcount, counts.get(node.id, 0))
            for node, share in zip(nodes, turnout.departments, strict=True)
        },
    )


def _raters(people: int, answering: float, count: int) -> Raters:
    if count <= MOST_EACH:
        return Raters(people, round(answering))
    return Raters(people, round(answering * MOST_EACH / count), count)
