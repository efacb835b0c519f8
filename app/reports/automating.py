"""What to automate and how far, as a chapter: what the decision record on the release says (MEASUREMENT.md 5.3).

Every sentence comes from the record, as screens say it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from app.autonomy.placing import Placed
from app.autonomy.sharing import Line, Listed, Shown, Step, WorkLine
from app.opportunity import words
from app.opportunity.drawing import ZoneMap, has_dot, zone_map
from app.opportunity.words import PointLine
from app.reports.extent import Extent
from app.reports.phrases import answered_by
from app.reports.summary import Statement
from app.sentences import Listing, Passage, Sentence, say, say_count

MOST_LISTED: Final = 8
MOST_DEPARTMENTS: Final = 30
MOST_WORKS: Final = 60
MOST_NAMED: Final = 8
NONE: Final = "\N{EN DASH}"
_Works: TypeAlias = tuple[tuple[str, str, tuple[WorkLine, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A workflow in the table: its number on the map, what staff wish and what agents can do, its level and why."""

    name: str
    number: str
    wish: str
    capability: str
    level: str
    level_name: str
    capped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A workflow in a list, with its number on the map."""

    number: str
    line: Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Automating:
    """The chapter: departments on the ladder, what blocks each, the map, two lists, workflows with their levels.

    There is no `map` where no workflow has a zone. Of `left_out` and those that end in `_beyond` each says what there
    was no room for; empty where all is printed.
    """

    headline: str
    number: int
    as_of: date
    policy: str
    sha256: str
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    map: ZoneMap | None
    works: tuple[tuple[str, tuple[Work, ...]], ...]
    works_beyond: str
    shortlist: tuple[Numbered, ...]
    shortlist_beyond: str
    red: tuple[Numbered, ...]
    red_beyond: str
    left_out: str


def automating(record: Shown | None, told: Extent) -> Automating | None:
    """The chapter; None where no record was issued on the release. A cut report has the departments that it prints."""
    if record is None:
        return None
    lines = _printed(record.lines, told)
    kept = lines[:MOST_DEPARTMENTS]
    told_of, ids = {line.id for line in lines}, {line.id for line in kept}
    every = tuple(one for one in record.works if one[0] in told_of)
    works = _fitting(tuple(one for one in every if one[0] in ids))
    placed = _points_of(works, record)
    drawing = drawn(placed, _points_of(every, record))
    points = {} if drawing is None else {one.id: line for one, line in zip(placed, drawing.lines, strict=True)}
    return Automating(
        headline=headline(record.lines),
        number=record.number,
        as_of=record.as_of,
        policy=record.policy,
        sha256=record.sha256,
        steps=record.steps,
        lines=kept,
        map=drawing,
        works=tuple((name, tuple(_work(one, points) for one in some)) for _, name, some in works),
        works_beyond=_works_beyond(every, works),
        shortlist=_numbered(record.shortlist, points),
        shortlist_beyond=_beyond(len(record.shortlist) - MOST_LISTED),
        red=_numbered(record.red, points),
        red_beyond=_beyond(len(record.red) - MOST_LISTED),
        left_out=_left_out(len(record.lines) - len(kept)),
    )


def headline(lines: Sequence[Line]) -> Sentence:
    """How many departments may let agents act, with somebody who approves."""
    acting = sum(line.level >= "A3" for line in lines)
    if not acting:
        return say("No department may let agents act by themselves yet")
    if len(lines) == 1:
        return say("{name} may let agents act on approval or further", name=lines[0].name)
    return say_count(
        "{n} of {all} departments may let agents act on approval or further",
        "{n} of {all} departments may let agents act on approval or further",
        acting,
        all=len(lines),
    )


def decided(record: Shown | None, told: Extent) -> Iterator[Statement]:
    """What the summary says of it: how far how many departments may go, and what most often blocks the next level.

    The edition of a department has the sentence of its own, and so has an organisation with one department.
    """
    if record is None or not record.lines:
        return
    of_record = say("Decision record {number}, as of {day}.", number=record.number, day=record.as_of)
    first = record.lines[0]
    if told.row is not None or len(record.lines) == 1:
        yield Statement(
            figure=first.level,
            label=first.level_name,
            sentence=first.verdict,
            detail=Passage((_basis(told), of_record)),
        )
        return
    acting = sum(line.level >= "A3" for line in record.lines)
    yield Statement(
        figure=say("{n} of {all}", n=acting, all=len(record.lines)),
        label=say("may let agents act on approval"),
        sentence=how_far(record),
        detail=Passage((record.binding, _basis(told), of_record)),
    )


def how_far(record: Shown) -> Sentence:
    """How many departments may go how far, the highest level first."""
    levels = sorted({(line.level, line.level_name) for line in record.lines}, reverse=True)
    each = (
        say(
            "{name} ({level}) in {n}",
            name=name,
            level=level,
            n=sum(line.level == level for line in record.lines),
        )
        for level, name in levels
    )
    return say_count(
        "Agents may go as far as this in {n} department: {levels}.",
        "Agents may go as far as this in {n} departments: {levels}.",
        len(record.lines),
        levels=Listing(each),
    )


def _basis(told: Extent) -> str:
    count = told.subject.n
    return "" if count is None else say("It rests on what {basis} and on attested controls.", basis=answered_by(count))


def drawn(points: Sequence[Placed], every: Sequence[Placed]) -> ZoneMap | None:
    """The map of these workflows, None of none; its words say each of its places, for those who cannot see it.

    Its title counts `every` workflow, and a note says how many of these it has no room for.
    """
    if not points:
        return None
    found, drawable = zone_map(points), sum(map(has_dot, every))
    numbers = {one.number for one in found.dots}
    cut = (shown_of(len(numbers), drawable),) if len(numbers) < drawable else ()
    places = (place(line) for line in found.lines if line.number in numbers)
    return replace(
        found, title=words.headline(every), described=Passage((*places, *cut), "; "), notes=(*found.notes, *cut)
    )


def shown_of(n: int, every: int) -> Sentence:
    """How many of all workflows with a zone a map has room for."""
    return say("The map shows {n} of {all} workflows; the workbook has all of them.", n=n, all=every)


def first_of(record: Shown) -> tuple[Placed, ...]:
    """The workflows that a map has room for, in their order: where to begin, what is not wanted, then the others."""
    ranks = {one.id: rank for rank, one in enumerate((*record.shortlist, *record.red))}
    there = [one for one in record.points if has_dot(one)]
    chosen = {one.id for one in sorted(there, key=lambda one: ranks.get(one.id, len(ranks)))[:MOST_WORKS]}
    return tuple(one for one in there if one.id in chosen)


def place(line: PointLine) -> Sentence:
    """Where a workflow lies on the map, in words."""
    return say(
        "{number} {name}: wish {wish}, agents {capability}",
        number=line.number,
        name=line.name,
        wish=line.wish,
        capability=line.capability,
    )


def _work(one: WorkLine, points: Mapping[str, PointLine]) -> Work:
    point = points.get(one.id)
    return Work(
        name=one.name,
        number=str(point.number) if point else NONE,
        wish=point.wish if point else NONE,
        capability=point.capability if point else NONE,
        level=one.level,
        level_name=one.level_name,
        capped=one.capped or one.limited,
    )


def _numbered(some: Sequence[Listed], points: Mapping[str, PointLine]) -> tuple[Numbered, ...]:
    return tuple(
        Numbered(number=str(points[one.id].number) if one.id in points else NONE, line=one)
        for one in some[:MOST_LISTED]
    )


def _printed(lines: tuple[Line, ...], told: Extent) -> tuple[Line, ...]:
    if not told.cut:
        return lines
    there = {row.id for row in told.printed.rows}
    return tuple(line for line in lines if line.id in there)


def _points_of(works: _Works, record: Shown) -> tuple[Placed, ...]:
    ids = {work.id for _, _, some in works for work in some}
    return tuple(one for one in record.points if one.id in ids)


def _fitting(works: _Works) -> _Works:
    """The departments that there is room for, whole; the first alone is cut where it has more by itself."""
    found: list[tuple[str, str, tuple[WorkLine, ...]]] = []
    room = MOST_WORKS
    for id, name, some in works:
        printed = some if found else some[:room]
        if len(printed) <= room:
            found.append((id, name, printed))
            room -= len(printed)
    return tuple(found)


def _works_beyond(every: _Works, printed: _Works) -> str:
    """How many workflows there is no room for, and of which departments."""
    room = {id: len(some) for id, _, some in printed}
    left = [(name, len(some) - room.get(id, 0)) for id, name, some in every if len(some) > room.get(id, 0)]
    if not left:
        return ""
    named = [say("{name}: {n}", name=name, n=n) for name, n in left[:MOST_NAMED]]
    others, count = len(left) - len(named), sum(n for _, n in left)
    more = [say_count("{n} more department", "{n} more departments", others)] if others else []
    return say_count(
        "{n} more workflow is in the workbook ({departments}).",
        "{n} more workflows are in the workbook ({departments}).",
        count,
        departments=Listing((*named, *more)),
    )


def _beyond(number: int) -> str:
    if number <= 0:
        return ""
    return say_count("{n} more workflow is in the workbook.", "{n} more workflows are in the workbook.", number)


def _left_out(number: int) -> str:
    if not number:
        return ""
    return say_count("{n} more department is in the record.", "{n} more departments are in the record.", number)
