"""Fair to people: whom to ask, whose department it is, the own answers once, and an end that is announced."""

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.db import Database
from app.mail.tokens import stop_token
from app.main import routes_of
from app.waves import ending
from app.worker import Worker
from surveys.languages import LANGUAGES
from tests.cast import Cast
from tests.comments import stage as comments
from tests.conftest import Clock
from tests.respond.stage import Stage, room_of
from tests.respond.test_kiosk import kiosk_of
from tests.robot import Robot, always, forms
from tests.world import KEY

if TYPE_CHECKING:
    from starlette.testclient import TestClient

CONTACT = "Mia Example, room 204"
RESULTS = "In the meetings of the departments, in January"


def tell(stage: Stage, *, contact: str = CONTACT, results: str = RESULTS) -> None:
    with stage.database.writing() as session:
        place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
        ending.tell(session, **place, contact=contact, results=results)


def end(stage: Stage, clock: Clock, grace: int) -> None:
    with stage.database.writing() as session:
        place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
        ending.end(session, **place, grace=grace, now=clock())


def test_the_first_page_says_who_asks_whom_to_ask_and_who_sees_what(stage: Stage, client: "TestClient") -> None:
    [token] = stage.personal()
    for address in (f"/r/{token}", f"/s/{stage.shared()}"):
        page = client.get(address).text
        assert "Fernhill Instruments (fictional) asks the people of Legal" in page
        assert "Questions? Ask whoever gave you the link." in page
        assert "Not your manager, not Fernhill Instruments (fictional)" in page
    tell(stage)
    for address in (f"/r/{token}", f"/s/{stage.shared()}"):
        assert f"Questions? Ask {CONTACT}." in client.get(address).text


def test_the_thanks_say_when_and_where_the_results_are_shared(stage: Stage, client: "TestClient") -> None:
    [token] = stage.personal()
    assert "has not said yet when and where" in Robot(client, always("4")).answer(f"/r/{token}").text
    tell(stage)
    assert RESULTS in client.get(f"/r/{token}/thanks").text


@pytest.mark.both
def test_whoever_asks_for_it_sees_their_own_answers_once(stage: Stage, client: "TestClient") -> None:
    [token] = stage.personal()
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    shown = client.post(f"/r/{token}/send", data={"receipt": "yes"})
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert "These answers were sent." in shown.text
    assert shown.text.count("Mostly true") > 30
    assert "Nobody is shown your answers." in shown.text
    assert stage.count("draft") == 0
    again = client.post(f"/r/{token}/send", data={"receipt": "yes"})
    assert again.headers["location"] == f"/r/{token}/thanks"
    assert "Mostly true" not in client.get(f"/r/{token}/thanks").text
    assert stage.count("answer_sheet") == 1


def test_the_own_answers_can_be_read_in_another_language_and_nothing_of_them_is_kept(
    stage: Stage, client: "TestClient", clock: Clock
) -> None:
    token, other = stage.personal(count=2)
    walk = Robot(client, always("4")).answer(f"/r/{token}", send=False)
    shown = client.post(f"/r/{token}/send", data={"receipt": "yes"}).text
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    assert kept == walk.answers | {"day": "2026-10-05"}
    clock.advance(days=1)
    german = client.post(f"/r/{token}/receipt", data=kept | {"switch": "de"})
    assert german.headers["Cache-Control"] == "no-store"
    assert '<html lang="de"' in german.text
    assert german.text.count("Trifft überwiegend zu") == shown.count("Mostly true")
    assert "5. Oktober 2026" in german.text, "the day of the sending"
    assert dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', german.text)) == kept
    assert (stage.count("draft"), stage.count("answer_sheet")) == (0, 1)
    made_up = {"T1a": "9", "nothing": "1", "day": "tomorrow", "switch": "xx"}
    strange = client.post(f"/r/{token}/receipt", data=made_up)
    assert (strange.status_code, "6 October 2026" in strange.text, "Mostly true" in strange.text) == (200, True, False)
    assert client.post(f"/r/{other}/receipt", data=kept).headers["location"] == f"/r/{other}"


def test_whoever_does_not_ask_for_it_sees_the_thanks_only(stage: Stage, client: "TestClient") -> None:
    [token] = stage.personal()
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    assert client.post(f"/r/{token}/send").status_code == 303


def test_a_personal_link_of_another_department_tells_whom_to_ask_and_uses_nothing_up(
    stage: Stage, client: "TestClient"
) -> None:
    [token] = stage.personal()
    assert f'href="/r/{token}/department"' in client.get(f"/r/{token}").text
    page = client.get(f"/r/{token}/department").text
    assert "Ask whoever gave you the link for one of your own department." in page
    assert stage.count("draft") == 0
    client.post(f"/r/{token}/t1", data={"T1a": "4"})
    assert "This is not my department" not in client.get(f"/r/{token}").text


@pytest.mark.both
def test_behind_a_shared_link_another_department_can_be_chosen(stage: Stage, client: "TestClient") -> None:
    legal, hr = stage.shared("Legal"), stage.shared("HR")
    assert f'href="/s/{legal}/department"' in client.get(f"/s/{legal}").text
    page = client.get(f"/s/{legal}/department").text
    assert re.findall(r'href="(/s/[a-z2-7]{26})\?[^"]*">([^<]*)', page) == [
        (f"/s/{hr}", "HR"),
        (f"/s/{legal}", "It is my department after all"),
    ]
    assert "people of HR" in client.get(f"/s/{hr}").text
    assert stage.count("invitation") == 2


