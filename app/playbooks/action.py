"""An action of the library, and the words that its fields may hold (measurement design, 6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, get_args

from app.releases.document.release import Band
from app.sentences import Sentence, say
from scoring.gating import GATES
from scoring.levels import Level
from surveys.model import FUNCTIONS

Cost = Literal["low", "medium", "high"]
State = Literal["machine", "reviewed"]
OWN: Final = "OWN-"
"""How the ids of a client's own actions begin, and those of the service's library never do."""

DIMENSIONS: Final = tuple(gate.dimension for gate in GATES.rungs[-1].gates)
"""All that gates know: those of the questionnaire that this service brings along."""
CONTROLS: Final = GATES.controls
BANDS: Final[tuple[Band, ...]] = get_args(Band)
COSTS: Final[tuple[Cost, ...]] = get_args(Cost)
KNOWN_FUNCTIONS: Final = FUNCTIONS

NAMES: Final[Mapping[str, Sentence]] = {
    "T1": say("Competence"),
    "T2": say("Transparency and predictability"),
    "T3": say("Purpose and integrity"),
    "T4": say("Control and recoverability"),
    "T5": say("Fair treatment and safe challenge"),
    "R1": say("Skills and AI literacy"),
    "R2": say("Process and data readiness"),
    "R3": say("Guardrails and governance"),
    "R4": say("Roles and work design"),
    "R5": say("Leadership and resources"),
    "R6": say("Change commitment and efficacy"),
}

COST_WORDS: Final[Mapping[str, Sentence]] = {
    "low": say("Own people’s time only"),
    "medium": say("Time of specialists or small spending"),
    "high": say("A budget of its own"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a department can do.

    `bands` are those of `dimension` for which it is meant; `functions` the departments, none for all. `unlocks` are the
    controls that may be attested when it is done. `moves` are the dimensions whose cells the next wave should show
    otherwise, `questions` the ones to look at. `instead_of` is the action in whose place it stands in its `functions`.
    An action that is `recurring` may follow itself. Hours are of all people together.
    """

    id: str
    version: str
    dimension: str
    bands: tuple[str, ...]
    functions: tuple[str, ...]
    unlocks: tuple[str, ...]
    title: Sentence
    why: Sentence
    owner: str
    support: tuple[str, ...]
    steps: tuple[Sentence, ...]
    hours: int
    weeks: int
    cost: str
    evidence: tuple[Sentence, ...]
    moves: tuple[str, ...]
    questions: tuple[str, ...]
    risk: Sentence
    guardrails: tuple[str, ...]
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    instead_of: str | None
    recurring: bool
    review_by: str

    @property
    def level(self) -> Level | None:
        """The lowest level of autonomy for which one of its controls is asked, None without a control."""
        levels = (rung.level for rung in GATES.rungs if set(rung.controls) & set(self.unlocks))
        return min(levels, default=None)

    def is_for(self, function: str) -> bool:
        """Whether departments of this function can use it."""
        return not self.functions or function in self.functions


def is_own(id: str) -> bool:
    """Whether an id is that of a client's own action."""
    return id.startswith(OWN)


@dataclass(frozen=True, kw_only=True)
class Library:
    """All actions in the order of their dimensions, bands and ids; `sha256` is that of all files.

    `states` says for each language how far its words were looked at by somebody who speaks it. `retired` are a client's
    own actions that are in use no more and may stand in its plan.
    """

    version: str
    sha256: str
    actions: tuple[Action, ...]
    states: Mapping[str, State]
    retired: tuple[Action, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Action]:
        """Each action by its id."""
        return {one.id: one for one in self.actions}

    def known(self, id: str) -> Action | None:
        """An action, retired or not; None where there is none of this id."""
        return self.by_id.get(id) or next((one for one in self.retired if one.id == id), None)

    def meant_for(self, function: str) -> tuple[Action, ...]:
        """What a department of this function can use: its own actions stand in the place of those that they replace."""
        replaced = self._replaced(function)
        return tuple(one for one in self.actions if one.is_for(function) and one.id not in replaced)

    def stand_ins(self, function: str) -> Mapping[str, str]:
        """By the id of each action that is replaced in departments of a function, what stands in its place there."""
        replaced = self._replaced(function)

        def last(id: str) -> str:
            return last(replaced[id]) if id in replaced else id

        return {id: last(id) for id in replaced}

    def is_read(self, action: Action, language: str) -> bool:
        """Whether the words of an action in a language were written or looked at by somebody who speaks it."""
        return is_own(action.id) or self.states.get(language) != "machine"

    def _replaced(self, function: str) -> Mapping[str, str]:
        """What stands right in the place of what; it may be replaced itself."""
        return {one.instead_of: one.id for one in self.actions if one.instead_of and one.is_for(function)}
