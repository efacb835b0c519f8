"""The page on which a year is planned: what it proposes, keeps and refuses, and two people on it at once."""

import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.db import Database
from app.mail import queries as mail
from app.waves import service as waves
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.planner.stage import assessment_of, row, saved, year_of
from tests.waves.stage import closed, opened, planned

WEB = {"do": "save"}


@pytest.fixture
def wave(database: Database, cast: Cast, clock: Clock) -> UUID:
    return planned(database, cast, clock())


@pytest.fixture
def assessment(database: Database, cast: Cast, wave: UUID) -> UUID:
    return assessment_of(database, cast, wave)


@pytest.fixture
def address(cast: Cast, assessment: UUID) -> str:
    return f"/organisations/{cast.organisation}/assessments/{assessment}/year"


def fields(page: str) -> dict[str, str]:
    """What a browser would send back of the plan."""
    from html import unescape

    found = re.findall(r'<input[^>]* name="(w\d+-\w+|seen)"[^>]*? value="([^"]*)"', page)
    chosen = re.findall(r'<select id="(w\d+-form)".*?<option value="(\w+)" selected', page, re.DOTALL)
    return {name: unescape(value) for name, value in (*found, *chosen)}


def test_the_rest_of_the_year_is_proposed_with_one_full_form_in_four(client, address, wave) -> None:
    page = sign_in(client, "Ada").get(address).text
    sent = fields(page)
    assert sent["w1-id"] == str(wave)
    labels = [sent[f"w{n}-label"] for n in range(1, 5)]
    forms = [sent[f"w{n}-form"] for n in range(1, 5)]
    assert labels == ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]
    assert forms == ["full", "pulse", "pulse", "pulse"]
    assert (sent["w2-opens"], sent["w2-opens_time"], sent["w2-closes"]) == ("2027-03-02", "09:00", "2027-03-16")
    assert "January to March 2027" in page


def test_a_plan_that_is_saved_makes_the_waves_and_says_when_they_open(
    client, database, cast, assessment, address
) -> None:
    sign_in(client, "Ada")
    sent = fields(client.get(address).text) | {"w1-opens": "2026-10-20", "w1-closes": "2026-11-03"} | WEB
    answer = client.post(address, data=sent)
    assert answer.status_code == 303, answer.text
    there = year_of(database, cast, assessment)
    assert [(one.label, one.form, one.state) for one in there] == [
        ("2026-Q4", "full", "draft"),
        ("2027-Q1", "pulse", "draft"),
        ("2027-Q2", "pulse", "draft"),
        ("2027-Q3", "pulse", "draft"),
    ]
    assert there[0].opens_at == datetime(2026, 10, 20, 7, tzinfo=UTC)
    assert there[1].ends_at == datetime(2027, 3, 16, 17, tzinfo=UTC)
    assert "The plan is saved." in client.get(answer.headers["location"]).text
    assert "opens by itself on 2 March 2027" in client.get(f"/organisations/{cast.organisation}").text
    with database.reading() as session:
        plan = mail.plan(session, organisation_id=cast.organisation, wave_id=there[1].id)
    assert plan is not None
    assert plan.days == {"invitation": "2027-03-02", "reminder-1": "2027-03-05", "reminder-2": "2027-03-11"}
    assert plan.state == "off"


def test_the_days_of_the_mails_move_with_the_opening(database, cast, clock, assessment, wave) -> None:
    saved(database, cast, assessment, [row("2026-Q4", "2026-10-20 09:00", "2026-11-03 18:00", id=str(wave))], clock())
    saved(database, cast, assessment, [row("2026-Q4", "2026-10-22 09:00", "2026-11-03 18:00", id=str(wave))], clock())
    with database.reading() as session:
        plan = mail.plan(session, organisation_id=cast.organisation, wave_id=wave)
    assert plan is not None
    assert plan.days == {"invitation": "2026-10-22", "reminder-1": "2026-10-25", "reminder-2": "2026-10-31"}


@pytest.mark.parametrize(
    ("opens", "closes", "field", "sentence"),
    [
        ("2026-10-01 09:00", "2026-11-03 18:00", "opens", "This lies in the past."),
        ("2026-10-20 09:00", "2026-10-20 09:30", "closes", "at least an hour after it opens"),
        ("2026-10-25 09:00", "", "closes", "Give the day on which it closes too"),
        ("", "2026-10-25 09:00", "opens", "Give the day on which it opens too"),
        ("2027-03-28 02:30", "2027-04-10 18:00", "opens", "There is no 02:30 on 28 March 2027 in Europe/Berlin"),
        ("2029-03-28 09:00", "2029-04-10 18:00", "opens", "more than a year and a half away"),
        ("never 09:00", "2026-11-03 18:00", "opens", "Give a day such as 2026-11-30."),
    ],
)
def test_wrong_dates_get_a_sentence_at_their_field_and_nothing_is_changed(
    client, database, cast, assessment, address, opens, closes, field, sentence
) -> None:
    sign_in(client, "Ada")
    line = row("2026-Q4", opens, closes)
    typed = {
        "w1-opens": line.opens, "w1-opens_time": line.opens_time,
        "w1-closes": line.closes, "w1-closes_time": line.closes_time,
    }  # fmt: skip
    answer = client.post(address, data=fields(client.get(address).text) | typed | WEB)
    assert answer.status_code == 422
    assert re.search(rf'<p class="error" id="w1-{field}-error">[^<]*{re.escape(sentence)}', answer.text)
    assert f'value="{line.opens}"' in answer.text
    assert len(year_of(database, cast, assessment)) == 1


