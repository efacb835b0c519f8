"""What must be true before a wave opens, and which departments are too small to be shown alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from app.clients.queries import DepartmentNode
from app.questionnaires import loading
from app.sentences import Listing, say
from app.waves import refusals
from app.waves.queries import WaveView
from surveys.model import Instrument

Mend = Literal["import", "departments", "questionnaire", "wave", "year", "papers"]
RUNNING: Final = ("open", "paused", "closing")


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that holds up the opening: a sentence, and where it can be mended; `wave_id` where it is not the one
    that is to open."""

    sentence: str
    mend: Mend
    wave_id: UUID | None = None


def about_waves(wave: WaveView, waves: Sequence[WaveView], *, now: datetime) -> tuple[Blocker, ...]:
    """What the other waves of its assessment and its own dates have against the opening of a draft."""
    found: list[Blocker] = []
    for other in waves:
        if other.assessment_id != wave.assessment_id or other.id == wave.id:
            continue
        if other.state in RUNNING:
            told = {"running": other.label, "wave": wave.label}
            found.append(Blocker(refusals.STILL_RUNNING.filled(told), "wave", other.id))
        elif other.number > wave.number and other.opened_at is not None:
            found.append(Blocker(refusals.RUN_ALREADY.filled({"later": other.label, "wave": wave.label}), "year"))
    if wave.ends_at is not None and wave.ends_at <= now:
        found.append(Blocker(refusals.CLOSING_PASSED.filled({"wave": wave.label}), "year"))
    return tuple(found)


def blockers(departments: Sequence[DepartmentNode], instrument: Instrument) -> tuple[Blocker, ...]:
    """What holds up the opening of a wave with these departments, in the order of their tree; empty: nothing does."""
    if not departments:
        return (Blocker(say("There are no departments yet."), "import"),)
    parents = {node.parent_id for node in departments}
    found = [
        Blocker(say("{name} has no headcount.", name=node.name), "departments")
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
            )
        )
    return tuple(found)
