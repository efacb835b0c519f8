"""Figures of a release, as geometry and words: where dots and lines stand, from printed values alone (5.2).

A place across is a printed value, in per cent of a field that runs from 0 to 100. Heights are pixels on screen and
hundredths of the field's width on paper. Each figure has a sentence as its title, a description of everything that can
be seen, and a table of the same numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.figures.marks import Mark, mark_of
from app.releases.document import words
from app.releases.document.figures import LeaderGap
from app.releases.document.release import DimensionHead, Release, Row, Scored
from app.sentences import Passage, Sentence, say

_MOST_LEFT: Final = 80
"""Beyond this value a number stands to the left of its dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Heights: above the first line, and of each line; and how far the name of a row below another is set in."""

    head: int
    step: int
    indent: int


SCREEN: Final = Spacing(head=36, step=40, indent=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a figure: the heads of its columns, and its lines, which the cell at `named_by` names."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    named_by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A line of a figure: a value with its interval, at `y`; `other` is a second value, joined to the first.

    `score` is None where nothing is shown; `value` says so then. `after` is where the value is written, `left` before
    the dot where there is no room behind it.
    """

    name: str
    indent: int
    y: int
    score: int | None
    value: str
    interval: tuple[int, int] | None = None
    other: int | None = None
    after: int = 0
    left: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots:
    """Lines below each other over one axis; `whole` is the organisation's value, as an upright line."""

    title: str
    about: str
    described: str
    height: int
    lines: tuple[Dot, ...]
    whole: int | None
    whole_name: str
    notes: tuple[str, ...]
    table: Table


def dots(release: Release, head: DimensionHead, spacing: Spacing = SCREEN) -> Dots:
    """One dimension of all rows: scores with intervals beside the organisation's."""
    rows = [*release.rows[1:], release.organisation]
    marks = [(row, mark_of(release, row, head.id, head.name, "")) for row in rows]
    whole = release.organisation.cells[head.id]
    lines = tuple(_dot(row, mark, place, spacing) for place, (row, mark) in enumerate(marks))
    told = [(row.n, row, mark) for row, mark in marks[:-1] if mark.score is not None]
    return Dots(
        title=_spread(head, [(row, mark) for _, row, mark in told]),
        about=head.definition,
        described=Passage(
            (say("{name}: {value}", name=words.row_name(row), value=_described(mark)) for row, mark in marks), "; "
        ),
        height=spacing.head + spacing.step * len(lines),
        lines=lines,
        whole=whole.score if isinstance(whole, Scored) else None,
        whole_name=words.row_name(release.organisation),
        notes=_dot_notes(mark for _, mark in marks),
        table=Table(
            heads=(say("Department"), say("Score"), say("Interval"), say("Answers"), say("Band")),
            lines=tuple(_dot_cells(row, mark) for row, mark in marks),
        ),
    )


def of_row(release: Release, row: Row, *, title: str, spacing: Spacing = SCREEN) -> Dots:
    """One row on all dimensions: scores with intervals; `title` is what they say."""
    marks = [(head, mark_of(release, row, head.id, head.name, "")) for head in release.dimensions]
    lines = (_dot(row, mark, place, spacing) for place, (_, mark) in enumerate(marks))
    return Dots(
        title=title,
        about=say("Scores from 0 to 100, dimension by dimension."),
        described=Passage(
            (say("{name}: {value}", name=head.name, value=_described(mark)) for head, mark in marks), "; "
        ),
        height=spacing.head + spacing.step * len(marks),
        lines=tuple(
            replace(line, name=head.name, indent=0, strong=False) for line, (head, _) in zip(lines, marks, strict=True)
        ),
        whole=None,
        whole_name="",
        notes=_dot_notes(mark for _, mark in marks),
        table=Table(
            heads=(say("Dimension"), say("Score"), say("Interval"), say("Answers"), say("Band")),
            lines=tuple((head.name, *_dot_cells(row, mark)[1:]) for head, mark in marks),
        ),
    )


def _dot(row: Row, mark: Mark, place: int, spacing: Spacing) -> Dot:
    end = mark.score if mark.interval is None else mark.interval[1]
    left = end is not None and end > _MOST_LEFT
    start = mark.score if mark.interval is None else mark.interval[0]
    return Dot(
        name=words.row_name(row),
        indent=spacing.indent * max(min(row.depth, 4) - 1, 0),
        y=spacing.head + spacing.step * place + spacing.step // 2,
        score=mark.score,
        value=mark.value or mark.hidden,
        interval=mark.interval,
        after=(start if left else end) or 0,
        left=left,
        strong=row.kind == "organisation",
    )


