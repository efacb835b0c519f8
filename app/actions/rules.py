"""What may be said of an action of the plan, in sentences for what may not. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from app.actions.facts import ENDED, STATUSES, Facts
from app.actions.frame import FARTHEST
from app.errors import InvalidError
from app.playbooks.action import DIMENSIONS
from app.rosters import addresses
from app.sentences import Passage, say

MOST_HOURS: Final = 4000
LONGEST_TITLE: Final = 140
LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 1000
LONGEST_LINK: Final = 500
MOST_MOVED: Final = 5
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")

Titles = Mapping[UUID, str]
Needs = Mapping[UUID, tuple[UUID, ...]]


def require_possible(
    facts: Facts, before: Facts | None, *, own: UUID | None, titles: Titles, needs: Needs, today: date
) -> None:
    """InvalidError with a sentence for each field that can't be so.

    `before` is what was said so far, None of a new action; `titles` and `needs` are those of all actions of the plan.
    """
    found = {
        **dict(_about_texts(facts)),
        **dict(_about_owner(facts)),
        **dict(_about_day(facts, before, today)),
        **dict(_about_ending(facts)),
        **dict(_about_needs(facts, own, titles, needs)),
    }
    if found:
        raise InvalidError(Passage(found.values()), fields=found)


def require_owner(facts: Facts) -> None:
    """InvalidError with a sentence for each field, `owner` and `mail`, that can't be so."""
    found = dict(_about_owner(facts))
    if found:
        raise InvalidError(Passage(found.values()), fields=found)


def _about_texts(facts: Facts) -> Iterator[tuple[str, str]]:
    if not facts.title or len(facts.title) > LONGEST_TITLE or not facts.title.isprintable():
        yield "title", say("Say in one line what is to be done, in at most {most} characters.", most=LONGEST_TITLE)
    if not 1 <= facts.hours <= MOST_HOURS:
        yield "hours", say("Give the hours as a whole number from 1 to {most}.", most=MOST_HOURS)
    unknown = next((one for one in facts.moves if one not in DIMENSIONS), None)
    if unknown is not None:
        told = say("{name} is no dimension. They are T1 to T5 and R1 to R6, with commas between them.", name=unknown)
        yield "moves", told
    elif not 1 <= len(facts.moves) <= MOST_MOVED:
        yield "moves", say("Name one to {most} dimensions in which the next wave should show it.", most=MOST_MOVED)
    for field in ("reason", "evidence"):
        if len(getattr(facts, field)) > LONGEST_TEXT:
            count = len(getattr(facts, field))
            yield field, say("This has {count} characters. Use at most {most}.", count=count, most=LONGEST_TEXT)


def _about_owner(facts: Facts) -> Iterator[tuple[str, str]]:
    if len(facts.owner) > LONGEST_NAME or (facts.owner and not facts.owner.isprintable()):
        yield "owner", say("Use at most {most} characters for the name, on one line.", most=LONGEST_NAME)
    elif facts.mail and not facts.owner:
        yield "owner", say("Give the name of the person to whom this address belongs.")
    if facts.mail and addresses.address(facts.mail) is None:
        yield "mail", say("“{text}” is no mail address. Correct it, or leave it empty.", text=facts.mail[:60])


def _about_day(facts: Facts, before: Facts | None, today: date) -> Iterator[tuple[str, str]]:
    """A day that is over is refused where it is new; one that passed meanwhile may stay, and one of what has ended."""
    kept, ended = before is not None and before.due == facts.due, facts.status in ENDED
    if facts.due < today and not kept and not ended:
        yield "due", say("{day} is over. Choose a day from {today} on.", day=facts.due, today=today)
    elif facts.due > today + FARTHEST or (facts.due < today - FARTHEST and not kept):
        yield "due", say("{day} is too far away. Choose a day within three years.", day=facts.due)


def _about_ending(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.status not in STATUSES:
        yield "status", say("Choose how it stands: to do, under way, done or dropped.")
    if facts.status == "done" and not (facts.evidence or facts.link):
        yield "evidence", say("Say what shows that it is done, or give a link to it.")
    if facts.status == "dropped" and not facts.reason:
        yield "reason", say("Say in a sentence why it is dropped, so that nobody asks twice.")
    if facts.link and (len(facts.link) > LONGEST_LINK or not _LINK.fullmatch(facts.link)):
        yield "link", say("A link begins with https:// and has no spaces. Correct it, or leave it empty.")


def _about_needs(facts: Facts, own: UUID | None, titles: Titles, needs: Needs) -> Iterator[tuple[str, str]]:
    if any(one not in titles for one in facts.needs):
        yield "needs", say("One of the actions that come first is not in the plan any more. Choose again.")
        return
    way = None if own is None else circle(own, {**needs, own: facts.needs})
    if way is not None:
        named = " → ".join(facts.title if one == own else titles[one] for one in way)
        yield "needs", say("These would wait for each other: {circle}. Take one of them out.", circle=named)


def circle(start: UUID, needs: Needs) -> tuple[UUID, ...] | None:
    """A way along what comes first that leads from an action back to itself; None where there is none."""
    waiting: list[tuple[UUID, ...]] = [(start,)]
    seen: set[UUID] = set()
    while waiting:
        way = waiting.pop()
        for one in needs.get(way[-1], ()):
            if one == start:
                return (*way, start)
            if one not in seen:
                seen.add(one)
                waiting.append((*way, one))
    return None
