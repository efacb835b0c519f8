"""Staff answer through the pages: page by page, resumed, looked over, sent once."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.waves import service as waves
from surveys.arrange import layout
from surveys.codes import decode
from surveys.load import latest
from surveys.model import FORMS
from tests.cast import DEPARTMENTS
from tests.client import Client
from tests.conftest import SAME_ORIGIN, Clock
from tests.respond.stage import Stage, open_stage
from tests.robot import Robot, always, by_chance, forms, nothing

HTMX = {"HX-Request": "true"}


def page_keys(stage: Stage, client: TestClient, token: str) -> list[str]:
    """The keys of the pages of a link, from the overview's links."""
    text = client.get(f"/r/{token}/send").text
    return list(dict.fromkeys(re.findall(rf'href="/r/{token}/([\w-]+)"', text)))


def close(stage: Stage, clock: Clock) -> None:
    with stage.database.writing() as session:
        waves.start_closing(session, organisation_id=stage.cast.organisation, wave_id=stage.wave, now=clock())


ONE_OF_EACH = {function: name for name, _, function, _ in DEPARTMENTS}


@pytest.mark.parametrize("form", FORMS)
def test_a_robot_answers_every_form_of_every_department(database, cast, clock, client, form):
    stage = open_stage(database, cast, clock(), form=form)
    for function, department in ONE_OF_EACH.items():
        [token] = stage.personal(department)
        walk = Robot(client, by_chance(7)).answer(f"/r/{token}")
        assert walk.thanked
        columns = layout(latest("atr"), form=form, function=function)
        [codes] = stage.values(f"SELECT codes FROM answer_sheet WHERE department_id = {stage.key(department)}")
        assert decode(columns, bytes(codes)) == walk.answers
        assert set(walk.answers) == set(columns.item_ids)


@pytest.mark.both
def test_sending_stores_one_sheet_spends_the_link_deletes_the_draft_and_counts(stage, client):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    assert stage.count("answer_sheet") == 1
    assert stage.count("draft") == 0
    assert stage.values("SELECT responses FROM turnout") == [1]
    assert [bool(spent) for spent in stage.values("SELECT spent FROM invitation")] == [True]


def test_the_day_of_sending_is_the_clients_day(stage, client, clock):
    clock.now = clock.now.replace(hour=22, minute=30)  # half past midnight in Berlin
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    [day] = stage.values("SELECT day FROM answer_sheet")
    assert date.fromisoformat(str(day)) == date(2026, 10, 6)


def test_a_page_is_resumed_with_what_was_saved(stage, client):
    [token] = stage.personal()
    robot = Robot(client, always("4"))
    robot.submit(forms(robot.open(f"/r/{token}/t1").text)[0])
    again = forms(client.get(f"/r/{token}/t1").text)[0]
    assert again.checked == {name: "4" for name in again.radios}
    assert "Go on" in client.get(f"/r/{token}").text


def test_the_welcome_leads_to_where_somebody_left_off(stage, client):
    [token] = stage.personal()
    robot = Robot(client)
    page = robot.open(f"/r/{token}/context")
    robot.submit(forms(page.text)[0])
    assert f'href="/r/{token}/t1"' in client.get(f"/r/{token}").text


def test_going_back_saves_too(stage, client):
    [token] = stage.personal()
    robot = Robot(client, always("2"))
    form = forms(robot.open(f"/r/{token}/t2").text)[0]
    robot.submit(form, button=[value for _, value in form.buttons].index("back"))
    assert robot.addresses[-1].endswith(f"/r/{token}/t1")
    assert set(forms(client.get(f"/r/{token}/t2").text)[0].checked.values()) == {"2"}


def test_what_is_left_out_is_asked_about_once(stage, client):
    [token] = stage.personal()
    robot = Robot(client, nothing)
    first = robot.submit(forms(robot.open(f"/r/{token}/t1").text)[0])
    assert "4 of these are not answered" in first.text
    assert first.text.count("Not answered yet") == 4
    second = robot.submit(forms(first.text)[0])
    assert robot.addresses[-1].endswith(f"/r/{token}/t2")
    assert "not answered" not in second.text


