"""The settings of a client: for its owners, and two of them at once lose nothing."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.clients import changes, profile, queries
from app.jobs import queries as jobs
from app.lineage.days import beginning
from app.lineage.snapshots import Wanted
from app.waves import queries as waves
from app.waves.service import plan_assessment
from tests.cast import sign_in

FERNHILL = {
    "name": "Fernhill Optics (fictional)",
    "time_zone": "America/New_York",
    "year_starts": "4",
    "colour": "1F5A96",
    "language_de": "yes",
    "language_en": "yes",
}


@pytest.fixture
def address(cast):
    return f"/organisations/{cast.organisation}/settings"


@pytest.fixture
def ada(client, cast):
    return sign_in(client, "Ada")


def kept(database, cast):
    with database.reading() as session:
        return queries.profile(session, cast.organisation)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.both
def test_an_owner_changes_all_of_it(ada, cast, database, address):
    page = ada.get(address).text
    assert page.count(" checked>") == 5
    answer = ada.post(address, data={**FERNHILL, "seen": seen_in(page)})
    assert answer.status_code == 303
    assert kept(database, cast) == queries.Profile(
        "Fernhill Optics (fictional)", "America/New_York", 4, "#1f5a96", ("en", "de")
    )
    page = ada.get(address).text
    assert page.count(" checked>") == 2
    assert "#1f5a96" in page
    assert "Changed the settings" in ada.get(f"/organisations/{cast.organisation}/log").text


def test_what_is_wrong_is_named_at_its_field_and_everything_typed_stays(ada, cast, database, address):
    before = kept(database, cast)
    wrong = {"name": "", "time_zone": "Mars/Olympus", "year_starts": "13", "colour": "<b>red</b>"}
    answer = ada.post(address, data=wrong)
    assert answer.status_code == 422
    for sentence in ("Give a name", "Choose the time zone", "Choose a month", "for example #1f5a96", "at least one"):
        assert sentence in answer.text
    assert "&lt;b&gt;red&lt;/b&gt;" in answer.text
    assert kept(database, cast) == before


def test_whoever_sends_later_is_told_what_the_other_changed_and_loses_nothing(ada, cast, database, address):
    first = ada.get(address).text
    ada.post(address, data={**FERNHILL, "seen": seen_in(first)})
    mine = {**FERNHILL, "name": "Fernhill Lenses (fictional)", "seen": seen_in(first)}
    answer = ada.post(address, data=mine)
    assert answer.status_code == 409
    for sentence in (
        "It is called Fernhill Optics (fictional) now.",
        "Its time zone is America/New_York now.",
        "Its financial year begins in April now.",
        "Its colour is #1f5a96 now.",
        "asked in these languages now: English, Deutsch.",
    ):
        assert sentence in answer.text
    assert 'value="Fernhill Lenses (fictional)"' in answer.text
    assert kept(database, cast).name == "Fernhill Optics (fictional)"
    again = ada.post(address, data={**mine, "seen": seen_in(answer.text)})
    assert again.status_code == 303
    assert kept(database, cast).name == "Fernhill Lenses (fictional)"


@pytest.mark.parametrize("told", ["", "nonsense", "[" * 100_000, '{"name": "Fernhill"}'])
def test_a_form_that_does_not_say_what_it_showed_sets_nothing_and_loses_nothing(ada, cast, database, address, told):
    before = kept(database, cast)
    answer = ada.post(address, data={**FERNHILL, "seen": told})
    assert answer.status_code == 409
    assert "This form does not say what it showed" in answer.text
    assert 'value="Fernhill Optics (fictional)"' in answer.text
    assert kept(database, cast) == before
    assert ada.post(address, data={**FERNHILL, "seen": seen_in(answer.text)}).status_code == 303


def test_the_same_form_sent_twice_is_saved_once_and_says_so_twice(ada, address):
    sent = {**FERNHILL, "seen": seen_in(ada.get(address).text)}
    assert [ada.post(address, data=sent).status_code for _ in range(2)] == [303, 303]


def test_only_owners_see_the_settings_and_the_link_to_them(client, cast, database, clock, address):
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    sign_in(client, "Cleo")
    assert client.get(address).status_code == 404
    assert client.post(address, data=FERNHILL).status_code == 404
    assert "/settings" not in client.get(f"/organisations/{cast.organisation}").text
    sign_in(client, "Ada")
    assert "/settings" in client.get(f"/organisations/{cast.organisation}").text


def test_a_new_assessment_begins_with_the_languages_of_its_client(database, cast, clock):
    with database.writing() as session:
        typed = profile.form_of(queries.profile(session, cast.organisation))
        profile.change(session, cast.organisation, replace(typed, languages=("de",)), now=clock())
        wave = plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Readiness",
            instrument="atr",
            label="2026-Q4",
            form="full",
            planned_close=None,
            now=clock(),
        )
        assert waves.wave(session, cast.organisation, wave).languages == {"de": ""}


def test_a_change_planned_for_a_day_begins_by_the_clock_of_the_new_time_zone(database, cast, clock, address, ada):
    day = clock().date() + timedelta(days=10)
    with database.writing() as session:
        made = changes.ask(
            session,
            cast.organisation,
            kind="close",
            wanted=Wanted(departments=(cast.departments["Ethics"],)),
            day=day,
            user_id=cast.ada,
            now=clock(),
        )
    ada.post(address, data={**FERNHILL, "time_zone": "Asia/Tokyo", "seen": seen_in(ada.get(address).text)})
    with database.writing() as session:
        job = jobs.row(session, kind=changes.JOB, subject_id=made)
        assert job is not None
        assert job.next_run_at == beginning(day, "Asia/Tokyo")
