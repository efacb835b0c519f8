"""The opportunity map in words, from what a result tells to somebody and the facts and ratings as of a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy.decision import Decision
from app.autonomy.placing import Placed, placed, red, shortlist, without_retired
from app.clients import queries as clients
from app.experts import queries as experts
from app.lineage.days import beginning, today
from app.opportunity.drawing import ZoneMap, zone_map
from app.opportunity.words import LEVELS, assumption, released
from app.releases.document.release import Release
from app.releases.document.words import row_name
from app.releases.narrowing import of_workflows
from app.releases.store import StoredRelease
from app.sentences import Listing, Passage, say
from app.workflows import queries as workflows
from scoring.levels import Level

USUAL: Final = Level.A3
ALLOWED: Final = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A workflow of the shortlist or the red list, with what is said of it."""

    name: str
    department: str
    told: str
    borderline: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: an address, its name, and whether it is chosen."""

    value: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The levels that a decision gives to workflows, by their codes, and what it is called among the choices."""

    name: str
    levels: Mapping[str, Level]


def allowed_by(decision: Decision, name: str) -> Allowed:
    """What a decision allows, under a name."""
    return Allowed(name=name, levels={work.code: work.level for one in decision.departments for work in one.works})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody chose to see: one row of the result, the highest level or what is allowed, and the day of facts and
    ratings."""

    department: str = ""
    level: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The map of the rows that somebody sees, with its lists; `day` is the day of facts and ratings, `today` the last
    that can be chosen; `allowed` says that hours are those of levels that a decision allows."""

    label: str
    basis: str
    map: ZoneMap
    assumption: str
    allowed: bool
    departments: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    day: date
    today: date
    shortlist: tuple[ListLine, ...]
    red: tuple[ListLine, ...]


def day_of(text: str, now: datetime, zone: str) -> date:
    """The day that was chosen; today for none, for one that can't be read, and for one that lies ahead."""
    last = today(now, zone)
    try:
        return min(date.fromisoformat(text), last)
    except ValueError:
        return last


def moment_of(day: date, now: datetime, zone: str) -> datetime:
    """The last moment of a day, which of today is now."""
    return min(now, beginning(day + timedelta(days=1), zone) - timedelta(microseconds=1))


def shown(
    session: Session,
    stored: StoredRelease,
    wanted: Wanted,
    *,
    own: UUID | None,
    now: datetime,
    decided: Allowed | None = None,
) -> Shown:
    """The map on a result; with `own`, what the lead of that department sees of it. Three statements.

    Where something is `decided` on that result, hours are those of its levels unless another level is chosen; on an
    earlier day it is not known what was.
    """
    organisation = clients.organisation(session, stored.organisation_id)
    day = day_of(wanted.day, now, organisation.time_zone)
    at = moment_of(day, now, organisation.time_zone)
    release = of_workflows(stored.document, own)
    chosen = next((one for one in LEVELS if one.name == wanted.level), USUAL)
    levels = decided if decided and day == today(now, organisation.time_zone) else None
    by_level = levels is None or wanted.level == chosen.name
    allowed = None if levels is None or by_level else levels.levels
    points = _placed(session, stored.organisation_id, release, day=day, at=at, chosen=chosen, allowed=allowed)
    rows = {point.row.id: row_name(point.row) for point in points}
    row = wanted.department if wanted.department in rows else ""
    here = [point for point in points if not row or point.row.id == row]
    return Shown(
        label=release.wave.label,
        basis=_basis(release, day),
        map=zone_map(here),
        assumption=assumption(chosen if by_level else None),
        allowed=not by_level,
        departments=_departments(say("All that is shown") if own else say("The whole organisation"), rows, row),
        levels=_levels(levels, chosen if by_level else None),
        day=day,
        today=today(now, organisation.time_zone),
        shortlist=tuple(_wanted(here)),
        red=tuple(_contested(here, release)),
    )


def _placed(
    session: Session,
    organisation_id: UUID,
    release: Release,
    *,
    day: date,
    at: datetime,
    chosen: Level,
    allowed: Mapping[str, Level] | None,
) -> tuple[Placed, ...]:
    """The workflows of a release with facts and ratings as of a day. Two statements."""
    facts = workflows.inventory(session, organisation_id, at=at)
    said = experts.judgements(session, organisation_id, day=day, at=at)
    by_code = {one.code: said[one.id] for one in facts if one.id in said}
    every = placed(release, facts, by_code, chosen=chosen, allowed=allowed)
    return without_retired(every, (one.code for one in facts if one.retired))


def _departments(whole: str, rows: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    return (Choice("", whole, not chosen), *(Choice(one, name, one == chosen) for one, name in rows.items()))


def _levels(decided: Allowed | None, chosen: Level | None) -> tuple[Choice, ...]:
    first = () if decided is None else (Choice(ALLOWED, decided.name, chosen is None),)
    return (*first, *(Choice(one.name, name, one == chosen) for one, name in LEVELS.items()))


def _basis(release: Release, day: date) -> str:
    return say(
        "Staff’s ratings of {label}, release {number}, with the facts of the inventory and the ratings of experts as "
        "of {day}.",
        label=release.wave.label,
        number=release.number,
        day=day,
    )


def _wanted(points: Sequence[Placed]) -> Sequence[ListLine]:
    by_id = {one.id: one for one in points}
    lines = []
    for ranked in shortlist(points):
        one = by_id[ranked.id]
        told = released(one)
        hours = say("Hours a month released: {released}", released=told) if told else say("Its hours are not known.")
        lines.append(ListLine(name=one.name, department=row_name(one.row), told=hours, borderline=one.found.borderline))
    return lines


def _contested(points: Sequence[Placed], release: Release) -> Sequence[ListLine]:
    by_id = {one.id: one for one in points}
    names = {one.id: one.name for one in release.dimensions}
    lines = []
    for contested in red(points, release):
        one = by_id[contested.id]
        low = Listing(say("{name} ({id})", name=names[id], id=id) for id in contested.depressing)
        told = (
            say("Low in the department: {dimensions}. Ask there first; this is no proven cause.", dimensions=low)
            if contested.depressing
            else say("No dimension of the department is low. Ask those who do the work.")
        )
        hours = say("Hours a month that it could release: {released}.", released=released(one)) if released(one) else ""
        line = Passage((told, hours))
        lines.append(ListLine(name=one.name, department=row_name(one.row), told=line, borderline=one.found.borderline))
    return lines
