"""The plan as a calendar (RFC 5545): a whole day for each action that is to be done. Pure, but for the library."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from icalendar import Calendar, Event

from app.actions.facts import STATUS_WORDS
from app.actions.places import Places
from app.actions.queries import Planned
from app.sentences import Passage, say
from app.web.speech import Speech

PRODUCT: Final = "-//Plumbline//Action plan//EN"
ARCHIVED: Final = say("archived")
RESTS: Final = say(
    "This client is archived: its plan is as it was, and changes only once somebody brings the client back."
)
EVERY: Final = timedelta(hours=6)
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"


def written(
    actions: Iterable[Planned], places: Places, *, name: str, domain: str, spoken: Speech, rests: bool = False
) -> bytes:
    """The calendar of these actions, those that were dropped as cancelled. No address of anybody is in it.

    `rests`: the client is archived, which it says.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _told(spoken, Passage((name, ARCHIVED), " · ")) if rests else name)
    if rests:
        made.add("x-wr-caldesc", _told(spoken, RESTS))
    made.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for one in actions:
        made.add_component(_event(one, places, domain=domain, spoken=spoken))
    content: bytes = made.to_ical()
    return content


def _event(one: Planned, places: Places, *, domain: str, spoken: Speech) -> Event:
    facts = one.facts
    made = Event()
    made.add("uid", f"{one.id}@{domain}")
    made.add("dtstamp", one.saved_at)
    made.add("last-modified", one.saved_at)
    made.add("created", one.taken_at)
    made.add("sequence", one.version - 1)
    made.add("dtstart", facts.due)
    if facts.due < date.max:  # a whole day without an end is that day (RFC 5545, 3.6.1)
        made.add("dtend", facts.due + timedelta(days=1))
    made.add("summary", _told(spoken, one.title))
    who = facts.owner or say("Nobody has it yet.")
    about = Passage((places.name(facts.department_id), who, STATUS_WORDS[facts.status]), " · ")
    made.add("description", _told(spoken, about))
    made.add("status", "CANCELLED" if facts.status == "dropped" else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    return made


def _told(spoken: Speech, text: str) -> str:
    return " ".join(str(spoken.say(text)).split())
