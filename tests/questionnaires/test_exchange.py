"""A questionnaire leaves as one ZIP file and comes in again; what is wrong in a file is named, and nothing is kept."""

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.db import Database
from app.questionnaires import drafts, exchange, queries
from app.questionnaires.drafts import Draft
from app.questionnaires.exchange import UnreadableError
from surveys.archive import Archive, pack, shelve, unpack
from surveys.canonical import canonical
from surveys.load import load
from tests.cast import Cast
from tests.places import START
from tests.questionnaires.test_authoring import Author

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient


@pytest.fixture
def author(client: "TestClient", cast: Cast) -> Author:
    return Author(client, cast, source=load("atr", "1.1.0"))


def take_over(author: Author, data: bytes, name: str = "") -> "Response":
    return author.client.post(
        f"{author.all}/import", files={"file": ("questionnaire.zip", data)}, data={"import-name": name}
    )


def names(database: Database, cast: Cast) -> list[str]:
    with database.reading() as session:
        return [one.name for one in queries.instruments(session, cast.organisation)]


def test_what_was_exported_comes_in_again_with_its_translations(author: Author, database: Database, cast: Cast) -> None:
    author.done("/questions/new", module="legal", text="We know our tools.", relates_to="R3")
    author.done("/questions/LEG7", text="We know our tools.", relates_to="R3", **{"text-de": "Wir kennen sie."})
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    author.done("", do="remove:LEG1")
    answer = author.client.get(f"{author.draft}/export.zip")
    assert answer.headers["content-type"] == "application/zip"
    archive = unpack("file", answer.content)
    assert [one.edition.instrument.version for one in archive.shelved] == ["1.0.0", "1.1.0"]
    assert archive.newest.translations["de"].texts["items.LEG7"] == "Wir kennen sie."
    taken = take_over(author, answer.content, name="The same again")
    assert taken.status_code == 303, unescape(taken.text)
    page = unescape(author.client.get(taken.headers["location"]).text)
    assert "We know our tools." in page
    assert "begun from Readiness at Fernhill, version 1.0.0" in page
    assert "Wir kennen sie." in author.client.get(taken.headers["location"] + "/questions/LEG7").text
    assert names(database, cast) == ["Readiness at Fernhill", "The same again"]


