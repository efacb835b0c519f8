"""The form of a document as it was sent: texts by path, and what of it was changed."""

from typing import Final

from app.documents.merging import Typed, mark, tidy
from app.web.forms import FormData

TEXT, MARK, TAKE, OUT, LINE = "t.", "m.", "take.", "out.", "line."
LONGEST_NAME: Final = 120


def read(data: FormData) -> Typed:
    """What was typed; a text whose mark is that of what was shown was not touched."""
    texts = {name.removeprefix(TEXT): tidy(text) for name, text in data.fields.items() if _is(name, TEXT)}
    marks = {name.removeprefix(MARK): text for name, text in data.fields.items() if _is(name, MARK)}
    return Typed(
        texts=texts,
        untouched=frozenset(place for place, text in texts.items() if marks.get(place) == mark(text)),
        taken=frozenset(_named(data, TAKE)),
        out=frozenset(_named(data, OUT)),
        seen_lines=frozenset(_named(data, LINE)),
    )


def _named(data: FormData, prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in data.fields if _is(name, prefix)]


def _is(name: str, prefix: str) -> bool:
    return name.startswith(prefix) and len(name) <= LONGEST_NAME