def test_nothing_is_forced_and_one_answer_is_enough(stage, client):
    [token] = stage.personal()
    robot = Robot(client, lambda name, values: "3" if name == "T1a" else None)
    walk = robot.answer(f"/r/{token}")
    assert walk.thanked
    [codes] = stage.values("SELECT codes FROM answer_sheet")
    assert bytes(codes).count(b"S") == len(bytes(codes)) - 1


def test_no_answer_at_all_is_not_sent(stage, client):
    [token] = stage.personal()
    answer = client.post(f"/r/{token}/send")
    assert answer.status_code == 422
    assert "You have not answered anything yet" in answer.text
    assert stage.count("answer_sheet") == 0


def test_an_old_tab_takes_no_answer_away(stage, client):
    [token] = stage.personal()
    client.post(f"/r/{token}/t1", data={"T1a": "1", "T1b": "2"})
    client.post(f"/r/{token}/t1", data={"T1b": "5"})
    assert forms(client.get(f"/r/{token}/t1").text)[0].checked == {"T1a": "1", "T1b": "5"}


def test_a_page_can_be_cleared(stage, client):
    [token] = stage.personal()
    client.post(f"/r/{token}/t1", data={"T1a": "1", "T1b": "2"})
    client.post(f"/r/{token}/t2", data={"T2b": "1"})
    client.post(f"/r/{token}/t1", data={"T1a": "1", "go": "clear"})
    assert forms(client.get(f"/r/{token}/t1").text)[0].checked == {}
    assert forms(client.get(f"/r/{token}/t2").text)[0].checked == {"T2b": "1"}


def test_an_answer_that_was_not_offered_is_refused_and_the_others_are_kept(stage, client):
    [token] = stage.personal()
    for value in ("6", "0", "dk", "not_asked", "skip", "ä", "11"):
        answer = client.post(f"/r/{token}/t1", data={"T1a": value, "T1b": "2"})
        assert answer.status_code == 422
        assert "This is not one of the answers" in answer.text
        assert forms(answer.text)[0].checked == {"T1b": "2"}


def test_fields_of_other_pages_are_not_read(stage, client):
    [token] = stage.personal()
    client.post(f"/r/{token}/t1", data={"T1a": "1", "T2b": "5", "E2": "3", "nonsense": "x"})
    assert forms(client.get(f"/r/{token}/t2").text)[0].checked == {}


@pytest.mark.both
def test_a_second_click_changes_nothing_and_says_thank_you_again(stage, client):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    again = client.post(f"/r/{token}/send")
    assert again.status_code == 303
    assert again.headers["location"] == f"/r/{token}/thanks"
    assert "Your answers were sent." in client.get(f"/r/{token}/thanks").text
    assert stage.count("answer_sheet") == 1
    assert stage.values("SELECT responses FROM turnout") == [1]


def test_after_sending_every_address_of_the_link_says_thank_you(stage, client):
    [token] = stage.personal()
    keys = page_keys(stage, client, token)
    assert len(keys) == 15
    Robot(client).answer(f"/r/{token}")
    for path in ["", "/send", *(f"/{key}" for key in keys)]:
        page = client.get(f"/r/{token}{path}", follow_redirects=True)
        assert page.status_code == 200
        assert "Your answers were sent." in page.text


def test_a_page_sent_from_another_tab_after_sending_is_not_added_and_says_so(stage, client):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    before = stage.values("SELECT codes FROM answer_sheet")
    late = client.post(f"/r/{token}/t1", data={"T1a": "1"}, follow_redirects=True)
    assert "it was not added" in late.text
    htmx = client.post(f"/r/{token}/t1", data={"T1a": "1"}, headers=HTMX)
    assert htmx.headers["HX-Redirect"] == f"/r/{token}/thanks?late=1"
    assert stage.values("SELECT codes FROM answer_sheet") == before
    assert stage.count("draft") == 0


