"""The next right step of an organisation: one sentence and the one thing to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.sentences import Passage, say
from app.waves import labels
from app.waves.queries import ResponseRate, WaveView

URGENCY: Final = {"closing": 0, "paused": 1, "open": 1, "draft": 2, "closed": 3, "shared": 3, "cancelled": 4}
RUNNING: Final = ("open", "paused", "closing")


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
    response_rates: Mapping[UUID, ResponseRate],
    now: datetime,
    zone: str,
) -> Step:
    """From importing departments to preparing the next quarter, in the client's time zone.

    `waves` are all, the newest of an assessment first.
    """
    if not waves:
        if not departments:
            return Step(say("Begin with the departments and how many people each has."), say("Import departments"),
                        "clients:import")  # fmt: skip
        return Step(
            say("The departments are there. Next, plan what to ask and when."), say("Plan an assessment"), "waves:plan"
        )
    by_assessment: dict[UUID, list[WaveView]] = {}
    for one in waves:
        by_assessment.setdefault(one.assessment_id, []).append(one)
    present = [_present(together) for together in by_assessment.values()]
    wave = min(present, key=lambda wave: (URGENCY[wave.state], -wave.number))
    if wave.state in ("draft", "paused", "cancelled"):
        return _waiting(wave, zone)
    if wave.state == "open":
        return _while_open(wave, response_rates.get(wave.id, ResponseRate(0, 0)), labels.today(now, zone))
    if wave.state == "closing":
        closing = say("{label} takes no more answers; its result is being made.", label=wave.label)
        return Step(closing, say("See how {label} closes", label=wave.label), "closing:walk", wave.id)
    return _when_closed(wave, labels.today(now, zone), zone)


def _present(waves: Sequence[WaveView]) -> WaveView:
    """The wave of an assessment that something is to be done about: `waves` are all, the newest first.

    One that opens by itself waits for nobody, so the newest result comes before it.
    """
    running = [one for one in waves if one.state in RUNNING]
    drafts = [one for one in reversed(waves) if one.state == "draft"]
    finished = [one for one in waves if one.finished]
    by_itself = bool(drafts) and drafts[0].opens_at is not None and drafts[0].held_at is None
    return (running or (finished if by_itself else []) or drafts or finished or list(waves))[0]


def _waiting(wave: WaveView, zone: str) -> Step:
    """A wave that takes no answers, and has none yet or none any more."""
    route, label = "waves:wave", wave.label
    if wave.state == "paused":
        return Step(say("{label} is paused.", label=label), say("See {label}", label=label), route, wave.id)
    if wave.state == "cancelled":
        return Step(say("{label} was cancelled.", label=label), say("See {label}", label=label), route, wave.id)
    if wave.held_at is not None:
        held = say("{label} was to open by itself and has not.", label=label)
        return Step(held, say("See what holds it up"), route, wave.id)
    if wave.opens_at is not None:
        by_itself = say("{label} opens by itself on {day}.", label=label, day=labels.today(wave.opens_at, zone))
        return Step(by_itself, say("Look through {label}", label=label), route, wave.id)
    planned = say("{label} is planned and not open yet.", label=label)
    return Step(planned, say("Open {label}", label=label), route, wave.id)


def _while_open(wave: WaveView, so_far: ResponseRate, today: date) -> Step:
    if not so_far.responses:
        unanswered = say("{label} is open and nobody has answered yet.", label=wave.label)
        return Step(unanswered, say("Share the survey links"), "invitations:links", wave.id)
    told = say(
        "{responses} of {headcount} people have answered {label}.",
        responses=so_far.responses,
        headcount=so_far.headcount,
        label=wave.label,
    )
    if wave.planned_close is not None and wave.planned_close <= today:
        due = Passage([told, say("Its closing day has come.")])
        return Step(due, say("Close {label}", label=wave.label), "closing:walk", wave.id)
    return Step(told, say("Watch the turnout"), "waves:wave", wave.id)


def _when_closed(wave: WaveView, today: date, zone: str) -> Step:
    if wave.closed_at is not None and labels.quarter(today) > labels.quarter(labels.today(wave.closed_at, zone)):
        return Step(
            say("The quarter after {label} has begun.", label=wave.label),
            say("Prepare the next wave"),
            "waves:wave",
            wave.id,
        )
    return Step(
        say("The result of {label} is ready.", label=wave.label), say("See the heatmap"), "explore:heatmap", wave.id
    )
