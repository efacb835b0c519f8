"""A shared link is an entrance: the first saved page makes a link of one's own, once."""

import re

import pytest

from tests.respond.stage import Stage
from tests.robot import Robot, by_chance, forms


def begin(client, token, answers, nonce=None):
    form = forms(client.get(f"/s/{token}").text)[0]
    data = form.hidden | answers | ({"nonce": nonce} if nonce is not None else {})
    return client.post(f"/s/{token}", data=data)


def own_token(answer) -> str:
    found = re.match(r"/r/([a-z2-7]{26})/", answer.headers["location"])
    assert found is not None
    return found[1]


def test_a_robot_answers_behind_a_shared_link(stage: Stage, client):
    walk = Robot(client, by_chance(3)).answer(f"/s/{stage.shared('Operations')}")
    assert walk.thanked
    assert stage.count("answer_sheet") == 1
    assert sorted(str(kind) for kind in stage.values("SELECT kind FROM invitation")) == ["resume", "shared"]


def test_opening_a_shared_link_makes_nothing(stage, client):
    token = stage.shared()
    assert "Who sees what" in client.get(f"/s/{token}").text
    assert stage.count("invitation") == 1
    assert stage.count("draft") == 0


def test_the_first_saved_page_shows_ones_own_link_and_later_pages_do_not(stage, client):
    answer = begin(client, stage.shared(), {"E1": "1", "E2": "1"})
    assert answer.status_code == 303
    first = client.get(answer.headers["location"]).text
    assert f"http://testserver/r/{own_token(answer)}</code>" in first
    robot = Robot(client)
    second = robot.submit(forms(first)[0])
    assert "<code>" not in second.text
    assert "Later pages do not show it." in client.get(answer.headers["location"]).text
    assert forms(client.get(f"/r/{own_token(answer)}/context").text)[0].checked == {"E1": "1", "E2": "1"}


@pytest.mark.both
def test_a_double_click_makes_one_link(stage, client):
    token = stage.shared()
    form = forms(client.get(f"/s/{token}").text)[0]
    data = form.hidden | {"E1": "1", "E2": "1"}
    first, second = (client.post(f"/s/{token}", data=data) for _ in range(2))
    assert own_token(first) == own_token(second)
    assert stage.count("invitation") == 2
    assert stage.count("draft") == 1


def test_the_welcome_says_who_can_read_what_is_not_yet_sent(stage, client):
    [token] = stage.personal()
    for address in (f"/r/{token}", f"/s/{stage.shared()}"):
        page = client.get(address).text
        assert "Whoever has your link can open it, and that includes whoever sent it to you" in page


def test_two_people_behind_one_shared_link_have_two_links(stage, client):
    token = stage.shared()
    one, other = (begin(client, token, {"E1": answer, "E2": "1"}) for answer in "12")
    assert own_token(one) != own_token(other)
    assert forms(client.get(f"/r/{own_token(one)}/context").text)[0].checked["E1"] == "1"


def test_a_nonce_that_was_not_given_out_for_this_link_makes_nothing(stage, client):
    token, other = stage.shared("Legal"), stage.shared("HR")
    foreign = forms(client.get(f"/s/{other}").text)[0].hidden["nonce"]
    again = forms(client.get(f"/s/{token}").text)[0]
    for nonce in (foreign, "", "0" * 32, "0" * 32 + "-" + "0" * 16, "ä-ö"):
        answer = begin(client, token, {"E1": "2", "E2": "1"}, nonce=nonce)
        assert answer.status_code == 422
        assert "please send it once more" in answer.text
        again = forms(answer.text)[0]
        assert again.checked == {"E1": "2", "E2": "1"}
        assert again.hidden["nonce"] != nonce
    assert stage.count("invitation") == 2
    assert client.post(f"/s/{token}", data=again.hidden | again.checked).status_code == 303


def test_a_form_that_is_sent_again_after_the_answers_were_sent_says_thank_you(stage, client):
    token = stage.shared()
    form = forms(client.get(f"/s/{token}").text)[0]
    data = form.hidden | {"E1": "1", "E2": "1"}
    own = own_token(client.post(f"/s/{token}", data=data))
    assert Robot(client).answer(f"/r/{own}").thanked
    again = client.post(f"/s/{token}", data=data)
    assert again.headers["location"] == f"/r/{own}/thanks"
    assert stage.count("answer_sheet") == 1


def test_what_is_left_out_on_the_first_page_is_asked_about_with_ones_own_link(stage, client):
    answer = begin(client, stage.shared(), {"E1": "1"})
    page = client.get(answer.headers["location"]).text
    assert "One of these is not answered" in page
    assert "This is your own link" in page
