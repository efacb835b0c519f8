"""Small pieces of the report's sentences: numbers as words, names, a score with what it rests on."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from app.releases.document import words
from app.releases.document.release import Row
from app.sentences import Listing, Sentence, Value, say, say_count

Name = TypeVar("Name", bound=str)

NUMBERS: Final = (
    say("one"),
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
    say("ten"),
    say("eleven"),
    say("twelve"),
)
FIRST_NUMBERS: Final = (
    say("One"),
    say("Two"),
    say("Three"),
    say("Four"),
    say("Five"),
    say("Six"),
    say("Seven"),
    say("Eight"),
    say("Nine"),
    say("Ten"),
    say("Eleven"),
    say("Twelve"),
)


def worded(number: int) -> Value:
    """Small counts as words, larger ones as digits."""
    return NUMBERS[number - 1] if 0 < number <= len(NUMBERS) else number


def worded_first(number: int) -> Value:
    """A count as a sentence begins with it."""
    return FIRST_NUMBERS[number - 1] if 0 < number <= len(FIRST_NUMBERS) else number


def distinct(names: Iterable[Name]) -> list[Name]:
    """Each name once, in the order of its first use."""
    return list(dict.fromkeys(names))


def within(name: str) -> str:
    """A dimension's name inside a sentence: the first letter small unless the word is an abbreviation."""
    return name if name[1:2].isupper() else words.within_sentence(name)


def row_name(row: Row) -> str:
    """A row's name as printed; a pool's with the list of its members where the release names them."""
    name, listed = words.row_name(row), ", ".join(row.members)
    if row.kind != "pool" or not listed or not row.name.endswith(f": {listed}"):
        return name
    return say("{name}: {members}", name=name, members=listed)


def answered_by(count: int) -> Sentence:
    """`14 people answered`, as it stands in brackets."""
    return say("{people} answered", people=words.people(count))


def some(names: Sequence[Value], most: int = 6) -> Listing:
    """Names in a row; beyond the first few how many others there are, so that a sentence stays one."""
    if len(names) <= most + 1:
        return Listing(names)
    rest = len(names) - most
    return Listing([*names[:most], say_count("one other", "{n} others", rest)])
