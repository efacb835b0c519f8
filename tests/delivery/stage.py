"""A schedule that is set, a wave that closes, and a worker that mails: shared by the tests of mailed files."""

import re
from datetime import timedelta
from uuid import UUID

from starlette.testclient import TestClient

from app.accounts import service as naming
from app.accounts.roles import Role
from app.db import Database
from app.delivery import queries
from app.delivery.queries import Delivery
from app.delivery.work import sending
from app.settings import Settings
from app.waves import service as waves
from app.worker import HANDLERS, Worker
from tests import world
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.mail.office import Office
from tests.world import ANSWERS, KEY, World

PASSWORD = "three geese cross the road"
BOARD = "board@example.org"
SET = {
    "active": "yes",
    "file.csv": "yes",
    "file.json": "yes",
    "language": "en",
    "paper": "A4",
    "days": "14",
    "seen": "0",
}


def set_to(client: TestClient, page: str, **changed: str) -> None:
    sign_in(client, "Ada")
    answer = client.post(page, data={**SET, **changed})
    assert answer.status_code == 303, answer.text
    client.cookies.clear()


def worker(database: Database, settings: Settings, clock: Clock) -> Worker:
    return Worker(database, clock=clock, handlers={**HANDLERS, **sending(settings, KEY)})


def close(database: Database, cast: Cast, lived_in: World, clock: Clock) -> None:
    """Closes the open wave, and has its release made and nothing else."""
    now = clock() + timedelta(days=100)
    clock.now = now
    world.answer(database, cast, lived_in.running, counts={k: n - 2 for k, n in ANSWERS.items() if n > 9}, now=now)
    with database.writing() as session:
        waves.start_closing(session, organisation_id=cast.organisation, wave_id=lived_in.running, now=now)
    assert Worker(database, clock=clock).work_once()


def work(database: Database, settings: Settings, clock: Clock) -> None:
    """Lets a worker do all that is due, and what is put off for files a few times."""
    made = worker(database, settings, clock)
    for _ in range(4):
        while made.work_once():
            pass
        clock.now += timedelta(seconds=20)


def there(database: Database, cast: Cast, page: str) -> dict[str, Delivery]:
    assessment = UUID(page.split("/")[4])
    with database.reading() as session:
        return {one.address: one for one in queries.deliveries(session, cast.organisation, assessment)}


def link_in(office: Office, address: str) -> str:
    """The link in the last mail to an address, as a path."""
    mail = [one for one in office.taken if str(one["To"]) == address][-1]
    found = re.search(r"https://plumbline\.example(/delivered/[a-z2-7]{26})\b", mail.get_content())
    assert found is not None
    return found[1]


def member(database: Database, cast: Cast, name: str, role: Role, clock: Clock, department: str = "") -> UUID:
    with database.writing() as session:
        user = naming.create_user(
            session, email=f"{name}@example.org", name=name.title(), now=clock(), password=PASSWORD
        )
        of = cast.departments[department] if department else None
        naming.add_member(
            session, organisation_id=cast.organisation, user_id=user, now=clock(), role=role, department_id=of
        )
    return user
