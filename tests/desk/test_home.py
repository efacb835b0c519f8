"""The home page: every client at a glance, those first that need somebody, in few statements."""

import re
from datetime import timedelta

import pytest

from app.clients.service import create_organisation
from app.desk import pages
from app.waves import queries as waves
from tests.cast import ORGANISATION, sign_in
from tests.conftest import recorded
from tests.desk.test_archive import planned


@pytest.fixture
def ada(client, cast):
    return sign_in(client, "Ada")


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/organisations/[^"]+">([^<]+)</a>', page)


def test_a_consultant_without_clients_is_told_how_to_begin(client, cast):
    sign_in(client, "Cleo")
    page = client.get("/").text
    assert "There is no client yet" in page
    assert "/organisations/new" in page


@pytest.mark.lived_in
@pytest.mark.both
def test_a_client_shows_its_wave_its_newest_result_and_the_next_step(ada, cast, database, lived_in):
    page = ada.get("/").text
    place = f"/organisations/{cast.organisation}/waves"
    with database.reading() as session:
        total = waves.turnout_total(session, cast.organisation, lived_in.running)
    assert f"{total.responses} of {total.headcount} people have answered" in page or "nobody has answered yet" in page
    assert f"{place}/{lived_in.closed}/heatmap" in page
    assert f"{place}/{lived_in.running}" in page


def test_those_that_need_somebody_stand_first(ada, cast, database, clock):
    with database.writing() as session:
        for name in ("Aardvark Removals (fictional)", "Zephyr Kites (fictional)"):
            create_organisation(session, name=name, time_zone="Europe/Berlin", user_id=cast.ada, now=clock())
    planned(database, cast, clock, days=1)
    clock.now += timedelta(days=3)
    sign_in(ada, "Ada")  # the sign-in of three days ago has ended
    shown = names(ada.get("/").text)
    assert shown == [ORGANISATION, "Aardvark Removals (fictional)", "Zephyr Kites (fictional)"]


@pytest.mark.lived_in
def test_the_list_takes_as_many_statements_for_twenty_clients_as_for_one(cast, database, clock, lived_in):
    counts = []
    for more in (0, 20):
        with database.writing() as session:
            for number in range(more):
                create_organisation(
                    session, name=f"Client {number}", time_zone="Europe/Berlin", user_id=cast.ada, now=clock()
                )
        with recorded(database) as seen, database.reading() as session:
            pages.home(session, cast.ada, archived=False, now=clock())
        counts.append(len([one for one in seen if one.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 8, counts
