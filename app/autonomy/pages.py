"""Gathers the pages of ceilings and records. Each runs a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.autonomy import queries
from app.autonomy.comparing import differences
from app.autonomy.decision import Decision, Outline, essence, outlined
from app.autonomy.gathering import basis, current
from app.autonomy.library import CONTROLS
from app.autonomy.queries import RecordFacts
from app.autonomy.spoken import Names
from app.autonomy.telling import STEPS, lines, told
from app.autonomy.versions import named
from app.autonomy.views import (
    DepartmentPage,
    Ending,
    LadderPage,
    NothingPage,
    RecordLine,
    RecordPage,
    RecordsPage,
)
from app.autonomy.work_lines import by_department
from app.clients import queries as clients
from app.errors import NotFoundError
from app.releases import store
from app.releases.document.release import Release
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.sentences import say
from scoring.levels import Level

SOON: Final = 30
"""From so many days before its end on it is said that an attestation ends soon."""


def names_of(release: Release) -> Names:
    """What the dimensions of a release are called."""
    return {head.id: head.name for head in release.dimensions}


def spoken_release(session: Session, stored: StoredRelease) -> Release:
    """A release that can be said in the reader's language."""
    return translated(stored.document, words_of(session, stored))


def ladder_page(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    reason: str = "",
    errors: Mapping[str, str] | None = None,
) -> LadderPage | NothingPage:
    """All departments on the ladder, as of today, beside the last record."""
    facts = clients.organisation(session, organisation_id)
    on = basis(session, organisation_id)
    if on is None:
        return NothingPage(facts)
    made = current(session, organisation_id, on, now=now)
    names = names_of(spoken_release(session, on.release))
    last = next(iter(queries.records(session, organisation_id)), None)
    decided = queries.decisions(session, organisation_id, [last])[last.number] if last else None
    return LadderPage(
        organisation=facts,
        wave=on.wave.label,
        release_number=on.document.number,
        as_of=made.facts.as_of,
        policy=named(made.policy.version),
        steps=STEPS,
        lines=lines(made, names),
        untold_checks=all(one.overtrust != "clear" for one in made.departments),
        endings=endings(made),
        differences=differences(decided, made, names) if decided else (),
        last=last.number if last else 0,
        last_as_of=last.as_of if last else None,
        essence=essence(made),
        reason=reason,
        errors=errors or {},
    )


def endings(decision: Decision) -> tuple[Ending, ...]:
    """Attestations that count for a department and end within `SOON` days, the first to end first."""
    names = {place.id: place.name for place in decision.facts.places}
    attested = {fact.id: fact for fact in decision.facts.attested}
    found: dict[str, Ending] = {}
    for fact in (one for department in decision.departments for one in department.controls):
        days = (fact.until - decision.facts.as_of).days if fact.until else SOON + 1
        source = attested.get(fact.attestation)
        if fact.status != "in_force" or days > SOON or source is None or fact.until is None:
            continue
        control = CONTROLS.get(fact.control)
        where = names.get(source.department, "") or say("the whole organisation")
        title = control.title if control else fact.control
        found[source.id] = Ending(control=fact.control, title=title, where=where, until=fact.until, days=days)
    return tuple(sorted(found.values(), key=lambda one: (one.until, one.control, one.where)))


def department_page(session: Session, organisation_id: UUID, department_id: UUID, *, now: datetime) -> DepartmentPage:
    """What one department may do today; NotFoundError where there is no such department, or no result yet."""
    on = basis(session, organisation_id)
    made = current(session, organisation_id, on, now=now) if on else None
    one = made.of(str(department_id)) if made else None
    if on is None or made is None or one is None:
        raise NotFoundError
    release = spoken_release(session, on.release)
    questions = {item.id: item.text for item in release.items}
    return DepartmentPage(
        organisation=clients.organisation(session, organisation_id),
        wave=on.wave.label,
        as_of=made.facts.as_of,
        told=told(one, made, names_of(release), questions),
    )


def records_page(session: Session, organisation_id: UUID) -> RecordsPage:
    """All records, the newest first."""
    people = accounts.names(session)
    every = queries.records(session, organisation_id)
    outlines = queries.outlines(session, organisation_id, every)
    return RecordsPage(
        organisation=clients.organisation(session, organisation_id),
        records=tuple(_record_line(one, outlines[one.number], people) for one in every),
    )


def record_page(session: Session, organisation_id: UUID, number: int, *, compared: int = 0) -> RecordPage:
    """A record as it was issued, with what changed since the one before, or since the one chosen."""
    every = queries.records(session, organisation_id)
    one = next((each for each in every if each.number == number), None)
    if one is None:
        raise NotFoundError
    chosen = compared or number - 1
    before = next((each for each in every if each.number == chosen != number), None)
    found = queries.decisions(session, organisation_id, [each for each in (one, before) if each])
    decision = found[number]
    stored = store.by_id(session, organisation_id, one.release_id)
    names = names_of(spoken_release(session, stored)) if stored else {}
    return RecordPage(
        organisation=clients.organisation(session, organisation_id),
        record=_record_line(one, outlined(decision), accounts.names(session)),
        sha256=one.sha256,
        release_sha256=decision.release_sha256,
        lines=lines(decision, names),
        works=by_department(decision),
        steps=STEPS,
        others=tuple((str(each.number), _titled(each)) for each in every if each.number != number),
        compared=before.number if before else 0,
        differences=differences(found[before.number], decision, names) if before else (),
    )


def _titled(one: RecordFacts) -> str:
    return say("Record {number}, as of {day}", number=one.number, day=one.as_of)


def _record_line(one: RecordFacts, said: Outline, people: Mapping[UUID, str]) -> RecordLine:
    return RecordLine(
        number=one.number,
        wave=said.wave,
        release_number=said.release_number,
        as_of=one.as_of,
        policy=named(said.policy),
        reason=one.reason,
        by=people.get(one.user_id, "") if one.user_id else "",
        at=one.at,
        levels=_levels(list(said.levels.values())),
    )


def _levels(found: Sequence[Level]) -> str:
    """How many departments stand at each level, the highest first."""
    return ", ".join(f"{level.name} × {found.count(level)}" for level in sorted(set(found), reverse=True))
