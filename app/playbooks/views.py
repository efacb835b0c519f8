"""The pages of the library: what there is, and one action."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.clients.queries import OrganisationFacts
from app.sentences import Sentence, Value
from app.web.views import View

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """An action in the list: `about` says for whom it is and what it takes."""

    id: str
    title: Sentence
    about: Value


@dataclass(frozen=True)
class Shelf:
    """The actions of one dimension."""

    id: str
    name: Sentence
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class LibraryPage(View):
    """The library, filtered. `machine`: the words in this language were not looked at by a person yet."""

    template: ClassVar[str] = "playbooks/library.html"
    organisation: OrganisationFacts
    dimension: str
    band: str
    function: str
    dimensions: Options
    bands: Options
    functions: Options
    shelves: tuple[Shelf, ...]
    count: int
    own: int
    version: str
    machine: bool


@dataclass(frozen=True)
class Fact:
    """One line about an action."""

    name: Sentence
    value: Value


@dataclass(frozen=True)
class ActionPage(View):
    """One action whole. `before` are those that have to be done first, `replaced` the one it stands in for, `stand_ins`
    the client's own that stand in its place."""

    template: ClassVar[str] = "playbooks/action.html"
    organisation: OrganisationFacts
    action_id: str
    title: Sentence
    why: Sentence
    steps: tuple[Sentence, ...]
    evidence: tuple[Sentence, ...]
    risk: Sentence
    facts: tuple[Fact, ...]
    before: tuple[Line, ...]
    replaced: Line | None
    stand_ins: tuple[Line, ...]
    is_own: bool
    in_use: bool
    machine: bool


@dataclass(frozen=True)
class Proposed:
    """An action that is proposed, and why."""

    line: Line
    reason: Sentence


@dataclass(frozen=True)
class Unfitting:
    """An action that would be proposed, and what stands against it."""

    line: Line
    missed: Sentence


@dataclass(frozen=True)
class ProposalPage(View):
    """What is proposed for one row of a release within a capacity. `attested` says which controls are not in force,
    `untold` what nothing can be said of."""

    template: ClassVar[str] = "playbooks/proposal.html"
    organisation: OrganisationFacts
    wave_id: str
    label: str
    row_id: str
    name: str
    hours: str
    lacking: str
    attested: Sentence
    level: str
    levels: Options
    errors: Mapping[str, Sentence]
    proposed: tuple[Proposed, ...]
    left_out: tuple[Unfitting, ...]
    total: Sentence
    untold: Sentence | None
    machine: bool
