"""The demo's action plan over three quarters: what was done, dropped and late, and what goes on. All of it made up.

Finance moves by its story after its second quarter; what the others did shows nothing, or cannot be told. Each quarter
begins with a plan that is fixed as a record, so that files of its result print it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.actions import queries, service
from app.actions.facts import Facts, Status
from app.actions.service import Author, Wanted
from app.autonomy.gathering import basis
from app.demo.story import ZONE
from app.planned import issuing
from app.planned.document import essence
from app.planned.freezing import frozen
from app.playbooks.shelf import library

AT: Final = time(11)
FIXED: Final = time(15)


@dataclass(frozen=True, kw_only=True)
class Took:
    """An action that a department took on, by its id in the library; `told` is what shows it, or why it was dropped."""

    to: str
    action: str
    taken: date
    due: date
    owner: str
    status: Status = "open"
    ended: date | None = None
    told: str = ""
    mail: str = ""


SPRING, SUMMER, AUTUMN = date(2026, 3, 9), date(2026, 6, 8), date(2026, 9, 28)
HOURS: Final = (
    ("HR", SPRING, 60), ("Finance", SPRING, 40), ("Finance", SUMMER, 160), ("IT", SUMMER, 80),
    ("Operations", SPRING, 60), ("Customer service", SPRING, 50), ("Finance", AUTUMN, 60), ("Legal", AUTUMN, 80),
)  # fmt: skip
PLAN: Final = (
    Took(to="HR", action="R4-low-named-owner", taken=SPRING, due=date(2026, 3, 27), owner="Head of HR (fictional)",
         status="done", ended=date(2026, 3, 26), told="A list of agents with one name each hangs in the team room."),
    Took(to="HR", action="R3-low-permitted-uses", taken=SPRING, due=date(2026, 4, 10), owner="Head of HR (fictional)",
         status="done", ended=date(2026, 4, 21), told="One page, read together in the meeting of April."),
    Took(to="Finance", action="R5-low-sponsor-message", taken=SPRING, due=date(2026, 3, 20),
         owner="Head of Finance (fictional)", status="dropped", ended=date(2026, 4, 14),
         told="The message of the whole company came first and said the same."),
    Took(to="Finance", action="R3-low-permitted-uses", taken=SUMMER, due=date(2026, 6, 26),
         owner="Head of Finance (fictional)", status="done", ended=date(2026, 6, 25),
         told="Allowed, ask first, forbidden: one page, signed by everybody in June."),
    Took(to="Finance", action="R1-low-own-cases-course", taken=SUMMER, due=date(2026, 7, 24),
         owner="Learning partner (fictional)", status="done", ended=date(2026, 7, 17),
         told="Two half days with our own invoices; 41 of 48 people came."),
    Took(to="Finance", action="FIN-T2-audit-trail", taken=SUMMER, due=date(2026, 8, 14),
         owner="Head of Accounts payable (fictional)", status="done", ended=date(2026, 8, 12),
         told="Each posting of an agent leads to its document."),
    Took(to="IT", action="R3-developing-recheck", taken=SUMMER, due=date(2026, 8, 21), owner="Head of IT (fictional)",
         status="done", ended=date(2026, 8, 20), told="Minutes of the first check of all agents that run."),
    Took(to="Operations", action="T5-low-no-blame-statement", taken=SPRING, due=date(2026, 4, 3),
         owner="Head of Operations (fictional)", status="done", ended=date(2026, 4, 8),
         told="Said on each ship and on the notice board."),
    Took(to="Customer service", action="T4-emerging-approval-step", taken=SPRING, due=date(2026, 4, 17),
         owner="Head of Guest services (fictional)", status="done", ended=date(2026, 4, 16),
         told="Refunds above 50 wait for a person."),
    Took(to="Legal", action="T2-low-sources-and-log", taken=AUTUMN, due=date(2026, 10, 23),
         owner="Head of Legal (fictional)", status="doing"),
    Took(to="Legal", action="LEG-T1-verify-citations", taken=AUTUMN, due=date(2026, 11, 6),
         owner="Head of Legal (fictional)", status="done", ended=date(2026, 11, 3),
         told="A check of each source is part of the closing list."),
    Took(to="Finance", action="FIN-R4-prepare-or-release", taken=AUTUMN, due=date(2026, 12, 18),
         owner="Head of Finance (fictional)", status="doing", mail="finance@lanternbay.example"),
)  # fmt: skip


QUARTERS: Final = (SPRING, SUMMER, AUTUMN)
"""The first days of its quarters: each follows the result of the wave of the same place in the story."""


def carry_out(
    session: Session, organisation_id: UUID, departments: Mapping[str, UUID], begins: date, *, by: str
) -> None:
    """A quarter: what is taken on is fixed as a record on the newest result, then ends, each on its own day."""
    for name, first, hours in HOURS:
        if first == begins:
            service.set_hours(session, organisation_id, departments[name], first, typed=str(hours), seen="")
    mine = [one for one in PLAN if one.taken == begins]
    taken = [_take(session, organisation_id, departments[one.to], one, by) for one in mine]
    _fix(session, organisation_id, begins, by)
    for planned, one in _ended(taken, mine):
        _move_on(session, organisation_id, planned, one, by)


def _fix(session: Session, organisation_id: UUID, day: date, by: str) -> None:
    """Fixes the plan as it stands on the evening of a day."""
    on, now = basis(session, organisation_id), datetime.combine(day, FIXED, tzinfo=ZoneInfo(ZONE))
    assert on is not None  # a quarter begins with a result
    seen = essence(frozen(session, organisation_id, on, now=now))
    issuing.issue(session, organisation_id=organisation_id, seen=seen, made_by=by, now=now)


def _ended(taken: list[UUID], mine: list[Took]) -> Iterator[tuple[UUID, Took]]:
    """What somebody was at, in the order of the days."""
    moved = [(id, one) for id, one in zip(taken, mine, strict=True) if one.status != "open"]
    return iter(sorted(moved, key=lambda found: found[1].ended or found[1].taken))


def _take(session: Session, organisation_id: UUID, department_id: UUID, one: Took, by: str) -> UUID:
    action = library().by_id[one.action]
    facts = Facts(
        department_id=department_id,
        title=action.title,
        due=one.due,
        hours=action.hours,
        owner=one.owner,
        mail=one.mail,
    )
    wanted = Wanted(id=uuid5(NAMESPACE_OID, f"{one.to}/{one.action}"), facts=facts, begins=one.taken)
    whole = service.of_library(action, wanted)
    service.take(session, organisation_id, (whole,), author=Author(by, _at(one.taken)))
    return whole.id


def _move_on(session: Session, organisation_id: UUID, planned_id: UUID, one: Took, by: str) -> None:
    facts = queries.planned(session, organisation_id, planned_id).facts
    dropped = one.status == "dropped"
    reason, evidence = (one.told, "") if dropped else ("", one.told)
    moved = replace(facts, status=one.status, reason=reason, evidence=evidence)
    author = Author(by, _at(one.ended or one.taken))
    service.change(session, organisation_id, planned_id, moved, author=author, seen=None)


def _at(day: date) -> datetime:
    return datetime.combine(day, AT, tzinfo=ZoneInfo(ZONE))
