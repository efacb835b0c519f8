"""Reading the forms of the page with the links."""

from dataclasses import dataclass
from uuid import UUID

from app.errors import InvalidError
from app.invitations.service import HOW_MANY
from app.numerals import whole
from app.sentences import say
from app.web.forms import FormData


@dataclass(frozen=True)
class LinksForm:
    """What was sent. `do` is shared, kiosk, count, replace or revoke; `batch` names one click."""

    do: str
    department: str
    count: str
    batch: str
    invitation: str


EMPTY = LinksForm("", "", "", batch="", invitation="")


def read_links_form(data: FormData) -> LinksForm:
    """What was sent with one of the buttons of the page with the links; nothing is checked yet."""
    return LinksForm(
        data.text("do"), data.text("department"), data.text("count"), data.text("batch"), data.text("invitation")
    )


def how_many(form: LinksForm) -> int:
    """The number of links to make. InvalidError for what is no whole number of at most four digits."""
    count = whole(form.count, most=9999)
    if count is None:
        raise InvalidError(HOW_MANY, fields={"count": HOW_MANY})
    return count


def chosen_department(form: LinksForm) -> UUID:
    """The department that was chosen. InvalidError when none was."""
    id = id_of(form.department)
    if id is None:
        sentence = say("Choose a department.")
        raise InvalidError(sentence, fields={"department": sentence})
    return id


def id_of(text: str) -> UUID | None:
    """The id that a field or an address holds, None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
