"""Whoever has no account chooses between English and German on the page; the choice stays in the browser."""

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_the_sign_in_page_speaks_the_language_that_was_chosen_on_it(client: "TestClient", cast: Cast) -> None:
    page = client.get("/sign-in?next=/account").text
    assert '<button class="plain" name="language" value="de" lang="de">Deutsch</button>' in page
    back = re.search(r'<form method="post" action="/language".*?name="next" value="([^"]*)"', page, re.DOTALL)
    assert back is not None
    answer = client.post("/language", data={"language": "de", "next": unescape(back[1])})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("plumbline-language=de;")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert 'lang="de"' in client.get("/sign-in").text.split("<head>")[0]


def test_the_choice_weighs_more_than_the_browser_and_less_than_the_account(client: "TestClient", cast: Cast) -> None:
    client.headers["accept-language"] = "de"
    client.post("/language", data={"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/sign-in").text
    signed_in = sign_in(client, "Ada")
    signed_in.post("/account/language", data={"language": "de"})
    assert '<html lang="de"' in signed_in.get("/account").text
    assert "/language" not in signed_in.get("/").text, "whoever is signed in chooses on the page of the account"


@pytest.mark.parametrize("language", ["ar", "xx", "", "de; Path=/"])
def test_a_language_that_these_pages_do_not_speak_is_not_kept(client: "TestClient", language: str) -> None:
    answer = client.post("/language", data={"language": language, "next": "/sign-in"})
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", ""])
def test_choosing_a_language_leads_to_no_other_place(client: "TestClient", next_page: str) -> None:
    answer = client.post("/language", data={"language": "de", "next": next_page})
    assert answer.headers["location"] == "/"


def test_a_cookie_with_anything_else_in_it_is_passed_over(client: "TestClient", cast: Cast) -> None:
    client.cookies.set("plumbline-language", "../../etc")
    assert '<html lang="en"' in client.get("/sign-in").text


def test_the_answer_to_a_form_offers_no_other_language_because_what_was_typed_would_be_lost(
    client: "TestClient", cast: Cast
) -> None:
    assert 'action="/language"' in client.get("/sign-in").text
    assert 'action="/language"' not in client.post("/sign-in", data={"email": "nobody@example.org"}).text
