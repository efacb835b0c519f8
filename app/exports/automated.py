"""What the decision record on a release says, as sheets of a workbook and as slides: levels, workflows, two lists."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.autonomy.placing import Placed
from app.autonomy.sharing import Line, Listed, Shown
from app.exports.kinds import Bars, Points, Series, Slide, Spot, Zones
from app.exports.tables import NONE, Table, Value
from app.opportunity.drawing import ZoneMap, has_dot
from app.reports.automating import drawn, first_of, headline, place, shown_of
from app.sentences import Listing, Passage, Sentence, say, say_count

MOST_ROWS: Final = 14
MOST_LISTED: Final = 5
MOST_BESIDE: Final = 8


def tables(record: Shown | None) -> Iterator[Table]:
    """The sheets; none without a record."""
    if record is None:
        return
    yield Table(
        name=say("How far agents may go"),
        title=_title(record),
        heads=(
            say("Department"),
            say("Up to"),
            say("Staff’s answers carry"),
            say("Controls carry"),
            say("Blocks the next level"),
            say("In words"),
        ),
        lines=tuple(_line(one) for one in record.lines),
        depths=tuple(one.depth for one in record.lines),
    )
    works = tuple(_works(record))
    if works:
        yield Table(
            name=say("Workflows"),
            title=say("How far agents may go in each workflow: the strictest of six caps"),
            heads=(
                say("Department"),
                say("Workflow"),
                say("Up to"),
                say("Why"),
                say("What would lift it"),
                say("Hours"),
            ),
            lines=works,
            named_by=2,
        )


def slides(record: Shown | None) -> Iterator[Slide]:
    """Departments by level and, where workflows are told of, their map and where to begin; none without a record."""
    if record is None:
        return
    yield _departments(record)
    points = first_of(record)
    if (found := drawn(points, record.points)) is not None:
        yield _map(record, points, found)
    if record.shortlist or record.red:
        yield _lists(record)


def _title(record: Shown) -> Sentence:
    return say("Decision record {number}, as of {day}", number=record.number, day=record.as_of)


def _level(one: Line) -> Sentence:
    return say("{level} {name}", level=one.level, name=one.level_name)


def _line(one: Line) -> tuple[Value, ...]:
    return (
        one.name,
        _level(one),
        f"A{one.told}" if one.has_answers else NONE,
        f"A{one.shown}",
        one.blocked or NONE,
        one.verdict,
    )


def _works(record: Shown) -> Iterator[tuple[Value, ...]]:
    for _, department, some in record.works:
        for one in some:
            level = say("{level} {name}", level=one.level, name=one.level_name)
            yield department, one.name, level, one.limited, one.todo or NONE, one.hours or NONE


def _departments(record: Shown) -> Slide:
    shown = record.lines[:MOST_ROWS]
    left_out = len(record.lines) - len(shown)
    more = (
        say_count("{n} more department is in the workbook.", "{n} more departments are in the workbook.", left_out)
        if left_out
        else ""
    )
    steps = Listing(say("{level} {name}", level=one.id[1:], name=one.name) for one in record.steps)
    return Slide(
        title=headline(record.lines),
        shows=Bars(
            categories=tuple(say("{name}: {level}", name=one.name, level=one.level) for one in shown),
            series=(
                Series(name=say("Staff’s answers alone"), values=tuple(one.told for one in shown)),
                Series(name=say("Controls alone"), values=tuple(one.shown for one in shown)),
            ),
            high=len(record.steps) - 1,
        ),
        below=Passage((say("The smaller of the two counts: {steps}.", steps=steps), more)),
        notes=(_title(record), *(one.verdict for one in record.lines)),
    )


def _map(record: Shown, points: Sequence[Placed], found: ZoneMap) -> Slide:
    """The map with its numbers; beside it those to begin with, and what the marks mean."""
    spots = [
        (one.capability.proxy, Spot(str(number), round(one.capability.value, 2), round(one.wish.mean, 2)))
        for number, one in enumerate(points, start=1)
        if one.capability is not None and one.wish is not None
    ]
    numbers = {one.id: number for number, one in enumerate(points, start=1)}
    first = [one for one in record.shortlist if one.id in numbers][:MOST_BESIDE]
    every = sum(map(has_dot, record.points))
    cut = (shown_of(len(points), every),) if len(points) < every else ()
    return Slide(
        title=found.title,
        shows=Zones(
            kinds=(
                (say("Rated by experts"), False, tuple(spot for proxy, spot in spots if not proxy)),
                (say("Proxy"), True, tuple(spot for proxy, spot in spots if proxy)),
            ),
            across=found.across,
            up=found.up,
            described=found.described,
            beside=tuple(say("{number} {name} ({department}), {level}", number=numbers[one.id], **_told(one))
                         for one in first),
        ),
        below=Passage(
            (
                say(
                    "Above and right of the lines: wanted and possible. Full: rated by two experts or more; hollow: "
                    "proxy."
                ),
                *cut,
            )
        ),
        notes=(*map(place, found.lines), *cut),
    )  # fmt: skip


def _lists(record: Shown) -> Slide:
    green, red = record.shortlist, record.red
    title = (
        say("Where to begin, and what to understand first")
        if record.points
        else (
            say_count(
                "{n} workflow is wanted and possible",
                "{n} workflows are wanted and possible",
                len(green),
            )
            if green
            else say("No workflow is both wanted and possible yet")
        )
    )
    told = (
        *(say("Begin with: {name} ({department}), {level}", **_told(one)) for one in green[:MOST_LISTED]),
        *(say("Possible, not wanted: {name} ({department})", name=one.name, department=one.department)
          for one in red[: MOST_LISTED - 2]),
    )  # fmt: skip
    notes = tuple(Passage((one.name, one.told), ": ") for one in (*green, *red))
    below = say("Those first that release most, at the level that is allowed today; hours are an assumption.")
    return Slide(title=title, shows=Points(told), below=below if green else "", notes=notes)


def _told(one: Listed) -> dict[str, str]:
    return {
        "name": one.name,
        "department": one.department,
        "level": say("{level} {name}", level=one.level, name=one.level_name),
    }
