"""The names by which templates ask for data: those of a client, of a workflow, and of the rows of each table. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from app.documents.template import Subject

PLACE: Final = re.compile(r"\{(\w+)\}")
_CLIENT: Final = frozenset(
    {"client", "subject", "today", "countries", "sponsor", "wave", "closed", "record", "next_wave", "next_day"}
    | {"unit_lead", "lowest"}
)
_WORK: Final = frozenset(
    {"work", "department", "description", "trigger", "owner", "systems", "data", "often", "minutes", "people"}
    | {"hours", "harm", "undo", "money", "tests_shown", "persons", "outside", "law", "conditions", "level"}
    | {"level_meaning", "ceiling", "month_hours", "released", "share", "limited", "tasks", "severity", "zone_told"}
    | {"human_part", "one_in", "cases_none", "cases_one", "cases_two", "cases_three", "checked", "checked_wrong"}
)
VALUES: Final[Mapping[Subject, frozenset[str]]] = {"client": _CLIENT, "workflow": _CLIENT | _WORK}
"""What a document about a client, or about a workflow, may name in a text."""
_CONTROL: Final = frozenset({"control", "state", "until", "who", "shown_by"})
_STEP: Final = frozenset({"step", "actor", "check", "step_data", "time"})
_SHARED: Final[Mapping[str, frozenset[str]]] = {
    "departments": frozenset(
        {"unit", "function", "unit_lead", "headcount", "unit_level", "unit_lowest", "stance_scores", "skills"}
        | {"planned"}
    ),
    "owners": frozenset({"owner", "owned"}),
    "plan": frozenset({"action", "unit", "who", "due", "standing"}),
    "levels": frozenset({"unit", "granted", "lacks", "on_record", "issuer", "expires", "as_of"}),
    "work_levels": frozenset({"unit", "work_name", "granted", "who", "on_record", "issuer", "expires", "classes"}),
    "controls": _CONTROL,
    "incident_controls": _CONTROL,
    "guardrails": frozenset({"rule", "applies", "start", "shown"}),
    "trained": frozenset({"unit", "state", "until"}),
}
ROWS: Final[Mapping[Subject, Mapping[str, frozenset[str]]]] = {
    "client": _SHARED,
    "workflow": {
        **_SHARED,
        "steps_now": _STEP,
        "steps_then": _STEP,
        "responsibilities": frozenset({"step", "agent", "doer", "approver", "process_owner", "unit_lead", "technical"}),
    },
}
"""From what a table can take its lines, and what each line knows beside the values."""


def named(text: str) -> Iterator[str]:
    """The names that a text asks the data for."""
    yield from PLACE.findall(text)


def has_loose_braces(text: str) -> bool:
    """Whether a text has braces around something else than one name: nothing but names is ever filled in."""
    return bool(set("{}") & set(PLACE.sub("", text)))
