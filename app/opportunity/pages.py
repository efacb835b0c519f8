"""The opportunity map in words, from what the newest result tells and the facts as of a date."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy.placing import Placed, placed, red, shortlist
from app.autonomy.versions import named
from app.clients import queries as clients
from app.opportunity.drawing import dots
from app.opportunity.views import Choice, ListLine, MapLine, MapPage
from app.releases import store
from app.releases.document.release import Release
from app.releases.document.words import row_name
from app.releases.store import StoredRelease
from app.sentences import Hundredths, Listing, Passage, Sentence, say, say_count
from app.waves import queries as waves
from app.workflows import queries as workflows
from scoring.levels import Level
from scoring.value import PLANNING_SHARES
from scoring.zones import Zone

ZONES: Final[dict[Zone, Sentence]] = {
    "green": say("Do it now, with the department"),
    "red": say("Possible, not wanted: ask why first"),
    "r_and_d": say("Wanted, not yet possible"),
    "low": say("Leave it"),
}
LEVELS: Final = {
    Level.A1: say("A1 Assist"),
    Level.A2: say("A2 Co-work"),
    Level.A3: say("A3 Act on approval"),
    Level.A4: say("A4 Act by exception"),
    Level.A5: say("A5 Act and report"),
}
USUAL: Final = Level.A3
TOO_FEW: Final = say("fewer than 5 people rated it, or they are shown in a group")
NO_PROXY: Final = say("nobody has said whether its data are at hand and an error is undone easily")


def map_page(
    session: Session, organisation_id: UUID, *, now: datetime, department: str = "", level: str = ""
) -> MapPage:
    """The map of a client, or of one row of its result, with workflows handed over at most at a level."""
    found = _newest(session, organisation_id)
    chosen = next((one for one in LEVELS if one.name == level), USUAL)
    organisation = clients.organisation(session, organisation_id)
    release = None if found is None else found.document
    facts = workflows.inventory(session, organisation_id, at=now)
    points = () if release is None else placed(release, facts, chosen=chosen)
    rows = {point.row.id: row_name(point.row) for point in points}
    row = department if department in rows else ""
    shown = [point for point in points if not row or point.row.id == row]
    return MapPage(
        organisation=organisation,
        wave_id=None if found is None else found.wave_id,
        label="" if release is None else release.wave.label,
        basis="" if release is None else _basis(release),
        headline=_headline(shown),
        assumption=assumption(chosen),
        departments=(
            Choice("", say("The whole organisation"), not row),
            *(Choice(one, name, one == row) for one, name in rows.items()),
        ),
        levels=tuple(Choice(one.name, name, one == chosen) for one, name in LEVELS.items()),
        dots=dots(shown),
        lines=tuple(_line(number, one) for number, one in enumerate(shown, start=1)),
        shortlist=tuple(_wanted(shown)),
        red=() if release is None else tuple(_contested(shown, release)),
    )


def assumption(level: Level) -> str:
    """The assumption beside every number of hours."""
    return say(
        "{level} at most, {share} % of the hours ({version}, an assumption)",
        level=LEVELS[level],
        share=round(100 * PLANNING_SHARES.at(level)),
        version=named(PLANNING_SHARES.version),
    )


def _newest(session: Session, organisation_id: UUID) -> StoredRelease | None:
    """The newest result that tells of workflows."""
    closed = [one.id for one in waves.waves(session, organisation_id) if one.finished]
    found = (store.latest(session, organisation_id, wave_id) for wave_id in closed)
    return next((one for one in found if one is not None and one.document.workflows), None)


def _basis(release: Release) -> str:
    return say(
        "Staff’s ratings of {label}, release {number}, and the facts of the inventory as they are today.",
        label=release.wave.label,
        number=release.number,
    )


def _headline(points: Sequence[Placed]) -> str:
    green = [one for one in points if one.found.zone == "green"]
    if not green:
        return say("No workflow is both wanted and possible yet")
    return say_count("{n} workflow is wanted and possible", "{n} workflows are wanted and possible", len(green))


def _line(number: int, one: Placed) -> MapLine:
    zone = one.found.zone
    return MapLine(
        number=number,
        name=one.name,
        department=row_name(one.row),
        zone="" if zone is None else ZONES[zone],
        borderline=one.found.borderline,
        wish="" if one.wish is None else _decimal(one.wish.mean),
        raters="" if one.wish is None else say("{n} people", n=one.n) if one.n else say("5 people or more"),
        capability=_capability(one),
        hours="" if one.facts.hours is None else str(round(one.facts.hours)),
        released=_released(one),
        missing=_missing(one),
    )


def _capability(one: Placed) -> str:
    if one.capability is None:
        return ""
    value = _decimal(one.capability.value)
    return say("{value}, proxy", value=value) if one.capability.proxy else value


def _released(one: Placed) -> str:
    """The hours with the assumption that they rest on."""
    if one.expected is None:
        return ""
    return say(
        "{hours}, at {level} ({share} %, {version})",
        hours=round(one.expected.released),
        level=one.expected.level.name,
        share=round(100 * one.expected.share),
        version=named(one.expected.assumption),
    )


def _missing(one: Placed) -> str:
    """Why there is no zone, and what of the facts is not known."""
    reasons = {"wish": TOO_FEW, "capability": NO_PROXY}
    told = [reasons[missing] for missing in one.found.missing]
    zone = say("No zone: {reasons}.", reasons=Listing(told)) if told else ""
    hours = "" if one.facts.hours is not None else say("Its hours are not known.")
    return Passage((zone, hours))


def _wanted(points: Sequence[Placed]) -> Sequence[ListLine]:
    by_id = {one.id: one for one in points}
    lines = []
    for ranked in shortlist(points):
        one = by_id[ranked.id]
        told = _released(one)
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
        lines.append(ListLine(name=one.name, department=row_name(one.row), told=told, borderline=one.found.borderline))
    return lines


def _decimal(value: float) -> str:
    return Hundredths(round(value * 100))
