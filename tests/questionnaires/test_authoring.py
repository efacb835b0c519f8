"""Authoring in the browser: copying, changing, translating, looking at, remarking on and publishing a questionnaire."""

import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.clients import queries as clients
from app.db import Database
from app.questionnaires import loading, queries
from app.waves import instruments, service
from app.waves import queries as waves
from surveys.load import load
from surveys.model import Instrument
from surveys.translations import spoken
from tests.cast import Cast, sign_in
from tests.conftest import Clock

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

ATR = load("atr", "1.0.0")


class Author:
    """A consultant at the pages of one questionnaire, without JavaScript."""

    def __init__(self, client: "TestClient", cast: Cast, source: Instrument = ATR) -> None:
        self.client, self.all = sign_in(client, "Ada"), f"/organisations/{cast.organisation}/questionnaires"
        self.source = source
        answer = client.post(self.all, data={"name": "Readiness at Fernhill", "source": source.sha256})
        assert answer.status_code == 303, answer.text
        self.draft = answer.headers["location"]
        self.id = UUID(self.draft.rsplit("/", 1)[1])

    @property
    def edition(self) -> str:
        found = re.search(r'name="edition" value="(\d+)"', self.page(""))
        assert found is not None
        return found[1]

    def page(self, path: str) -> str:
        answer = self.client.get(f"{self.draft}{path}")
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    def send(self, path: str, **fields: str) -> "Response":
        given = {"edition": fields.pop("edition", "") or self.edition, **fields}
        return self.client.post(f"{self.draft}{path}", data=given)

    def done(self, path: str, **fields: str) -> str:
        answer = self.send(path, **fields)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def publish(self, version: str) -> None:
        self.done("/publish", version=version)


@pytest.fixture
def author(client: "TestClient", cast: Cast) -> Author:
    return Author(client, cast)


def test_a_copy_asks_what_its_source_asks_and_making_it_twice_makes_it_once(author: Author) -> None:
    page = author.page("")
    for item in ("LEG1", "T1a", "W1"):
        assert ATR.item(item).text in page
    again = author.client.post(author.all, data={"name": "Readiness at Fernhill", "source": ATR.sha256})
    assert again.headers["location"] == author.draft


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "", "source": ATR.sha256}, "Give the questionnaire a name."),
        ({"name": "Mine", "source": "0" * 64}, "Choose the questionnaire to begin from."),
        ({"name": "<b>Mine</b>", "source": ATR.sha256}, "markup"),
        ({"name": "readiness at fernhill", "source": "0" * 64}, "There is already a questionnaire called"),
    ],
)
def test_a_copy_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    author: Author, fields: dict[str, str], told: str
) -> None:
    answer = author.client.post(author.all, data=fields)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert told in page
    assert f'value="{fields["name"]}"' in page


def test_a_question_is_added_reworded_moved_and_removed_without_javascript(author: Author) -> None:
    there = author.done("/questions/new", module="legal", text="We know our tools.", relates_to="R3")
    assert there == f"{author.draft}/questions/LEG7"
    assert "We know our tools." in author.page("")
    author.done("/questions/LEG2", text="A lawyer reads it first.", relates_to="R3")
    assert "LEG2@2" in author.page("")
    author.done("", do="up:LEG2@2")
    assert author.page("").index("A lawyer reads it first.") < author.page("").index(ATR.item("LEG1").text)
    author.done("", do="remove:LEG7")
    assert "We know our tools." not in author.page("")


def test_a_new_question_that_cannot_be_asked_is_kept_on_the_page_with_a_sentence(author: Author) -> None:
    answer = author.send("/questions/new", module="other", name="Research", text="We <i>know</i>.", relates_to="")
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "markup" in page
    assert "Choose what the question informs." in page
    assert "We <i>know</i>.</textarea>" in page
    assert 'value="Research"' in page


