"""What was saved of a document beside what the data say today: each place with both, and what a save keeps. Pure."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.documents.content import NOTHING, Content, Line, Part, Said, path
from app.documents.template import OPEN_LINES

OWN: Final = "own"
MOST_NEW: Final = 20
_OWN: Final = re.compile(r"own[0-9a-f]{8}")
_LINE: Final = re.compile(r"[\w-]{1,60}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent: texts by path; `untouched` are paths whose text is the one that was shown; `taken` those that
    are to say what the data say; `out` lines (part.line) to leave out."""

    texts: Mapping[str, str] = field(default_factory=dict)
    untouched: Collection[str] = ()
    taken: Collection[str] = ()
    out: Collection[str] = ()
    seen_lines: Collection[str] = ()


def merged(saved: Content | None, fresh: Content) -> Content:
    """A document as it is today: what people wrote stays, all else follows the data, and new lines come to it."""
    if saved is None:
        return fresh
    return replace(fresh, parts=tuple(_part(saved.part(one.id), one) for one in fresh.parts))


def news(saved: Content | None, fresh: Content) -> Mapping[str, str]:
    """What the data say today where that is not what they said when it was saved, by path."""
    if saved is None:
        return {}
    before = dict(_said(saved))
    return {
        place: now.text
        for place, now in _said(fresh)
        if (then := before.get(place)) is not None and then.data != now.text and then.text != now.text
    }


def written(content: Content) -> Mapping[str, str]:
    """Who wrote each place that was not left to the data, by path."""
    return {place: one.by for place, one in _said(content) if one.by}


def apply(base: Content, fresh: Content, typed: Typed, *, author: str) -> Content:
    """A document with what was typed. A text that is what the data say is the data's, any other its author's."""
    return replace(base, parts=tuple(_typed(one, fresh.part(one.id), typed, author) for one in base.parts))


def with_open_lines(content: Content, *, seed: str) -> Content:
    """The document with empty lines at the end of each table, for what only people know.

    Their ids follow from `seed`, so that a page that is fetched again is the same, and two people's lines are not.
    """
    taken = {f"{part.id}.{line.id}" for part in content.parts for line in part.lines}
    new: dict[str, list[str]] = {}
    for part in content.parts:
        ids = (f"{OWN}{mark(f'{seed}.{part.id}.{number}')[:8]}" for number in range(OPEN_LINES + MOST_NEW))
        new[part.id] = [one for one in ids if f"{part.id}.{one}" not in taken][:OPEN_LINES]
    return _with_lines(content, new)


def with_lines_of(content: Content, typed: Typed) -> Content:
    """The document with the lines of people's own that a form brings along, and with those into which somebody wrote
    and that the data have lost since the form was shown: they stay, as lines of people's own."""
    new: dict[str, list[str]] = {}
    lost: dict[str, list[str]] = {}
    for name in sorted(typed.seen_lines):
        part, _, line = name.partition(".")
        if _OWN.fullmatch(line):
            new.setdefault(part, []).append(line)
        elif _LINE.fullmatch(line):
            lost.setdefault(part, []).append(line)
    whole = replace(content, parts=tuple(_kept(one, lost.get(one.id, ()), typed) for one in content.parts))
    return _with_lines(whole, new)


def _kept(part: Part, lines: Sequence[str], typed: Typed) -> Part:
    """A table with the lines that it has no more and into which somebody wrote, as the form showed them."""
    there = {line.id for line in part.lines}
    more = [_shown_then(part, line, typed) for line in lines if line not in there and _is_touched(part, line, typed)]
    return replace(part, lines=(*part.lines, *more))


def _is_touched(part: Part, line: str, typed: Typed) -> bool:
    names = (path(part.id, line, head.id) for head in part.heads)
    return any(typed.texts.get(name) and name not in typed.untouched for name in names)


