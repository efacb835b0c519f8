"""The lineage as geometry: a lane for each department that something happened to, over the days. Pure.

A place across is a share of the days drawn, in per cent; heights are pixels. Departments in which nothing happened have
no lane, so that the drawing of a large client stays one that can be read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.lineage import words
from app.lineage.descent import Step, steps
from app.lineage.snapshots import Change, Snapshot
from app.sentences import Passage, Sentence, say

HEAD: Final = 56
STEP: Final = 36
MOST_LANES: Final = 200
LONGEST: Final = 28
"""Characters of a name that fit beside a lane; the table has all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A department from the day on which it began to that on which it ended; `rings` are where it was renamed or moved,
    each with a sentence. `ahead` is where one that is open will become another, as planned."""

    name: str
    y: int
    start: float
    end: float
    is_open: bool
    ahead: float | None
    rings: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The day on which lanes became others: from the topmost to the lowest of them; `name` is what they will be."""

    x: float
    top: int
    bottom: int
    is_planned: bool
    told: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A wave, at the day on which it opened. `row` is the line of labels it has, so that two do not overlap."""

    x: float
    label: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The whole drawing. `described` says all that can be seen."""

    title: Sentence
    described: str
    height: int
    lanes: tuple[Lane, ...]
    links: tuple[Link, ...]
    marks: tuple[Mark, ...]
    now: float
    first: date
    last: date
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is drawn: all departments as they are, when each began, what was done and is planned, when waves opened."""

    departments: Mapping[UUID, Snapshot]
    began: Mapping[UUID, date]
    done: Sequence[Change]
    planned: Sequence[Change]
    waves: Sequence[tuple[str, date]]
    today: date


def drawing(history: History) -> Drawing | None:
    """The lineage of the departments that were renamed, moved, merged, split, closed, or opened after the first wave;
    None where nothing of that happened or is planned."""
    told = _told(history)
    if not told:
        return None
    order = _ordered(history, told)
    shown = order[:MOST_LANES]
    scale = _Scale(history, shown)
    places = {id: HEAD + STEP * at + STEP // 2 for at, id in enumerate(shown)}
    lanes = tuple(_lane(history, id, places[id], scale) for id in shown)
    return Drawing(
        title=say("Which department came from which, {first} to {last}", first=scale.first, last=scale.last),
        described=_described(history),
        height=HEAD + STEP * len(shown) + STEP // 2,
        lanes=lanes,
        links=tuple(_links(history, places, scale)),
        marks=_marks(history.waves, scale),
        now=scale.x(history.today),
        first=scale.first,
        last=scale.last,
        left_out=len(order) - len(shown),
    )


def _told(history: History) -> set[UUID]:
    """The departments that something happened to."""
    first = min((day for _, day in history.waves), default=None)
    found: set[UUID] = set()
    for change in history.done:
        for step in steps(change):
            if step.before is None and (first is None or change.day <= first):
                continue
            found |= {one.id for one in (step.before, step.after) if one is not None}
    planned = {id for change in history.planned for id in change.wanted.departments}
    return found | (planned & set(history.departments))


def _ordered(history: History, told: set[UUID]) -> list[UUID]:
    """The departments family by family: each from where its first stands in the tree, older ones first."""
    place = {id: at for at, id in enumerate(history.departments)}
    family = {id: id for id in told}

    def head(id: UUID) -> UUID:
        while family[id] != id:
            id = family[id]
        return id

    for change in history.done:
        related = [one for step in steps(change) for one in _both(step) if not step.is_same and one in told]
        for one in related[1:] if change.kind in ("merge", "split") else ():
            family[head(one)] = head(related[0])
    at: dict[UUID, int] = {}
    for id in told:
        at[head(id)] = min(at.get(head(id), place.get(id, 0)), place.get(id, 0))
    return sorted(told, key=lambda id: (at[head(id)], str(head(id)), _beginning(history, id), place.get(id, 0)))


def _both(step: Step) -> tuple[UUID, ...]:
    return tuple(one.id for one in (step.before, step.after) if one is not None)


def _beginning(history: History, id: UUID) -> date:
    """When a department began: as a change made it, else as it was entered."""
    made = [one.day for one in history.done for step in steps(one) if _is_made(step, id)]
    return min(made) if made else history.began.get(id, history.today)


def _is_made(step: Step, id: UUID) -> bool:
    return not step.is_same and step.after is not None and step.after.id == id


def _ending(history: History, id: UUID) -> date | None:
    """When a department ended; None for one that is open."""
    ended = [
        one.day
        for one in history.done
        for step in steps(one)
        if not step.is_same and step.before is not None and step.before.id == id
    ]
    return max(ended) if ended else None


class _Scale:
    """Days as places across."""

    def __init__(self, history: History, shown: Iterable[UUID]) -> None:
        days = [history.today, *(day for _, day in history.waves)]
        days += [one.day for one in (*history.planned, *history.done) if steps(one) or one.state != "done"]
        days += [_beginning(history, id) for id in shown]
        self.first, self.last = min(days), max(days)
        self.last = max(self.last, self.first + timedelta(days=30))

    def x(self, day: date) -> float:
        """Where a day stands, in per cent."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(100 * min(1.0, max(0.0, share)), 2)


