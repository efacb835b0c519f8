"""Reading the forms of attestations and decisions, as they were typed."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from app.autonomy.attesting import Wanted
from app.errors import InvalidError
from app.sentences import Passage, say
from app.web.forms import FormData


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationForm:
    """An attestation as typed; `department` is empty for the whole organisation."""

    control: str = "C01"
    department: str = ""
    on: str = ""
    owner: str = ""
    expires: str = ""
    link: str = ""
    remark: str = ""
    form: UUID = field(default_factory=uuid4)


def read_attestation(data: FormData) -> AttestationForm:
    """The form as it was sent."""
    texts = {name: data.text(name) for name in ("control", "department", "on", "owner", "expires", "link", "remark")}
    return AttestationForm(**texts, form=_id(data.text("form")) or uuid4())


def wanted(typed: AttestationForm, data: FormData) -> Wanted:
    """The attestation in its types; InvalidError has a sentence for each field that can be judged by itself."""
    wrong: dict[str, str] = {}
    on, expires = _day(typed.on, "on", wrong), _day(typed.expires, "expires", wrong)
    department = _id(typed.department)
    if typed.department and department is None:
        wrong["department"] = say("Choose a department from the list, or the whole organisation.")
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    return Wanted(
        id=typed.form,
        control=typed.control,
        department=department,
        on=on,
        owner=" ".join(typed.owner.split()),
        expires=expires,
        link=typed.link,
        file_name=data.file_names.get("file", ""),
        content=data.files.get("file", b""),
        remark=typed.remark,
    )


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong[name] = say("Give a day such as 2026-11-30.")
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