def test_the_core_can_only_be_left_out_and_the_page_says_what_that_does_to_the_trend(author: Author) -> None:
    answer = author.send("/questions/T1c", text="Other words.", relates_to="T1")
    assert answer.status_code == 409
    assert "its wording stays as it was published" in unescape(answer.text)
    assert author.send("", do="remove:T1a").status_code == 409
    author.done("", do="remove:T1c")
    page = author.page("")
    assert "T1c left out. Compared on T1a, T1b" in page
    assert "rests on 3 questions instead of 4" in page
    author.done("", do="put-back:T1c")
    assert "every dimension is asked as in" in author.page("")


def test_two_tabs_cannot_overwrite_each_other_and_nothing_typed_is_lost(author: Author) -> None:
    old = author.edition
    author.done("/questions/LEG2", text="What the first tab says.", relates_to="R3")
    late = author.send("/questions/LEG3", edition=old, text="What the second tab says.", relates_to="T2")
    page = unescape(late.text)
    assert late.status_code == 409
    assert "Somebody has changed the draft since this page was opened" in page
    assert "What the second tab says.</textarea>" in page
    assert ATR.item("LEG3").text in page, "and what the draft says now"
    again = re.search(r'name="edition" value="(\d+)"', page)
    assert again is not None
    author.done("/questions/LEG3", edition=again[1], text="What the second tab says.", relates_to="T2")
    both = author.page("")
    assert "What the first tab says." in both
    assert "What the second tab says." in both
    for path, more in (("", {"do": "remove:LEG1"}), ("/translations/de", {}), ("/publish", {"version": "1.0.0"})):
        assert author.send(path, edition=old, **more).status_code == 409, path


def test_a_translation_stands_beside_the_question_and_falls_back_to_english(author: Author) -> None:
    typed = {"text-de": "Wir kennen unsere Werkzeuge.", "reviewed-de": "yes"}
    author.done("/questions/LEG1", text="We know our tools.", relates_to="R3", **typed)
    page = author.page("/questions/LEG1@2")
    assert "Wir kennen unsere Werkzeuge.</textarea>" in page
    assert 'name="reviewed-de" value="yes" checked' in page
    missing = author.page("/translations/fr")
    assert 'name="say.items.LEG1@2"' in missing
    frame = author.page("/preview/page?language=de&function=legal&page=15")
    assert "Wir kennen unsere Werkzeuge." in frame
    assert ATR.item("LEG2").text in frame, "in English, because it is not translated"


def test_a_translation_of_other_words_is_taken_out_unless_somebody_read_it(client: "TestClient", cast: Cast) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    [kept] = re.findall(r'name="text-de"[^>]*>\s*([^<]+)</textarea>', author.page("/questions/LEG1"))
    author.done("/questions/LEG1", text="We know all of our tools.", relates_to="R3", **{"text-de": kept})
    assert 'name="say.items.LEG1@2"' in author.page("/translations/de")
    assert f">\n{kept}</textarea>" not in author.page("/questions/LEG1@2")
    both = {"text-de": kept, "reviewed-de": "yes"}
    author.done("/questions/LEG2", text="A lawyer reads it first.", relates_to="R3", **both)
    assert f"{kept}</textarea>" in author.page("/questions/LEG2@2")


def test_what_was_read_for_other_words_does_not_count_as_read(client: "TestClient", cast: Cast) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    read = {"text-de": "Wir kennen alle.", "reviewed-de": "yes"}
    author.done("/questions/LEG1", text=ATR.item("LEG1").text, relates_to="R3", **read)
    author.done("/questions/LEG1", text="We know all of our tools.", relates_to="R3", **read)
    assert "Wir kennen alle." not in author.page("/questions/LEG1@2")
    assert 'name="reviewed-de" value="yes" checked' not in author.page("/questions/LEG1@2")


