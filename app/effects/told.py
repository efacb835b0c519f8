"""What is planned, what was done, and what the next wave shows of it: frozen values for pages, reports and files.

Every number is one that a release or a comparison prints, or follows from such numbers alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from app.actions.facts import ENDED, Status
from app.releases.document.release import Change, Confirmation, Direction
from app.sentences import Sentence, say
from scoring.effects import LEAST_COMPARABLE

State = Literal["measured", "running", "not_compared", "not_shown"]
"""Of a quarter: the wave at its end shows what moved, there is none yet, the two waves were not compared, or the result
of one of them is none that the reader sees."""
Outcome = Literal["higher", "lower", "alike", "few", "not_told"]

OUTCOMES: Final[Mapping[Outcome, Sentence]] = {
    "higher": say("Rose more, or fell less, than comparable cells"),
    "lower": say("Rose less, or fell more, than comparable cells"),
    "alike": say("No clear difference from comparable cells"),
    "few": say("Cannot be told: fewer than 3 comparable cells"),
    "not_told": say("Cannot be told"),
}
SEEMS: Final[Mapping[Outcome, Sentence]] = {
    "higher": say("Seems to have risen more, or fallen less, than comparable cells"),
    "lower": say("Seems to have risen less, or fallen more, than comparable cells"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An action of the plan as it stood at a moment. `origin` is the department that was chosen for it, `department_id`
    the one that it belongs to: the same, or the one that took it over.

    `action` is its id in the library and `role` who answers for such an action there, both empty for one of their own;
    `owner` is the name of who does it. `taken` is the day on which it was taken on, `ended` on which it was done or
    dropped. `moves` are the dimensions whose cells it should move.
    """

    id: UUID
    origin: UUID
    department_id: UUID
    department: str
    action: str
    title: str
    role: str
    owner: str
    taken: date
    begins: date
    due: date
    hours: int
    status: Status
    ended: date | None
    moves: tuple[str, ...]
    evidence: str
    link: str
    reason: str

    def is_late(self, day: date) -> bool:
        """Whether its day is over and it has not ended."""
        return self.status not in ENDED and self.due < day


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """How a cell moved beside comparable ones, which moved by `centre` points on average.

    `distance` is its own change minus that, in whole points, and lies in `interval` with 95 % confidence. `direction`
    and `confirmation` are as of a change, with all cells that were acted on in the same quarter as the family.
    """

    centre: int
    distance: int
    interval: tuple[int, int]
    direction: Direction
    confirmation: Confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cell that an action should move, as two waves show it.

    `row_id` is that of the row of the later release that holds the department, None where it has none; `others` are the
    comparable cells. Without a `change`, `why` says why there is none.
    """

    row_id: str | None
    row: str
    dimension: str
    name: str
    change: Change | None
    why: str = ""
    others: int = 0
    beside: Nearby | None = None

    @property
    def outcome(self) -> Outcome:
        """What may be said of it."""
        if self.beside is None:
            few = self.change is not None and self.others < LEAST_COMPARABLE
            return "few" if few else "not_told"
        told: Mapping[Direction, Outcome] = {"up": "higher", "down": "lower", "none": "alike"}
        return told[self.beside.direction]

    @property
    def said(self) -> str:
        """The same in words, more carefully where it only seems so."""
        if self.change is None:
            return self.why
        seems = self.beside is not None and self.beside.confirmation == "seems"
        return SEEMS[self.outcome] if seems else OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """From the day on which a wave opened to that on which the next one did; that one shows what was done in it.

    The first one holds what was decided or ended before any wave, too. `ends` is the day on which the next wave opened,
    None where none has. `records` are the decision records issued in it, with their days. `going_on`
    has not ended at its end. `shown` has the cells of each action that was done, in the order of `done`.
    """

    label: str
    wave_id: UUID
    next_label: str | None
    next_id: UUID | None
    begins: date
    ends: date | None
    state: State
    decided: tuple[Deed, ...]
    records: tuple[tuple[int, date], ...]
    done: tuple[Deed, ...]
    dropped: tuple[Deed, ...]
    going_on: tuple[Deed, ...]
    shown: Mapping[UUID, tuple[Shown, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All of a client's plan as of a day: each action, by the day it is due, and the quarters, the oldest first."""

    organisation_id: UUID
    as_of: date
    deeds: tuple[Deed, ...]
    quarters: tuple[Quarter, ...]
