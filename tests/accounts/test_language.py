"""Consultants read the console in English or German: as the browser asks, or as they chose."""

import pytest

from tests.cast import sign_in

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}


def language_of(text: str) -> str:
    return text.split('<html lang="')[1].split('"')[0]


def test_before_signing_in_the_browser_says_which_language(client):
    assert language_of(client.get("/sign-in").text) == "en"
    assert language_of(client.get("/sign-in", headers=GERMAN).text) == "de"
    assert language_of(client.get("/sign-in", headers={"Accept-Language": "fr"}).text) == "en"


@pytest.mark.both
def test_a_user_may_choose_another_language_than_the_browsers(client, cast):
    sign_in(client, "Ada")
    assert language_of(client.get("/account", headers=GERMAN).text) == "de"
    assert client.post("/account/language", data={"language": "en"}).status_code == 303
    assert language_of(client.get("/account", headers=GERMAN).text) == "en"
    client.post("/account/language", data={"language": "de"})
    page = client.get("/account").text
    assert language_of(page) == "de"
    assert 'value="de" checked' in page
    assert language_of(client.get(f"/organisations/{cast.other}").text) == "de", "on pages that are refused too"
    client.post("/account/language", data={"language": ""})
    assert language_of(client.get("/account").text) == "en"


@pytest.mark.parametrize("wrong", ["fr", "xx", "DE", "de,en"])
def test_a_language_that_the_console_does_not_speak_is_refused(client, cast, wrong):
    sign_in(client, "Ada")
    assert client.post("/account/language", data={"language": wrong}).status_code == 422


def test_one_users_language_is_not_anothers(client, cast):
    sign_in(client, "Ada")
    client.post("/account/language", data={"language": "de"})
    sign_in(client, "Ben")
    assert language_of(client.get("/account").text) == "en"
