"""The columns of a list of workflows: what a cell says, and how a fact is written in one. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from app.numerals import whole
from app.sentences import Sentence, say
from app.spreadsheets.writing import Row
from app.workflows.facts import A_MONTH, DATA, FLAGS, TESTS, Facts
from app.workflows.law import confirmed
from app.workflows.queries import WorkflowFacts
from app.workflows.rules import MOST_TYPED

BETWEEN: Final = " | "
ACTIVE: Final = "active"
RETIRED: Final = "retired"
LAW: Final[Mapping[str, str]] = {f"law_{flag}": flag for flag in FLAGS}
TEXTS: Final = ("description", "trigger", "owner", "ground", "tests_shown")
NUMBERS: Final = ("times", "minutes", "people", "money_limit", *(name for name in TESTS if name != "offline"))
STEPS: Final = ("data_ready", "undo", "consequence")
ANSWERS: Final = ("affects_persons", "external_effect", "offline")
ABOUT: Final = ("id", "department", "workflow", "status", "rated")
FACTS: Final = (
    "description", "trigger", "owner", "systems", "data", "times", "per", "minutes", "people", "data_ready", "undo",
    "consequence", "affects_persons", "external_effect", "money_limit", "ground", *TESTS, "tests_shown",
)  # fmt: skip
COLUMNS: Final = (*ABOUT, *FACTS, *LAW)
"""The columns in the order in which they are written; their names are the headings."""

NEEDED: Final = ("department", "workflow")
_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("kennung",),
    "department": ("abteilung", "departmentname", "unit"),
    "workflow": ("workflowname", "name", "process", "arbeitsablauf", "ablauf", "prozess"),
    "status": ("state", "zustand"),
    "rated": ("ratedbystaff", "bewertet"),
    "description": ("whatitis", "beschreibung"),
    "trigger": ("whatstartsit", "auslöser"),
    "owner": ("whoanswersforit", "processowner", "verantwortlich"),
    "systems": ("system", "systeme"),
    "data": ("dataclasses", "daten"),
    "times": ("howoften", "volume", "cases", "häufigkeit", "anzahl"),
    "per": ("ineach", "period", "je"),
    "minutes": ("minutesatime", "minutespercase", "minuten"),
    "people": ("peoplewhodoit", "personen"),
    "money_limit": ("moneylimit", "largestamount", "betrag"),
}
KNOWN: Final[Mapping[str, str]] = {
    **{column.replace("_", ""): column for column in COLUMNS},
    **{spelling: column for column, some in _SPELLINGS.items() for spelling in some},
}
"""Which column a heading means, compared without spaces and marks, in any case."""

_YES_NO: Final = {"yes": True, "ja": True, "true": True, "no": False, "nein": False, "false": False}
_PERIODS: Final = {"tag": "day", "woche": "week", "monat": "month", "quartal": "quarter", "jahr": "year"}
_SPACES: Final = str.maketrans("", "", "\u0020\u00a0\u2009\u202f")
_NOT_DOUBLED: Final = re.compile(r"(?<!\|)\|(?!\|)")


class CellError(ValueError):
    """A cell that can't be read; `told` says what to write."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(told)
        self.told = told


def row_of(one: WorkflowFacts, department: str) -> Row:
    """A workflow as a line of the list; `department` is its path."""
    facts = one.facts
    about = (str(one.id), department, one.name, RETIRED if one.retired else ACTIVE, _said(one.rated))
    return (*about, *(_written(getattr(facts, name)) for name in FACTS), *_law(facts))


def _law(facts: Facts) -> Sequence[str]:
    return tuple(_said(facts.legal.get(flag)) for flag in LAW.values())


def facts_of(before: Facts, cells: Mapping[str, str]) -> tuple[Facts, tuple[Sentence, ...]]:
    """The facts with what the cells say in place of what was known, and what is wrong in them.

    A column that the list does not have leaves what it would say as it is; an empty cell says that it is not known.
    """
    wrong: list[Sentence] = []
    read: dict[str, Any] = {}  # Any: a fact of some type
    legal = dict(before.legal)
    for column, text in cells.items():
        try:
            if column in LAW:
                legal = _answered(legal, LAW[column], yes_no(column, text))
            elif column in FACTS:
                read[column] = _READ[column](column, text)
        except CellError as error:
            wrong.append(error.told)
    return confirmed(before, replace(before, **read, legal=legal)), tuple(wrong)


def yes_no(column: str, text: str) -> bool | None:
    """What a cell answers, None where it is empty. CellError for anything but yes and no."""
    if not text:
        return None
    if text.casefold() not in _YES_NO:
        raise CellError(say("“{text}” in {column}: write yes, no, or nothing.", text=text[:40], column=column))
    return _YES_NO[text.casefold()]


def _answered(legal: Mapping[str, bool], flag: str, answer: bool | None) -> dict[str, bool]:
    kept = {one: said for one, said in legal.items() if one != flag}
    return kept if answer is None else {**kept, flag: answer}


def _text(_column: str, text: str) -> str:
    return " ".join(text.split())


def _number(column: str, text: str) -> int | None:
    plain = text.translate(_SPACES).removesuffix(".0")
    if not plain:
        return None
    number = whole(plain, most=MOST_TYPED)
    if number is None:
        raise CellError(
            say(
                "“{text}” in {column} is no whole number. Use digits alone, for example 1200.",
                text=text[:40],
                column=column,
            )
        )
    return number


def _period(column: str, text: str) -> str:
    key = _PERIODS.get(text.casefold(), text.casefold()) or "month"
    if key not in A_MONTH:
        raise CellError(
            say(
                "“{text}” in {column}: write one of {choices}.",
                text=text[:40],
                column=column,
                choices=", ".join(A_MONTH),
            )
        )
    return key


def _parts(_column: str, text: str) -> tuple[str, ...]:
    """The parts of a cell between single upright lines; a doubled one stands for itself."""
    parts = (" ".join(part.replace("||", "|").split()) for part in _NOT_DOUBLED.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _classes(column: str, text: str) -> tuple[str, ...]:
    keys = _parts(column, re.sub(r"[,;]", "|", text).casefold())
    if unknown := [key for key in keys if key not in DATA]:
        raise CellError(
            say(
                "“{text}” in {column}: write any of {choices}, with | between them.",
                text=unknown[0][:40],
                column=column,
                choices=", ".join(DATA),
            )
        )
    return keys


def _written(value: object) -> str | int:
    if value is None or isinstance(value, bool):
        return _said(value)
    if isinstance(value, tuple):
        return BETWEEN.join(str(one).replace("|", "||") for one in value)
    return value if isinstance(value, int) else str(value)


def _said(answer: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[answer]


_READ: Final[Mapping[str, Callable[[str, str], Any]]] = {  # Any: a fact of some type
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys((*NUMBERS, *STEPS), _number),
    **dict.fromkeys(ANSWERS, yes_no),
    "systems": _parts,
    "data": _classes,
    "per": _period,
}
