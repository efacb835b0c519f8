"""What was typed for a read-only link."""

import re
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from app.share.service import NOBODYS, Wanted
from app.share.views import TypedLink
from app.web.forms import FormData

ROW: Final = "row."
SHOWS: Final = ("whole", "organisation", "rows")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def fresh() -> str:
    """The mark of a new form."""
    return str(uuid4())


def read_link(data: FormData) -> tuple[TypedLink, Wanted]:
    """What was typed, and the link that it asks for; what can't be meant is left for the service to refuse."""
    shows = data.text("shows") if data.text("shows") in SHOWS else SHOWS[0]
    rows = tuple(name.removeprefix(ROW) for name in data.fields if name.startswith(ROW))
    typed = TypedLink(
        form=data.text("form"),
        label=" ".join(data.text("label").split()),
        shows=shows,
        rows=rows,
        with_report=bool(data.text("report")),
        until=data.text("until"),
    )
    wanted = Wanted(
        id=read_id(typed.form) or uuid4(),
        label=typed.label,
        rows={"whole": None, "organisation": (NOBODYS,), "rows": rows}[shows],
        with_report=typed.with_report,
        until=_day(typed.until),
        password=data.text("password"),
    )
    return typed, wanted


def read_id(text: str) -> UUID | None:
    """An id as a form sends it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
