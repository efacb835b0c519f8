"""Reading the plan of a year as it is typed: a row for each wave that has not opened, all of them text."""

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from app.planner.rows import Row, YearInput
from app.web.forms import FormData

MOST_ROWS: Final = 12
FIELDS: Final = ("label", "form", "opens", "opens_time", "closes", "closes_time")


def read_year(data: FormData) -> YearInput:
    """The plan as it was sent."""
    rows = tuple(
        Row(id=_id(data.text(f"w{number}-id")), **{name: data.text(f"w{number}-{name}") for name in FIELDS})
        for number in range(1, MOST_ROWS + 1)
        if f"w{number}-label" in data.fields
    )
    return YearInput(rows, _seen(data.text("seen")))


def _seen(text: str) -> Mapping[str, Mapping[str, str]]:
    """What the page had shown; nothing where that cannot be read, so that every wave counts as changed."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        return {}
    return {str(id): {str(name): str(value) for name, value in one.items()} for id, one in found.items()}


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
