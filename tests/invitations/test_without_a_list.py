"""A wave that promised to keep no list of people: shared links only, whatever is asked for."""

from uuid import uuid4

import pytest

from app.errors import ConflictError
from app.invitations import service
from app.waves import policy
from app.waves import service as waves
from tests.cast import Cast, sign_in
from tests.respond.stage import Stage
from tests.robot import Robot
from tests.waves import stage as planning
from tests.world import KEY


@pytest.fixture
def nameless(database, cast: Cast, clock) -> Stage:
    wave = planning.planned(database, cast, clock(), form="pulse")
    chosen = policy.chosen(mode="anonymous", k=5, comments=False, retention_months=12)
    with database.writing() as session:
        waves.set_policy(session, organisation_id=cast.organisation, wave_id=wave, policy=chosen)
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
    return Stage(database, cast, wave, clock())


def page_of(nameless: Stage) -> str:
    return f"/organisations/{nameless.cast.organisation}/waves/{nameless.wave}/links"


def test_a_wave_without_a_list_makes_no_personal_links_and_takes_no_roster(nameless):
    place = {"link_key": KEY, "organisation_id": nameless.cast.organisation, "wave_id": nameless.wave}
    legal = nameless.cast.departments["Legal"]
    with nameless.database.writing() as session:
        with pytest.raises(ConflictError, match="no list of them in this wave"):
            service.make_personal_links(session, **place, department_id=legal, references=[None], now=nameless.now)
        with pytest.raises(ConflictError, match="no list of them in this wave"):
            service.make_links_of(session, **place, people=[(uuid4(), legal, "A-1")], now=nameless.now)
    assert nameless.count("invitation") == 0


def test_the_page_of_links_offers_shared_links_only(nameless, client):
    ada = sign_in(client, "Ada")
    page = ada.get(page_of(nameless)).text
    assert "Make the shared links" in page
    assert "takes no roster" in page
    assert 'name="roster"' not in page
    assert 'value="count"' not in page
    by_number = {"do": "count", "department": str(nameless.cast.departments["Legal"]), "count": "3"}
    list_of_people = {"do": "upload", "pasted": "department,reference\nLegal,A-1"}
    importing = page_of(nameless).replace("/links", "/people/import")
    for address, form in ((page_of(nameless), by_number), (importing, list_of_people)):
        answer = ada.post(address, data=form)
        assert answer.status_code == 409
        assert "no list of them in this wave" in answer.text
    assert nameless.count("invitation") == 0


def test_people_answer_by_the_shared_link_and_read_that_there_is_no_list(nameless, client):
    link = nameless.shared()
    page = client.get(f"/s/{link}").text
    assert "There is no list of people." in page
    assert "it is shown to you alone" in page
    assert "Whoever gave you a personal link" not in page
    Robot(client).answer(f"/s/{link}")
    assert nameless.values("SELECT kind FROM invitation ORDER BY kind") == ["resume", "shared"]
    assert nameless.values("SELECT reference FROM invitation") == [None, None]
    assert nameless.count("answer_sheet") == 1
