"""What somebody with a mailed link reads when a file, or the result itself, was made anew since."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db import Database
from app.releases import make
from app.reports.options import ROLES
from app.settings import Settings
from app.waves.service import correct_headcount
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.delivery.stage import BOARD, close, link_in, set_to, work
from tests.mail.office import Office
from tests.world import World

pytestmark = pytest.mark.lived_in


def test_a_link_says_which_file_was_made_anew_since_and_has_the_former_one_meanwhile(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, **{"addresses": BOARD, "file.xlsx": "yes"})
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    link = link_in(office, BOARD)
    before = client.get(f"{link}/xlsx").content
    assert "Made anew on" not in client.get(link).text
    with database.writing() as session:
        session.connection().execute(text("UPDATE organisation SET colour = '#204060'"))
    clock.now += timedelta(days=1)
    sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/waves/{lived_in.running}/report"
    assert (
        client.post(address, data={"format": "xlsx", "edition": ROLES, "paper": "A4", "language": "en"}).status_code
        == 303
    )
    assert client.get(f"{link}/xlsx").content == before
    assert "Workbook (Excel)" in client.get(link).text
    work(database, settings_with_mail, clock)
    assert client.get(f"{link}/xlsx").content != before
    told = client.get(link).text
    assert told.count("Made anew on") == 1
    assert "after your link was mailed" in told.partition("Workbook (Excel)")[2].partition("</li>")[0]


def test_a_link_says_that_there_is_a_newer_result_and_still_leads_to_its_own(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, page: str, office: Office,
    settings_with_mail: Settings,
) -> None:  # fmt: skip
    set_to(client, page, addresses=BOARD)
    close(database, cast, lived_in, clock)
    work(database, settings_with_mail, clock)
    link = link_in(office, BOARD)
    before = client.get(f"{link}/csv").content
    assert "made anew, as release" not in client.get(link).text
    where = {"organisation_id": cast.organisation, "wave_id": lived_in.running}
    with database.writing() as session:
        correct_headcount(
            session, **where, department_id=cast.departments["Operations"], headcount=33, user_id=cast.ada, now=clock()
        )
    make.make_again(database, **where, occasion="headcounts", now=clock.advance(minutes=1))
    told = client.get(link).text
    assert "the result was made anew, as release 2. These files still show release 1" in told
    assert client.get(f"{link}/csv").content == before
