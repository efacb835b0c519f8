"""Of a department's workflows: how many staff want to hand over, agents can do, and tests show. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.autonomy.decision import Decided
from app.autonomy.workflow import DecidedWork
from app.sentences import Passage, Sentence, say, say_count
from scoring.levels import Level
from scoring.zones import Zone

_WANTED: frozenset[Zone] = frozenset({"green", "r_and_d"})
_POSSIBLE: frozenset[Zone] = frozenset({"green", "red"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Counts of workflows as they are printed, each of how many that are known; empty where nothing is."""

    wanted: str
    possible: str
    tested: str
    gap: str


def handed(one: Decided) -> Handed:
    """What staff wish beside what agents can do and what was shown of it, in a department's workflows."""
    zones = [work.zone for work in one.works if work.zone is not None]
    shown = [level for level in map(_tested, one.works) if level is not None]
    proxies = sum(work.proxy for work in one.works if work.zone in _POSSIBLE)
    possible = _of(sum(zone in _POSSIBLE for zone in zones), zones)
    return Handed(
        wanted=_of(sum(zone in _WANTED for zone in zones), zones),
        possible=say("{counted}, {n} by proxy", counted=possible, n=proxies) if proxies else possible,
        tested=_of(sum(level > Level.A1 for level in shown), shown),
        gap=Passage(_gap(one, zones)),
    )


def _of(some: int, every: list[Zone] | list[Level]) -> Sentence | str:
    return say("{some} of {all}", some=some, all=len(every)) if every else ""


def _tested(work: DecidedWork) -> Level | None:
    return next((cap.level for cap in work.caps if cap.name == "evidence cap"), None)


def _gap(one: Decided, zones: list[Zone]) -> Iterator[Sentence]:
    """What lies between the counts; nothing where a department has no workflows."""
    if not one.works:
        return
    if not zones:
        yield say("What staff wish of its workflows, or what agents can do of them, is not known.")
    refused, early = zones.count("red"), zones.count("r_and_d")
    if refused:
        yield say_count(
            "{n} workflow is possible and not wanted.", "{n} workflows are possible and not wanted.", refused
        )
    if early:
        yield say_count(
            "{n} workflow is wanted and not yet possible.", "{n} workflows are wanted and not yet possible.", early
        )
