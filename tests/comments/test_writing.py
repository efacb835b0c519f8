"""Writing comments: asked for where the policy says so, kept in the draft, cut loose when they are sent."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from app.answers.write import Remark
from app.db import Database
from tests.cast import Cast
from tests.comments.stage import open_stage
from tests.conftest import Clock
from tests.respond.stage import Stage
from tests.robot import Robot

NEEDED, MINDS = "needed", "minds"


@pytest.fixture
def token(stage: Stage) -> str:
    [token] = stage.personal("Legal")
    return token


def answer_one(client: TestClient, token: str) -> None:
    page = client.get(f"/r/{token}").text
    first = re.search(rf'href="(/r/{token}/[^"]+)"', page)
    assert first is not None
    name = re.search(r'type="radio" name="([^"]+)"', client.get(first[1]).text)
    assert name is not None
    assert client.post(first[1], data={name[1]: "3", "go": "next"}).status_code == 303


def test_a_wave_without_comments_asks_for_none(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    stage = open_stage(database, cast, clock(), comments=False)
    [token] = stage.personal("Legal")
    for answer in (client.get(f"/r/{token}/comments"), client.post(f"/r/{token}/comments", data={NEEDED: "Time."})):
        assert answer.status_code == 404
        assert "There is no such page in this survey" in answer.text
    assert "In your own words" not in client.get(f"/r/{token}/send").text


def test_the_page_comes_last_before_sending_and_leads_back(client: TestClient, stage: Stage, token: str) -> None:
    walk = Robot(client).answer(f"/r/{token}")
    assert walk.thanked
    places = [address.rsplit("/", 1)[1].partition("?")[0] for address in walk.addresses]
    assert places[-4:] == ["comments", "send", "send", "thanks"]
    [other] = stage.personal("Legal")
    back = client.post(f"/r/{other}/comments", data={"go": "back"})
    assert back.headers["location"] not in (f"/r/{other}/send", f"/r/{other}/comments")


def test_htmx_gets_the_part_of_the_page_and_its_address(client: TestClient, token: str) -> None:
    before = client.post(f"/r/{token}/comments", data={"go": "back"}).headers["location"]
    client.post(before, data={"go": "next"})  # what was left out is asked about once
    part = client.post(before, data={"go": "next"}, headers={"HX-Request": "true"})
    assert part.headers["HX-Push-Url"] == f"/r/{token}/comments"
    assert part.text.lstrip().startswith('<main id="page" data-title="In your own words"')


def test_what_is_written_is_kept_encrypted_and_shown_again(client: TestClient, stage: Stage, token: str) -> None:
    said = "More time to practise.\r\nAnd clear rules <b>first</b>"
    sent = client.post(f"/r/{token}/comments", data={NEEDED: said, f"{NEEDED}-themes": "yes", "go": "next"})
    assert sent.headers["location"] == f"/r/{token}/send"
    page = client.get(f"/r/{token}/comments").text
    assert "More time to practise.\nAnd clear rules &lt;b&gt;first&lt;/b&gt;</textarea>" in page
    assert page.count(" checked") == 1
    overview = client.get(f"/r/{token}/send").text
    assert "For themes only: your words are not shown." in overview
    assert "1 of 2" in overview
    [[ciphertext]] = stage.rows("SELECT ciphertext FROM draft")
    assert isinstance(ciphertext, bytes)
    assert b"practise" not in ciphertext


def test_sending_stores_each_comment_by_itself_with_nothing_of_the_person(
    client: TestClient, stage: Stage, token: str
) -> None:
    answer_one(client, token)
    client.post(f"/r/{token}/comments", data={NEEDED: "Training.", MINDS: "  Fewer errors. ", f"{MINDS}-themes": "yes"})
    assert client.post(f"/r/{token}/send").status_code == 303
    rows = stage.rows("SELECT question, body, themes_only FROM comment")
    assert {(q, body, bool(only)) for q, body, only in rows} == {
        (NEEDED, "Training.", False),
        (MINDS, "Fewer errors.", True),
    }
    columns = stage.rows("SELECT * FROM comment")
    assert all(len(row) == 7 for row in columns)
    [[invitation]] = stage.rows("SELECT id FROM invitation")
    [[sheet]] = stage.rows("SELECT id FROM answer_sheet")
    assert not {str(invitation), str(sheet)} & {str(value) for row in columns for value in row}
    assert stage.rows("SELECT count(*) FROM draft") == [(0,)]


def test_white_space_alone_is_no_comment(client: TestClient, stage: Stage, token: str) -> None:
    answer_one(client, token)
    client.post(f"/r/{token}/comments", data={NEEDED: " \r\n \t ", f"{NEEDED}-themes": "yes"})
    client.post(f"/r/{token}/send")
    assert stage.rows("SELECT count(*) FROM answer_sheet") == [(1,)]
    assert stage.rows("SELECT count(*) FROM comment") == [(0,)]


def test_a_comment_alone_can_be_sent(client: TestClient, stage: Stage, token: str) -> None:
    client.post(f"/r/{token}/comments", data={NEEDED: "Rules first."})
    assert client.post(f"/r/{token}/send").headers["location"] == f"/r/{token}/thanks"
    assert stage.rows("SELECT count(*) FROM comment") == [(1,)]


def test_a_thousand_characters_fit_and_line_ends_count_once(client: TestClient, token: str) -> None:
    lines = "\r\n".join(["x" * 99] * 10)
    assert client.post(f"/r/{token}/comments", data={NEEDED: lines, "go": "next"}).status_code == 303
    long = client.post(f"/r/{token}/comments", data={NEEDED: lines + "yy", MINDS: "kept", "go": "next"})
    assert long.status_code == 422
    assert "This has 1001 characters, and 1000 fit." in long.text
    assert lines.replace("\r\n", "\n") + "yy</textarea>" in long.text
    assert "kept</textarea>" in long.text


def test_a_name_is_asked_about_once_and_may_stay(client: TestClient, stage: Stage, token: str) -> None:
    written = {NEEDED: "Ask Anna Schmidt, anna@corp.example, 0171 2345678.", "go": "next"}
    first = client.post(f"/r/{token}/comments", data={**written, "warned": ""})
    assert first.headers["location"] == f"/r/{token}/comments?names=1"
    page = client.get(first.headers["location"]).text
    assert "There seems to be a name, an e-mail address and a telephone number in what you wrote." in page
    assert "Ask Anna Schmidt, anna@corp.example, 0171 2345678.</textarea>" in page
    assert 'name="warned" value="yes"' in page
    again = client.post(f"/r/{token}/comments", data={**written, "warned": "yes"})
    assert again.headers["location"] == f"/r/{token}/send"


def test_the_page_carries_the_patterns_of_the_server(client: TestClient, token: str) -> None:
    page = client.get(f"/r/{token}/comments").text
    assert 'data-names="[[&#34;mail&#34;,' in page
    assert 'data-mail="an e-mail address"' in page
    assert len(page) < 12_000


def test_nothing_that_was_written_is_logged(client: TestClient, token: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post(f"/r/{token}/comments", data={NEEDED: "Zanzibar", "go": "next"})
        client.post(f"/r/{token}/comments", data={NEEDED: "Zanzibar" * 200, "go": "next"})
        client.post(f"/r/{token}/send")
    assert "Zanzibar" not in caplog.text


def test_what_comes_after_sending_is_not_added(client: TestClient, stage: Stage, token: str) -> None:
    answer_one(client, token)
    client.post(f"/r/{token}/send")
    late = client.post(f"/r/{token}/comments", data={NEEDED: "Too late"})
    assert late.headers["location"] == f"/r/{token}/thanks?late=1"
    assert stage.rows("SELECT count(*) FROM comment") == [(0,)]


def test_saving_a_page_of_questions_keeps_what_was_written(client: TestClient, token: str) -> None:
    client.post(f"/r/{token}/comments", data={NEEDED: "Stays"})
    answer_one(client, token)
    assert "Stays</textarea>" in client.get(f"/r/{token}/comments").text


def test_when_the_wave_closes_the_words_leave_the_vault_masked_and_the_rows_get_new_ids(stage: Stage) -> None:
    stage.write(
        "Legal", [{NEEDED: Remark("Ask Lovelace."), MINDS: Remark("Call +49 171 2345678")}], roster=["Ada Lovelace"]
    )
    stage.write("Operations", [{NEEDED: Remark(f"Number {n}")} for n in range(6)])
    before = {str(id) for (id,) in stage.rows("SELECT id FROM comment")}
    stage.close()
    kept = stage.rows("SELECT id, body FROM comment")
    assert len(kept) == 8
    assert not before & {str(id) for id, _ in kept}
    assert {body for _, body in kept} == {""}
    masked = {str(text) for (text,) in stage.rows("SELECT masked FROM comment_review")}
    assert {"Ask [name].", "Call [phone]"} < masked
    if not stage.database.is_sqlite:
        assert len(stage.rows("SELECT DISTINCT xmin::text FROM comment")) == 1