def test_an_announced_end_stands_on_every_page_and_closes_the_wave_by_itself(
    stage: Stage, client: "TestClient", clock: Clock
) -> None:
    finished, begun = stage.personal(count=2)
    client.post(f"/r/{begun}/t1", data={"T1a": "4"})
    Robot(client, always("4")).answer(f"/r/{finished}", send=False)
    end(stage, clock, 60)
    said = "This survey closes on 5 October 2026 at 11:00."
    for address in (f"/r/{begun}", f"/r/{begun}/t2", f"/r/{begun}/send", f"/s/{stage.shared()}"):
        assert said in client.get(address).text
    part = client.post(f"/r/{begun}/t2", data={"T2b": "4", "go": "back"}, headers={"HX-Request": "true"})
    assert said in part.text
    worker = Worker(stage.database, clock=clock)
    assert not worker.work_once()
    clock.advance(minutes=59)
    assert client.post(f"/r/{finished}/send").status_code == 303
    clock.advance(minutes=1)
    while worker.work_once():
        pass
    assert stage.count("draft") == 0
    late = client.post(f"/r/{begun}/t2", data={"T2b": "4"})
    assert late.status_code == 410
    assert "deleted without anybody having read them" in late.text
    assert stage.count("answer_sheet") == 1


@pytest.mark.parametrize("grace", [0, 60])
def test_a_wave_can_still_be_closed_at_once(stage: Stage, client: "TestClient", clock: Clock, grace: int) -> None:
    [token] = stage.personal()
    end(stage, clock, grace)
    end(stage, clock, 0)
    assert client.get(f"/r/{token}").status_code == 410
    clock.advance(hours=2)
    worker = Worker(stage.database, clock=clock)
    while worker.work_once():
        pass
    assert stage.values("SELECT state FROM wave") == ["closed"]


def offered_on(page: str) -> set[str]:
    """The languages that the buttons of a page offer."""
    return set(re.findall(r'<button class="quiet" name="(?:switch|language)" value="(\w\w)"[^>]* lang="\1"', page))


def test_the_language_can_be_changed_on_every_page(
    database: Database, cast: Cast, clock: Clock, client: "TestClient", application: FastAPI
) -> None:
    """Every page of the survey that has an address, and each as it is when it refuses."""
    stage = comments.open_stage(database, cast, clock())
    token, spent = stage.personal(count=2)
    assert Robot(client, always("4")).answer(f"/r/{spent}").thanked
    shared, own = f"/s/{stage.shared()}", f"/r/{token}"
    pages = {
        "respond:shared": shared,
        "respond:choose": f"{shared}/department",
        "respond:start": own,
        "respond:page": f"{own}/context",
        "respond:comments": f"{own}/comments",
        "respond:send": f"{own}/send",
        "respond:elsewhere": f"{own}/department",
        "respond:thanks": f"/r/{spent}/thanks",
        "kiosk:start": kiosk_of(stage),
        "join:ask": "/join",
        "join:room": f"/join/{room_of(stage)}",
        "respond:stop": f"/stop/{stop_token(KEY, uuid4())}",
        "respond:again": "/again",
        "respond:accessibility": "/accessibility",
    }
    routes = [one for one in routes_of(application) if one.endpoint.__module__.startswith("app.respond.")]
    assert {one.name for one in routes if "GET" in (one.methods or ())} == set(pages)
    for name, address in pages.items():
        answer = client.get(address)
        assert (answer.status_code, offered_on(answer.text)) == (200, set(LANGUAGES) - {"en"}), name
    for address in ("/r/nowhere", "/s/nowhere", "/k/nowhere", "/join/AAAAAA", "/stop/nowhere", f"{own}/nowhere"):
        refused = client.get(address)
        assert (refused.status_code, offered_on(refused.text)) == (404, set(LANGUAGES) - {"en"}), address
        assert '<html lang="de"' in client.get(f"{address}?language=de").text, address
    answer = client.post(f"/r/{token}/language", data={"switch": "de", "page": "send"})
    assert answer.headers["location"] == f"/r/{token}/send"
    assert '<html lang="de"' in client.get(f"/r/{token}/send").text


def test_the_language_can_be_changed_on_pages_that_answer_a_form(stage: Stage, client: "TestClient") -> None:
    person = uuid4()
    stopped = client.post(f"/stop/{stop_token(KEY, person)}", data={"List-Unsubscribe": "One-Click"}).text
    assert re.search(r'<form class="languages" action="/stop/[^"]+" method="post">', stopped)
    assert (
        "Sie bekommen keine Mails mehr" in client.post(f"/stop/{stop_token(KEY, person)}", data={"language": "de"}).text
    )
    kiosk = kiosk_of(stage)
    walk = Robot(client, always("4")).answer(kiosk)
    assert 'name="language" value="de" lang="de"' in walk.text.replace('class="quiet" ', "")
    thanks = client.get(walk.addresses[-1] + "?language=de").text
    assert '<html lang="de"' in thanks
    assert f'data-home="{kiosk}"' in thanks


def test_another_language_behind_a_shared_link_keeps_what_was_chosen(stage: Stage, client: "TestClient") -> None:
    shared = stage.shared()
    form = forms(client.get(f"/s/{shared}").text)[0]
    page = client.post(f"/s/{shared}", data=form.hidden | {"E1": "2", "switch": "ar"})
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.text
    assert forms(page.text)[0].checked == {"E1": "2"}
    assert stage.count("invitation") == 1
