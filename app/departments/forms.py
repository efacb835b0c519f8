"""Reading the form of a change of departments, as it was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, get_args
from uuid import UUID, uuid4

from app.clients.rules import LARGEST_HEADCOUNT, read_headcount
from app.errors import InvalidError
from app.lineage.snapshots import Kind, Part, Wanted
from app.sentences import Passage, say
from app.web.forms import FormData

ROWS: Final = 6
"""How many departments the form of a split has room for."""

KINDS: Final[Mapping[str, Kind]] = {one: one for one in get_args(Kind) if one != "import"}


@dataclass(frozen=True, slots=True)
class PartForm:
    """A department that a split makes, as typed."""

    name: str = ""
    function: str = ""
    headcount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """A change as typed; `form` is the id that it will have, so that a form sent twice makes one."""

    kind: Kind
    day: str
    department: str = ""
    departments: tuple[str, ...] = ()
    name: str = ""
    parent: str = ""
    function: str = ""
    headcount: str = ""
    parts: tuple[PartForm, ...] = ()
    form: UUID = field(default_factory=uuid4)


def read_change(data: FormData) -> ChangeForm:
    """The form as it was sent; a rename where it does not say what it is."""
    return ChangeForm(
        kind=KINDS.get(data.text("kind"), "rename"),
        day=data.text("day"),
        department=data.text("department"),
        departments=tuple(name.removeprefix("d-") for name, text in data.fields.items() if name[:2] == "d-" and text),
        name=data.text("name"),
        parent=data.text("parent"),
        function=data.text("function"),
        headcount=data.text("headcount"),
        parts=tuple(
            PartForm(*(data.text(f"p{at}-{what}") for what in ("name", "function", "headcount"))) for at in range(ROWS)
        ),
        form=_id(data.text("form")) or uuid4(),
    )


def parse(form: ChangeForm) -> tuple[Wanted, date]:
    """The form in its types; InvalidError has a sentence for each field that can be judged by itself."""
    wrong: dict[str, str] = {}
    day = _day(form.day, wrong)
    chosen = form.departments if form.kind == "merge" else (form.department,) if form.department else ()
    ids = tuple(id for one in chosen if (id := _id(one)) is not None)
    parent = _id(form.parent)
    if form.parent and parent is None:
        wrong["parent"] = say("Choose a parent from the list, or the top level.")
    headcount = None
    if form.kind == "open" or (form.kind == "merge" and form.headcount):
        headcount = _headcount(form.headcount, "headcount", wrong)
    parts = tuple(_parts(form, wrong)) if form.kind == "split" else ()
    if wrong or day is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    wanted = Wanted(
        departments=ids, name=form.name, parent_id=parent, function=form.function, headcount=headcount, parts=parts
    )
    return wanted, day


def _day(text: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong["day"] = say("Give a day such as 2026-11-30.")
        return None


def _parts(form: ChangeForm, wrong: dict[str, str]) -> list[Part]:
    found = []
    for one in form.parts:
        if not (one.name or one.headcount):
            continue
        headcount = _headcount(one.headcount, "parts", wrong)
        found.append(Part(one.name, one.function, headcount or 0))
    return found


def _headcount(text: str, field_name: str, wrong: dict[str, str]) -> int | None:
    found = read_headcount(text)
    if found is None:
        typed = say("“{text}” is not a headcount.", text=text[:40]) if text else ""
        wanted = say("Give a whole number of people from 0 to {largest}.", largest=LARGEST_HEADCOUNT)
        wrong[field_name] = Passage([typed, wanted])
    return found


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
