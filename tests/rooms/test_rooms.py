"""People of a workshop join with a code; the number on the projector is the organisation's, and the room ends."""

import re

import pytest
from starlette.testclient import TestClient

from app.rooms import guesses
from app.waves import running
from tests.cast import sign_in
from tests.conftest import Clock
from tests.posters import decoder
from tests.respond.stage import Stage
from tests.robot import Robot


@pytest.fixture
def here(stage: Stage) -> str:
    return f"/organisations/{stage.cast.organisation}/waves/{stage.wave}/room"


@pytest.fixture
def ada(client: TestClient, stage: Stage) -> TestClient:
    return sign_in(client, "Ada")


def opened(ada: TestClient, stage: Stage, here: str, *names: str, hours: str = "2") -> str:
    """Opens a room and gives its code, as the projector shows it."""
    chosen = {f"department-{stage.cast.departments[name]}": "yes" for name in names}
    assert ada.post(here, data={"do": "open", "hours": hours, **chosen}).status_code == 303
    page = ada.get(here).text
    [code] = re.findall(r"<strong>([A-Z2-9]{6})</strong>", page)
    assert decoder.on_screen(page) == [f"http://testserver/join/{code}"]
    return str(code)


def joined(client: TestClient, code: str, department: object) -> str:
    found = client.post("/join", data={"code": f" {code[:3].lower()}-{code[3:]} "})
    assert found.headers["location"] == f"/join/{code}"
    page = client.get(found.headers["location"]).text
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', page)
    told = {"department": str(department), "nonce": nonce}
    first, again = (client.post(f"/join/{code}", data=told).headers["location"] for _ in range(2))
    assert first == again, "a double tap"
    return str(first)


@pytest.mark.both
def test_people_join_choose_their_department_and_are_counted_with_the_whole_organisation(ada, stage, here):
    Robot(ada).answer(f"/r/{stage.personal('Operations')[0]}")
    code = opened(ada, stage, here, "Legal", "HR")
    assert ada.get(f"{here}/count").text == "0", "counted from the opening on"
    page = ada.get(f"/join/{code}").text
    assert ("Legal" in page, "HR" in page, "Operations" in page) == (True, True, False)
    own = joined(ada, code, stage.cast.departments["Legal"])
    assert "Nobody is shown your answers." in ada.get(own).text
    assert ada.get(f"{here}/count").text == "0", "joining is not answering"
    assert Robot(ada).answer(own).thanked
    Robot(ada).answer(f"/r/{stage.personal('Operations')[0]}")
    count = ada.get(f"{here}/count")
    assert (count.text, count.headers["cache-control"]) == ("2", "no-store")
    assert stage.count("answer_sheet") == 3
    assert set(stage.values("SELECT kind FROM invitation")) == {"personal", "resume"}
    assert code not in str(stage.values("SELECT code_mark FROM room"))
    assert ada.post(f"/join/{code}", data={"department": "", "nonce": "x"}).status_code == 422
    elsewhere = {"department": str(stage.cast.departments["Operations"]), "nonce": "x"}
    assert ada.post(f"/join/{code}", data=elsewhere).status_code == 404


@pytest.mark.both
def test_a_room_ends_by_the_clock_and_by_a_click(ada, stage, here, clock: Clock):
    first = opened(ada, stage, here, "Legal", hours="1")
    own = joined(ada, first, stage.cast.departments["Legal"])
    clock.advance(minutes=61)
    assert ada.get(f"/join/{first}").status_code == 404
    assert ada.get(f"{here}/count").status_code == 409
    assert "Open a room for a workshop" in ada.get(here).text
    assert ada.get(own).status_code == 200, "whoever has joined goes on"
    second = opened(ada, stage, here, "HR")
    assert second != first
    assert ada.post(here, data={"do": "close"}).status_code == 303
    assert ada.get(f"/join/{second}").status_code == 404


