"""Staff answer in their own language: it is found, chosen, kept with their link, and loses nothing when it changes."""

import re
from dataclasses import replace
from html import unescape

import pytest

from app.errors import CLOSED_MEANWHILE, NO_QUESTIONNAIRE, OTHER_QUESTIONNAIRE
from app.invitations import service as invitations
from app.respond import service
from app.waves import languages, queries
from app.web.speech import speech
from surveys.languages import LANGUAGES
from surveys.load import latest, translations
from tests.respond.stage import Stage
from tests.robot import Robot, always, forms
from tests.world import plan_wave

ATR = latest("atr")
OTHERS = [tag for tag in LANGUAGES if tag != "en"]


def first_item(language: str) -> str:
    return translations("atr", ATR.version)[language].texts["items.T1a"]


def head(text: str) -> str:
    found = re.search(r"<html ([^>]*)>", text)
    assert found is not None
    return found[1]


def speaks(tag: str) -> str:
    return f'lang="{tag}" dir="{LANGUAGES[tag].direction}"'


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_browser_is_answered_in_the_language_that_it_asks_for(stage, client, tag):
    [token] = stage.personal()
    page = client.get(f"/r/{token}/t1", headers={"Accept-Language": f"{tag}-XX,en;q=0.1"})
    assert head(page.text) == speaks(tag)
    assert (first_item(tag) if tag != "en" else ATR.dimension("T1").items[0].text) in page.text


def test_whoever_asks_for_no_language_that_is_offered_gets_the_first(stage, client):
    [token] = stage.personal()
    assert head(client.get(f"/r/{token}", headers={"Accept-Language": "ja"}).text) == speaks("en")


def test_the_welcome_offers_each_language_by_its_own_name_and_keeps_what_is_chosen(stage, client):
    [token] = stage.personal()
    welcome = client.get(f"/r/{token}").text
    for tag in OTHERS:
        assert f'value="{tag}" {speaks(tag)}>{LANGUAGES[tag].name}</button>' in welcome
    chosen = client.post(f"/r/{token}/language", data={"switch": "ar"}, follow_redirects=True)
    assert head(chosen.text) == speaks("ar")
    assert head(client.get(f"/r/{token}/t1", headers={"Accept-Language": "de"}).text) == speaks("ar")
    assert 'class="notice"' not in chosen.text, "nothing was answered yet"


def test_a_language_that_is_not_offered_is_not_taken(stage, client):
    [token] = stage.personal()
    for wrong in ("xx", "", "EN", "de, fr"):
        assert client.post(f"/r/{token}/language", data={"switch": wrong}).status_code == 404
    assert stage.count("draft") == 0
    assert head(client.get(f"/r/{token}/t1?language=de").text) == speaks("en")


def test_changing_the_language_in_the_middle_loses_nothing_and_stays_on_the_page(stage, client):
    [token] = stage.personal()
    client.post(f"/r/{token}/context", data={"E1": "2"})
    there = client.post(f"/r/{token}/t1", data={"T1a": "4", "T1b": "nx", "switch": "fr"})
    assert there.headers["location"] == f"/r/{token}/t1"
    page = client.get(f"/r/{token}/t1").text
    assert head(page) == speaks("fr")
    assert forms(page)[0].checked == {"T1a": "4", "T1b": "nx"}
    assert 'class="hint"' not in page, "what is left out is not asked about yet"
    again = client.post(f"/r/{token}/t1", data={"T1a": "4"})
    assert again.headers["location"] == f"/r/{token}/t1?left=1"


