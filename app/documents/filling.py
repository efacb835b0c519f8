"""A template filled from data: a document in one language, with gaps where nobody has said something yet. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.documents import template as templates
from app.documents.content import Head, Line, Part, Said
from app.documents.template import Column, Template
from app.sentences import Listing, Sentence, Value, say
from app.web.speech import Speech

_PLACE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody has said yet: what it is, and the page on which it is said. `at` is of its address."""

    what: Sentence
    page: Sentence
    route: str
    at: Mapping[str, object] = field(default_factory=dict)


Known = Value | Gap


@dataclass(frozen=True, slots=True)
class Row:
    """A line for a table: an id that stays the same, and what it knows."""

    id: str
    knows: Mapping[str, Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What is known for a document: values by name, and rows by the name of their source."""

    values: Mapping[str, Known]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """The parts of a document, and the gaps by the path of their place."""

    parts: tuple[Part, ...]
    gaps: Mapping[str, Gap]


def fill(template: Template, data: Data, spoken: Speech) -> Filled:
    """The parts of a template with everything that the data know."""
    gaps: dict[str, Gap] = {}
    return Filled(tuple(_part(one, data, spoken, gaps) for one in template.parts), gaps)


def _part(one: templates.Part, data: Data, spoken: Speech, gaps: dict[str, Gap]) -> Part:
    said: Said | None = None
    if one.kind in ("text", "points"):
        said = _said(one.id, one.fill, data.values, spoken, gaps)
    return Part(
        kind=one.kind,
        id=one.id,
        label=_told(one.label, spoken),
        said=said,
        heads=tuple(_head(column, spoken) for column in one.columns),
        lines=tuple(_lines(one, data, spoken, gaps)),
        of=one.of,
        hint="" if one.hint is None else _told(one.hint, spoken),
    )


def _head(column: Column, spoken: Speech) -> Head:
    choices = tuple(_told(one, spoken) for one in column.choices)
    return Head(column.id, _told(column.label, spoken), choices, column.narrow)


def _lines(one: templates.Part, data: Data, spoken: Speech, gaps: dict[str, Gap]) -> Iterator[Line]:
    for row in data.rows.get(one.rows, ()):
        known = {**data.values, **row.knows}
        yield Line(
            row.id, tuple(_cell(one, row.id, column, column.fill, known, spoken, gaps) for column in one.columns)
        )
    for fixed in one.lines:
        cells = ((column, fixed.cells.get(column.id, column.fill)) for column in one.columns)
        yield Line(
            fixed.id, tuple(_cell(one, fixed.id, column, words, data.values, spoken, gaps) for column, words in cells)
        )


def _cell(
    part: templates.Part,
    line: str,
    column: Column,
    words: Sentence | None,
    known: Mapping[str, Known],
    spoken: Speech,
    gaps: dict[str, Gap],
) -> Said:
    return _said(f"{part.id}.{line}.{column.id}", () if words is None else (words,), known, spoken, gaps)


def _said(
    path: str, fill: Sequence[Sentence], known: Mapping[str, Known], spoken: Speech, gaps: dict[str, Gap]
) -> Said:
    """What stands in a place: each sentence of which everything is known, and what is not known of the others."""
    told: list[str] = []
    missing: list[Gap] = []
    for words in fill:
        lacking = [one for name in _PLACE.findall(words.message) if isinstance(one := known[name], Gap)]
        missing += lacking
        if not lacking:
            values = {name: _plain(known[name]) for name in _PLACE.findall(words.message)}
            told.append(_told(words.filled(values) if values else words, spoken))
    if missing:
        gaps[path] = missing[0]
    whole = "\n".join(one for one in told if one)
    return Said(whole, whole, gap=_told(_lacking(missing), spoken) if missing else "")


def _lacking(missing: Sequence[Gap]) -> Sentence:
    named = Listing(dict.fromkeys(one.what for one in missing))
    return say("Not known yet: {what}. It is said on {page}.", what=named, page=missing[0].page)


def _plain(value: Known) -> Value:
    assert not isinstance(value, Gap)  # those were sorted out
    return value


def _told(value: str, spoken: Speech) -> str:
    return str(spoken.say(value))
