"""Reading the form of a rating, as it was typed."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from app.experts.service import Wanted
from app.web.forms import FormData


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingForm:
    """A rating as typed; `form` marks the form, so that a double click makes one."""

    capability: str = ""
    human_part: str = ""
    on: str = ""
    source: str = ""
    link: str = ""
    form: UUID = field(default_factory=uuid4)


def read(data: FormData) -> RatingForm:
    """The form as it was sent."""
    texts = {name: data.text(name) for name in ("capability", "human_part", "on", "source", "link")}
    try:
        form = UUID(data.text("form"))
    except ValueError:
        form = uuid4()
    return RatingForm(**texts, form=form)


def wanted(typed: RatingForm, data: FormData) -> Wanted:
    """The rating in its types; None for what can't be read, about which the service has a sentence."""
    try:
        on = date.fromisoformat(typed.on)
    except ValueError:
        on = None
    return Wanted(
        id=typed.form,
        capability=_step(typed.capability),
        human_part=_step(typed.human_part),
        on=on,
        source=typed.source,
        link=typed.link,
        file_name=data.file_names.get("file", ""),
        content=data.files.get("file", b""),
    )


def _step(text: str) -> int | None:
    return int(text) if text in ("1", "2", "3", "4", "5") else None
