"""What is sent to this room: a turnout, and a proposal that is accepted."""

from dataclasses import dataclass
from uuid import UUID

from app.numerals import whole
from app.web.forms import FormData


@dataclass(frozen=True)
class Accepted:
    """A proposal as it was sent: the departments, the name that was typed, and the turnout of the page."""

    members: tuple[UUID, ...]
    name: str
    turnout: int | None


def read_accepted(data: FormData) -> Accepted:
    """The form of a proposal; what is no department is left out, and the service then finds too few."""
    ids = (_id(one) for one in data.text("members").split(","))
    return Accepted(tuple(one for one in ids if one is not None), data.text("name"), percent(data.text("turnout")))


def percent(text: str) -> int | None:
    """A turnout in whole per cent; None for anything else."""
    return whole(text, most=999)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