def _shown_then(part: Part, line: str, typed: Typed) -> Line:
    names = (path(part.id, line, head.id) for head in part.heads)
    shown = (typed.texts.get(name, "") if name in typed.untouched else "" for name in names)
    return Line(line, tuple(Said(text, text) for text in shown), added=True)


def _with_lines(content: Content, new: Mapping[str, Sequence[str]]) -> Content:
    return replace(content, parts=tuple(_opened(one, new.get(one.id, ())) for one in content.parts))


def mark(text: str) -> str:
    """What tells whether a text was changed since it was shown."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:12]


def tidy(text: str) -> str:
    """A text as it is kept: lines end in one way, and nothing is left at their ends."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _said(content: Content) -> Iterator[tuple[str, Said]]:
    for part in content.parts:
        if part.said is not None:
            yield part.id, part.said
        for line in part.lines:
            for head, cell in zip(part.heads, line.cells, strict=True):
                yield path(part.id, line.id, head.id), cell


def _part(saved: Part | None, fresh: Part) -> Part:
    if saved is None:
        return fresh
    said = None if fresh.said is None else _place(saved.said, fresh.said)
    return replace(fresh, said=said, lines=tuple(_lines(saved, fresh)))


def _place(saved: Said | None, fresh: Said) -> Said:
    return saved if saved is not None and saved.by else fresh


def _lines(saved: Part, fresh: Part) -> Iterator[Line]:
    """The data's lines, then those of people's own, and what people wrote into lines that the data have no more."""
    before = {one.id: one for one in saved.lines}
    columns = [head.id for head in saved.heads]
    for line in fresh.lines:
        was = before.pop(line.id, None)
        if was is None:
            yield line
            continue
        there = dict(zip(columns, was.cells, strict=True))
        cells = tuple(_place(there.get(head.id), cell) for head, cell in zip(fresh.heads, line.cells, strict=True))
        yield replace(line, cells=cells, out=was.out)
    for line in before.values():
        if line.added or any(cell.by for cell in line.cells):
            there = dict(zip(columns, line.cells, strict=True))
            yield replace(line, cells=tuple(there.get(head.id, NOTHING) for head in fresh.heads))


def _typed(part: Part, fresh: Part | None, typed: Typed, author: str) -> Part:
    said = part.said
    if said is not None:
        said = _one(part.id, said, fresh.said if fresh else None, typed, author)
    now = {line.id: dict(zip((head.id for head in fresh.heads), line.cells, strict=True)) for line in fresh.lines} if (
        fresh) else {}  # fmt: skip
    lines = []
    for line in part.lines:
        here = now.get(line.id, {})
        cells = tuple(
            _one(path(part.id, line.id, head.id), cell, here.get(head.id), typed, author)
            for head, cell in zip(part.heads, line.cells, strict=True)
        )
        name = f"{part.id}.{line.id}"
        out = name in typed.out if name in typed.seen_lines else line.out
        if line.added and (out or not any(cell.text for cell in cells)):
            continue
        lines.append(replace(line, cells=cells, out=out))
    return replace(part, said=said, lines=tuple(lines))


def _one(place: str, said: Said, fresh: Said | None, typed: Typed, author: str) -> Said:
    """A place with what was typed into it. `fresh` is what the data say, None where they know nothing of it."""
    data = fresh or NOTHING
    if place in typed.taken:
        return replace(data, data=data.text, by="")
    text = typed.texts.get(place)
    if text is None or place in typed.untouched or text == said.text:
        return said
    if text == data.text:
        return replace(data, data=data.text, by="")
    return Said(text, data.text, author)


def _opened(part: Part, new: Sequence[str]) -> Part:
    if part.kind != "table":
        return part
    taken = {line.id for line in part.lines}
    empty = tuple(NOTHING for _ in part.heads)
    more = [name for name in new if name not in taken][:MOST_NEW]
    return replace(part, lines=(*part.lines, *(Line(name, empty, added=True) for name in more)))
