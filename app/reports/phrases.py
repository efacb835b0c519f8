"""Small pieces of the report's sentences: lists, numbers as words, names."""

from collections.abc import Iterable, Sequence

from app.releases.document.release import Release, Row
from app.web.templating import thousands

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def worded(number: int) -> str:
    """Small counts as words, larger ones as digits."""
    return NUMBERS[number] if number < len(NUMBERS) else thousands(number)


def joined(names: Sequence[str]) -> str:
    """`Legal`, `Legal and HR`, `Legal, HR and IT`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def distinct(names: Iterable[str]) -> list[str]:
    """Each name once, in the order of its first use."""
    return list(dict.fromkeys(names))


def sentence_start(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def within(name: str) -> str:
    """A dimension's name inside a sentence: the first letter small unless the word is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def row_name(release: Release, row: Row) -> str:
    """A row's name as printed: the pool of the whole organisation goes without the organisation's name."""
    if row.kind != "pool":
        return row.name
    return sentence_start(row.name.removeprefix(f"{release.wave.organisation}, "))
