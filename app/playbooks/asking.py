"""What is asked of a proposal: hours, the level that is aimed at, and controls that are missing. It is an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.numerals import whole
from app.playbooks.action import CONTROLS
from app.sentences import Sentence, say
from scoring.levels import Level

USUAL_HOURS: Final = 80
MOST_HOURS: Final = 4000


@dataclass(frozen=True)
class Asked:
    """As typed, and what it means; `errors` say by field what can't be meant."""

    typed_hours: str = str(USUAL_HOURS)
    typed_lacking: str = ""
    hours: int = USUAL_HOURS
    level: Level = Level.A2
    lacking: tuple[str, ...] = ()
    errors: Mapping[str, Sentence] = field(default_factory=dict)


def read_asked(sent: Mapping[str, str]) -> Asked:
    """What an address asks for; what can't be meant is told, and counts as nothing."""
    errors: dict[str, Sentence] = {}
    typed = sent.get("hours", str(USUAL_HOURS)).strip()
    hours = whole(typed, most=MOST_HOURS)
    if hours is None:
        errors["hours"] = say("Give the hours as a whole number from 0 to {most}.", most=MOST_HOURS)
    named = sent.get("lacking", "").upper()
    words = [one for one in re.split(r"[\s,;]+", named) if one]
    unknown = [one for one in words if one not in CONTROLS]
    if unknown:
        errors["lacking"] = say(
            "{control} is no control. They are C01 to C16, with commas between them.", control=unknown[0][:20]
        )
    level = sent.get("level", "")
    return Asked(
        typed_hours=typed[:20],
        typed_lacking=named[:120],
        hours=hours or 0,
        level=Level[level] if level in Level.__members__ and level != "A0" else Level.A2,
        lacking=tuple(dict.fromkeys(one for one in words if one in CONTROLS)),
        errors=errors,
    )
