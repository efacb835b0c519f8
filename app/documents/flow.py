"""The steps of a workflow as they are and as they would be at a level of autonomy: who acts, and where it is checked.

Nobody keeps the real steps of a workflow, so these are a beginning that those who do the work correct. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.documents.about_work import about_work
from app.documents.filling import Gap, Known, Row
from app.documents.known import Case
from app.documents.template import APPROVING, PREPARING
from app.sentences import Sentence, say
from scoring.levels import Level

Actor = Literal["person", "agent", "system"]
ACTORS: Final[Mapping[Actor, Sentence]] = {"person": say("person"), "agent": say("agent"), "system": say("system")}
NO_CHECK: Final = "–"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its id, what happens, who acts, and what is checked at it."""

    id: str
    what: Sentence
    actor: Actor
    check: str = NO_CHECK


_BEGIN: Final = Step("begin", say("It begins"), "system")
_GATHER: Final = say("Gather what is needed")
_DECIDE: Final = say("The person decides each step")
_RECORD: Final = Step("record", say("Write down what was done, with the log of the agent"), "system",
                      say("The log is complete"))  # fmt: skip
_EXCEPTIONS: Final = Step(
    "exceptions",
    say("Take over what the agent cannot do or is not sure of"),
    "person",
    say("Time until somebody looks"),
)
TODAY: Final = (
    Step("begin", say("It begins"), "person"),
    Step("gather", _GATHER, "person"),
    Step(PREPARING, say("Do the work"), "person"),
    Step(APPROVING, say("Look at the result again"), "person", say("A second look, where there is one")),
    Step("record", say("Send or file the result"), "system"),
)
_ASSISTED: Final = (
    Step("begin", say("It begins"), "person"),
    Step("gather", _GATHER, "agent", say("Only sources that are allowed")),
    Step(PREPARING, say("Draft the result"), "agent", say("Sources are shown beside the draft")),
    Step(APPROVING, say("Check the draft, change it and decide"), "person", _DECIDE),
    _RECORD,
)
_ON_APPROVAL: Final = (
    _BEGIN,
    Step("gather", _GATHER, "agent", say("Only sources that are allowed")),
    Step(PREPARING, say("Prepare the result"), "agent", say("Sources are shown beside the draft")),
    Step(APPROVING, say("Approve or refuse"), "person", say("Approval is enforced in the system (C06)")),
    Step("act", say("Carry it out"), "agent", say("Nothing without approval")),
    _RECORD,
    _EXCEPTIONS,
)
_BY_EXCEPTION: Final = (
    _BEGIN,
    Step("gather", _GATHER, "agent", say("Only sources that are allowed")),
    Step(PREPARING, say("Prepare the result"), "agent", say("Confidence is told")),
    Step(APPROVING, say("Compare with the limits"), "system", say("Limits are enforced in the system (C10)")),
    Step("act", say("Carry it out"), "agent", say("Inside the limits only")),
    _RECORD,
    _EXCEPTIONS,
    Step("sample", say("Check a sample of what was done"), "person", say("Samples and alert limits (C11, C14)")),
)


def steps(level: Level | None) -> Sequence[Step]:
    """The steps at a level; those of today where agents are not used or nothing is decided."""
    if level is None or level == Level.A0:
        return TODAY
    if level <= Level.A2:
        return _ASSISTED
    return _ON_APPROVAL if level == Level.A3 else _BY_EXCEPTION


def rows_of(case: Case) -> Mapping[str, Sequence[Row]]:
    """The steps as they are and as they would be, and who answers for each, as rows of tables."""
    decided = case.decided_work()
    planned = steps(decided.level if decided else None)
    return {
        "steps_now": tuple(_row(case, one) for one in TODAY),
        "steps_then": tuple(_row(case, one) for one in planned),
        "responsibilities": tuple(_responsible(one) for one in planned),
    }


def _row(case: Case, step: Step) -> Row:
    told = about_work(case)
    begins = told["trigger"] if step.id == "begin" else step.what
    known: dict[str, Known] = {
        "step": step.what if isinstance(begins, Gap) else begins,
        "actor": ACTORS[step.actor],
        "check": step.check,
        "step_data": told["data"] if step.id in ("gather", PREPARING, "act") else NO_CHECK,
        "time": told["minutes"] if step.id == PREPARING else NO_CHECK,
    }
    return Row(step.id, known)


def _responsible(step: Step) -> Row:
    return Row(step.id, {"step": step.what, **dict(_letters(step))})


def _letters(step: Step) -> Iterator[tuple[str, str]]:
    """Who answers for a step at the beginning: the owner of the process for all, and nobody approves their own work."""
    approves = step.id in (APPROVING, "sample")
    technical = step.actor == "system" and not approves
    yield "agent", "T" if step.actor == "agent" else ""
    yield "doer", "I" if approves else "" if technical else "R"
    yield "approver", "R" if approves else ""
    yield "process_owner", "A"
    yield "unit_lead", "I" if step.id in ("exceptions", "sample") else ""
    yield "technical", "R" if technical else "C" if step.actor == "agent" else ""
