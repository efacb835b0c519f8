"""What was typed for the link of an owner, and what a form of facts says."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from app.owners.service import NOT_ASKED, Wanted
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from app.web.forms import FormData
from app.workflows import typed as facts_forms
from app.workflows.typed import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkForm:
    """A link as typed; `form` marks the form, so that a double click makes one."""

    reader: str = ""
    mail: str = ""
    language: str = SOURCE
    until: str = ""
    form: UUID = field(default_factory=uuid4)


def read(data: FormData) -> LinkForm:
    """The form as it was sent."""
    language = data.text("language")
    return LinkForm(
        reader=" ".join(data.text("reader").split()),
        mail=data.text("mail"),
        language=language if language in SPOKEN_IN_THE_CONSOLE else SOURCE,
        until=data.text("until"),
        form=read_id(data.text("form")) or uuid4(),
    )


def another(typed: LinkForm) -> LinkForm:
    """The same form for one more link."""
    return replace(typed, form=uuid4())


def wanted(typed: LinkForm) -> Wanted:
    """The link in its types; what can't be read is left for the service to refuse."""
    try:
        until = date.fromisoformat(typed.until)
    except ValueError:
        until = None
    return Wanted(id=typed.form, reader=typed.reader, mail=typed.mail, language=typed.language, until=until)


def read_facts(data: FormData) -> Typed:
    """The form of facts as an owner sent it; what it does not ask is empty, whatever was sent."""
    typed = facts_forms.read(data)
    return replace(typed, fields={**typed.fields, **dict.fromkeys(NOT_ASKED, "")})


def read_id(text: str) -> UUID | None:
    """An id as a form sends it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
