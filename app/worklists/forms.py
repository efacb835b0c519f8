"""Reading the form of a list of workflows."""

from dataclasses import replace
from uuid import UUID, uuid4

from app.spreadsheets import reading
from app.web.forms import FormData
from app.worklists.cells import COLUMNS
from app.worklists.service import Sent
from app.worklists.table import LARGEST_WORKBOOK, MOST_ROWS


def read(data: FormData) -> Sent:
    """A list as it was pasted, with what was said of its columns."""
    places = {name: data.number(f"column_{name}", most=999) for name in COLUMNS}
    try:
        form = UUID(data.text("form"))
    except ValueError:
        form = uuid4()
    chosen = {name: at for name, at in places.items() if at is not None}
    return Sent(text=data.text("list"), columns=chosen, form=form)


def with_file(sent: Sent, file: bytes) -> Sent:
    """The list of a file, CSV or a workbook, in place of what was pasted. InvalidError for what can't be read."""
    return replace(sent, text=reading.text_of(file, largest=LARGEST_WORKBOOK, most=MOST_ROWS), columns={})
