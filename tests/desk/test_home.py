"""The home page: every client at a glance, those first that need somebody, in few statements."""

import re
from datetime import timedelta

import pytest

from app.accounts import service as people
from app.acts.service import note
from app.clients.service import create_organisation
from app.desk import pages
from app.members import service as members
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
    assert counts[0] == counts[1] <= 9, counts


def lose(database, cast, clock):
    """Takes from Cleo what an owner gave her, and notes it as the page does."""
    place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
    with database.writing() as session:
        people.add_member(session, **place, now=clock(), role="sponsor")
        members.remove(session, cast.organisation, cast.cleo)
        note(
            session,
            "access.removed",
            organisation_id=cast.organisation,
            user_id=cast.ada,
            subject_id=cast.cleo,
            now=clock(),
        )


@pytest.mark.both
def test_who_lost_a_role_reads_so_at_home_for_thirty_days_and_strangers_learn_nothing(client, cast, database, clock):
    lose(database, cast, clock)
    sign_in(client, "Cleo")
    told = f"You no longer see {ORGANISATION}: your access ended on"
    assert told in client.get("/").text
    gone = client.get(f"/organisations/{cast.organisation}/results")
    assert gone.status_code == 404
    assert ORGANISATION not in gone.text
    sign_in(client, "Ben")
    assert "no longer see" not in client.get("/").text
    assert client.get(f"/organisations/{cast.organisation}/results").text == gone.text.replace("Cleo", "Ben")
    clock.now += timedelta(days=29, hours=23)
    sign_in(client, "Cleo")
    assert told in client.get("/").text
    clock.now += timedelta(hours=2)
    sign_in(client, "Cleo")
    assert "no longer see" not in client.get("/").text


def test_who_was_given_another_role_since_is_told_nothing(client, cast, database, clock):
    lose(database, cast, clock)
    with database.writing() as session:
        people.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    sign_in(client, "Cleo")
    assert "no longer see" not in client.get("/").text


def test_an_owner_who_takes_access_away_has_it_told(ada, cast, database, clock):
    with database.writing() as session:
        people.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    assert ada.post(f"/organisations/{cast.organisation}/access/{cast.cleo}", data={"do": "remove"}).status_code == 303
    assert "no longer see" not in ada.get("/").text
    sign_in(ada, "Cleo")
    assert "You no longer see" in ada.get("/").text
