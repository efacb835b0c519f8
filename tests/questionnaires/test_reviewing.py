"""Translations of a draft are reviewed; a draft ends, published or given up, and who comes late is told so."""

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.db import Database
from app.desk import service as desk
from app.questionnaires import drafts, loading, queries
from surveys.load import load, translations
from surveys.model import Instrument
from tests.cast import Cast
from tests.conftest import Clock
from tests.questionnaires.test_authoring import ATR, Author

if TYPE_CHECKING:
    from sqlmodel import Session
    from starlette.testclient import TestClient


@pytest.fixture
def author(client: "TestClient", cast: Cast) -> Author:
    return Author(client, cast)


@pytest.mark.both
def test_a_draft_is_given_up_after_a_page_that_says_what_is_lost_and_what_was_published_stays(author: Author) -> None:
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    author.done("/questions/LEG2", text="A lawyer reads it first.", relates_to="R3")
    assert f'href="{author.draft}/give-up"' in author.page("")
    page = author.page("/give-up")
    assert "A lawyer reads it first." in page
    old = author.edition
    author.done("", do="remove:T1c")
    late = author.send("/give-up", edition=old)
    assert late.status_code == 409
    assert "Somebody has changed the draft since" in unescape(late.text)
    assert author.done("/give-up") == f"{author.draft}/versions"
    assert "is published in version 1.0.0" in author.page("")
    author.client.post(f"{author.draft}/begin")
    assert ATR.item("LEG2").text in author.page("")


@pytest.mark.both
def test_a_questionnaire_of_which_nothing_was_published_is_deleted_with_its_remarks_and_links(
    author: Author, database: Database, cast: Cast
) -> None:
    assert "Delete this questionnaire" in author.page("")
    author.client.post(f"{author.draft}/remarks", data={"reader": "Head of Legal"})
    found = re.search(r"/questionnaire/([a-z0-9]+)", author.page("/remarks"))
    assert found is not None
    reader = found[0]
    author.client.post(reader, data={"name": "Lena", "item": "LEG1", "body": "Which exchanges?"})
    page = author.page("/give-up")
    assert "No version of it was published, so no wave asks it." in page
    assert "1 remark of a reader goes with it." in page
    old = author.edition
    author.done("", do="remove:T1c")
    assert author.send("/give-up", edition=old).status_code == 409, "somebody has changed it since"
    assert author.done("/give-up") == author.all
    assert "Readiness at Fernhill" not in author.client.get(author.all).text
    assert author.client.get(author.draft).status_code == 404
    assert author.client.get(reader).status_code == 404
    with database.reading() as session:
        assert queries.instruments(session, cast.organisation) == ()
        assert queries.remarks(session, cast.organisation, author.id) == ()
    again = author.client.post(author.all, data={"name": "Readiness at Fernhill", "source": author.source.sha256})
    assert again.status_code == 303, "the name is free again"


def test_the_draft_of_an_archived_client_is_read_and_takes_no_remark_until_it_is_back(
    author: Author, database: Database, cast: Cast, clock: Clock
) -> None:
    author.client.post(f"{author.draft}/remarks", data={"reader": "Head of Legal"})
    found = re.search(r"/questionnaire/([a-z0-9]+)", author.page("/remarks"))
    assert found is not None
    assert "Send the remark" in author.client.get(found[0]).text
    with database.writing() as session:
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    away = author.client.get(found[0]).text
    assert ATR.item("LEG1").text in unescape(away)
    assert "This has been put away by those who run it" in away
    assert "Send the remark" not in away
    refused = author.client.post(found[0], data={"name": "Lena", "item": "LEG1", "body": "Which exchanges?"})
    assert refused.status_code == 409
    assert "Which exchanges?" in refused.text, "what was typed is not lost"


def test_a_lead_reads_the_draft_in_the_words_of_each_language_and_stays_in_them(
    client: "TestClient", cast: Cast
) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    author.client.post(f"{author.draft}/remarks", data={"reader": "Head of Legal"})
    found = re.search(r"/questionnaire/([a-z0-9]+)", author.page("/remarks"))
    assert found is not None
    page = unescape(client.get(f"{found[0]}?words=ar").text)
    assert load_texts("1.1.0", "ar", "items.LEG1") in page
    assert '<p lang="ar" dir="auto">' in page
    assert "item=LEG1&words=ar#remark" in page
    answer = client.post(found[0], data={"name": "Lena", "item": "LEG1", "body": "Which?", "words": "ar"})
    assert answer.headers["location"] == f"{found[0]}?words=ar"
    refused = client.post(found[0], data={"name": "", "item": "LEG1", "body": "Which?", "words": "ar"})
    assert refused.status_code == 422
    assert load_texts("1.1.0", "ar", "items.LEG1") in unescape(refused.text)
    assert load("atr", "1.1.0").item("LEG1").text in unescape(client.get(f"{found[0]}?words=xx").text)


def test_a_question_that_was_left_out_of_a_published_version_comes_back_with_its_translations(
    client: "TestClient", cast: Cast, database: Database
) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    author.done("", do="remove:T1c")
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    with database.reading() as session:
        gone = drafts.draft(session, cast.organisation, author.id)
    assert all("items.T1c" not in texts.texts for texts in gone.texts.values())
    author.done("", do="put-back:T1c")
    with database.reading() as session:
        back = drafts.draft(session, cast.organisation, author.id)
    for language in ("de", "fr", "es", "ar"):
        assert back.texts[language].texts["items.T1c"] == load_texts("1.1.0", language, "items.T1c")
        assert back.untranslated(language) == ("name",), "which the client gave and nobody has translated"
        assert "items.T1c" not in back.texts[language].read, "nobody has reviewed it"