def test_htmx_gets_the_next_pages_part_and_its_address(stage, client):
    [token] = stage.personal()
    answers = {f"T1{letter}": "3" for letter in "abcd"}
    part = client.post(f"/r/{token}/t1", data=answers, headers=HTMX)
    assert part.status_code == 200
    assert part.headers["HX-Push-Url"] == f"/r/{token}/t2"
    assert part.text.lstrip().startswith('<main id="page"')
    assert "Saved" in part.text
    whole = client.get(f"/r/{token}/t2", headers=HTMX).text
    assert whole.lstrip().startswith("<!doctype html>")
    assert part.text.strip() in whole


def test_htmx_gets_the_overview_after_the_last_page(stage, client):
    [token] = stage.personal()
    client.post(f"/r/{token}/module", data={"LEG1": "3"})
    part = client.post(f"/r/{token}/module", data={}, headers=HTMX)
    assert part.headers["HX-Push-Url"] == f"/r/{token}/send"
    assert "Send my answers" in part.text


def test_saved_is_said_only_when_something_is_saved(stage, client):
    [token] = stage.personal()
    assert 'class="saved" hidden' in client.get(f"/r/{token}/context").text
    client.post(f"/r/{token}/context", data={"E1": "1"})
    assert 'class="saved">' in client.get(f"/r/{token}/t1").text


def test_progress_is_a_plain_sentence(stage, client):
    [token] = stage.personal()
    assert "1 of 15 · about 7 minutes left" in client.get(f"/r/{token}/context").text
    assert "15 of 15 · about a minute left" in client.get(f"/r/{token}/module").text


def test_every_answer_is_labelled_and_what_is_no_answer_stands_apart(stage, client):
    [token] = stage.personal()
    page = client.get(f"/r/{token}/t1").text
    for label in ("Not at all true", "Slightly true", "Partly true", "Mostly true", "Completely true"):
        assert page.count(f"<span>{label}</span>") == 4
    assert page.count('<div class="apart">') == 4
    assert page.count("No experience with agents yet") == 4
    assert page.count("<fieldset") == page.count("<legend>") == 4
    assert '<div class="apart">' not in client.get(f"/r/{token}/t3").text


def test_the_order_of_items_follows_from_the_link_and_stays(stage, client):
    def order(token: str) -> list[str]:
        return list(forms(client.get(f"/r/{token}/t1").text)[0].radios)

    tokens = stage.personal(count=8)
    assert len({tuple(order(token)) for token in tokens}) > 1
    assert order(tokens[0]) == order(tokens[0]) == order(tokens[0].upper())


def test_an_address_that_takes_no_such_request_says_so(stage, client):
    [token] = stage.personal()
    assert client.put(f"/r/{token}/t1").status_code == 405


def test_the_promise_says_what_the_wave_froze(stage, client):
    [token], [many] = stage.personal("Legal"), stage.personal("Operations")
    page = client.get(f"/r/{token}").text
    assert "at least 5 people" in page
    assert "needs at least 10" in page
    assert "within about 20 points of 100" in page
    assert "within about 20 points of 100" not in client.get(f"/r/{many}").text
    assert "Answers are deleted 12 months after the survey closes." in page
    assert "Whoever gave you a personal link" in page
    assert "Comments are read" not in page


def test_before_sending_the_page_says_that_answers_cannot_be_taken_back(stage, client):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}", send=False)
    before, button, _ = client.get(f"/r/{token}/send").text.partition("Send my answers")
    assert "can’t be taken back or changed" in before
    assert "nobody can find them" in before
    assert button
    thanks = client.post(f"/r/{token}/send", follow_redirects=True).text
    assert "Your answers can’t be taken back" in thanks
    assert "A result needs answers from at least 5 people." in thanks


def test_the_thanks_name_the_day_of_deletion_once_the_wave_has_closed(stage, client, clock):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    close(stage, clock)
    assert f"Answers are deleted on 5 October {clock().year + 1}." in client.get(f"/r/{token}/thanks").text


def test_a_closed_wave_takes_no_answers(stage, client, clock):
    [token] = stage.personal()
    client.post(f"/r/{token}/t1", data={"T1a": "1"})
    close(stage, clock)
    for answer in (
        client.get(f"/r/{token}"),
        client.get(f"/r/{token}/t1"),
        client.post(f"/r/{token}/t1", data={"T1a": "2"}),
        client.post(f"/r/{token}/send"),
    ):
        assert answer.status_code == 410
        assert "This survey has closed" in answer.text
    assert stage.count("answer_sheet") == 0


