"""What the demo attests, and the decision that it issues: IT has what it needs, Finance lacks controls, Legal scores.

A test lapses after the decision, so that today says something else than the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.autonomy import attesting, drafting, service
from app.autonomy.attesting import Wanted
from app.autonomy.decision import essence
from app.autonomy.gathering import basis, current, current_policy

REASON: Final = (
    "After the third wave the board lets IT and Finance begin, and asks Legal to sort out what an agent shows of its "
    "work."
)
RULES: Final = (
    b"Rules for using agents at Lantern Bay Ferries (fictional)\n\n1. An agent prepares, a person answers for it.\n"
)
EVERYWHERE: Final = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A control that was attested; where it is empty, for the whole organisation. Without `file` a link shows it."""

    control: str
    where: str
    on: date
    owner: str
    file: tuple[str, bytes] | None = None


def _of(where: str, owner: str, *controls: tuple[str, date]) -> tuple[Said, ...]:
    return tuple(Said(control=control, where=where, on=on, owner=owner) for control, on in controls)


ATTESTED: Final = (
    Said(control="C01", where=EVERYWHERE, on=date(2026, 3, 2), owner="Head of HR (fictional)",
         file=("rules-for-agents.txt", RULES)),
    *_of(EVERYWHERE, "Head of IT (fictional)", ("C02", date(2026, 3, 2)), ("C04", date(2026, 4, 20)),
         ("C08", date(2026, 6, 1))),
    *_of("IT", "Head of IT (fictional)", ("C03", date(2026, 4, 13)), ("C05", date(2026, 5, 4)),
         ("C06", date(2026, 6, 8)), ("C07", date(2026, 5, 11)), ("C09", date(2026, 6, 29)), ("C12", date(2026, 8, 10))),
    *_of("Finance", "Head of Finance (fictional)", ("C03", date(2026, 7, 6)), ("C05", date(2026, 8, 17))),
    *_of("Customer service", "Head of Guest services (fictional)", ("C03", date(2026, 8, 24))),
)  # fmt: skip


def decide(
    session: Session, *, organisation_id: UUID, user_id: UUID, departments: Mapping[str, UUID], now: datetime
) -> None:
    """Attests what the story says and issues the first record, as of `now`."""
    place = {"organisation_id": organisation_id, "user_id": user_id}
    policy = current_policy(session, organisation_id)
    for said in ATTESTED:
        attesting.attest(session, _wanted(said, departments), **place, policy=policy, now=now)
    on = basis(session, organisation_id)
    assert on is not None  # the story has closed waves
    seen = essence(current(session, organisation_id, on, now=now))
    service.issue(session, **place, seen=seen, reason=REASON, now=now)
    drafting.make(session, organisation_id, now=now)


def _wanted(said: Said, departments: Mapping[str, UUID]) -> Wanted:
    name, content = said.file or ("", b"")
    return Wanted(
        id=uuid4(),
        control=said.control,
        department=departments[said.where] if said.where else None,
        on=said.on,
        owner=said.owner,
        expires=None,
        link="" if said.file else f"https://intranet.lanternbay.example/controls/{said.control.lower()}",
        file_name=name,
        content=content,
        remark="",
    )