def _lane(history: History, id: UUID, y: int, scale: _Scale) -> Lane:
    one, end = history.departments[id], _ending(history, id)
    names = {key: each.name for key, each in history.departments.items()}
    rings = [
        (scale.x(change.day), f"{words.about(change, names)}")
        for change in history.done
        for step in steps(change)
        if step.is_same and step.after is not None and step.after.id == id
    ]
    rings += [(scale.x(one.day), f"{words.planned(one, names)}") for one in _single(history.planned, id)]
    short = one.name if len(one.name) <= LONGEST else one.name[: LONGEST - 1].rstrip() + "…"
    return Lane(
        name=short,
        y=y,
        start=scale.x(_beginning(history, id)),
        end=scale.x(history.today if end is None else end),
        is_open=one.is_open,
        ahead=max((scale.x(each.day) for each in history.planned if id in each.wanted.departments), default=None),
        rings=tuple(rings),
    )


def _single(planned: Iterable[Change], id: UUID) -> Iterator[Change]:
    """What is planned for this department alone."""
    return (one for one in planned if one.wanted.departments == (id,))


def _links(history: History, places: Mapping[UUID, int], scale: _Scale) -> Iterator[Link]:
    names = {key: each.name for key, each in history.departments.items()}
    for change in history.done:
        if change.kind not in ("merge", "split"):
            continue
        heights = [places[id] for step in steps(change) for id in _both(step) if id in places]
        yield from _link(change, heights, scale, told=words.about(change, names), is_planned=False)
    for change in history.planned:
        heights = [places[id] for id in change.wanted.departments if id in places]
        if len(heights) > 1:
            yield from _link(change, heights, scale, told=words.planned(change, names), is_planned=True)


def _link(change: Change, heights: Sequence[int], scale: _Scale, *, told: str, is_planned: bool) -> Iterator[Link]:
    if heights:
        name = change.wanted.name if is_planned else ""
        x = scale.x(change.day)
        yield Link(x=x, top=min(heights), bottom=max(heights), is_planned=is_planned, told=told, name=name)


def _marks(waves: Iterable[tuple[str, date]], scale: _Scale) -> tuple[Mark, ...]:
    """The waves; the label of one that stands close to the one before goes to the other line."""
    found: list[Mark] = []
    for label, day in sorted(waves, key=lambda one: one[1]):
        x = scale.x(day)
        near = bool(found) and x - found[-1].x < 9
        found.append(Mark(x, label, 1 - found[-1].row if near else 0))
    return tuple(found)


def _described(history: History) -> str:
    names = {key: each.name for key, each in history.departments.items()}
    told = [change for change in history.done if steps(change) and change.kind != "open"]
    done = (say("{day}: {told}", day=one.day, told=words.about(one, names)) for one in told)
    waves = (say("{label} opened on {day}.", label=label, day=day) for label, day in history.waves)
    planned = (
        say("Planned for {day}: {told}.", day=one.day, told=words.planned(one, names)) for one in history.planned
    )
    return Passage([*waves, *done, *planned])