def test_a_script_is_led_to_the_whole_page_in_the_new_language(stage, client):
    [token] = stage.personal()
    answer = client.post(f"/r/{token}/t1", data={"T1a": "4", "switch": "ar"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/r/{token}/t1"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_response_knows_its_language_and_all_languages_send_the_same_codes(stage, client, tag):
    [token] = stage.personal()
    client.post(f"/r/{token}/language", data={"switch": tag})
    walk = Robot(client, always("4")).answer(f"/r/{token}")
    assert walk.status == 200
    assert walk.addresses[-1].endswith("/thanks" if tag == "en" else f"/thanks?language={tag}")
    assert head(walk.text) == speaks(tag)
    assert stage.values("SELECT language FROM answer_sheet") == [tag]
    assert set(walk.answers.values()) <= {"4", "1"}


def test_a_shared_link_keeps_the_language_in_its_address_until_there_is_a_draft(stage, client):
    token = stage.shared()
    welcome = client.get(f"/s/{token}?language=de", headers={"Accept-Language": "fr"})
    assert head(welcome.text) == speaks("de")
    robot = Robot(client)
    onward = robot.submit(forms(welcome.text)[0])
    assert head(onward.text) == speaks("de")
    assert "/r/" in robot.addresses[-1]


def test_a_link_that_leads_nowhere_says_so_in_the_language_of_the_browser(stage, client):
    for tag in LANGUAGES:
        for path in (f"/r/{'a' * 26}", f"/s/{'a' * 26}", f"/r/{'a' * 26}/t1"):
            answer = client.get(path, headers={"Accept-Language": tag})
            assert answer.status_code == 404
            assert head(answer.text) == speaks(tag)


def test_a_refusal_is_said_in_the_language_that_was_chosen(stage, client):
    [token] = stage.personal()
    client.post(f"/r/{token}/language", data={"switch": "es"})
    answer = client.post(f"/r/{token}/t1", data={"T1a": "9"})
    assert answer.status_code == 422
    assert head(answer.text) == speaks("es")


def test_only_the_languages_that_were_chosen_before_opening_are_offered_and_their_wording_is_frozen(
    database, cast, clock, client
):
    stage = _opened_in(database, cast, clock, ["de", "ar"])
    [token] = stage.personal()
    page = client.get(f"/r/{token}", headers={"Accept-Language": "fr"}).text
    assert head(page) == speaks("de")
    assert 'value="ar"' in page
    assert 'value="fr"' not in page
    assert 'value="en"' not in page
    with database.reading() as session:
        wave = queries.wave(session, cast.organisation, stage.wave)
        said = translations("atr", ATR.version)
        assert wave.languages == {"de": said["de"].sha256, "ar": said["ar"].sha256}
        reworded = replace(wave, languages={"de": "another hash", "ar": said["ar"].sha256})
        assert list(languages.offered(session, reworded, ATR)) == ["ar"]
        before = replace(wave, languages=None)
        assert list(languages.offered(session, before, ATR)) == ["en"]


def test_a_wave_with_one_language_offers_no_choice(database, cast, clock, client):
    stage = _opened_in(database, cast, clock, ["de"])
    [token] = stage.personal()
    for path in (f"/r/{token}", f"/r/{token}/t1", f"/s/{stage.shared('HR')}"):
        assert 'class="languages"' not in client.get(path).text


def test_a_visit_speaks_one_of_the_languages_of_its_wave(stage):
    [token] = stage.personal()
    with stage.database.reading() as session:
        found = invitations.find(session, token)
        assert found is not None
        visit = service.visit_of(session, found, token)
    german = visit.speaking("xx", None, "", "de", "fr")
    assert german.language == "de"
    assert german.instrument.sha256 == visit.instrument.sha256
    assert [page.key for page in german.pages] == [page.key for page in visit.pages]
    assert [[item.id for item in page.items] for page in german.pages] == [
        [item.id for item in page.items] for page in visit.pages
    ]


def _opened_in(database, cast, clock, chosen: list[str]) -> Stage:
    return Stage(database, cast, plan_wave(database, cast, now=clock(), form="full", asked_in=chosen), clock())


@pytest.mark.parametrize("tag", OTHERS)
def test_a_questionnaire_that_is_not_the_frozen_one_is_refused_in_the_readers_language(stage, client, database, tag):
    [token] = stage.personal()
    with database.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE wave SET instrument_sha256 = '{'0' * 64}'")
    refused = client.get(f"/r/{token}/t1", headers={"Accept-Language": tag})
    assert refused.status_code == 409
    assert head(refused.text) == speaks(tag)
    told = OTHER_QUESTIONNAIRE.filled({"key": "atr", "version": ATR.version})
    assert str(speech(tag).say(told)) in unescape(refused.text)


@pytest.mark.parametrize("tag", OTHERS)
def test_refusals_from_below_the_pages_have_words_in_every_language(tag):
    for refusal in (CLOSED_MEANWHILE, OTHER_QUESTIONNAIRE, NO_QUESTIONNAIRE):
        assert speech(tag).say(refusal) != str(refusal)