def test_other_words_for_the_same_question_in_a_language_need_somebodys_word_that_they_mean_the_same(
    client: "TestClient", cast: Cast, database: Database
) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    author.done("", do="remove:IT6")  # no other test publishes it so: translations are kept by the version's hash
    typed = {"say.items.T1a": "KI-Agenten können unsere Routine.", "say.scales.true5.5": "Stimmt ganz"}
    author.done("/translations/de", **typed)
    page = author.page("/publish")
    for text in (*typed.values(), "Trifft voll und ganz zu"):
        assert text in page
    refused = author.send("/publish", version="1.0.0")
    assert refused.status_code == 422
    assert "Say that these texts mean the same as before" in unescape(refused.text)
    author.done("/publish", version="1.0.0", same="yes")
    with database.reading() as session:
        made = loading.newest(session, cast.organisation, queries.instruments(session, cast.organisation)[0].key)
        german = loading.translations(session, cast.organisation, made)["de"]
    assert german.corrected == {"items.T1a", "scales.true5.5"}


def test_the_page_of_a_question_of_the_core_says_why_there_is_none(author: Author) -> None:
    answer = author.client.get(f"{author.draft}/questions/T1a")
    assert answer.status_code == 404
    assert "its wording stays as it was published" in unescape(answer.text)


def test_saving_a_page_of_texts_unchanged_leaves_reviewed_what_was(author: Author) -> None:
    typed = {"text-de": "Wir kennen unsere Werkzeuge.", "reviewed-de": "yes"}
    author.done("/questions/LEG1", text="We know our tools.", relates_to="R3", **typed)
    author.done("/translations/de", **{"say.items.LEG1@2": typed["text-de"], "say.stem": "Wie ist es?"})
    assert 'name="reviewed-de" value="yes" checked' in author.page("/questions/LEG1@2")
    author.done("/translations/de", **{"say.items.LEG1@2": "Wir kennen alle."})
    assert 'name="reviewed-de" value="yes" checked' not in author.page("/questions/LEG1@2")


def test_a_text_in_another_language_that_cannot_be_asked_is_refused_at_its_field(author: Author) -> None:
    answer = author.send("/translations/de", **{"say.items.LEG1": "Wir <b>kennen</b> sie.", "say.stem": "Gut."})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "markup" in page
    assert "Wir <b>kennen</b> sie.</textarea>" in page
    assert "Gut.</textarea>" in page
    beside = author.send("/questions/LEG1", text="We know.", relates_to="R3", **{"text-de": "Wir {x}."})
    assert beside.status_code == 422
    assert "Wir {x}.</textarea>" in unescape(beside.text)
    assert author.client.get(f"{author.draft}/translations/tlh").status_code == 404


def test_the_preview_shows_the_real_pages_in_frames_in_which_nothing_can_be_sent(author: Author) -> None:
    answer = author.client.get(f"{author.draft}/preview?language=ar&function=hr&form=pulse&page=3")
    assert answer.status_code == 200
    assert answer.text.count("<iframe") == answer.text.count('sandbox="allow-same-origin"') == 2
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    frame = author.client.get(f"{author.draft}/preview/page?function=legal&page=3")
    policy = frame.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"
    assert author.client.get(f"{author.draft}/preview/page?page=999").status_code == 200
    assert author.client.get(f"{author.draft}/preview/page?page=0").status_code == 200


