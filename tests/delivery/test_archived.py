"""Files of an archived client: none are mailed, and links that were mailed are read, say so and are taken back."""

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.desk import service as desk
from app.settings import Settings
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.delivery.stage import BOARD, close, link_in, set_to, there, work
from tests.mail.office import Office
from tests.world import World

pytestmark = pytest.mark.lived_in


def test_an_archived_client_mails_nothing(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    with database.writing() as session:
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    work(database, settings_with_mail, clock)
    assert not office.taken


def test_a_link_of_an_archived_client_leads_to_its_files_says_so_and_can_be_taken_back(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    link = link_in(office, BOARD)
    assert "have put it away" not in client.get(link).text
    with database.writing() as session:
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    assert "Those who run this have put it away" in client.get(link).text
    assert client.get(f"{link}/csv").status_code == 200
    sign_in(client, "Ada")
    assert client.post(f"{page}/again", data={"link": str(there(database, cast, page)[BOARD].id)}).status_code == 409
    assert (
        client.post(f"{page}/take-back", data={"link": str(there(database, cast, page)[BOARD].id)}).status_code == 303
    )
    client.cookies.clear()
    assert client.get(link).status_code == 404
