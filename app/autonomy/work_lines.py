"""Workflows of a decision as lines and figures of pages. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.autonomy.decision import Decision
from app.autonomy.library import LEVELS
from app.autonomy.limits import CAPS, binding, divided, limited, tasks, why
from app.autonomy.versions import named
from app.autonomy.views import CapLine, Rung, WorkLine
from app.autonomy.workflow import DecidedWork
from app.sentences import Passage, Sentence, say
from scoring.levels import Level
from scoring.value import PLANNING_SHARES

ELSEWHERE: Final = say("It rests on results that are not shown to you.")


def work_line(one: DecidedWork, assumption: str) -> WorkLine:
    """A workflow in the list of its department; `assumption` is the version of the shares of hours."""
    silent = not one.caps
    return WorkLine(
        id=one.id,
        name=one.name,
        level=one.level.name,
        level_name=LEVELS[one.level],
        capped="" if silent else binding(one),
        limited=ELSEWHERE if silent else limited(one),
        todo="" if silent else Passage(tasks(one)),
        hours=hours(one, assumption),
    )


def by_department(decision: Decision) -> tuple[tuple[str, str, tuple[WorkLine, ...]], ...]:
    """The workflows of each department that has some, after its id and its name."""
    return tuple(
        (place.id, place.name, tuple(work_line(one, decision.shares) for one in place.works))
        for place in decision.departments
        if place.works
    )


def hours(one: DecidedWork, assumption: str) -> str:
    """Hours a month with the assumption that they rest on; empty where they are not known."""
    if one.hours is None or one.released is None:
        return ""
    return say(
        "{hours} hours a month; {released} released at {level} ({share} %, {version}, an assumption)",
        hours=one.hours,
        released=one.released,
        level=one.level.name,
        share=round(100 * PLANNING_SHARES.at(one.level)),
        version=named(assumption),
    )


def caps(one: DecidedWork, *, experts: Sequence[int]) -> tuple[CapLine, ...]:
    """The six caps in the order of the specification; `experts` is how they rated what agents can do."""
    return tuple(
        CapLine(
            name=CAPS[cap.name],
            level=cap.level.name,
            level_name=LEVELS[cap.level],
            why=Passage((why(one, cap.name, cap.level), *(divided(experts) if cap.name == "opportunity zone" else ()))),
            binds=cap.name in one.binding,
        )
        for cap in one.caps
    )


def rungs(one: DecidedWork) -> tuple[Rung, ...]:
    """The ladder of a workflow."""
    return tuple(_rungs(one))


def _rungs(one: DecidedWork) -> Iterator[Rung]:
    for level in Level:
        if level == one.level:
            yield Rung(id=level.name, state="summit", told=say("allowed up to here"), mark=level.name)
        elif level < one.level:
            yield Rung(id=level.name, state="reached", told=say("allowed"))
        else:
            yield Rung(id=level.name, state="beyond", told=say("not yet"))


def checked(one: DecidedWork) -> Sentence:
    """How many cases were checked so far, beside how many are needed."""
    so_far = one.tests.checked
    return say(
        "So far {cases} cases were checked, {errors} of them wrong; with as many errors {required} are needed.",
        cases=so_far.cases,
        errors=so_far.errors,
        required=one.required,
    )
