"""What must be true before a wave opens, and which departments are too small to be shown alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.clients.queries import DepartmentNode
from app.questionnaires import loading
from app.sentences import Listing, say
from surveys.model import Instrument

Mend = Literal["import", "departments", "questionnaire"]


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that holds up the opening: a sentence, and where it can be mended."""

    sentence: str
    mend: Mend


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
                "departments",
            )
        )
    return tuple(found)
