"""Sentences that are written in English where they arise and said in the reader's language where they are shown.

A `Sentence` is a string, the English one, so whatever stores, logs or compares it sees plain text; beside it travels
what a catalog is asked for (app/web/speech.py). It has to reach the page whole: what is cut out of it, or put together
with `+` or an f-string, is English for ever. `./run catalogs` finds the sentences by the names of these functions.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final, Protocol, Self, runtime_checkable

Value = str | int | date
NO_VALUES: Final[Mapping[str, Value]] = MappingProxyType({})
NO_WORDS: Final[Mapping[str, str]] = MappingProxyType({})
GROUPED_FROM: Final = 10_000
NARROW_SPACE: Final = "\u202f"
MINUS: Final = "\u2212"


class Sentence(str):
    """An English sentence that knows its message, the values in its braces, and the plural that `n` chooses.

    `words` are the message in other languages by their tags, where it was written down in them: they are said then,
    and not what a catalog has today.
    """

    message: str
    many: str
    values: Mapping[str, Value]
    words: Mapping[str, str]

    def __new__(
        cls,
        message: str,
        many: str = "",
        values: Mapping[str, Value] = NO_VALUES,
        words: Mapping[str, str] = NO_WORDS,
    ) -> Self:
        """`values` fill the places in braces; with `many` there is a value `n` that says which form it is."""
        chosen = message if not many or values["n"] == 1 else many
        told = {name: english(value) for name, value in values.items()}
        made = super().__new__(cls, chosen.format_map(told) if told else chosen)
        made.message, made.many, made.values, made.words = message, many, values, words
        return made

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: nothing about a sentence changes."""
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Whole, so that one process can hand it to another."""
        return Sentence, (self.message, self.many, dict(self.values), dict(self.words))

    def filled(self, values: Mapping[str, Value]) -> "Sentence":
        """The sentence with its places filled in, where its message was written down before its values were known."""
        return Sentence(self.message, self.many, {**self.values, **values}, self.words)


class Listing(str):
    """Words in a row, "a, b and c", that another language joins in its own way."""

    parts: tuple[Value, ...]

    def __new__(cls, parts: Iterable[Value]) -> Self:
        """`parts` may be sentences themselves."""
        kept = tuple(parts)
        told = [english(part) for part in kept]
        made = super().__new__(cls, " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told))
        made.parts = kept
        return made

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: nothing about it changes."""
        return self


class Passage(Listing):
    """Sentences one after another, with a space or something else between them that every language writes alike."""

    between: str

    def __new__(cls, parts: Iterable[Value], between: str = " ") -> Self:
        """`parts` may be sentences themselves; what is empty is left out."""
        kept = tuple(part for part in parts if part != "")
        made = str.__new__(cls, between.join(map(english, kept)))
        made.parts, made.between = kept, between
        return made


class Hundredths(str):
    """A number with two decimals: `.83`, `−.05` and `1.00` as statisticians write them in English, `0,83` in German."""

    hundredths: int

    def __new__(cls, hundredths: int) -> Self:
        """`hundredths` is the number times a hundred."""
        sign = MINUS if hundredths < 0 else ""
        made = super().__new__(cls, sign + f"{abs(hundredths) / 100:.2f}".removeprefix("0"))
        made.hundredths = hundredths
        return made

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: nothing about it changes."""
        return self


def say(message: str, /, **values: Value) -> Sentence:
    """A sentence; `{name}` in the message is filled with the value of that name."""
    return Sentence(message, values=values)


def say_count(one: str, many: str, n: int, /, **values: Value) -> Sentence:
    """A sentence about `n` things: `one` when there is one, else `many`. Other languages may have more forms."""
    return Sentence(one, many, {**values, "n": n})


@runtime_checkable
class Told(Protocol):
    """What a text knows of itself where other packages made it (surveys/sentences.py), which have no catalogs."""

    message: str
    values: Mapping[str, str]


def adopted(text: str) -> str:
    """A sentence of another package as one of ours, with those inside it; any other text as it is."""
    if isinstance(text, Sentence) or not isinstance(text, Told):
        return text
    return Sentence(text.message, values={name: adopted(value) for name, value in text.values.items()})


def recalled(text: str, among: Iterable[Sentence]) -> str:
    """The sentence that a stored English text was, out of those that it can be; the text itself when it is none.

    `among` are messages with their places still open. Where a text was written down before it was shown, as the reason
    of a deletion is, this says it in the reader's language all the same.
    """
    for one in among:
        for message in filter(None, (one.message, one.many)):
            found = _pattern(message).fullmatch(text)
            if found is not None:
                told = {name: _counted(value) if name == "n" else value for name, value in found.groupdict().items()}
                return Sentence(one.message, one.many, told if told or not one.many else {"n": 1})
    return text


@cache
def _pattern(message: str) -> re.Pattern[str]:
    """What matches a text made from the message: each place a group, and the same words where it stands again."""
    told, seen = "", set[str]()
    for at, part in enumerate(re.split(r"\{(\w+)\}", message)):
        place = f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
        told += place if at % 2 else re.escape(part)
        seen |= {part} if at % 2 else set()
    return re.compile(told, re.DOTALL)


def _counted(text: str) -> int:
    return int(text.replace(NARROW_SPACE, "").replace(",", ""))


def english(value: Value) -> str:
    """A value as English writes it: 12 000 with a thin space from ten thousand on, 22 November 2026."""
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, int):
        return f"{value:,}".replace(",", NARROW_SPACE) if value >= GROUPED_FROM else str(value)
    return value
