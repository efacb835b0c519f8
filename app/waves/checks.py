"""What must be true before a wave opens, and which departments are too small to be shown alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from app.clients.queries import DepartmentNode
from app.questionnaires import loading
from app.sentences import Listing, Sentence, say
from app.waves import refusals
from app.waves.queries import WaveView
from app.workflows.queries import Workflows
from app.workflows.rules import too_many
from surveys.model import Instrument

Mend = Literal["import", "departments", "questionnaire", "wave", "year", "papers", "workflows"]
RUNNING: Final = ("open", "paused", "closing")
SEE_THE_YEAR: Final[Sentence] = say("See the plan of the year")
NEW_DATES: Final[Sentence] = say("Give it new dates")


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that holds up the opening: a sentence, where it can be mended, and the words of the link that leads
    there; `wave_id` where it is not the one that is to open, `department_id` where one department is meant."""

    sentence: str
    mend: Mend
    link: str
    wave_id: UUID | None = None
    department_id: UUID | None = None


def about_waves(wave: WaveView, waves: Sequence[WaveView], *, now: datetime, today: date) -> tuple[Blocker, ...]:
    """What the other waves of its assessment and its own dates have against the opening of a draft.

    `today` is the day in the client's time zone.
    """
    found: list[Blocker] = []
    for other in waves:
        if other.assessment_id != wave.assessment_id or other.id == wave.id:
            continue
        if other.state in RUNNING:
            told = {"running": other.label, "wave": wave.label}
            see = say("See {label}", label=other.label)
            found.append(Blocker(refusals.STILL_RUNNING.filled(told), "wave", see, wave_id=other.id))
        elif other.number > wave.number and other.opened_at is not None and other.state != "cancelled":
            told = {"later": other.label, "wave": wave.label}
            found.append(Blocker(refusals.RUN_ALREADY.filled(told), "year", SEE_THE_YEAR))
    if wave.ends_at is not None and wave.ends_at <= now:
        found.append(Blocker(refusals.CLOSING_PASSED.filled({"wave": wave.label}), "year", NEW_DATES))
    elif wave.planned_close is not None and wave.planned_close < today:
        told_day = say("{wave} was to close on {day}, which has passed.", wave=wave.label, day=wave.planned_close)
        found.append(Blocker(told_day, "year", NEW_DATES))
    return tuple(found)


def blockers(departments: Sequence[DepartmentNode], instrument: Instrument, rated: Workflows) -> tuple[Blocker, ...]:
    """What holds up the opening of a wave with these departments and the workflows that they rate, in the order of
    their tree; empty: nothing does."""
    if not departments:
        return (Blocker(say("There are no departments yet."), "import", say("Import departments")),)
    parents = {node.parent_id for node in departments}
    found = [
        Blocker(
            say("{name} has no headcount.", name=node.name),
            "departments",
            say("Say how many people {name} has", name=node.name),
            department_id=node.id,
        )
        for node in departments
        if node.id not in parents and node.headcount < 1
    ]
    functions = dict.fromkeys(node.function for node in departments if node.function not in instrument.functions)
    for function in functions:
        names = Listing(node.name for node in departments if node.function == function)
        found.append(
            Blocker(
                say(
                    "{name} has no questions for the function “{function}” ({names}).",
                    name=loading.spoken_name(instrument),
                    function=function,
                    names=names,
                ),
                "questionnaire",
                say("Choose another questionnaire"),
            )
        )
    return (*found, *(_about_work(departments, rated) if instrument.workflow else ()))


def _about_work(departments: Sequence[DepartmentNode], rated: Workflows) -> Iterator[Blocker]:
    for node in departments:
        for sentence in too_many(node.name, [(one.name, True) for one in rated.get(node.id, ())]):
            yield Blocker(sentence, "workflows", say("See its workflows"))
