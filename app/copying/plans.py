"""The plan of waves that a new client begins with: which follow one another, what they ask and promise, without dates.

Dates are left to a person: a wave with dates opens by itself, and the departments of a new client wait for headcounts.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.waves import labels, policy
from app.waves import queries as waves
from app.waves import service as running
from app.waves.policy import Policy
from app.waves.queries import WaveView


@dataclass(frozen=True, slots=True)
class Plan:
    """An assessment with the drafts that a new client would have: the label and the form of each. Never empty."""

    name: str
    pattern: WaveView
    waves: tuple[tuple[str, str], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels alone."""
        return tuple(label for label, _ in self.waves)


def plans(there: Iterable[WaveView], today: date) -> tuple[Plan, ...]:
    """The plans of a client whose waves these are, one assessment after the other. Pure."""
    of_each = groupby(there, key=lambda one: one.assessment_id)
    return tuple(_plan(tuple(sorted(every, key=lambda one: one.number)), today) for _, every in of_each)


def plans_of(session: Session, organisation_id: UUID, *, now: datetime) -> tuple[Plan, ...]:
    """The plans that a new client would have after this one, in two statements."""
    day = labels.today(now, clients.organisation(session, organisation_id).time_zone)
    return plans(waves.waves(session, organisation_id), day)


def take(session: Session, made: UUID, wanted: Iterable[Plan], *, now: datetime) -> None:
    """Makes the drafts of these plans at a new client, whose questionnaires have to be there already."""
    for plan in wanted:
        (first, form), *others = plan.waves
        wave_id = running.plan_assessment(
            session,
            organisation_id=made,
            name=plan.name,
            instrument=plan.pattern.instrument,
            label=first,
            form=form,
            planned_close=None,
            now=now,
            policy=_of_today(plan.pattern.policy),
        )
        assessment = waves.wave(session, made, wave_id).assessment_id
        for label, form in others:
            running.follow(session, made, assessment, form=form, label=label, now=now)


def _plan(there: Sequence[WaveView], today: date) -> Plan:
    """The drafts of an assessment, or one where there is none. The first asks in full: there is nothing before it."""
    drafts = [one for one in there if one.state == "draft"]
    newest = max(there, key=lambda one: (one.state != "cancelled", one.number))
    forms = ["full", *(one.form for one in drafts[1:])]
    pattern = drafts[0] if drafts else newest
    return Plan(newest.assessment_name, pattern, tuple(zip(_labels(drafts, today), forms, strict=True)))


def _labels(drafts: Sequence[WaveView], today: date) -> Iterator[str]:
    """The labels of drafts; a quarter that is over, and the first where there is no draft, becomes the next free."""
    taken: list[str] = []
    for wished in [one.label for one in drafts] or [""]:
        taken.append(wished if _can_stay(wished, taken, today) else labels.proposed(today, taken=taken))
        yield taken[-1]


def _can_stay(label: str, taken: Collection[str], today: date) -> bool:
    is_quarter = labels.following(label) is not None
    return bool(label) and label not in taken and not (is_quarter and label < labels.quarter(today))


def _of_today(promised: Policy) -> Policy:
    """What a wave promised, under the rules of today."""
    return replace(
        promised,
        version=policy.VERSION,
        retention_months=promised.retention_months or running.DEFAULT_POLICY.retention_months,
    )
