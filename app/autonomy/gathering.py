"""Gathers what a decision rests on from the database: the newest release, and the facts of a day."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries
from app.autonomy.coverage import Coverage
from app.autonomy.deciding import decide, row_of
from app.autonomy.decision import SCHEMA, Attested, Before, Decision, Facts, Origin, Outline, Place
from app.autonomy.queries import AttestationFacts, RecordFacts
from app.autonomy.workflow import Work, work_of
from app.clients import queries as clients
from app.clients.queries import DepartmentNode
from app.experts import queries as experts
from app.experts.judging import NOBODY
from app.lineage import queries as lineage
from app.lineage.days import today
from app.lineage.descent import heirs
from app.lineage.snapshots import Change
from app.releases import store
from app.releases.document.release import Release
from app.releases.store import StoredRelease
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.waves.results import with_results
from app.workflows import queries as workflows
from scoring.ceiling import EarlierScore
from scoring.gating import GATES, GatesPolicy
from scoring.legal import LEGAL
from scoring.levels import Level
from scoring.value import PLANNING_SHARES

LOOKED_BACK = 2
"""How many waves before this one tell whether a score that is hidden now was below its gate (P14)."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The newest release of a client, with the waves of its assessment before that have a result, the newest first,
    and the releases of as many of them as are looked back on."""

    wave: WaveView
    release: StoredRelease
    before: tuple[UUID, ...]
    earlier: tuple[StoredRelease, ...]

    @property
    def document(self) -> Release:
        """What the release says."""
        return self.release.document


def basis(session: Session, organisation_id: UUID) -> Basis | None:
    """What ceilings of a client rest on today: the newest release of the wave that closed last; None without any."""
    every = with_results(waves.waves(session, organisation_id))
    if not every:
        return None
    newest = every[0]
    same = (one for one in every if one.assessment_id == newest.assessment_id and one.number < newest.number)
    before = sorted(same, key=lambda one: one.number, reverse=True)
    found = store.newest(session, [newest, *before[:LOOKED_BACK]])
    earlier = tuple(found[one.id] for one in before[:LOOKED_BACK] if one.id in found)
    return Basis(newest, found[newest.id], tuple(one.id for one in before), earlier) if newest.id in found else None


def current_policy(session: Session, organisation_id: UUID) -> GatesPolicy:
    """The thresholds that count for a client today."""
    found = queries.policies(session, organisation_id)
    return found[0].policy if found else GATES


def lacking(
    session: Session,
    organisation_id: UUID,
    departments: Collection[str],
    policy: GatesPolicy,
    *,
    to: Level,
    now: datetime,
) -> tuple[str, ...]:
    """What `lacking_anywhere` tells of these departments."""
    return lacking_anywhere(session, organisation_id, policy, to=to, now=now)(departments)


def lacking_anywhere(
    session: Session, organisation_id: UUID, policy: GatesPolicy, *, to: Level, now: datetime
) -> Callable[[Collection[str]], tuple[str, ...]]:
    """What tells of some departments which controls a level asks for, with all below it, that are not in force today
    for one of them, in the policy's order; everything is read at once, however many are asked about.

    Of departments that were merged since it is told of the one that took over; where none of them is there any more,
    of the organisation.
    """
    known = facts(session, organisation_id, None, now=now)
    taken = heirs(lineage.done(session, organisation_id))
    there = {place.id for place in known.places}
    coverage = Coverage(known, policy)
    asked = tuple(control for rung in policy.rungs if rung.level <= to for control in rung.controls)

    def of(departments: Collection[str]) -> tuple[str, ...]:
        meant = {str(taken.get(UUID(one), one)) for one in departments} & there or {""}
        missing = {one.control for place in meant for one in coverage.of(place) if one.status != "in_force"}
        return tuple(control for control in asked if control in missing)

    return of


def facts(session: Session, organisation_id: UUID, on: Basis | None, *, now: datetime) -> Facts:
    """What is attested, how departments are arranged, and what was decided before, as of this moment's day; without a
    basis nothing of what was decided."""
    day = today(now, clients.organisation(session, organisation_id).time_zone)
    nodes = clients.departments(session, organisation_id)
    names = clients.department_names(session, organisation_id)
    begun = _begun(lineage.done(session, organisation_id))
    places = tuple(_place(one, begun.get(one.id), names) for one in nodes)
    there = {one.id for one in nodes}
    return Facts(
        as_of=day,
        places=places,
        gone=tuple(_gone(id, change, names) for id, change in begun.items() if id not in there),
        attested=attested(queries.attestations(session, organisation_id), day=day),
        before=_before(places, on, *_decided(session, organisation_id, on)) if on else (),
        works=_works(session, organisation_id, day=day),
    )


def _works(session: Session, organisation_id: UUID, *, day: date) -> tuple[Work, ...]:
    """The workflows that are done, with what is known of them today."""
    said = experts.judgements(session, organisation_id, day=day)
    return tuple(
        work_of(
            one.facts,
            id=str(one.id),
            code=one.code,
            name=one.name,
            department=str(one.department_id),
            experts=said.get(one.id, NOBODY).capability,
        )
        for one in workflows.inventory(session, organisation_id)
        if not one.retired
    )


def current(session: Session, organisation_id: UUID, on: Basis, *, now: datetime) -> Decision:
    """What follows today: the worker's draft where it rests on the same facts, else made anew."""
    known = facts(session, organisation_id, on, now=now)
    policy, draft = current_policy(session, organisation_id), queries.draft(session, organisation_id)
    made = draft.decision if draft else None
    if made is not None and _still_holds(made, on, known, policy):
        return made
    return decide(on.document, sha256=on.release.sha256, facts=known, policy=policy)


