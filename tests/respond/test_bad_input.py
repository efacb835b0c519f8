"""Whatever arrives is answered with a sentence for people, in their language, and breaks nothing."""

from collections.abc import MutableMapping
from html import unescape
from typing import TYPE_CHECKING, Any  # Any: an ASGI message has no closer type

import pytest

from app.db import Database
from app.respond.forms import NOT_OFFERED
from app.respond.places import CLOSED, UNKNOWN
from app.web.forms import NOT_READ
from app.web.speech import speech
from surveys.comments import QUESTIONS
from surveys.languages import LANGUAGES
from tests.cast import Cast
from tests.comments.stage import open_stage
from tests.conftest import Clock
from tests.respond.stage import Stage
from tests.respond.test_fairness import end
from tests.robot import Robot, always, forms

if TYPE_CHECKING:
    from starlette.testclient import TestClient

NUL_AND_OTHERS = "\x00\ufffe\U0001f642 عربي \u202egnorw\u202c \u2066x\u2069 e\u0301 \ud7ff"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_links_that_lead_nowhere_say_so_in_the_readers_language(stage: Stage, client: "TestClient", tag: str) -> None:
    [token] = stage.personal()
    shared = stage.shared()
    mistyped = token[:-1] + ("a" if token[-1] != "a" else "b")
    for address in (
        f"/r/{mistyped}",
        f"/r/{token[:-1]}",
        f"/r/{token}7",
        f"/r/{'a' * 26}/t1",
        f"/s/{token}",
        f"/r/{shared}",
        "/r/%F0%9F%99%82",
        "/r/" + "x" * 3000,
    ):
        answer = client.get(address, headers={"Accept-Language": tag})
        assert answer.status_code == 404, address
        assert f'<html lang="{tag}"' in answer.text
        assert str(speech(tag).say(UNKNOWN)) in unescape(answer.text), address
    assert client.get(f"/r/{token.upper()}").status_code == 200


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_closed_survey_says_so_in_the_readers_language(
    stage: Stage, client: "TestClient", clock: Clock, tag: str
) -> None:
    [token] = stage.personal()
    client.post(f"/r/{token}/t1", data={"T1a": "4"})
    end(stage, clock, 0)
    for method, address in (("GET", f"/r/{token}"), ("POST", f"/r/{token}/t2"), ("POST", f"/r/{token}/send")):
        answer = client.request(method, address, data={"T2b": "4"} if method == "POST" else None,
                                headers={"Accept-Language": tag})  # fmt: skip
        assert answer.status_code == 410
        assert str(speech(tag).say(CLOSED)) in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_comment_of_10_mb_is_refused_with_a_sentence_and_nothing_is_lost(
    database: Database, cast: Cast, clock: Clock, client: "TestClient", tag: str
) -> None:
    told = open_stage(database, cast, clock())
    [token] = told.personal("Operations")
    other = {"Accept-Language": "en" if tag != "en" else "de"}  # the browser's is not the one that was chosen
    client.post(f"/r/{token}/language", data={"switch": tag}, headers=other)
    [form] = forms(client.get(f"/r/{token}/comments", headers=other).text)
    client.post(form.action, data={QUESTIONS[0].id: "Clear rules"}, headers=other)
    answer = client.post(form.action, data={QUESTIONS[0].id: "x" * 10_000_000}, headers=other)
    assert answer.status_code == 422
    assert len(answer.content) < 100_000
    assert f'<html lang="{tag}"' in answer.text
    assert str(speech(tag).say(NOT_READ)) in unescape(answer.text)
    page = client.get(f"/r/{token}/comments", headers=other).text
    assert "Clear rules" in page
    assert f'<html lang="{tag}"' in page


def test_signs_of_every_kind_come_back_as_they_were_written(
    database: Database, cast: Cast, clock: Clock, client: "TestClient"
) -> None:
    told = open_stage(database, cast, clock())
    [token] = told.personal("Operations")
    answer = client.post(f"/r/{token}/comments", data={QUESTIONS[0].id: NUL_AND_OTHERS, "warned": "yes"})
    assert answer.status_code == 303
    page = client.get(f"/r/{token}/comments").text
    assert NUL_AND_OTHERS.replace("\x00", "") in page
    assert Robot(client, always("3")).answer(f"/r/{token}").thanked


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_changed_form_and_answers_that_were_not_asked_for_store_nothing_of_them(
    stage: Stage, client: "TestClient", tag: str
) -> None:
    [token] = stage.personal()
    client.post(f"/r/{token}/language", data={"switch": tag})
    odd = {"T1a": "9", "R1a": "5", "FIN1": "3", "go": "\U0001f642", "shown": "soon", "language": "xx", "T1b": "4"}
    answer = client.post(f"/r/{token}/t1", data=odd)
    assert answer.status_code == 422
    assert f'<html lang="{tag}"' in answer.text
    assert str(speech(tag).say(NOT_OFFERED)) in unescape(answer.text)
    assert forms(client.get(f"/r/{token}/t1").text)[0].checked == {"T1b": "4"}
    assert forms(client.get(f"/r/{token}/r1").text)[0].checked == {}
    assert client.post(f"/r/{token}/nothere", data={"T1a": "1"}).status_code == 404


def test_an_address_with_bytes_that_are_no_text_is_answered_with_a_page(stage: Stage, client: "TestClient") -> None:
    [token] = stage.personal()
    answers: list[int] = []

    async def ask() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            answers.append(message.get("status", 0))

        scope = {"type": "http", "method": "GET", "path": f"/r/{token}x", "query_string": b"a=\xff", "headers": []}
        await client.app(scope | {"state": {}, "client": ("127.0.0.1", 1), "server": ("testserver", 80)}, receive, send)

    assert client.portal is not None
    client.portal.call(ask)
    assert answers[0] == 404
