"""The page of plan records, put together from what is stored."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.autonomy.gathering import basis
from app.clients import queries as clients
from app.planned import queries
from app.planned.document import PlanDocument, essence
from app.planned.freezing import frozen
from app.planned.views import RecordLine, RecordsPage
from app.waves import queries as waves


def records_page(session: Session, organisation_id: UUID, *, now: datetime, problem: str = "") -> RecordsPage:
    """What would be fixed today, and all that was fixed."""
    on = basis(session, organisation_id)
    plan = frozen(session, organisation_id, on, now=now) if on else None
    every = queries.records(session, organisation_id)
    labels = {one.id: one.label for one in waves.waves(session, organisation_id)}
    newest = queries.record(session, organisation_id, every[0].number) if every else None
    today = essence(plan) if plan else ""
    return RecordsPage(
        organisation=clients.organisation(session, organisation_id),
        wave=on.wave.label if on else "",
        wave_id=on.wave.id if on else None,
        as_of=plan.as_of if plan else None,
        **_counts(plan),
        essence=today,
        same_as=newest.number if newest and plan and essence(newest.plan) == today else 0,
        lines=tuple(
            RecordLine(
                number=one.number,
                as_of=one.as_of,
                made_by=one.made_by,
                issued_at=one.issued_at,
                wave=labels.get(one.wave_id, ""),
                sha256=one.sha256,
            )
            for one in every
        ),
        problem=problem,
    )


def _counts(plan: PlanDocument | None) -> dict[str, int]:
    if plan is None:
        return dict.fromkeys(("actions", "departments", "guardrails", "to_confirm", "decision"), 0)
    counting = [one for one in plan.guards if one.stands]
    return {
        "actions": sum(one.status != "dropped" for one in plan.deeds),
        "departments": len({one.department for one in plan.deeds if one.status != "dropped"}),
        "guardrails": len(counting),
        "to_confirm": sum(bool(one.unsure) for one in counting),
        "decision": plan.decision,
    }
