"""The next right step of an organisation: one sentence and the one thing to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.waves import labels
from app.waves.queries import Participation, WaveView

URGENCY: Final = {"closing": 0, "open": 1, "draft": 2, "closed": 3, "shared": 3}


@dataclass(frozen=True)
class Step:
    """`sentence` says where things stand; `action` is the button, leading to a route of the organisation or wave."""

    sentence: str
    action: str
    route: str
    wave_id: UUID | None = None


def next_step(
    *,
    departments: int,
    waves: Sequence[WaveView],
    participation: Mapping[UUID, Participation],
    now: datetime,
    zone: str,
) -> Step:
    """From importing departments to preparing the next quarter, in the client's time zone.

    `waves` are all, the newest of an assessment first.
    """
    if not waves:
        if not departments:
            return Step("Begin with the departments and how many people each has.", "Import departments",
                        "clients:import")  # fmt: skip
        return Step("The departments are there. Next, plan what to ask and when.", "Plan an assessment", "waves:plan")
    newest = {wave.assessment_id: wave for wave in reversed(waves)}.values()
    wave = min(newest, key=lambda wave: (URGENCY[wave.state], -wave.number))
    if wave.state == "draft":
        return Step(f"{wave.label} is planned and not open yet.", f"Open {wave.label}", "waves:wave", wave.id)
    if wave.state == "open":
        return _while_open(wave, participation.get(wave.id, Participation(0, 0)), labels.today(now, zone))
    if wave.state == "closing":
        return Step(f"{wave.label} takes no more answers; its result is being made.", f"See how {wave.label} closes",
                    "waves:wave", wave.id)  # fmt: skip
    return _when_closed(wave, labels.today(now, zone), zone)


def _while_open(wave: WaveView, so_far: Participation, today: date) -> Step:
    if not so_far.responses:
        return Step(f"{wave.label} is open and nobody has answered yet.", "Share the survey links",
                    "invitations:links", wave.id)  # fmt: skip
    told = f"{so_far.responses} of {so_far.headcount} people have answered {wave.label}"
    if wave.planned_close is not None and wave.planned_close <= today:
        return Step(f"{told}, and its closing day has come.", f"Close {wave.label}", "waves:close", wave.id)
    return Step(f"{told}.", "Watch the turnout", "waves:wave", wave.id)


def _when_closed(wave: WaveView, today: date, zone: str) -> Step:
    if wave.closed_at is not None and labels.quarter(today) > labels.quarter(labels.today(wave.closed_at, zone)):
        return Step(f"The quarter after {wave.label} has begun.", "Prepare the next wave", "waves:wave", wave.id)
    return Step(f"The result of {wave.label} is ready.", "See the heatmap", "explore:heatmap", wave.id)
