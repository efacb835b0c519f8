"""What is typed about clients, as it was typed, and what is wrong with it."""

import json
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from app.clients.importing import Sent
from app.clients.meanwhile import NOT_TOLD, Seen
from app.clients.rules import LARGEST_HEADCOUNT, about_function, about_name, about_short_name, read_headcount
from app.clients.service import Together
from app.clients.table import HEADINGS, LARGEST_WORKBOOK, MOST_ROWS, TOO_MANY
from app.errors import InvalidError
from app.sentences import Passage, say
from app.spreadsheets import reading
from app.web.forms import FormData


@dataclass(frozen=True)
class OrganisationForm:
    """A new client as typed. `form` is the id that the client will have, so that a form sent twice makes one."""

    name: str
    time_zone: str
    form: UUID


@dataclass(frozen=True)
class DepartmentForm:
    """A department as typed. `parent` is an id, or empty for the top level; `form` as in OrganisationForm.

    `together` is the id of a department with which it is to be shown, empty for none, None where that was not asked.
    `seen` is what the form had shown, None for one that is only shown.
    """

    name: str
    parent: str
    function: str
    headcount: str
    site: str
    form: UUID
    together: str | None = None
    seen: Seen | None = None


@dataclass(frozen=True)
class DepartmentInput:
    """A department's form in the types that the service takes."""

    name: str
    parent_id: UUID | None
    function: str
    headcount: int
    site: str
    together: Together | None


def read_organisation(data: FormData) -> OrganisationForm:
    """The form of a new client."""
    return OrganisationForm(data.text("name"), data.text("time_zone"), _form_id(data))


def read_department(data: FormData) -> DepartmentForm:
    """The form of a department."""
    return DepartmentForm(
        name=data.text("name"),
        parent=data.text("parent"),
        function=data.text("function"),
        headcount=data.text("headcount"),
        site=data.text("site"),
        form=_form_id(data),
        together=data.text("together") if "together" in data.fields else None,
        seen=read_seen(data.text("seen")),
    )


def parse_department(form: DepartmentForm) -> DepartmentInput:
    """The form in its types; raises InvalidError with a sentence for each field that can be judged by itself.

    What depends on the other departments is left to the service.
    """
    found = {
        "name": about_name(" ".join(form.name.split())),
        "function": about_function(form.function),
        "site": about_short_name(say("site"), " ".join(form.site.split())),
    }
    wrong = {field: text for field, text in found.items() if text is not None}
    headcount = read_headcount(form.headcount)
    if headcount is None:
        typed = say("“{text}” is not a headcount.", text=form.headcount[:40]) if form.headcount else ""
        wanted = say("Give a whole number of people from 0 to {largest}.", largest=LARGEST_HEADCOUNT)
        wrong["headcount"] = Passage([typed, wanted])
    parent_id = _id(form.parent)
    if form.parent and parent_id is None:
        wrong["parent"] = say("Choose a parent from the list, or the top level.")
    together = None if form.together is None else Together(_id(form.together))
    if together is not None and form.together and together.department_id is None:
        wrong["together"] = say("Choose a department from the list, or none.")
    if wrong or headcount is None:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    return DepartmentInput(form.name, parent_id, form.function, headcount, form.site, together)


def written(seen: Seen) -> str:
    """What a form has shown, as the form sends it back."""
    parent = "" if seen.parent_id is None else str(seen.parent_id)
    return json.dumps([seen.name, parent, seen.function, seen.headcount, seen.site, seen.pool])


def read_seen(text: str) -> Seen:
    """What a form had shown; NOT_TOLD where it says nothing of that, or nothing that can be read."""
    try:
        name, parent, function, headcount, site, pool = json.loads(text)
        return Seen(name, UUID(parent) if parent else None, function, headcount, site, pool)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return NOT_TOLD


def read_import(data: FormData) -> Sent:
    """A list as it was pasted, with what was said of it."""
    places = {name: data.number(f"column_{name}", most=999) for name in HEADINGS}
    return Sent(
        text=data.text("list"),
        columns={name: at for name, at in places.items() if at is not None},
        skip=data.text("skip"),
        complete=data.text("complete") == "yes",
        form=_form_id(data),
    )


def with_file(sent: Sent, file: bytes) -> Sent:
    """The list of a file, CSV or a workbook, in place of what was pasted. InvalidError for what can't be read."""
    return replace(
        sent, text=reading.text_of(file, largest=LARGEST_WORKBOOK, most=MOST_ROWS, too_many=TOO_MANY), columns={}
    )


def _form_id(data: FormData) -> UUID:
    return _id(data.text("form")) or uuid4()


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
