"""Sentences about questionnaires: English text that knows its message and its values, so that a page can say it again.

This package has no catalogs and knows no languages of pages. Whoever shows one of these sentences in another language
asks it for its message (app/questionnaires/told.py does).
"""

from collections.abc import Mapping
from typing import Self


class Told(str):
    """An English sentence with its message and the values in its braces, which may be such sentences themselves."""

    message: str
    values: Mapping[str, str]

    def __new__(cls, message: str, values: Mapping[str, str]) -> Self:
        """`values` fill the places in braces; a message without values may hold any braces."""
        made = super().__new__(cls, message.format_map(values) if values else message)
        made.message, made.values = message, values
        return made

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: nothing about a sentence changes."""
        return self


def tell(message: str, /, **values: str | int) -> Told:
    """A sentence; `{name}` in the message is filled with the value of that name."""
    return Told(message, {name: value if isinstance(value, str) else str(value) for name, value in values.items()})


def at_line(problem: str, *, file: str, line: int, label: str = "") -> Told:
    """What is wrong with the place in front of it; `label` says which item it is, where it is one."""
    if label:
        return tell("{file}, line {line}, {label}: {problem}", file=file, line=line, label=label, problem=problem)
    return tell("{file}, line {line}: {problem}", file=file, line=line, problem=problem)


def inside(place: str, problem: str, *, between: str = ", ") -> Told:
    """What is wrong with what stands around it in front: an archive, a version, a language."""
    return Told(f"{{place}}{between}{{problem}}", {"place": place, "problem": problem})
