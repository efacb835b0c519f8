"""Reading the forms of the list of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import InvalidError
from app.people import table
from app.sentences import say
from app.spreadsheets import reading
from app.web.forms import FormData


@dataclass(frozen=True)
class ImportForm:
    """What was sent. `do` is upload, columns, take or discard; `columns` are those that were chosen."""

    do: str
    pasted: str
    file: bytes
    columns: dict[str, int]
    complete: bool
    skip_bad: bool


def read_import(data: FormData) -> ImportForm:
    """The form of the page that imports."""
    places = {name: data.number(f"column_{name}", most=999) for name in table.HEADINGS}
    return ImportForm(
        data.text("do"),
        data.text("pasted"),
        data.files.get("file", b""),
        {name: place for name, place in places.items() if place is not None},
        data.text("complete") == "yes",
        data.text("skip_bad") == "yes",
    )


def text_of(form: ImportForm) -> str:
    """The list as text: the file, else what was pasted. InvalidError, field `file`, for what can't be read."""
    try:
        if not form.file and not form.pasted:
            raise InvalidError(say("Choose a file, or paste the list."))
        return reading.text_of(form.file) if form.file else form.pasted
    except InvalidError as error:
        raise InvalidError(error.message, fields={"file": error.message}) from None


def unique(columns: dict[str, int], names: Sequence[str]) -> dict[str, int]:
    """The chosen columns; InvalidError when one is chosen twice or is not there."""
    twice = [name for name, place in columns.items() if list(columns.values()).count(place) > 1]
    if twice:
        sentence = say("The same column is chosen twice. Choose another one, or none.")
        raise InvalidError(sentence, fields={f"column_{twice[-1]}": sentence})
    if any(place >= len(names) for place in columns.values()):
        raise InvalidError(say("There is no such column in the list."))
    return columns
