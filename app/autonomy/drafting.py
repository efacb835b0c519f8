"""The draft "as of today": made by the worker when facts change, and again on the day after one of them ends.

No answer is read for it: a release, attestations and a policy are enough (P14, P18).
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries
from app.autonomy.deciding import decide
from app.autonomy.decision import Decision, digest, dump
from app.autonomy.gathering import basis, current_policy, facts, next_change
from app.autonomy.models import DecisionDraft
from app.clients import queries as clients
from app.jobs import service as jobs
from app.lineage.days import beginning, today
from app.workflows import following
from app.workflows.following import JOB


def ask(session: Session, organisation_id: UUID, *, now: datetime) -> None:
    """Has the draft of a client made anew, soon."""
    following.ask(session, organisation_id, now=now)


def make(session: Session, organisation_id: UUID, *, now: datetime) -> Decision | None:
    """Puts today's draft in place of the one before, and asks for the next on the day when a fact ends; None without
    any release. Two at the same moment do it one after the other."""
    clients.lock_tree(session, organisation_id)
    on = basis(session, organisation_id)
    if on is None:
        return None
    known, policy = facts(session, organisation_id, on, now=now), current_policy(session, organisation_id)
    made = decide(on.document, sha256=on.release.sha256, facts=known, policy=policy)
    document = dump(made)
    queries.drop_draft(session, organisation_id)
    session.add(
        DecisionDraft(
            organisation_id=organisation_id,
            wave_id=on.wave.id,
            release_id=on.release.id,
            as_of=made.facts.as_of,
            made_at=now,
            sha256=digest(document),
            document=document,
        )
    )
    session.flush()
    _again(session, organisation_id, made, now=now)
    return made


def _again(session: Session, organisation_id: UUID, made: Decision, *, now: datetime) -> None:
    day = next_change(made)
    if day is None:
        return
    zone = clients.organisation(session, organisation_id).time_zone
    due = beginning(max(day, today(now, zone) + timedelta(days=1)), zone)
    jobs.schedule(session, organisation_id=organisation_id, kind=JOB, subject_id=organisation_id, due=due, now=now)
