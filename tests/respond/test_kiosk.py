"""A shared device: each person begins anew, and whoever comes next finds nothing of theirs."""

import re
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.invitations import service
from app.invitations.tokens import kiosk_id
from app.waves import running
from tests.cast import sign_in
from tests.respond.stage import Stage
from tests.robot import Robot
from tests.world import KEY


def kiosk_of(stage: Stage, department: str = "Legal") -> str:
    """The path of a department's link for a shared device."""
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
    department_id: UUID = stage.cast.departments[department]
    with stage.database.writing() as session:
        service.make_kiosk_link(session, link_key=KEY, **place, department_id=department_id, now=stage.now)
    return f"/k/{stage.tokens()[kiosk_id(stage.wave, department_id)]}"


def begun(client: TestClient, kiosk: str) -> str:
    """Presses the button and gives the path of the first page."""
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', client.get(kiosk).text)
    answer = client.post(kiosk, data={"nonce": nonce, "language": "en"})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_two_people_answer_one_after_the_other_and_neither_finds_the_other(client: TestClient, stage: Stage) -> None:
    kiosk = kiosk_of(stage)
    page = client.get(kiosk)
    assert "This device is shared." in page.text
    assert "go on later with your link" not in page.text
    walks = [Robot(client).answer(kiosk) for _ in range(2)]
    for walk in walks:
        assert walk.thanked
        assert f'data-home="{kiosk}"' in walk.text
    assert stage.count("answer_sheet") == 2
    assert stage.count("draft") == 0
    own = [next(one for one in walk.addresses if "/r/" in one) for walk in walks]
    assert own[0] != own[1]
    for address in own:
        again = client.get(address)
        assert again.status_code == 303
        assert again.headers["location"].endswith("/thanks")
    assert client.get(own[0]).headers["location"] != client.get(own[1]).headers["location"]


@pytest.mark.both
def test_whoever_leaves_takes_everything_along(client: TestClient, stage: Stage) -> None:
    kiosk = kiosk_of(stage)
    first = begun(client, kiosk)
    shown = client.get(first)
    assert shown.headers["cache-control"] == "no-store"
    assert "Delete my answers and leave" in shown.text
    assert "Keep it, and you can go on later" not in shown.text
    item = re.findall(r'type="radio" name="([^"]+)"', shown.text)[0]
    assert client.post(first, data={item: "3", "go": "next"}).status_code == 303
    [leave] = re.findall(r'action="(/k/[a-z2-7]{26}/leave)"', shown.text)
    assert client.get(leave).status_code in (404, 405), "looking changes nothing"
    gone = client.post(leave)
    assert (gone.status_code, gone.headers["location"]) == (303, kiosk)
    assert stage.count("draft") == 0
    assert stage.values("SELECT kind FROM invitation") == ["kiosk"]
    assert client.get(first).status_code == 404
    assert client.post(first, data={item: "3", "go": "next"}).status_code == 404
    assert client.post(leave).status_code == 404


@pytest.mark.both
def test_whoever_leaves_while_the_survey_is_paused_takes_everything_along_too(client: TestClient, stage: Stage) -> None:
    kiosk = kiosk_of(stage)
    first = begun(client, kiosk)
    item = re.findall(r'type="radio" name="([^"]+)"', client.get(first).text)[0]
    assert client.post(first, data={item: "3", "go": "next"}).status_code == 303
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
    with stage.database.writing() as session:
        running.pause(session, **place, until=None, now=stage.now)
    assert client.get(first).status_code == 409
    gone = client.post(f"/k/{first.split('/')[2]}/leave")
    assert (gone.status_code, gone.headers["location"]) == (303, kiosk)
    assert stage.count("draft") == 0
    with stage.database.writing() as session:
        running.resume(session, **place)
    assert client.get(first).status_code == 404, "the next person finds nothing of theirs"


@pytest.mark.both
def test_pressing_twice_begins_once_and_nobody_is_led_into_what_another_has_begun(
    client: TestClient, stage: Stage
) -> None:
    kiosk = kiosk_of(stage)
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', client.get(kiosk).text)
    told = {"nonce": nonce, "language": "de"}
    first, second = (client.post(kiosk, data=told).headers["location"] for _ in range(2))
    assert first == second
    page = client.get(first).text
    assert '<html lang="de"' in page
    item = re.findall(r'type="radio" name="([^"]+)"', page)[0]
    client.post(first, data={item: "3", "go": "next"})
    assert client.post(kiosk, data=told).headers["location"] != first, "an old page that a browser kept"
    assert client.post(kiosk, data={"nonce": "made-up"}).status_code == 409


def test_htmx_leaves_no_way_back_in_the_browser(client: TestClient, stage: Stage) -> None:
    first = begun(client, kiosk_of(stage))
    item = re.findall(r'type="radio" name="([^"]+)"', client.get(first).text)[0]
    part = client.post(first, data={item: "3", "go": "next"}, headers={"HX-Request": "true"})
    assert part.headers["hx-replace-url"].startswith("/r/")
    assert "hx-push-url" not in part.headers


@pytest.mark.both
def test_consultants_make_and_take_back_the_link_of_a_device(client: TestClient, stage: Stage) -> None:
    sign_in(client, "Ada")
    here = f"/organisations/{stage.cast.organisation}/waves/{stage.wave}/links"
    made = {"do": "kiosk", "department": str(stage.cast.departments["Legal"])}
    for _ in range(2):
        assert client.post(here, data=made).status_code == 303
    page = client.get(here).text
    [kiosk] = set(re.findall(r"http://testserver(/k/[a-z2-7]{26})", page))
    first = begun(client, kiosk)
    assert first not in client.get(here).text
    assert kiosk in client.get(f"{here}.csv").text
    told = {"do": "revoke", "invitation": str(kiosk_id(stage.wave, stage.cast.departments["Legal"]))}
    assert client.post(here, data=told).status_code == 303
    assert client.get(kiosk).status_code == 410
    assert client.get(first).status_code == 200, "whoever has begun may send"
    assert client.get(kiosk.replace("/k/", "/s/")).status_code == 404
    assert client.get(kiosk.replace("/k/", "/r/")).status_code == 404
