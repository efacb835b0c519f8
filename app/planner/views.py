"""The pages of the year, and of what is done to a wave while it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.clients.queries import OrganisationFacts
from app.planner.rows import Row
from app.sentences import Sentence
from app.waves.checks import Blocker
from app.waves.moments import Typed
from app.waves.queries import WaveView
from app.web.views import View


@dataclass(frozen=True)
class RunLine:
    """A wave that has opened: its state and its dates in words."""

    wave: WaveView
    state: str
    form: str
    dates: str


@dataclass(frozen=True)
class RowLine:
    """A planned or proposed wave as the form shows it. `name` begins the names of its fields.

    `quarter` says which months it is for, "" where that is not known. `blockers` hold up an opening whose time has
    come, or would if it opened now; `mails` says which mails go out by themselves.
    """

    name: str
    row: Row
    wave: WaveView | None
    quarter: str
    blockers: Sequence[Blocker]
    mails: str


@dataclass(frozen=True)
class YearPage(View):
    """The year of an assessment. `changes` is what somebody else changed meanwhile, `seen` what this page shows.

    `lists_from` is the label of the newest wave with a list of people, "" for none; `lists_go_on`: planned waves take
    over the list of the wave before.
    """

    template: ClassVar[str] = "planner/year.html"
    organisation: OrganisationFacts
    assessment: str
    opened: Sequence[RunLine]
    rows: Sequence[RowLine]
    forms: Sequence[tuple[str, Sentence]]
    months: Sequence[tuple[int, Sentence]]
    seen: str
    lists_from: str
    lists_go_on: bool
    changes: Sequence[str]
    errors: Mapping[str, str]


@dataclass(frozen=True)
class RunInput:
    """What was typed on the page of a wave that runs."""

    closes: Typed
    until: Typed
    target: str
    reason: str


@dataclass(frozen=True)
class RunPage(View):
    """What can be done to a wave before it closes. `answers`: whether some are in, which decides what can be undone."""

    template: ClassVar[str] = "planner/run.html"
    organisation: OrganisationFacts
    wave: WaveView
    answers: bool
    typed: RunInput
    errors: Mapping[str, str]
