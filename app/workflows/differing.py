"""What is different between two versions of a workflow, in sentences. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol
from uuid import UUID

from app.sentences import Listing, Passage, Sentence, say
from app.workflows import law
from app.workflows.facts import DATA, EASE, HARM, PER, TESTS, YES_NO, Facts, from_json

NOT_SAID: Final = say("not said")
LABELS: Final[Mapping[str, Sentence]] = {
    "description": say("What it is"),
    "trigger": say("What starts it"),
    "owner": say("Who answers for it"),
    "systems": say("Systems"),
    "data": say("Data"),
    "times": say("How often"),
    "per": say("In each"),
    "minutes": say("Minutes a time"),
    "people": say("People who do it"),
    "data_ready": say("Are the data at hand?"),
    "undo": say("Is an error found and undone easily?"),
    "consequence": say("How bad is an error that nobody notices?"),
    "affects_persons": say("Does it affect persons?"),
    "external_effect": say("Does it have effects outside the organisation?"),
    "money_limit": say("Largest amount that a case moves"),
    "legal": say("Questions of the law"),
    "proposed": say("Questions of the law, proposed and not confirmed"),
    "ground": say("Ground of the law, and safeguards"),
    "offline": say("Did it pass a test on old cases?"),
    "pilot_weeks": say("Weeks of a supervised pilot"),
    "pilot_cases": say("Cases of the pilot"),
    "checked": say("Cases that people checked"),
    "errors": say("Errors among them"),
    "earlier_checked": say("Cases checked in the quarter before the last at A4"),
    "earlier_errors": say("Errors in that quarter"),
    "last_checked": say("Cases checked in the last quarter at A4"),
    "last_errors": say("Errors in the last quarter"),
    "tests_shown": say("Where the tests are written down"),
}
"""The facts of a workflow, as forms and lists name them."""
TESTED: Final = (*TESTS, "tests_shown")
"""The facts about tests, which stand apart from the others."""


class Version(Protocol):
    """A version as it is stored."""

    @property
    def name(self) -> str:
        """What the workflow is called."""

    @property
    def department_id(self) -> UUID:
        """Whose work it is."""

    @property
    def rated(self) -> bool:
        """Whether staff are asked about it."""

    @property
    def retired(self) -> bool:
        """Whether it is done no more."""

    @property
    def facts(self) -> dict[str, Any]:  # Any: JSON
        """Its facts as stored."""


def differences(before: Version | None, after: Version) -> tuple[str, ...]:
    """What is so now and was not before; without an earlier version, everything that was said."""
    return tuple(_differences(before, after))


def told(facts: Facts, field: str) -> str:
    """A fact of a workflow as the page of its versions says it; “not said” where there is none."""
    value = getattr(facts, field)
    if field in ("legal", "proposed"):
        yes = sum(bool(one) for one in value.values())
        return say("{answered} answered, {yes} with yes", answered=len(value), yes=yes) if value else NOT_SAID
    if value is None or value in ("", ()):
        return NOT_SAID
    if isinstance(value, bool):
        return YES_NO[value]
    if field == "systems":
        return Listing(value)
    if field == "data":
        return Listing(DATA[one] for one in value if one in DATA)
    words: Mapping[str, Mapping[Any, Sentence]] = {  # Any: a step or a key
        "data_ready": EASE,
        "undo": EASE,
        "consequence": HARM,
        "per": PER,
    }
    return words[field].get(value, str(value)) if field in words else str(value)


def _differences(before: Version | None, after: Version) -> Iterator[str]:
    if before is not None and before.name != after.name:
        yield say("It is called {name} now.", name=after.name)
    if before is not None and before.department_id != after.department_id:
        yield say("It belongs to another department now.")
    if before is not None and before.rated != after.rated:
        yield say("Staff rate it now.") if after.rated else say("Staff do not rate it any more.")
    if (False if before is None else before.retired) != after.retired:
        yield say("It is retired now.") if after.retired else say("It is done again.")
    was, now = Facts() if before is None else from_json(before.facts), from_json(after.facts)
    for field, label in LABELS.items():
        if before is not None and field == "legal":
            yield from law.changes(was, now)
        elif (before is None or field != "proposed") and getattr(was, field) != getattr(now, field):
            value = told(now, field)
            asks = label.endswith("?")
            yield Passage((label, value)) if asks else say("{label}: {value}", label=label, value=value)
