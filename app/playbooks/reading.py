"""One file of the library as an action, and one file of a translation as the words of an action."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.playbooks.action import BANDS, CONTROLS, COSTS, DIMENSIONS, KNOWN_FUNCTIONS, Action
from app.playbooks.fields import VERSION, day_of, fitting, number, one_of, some_of, text, texts
from app.playbooks.roles import ROLES
from app.playbooks.sources import is_source
from app.sentences import Sentence
from surveys.reader import Record
from surveys.sentences import tell

ID: Final = re.compile(r"([A-Z]{2,3}-)?[TR]\d-[a-z0-9]+(-[a-z0-9]+){1,8}")
QUESTION: Final = re.compile(r"[A-Z]{1,3}\d[a-z]?(@\d{1,3})?")
GUARDRAIL: Final = re.compile(r"G-\d\d")

TITLE, WHY, STEP, EVIDENCE, RISK = 120, 400, 240, 160, 240
"""The most characters of a text in English; other languages may take half as many more."""
STEPS: Final = (3, 7)
PIECES_OF_EVIDENCE: Final = (1, 4)
MOST_HOURS, MOST_WEEKS = 400, 26

TEXTS: Final = ("title", "why", "steps", "evidence", "risk")
NEEDED: Final = (
    *("action", "version", "dimension", "bands", "title", "why", "owner", "steps", "hours", "weeks", "cost"),
    *("evidence", "moves", "risk", "review_by"),
)
OPTIONAL: Final = (
    *("functions", "unlocks", "support", "questions", "guardrails", "needs", "sources", "instead_of", "recurring"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of an action in one language."""

    title: str
    why: str
    steps: tuple[str, ...]
    evidence: tuple[str, ...]
    risk: str


def read_words(record: Record, *, longer: int = 2) -> Words:
    """The texts; each may have `longer` halves of the characters of an English one. InstrumentError with the line."""

    def most(characters: int) -> int:
        return characters * longer // 2

    return Words(
        title=text(record, "title", most=most(TITLE)),
        why=text(record, "why", most=most(WHY)),
        steps=texts(record, "steps", least=STEPS[0], most=STEPS[1], long=most(STEP)),
        evidence=texts(
            record, "evidence", least=PIECES_OF_EVIDENCE[0], most=PIECES_OF_EVIDENCE[1], long=most(EVIDENCE)
        ),
        risk=text(record, "risk", most=most(RISK)),
    )


def read_action(record: Record, translated: Mapping[str, Words]) -> Action:
    """The action with its words in all languages. InstrumentError names the file, the line and what to do."""
    record.only(*NEEDED, *OPTIONAL)
    english = read_words(record)
    sources = tuple(record.texts("sources")) if record.has("sources") else ()
    for one in sources:
        if not is_source(one):
            raise record.error(
                tell("'{source}' is no source that was looked up; leave it out or add it to the sources", source=one),
                field="sources",
            )
    return Action(
        id=fitting(record, "action", ID, "R3-low-permitted-uses"),
        version=fitting(record, "version", VERSION, "1.0.0"),
        dimension=one_of(record, "dimension", DIMENSIONS),
        bands=some_of(record, "bands", BANDS, least=1),
        functions=some_of(record, "functions", KNOWN_FUNCTIONS),
        unlocks=some_of(record, "unlocks", CONTROLS),
        owner=one_of(record, "owner", ROLES),
        support=some_of(record, "support", ROLES),
        hours=number(record, "hours", most=MOST_HOURS),
        weeks=number(record, "weeks", most=MOST_WEEKS),
        cost=one_of(record, "cost", COSTS),
        moves=some_of(record, "moves", DIMENSIONS, least=1),
        questions=_named_like(record, "questions", QUESTION, "R3a"),
        guardrails=_named_like(record, "guardrails", GUARDRAIL, "G-07"),
        needs=_named_like(record, "needs", ID, "R3-low-permitted-uses"),
        sources=sources,
        instead_of=fitting(record, "instead_of", ID, "R3-low-permitted-uses") if record.has("instead_of") else None,
        recurring=record.flag("recurring", default=False),
        review_by=day_of(record, "review_by", "2027-06-30"),
        title=_said(english.title, translated, "title"),
        why=_said(english.why, translated, "why"),
        steps=_all_said(english.steps, translated, "steps"),
        evidence=_all_said(english.evidence, translated, "evidence"),
        risk=_said(english.risk, translated, "risk"),
    )


def _named_like(record: Record, field: str, pattern: re.Pattern[str], example: str) -> tuple[str, ...]:
    values = record.texts(field) if record.has(field) else []
    for value in values:
        if not pattern.fullmatch(value):
            raise record.error(
                tell("'{value}' is not written like {example}", value=value, example=example), field=field
            )
    return tuple(values)


def _said(english: str, translated: Mapping[str, Words], field: str) -> Sentence:
    return Sentence(english, words={tag: str(getattr(words, field)) for tag, words in translated.items()})


def _all_said(english: tuple[str, ...], translated: Mapping[str, Words], field: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(one, words={tag: getattr(words, field)[place] for tag, words in translated.items()})
        for place, one in enumerate(english)
    )
