"""What two experts say of the demo's workflows: most agree, some contradict each other. All of it made up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts.service import add_member, create_user
from app.experts import service
from app.experts.service import Wanted
from app.workflows import library
from app.workflows import queries as workflows

NAME: Final = "Second Expert (fictional)"
EMAIL: Final = "expert@plumbline.example"
SOURCE: Final = "{cases} cases of the last quarter, worked through with the tool that is approved; all of it made up."

Pair = tuple[int, int]

SAID: Final[Mapping[str, tuple[Pair | None, Pair]]] = {
    "legal.nda-review": ((4, 2), (3, 3)),
    "legal.contract-intake": ((4, 2), (4, 2)),
    "legal.research-memo": ((2, 4), (4, 3)),
    "finance.invoice-matching": ((4, 2), (5, 2)),
    "finance.dunning": ((4, 2), (4, 3)),
    "finance.payment-run": ((3, 4), (4, 4)),
    "finance.variance-note": (None, (2, 4)),
    "operations.shift-handover": ((4, 2), (3, 2)),
    "operations.order-scheduling": ((4, 2), (4, 3)),
    "operations.line-parameters": ((1, 5), (3, 4)),
    "it.ticket-triage": ((5, 1), (4, 2)),
    "it.test-creation": ((4, 2), (4, 2)),
    "it.access-request": (None, (3, 3)),
    "customer_service.call-summary": ((5, 1), (5, 2)),
    "customer_service.common-question": ((4, 2), (4, 2)),
    "customer_service.refund": ((3, 3), (4, 3)),
}
"""By workflow of the library: capability and human part as the demo's consultant sees them, and as the other one."""


def rate(session: Session, *, organisation_id: UUID, user_id: UUID, now: datetime) -> None:
    """Has two experts rate what they know; the second has an account of their own that nobody can sign in with."""
    other = create_user(session, email=EMAIL, name=NAME, now=now)
    add_member(session, organisation_id=organisation_id, user_id=other, now=now)
    known = {one.name: one.id for one in workflows.inventory(session, organisation_id)}
    names = {seed.key: seed.names["en"] for some in library.seeds().values() for seed in some}
    for number, (key, said) in enumerate(SAID.items()):
        for rater, pair in zip((user_id, other), said, strict=True):
            if pair is not None:
                wanted = _wanted(pair, cases=20 + 3 * number, now=now)
                place = {"organisation_id": organisation_id, "workflow_id": known[names[key]]}
                service.rate(session, wanted, **place, user_id=rater, now=now)


def _wanted(pair: Pair, *, cases: int, now: datetime) -> Wanted:
    return Wanted(
        id=uuid4(),
        capability=pair[0],
        human_part=pair[1],
        on=now.date(),
        source=SOURCE.format(cases=cases),
        link="",
        file_name="",
        content=b"",
    )
