"""The accessibility statement: what was looked at and how, criterion by criterion, and what is known to be missing.

It says what was tried and found and never that all is well. Whoever changes pages keeps it true: the browser tests of
`tests/respond` and `tests/test_browser.py` are what it tells of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

from fastapi import APIRouter, Request, Response

from app.respond.doorway import RespondentRoute
from app.respond.views import ALL_LANGUAGES
from app.sentences import Listing, Sentence, say
from app.web.access import access
from app.web.catalogs import RESPONDENT, SOURCE, state_of
from app.web.speech import speak, wished_by
from app.web.views import View, html
from surveys import load
from surveys.languages import LANGUAGES, Language

router = APIRouter(route_class=RespondentRoute)

WAYS: Final[dict[str, Sentence]] = {
    "a": say("axe-core, a program that looks for faults, in five languages and on all pages of the survey"),
    "k": say("the whole way with a keyboard alone, from the first page to the thanks, in a browser test"),
    "t": say("names, roles and announcements, read from the accessibility tree that screen readers get"),
    "w": say("a width of 320 pixels, which is also a zoom of 400 %"),
    "c": say("light, dark and forced colours, with measured contrast"),
    "p": say("pages and style sheets read by the people who made them"),
}
NONE: Final = say("There is nothing of this kind")
LOGOS: Final = say("Logos only, which the criterion allows")
FINE: Final = say("No fault found")
GAP: Final = say("Gap, see above")

# Number, name, level, and the ways in which it was looked at; "-" where there is nothing of the kind, "!" for a gap,
# "l" where there are only the logos of organisations.
CRITERIA: Final[tuple[tuple[str, Sentence, str, str], ...]] = (
    ("1.1.1", say("Non-text Content"), "A", "at"),
    ("1.2.1", say("Audio-only and Video-only (Prerecorded)"), "A", "-"),
    ("1.2.2", say("Captions (Prerecorded)"), "A", "-"),
    ("1.2.3", say("Audio Description or Media Alternative (Prerecorded)"), "A", "-"),
    ("1.2.4", say("Captions (Live)"), "AA", "-"),
    ("1.2.5", say("Audio Description (Prerecorded)"), "AA", "-"),
    ("1.3.1", say("Info and Relationships"), "A", "at"),
    ("1.3.2", say("Meaningful Sequence"), "A", "kp"),
    ("1.3.3", say("Sensory Characteristics"), "A", "p"),
    ("1.3.4", say("Orientation"), "AA", "p"),
    ("1.3.5", say("Identify Input Purpose"), "AA", "ap"),
    ("1.4.1", say("Use of Color"), "A", "cp"),
    ("1.4.2", say("Audio Control"), "A", "-"),
    ("1.4.3", say("Contrast (Minimum)"), "AA", "ac"),
    ("1.4.4", say("Resize Text"), "AA", "w"),
    ("1.4.5", say("Images of Text"), "AA", "l"),
    ("1.4.10", say("Reflow"), "AA", "w"),
    ("1.4.11", say("Non-text Contrast"), "AA", "p"),
    ("1.4.12", say("Text Spacing"), "AA", "w"),
    ("1.4.13", say("Content on Hover or Focus"), "AA", "-"),
    ("2.1.1", say("Keyboard"), "A", "k"),
    ("2.1.2", say("No Keyboard Trap"), "A", "k"),
    ("2.1.4", say("Character Key Shortcuts"), "A", "-"),
    ("2.2.1", say("Timing Adjustable"), "A", "kp"),
    ("2.2.2", say("Pause, Stop, Hide"), "A", "-"),
    ("2.3.1", say("Three Flashes or Below Threshold"), "A", "-"),
    ("2.4.1", say("Bypass Blocks"), "A", "ap"),
    ("2.4.2", say("Page Titled"), "A", "at"),
    ("2.4.3", say("Focus Order"), "A", "k"),
    ("2.4.4", say("Link Purpose (In Context)"), "A", "at"),
    ("2.4.5", say("Multiple Ways"), "AA", "p"),
    ("2.4.6", say("Headings and Labels"), "AA", "tp"),
    ("2.4.7", say("Focus Visible"), "AA", "kc"),
    ("2.4.11", say("Focus Not Obscured (Minimum)"), "AA", "k"),
    ("2.5.1", say("Pointer Gestures"), "A", "-"),
    ("2.5.2", say("Pointer Cancellation"), "A", "p"),
    ("2.5.3", say("Label in Name"), "A", "t"),
    ("2.5.4", say("Motion Actuation"), "A", "-"),
    ("2.5.7", say("Dragging Movements"), "AA", "-"),
    ("2.5.8", say("Target Size (Minimum)"), "AA", "aw"),
    ("3.1.1", say("Language of Page"), "A", "a"),
    ("3.1.2", say("Language of Parts"), "AA", "!"),
    ("3.2.1", say("On Focus"), "A", "k"),
    ("3.2.2", say("On Input"), "A", "k"),
    ("3.2.3", say("Consistent Navigation"), "AA", "p"),
    ("3.2.4", say("Consistent Identification"), "AA", "p"),
    ("3.2.6", say("Consistent Help"), "A", "p"),
    ("3.3.1", say("Error Identification"), "A", "at"),
    ("3.3.2", say("Labels or Instructions"), "A", "at"),
    ("3.3.3", say("Error Suggestion"), "AA", "p"),
    ("3.3.4", say("Error Prevention (Legal, Financial, Data)"), "AA", "p"),
    ("3.3.7", say("Redundant Entry"), "A", "p"),
    ("3.3.8", say("Accessible Authentication (Minimum)"), "AA", "p"),
    ("4.1.2", say("Name, Role, Value"), "A", "at"),
    ("4.1.3", say("Status Messages"), "AA", "t"),
)
UNREAD: Final = say("The pages in {languages} were translated by a machine, and nobody has reviewed all of the words.")
GAPS: Final = (
    say("Nobody who uses a screen reader, magnification or voice control every day has tried these pages yet."),
    say("They were tried in Chromium. Other browsers and real screen readers were not."),
    UNREAD,
    say(
        "A shared device gives whoever touches nothing for a minute and a half no more than half a minute to say that "
        "they are still there. Nobody can set another time for themselves; with a link of your own there is none "
        "(2.2.1)."
    ),
    say(
        "What an organisation writes itself, such as whom to ask, may be in another language than the page around it, "
        "and the page can’t say in which (3.1.2)."
    ),
    say(
        "For those who evaluate: the pages of the console were looked at with axe-core, at 320 pixels and without "
        "scripts. In forced colours only the parts that they are made of were looked at, and with a keyboard alone the "
        "heatmap; not every page."
    ),
    say(
        "The report as a PDF has tags, a language and a title, and tests read its structure back as PDF/UA-1 asks for "
        "it. No program that checks that standard and no screen reader was tried on it."
    ),
)


@dataclass(frozen=True)
class Criterion:
    """One criterion: what was found, and the letters of the ways in which it was looked at."""

    number: str
    name: Sentence
    level: str
    found: Sentence
    ways: str


@dataclass(frozen=True)
class StatementPage(View):
    """The public accessibility statement: each criterion with how it was tested, and known gaps."""

    template: ClassVar[str] = "respond/accessibility.html"
    languages: tuple[Language, ...]
    ways: dict[str, Sentence]
    criteria: tuple[Criterion, ...]
    gaps: tuple[Sentence, ...]


@router.get("/accessibility", name="respond:accessibility")
@access("public")
def statement(request: Request, language: str = "") -> Response:
    """The statement in the reader's language, for those who answer and for those who evaluate."""
    speak(request, language if language in LANGUAGES else wished_by(request, LANGUAGES) or "en")
    return html(request, StatementPage(ALL_LANGUAGES, WAYS, tuple(_criterion(*one) for one in CRITERIA), gaps()))


@cache
def gaps() -> tuple[Sentence, ...]:
    """What is known to be missing; of the languages those whose words nobody has reviewed."""
    unread = tuple(LANGUAGES[tag].name for tag in _unread())
    told = UNREAD.filled({"languages": Listing(unread)})
    return tuple(told if one is UNREAD else one for one in GAPS if unread or one is not UNREAD)


def _unread() -> Iterator[str]:
    """The languages in which a person has not read all words of the pages and of the newest questionnaire."""
    newest = load.latest("atr")
    translated = load.translations(newest.key, newest.version)
    for tag in LANGUAGES:
        questions = tag in translated and translated[tag].unreviewed()
        if tag != SOURCE and (state_of(tag, RESPONDENT) != "reviewed" or questions):
            yield tag


def _criterion(number: str, name: Sentence, level: str, ways: str) -> Criterion:
    found = {"-": NONE, "!": GAP, "l": LOGOS}.get(ways, FINE)
    return Criterion(number, name, level, found, "" if found is not FINE else ", ".join(ways))