def next_change(decision: Decision) -> date | None:
    """The first day on which a control that counts will not count any more; None where none ends."""
    ends = {
        one.until + timedelta(days=1)
        for department in decision.departments
        for one in department.controls
        if one.status == "in_force" and one.until is not None and one.until < date.max
    }
    return min((day for day in ends if day > decision.facts.as_of), default=None)


def _still_holds(made: Decision, on: Basis, known: Facts, policy: GatesPolicy) -> bool:
    ends = next_change(made)
    return (
        made.release_sha256 == on.release.sha256
        and made.policy == policy
        and (made.schema, made.law, made.shares) == (SCHEMA, LEGAL.version, PLANNING_SHARES.version)
        and replace(made.facts, as_of=known.as_of) == known
        and made.facts.as_of <= known.as_of
        and (ends is None or known.as_of < ends)
    )


def attested(every: Sequence[AttestationFacts], *, day: date) -> tuple[Attested, ...]:
    """Attestations that are not withdrawn, in an order of their own, whatever their day."""
    return tuple(
        Attested(
            id=str(one.id),
            control=one.control,
            department=str(one.department_id) if one.department_id else "",
            on=one.attested_on,
            owner=one.owner,
            evidence=one.evidence,
            expires=one.expires_on,
        )
        for one in sorted(every, key=lambda one: (one.control, one.made_at, str(one.id)))
        if one.withdrawn_at is None and one.attested_on <= day
    )


def _begun(done: Sequence[Change]) -> dict[UUID, Change]:
    """The change in which each department began that others were merged into, or that another was split into."""
    found: dict[UUID, Change] = {}
    for change in done:
        if change.kind in ("merge", "split"):
            there = {one.id for one in change.before}
            found |= {one.id: change for one in change.after if one.id not in there}
    return found


def _origin(change: Change | None, names: Mapping[UUID, str]) -> dict[str, Any]:  # Any: fields of a Place
    if change is None:
        return {}
    sources = change.wanted.departments
    kind: Origin = "merge" if change.kind == "merge" else "split"
    return {
        "origin": kind,
        "sources": tuple(map(str, sources)),
        "members": tuple(names.get(one, "") for one in sources),
    }


def _place(node: DepartmentNode, change: Change | None, names: Mapping[UUID, str]) -> Place:
    return Place(
        id=str(node.id),
        name=node.name,
        parent=str(node.parent_id) if node.parent_id else None,
        depth=node.depth,
        function=node.function,
        **_origin(change, names),
    )


def _gone(id: UUID, change: Change, names: Mapping[UUID, str]) -> Place:
    return Place(id=str(id), name=names.get(id, ""), parent=None, depth=0, function="other", **_origin(change, names))


def _decided(session: Session, organisation_id: UUID, on: Basis) -> tuple[Outline | None, Iterator[Outline | None]]:
    """The last record of a client, and the last one of each wave before, as far as there are any: a statement for each
    that is asked for and was not read lately.
    """
    records = queries.records(session, organisation_id)
    of_wave = {one.wave_id: one for one in reversed(records)}

    def read(one: RecordFacts | None) -> Outline | None:
        return queries.outlines(session, organisation_id, [one])[one.number] if one else None

    return read(records[0] if records else None), (read(of_wave.get(id)) for id in on.before)


def _before(
    places: Sequence[Place], on: Basis, last: Outline | None, rounds: Iterable[Outline | None]
) -> tuple[Before, ...]:
    """What was held and told before, of departments of which there is something to say."""
    releases = [stored.document for stored in on.earlier]
    in_a_row = _in_a_row(rounds, {one.id for one in places})
    found = (
        Before(
            department=one.id,
            held=last.level(one.id) if last else Level.A0,
            waves_at_a4=in_a_row[one.id],
            earlier=tuple(score for release in releases for score in _earlier(release, one.id)),
        )
        for one in places
    )
    return tuple(one for one in found if one != Before(department=one.department))


def _in_a_row(rounds: Iterable[Outline | None], departments: Collection[str]) -> Counter[str]:
    """In how many waves in a row before this one the last record of a department said A4 or more.

    Waves are asked for as long as there is such a department.
    """
    number: Counter[str] = Counter()
    for one in rounds:
        departments = () if one is None else {id for id in departments if one.level(id) >= Level.A4}
        if not departments:
            break
        number.update(departments)
    return number


def _earlier(release: Release, department: str) -> tuple[EarlierScore, ...]:
    """Gating scores of the dimensions that a first level asks for (R1, R3 and whatever a policy names)."""
    row, _ = row_of(release, department)
    if row is None:
        return ()
    gated = ((head.id, row.anchor(head.id)) for head in release.dimensions)
    return tuple(
        EarlierScore(dimension=id, lower=cell.gate.lower) for id, cell in gated if cell is not None and cell.gate
    )
