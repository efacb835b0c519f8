"""A draft says in which languages people will be asked, how much of each there is, and that nobody has reviewed it."""

import html

import pytest

from app.waves import queries
from app.waves import service as waves
from surveys.languages import LANGUAGES
from tests.cast import sign_in
from tests.world import plan_wave


@pytest.fixture
def draft(database, cast, clock):
    with database.writing() as session:
        return waves.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Readiness",
            instrument="atr",
            label="2026-Q3",
            form="full",
            planned_close=None,
            now=clock(),
        )


def address(cast, wave) -> str:
    return f"/organisations/{cast.organisation}/waves/{wave}"


def test_a_draft_offers_all_languages_and_says_that_nobody_has_reviewed_them(client, cast, draft):
    sign_in(client, "Ada")
    page = html.unescape(client.get(address(cast, draft)).text)
    for language in LANGUAGES.values():
        assert f'name="{language.tag}" value="yes" checked' in page
        assert language.name in page
    assert page.count("Machine translated, not reviewed.") == len(LANGUAGES) - 1
    assert "Deutsch, Français, Español and العربية are machine translated and nobody has reviewed them." in page
    assert "Written in this language." in page
    assert "Marked as reviewed" not in page


def test_languages_that_are_not_kept_are_neither_offered_nor_warned_of(client, cast, draft):
    sign_in(client, "Ada")
    sent = client.post(f"{address(cast, draft)}/languages", data={"en": "yes", "de": "yes", "xx": "yes"})
    assert sent.status_code == 303
    page = html.unescape(client.get(address(cast, draft)).text)
    assert page.count('value="yes" checked') == 2
    assert "Deutsch is machine translated and nobody has reviewed it." in page
    client.post(f"{address(cast, draft)}/languages", data={"en": "yes"})
    assert "nobody has reviewed" not in client.get(address(cast, draft)).text


def test_a_wave_has_at_least_one_language(client, cast, draft):
    sign_in(client, "Ada")
    refused = client.post(f"{address(cast, draft)}/languages", data={})
    assert refused.status_code == 422
    assert "Choose at least one language." in refused.text


def test_the_languages_of_an_open_wave_can_no_longer_be_changed(client, database, cast, clock):
    wave = plan_wave(database, cast, now=clock())
    sign_in(client, "Ada")
    refused = client.post(f"{address(cast, wave)}/languages", data={"en": "yes"})
    assert refused.status_code == 409
    assert "its languages can no longer be changed" in refused.text


@pytest.mark.both
def test_the_next_wave_is_asked_in_the_languages_of_the_one_before(database, cast, clock):
    wave = plan_wave(database, cast, now=clock(), asked_in=["en", "fr"])
    with database.writing() as session:
        waves.start_closing(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
        waves.finish_closing(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
        following = waves.prepare_next(
            session, organisation_id=cast.organisation, wave_id=wave, form="pulse", label="2026-Q4", now=clock()
        )
        view = queries.wave(session, cast.organisation, following)
        assert view.languages == {"en": "", "fr": ""}
