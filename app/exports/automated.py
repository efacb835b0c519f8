"""What the decision record on a release says, as sheets of a workbook and as slides: levels, workflows, two lists."""

from collections.abc import Iterator
from typing import Final

from app.autonomy.sharing import Line, Listed, Shown
from app.exports.kinds import Bars, Points, Series, Slide
from app.exports.tables import NONE, Table, Value
from app.reports.automating import headline
from app.sentences import Listing, Passage, Sentence, say, say_count

MOST_ROWS: Final = 14
MOST_LISTED: Final = 5


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
    """Departments by level and, where workflows are told of, where to begin; none without a record."""
    if record is None:
        return
    yield _departments(record)
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
            categories=tuple(one.name for one in shown),
            series=(
                Series(name=say("Staff’s answers alone"), values=tuple(one.told for one in shown)),
                Series(name=say("Controls alone"), values=tuple(one.shown for one in shown)),
            ),
            high=len(record.steps) - 1,
        ),
        below=Passage((say("The smaller of the two counts: {steps}.", steps=steps), more)),
        notes=(_title(record), *(one.verdict for one in record.lines)),
    )


def _lists(record: Shown) -> Slide:
    green, red = record.shortlist, record.red
    title = (
        say_count(
            "{n} workflow is wanted and possible",
            "{n} workflows are wanted and possible",
            len(green),
        )
        if green
        else say("No workflow is both wanted and possible yet")
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
