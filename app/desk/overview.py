"""Where each client stands, and what waits for a person: pure, from what was read of all of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.clients.queries import OrganisationSummary
from app.desk.views import ClientLine, Result, Running, Waiting
from app.sentences import say, say_count
from app.waves import labels
from app.waves.queries import ResponseRate, WaveView
from app.waves.results import with_results
from app.waves.steps import RUNNING, next_step

# A planned opening is done by the worker within seconds; what is later than this has not happened.
LATE: Final = timedelta(minutes=10)
NOBODY: Final = ResponseRate(0, 0)


@dataclass(frozen=True)
class Read:
    """What was read of all clients: their waves, the newest first, and what waits at which of them."""

    waves: Mapping[UUID, Sequence[WaveView]]
    turnout: Mapping[UUID, ResponseRate]
    undecided: Mapping[UUID, UUID]
    held: Mapping[UUID, int]
    failed: frozenset[UUID]


def line(client: OrganisationSummary, read: Read, *, now: datetime) -> ClientLine:
    """One client: the state of its wave, its newest result, what waits for a person, and the next right step."""
    waves = tuple(read.waves.get(client.id, ()))
    zone = client.time_zone
    step = next_step(departments=client.departments, waves=waves, response_rates=read.turnout, now=now, zone=zone)
    waiting = tuple(_waiting(client, waves, read, now))
    running = next((one for one in waves if one.state in RUNNING), None)
    return ClientLine(
        id=client.id,
        name=client.name,
        departments=client.departments,
        people=client.headcount,
        step=step,
        running=None if running is None else Running(running.label, read.turnout.get(running.id, NOBODY)),
        result=_result(waves, zone),
        waiting=waiting,
        rank=_rank(waves, waiting, running),
    )


def _waiting(client: OrganisationSummary, waves: Sequence[WaveView], read: Read, now: datetime) -> Iterator[Waiting]:
    today = labels.today(now, client.time_zone)
    for wave in waves:
        if wave.state == "closing" and wave.id in read.failed:
            told = say("The result of {label} could not be made.", label=wave.label)
            yield Waiting(told, say("See why"), "closing:walk", wave.id)
        if wave.state == "draft" and wave.opens_at is not None and wave.opens_at + LATE < now:
            day = labels.today(wave.opens_at, client.time_zone)
            told = say("{label} was to open on {day} and has not.", label=wave.label, day=day)
            yield Waiting(told, say("See what holds it up"), "waves:wave", wave.id)
        if wave.state == "open" and wave.ends_at is None and wave.planned_close and wave.planned_close <= today:
            told = say("The closing day of {label} has come.", label=wave.label)
            yield Waiting(told, say("Close {label}", label=wave.label), "closing:walk", wave.id)
    if client.id in read.held:
        count = read.held[client.id]
        told = say_count(
            "A planned change of departments was not done.", "{n} planned changes of departments were not done.", count
        )
        yield Waiting(told, say("Decide on it"), "departments:changes", None)
    if client.id in read.undecided:
        told = say("Comments wait for somebody to decide on them.")
        yield Waiting(told, say("Read them"), "comments:queue", read.undecided[client.id])


def _result(waves: Sequence[WaveView], zone: str) -> Result | None:
    """The newest result; a wave cannot be seen in one before it is made."""
    newest = next(iter(with_results(waves)), None)
    if newest is None or newest.closed_at is None:
        return None
    return Result(newest.id, newest.label, labels.today(newest.closed_at, zone), shared=newest.state == "shared")


def _rank(waves: Sequence[WaveView], waiting: Sequence[Waiting], running: WaveView | None) -> int:
    """How much a client needs somebody: what waits first, then what runs, what is begun, and what rests."""
    if waiting:
        return 0
    if running is not None:
        return 1
    rests = any(one.finished for one in waves)
    return 3 if rests else 2
