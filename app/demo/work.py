"""The workflows of the demo's client: what its departments do, how much of it, and how staff see it. All made up."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.workflows import library, service
from app.workflows.facts import FLAGS, TESTS, Facts
from app.workflows.service import Author, Wanted, code_of
from surveys.model import BETWEEN

FROM_WAVE: Final = 3
"""The wave before which the departments name their workflows."""
SPREAD: Final = 0.8


@dataclass(frozen=True, slots=True)
class Work:
    """A workflow of the library: how often a month, minutes a time, data at hand, ease of undoing, harm as the
    owner sees it, and what staff say on average: rules, harm, wish, human part."""

    seed: str
    times: int
    minutes: int
    data_ready: int
    undo: int
    consequence: int
    said: tuple[float, float, float, float]

    def rating(self, code: str, dice: random.Random) -> str:
        """What somebody says."""
        mean = dict(zip(("RB", "EC", "DS", "HA"), self.said, strict=True)).get(code, 3.0)
        return str(min(5, max(1, round(dice.gauss(mean, SPREAD)))))


WORK: Final[Mapping[str, tuple[Work, ...]]] = {
    "Legal": (
        Work("legal.nda-review", 60, 45, 4, 4, 3, (4.0, 3.0, 3.9, 3.0)),
        Work("legal.contract-intake", 140, 12, 4, 5, 2, (4.2, 2.0, 4.3, 2.4)),
        Work("legal.research-memo", 12, 240, 2, 2, 4, (1.8, 4.0, 2.3, 4.4)),
        Work("legal.policy-answer", 90, 15, 3, 4, 2, (3.4, 2.6, 3.2, 3.1)),
    ),
    "Accounts payable": (
        Work("finance.invoice-matching", 2600, 6, 5, 4, 3, (4.6, 2.6, 4.4, 2.2)),
        Work("finance.dunning", 240, 10, 4, 3, 2, (4.0, 2.4, 3.6, 2.6)),
        Work("finance.payment-run", 20, 90, 5, 1, 5, (4.3, 4.6, 2.2, 4.4)),
        Work("finance.master-data", 70, 15, 4, 2, 5, (4.1, 4.3, 2.6, 4.0)),
    ),
    "Controlling": (
        Work("finance.variance-note", 40, 60, 3, 4, 3, (2.4, 2.8, 3.4, 3.3)),
        Work("finance.forecast-update", 8, 180, 2, 3, 3, (2.2, 3.0, 3.1, 3.6)),
    ),
    "Operations": (
        Work("operations.shift-handover", 180, 20, 3, 5, 3, (3.4, 2.8, 3.9, 2.7)),
        Work("operations.logistics-exception", 110, 25, 2, 3, 3, (2.0, 3.2, 3.3, 3.4)),
        Work("operations.order-scheduling", 90, 40, 4, 4, 4, (3.9, 3.8, 2.2, 4.2)),
        Work("operations.line-parameters", 60, 15, 3, 1, 5, (3.0, 4.7, 1.7, 4.8)),
    ),
    "IT": (
        Work("it.ticket-triage", 900, 5, 5, 5, 2, (4.2, 2.0, 4.5, 1.9)),
        Work("it.test-creation", 80, 50, 4, 5, 2, (3.6, 2.2, 4.1, 2.6)),
        Work("it.access-request", 220, 12, 4, 3, 4, (4.4, 3.9, 3.4, 3.0)),
        Work("it.knowledge-article", 30, 60, 3, 5, 1, (2.6, 1.8, 4.0, 2.3)),
    ),
    "Customer service": (
        Work("customer_service.call-summary", 1900, 4, 4, 5, 2, (4.0, 2.0, 4.4, 1.8)),
        Work("customer_service.common-question", 2400, 5, 4, 4, 2, (4.3, 2.2, 3.0, 3.0)),
        Work("customer_service.refund", 320, 14, 4, 3, 4, (3.9, 3.8, 2.4, 4.1)),
        Work("customer_service.goodwill", 90, 20, 2, 3, 3, (1.7, 3.1, 2.0, 4.5)),
    ),
}

TESTED: Final[Mapping[str, Facts]] = {
    "it.ticket-triage": Facts(offline=True, pilot_weeks=6, pilot_cases=300, checked=420, errors=1),
    "it.test-creation": Facts(offline=True, pilot_weeks=4, pilot_cases=120, checked=120, errors=0),
    "finance.invoice-matching": Facts(offline=True, pilot_weeks=5, pilot_cases=180, checked=180, errors=0),
    "legal.contract-intake": Facts(offline=True),
    "customer_service.call-summary": Facts(offline=True, pilot_weeks=2, pilot_cases=90),
}
"""What some of them were tested with."""
OPEN: Final = {"operations.logistics-exception": "safety_relevant"}
"""A question of the law that nobody has answered yet."""

_BY_CODE: Final = {code_of(place): one for place, one in enumerate((one for some in WORK.values() for one in some), 1)}


def rating(item_id: str, dice: random.Random) -> str | None:
    """What somebody says to a rating of a workflow; None for any other question."""
    code, between, rated = item_id.partition(BETWEEN)
    return _BY_CODE[code].rating(rated, dice) if between and code in _BY_CODE else None


def tests_of(seed: str) -> dict[str, Any]:  # Any: fields of the facts
    """The facts about the tests of a workflow, with the place where they are written down."""
    facts = TESTED.get(seed)
    if facts is None:
        return {}
    where = f"https://intranet.lanternbay.example/tests/{seed.partition('.')[2]}"
    return {**{field: getattr(facts, field) for field in TESTS}, "tests_shown": where}


def name(session: Session, organisation_id: UUID, departments: Mapping[str, UUID], *, by: str, now: datetime) -> None:
    """Puts the workflows into the inventory, rated by staff, with the facts of those who answer for them."""
    author = Author(name=by, way="library", now=now)
    for department, some in WORK.items():
        for one in some:
            seed = next(seed for seed in library.of_function(one.seed.partition(".")[0]) if seed.key == one.seed)
            facts = replace(
                seed.facts("en"),
                times=one.times,
                minutes=one.minutes,
                owner=f"Head of {department}",
                data_ready=one.data_ready,
                undo=one.undo,
                consequence=one.consequence,
                legal={flag: flag in seed.law for flag in FLAGS if flag != OPEN.get(one.seed)},
                **tests_of(one.seed),
            )
            wanted = Wanted(department_id=departments[department], name=seed.names["en"], facts=facts, rated=True)
            service.add(session, organisation_id, wanted, author=author)
