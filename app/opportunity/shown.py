"""The opportunity map in words, from what a result tells to somebody and the facts and ratings as of a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

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
class Wanted:
    """What somebody chose to see: one row of the result, the highest level, and the day of facts and ratings."""

    department: str = ""
    level: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The map of the rows that somebody sees, with its lists; `day` is the day of facts and ratings, `today` the last
    that can be chosen."""

    label: str
    basis: str
    map: ZoneMap
    assumption: str
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


def shown(session: Session, stored: StoredRelease, wanted: Wanted, *, own: UUID | None, now: datetime) -> Shown:
    """The map on a result; with `own`, what the lead of that department sees of it. Three statements."""
    organisation = clients.organisation(session, stored.organisation_id)
    day = day_of(wanted.day, now, organisation.time_zone)
    at = moment_of(day, now, organisation.time_zone)
    release = of_workflows(stored.document, own)
    chosen = next((one for one in LEVELS if one.name == wanted.level), USUAL)
    facts = workflows.inventory(session, stored.organisation_id, at=at)
    said = experts.judgements(session, stored.organisation_id, day=day, at=at)
    by_code = {one.code: said[one.id] for one in facts if one.id in said}
    every = placed(release, facts, by_code, chosen=chosen)
    points = without_retired(every, (one.code for one in facts if one.retired))
    rows = {point.row.id: row_name(point.row) for point in points}
    row = wanted.department if wanted.department in rows else ""
    here = [point for point in points if not row or point.row.id == row]
    return Shown(
        label=release.wave.label,
        basis=_basis(release, day),
        map=zone_map(here),
        assumption=assumption(chosen),
        departments=(
            Choice("", say("All that is shown") if own else say("The whole organisation"), not row),
            *(Choice(one, name, one == row) for one, name in rows.items()),
        ),
        levels=tuple(Choice(one.name, name, one == chosen) for one, name in LEVELS.items()),
        day=day,
        today=today(now, organisation.time_zone),
        shortlist=tuple(_wanted(here)),
        red=tuple(_contested(here, release)),
    )


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