@pytest.mark.both
def test_what_arrives_in_the_moment_of_closing_is_not_kept(stage, client):
    [begun, token], shared = stage.personal(count=2), stage.shared()
    client.post(f"/r/{begun}/t1", data={"T1a": "4"})
    first = forms(client.get(f"/s/{shared}").text)[0].hidden | {"E1": "1"}
    requests = [(f"/r/{token}/t1", {"T1a": "4"}), (f"/s/{shared}", first), (f"/r/{begun}/send", {})]
    with ThreadPoolExecutor(len(requests)) as pool:
        with stage.database.writing() as session:
            waves.start_closing(session, organisation_id=stage.cast.organisation, wave_id=stage.wave, now=stage.now)
            sent = [pool.submit(client.post, path, data=data) for path, data in requests]
            assert wait(sent, timeout=0.7).done == set()
        answers = [one.result(timeout=30) for one in sent]
    assert [answer.status_code for answer in answers] == [410] * 3
    assert all("This survey has closed" in answer.text for answer in answers)
    assert stage.values("SELECT kind FROM invitation ORDER BY kind") == ["personal", "personal", "shared"]
    assert (stage.count("draft"), stage.count("answer_sheet")) == (1, 0)


def test_a_link_that_was_used_says_thank_you_after_the_wave_has_closed(stage, client, clock):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    close(stage, clock)
    assert "Your answers were sent." in client.get(f"/r/{token}", follow_redirects=True).text


def test_an_unknown_link_says_so_kindly(client):
    for path in ("/r/{}", "/r/{}/t1", "/r/{}/send", "/r/{}/thanks", "/s/{}"):
        for token in ("a" * 26, "x", "%00", "a" * 500, "ä" * 26):
            answer = client.get(path.format(token))
            assert answer.status_code == 404
            assert "This link leads nowhere" in answer.text
            assert "Sign in" not in answer.text


def test_an_unknown_page_of_a_known_link_is_not_found(stage, client):
    [token] = stage.personal()
    answer = client.get(f"/r/{token}/t99")
    assert answer.status_code == 404
    assert "what you saved is safe" in answer.text


def test_a_personal_link_is_no_shared_link_and_the_other_way_round(stage, client):
    [token] = stage.personal()
    assert client.get(f"/s/{token}").status_code == 404
    assert client.get(f"/r/{stage.shared()}").status_code == 404


@pytest.mark.both
def test_a_link_that_is_passed_on_or_opened_on_another_device_gives_one_sheet(
    stage: Stage, client: TestClient, application: FastAPI, portal: BlockingPortal
) -> None:
    """Two browsers with one personal link: the second goes on where the first is, and one of them sends."""
    [token] = stage.personal()
    other = Client(application, portal, headers=SAME_ORIGIN)
    client.post(f"/r/{token}/t1", data={"T1a": "4"})
    assert "Go on" in other.get(f"/r/{token}").text
    assert forms(other.get(f"/r/{token}/t1").text)[0].checked == {"T1a": "4"}
    other.post(f"/r/{token}/t1", data={"T1b": "2"})
    assert forms(client.get(f"/r/{token}/t1").text)[0].checked == {"T1a": "4", "T1b": "2"}
    assert Robot(other, always("3")).answer(f"/r/{token}").thanked
    [codes] = stage.values("SELECT codes FROM answer_sheet")
    late = client.post(f"/r/{token}/t1", data={"T1a": "1"}, follow_redirects=True)
    assert "it was not added" in late.text
    for browser in (client, other):
        assert browser.post(f"/r/{token}/send", data={"receipt": "yes"}).headers["location"].endswith("/thanks")
        assert Robot(browser, always("5")).answer(f"/r/{token}").thanked
    assert stage.values("SELECT codes FROM answer_sheet") == [codes]
    assert stage.values("SELECT responses FROM turnout") == [1]
