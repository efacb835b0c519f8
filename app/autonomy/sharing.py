"""What of a decision record is shown with a shared result: all of it, or one department with those below."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries
from app.autonomy.blocking import most_often
from app.autonomy.capping import rated
from app.autonomy.decision import Decided, Decision, Place
from app.autonomy.pages import names_of, spoken_release
from app.autonomy.placing import Placed
from app.autonomy.ranking import Listed, red, shortlist
from app.autonomy.spoken import allowed
from app.autonomy.telling import STEPS, lines, told
from app.autonomy.versions import named
from app.autonomy.views import Line, Step, Told, WorkLine
from app.autonomy.work_lines import by_department
from app.autonomy.workflow import DecidedWork
from app.releases import store
from app.releases.document.release import Release
from app.releases.narrowing import rows_for
from app.sentences import Passage, say
from scoring.ceiling import Sensitivity
from scoring.levels import Level

__all__ = ["Line", "Listed", "Shown", "Step", "WorkLine", "shown"]

ELSEWHERE: Final = say("This level rests on results that are not shown to you; nothing is told of its own answers.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The newest record on a release: its lines for the ladder, of one department what its page says, and workflows by
    department (id, name), with those to begin with and those that are not wanted.

    `binding` says what most often blocks the next level, empty where nothing is told; `points` are the workflows that
    have a zone, where they were asked for, in the order of `works`, under the ids and names that these have.
    """

    number: int
    as_of: date
    wave: str
    policy: str
    sha256: str
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    told: Told | None
    works: tuple[tuple[str, str, tuple[WorkLine, ...]], ...]
    shortlist: tuple[Listed, ...]
    red: tuple[Listed, ...]
    binding: str = ""
    points: tuple[Placed, ...] = ()


def shown(
    session: Session,
    organisation_id: UUID,
    release_id: UUID,
    *,
    own: UUID | None,
    sha256: str = "",
    mapped: bool = False,
) -> Shown | None:
    """None where no record was issued on the release, or where it says nothing of a lead's department, `own`.

    With `sha256` it is the record with that digest instead of the newest; `mapped` asks for the points of its map.
    """
    record = queries.newest_of_release(session, organisation_id, release_id, sha256=sha256)
    stored = store.by_id(session, organisation_id, release_id)
    if record is None or stored is None:
        return None
    release = spoken_release(session, stored)
    return part_of(record.decision, release, own=own, sha256=record.sha256, mapped=mapped)


def part_of(issued: Decision, release: Release, *, own: UUID | None, sha256: str, mapped: bool = False) -> Shown | None:
    """What `shown` says of a decision that rests on that release."""
    seen = {row.id for row in rows_for(release, own)}
    names, questions = names_of(release), {item.id: item.text for item in release.items}
    decision = replace(issued, departments=tuple(_seen(one, seen) for one in issued.departments))
    silent = {one.id for one in issued.departments if not _rests_on(one, seen)}
    led = _led(decision, str(own)) if own else ""
    wanted = _inside(decision, led) if own else {one.id for one in decision.departments}
    mine = decision.of(led) if own else None
    if not wanted:
        return None
    of_mine = told(mine, decision, names, questions) if mine else None
    part = replace(decision, departments=tuple(one for one in decision.departments if one.id in wanted))
    return Shown(
        number=decision.number,
        as_of=decision.facts.as_of,
        wave=decision.wave,
        policy=named(decision.policy.version),
        sha256=sha256,
        steps=STEPS,
        lines=tuple(_line(one, decision, silent) for one in lines(decision, names) if one.id in wanted),
        works=by_department(part),
        shortlist=shortlist(part),
        red=red(part, release),
        binding=most_often(part, names),
        points=_points(part, release) if mapped else (),
        told=replace(of_mine, remarks=(ELSEWHERE,), scores=()) if of_mine and led in silent else of_mine,
    )


def _points(decision: Decision, release: Release) -> tuple[Placed, ...]:
    """The workflows whose zone the record tells, as the record had them: from its own facts, and its release."""
    told = rated(release, decision.facts.works)
    works = [work for place in decision.departments for work in place.works]
    placed = ((one, told[one.code]) for one in works if one.zone is not None and one.code in told)
    return tuple(replace(point, id=one.id, name=one.name) for one, point in placed)


def _rests_on(one: Decided, rows: Collection[str]) -> bool:
    """Whether a department's level rests on one of these rows, or on none at all."""
    return not one.row or one.row in rows


def _seen(one: Decided, rows: Collection[str]) -> Decided:
    """A department as somebody sees it who sees these rows: otherwise its level, and nothing of what it rests on.

    A small department may rest on the row of the one above it, which is not its lead's to see (docs/privacy.md).
    """
    works = tuple(_seen_work(work, rows, silent=not _rests_on(one, rows)) for work in one.works)
    if _rests_on(one, rows):
        return replace(one, works=works)
    level = one.ceiling.level
    ceiling = replace(
        one.ceiling,
        granted=level,
        next_level=None,
        insufficient_evidence=False,
        blocking=(),
        sensitivity=Sensitivity(minus5=level, plus5=level),
        group=None,
    )
    return replace(
        one,
        row="",
        ceiling=ceiling,
        told=Level.A0,
        overtrust="unknown",
        rate=None,
        scores=(),
        contradictions=(),
        untold=(),
        works=works,
    )


def _seen_work(work: DecidedWork, rows: Collection[str], *, silent: bool) -> DecidedWork:
    """A workflow as somebody sees it who sees these rows: otherwise its level alone."""
    if not silent and (not work.row or work.row in rows):
        return work
    return replace(work, caps=(), binding=(), zone=None, wish=None, human_part=None)


def _line(line: Line, decision: Decision, silent: Collection[str]) -> Line:
    one = decision.of(line.id)
    if one is None or line.id not in silent:
        return line
    return replace(line, verdict=Passage((allowed(one.name, one.ceiling.level), ELSEWHERE)))


def _led(decision: Decision, own: str) -> str:
    """A lead's department on the day of a record: their own, or the one that took it over by then."""
    places = {one.id for one in decision.facts.places}
    for one in (*decision.facts.gone, *decision.facts.places):
        if own not in places and one.origin == "merge" and own in one.sources:
            return _led(decision, one.id)
    return own


def _inside(decision: Decision, own: str) -> set[str]:
    """A department and everything below it."""
    found: set[str] = set()
    for place in decision.facts.places:
        if place.id == own or _is_below(place, found):
            found.add(place.id)
    return found


def _is_below(place: Place, found: set[str]) -> bool:
    return place.parent is not None and place.parent in found
