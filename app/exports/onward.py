"""What a plan record says, as sheets of a workbook and as slides: actions, guardrails, dates of law, training."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.exports.kinds import Points, Slide
from app.exports.tables import NONE, Number, Table, Value
from app.guardrails.facts import STATUSES
from app.planned.document import PlanDocument
from app.planned.sharing import Fixed
from app.reports import guarded, reorganising, scheduled
from app.sentences import Listing, Passage, Sentence, say, say_count

MOST_POINTS: Final = 7


def tables(fixed: Fixed | None) -> Iterator[Table]:
    """The sheets; none where no plan was fixed."""
    if fixed is None:
        return
    yield _actions(fixed.plan)
    yield _guardrails(fixed.plan)
    yield _by_department(fixed.plan)
    yield _days(fixed.plan)
    yield _training(fixed.plan)


def slides(fixed: Fixed | None) -> Iterator[Slide]:
    """Guardrails by how they stand, and what is to be done next; none where no plan was fixed."""
    if fixed is None:
        return
    counting = [one for one in fixed.plan.guards if one.stands]
    yield Slide(
        title=guarded.headline(counting),
        shows=Points(tuple(_states(fixed.plan)) or (say("Nothing counts yet."),)),
        below=say("By what was attested. A working list and not legal advice: have counsel confirm it."),
        notes=(_title(fixed.plan), *(say("{id} {title}", id=one.id, title=one.named) for one in counting)),
    )
    meant = [one for one in fixed.plan.deeds if one.status != "dropped"]
    if meant:
        yield _next(fixed.plan)


def _title(plan: PlanDocument) -> Sentence:
    return say("Plan record {number}, as of {day}", number=plan.number, day=plan.as_of)


def _states(plan: PlanDocument) -> Iterator[Sentence]:
    for key, told in STATUSES.items():
        ids = [one.id for one in plan.guards if guarded.is_at(one, key)]
        if ids:
            yield say("{state}: {ids}", state=told, ids=Listing(ids))


def _next(plan: PlanDocument) -> Slide:
    meant = [one for one in plan.deeds if one.status != "dropped"]
    waiting = [one for one in meant if scheduled.part(one) != scheduled.DONE] or meant
    names = scheduled.names_of(plan)
    lines = [scheduled.line(one, names, plan.as_of) for one in waiting]
    told = [
        say("{title} ({department}), by {day}", title=one.title, department=one.department, day=one.due)
        for one in lines
    ]
    left = len(told) - MOST_POINTS
    more = say_count("{n} more action is in the workbook.", "{n} more actions are in the workbook.", left)
    notes = tuple(Passage((one.title, one.who), ": ") for one in lines)
    return Slide(
        title=scheduled.headline(meant),
        shows=Points(tuple(told[:MOST_POINTS])),
        below=Passage((more if left > 0 else "", scheduled.moved(plan) or "")),
        notes=(_title(plan), *notes),
    )


def _actions(plan: PlanDocument) -> Table:
    names = scheduled.names_of(plan)
    return Table(
        name=say("Action plan"),
        title=_title(plan),
        heads=(
            say("Action"),
            say("Department"),
            say("Who"),
            say("Due"),
            say("How it stands"),
            say("Hours"),
            say("Should move"),
        ),
        lines=tuple(_deed(scheduled.line(one, names, plan.as_of)) for one in plan.deeds),
        named_by=2,
    )


def _deed(one: scheduled.DeedLine) -> tuple[Value, ...]:
    return one.title, one.department, one.who, _day(one.due), one.state, Number(one.hours), one.moves or NONE


def _guardrails(plan: PlanDocument) -> Table:
    lines = []
    for one in plan.guards:
        told = guarded.line(one)
        lines.append((one.id, one.named, one.start, Number(told.count), told.state or NONE, told.detail or NONE))
    return Table(
        name=say("Guardrails"),
        title=say("How each stands by what was attested; a working list and not legal advice"),
        heads=(
            say("Number"),
            say("Guardrail"),
            say("From"),
            say("Departments"),
            say("How it stands"),
            say("What is known"),
        ),
        lines=tuple(lines),
        named_by=2,
    )


def _by_department(plan: PlanDocument) -> Table:
    names, states = scheduled.names_of(plan), dict(STATUSES.items())
    lines = [
        (
            names.get(stand.department, NONE),
            one.id,
            one.named,
            next((told for key, told in states.items() if key == stand.status), NONE),
            _day(stand.until) if stand.until else NONE,
        )
        for one in plan.guards
        for stand in one.stands
    ]
    return Table(
        name=say("Guardrails by department"),
        title=say("Where each guardrail counts, and how it stands there"),
        heads=(say("Department"), say("Number"), say("Guardrail"), say("How it stands"), say("Until")),
        lines=tuple(lines),
        named_by=3,
    )


def _days(plan: PlanDocument) -> Table:
    return Table(
        name=say("Dates of law"),
        title=say("As far as it was looked up; not legal advice"),
        heads=(say("From"), say("Until"), say("Law"), say("What"), say("Looked up")),
        lines=tuple(
            (
                _day(one.day),
                _day(one.until) if one.until else NONE,
                one.law,
                one.said,
                say("yes") if one.confirmed else say("to be confirmed"),
            )
            for one in plan.days
        ),
        named_by=3,
    )


def _training(plan: PlanDocument) -> Table:
    return Table(
        name=say("Training"),
        title=say("Whether training of those who use agents is attested (C03)"),
        heads=(say("Department"), say("People"), say("How it stands")),
        lines=tuple((one.name, Number(one.people), reorganising.state(one)) for one in plan.places),
        depths=tuple(one.depth for one in plan.places),
    )


def _day(day: date) -> Sentence:
    return say("{day}", day=day)
