"""What the mails say where the client has no words of its own, and which places may stand in words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from app.sentences import Sentence, say

INVITATION: Final = "invitation"
REMINDER: Final = "reminder"
THANKS: Final = "thanks"
RESULTS: Final = "results"
LINK: Final = "link"
KINDS: Final = (INVITATION, REMINDER, THANKS, RESULTS, LINK)
# Those that a client may word, and that are planned.
WORDED: Final = (INVITATION, REMINDER, THANKS, RESULTS)
WITH_LINK: Final = (INVITATION, REMINDER, LINK)
REMINDERS: Final = 3
PLACES: Final = ("name", "organisation")
LONGEST_SUBJECT: Final = 150
LONGEST_TEXT: Final = 3000


@dataclass(frozen=True, slots=True)
class Words:
    """The subject of a mail and what it says first; places in braces are filled in."""

    subject: Sentence
    text: Sentence


OURS: Final[Mapping[str, Words]] = {
    INVITATION: Words(
        say("{organisation} asks for your view"),
        say(
            "{organisation} asks how ready its departments are to work with AI agents, and would like to hear you. "
            "Whether you answer is up to you."
        ),
    ),
    REMINDER: Words(
        say("There is still time: {organisation} asks for your view"),
        say(
            "Some days ago you were asked how ready your department is to work with AI agents. There is still time to "
            "answer. Whether you do is up to you."
        ),
    ),
    THANKS: Words(
        say("Thank you for your answers"),
        say("Thank you for answering. Your answers were sent and count; nobody can find them among the others."),
    ),
    RESULTS: Words(
        say("The results are there"),
        say("The survey at {organisation} has closed, and its results are ready."),
    ),
    LINK: Words(
        say("Your link to the survey of {organisation}"),
        say(
            "Somebody gave your address to get this link again. If it was not you, you need do nothing. If you have "
            "answered already, the link says so."
        ),
    ),
}
HELLO: Final = say("Hello {name},")
HELLO_YOU: Final = say("Hello,")


def wrong_places(text: str) -> str | None:
    """What is wrong with the places in a client's own words, None when nothing is."""
    try:
        found = list(Formatter().parse(text))
    except ValueError:
        return say("There is a brace without its other half. Places are {places}.", places=_places())
    for _, name, layout, conversion in found:
        if name is not None and (name not in PLACES or layout or conversion):
            place = "{" + name + "}"
            return say(
                "“{place}” is no place that can be filled in. Places are {places}.", place=place, places=_places()
            )
    return None


def _places() -> str:
    return ", ".join("{" + one + "}" for one in PLACES)
