"""Puts together what would be fixed today: the plan, the guardrails and the training of all departments."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.actions import queries as actions
from app.actions.places import Places, places
from app.actions.queries import Planned
from app.autonomy.gathering import Basis
from app.guardrails.facts import Overall, overall
from app.guardrails.sight import Sight, looked
from app.planned.document import SCHEMA, Deed, Guard, Law, LawDay, Place, PlanDocument, Stand, Words
from app.playbooks.action import Library
from app.playbooks.beside import library_of
from app.playbooks.catalogue import catalogue
from app.sentences import Sentence

TRAINED: Final = "C03"


def frozen(session: Session, organisation_id: UUID, on: Basis, *, now: datetime, number: int = 0) -> PlanDocument:
    """What would be fixed today on the newest release."""
    seen = looked(session, organisation_id, now=now)
    there, shelf = places(session, organisation_id), library_of(session, organisation_id)
    found = overall(catalogue(), seen.spots)
    named = {part.law for one in found for part in one.references}
    return PlanDocument(
        schema=SCHEMA,
        number=number,
        organisation=seen.organisation.name,
        release_number=on.release.number,
        release_sha256=on.release.sha256,
        decision=seen.granted.number,
        as_of=seen.known.as_of,
        countries=tuple(sorted({key for one in seen.spots for key in one.countries})),
        places=tuple(_places(seen, there)),
        deeds=tuple(_deed(one, there, shelf) for one in actions.plan(session, organisation_id)),
        guards=tuple(_guard(one, seen) for one in found),
        days=tuple(_days(named)),
        laws=tuple(
            Law(name=one.name, basis=one.basis, checked_on=date.fromisoformat(one.checked_on))
            for one in catalogue().laws.values()
            if one.name in named
        ),
    )


def _places(seen: Sight, there: Places) -> Iterator[Place]:
    people = {str(node.id): node for node in there.nodes}
    for spot in seen.spots:
        node, fact = people[spot.id], spot.controls.get(TRAINED)
        yield Place(
            id=spot.id,
            name=spot.name,
            parent=str(node.parent_id) if node.parent_id else "",
            depth=spot.depth,
            people=node.total_headcount,
            trained=fact.status if fact else "missing",
            until=fact.until if fact else None,
        )


def _deed(one: Planned, there: Places, shelf: Library) -> Deed:
    found, facts = shelf.known(one.action), one.facts
    return Deed(
        id=str(one.id),
        department=str(there.now(facts.department_id)),
        title=facts.title,
        words=dict(one.words),
        role=found.owner if found else "",
        owner=facts.owner,
        begins=one.begins,
        due=facts.due,
        status=facts.status,
        hours=facts.hours,
        moves=facts.moves,
        ended=facts.ended,
    )


def _guard(one: Overall, seen: Sight) -> Guard:
    guardrail, note = one.guardrail, next(iter(seen.notes.get(one.guardrail.id, ())), None)
    return Guard(
        id=guardrail.id,
        edition=guardrail.version,
        title=str(guardrail.title),
        words=_words(guardrail.title),
        start=guardrail.start.name,
        standing=one.standing,
        stands=tuple(
            Stand(department=stand.spot.id, status=stand.status or "", until=stand.until) for stand in one.counting
        ),
        unsure=tuple(f"{part.law}: {part.part}" for part in one.references if not part.confirmed),
        counsel=note.counsel if note else "",
        kind=note.kind if note else "",
        said_on=note.said_on if note else None,
    )


def _days(named: set[str]) -> Iterator[LawDay]:
    for one in catalogue().days:
        if one.law in named:
            yield LawDay(
                day=date.fromisoformat(one.day),
                until=date.fromisoformat(one.until) if one.until else None,
                law=one.law,
                what=str(one.what),
                words=_words(one.what),
                confirmed=one.confirmed,
            )


def _words(said: Sentence) -> Words:
    return dict(said.words)
