"""What is typed into the pages of the papers."""

from dataclasses import dataclass
from uuid import UUID

from app.web.forms import FormData


@dataclass(frozen=True)
class DecisionInput:
    """A decision as it was typed. `papers` is the hash of the papers that were on the page."""

    name: str
    decision: str
    remark: str
    papers: str


NOTHING = DecisionInput("", "", "", "")


def read_decision(data: FormData) -> DecisionInput:
    """The decision as it was sent."""
    return DecisionInput(data.text("name"), data.text("decision"), data.text("remark"), data.text("papers"))


def link_id(data: FormData) -> UUID | None:
    """The id of the link that is to be taken back; None for what is no id."""
    try:
        return UUID(data.text("link"))
    except ValueError:
        return None