def test_a_wave_that_would_open_before_the_one_before_it_has_closed_is_refused(client, address) -> None:
    sign_in(client, "Ada")
    typed = {"w2-opens": "2026-12-01", "w1-opens": "2026-11-20", "w1-closes": "2026-12-05"}
    answer = client.post(address, data=fields(client.get(address).text) | typed | WEB)
    assert answer.status_code == 422
    assert "The wave before it has not closed by then." in answer.text


def test_whoever_saves_second_gets_what_changed_and_keeps_what_was_typed(
    client, database, cast, assessment, address
) -> None:
    sign_in(client, "Ada")
    mine = fields(client.get(address).text) | {"w1-opens": "2026-10-20", "w1-closes": "2026-11-03"} | WEB
    theirs = {**mine, "w1-opens": "2026-10-27", "w2-opens": "", "w2-closes": "", "w3-opens": "", "w3-closes": ""}
    assert client.post(address, data={**theirs, "w4-opens": "", "w4-closes": ""}).status_code == 303
    second = client.post(address, data=mine)
    assert second.status_code == 409
    assert "2026-Q4 has been changed: it opens on 27 October 2026 at 09:00" in second.text
    kept = fields(second.text)
    assert kept["w1-opens"] == "2026-10-20"
    assert year_of(database, cast, assessment)[0].opens_at == datetime(2026, 10, 27, 8, tzinfo=UTC)
    assert client.post(address, data=kept | WEB).status_code == 303, "having seen it, they decide"
    assert year_of(database, cast, assessment)[0].opens_at == datetime(2026, 10, 20, 7, tzinfo=UTC)


def test_a_plan_sent_twice_makes_its_waves_once(client, database, cast, assessment, address) -> None:
    sign_in(client, "Ada")
    sent = fields(client.get(address).text) | WEB
    assert [client.post(address, data=sent).status_code for _ in range(2)] == [303, 409]
    assert len(year_of(database, cast, assessment)) == 4


def test_a_wave_that_opened_meanwhile_keeps_its_dates(client, database, cast, clock, assessment, address, wave) -> None:
    sign_in(client, "Ada")
    sent = fields(client.get(address).text) | {"w1-opens": "2026-10-20", "w1-closes": "2026-11-03"} | WEB
    with database.writing() as session:
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
    answer = client.post(address, data=sent)
    assert answer.status_code == 409
    assert "2026-Q4 is no longer a draft" in answer.text
    assert year_of(database, cast, assessment)[0].opens_at is None


def test_what_came_back_unreadable_counts_as_changed(client, address) -> None:
    sign_in(client, "Ada")
    for broken in ("", "[]", '{"a": 1}', "{"):
        sent = fields(client.get(address).text) | WEB | {"seen": broken}
        assert client.post(address, data=sent).status_code == 409


def test_the_financial_year_decides_what_is_proposed(client, cast, address) -> None:
    sign_in(client, "Ada")
    assert client.post(address, data={"do": "calendar", "year_starts": "2"}).status_code == 303
    page = client.get(address).text
    assert fields(page)["w2-label"] == "2027-Q1"
    assert "November to January 2027" in page
    assert client.post(address, data={"do": "calendar", "year_starts": "13"}).status_code == 422


def test_the_year_of_another_client_is_not_found(client, cast, assessment, address) -> None:
    sign_in(client, "Ben")
    for there in (address, address.replace(str(cast.organisation), str(cast.other))):
        assert client.get(there).status_code == 404
        assert client.post(there, data=WEB).status_code == 404


def test_after_four_waves_the_full_form_is_proposed_again(client, database, cast, clock) -> None:
    first = opened(database, cast, clock())
    closed(database, cast, first, clock())
    page = sign_in(client, "Ada").get(
        f"/organisations/{cast.organisation}/assessments/{assessment_of(database, cast, first)}/year"
    )
    sent = fields(page.text)
    assert [sent[f"w{n}-form"] for n in range(1, 5)] == ["pulse", "pulse", "pulse", "full"]
    assert json.loads(sent["seen"]) == {}