@pytest.mark.both
def test_a_published_version_is_what_waves_ask_and_it_never_changes(
    author: Author, database: Database, cast: Cast, clock: Clock
) -> None:
    author.done("/questions/new", module="legal", text="We know our tools.", relates_to="R3")
    author.done("/questions/LEG7", text="We know our tools.", relates_to="R3", **{"text-de": "Wir kennen sie."})
    author.publish("1.0.0")
    assert "is published in version 1.0.0" in author.page("/versions")
    with database.writing() as session:
        [key] = [one.key for one in loading.offers(session, cast.organisation) if one.own]
        wave_id = service.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Agent readiness",
            instrument=key,
            label="2026-Q4",
            form="full",
            planned_close=None,
            now=clock(),
        )
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    author.client.post(f"{author.draft}/begin")
    author.done("/questions/LEG7", text="We know all our tools.", relates_to="R3")
    assert author.send("/publish", version="1.0.1").status_code == 422
    author.publish("1.1.0")
    with database.reading() as session:
        wave = waves.wave(session, cast.organisation, wave_id)
        asked = instruments.asked(session, wave)
        translation = loading.translations(session, cast.organisation, asked)["de"]
        assert asked.version == wave.instrument_version == "1.0.0"
        assert asked.item("LEG7").text == "We know our tools."
        assert spoken(asked, translation).item("LEG7").text == "Wir kennen sie."
        assert loading.newest(session, cast.organisation, key).item("LEG7@2").text == "We know all our tools."
        legal = next(one for one in clients.departments(session, cast.organisation) if one.name == "Legal")
        [frozen] = waves.wave_departments(session, cast.organisation, wave_id, only=legal.id)
        assert "LEG7" in frozen.layout_items


def test_the_next_version_keeps_its_number_and_says_what_the_changes_need(author: Author) -> None:
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    nothing = author.send("/publish", version="1.1.0")
    assert nothing.status_code == 409
    author.done("", do="down:LEG1")
    assert 'value="1.0.1"' in author.page("/publish")
    author.done("", do="remove:LEG1")
    page = author.page("/publish")
    assert 'value="1.1.0"' in page
    assert ATR.item("LEG1").text in page
    wrong = author.send("/publish", version="one")
    assert wrong.status_code == 422
    assert 'value="one"' in wrong.text


@pytest.mark.both
def test_leads_read_a_draft_and_remark_on_it_without_an_account(
    author: Author, client: "TestClient", database: Database, cast: Cast
) -> None:
    assert author.client.post(f"{author.draft}/remarks", data={"reader": " "}).status_code == 422
    for _ in range(2):
        author.client.post(f"{author.draft}/remarks", data={"reader": "Head of Legal"})
    [link] = set(re.findall(r"http://testserver(/questionnaire/[a-z2-7]+)", author.page("/remarks")))
    with database.reading() as session:
        assert link.rsplit("/", 1)[1] not in str(queries.links(session, cast.organisation, author.id))
    cookies = dict(client.cookies)
    client.cookies.clear()
    page = unescape(client.get(f"{link}?item=LEG1").text)
    assert ATR.item("LEG1").text in page
    wrong = client.post(link, data={"item": "LEG1", "name": "", "body": "Which tools?"})
    assert wrong.status_code == 422
    assert "Which tools?</textarea>" in wrong.text
    for _ in range(2):
        assert client.post(link, data={"item": "LEG1", "name": "Maren", "body": "Which tools?"}).status_code == 303
    assert "Which tools?" in client.get(link).text
    client.cookies.update(cookies)
    told = author.page("/remarks")
    assert told.count("Which tools?") == 1
    assert "Remarks (1)" in told
    [remark] = re.findall(r'name="resolve" value="([0-9a-f-]+)"', told)
    author.client.post(f"{author.draft}/remarks/settle", data={"resolve": remark})
    assert "Remarks (1)" not in author.page("/remarks")
    [link_id] = re.findall(r'name="link" value="([0-9a-f-]+)"', told)
    author.client.post(f"{author.draft}/remarks/settle", data={"link": link_id})
    assert client.get(link).status_code == 410
    assert client.get(f"/questionnaire/{'a' * 26}").status_code == 404


def test_a_client_cannot_load_the_questionnaire_of_another(author: Author, database: Database, cast: Cast) -> None:
    author.publish("1.0.0")
    with database.reading() as session:
        [version] = queries.versions(session, cast.organisation)
        assert loading.by_sha256(session, cast.organisation, version.sha256) is not None
        assert loading.by_sha256(session, cast.other, version.sha256) is None
        assert [one.key for one in loading.offers(session, cast.other)] == ["atr"]