def _spread(head: DimensionHead, told: Sequence[tuple[Row, Mark]]) -> Sentence:
    """The message of the plot: where the dimension is lowest and highest."""
    if len(told) < 2:
        return say("{dimension}: too few departments are shown to lay them side by side", dimension=head.name)
    low, high = (pick(told, key=lambda one: one[1].score or 0) for pick in (min, max))
    return say(
        "{dimension} lies between {low} in {lowest} and {high} in {highest}",
        dimension=head.name,
        low=low[1].value,
        lowest=words.row_name(low[0]),
        high=high[1].value,
        highest=words.row_name(high[0]),
    )


def _described(mark: Mark) -> str:
    if mark.hidden:
        return words.within_sentence(mark.hidden)
    return (
        say("{score}, interval {interval}", score=mark.value, interval=mark.interval_text)
        if mark.interval
        else mark.value
    )


def _dot_cells(row: Row, mark: Mark) -> tuple[str, ...]:
    if mark.hidden:
        return (words.row_name(row), mark.hidden, "", "", "")
    return (words.row_name(row), mark.value, mark.interval_text, mark.answered, mark.band)


def _dot_notes(marks: Iterable[Mark]) -> tuple[str, ...]:
    every = list(marks)
    notes: list[str] = []
    if any(mark.interval for mark in every):
        notes.append(say("Thin lines are 95 % intervals. Where two of them overlap, the distance may be chance."))
    if any(mark.score is not None and not mark.interval for mark in every):
        notes.append(say("A dot without a line stands for a group too small for an interval."))
    return tuple(notes)


def leaders(release: Release, spacing: Spacing = SCREEN) -> Dots | None:
    """What leaders and staff score; None where their gap is not told."""
    if release.gaps is None or not release.gaps.cells:
        return None
    names = {head.id: head.name for head in release.dimensions}
    cells = release.gaps.cells
    widest = max(cells, key=lambda one: (one.marked, abs(one.gap)))
    return Dots(
        title=_leaders_title(names[widest.dimension], widest),
        about=say("Of the whole organisation: filled dots are people who lead others, rings are people who do not."),
        described=Passage(
            (
                say(
                    "{name}: leaders {leaders}, staff {staff}",
                    name=names[one.dimension],
                    leaders=one.leaders,
                    staff=one.staff,
                )
                for one in cells
            ),
            "; ",
        ),
        height=spacing.head + spacing.step * len(cells),
        lines=tuple(_pair(names[one.dimension], one, place, spacing) for place, one in enumerate(cells)),
        whole=None,
        whole_name="",
        notes=(
            say("Bold: at least 10 points, and unlikely to be chance. The other gaps may be chance."),
            say("By what people said of their own role, never by a list."),
        ),
        table=Table(
            heads=(say("Dimension"), say("Leaders"), say("Staff"), say("Gap"), say("Interval")),
            lines=tuple(_pair_cells(names[one.dimension], one) for one in cells),
        ),
    )


def _leaders_title(name: str, widest: LeaderGap) -> Sentence:
    if not widest.marked:
        return say("Leaders and staff do not lie clearly apart on any dimension")
    return say(
        "Leaders and staff lie furthest apart on {dimension}: {leaders} against {staff}",
        dimension=name,
        leaders=widest.leaders,
        staff=widest.staff,
    )


def _pair(name: str, one: LeaderGap, place: int, spacing: Spacing) -> Dot:
    end = max(one.leaders, one.staff)
    left = end > _MOST_LEFT
    return Dot(
        name=name,
        indent=0,
        y=spacing.head + spacing.step * place + spacing.step // 2,
        score=one.leaders,
        value=words.signed(one.gap),
        other=one.staff,
        after=min(one.leaders, one.staff) if left else end,
        left=left,
        strong=one.marked,
    )


def _pair_cells(name: str, one: LeaderGap) -> tuple[str, ...]:
    between = "–"
    if one.interval is not None:
        first, last = map(words.signed, one.interval)
        between = say("{first} to {last}", first=first, last=last)
    return (name, str(one.leaders), str(one.staff), words.signed(one.gap), between)
