"""Adopting thresholds and issuing decision records: acts of a person, with a reason, that are never changed."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy import drafting, queries
from app.autonomy.deciding import decide
from app.autonomy.decision import digest, dump, dump_policy, essence
from app.autonomy.gathering import basis, current_policy, facts
from app.autonomy.models import AutonomyPolicy, DecisionRecord
from app.clients import queries as clients
from app.errors import ConflictError, InvalidError
from app.sentences import say
from scoring.gating import GatesPolicy

LONGEST_REASON: Final = 600
NO_RELEASE: Final = say(
    "There is no result yet, so there is nothing to decide on. It is made when the first wave closes."
)
CHANGED: Final = say("What the decision rests on changed since you looked. Look at it as it is now, then issue it.")
OTHER_VERSION: Final = say(
    "Somebody adopted other thresholds since you looked. Look at them, then change what you want."
)


def adopt(
    session: Session,
    policy: GatesPolicy,
    *,
    organisation_id: UUID,
    after: int | None,
    reason: str,
    user_id: UUID,
    now: datetime,
) -> int:
    """Makes these thresholds count from now on, as the next version; gives its number.

    `after` is the version that was changed, None for one that cannot be. InvalidError without a reason, ConflictError
    where there is a newer one.
    """
    _require_reason(reason)
    clients.lock_tree(session, organisation_id)
    there = queries.policies(session, organisation_id)
    newest = there[0].number if there else 0
    if newest != after:
        raise ConflictError(OTHER_VERSION)
    session.add(
        AutonomyPolicy(
            organisation_id=organisation_id,
            number=newest + 1,
            reason=reason,
            user_id=user_id,
            adopted_at=now,
            document=dump_policy(policy),
        )
    )
    session.flush()
    drafting.ask(session, organisation_id, now=now)
    return newest + 1


def issue(session: Session, *, organisation_id: UUID, seen: str, reason: str, user_id: UUID, now: datetime) -> int:
    """Issues what follows today as the next record; gives its number.

    `seen` is the essence of what was looked at: ConflictError where today's says something else by now, so
    that nobody signs what they did not see, and where there is no release. InvalidError without a reason.
    """
    _require_reason(reason)
    clients.lock_tree(session, organisation_id)
    on = basis(session, organisation_id)
    if on is None:
        raise ConflictError(NO_RELEASE)
    known, policy = facts(session, organisation_id, on, now=now), current_policy(session, organisation_id)
    made = decide(on.document, sha256=on.release.sha256, facts=known, policy=policy)
    if essence(made) != seen:
        raise ConflictError(CHANGED)
    number = queries.highest(session, organisation_id) + 1
    document = dump(replace(made, number=number))
    session.add(
        DecisionRecord(
            organisation_id=organisation_id,
            number=number,
            wave_id=on.wave.id,
            release_id=on.release.id,
            as_of=made.facts.as_of,
            reason=reason,
            user_id=user_id,
            issued_at=now,
            sha256=digest(document),
            document=document,
        )
    )
    session.flush()
    drafting.ask(session, organisation_id, now=now)
    return number


def _require_reason(reason: str) -> None:
    if not reason or len(reason) > LONGEST_REASON:
        about = say("Say in a sentence or two why, in at most {most} characters.", most=LONGEST_REASON)
        raise InvalidError(about, fields={"reason": about})
