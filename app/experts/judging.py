"""What the ratings of experts come to as of a day (MEASUREMENT.md 2.2 and 2.3, ADR 0041). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import UUID

from app.sentences import Sentence, say
from scoring.zones import MIN_EXPERTS, apart

COUNTS_FOR: Final = timedelta(days=365)
"""So long a rating counts: what agents can do today is soon what they could do once."""

CAPABILITY: Final[Mapping[int, Sentence]] = {
    1: say("Fails in most cases, also with help"),
    2: say("Does parts of it; a person does most of the result again"),
    3: say("Does usual cases; a person checks each one and mends some"),
    4: say("Does nearly all cases well; unusual ones need a person"),
    5: say("Does it at least as well as a practised person, unusual cases too"),
}
"""CP: how well agents do this work today."""

HUMAN_PART: Final[Mapping[int, Sentence]] = {
    1: say("None: the agent does it alone"),
    2: say("The agent leads; a person looks at exceptions"),
    3: say("Person and agent share it evenly"),
    4: say("A person leads; the agent helps"),
    5: say("All of it: a person does it"),
}
"""HX: how large a person's part has to be, as agents are today; on the same scale as what staff prefer (HA)."""


class Rating(Protocol):
    """A rating as it is stored."""

    @property
    def user_id(self) -> UUID:
        """Whose it is."""

    @property
    def capability(self) -> int:
        """How well an agent can do the work today, 1 to 5 (CP; measurement design, 2.2)."""

    @property
    def human_part(self) -> int:
        """How much of a person the work needs, 1 to 5 (HX; 2.2)."""

    @property
    def rated_on(self) -> date:
        """The day of which it tells."""

    @property
    def made_at(self) -> datetime:
        """When it was given."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was taken back."""


Given = TypeVar("Given", bound=Rating)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What experts say of a workflow, one rating each in the order in which they were given. `ended` counts those that
    are too old."""

    capability: tuple[int, ...] = ()
    human_part: tuple[int, ...] = ()
    ended: int = 0

    @property
    def enough(self) -> bool:
        """Whether they count: two or more."""
        return len(self.capability) >= MIN_EXPERTS

    @property
    def contradict(self) -> bool:
        """Whether two of them are two steps apart, or more."""
        return apart(self.capability) or apart(self.human_part)


NOBODY: Final = Judgement()


def newest(ratings: Iterable[Given], *, at: datetime | None = None) -> tuple[Given, ...]:
    """The newest rating of each person at a moment, in the order in which they were given; none of who took theirs
    back."""
    found: dict[UUID, Given] = {}
    for one in sorted(ratings, key=lambda one: one.made_at):
        if at is None or one.made_at <= at:
            found.pop(one.user_id, None)
            found[one.user_id] = one
    return tuple(
        one for one in found.values() if one.withdrawn_at is None or (at is not None and one.withdrawn_at > at)
    )


def counts(one: Rating, day: date) -> bool:
    """Whether a rating is young enough on a day."""
    return one.rated_on > day - COUNTS_FOR


def judgement(ratings: Iterable[Rating], *, day: date, at: datetime | None = None) -> Judgement:
    """What these ratings of one workflow come to."""
    every = newest(ratings, at=at)
    there = [one for one in every if counts(one, day)]
    return Judgement(
        capability=tuple(one.capability for one in there),
        human_part=tuple(one.human_part for one in there),
        ended=len(every) - len(there),
    )