@pytest.mark.both
def test_two_workshops_at_once_share_a_room_and_neither_loses_its_code(ada, stage, here, clock: Clock):
    code = opened(ada, stage, here, "Legal", hours="1")
    own = joined(ada, code, stage.cast.departments["Legal"])
    Robot(ada).answer(own)
    assert opened(ada, stage, here, "HR", hours="2") == code, "a form that was open before the first one opened"
    page = ada.get(f"/join/{code}").text
    assert ("Legal" in page, "HR" in page, "Operations" in page) == (True, True, False)
    assert ada.get(f"{here}/count").text == "1", "counted from the first one on"
    clock.advance(minutes=90)
    assert ada.get(f"/join/{code}").status_code == 200
    assert opened(ada, stage, here, hours="1") == code, "no other department, more time"
    clock.advance(minutes=40)
    assert ada.get(f"/join/{code}").status_code == 200
    clock.advance(minutes=21)
    assert ada.get(f"/join/{code}").status_code == 404


def test_the_language_can_be_chosen_on_the_way_in_and_goes_along(ada, stage, here):
    code = opened(ada, stage, here, "Legal")
    assert '<html lang="ar" dir="rtl">' in ada.get("/join?language=ar").text
    assert '<html lang="ar" dir="rtl">' in ada.post("/join", data={"code": "none", "language": "ar"}).text
    found = ada.post("/join", data={"code": code, "language": "ar"}).headers["location"]
    assert found == f"/join/{code}?language=ar"
    page = ada.get(found).text
    assert '<html lang="ar" dir="rtl">' in page
    assert 'value="de" lang="de"' in page
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', page)
    told = {"department": str(stage.cast.departments["Legal"]), "nonce": nonce, "language": "ar"}
    wrong = ada.post(f"/join/{code}", data=told | {"department": ""})
    assert (wrong.status_code, '<html lang="ar"' in wrong.text) == (422, True)
    own, again = (ada.post(f"/join/{code}", data=told).headers["location"] for _ in range(2))
    assert own == again
    assert '<html lang="ar" dir="rtl">' in ada.get(own).text


@pytest.mark.both
def test_what_cannot_be_opened_is_said(ada, stage, here):
    legal = {f"department-{stage.cast.departments['Legal']}": "yes"}
    none = ada.post(here, data={"do": "open", "hours": "4"}).text
    assert "Choose at least one department." in none
    assert '<option value="4" selected>' in none, "what was chosen stays"
    for_ever = ada.post(here, data={"do": "open", "hours": "99", **legal})
    assert for_ever.status_code == 422
    assert f'name="{next(iter(legal))}" value="yes" checked' in for_ever.text
    assert ada.post(here, data={"do": "open", "hours": "2", "department-x": "yes"}).status_code == 422
    assert ada.post(here, data={"do": "dance"}).status_code == 422


@pytest.mark.both
def test_codes_cannot_be_guessed_in_a_row_and_the_answer_is_in_the_readers_language(ada, stage, here, clock: Clock):
    code = opened(ada, stage, here, "Legal")
    german = {"Accept-Language": "de"}
    for number in range(guesses.FROM_ONE):
        assert ada.get(f"/join/AAAA{number:02d}", headers=german).status_code == 404
    blocked = ada.get(f"/join/{code}", headers=german)
    assert blocked.status_code == 429
    assert "Warten Sie zehn Minuten" in blocked.text
    clock.advance(minutes=11)
    page = ada.get(f"/join/{code}", headers=german)
    assert "In welcher Abteilung sind Sie?" in page.text
    wrong = ada.post("/join", data={"code": "nothing"}, headers=german)
    assert (wrong.status_code, "Mit diesem Code ist kein Raum offen" in wrong.text) == (422, True)


@pytest.mark.both
def test_a_right_code_while_the_wave_is_paused_is_no_guess_and_says_so(ada, stage, here, clock: Clock):
    code = opened(ada, stage, here, "Legal")
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
    with stage.database.writing() as session:
        running.pause(session, **place, until=None, now=clock())
    answers = [ada.post("/join", data={"code": code}) for _ in range(guesses.FROM_ONE + 1)]
    told = answers[-1]
    assert (told.status_code, "Your code is right; try it again later." in told.text) == (422, True)
    assert ada.get(f"/join/{code}").status_code == 409
    with stage.database.writing() as session:
        running.resume(session, **place)
    assert ada.get(f"/join/{code}").status_code == 200
