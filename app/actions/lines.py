"""Actions of the plan as lines of a list: what is told of each in a few words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from app.accounts.access import Member
from app.actions.facts import ENDED, STATUS_WORDS, Status
from app.actions.places import Places
from app.actions.queries import Planned
from app.actions.views import Line
from app.sentences import Listing, Passage, Sentence, Value, say, say_count

DEEDS: Final[Mapping[Status, tuple[tuple[Status, Sentence], ...]]] = {
    "open": (("doing", say("Begin")),),
    "doing": (("done", say("Done")), ("open", say("Back to “To do”"))),
    "done": (("doing", say("Take up again")),),
    "dropped": (("open", say("Take up again")),),
}
"""Into which states an action can be moved from each."""


class Drawer:
    """Makes lines of actions for one person on one day."""

    def __init__(self, member: Member, every: Iterable[Planned], places: Places, today: date) -> None:
        self.member, self.places, self.today = member, places, today
        self.by_id: Mapping[UUID, Planned] = {one.id: one for one in every}

    def can_change(self, one: Planned) -> bool:
        """Whether this person may change it."""
        return self.places.may_change(self.member, self.places.now(one.facts.department_id))

    def line(self, one: Planned) -> Line:
        """An action as a line."""
        facts = one.facts
        return Line(
            id=one.id,
            title=one.title,
            department=self.places.name(facts.department_id),
            owner=facts.owner,
            when=_when(one),
            overdue=facts.status not in ENDED and facts.due < self.today,
            status=facts.status,
            standing=STATUS_WORDS[facts.status],
            about=Passage(_about(one), " · "),
            remarks=tuple(self._remarks(one)),
            deeds=DEEDS[facts.status] if self.can_change(one) else (),
            version=one.version,
        )

    def _remarks(self, one: Planned) -> Iterator[str]:
        facts = one.facts
        if facts.status in ENDED:
            return
        if told := self.places.told(facts.department_id):
            yield told
        if not facts.owner:
            yield say("Nobody has it yet.")
        elif one.refused:
            yield say("A mail to {name} was refused: {answer}. Correct the address, or give this to somebody else.",
                      name=facts.owner, answer=one.refused)  # fmt: skip
        before = [self.by_id[id] for id in facts.needs if id in self.by_id]
        waits = [each.title for each in before if each.facts.status not in ENDED]
        if waits:
            yield say("Waits for: {titles}.", titles=Listing(waits))
        dropped = [each.title for each in before if each.facts.status == "dropped"]
        if dropped:
            yield say("What it waited for was dropped: {titles}.", titles=Listing(dropped))


def _when(one: Planned) -> Sentence:
    if one.facts.status in ENDED and one.facts.ended is not None:
        return say("ended on {day}", day=one.facts.ended)
    return say("due on {day}", day=one.facts.due)


def _about(one: Planned) -> Iterator[Value]:
    facts = one.facts
    yield _when(one)
    if facts.owner:
        yield facts.owner
    yield say_count("{n} hour", "{n} hours", facts.hours)
    yield say("should move {cells}", cells=Listing(facts.moves))
