"""Which workflows of a decision to begin with, and which are possible but not wanted, in sentences (2.3). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.autonomy.decision import Decision
from app.autonomy.library import LEVELS
from app.autonomy.limits import limited
from app.autonomy.work_lines import hours
from app.autonomy.workflow import DecidedWork
from app.releases.document.release import Release, Scored
from app.sentences import Listing, Passage, Sentence, say
from scoring.value import Candidate, Contested, priority_list, red_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A workflow in a list: its department, the level that is allowed today, what is said of it, and its id there."""

    name: str
    department: str
    level: str
    level_name: str
    told: str
    borderline: bool
    id: str = ""


def shortlist(decision: Decision) -> tuple[Listed, ...]:
    """The green ones, those first that release most at the level that is allowed today."""
    every = _every(decision)
    ranked = priority_list(map(_candidate, (one for _, one in every.values())))
    return tuple(_listed(*every[one.id], told=_first(every[one.id][1], decision)) for one in ranked)


def red(decision: Decision, release: Release) -> tuple[Listed, ...]:
    """Those that are possible and not wanted, the least wanted first, with the dimensions that are low there."""
    every, names = _every(decision), {head.id: head.name for head in release.dimensions}
    found = sorted(_contested(decision, release), key=lambda one: (one.wish or 0.0, one.id))
    return tuple(_listed(*every[one.id], told=_low(one, names)) for one in found)


def _every(decision: Decision) -> dict[str, tuple[str, DecidedWork]]:
    return {one.id: (place.name, one) for place in decision.departments for one in place.works}


def _contested(decision: Decision, release: Release) -> Iterator[Contested]:
    some = [one for _, one in _every(decision).values() if one.zone == "red"]
    dimensions = [head.id for head in release.dimensions if head.block != "criterion"]
    for id in dict.fromkeys(one.row for one in some):
        row = release.row(id)
        cells = {} if row is None else {name: row.anchor(name) or row.cells.get(name) for name in dimensions}
        scores = {name: cell.score for name, cell in cells.items() if isinstance(cell, Scored)}
        yield from red_list((_candidate(one) for one in some if one.row == id), scores=scores)


def _candidate(one: DecidedWork) -> Candidate:
    hours, wish = one.hours, one.wish
    return Candidate(
        id=one.id,
        zone=one.zone,
        hours=None if hours is None else float(hours),
        level=one.level,
        wish=None if wish is None else wish / 100,
    )


def _first(one: DecidedWork, decision: Decision) -> str:
    return Passage((hours(one, decision.shares) or say("Its hours are not known."), limited(one)))


def _low(one: Contested, names: dict[str, str]) -> Sentence:
    if not one.depressing:
        return say("No dimension of the department is low. Ask those who do the work.")
    low = Listing(say("{name} ({id})", name=names[id], id=id) for id in one.depressing)
    return say("Low in the department: {dimensions}. Ask there first; this is no proven cause.", dimensions=low)


def _listed(department: str, one: DecidedWork, *, told: str) -> Listed:
    return Listed(
        name=one.name,
        department=department,
        level=one.level.name,
        level_name=LEVELS[one.level],
        told=told,
        borderline=one.borderline,
        id=one.id,
    )
