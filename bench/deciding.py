"""What a measured client has beside its waves: workflows, controls, decision records, results that are shared."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from app.autonomy import attesting, drafting, service
from app.autonomy.attesting import Wanted
from app.autonomy.decision import essence
from app.autonomy.gathering import basis, current, current_policy
from app.clients import queries as clients
from app.db import Database
from app.releases import pairs
from app.releases.comparing import make_comparison
from app.releases.service import ask_comparison
from app.share import service as sharing
from app.workflows import service as workflows
from app.workflows.facts import Facts
from app.workflows.service import Author

WORKFLOWS: Final = 150
"""So many workflows are spread over all departments, one in each at least."""
WHOLE: Final = ("C01", "C02", "C04", "C08")
"""Controls that are attested for the whole organisation in every fourth wave; of departments one after the other has
`OWN`."""
OWN: Final = "C03"
KNOWN: Final = Facts(times=40, minutes=15, people=3, data_ready=4, undo=4, consequence=2)


@dataclass(frozen=True, slots=True)
class By:
    """Whose client it is: the database, the organisation, and who does everything."""

    database: Database
    organisation: UUID
    user: UUID


def inventory(by: By, *, now: datetime) -> UUID:
    """Workflows that are rated from the first wave on; gives one of them."""
    with by.database.writing() as session:
        nodes = clients.departments(session, by.organisation)
        author = Author(name="Bench", way="console", now=now)
        every = [
            workflows.Wanted(department_id=node.id, name=f"Check letter {number + 1}", facts=KNOWN, rated=True)
            for node in nodes
            for number in range(max(1, WORKFLOWS // len(nodes)))
        ]
        made = [workflows.add(session, by.organisation, one, author=author) for one in every]
    return made[0]


def told(by: By, wave: UUID, number: int, *, now: datetime) -> None:
    """What is done once a wave has its release: controls are attested, a record is issued, the result is shared."""
    place = {"organisation_id": by.organisation, "user_id": by.user}
    with by.database.writing() as session:
        policy = current_policy(session, by.organisation)
        nodes = clients.departments(session, by.organisation)
        some = [node.id for node in nodes[number % 4 :: 4]] if number < 4 else []
        for control, where in [*((OWN, one) for one in some), *((one, None) for one in WHOLE if number % 4 == 0)]:
            attesting.attest(session, _wanted(control, where, now), **place, policy=policy, now=now)
        on = basis(session, by.organisation)
        assert on is not None  # its release was made just now
        seen = essence(current(session, by.organisation, on, now=now))
        service.issue(session, **place, seen=seen, reason="Measured", now=now)
        drafting.make(session, by.organisation, now=now)
        sharing.share(session, **place, wave_id=wave, now=now)


def compared(by: By, later: UUID, earlier: UUID, *, now: datetime) -> None:
    """Has two waves compared that no release compares."""
    with by.database.writing() as session:
        ask_comparison(session, organisation_id=by.organisation, wave_id=later, other_id=earlier, now=now)
    make_comparison(by.database, organisation_id=by.organisation, comparison_id=pairs.id_of(later, earlier), now=now)


def _wanted(control: str, department: UUID | None, now: datetime) -> Wanted:
    return Wanted(
        id=uuid4(),
        control=control,
        department=department,
        on=(now - timedelta(days=1)).date(),
        owner="Head of IT",
        expires=None,
        link="https://evidence.example/test",
        file_name="",
        content=b"",
        remark="",
    )
