"""What is typed into the pages of authoring, read into types."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.questionnaires.remarks import RemarkInput
from app.web.forms import FormData
from surveys.languages import LANGUAGES


@dataclass(frozen=True)
class CopyInput:
    """A new questionnaire: its name, and the hash of the version to begin from."""

    name: str
    source: str


@dataclass(frozen=True)
class QuestionInput:
    """A module's question as it was typed, with its text in other languages; `name` is that of a new module."""

    text: str
    relates_to: str
    name: str
    translations: Mapping[str, str]
    reviewed: frozenset[str]


NOTHING = QuestionInput("", "", "", {}, frozenset())


def read_copy(data: FormData) -> CopyInput:
    """The name and source as they were sent."""
    return CopyInput(data.text("name"), data.text("source"))


def read_question(data: FormData) -> QuestionInput:
    """A question as it was sent; languages whose field was not on the page are not among its translations."""
    tags = [tag for tag in LANGUAGES if f"text-{tag}" in data.fields]
    return QuestionInput(
        data.text("text"),
        data.text("relates_to"),
        data.text("name"),
        {tag: " ".join(data.text(f"text-{tag}").split()) for tag in tags},
        frozenset(tag for tag in tags if data.text(f"reviewed-{tag}")),
    )


def read_texts(data: FormData) -> dict[str, str]:
    """Texts in another language as they were sent, by path."""
    return {
        name.removeprefix("say."): " ".join(text.split())
        for name, text in data.fields.items()
        if name.startswith("say.")
    }


def read_mark(data: FormData) -> tuple[str, bool] | None:
    """Which part of the texts is to be marked as reviewed (True) or as not reviewed any more; None for no mark."""
    deed, _, part = data.text("mark").partition(":")
    return (part, deed == "reviewed") if deed in ("reviewed", "unreviewed") else None


def read_edition(data: FormData) -> int:
    """The state of the draft that the page was made from; 0, which no draft has, for anything else."""
    return data.number("edition") or 0


def read_remark(data: FormData) -> RemarkInput:
    """A remark as it was sent."""
    return RemarkInput(data.text("name"), data.text("item"), data.text("body"))


def read_id(data: FormData, name: str) -> UUID | None:
    """An id in a field; None for what is none."""
    try:
        return UUID(data.text(name))
    except ValueError:
        return None
