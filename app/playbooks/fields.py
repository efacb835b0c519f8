"""Reads the fields of a library file, so that whoever writes one is told the file, the line and what to do."""

import re
from collections.abc import Collection
from datetime import date
from typing import Final

from surveys.reader import Record
from surveys.sentences import tell
from surveys.wording import short, wrong_text

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
VERSION: Final = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")


def text(record: Record, field: str, *, most: int) -> str:
    """One line of at most so many characters."""
    value = record.text(field)
    if len(value) > most:
        raise record.error(
            tell("'{field}' has {count} characters; {most} is the most", field=field, count=len(value), most=most),
            field=field,
        )
    return value


def texts(record: Record, field: str, *, least: int, most: int, long: int) -> tuple[str, ...]:
    """A list of so many lines, each of at most `long` characters."""
    values = record.texts(field)
    if not least <= len(values) <= most:
        raise record.error(
            tell(
                "'{field}' has {count} entries; {least} to {most} are needed",
                field=field,
                count=len(values),
                least=least,
                most=most,
            ),
            field=field,
        )
    for number, value in enumerate(values, start=1):
        wrong = wrong_text(value) if value.strip() else tell("a line is empty")
        if len(value) > long:
            wrong = tell("the text has {count} characters; {most} is the most", count=len(value), most=long)
        if wrong is not None:
            raise record.error(
                tell("'{field}', entry {number}: {problem}", field=field, number=number, problem=wrong), field=field
            )
    return tuple(value.strip() for value in values)


def one_of(record: Record, field: str, known: Collection[str]) -> str:
    """A word of those that are known."""
    return _known(record, field, record.text(field), known)


def some_of(record: Record, field: str, known: Collection[str], *, least: int = 0) -> tuple[str, ...]:
    """A list of words of those that are known, each once."""
    values = record.texts(field) if record.has(field) else []
    for value in values:
        _known(record, field, value, known)
        if values.count(value) > 1:
            raise record.error(tell("'{field}' names {value} twice", field=field, value=value), field=field)
    if len(values) < least:
        raise record.error(tell("'{field}' names nothing; name at least one", field=field), field=field)
    return tuple(values)


def number(record: Record, field: str, *, most: int) -> int:
    """A whole number from 1 on."""
    value = record.number(field)
    if not 1 <= value <= most:
        raise record.error(
            tell("'{field}' is {value}; a number from 1 to {most} is needed", field=field, value=value, most=most),
            field=field,
        )
    return value


def fitting(record: Record, field: str, pattern: re.Pattern[str], example: str) -> str:
    """A word of a certain form."""
    value = record.text(field)
    if not pattern.fullmatch(value):
        raise record.error(
            tell("'{value}' is not written like {example}", value=short(value), example=example), field=field
        )
    return value


def day_of(record: Record, field: str, example: str) -> str:
    """A day of the calendar, written as the year, the month and the day."""
    value = record.day(field)
    if not DAY.fullmatch(value) or not _is_day(value):
        raise record.error(
            tell("'{field}': {value} is no day; write it like {example}", field=field, value=short(value),
                 example=example), field=field,
        )  # fmt: skip
    return value


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _known(record: Record, field: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise record.error(
            tell("'{field}': {value} is not known; known are {names}", **_named(field, value, known)), field=field
        )
    return value


def _named(field: str, value: str, known: Collection[str]) -> dict[str, str]:
    return {"field": field, "value": short(value), "names": ", ".join(known)}
