"""Reading the forms of the pages that delete."""

from dataclasses import dataclass

from app.web.forms import FormData


@dataclass(frozen=True)
class PersonForm:
    """What was sent: `do` is find, save or erase; `reference` with single spaces, as rosters are read."""

    do: str
    reference: str


def read_person(data: FormData) -> PersonForm:
    """The form of the page of people."""
    return PersonForm(data.text("do"), " ".join(data.text("reference").split()))