def load_texts(version: str, language: str, path: str) -> str:
    return translations("atr", version)[language].texts[path]


def test_whoever_comes_for_a_draft_that_is_over_is_told_what_became_of_it(author: Author, clock: Clock) -> None:
    old = author.edition
    author.publish("1.0.0")
    for path in ("/publish", "/give-up", "/questions/LEG1", "/translations/de", ""):
        late = author.send(path, edition=old, version="1.0.0", text="We know.", relates_to="R3", do="remove:T1c")
        assert late.status_code == 303, path
        page = unescape(author.client.get(late.headers["location"]).text)
        assert "There is no draft any more, so nothing was changed: Ada" in page
        assert "published it as version 1.0.0 on" in page
        assert "Begin the next version" in page
    assert "There is no draft any more" not in author.page("/versions")
    author.client.post(f"{author.draft}/begin")
    clock.advance(hours=1)
    author.done("/give-up")
    given_up = author.client.get(f"{author.draft}/publish", follow_redirects=True)
    assert "it was given up on" in unescape(given_up.text)
    assert "Version 1.0.0 stays as it is." in unescape(given_up.text)


def test_texts_that_do_not_go_together_are_refused_at_their_fields(client: "TestClient", cast: Cast) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    for typed, told in (
        ({"say.scales.true5.2": "Stimmt ein wenig"}, "it has to ask for its answer by the label"),
        ({"say.scales.true5.2": "Trifft teilweise zu"}, "another answer of this scale has the same label"),
        ({"say.items.ATT": ""}, "asks for this answer by its label and is not translated"),
    ):
        answer = author.send("/translations/de", **typed)
        assert answer.status_code == 422
        assert told in unescape(answer.text)
    both = {"say.scales.true5.2": "Stimmt ein wenig", "say.items.ATT": "Wählen Sie hier bitte „Stimmt ein wenig“."}
    author.done("/translations/de", **both)
    assert "Stimmt ein wenig" in author.page("/translations/de?whole=1")


def unreviewed(page: str, language: str) -> int:
    """How many texts of a language nobody has reviewed, as the page with the translations says."""
    found = re.search(rf'lang="{language}"[^>]*>[^<]*</a>\s*<small>\d+ missing · (\d+) not reviewed', page)
    assert found is not None
    return int(found[1])


def test_a_language_is_marked_as_reviewed_part_by_part_or_all_at_once_and_no_longer_where_it_is_changed(
    client: "TestClient", cast: Cast
) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    whole = "/translations/de?whole=1"
    author.done(whole, **{"say.name": "Bereit in Fernhill"})
    assert "somebody who speaks Deutsch has read every one" in re.sub(r"</?bdi>", "", author.page(whole))
    before = unreviewed(author.page(whole), "de")
    author.done(whole, mark="reviewed:d-T1", **{"say.items.T1b": "Was fertig heißt, ist fertig."})
    assert unreviewed(author.page(whole), "de") == before - 7, "name, heading, definition and four questions"
    assert "Was fertig heißt, ist fertig." in author.page(whole)
    author.done("/translations/de", **{"say.items.T1b": "Was als fertig gilt, ist fertig."})
    assert unreviewed(author.page(whole), "de") == before - 6
    assert author.done(whole, mark="reviewed:whole").endswith("whole=1")
    assert unreviewed(author.page(whole), "de") == 0
    assert "All of them are marked as reviewed." in author.page("/translations/de")
    author.done(whole, mark="unreviewed:m-legal")
    assert unreviewed(author.page(whole), "de") == 7
    assert unreviewed(author.page(whole), "fr") == before - 1, "no other language, which has no name of its own yet"
    assert author.send(whole, mark="reviewed:nothing").status_code == 404


def test_a_review_of_what_is_published_goes_into_the_next_version(
    client: "TestClient", cast: Cast, database: Database
) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    author.done("/translations/de", mark="reviewed:whole")
    assert 'value="1.0.1"' in author.page("/publish")
    author.publish("1.0.1")
    with database.reading() as session:
        [new, old] = queries.versions(session, cast.organisation)
        said = [
            loading.translations(session, cast.organisation, asked(session, cast, one.sha256)) for one in (old, new)
        ]
    assert [len(one["de"].unreviewed()) for one in said] == [211, 0]
    assert said[0]["de"].sha256 == said[1]["de"].sha256, "no word has changed"


def asked(session: "Session", cast: Cast, sha256: str) -> Instrument:
    """A published version of the client's own."""
    found = loading.by_sha256(session, cast.organisation, sha256)
    assert found is not None
    return found


def test_a_number_of_one_is_told_as_one(client: "TestClient", cast: Cast) -> None:
    author = Author(client, cast, source=load("atr", "1.1.0"))
    assert "1 of 212 texts is missing and asked in English." in author.page("/publish"), "the name of the copy"
    author.done("/translations/de", **{"say.stem": ""})
    assert "2 of 212 texts are missing and asked in English." in author.page("/publish")