def test_a_name_that_is_taken_is_asked_for_again(author: Author) -> None:
    content = author.client.get(f"{author.draft}/export.zip").content
    again = take_over(author, content)
    assert again.status_code == 422
    assert "There is already a questionnaire called Readiness at Fernhill." in unescape(again.text)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Choose a file."),
        (b"instrument: [", "core.yaml, line"),
        (b"a: &a [x]\nb: [*a, *a]", "core.yaml"),
        ("name: „Größe“".encode("cp1252", "replace"), "UTF-8"),
        (b"PK\x03\x04 not a zip", "The file"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused_and_nothing_is_kept(
    author: Author, database: Database, cast: Cast, data: bytes, told: str
) -> None:
    answer = take_over(author, data, name="Typed name")
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert told in page
    assert 'value="Typed name"' in page
    assert names(database, cast) == ["Readiness at Fernhill"]


def test_a_published_question_with_other_words_is_refused_by_its_id(
    author: Author, database: Database, cast: Cast
) -> None:
    content = author.client.get(f"{author.draft}/export.zip").content
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        core = next(name for name in before.namelist() if name.endswith("core.yaml"))
        text = before.read(core).decode().replace(load("atr", "1.1.0").item("T1a").text, "Agents do it all.")
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        folder = core.split("/", 1)[0]
        files = {
            name.removeprefix(f"{folder}/"): before.read(name)
            for name in before.namelist()
            if name.startswith(folder) and "translations" not in name
        }
    packed.write(pack(Archive((shelve(files | {"core.yaml": text.encode()}),))))
    answer = take_over(author, packed.getvalue(), name="Reworded")
    assert answer.status_code == 422
    assert "item T1a: it was published with other words" in unescape(answer.text)
    assert names(database, cast) == ["Readiness at Fernhill"]


def test_what_is_wrong_with_a_file_is_said_in_german_with_file_line_and_item(author: Author) -> None:
    author.client.headers["accept-language"] = "de"
    core = author.client.get(f"{author.draft}/export.zip").content
    with zipfile.ZipFile(io.BytesIO(core)) as file:
        text = next(file.read(name) for name in file.namelist() if name.endswith("core.yaml")).decode()
    twice = text.replace("id: T1b", "id: T1a", 1).replace("anchor: true", "anchor: 7", 1)
    told = unescape(take_over(author, twice.encode()).text)
    assert "Es wurde nichts übernommen: Die Datei lässt sich nicht als Fragebogen lesen." in told
    assert re.search(r"core\.yaml, Zeile \d+, Frage T1a: eine andere Frage hat schon diese Kennung", told)
    assert re.search(
        r"core\.yaml, Zeile \d+, Frage T1\w: „anchor“ muss true oder false sein, nicht eine ganze Zahl", told
    )
    assert "Die Datei: Das ist keine ZIP-Datei" in unescape(take_over(author, b"PKxxxx").text)
    assert "Zeile 1: anchors" not in unescape(take_over(author, b"name: &a x").text)


def test_a_draft_with_mended_translations_leaves_and_comes_in_again_also_after_a_published_version(
    author: Author, database: Database, cast: Cast
) -> None:
    # A question that no other test publishes: what is kept of published translations is kept by the version's hash.
    author.done("/questions/new", module="legal", text="We mend what is wrong.", relates_to="R3")
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    mended = {"say.items.T1a": "KI-Agenten können unsere Routine.", "say.scales.true5.5": "Stimmt ganz"}
    author.done("/translations/de", **mended)
    content = author.client.get(f"{author.draft}/export.zip").content
    sent = unpack("file", content).newest.translations["de"]
    assert sent.corrected == {"items.T1a", "scales.true5.5"}
    taken = take_over(author, content, name="The same again")
    assert taken.status_code == 303, unescape(taken.text)
    again = drafted(database, cast, taken)
    assert again.instrument.dimensions == unpack("file", content).newest.instrument.dimensions
    for language, before in unpack("file", content).newest.translations.items():
        now = again.translation(language)
        assert now is not None
        assert (now.texts, now.state, now.reviewed) == (before.texts, before.state, before.reviewed)
    assert [one.path for one in again.retold] == ["scales.true5.5", "items.T1a"]


def test_a_questionnaire_comes_in_again_where_another_one_has_other_words_under_an_id_of_its_own(
    author: Author, cast: Cast
) -> None:
    author.done("/questions/new", module="legal", text="We know our tools.", relates_to="R3")
    author.done("/questions/new", module="legal", text="We have a lawyer.", relates_to="R3")
    author.publish("1.0.0")
    other = author.client.post(author.all, data={"name": "Other", "source": author.source.sha256})
    author.draft = other.headers["location"]
    author.done("/questions/new", module="legal", text="We ask for help.", relates_to="R3")
    author.done("/questions/new", module="legal", text="We have a lawyer.", relates_to="R3")
    content = author.client.get(f"{author.draft}/export.zip").content
    taken = take_over(author, content, name="Other again")
    assert taken.status_code == 303, unescape(taken.text)


def test_a_name_that_is_typed_takes_the_place_of_the_old_one_in_every_language(
    author: Author, database: Database, cast: Cast
) -> None:
    author.done("/translations/de", **{"say.name": "Bereit in Fernhill"})
    content = author.client.get(f"{author.draft}/export.zip").content
    renamed = drafted(database, cast, take_over(author, content, name="Ready at Fernhill"))
    assert "name" not in renamed.texts["de"].texts


def test_a_draft_with_everything_in_it_comes_in_again_as_it_left(
    author: Author, database: Database, cast: Cast
) -> None:
    author.done("/questions/new", module="other", name='Work: "odd" #1', text="We know: it's fine.", relates_to="T1")
    author.done("/questions/LEG2", text="A lawyer - any lawyer - signs.", relates_to="T4")
    for deed in ("up:LEG3", "remove:LEG4", "remove:T1c"):
        author.done("", do=deed)
    said = {
        "say.items.OTH1": "نعرف: كل شيء «جيد».",
        "say.items.LEG2@2": "",
        "say.stem": "",
        "say.name": "الاستعداد: #1",
    }
    author.done("/translations/ar?whole=1", mark="reviewed:m-hr", **said)
    author.done("/translations/fr?whole=1", mark="reviewed:whole")
    content = author.client.get(f"{author.draft}/export.zip").content
    taken = author.client.get(take_over(author, content, name="Once more").headers["location"] + "/export.zip").content
    left, back = (unpack("file", one).newest for one in (content, taken))
    named = replace(back.instrument, key=left.instrument.key, name=left.instrument.name)
    assert canonical(named) == canonical(left.instrument)
    assert back.translations.keys() == left.translations.keys()
    for language, before in left.translations.items():
        now = back.translations[language]
        texts = {path: text for path, text in before.texts.items() if path != "name"}
        assert dict(now.texts) == texts, "without the name, which is another one"
        assert now.unreviewed() == tuple(path for path in before.unreviewed() if path != "name")


def history_of(author: Author) -> bytes:
    """The archive of a questionnaire with two published versions and a draft."""
    author.done("/questions/new", module="legal", text="We keep a list of tools.", relates_to="R3")
    author.done(
        "/questions/LEG7", text="We keep a list of tools.", relates_to="R3", **{"text-de": "Wir führen Listen."}
    )
    author.publish("1.0.0")
    author.client.post(f"{author.draft}/begin")
    author.done("/questions/LEG2", text="A lawyer reads whatever an agent drafts.", relates_to="R3")
    author.publish("1.1.0")
    author.client.post(f"{author.draft}/begin")
    author.done("", do="remove:T1d")
    return bytes(author.client.get(f"{author.draft}/export.zip").content)


@pytest.mark.both
def test_an_archive_with_its_history_comes_in_whole_and_leaves_as_the_same_bytes(
    author: Author, database: Database, cast: Cast
) -> None:
    content = history_of(author)
    with database.writing() as session:
        place = {"organisation_id": cast.other, "user_id": cast.ben}
        taken = exchange.imported(session, **place, name="", data=content, now=START)
    with database.reading() as session:
        name, again = exchange.exported(session, organisation_id=cast.other, instrument_id=taken)
        versions = queries.versions(session, cast.other, instrument_id=taken)
        there = queries.versions(session, cast.organisation, instrument_id=author.id)
        draft = drafts.draft(session, cast.other, taken)
    assert again == content
    assert name.endswith("-1.2.0.zip")
    assert [(one.version, one.sha256, one.derived_from) for one in versions] == [
        (one.version, one.sha256, one.derived_from) for one in there
    ]
    assert draft.base.version == "1.1.0"


def test_an_archive_whose_key_or_name_is_taken_becomes_a_draft_or_is_asked_for_another_name(
    author: Author, database: Database, cast: Cast
) -> None:
    content = history_of(author)
    assert take_over(author, content).status_code == 422, "the client has it already"
    renamed = drafted(database, cast, take_over(author, content, name="Another one"))
    assert renamed.facts.newest is None
    assert names(database, cast) == ["Another one", "Readiness at Fernhill"]


def test_a_history_with_other_words_under_a_published_id_is_not_taken_over(
    author: Author, database: Database, cast: Cast
) -> None:
    first, *_ = unpack("file", history_of(author)).shelved
    core = first.files["core.yaml"].replace(b"Agents cope when our work", b"Agents manage when our work")
    forged = shelve(
        {"core.yaml": core, **{n: d for n, d in first.files.items() if n != "core.yaml"}}, published=frozenset()
    )
    data = pack(Archive((forged,)))
    place = {"organisation_id": cast.other, "user_id": cast.ben}
    with database.writing() as session, pytest.raises(UnreadableError) as caught:
        exchange.imported(session, **place, name="", data=data, now=START)
    assert "item T1c: it was published with other words" in caught.value.problems[0]
    with database.reading() as session:
        assert queries.instruments(session, cast.other) == ()


def drafted(database: Database, cast: Cast, taken: "Response") -> Draft:
    """The draft that was begun from a file."""
    with database.reading() as session:
        return drafts.draft(session, cast.organisation, UUID(taken.headers["location"].rsplit("/", 1)[1]))
