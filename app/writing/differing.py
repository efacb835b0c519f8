"""What is different between two wordings of an action, in sentences. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.playbooks.own import Fields, Written
from app.playbooks.reading import TEXTS
from app.sentences import Passage, Sentence, say
from surveys.languages import LANGUAGES

NOTHING: Final = say("nothing")
LABELS: Final[Mapping[str, Sentence]] = {
    "title": say("What is to be done"),
    "why": say("What the score says"),
    "dimension": say("Dimension"),
    "bands": say("Meant for scores"),
    "functions": say("Departments"),
    "instead_of": say("In the place of"),
    "unlocks": say("Controls that may be attested afterwards"),
    "owner": say("Who answers for it"),
    "support": say("Who helps"),
    "hours": say("Hours, all people together"),
    "weeks": say("Weeks"),
    "cost": say("Cost"),
    "recurring": say("May follow itself"),
    "steps": say("Steps"),
    "evidence": say("What shows that it is done"),
    "risk": say("If it is left undone"),
    "moves": say("What it should move"),
    "questions": say("Questions to look at"),
    "guardrails": say("Guardrails"),
    "needs": say("Comes after"),
    "sources": say("Sources"),
    "review_by": say("To be looked at again by"),
}
"""The fields of an action, as forms and lists name them."""


def differences(typed: Written, there: Written) -> tuple[Sentence, ...]:
    """What stands there that was not typed so, field by field."""
    found = [
        say("{label}: {value}", label=LABELS[name], value=value)
        for name, value in _different(typed.fields, there.fields, tuple(LABELS))
    ]
    for tag in dict.fromkeys((*typed.words, *there.words)):
        for name, value in _different(typed.words.get(tag, {}), there.words.get(tag, {}), TEXTS):
            found.append(
                say("{label} ({language}): {value}", label=LABELS[name], language=LANGUAGES[tag].name, value=value)
            )
    return tuple(found)


def _different(typed: Fields, there: Fields, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        one, other = typed.get(name) or "", there.get(name) or ""
        if one != other:
            yield name, Passage(map(str, other), " · ") if isinstance(other, list) else str(other) or NOTHING
