"""The form of a new client that begins like another one, as it was sent."""

from uuid import UUID, uuid4

from app.copying.service import Wanted
from app.web.forms import FormData


def fresh() -> Wanted:
    """The form as it comes."""
    return Wanted(name="", form=uuid4())


def read(data: FormData) -> Wanted:
    """What was typed and ticked."""
    return Wanted(
        name=data.text("name"),
        form=_id(data.text("form")),
        departments=data.text("departments") == "yes",
        headcounts=data.text("headcounts") == "yes",
        waves=data.text("waves") == "yes",
        look=data.text("look") == "yes",
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
