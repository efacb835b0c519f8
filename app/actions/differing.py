"""What is different between two versions of an action of the plan, in sentences. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from uuid import UUID

from app.actions.facts import STATUS_WORDS, Facts
from app.sentences import Listing, Sentence, Value, say
from surveys.languages import LANGUAGES

NOTHING: Final = say("nothing")
GONE: Final = say("something that is gone")
LABELS: Final[Mapping[str, Sentence]] = {
    "status": say("How it stands"),
    "department_id": say("Department"),
    "title": say("What is to be done"),
    "owner": say("Who does it"),
    "mail": say("Mail address"),
    "language": say("Language of mails"),
    "due": say("Due on"),
    "hours": say("Hours"),
    "moves": say("What it should move"),
    "needs": say("Comes after"),
    "evidence": say("What shows it"),
    "link": say("Link"),
    "reason": say("Why it was dropped"),
}
"""What is said of an action, as forms and lists name it."""

Names = Mapping[UUID, str]


def differences(before: Facts | None, after: Facts, names: Names) -> tuple[str, ...]:
    """What is so now and was not before; `names` are those of departments and of actions of the plan."""
    return tuple(_differences(before, after, names))


def told(facts: Facts, field: str, names: Names) -> Value:
    """One thing that is said of an action, in words."""
    words: Mapping[str, Callable[[], Value]] = {
        "status": lambda: STATUS_WORDS[facts.status],
        "department_id": lambda: names.get(facts.department_id, GONE),
        "moves": lambda: Listing(facts.moves),
        "language": lambda: LANGUAGES[facts.language].name if facts.language in LANGUAGES else facts.language,
        "needs": lambda: Listing(names.get(one, GONE) for one in facts.needs),
    }
    value: Value = words[field]() if field in words else getattr(facts, field)
    return value if value != "" else NOTHING


def _differences(before: Facts | None, after: Facts, names: Names) -> Iterator[str]:
    for field, label in LABELS.items():
        now = getattr(after, field)
        if field == "language" and not after.mail:  # nobody is written to
            continue
        if (now not in ("", ()) if before is None else getattr(before, field) != now) and field != "title":
            yield say("{label}: {value}", label=label, value=told(after, field, names))
        elif before is not None and getattr(before, field) != now:
            yield say("It is called {name} now.", name=after.title)
