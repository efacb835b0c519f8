"""A consultant copies a template for a client, changes it, sees it filled, and makes documents from it."""

from html import unescape
from typing import TYPE_CHECKING

import pytest
import yaml

from app.db import Database
from app.documents import about_client, about_work, flow, keeping, owned
from app.documents.fields import ROWS, VALUES
from app.documents.known import case, known
from app.documents.own import fault_of, faults, parsed, read_tree
from app.documents.reading import LibraryError
from app.documents.service import Author
from app.documents.template import Subject
from app.errors import ConflictError
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.documents.stage import a_workflow
from tests.documents.stage import address as document
from tests.drafting.stage import TITLE, a_tree, address, form_of, own_template, posted

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture
def ada(client: "TestClient") -> "TestClient":
    return sign_in(client, "Ada")


def test_a_copy_is_changed_looked_at_brought_into_use_and_a_document_is_made_from_it(
    ada: "TestClient", cast: Cast
) -> None:
    new = f"{address(cast)}/new?source=decision_log"
    said = {"title__en": TITLE, "title__de": "Was wir beschlossen haben", "n0__kind": "text"}
    said |= {"n0__label__en": "House rule", "n0__said__en": "At {client} two people decide.", "n0__order": "1"}
    form = form_of(ada, new, **said)
    looked = ada.post(f"{address(cast)}/look", data=form)
    assert "At Fernhill Instruments (fictional) two people decide." in unescape(looked.text)
    kept = posted(ada, f"{address(cast)}/new", form)
    assert kept.status_code == 200
    assert "The draft is kept" in kept.text
    code = kept.url.path.rsplit("/", 1)[1]
    assert code == "own_decision_log"
    listed = f"/organisations/{cast.organisation}/documents"
    assert TITLE not in ada.get(listed).text
    used = posted(ada, f"{address(cast, code)}/state", {"do": "use", "seen": "1"})
    assert "It is in use" in used.text
    page = ada.get(listed).text
    assert TITLE in page
    assert "Decision log" not in page
    made = unescape(ada.get(document(cast, cast.organisation, code)).text)
    assert "House rule" in made
    assert "At Fernhill Instruments (fictional) two people decide." in made
    german = ada.get(document(cast, cast.organisation, code) + "?words=de").text
    assert "Was wir beschlossen haben" in german
    docx = ada.get(document(cast, cast.organisation, code, "document.docx"))
    assert docx.content.startswith(b"PK")


def test_documents_that_were_saved_stay_when_their_template_is_in_use_no_more(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
) -> None:
    mine = own_template(database, cast.organisation, clock())
    at = document(cast, cast.organisation, mine.code)
    sent = form_of(ada, f"{at}/edit")
    assert posted(ada, f"{at}/edit", sent).status_code == 200
    retired = posted(ada, f"{address(cast, mine.code)}/state", {"do": "retire", "seen": "2"})
    assert "in use no more" in retired.text
    page = ada.get(f"/organisations/{cast.organisation}/documents").text
    assert TITLE in page
    assert "Decision log" in page
    assert "The template of this document is in use no more" in ada.get(at).text
    never = ada.get(f"{at}?words=de")
    assert never.status_code == 404
    assert "nothing was saved of it in this language" in never.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title__en": "Of {client}"}, "can’t be filled in here"),
        ({"title__en": ""}, "a text of 1 to"),
        (
            {"n0__kind": "text", "n0__label__en": "A", "n0__said__en": "{qqq} it"},
            "nothing called {qqq}; the page",
        ),
        ({"n0__kind": "text", "n0__label__en": "A", "n0__said__en": "{cliemt}"}, "{cliemt}; nearly alike is client"),
        ({"n0__kind": "text", "n0__label__en": "A", "n0__said__en": "{client.__class__}"}, "around a name alone"),
        ({"n0__kind": "text", "n0__label__en": "A", "n0__said__en": "{client!r} {"}, "around a name alone"),
        ({"n0__kind": "text", "n0__label__en": "A", "n0__said__en": "<b>x</b>"}, "without markup"),
        ({"n0__kind": "text", "n0__label__en": "A", "n0__said__en": "{client}", "n0__said__de": "x"}, "are not those"),
        ({"n0__kind": "table", "n0__label__en": "A", "n0__said__en": "One"}, "two columns or more"),
        ({"n0__kind": "text", "n0__label__en": ""}, "a text of 1 to"),
    ],
)
def test_a_wrong_place_is_said_at_its_box_and_nothing_that_was_typed_is_lost(
    ada: "TestClient", cast: Cast, typed: dict[str, str], said: str
) -> None:
    form = form_of(ada, f"{address(cast)}/new?source=decision_log", **{"about__en": "Kept all the same", **typed})
    answer = ada.post(f"{address(cast)}/new", data=form)
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert said in text
    assert "Kept all the same" in text
    assert 'class="error"' in text or "two columns" in said
    assert ada.get(address(cast)).text.count("own-templates/own_") == 0


def test_two_people_who_change_one_template_lose_nothing(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
) -> None:
    mine = own_template(database, cast.organisation, clock(), used=False)
    at = address(cast, mine.code, "change")
    first, second = form_of(ada, at, title__en="First"), form_of(ada, at, title__en="Second")
    assert posted(ada, at, first).status_code == 200
    late = ada.post(at, data=second)
    assert late.status_code == 409
    assert "Ada saved this template while you were writing" in late.text
    assert 'value="Second"' in late.text
    again = {**second, "seen": "2"}
    assert posted(ada, at, again).status_code == 200
    assert posted(ada, at, again).status_code == 200, "what is sent twice is there already"
    assert "Second" in ada.get(address(cast, mine.code)).text


def test_a_template_leaves_as_a_file_and_comes_back_as_one(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
) -> None:
    mine = own_template(database, cast.organisation, clock())
    file = ada.get(address(cast, mine.code, "file.yaml"))
    written = yaml.safe_load(file.content)
    assert written["document"] == mine.code
    assert written["instead_of"] == "decision_log"
    written["title"]["en"] = "Changed elsewhere"
    sent = {"file": ("x.yaml", yaml.safe_dump(written), "application/yaml")}
    taken = posted(ada, f"{address(cast)}/import", files=sent)
    assert "The draft is kept" in taken.text
    assert "Changed elsewhere" in taken.text
    twice = ada.post(f"{address(cast)}/import", files=sent)
    assert twice.status_code == 422
    assert "is being changed" in twice.text
    written["document"] = "own_from_afar"
    del written["instead_of"]
    other = posted(
        ada, f"{address(cast)}/import", files={"file": ("x.yaml", yaml.safe_dump(written), "application/yaml")}
    )
    assert other.url.path.endswith("own_from_afar")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "Choose a file"),
        (b"\xff\xfe\x00", "is no text"),
        (b"title: [", "can’t be read as YAML"),
        (b"a: &x [1]\nb: *x\n", "line 1 has a name or a type"),
        (b"- 1", "fields with names are needed"),
        (b"[" * 5000, "can’t be read as YAML"),
        (b"subject: client\ntitle: Log\nabout: Why\nparts: 3\n", "parts is a list"),
        (b"subject: client\ntitle: Log\nabout: Why\nparts: [7]\n", "begins with one of"),
        (
            b"subject: client\ntitle: Log\nabout: Why\nparts: [{text: a_b, label: L, fill: '{work}'}]\n",
            "p1.fill.en: th",
        ),
        (b"subject: client\ntitle: Log\nabout: Why\nparts: [{table: a_b, label: L, rows: moons}]\n", "no rows moons"),
        (b"subject: client\ntitle: 2026-01-01\nabout: Why\nparts: [{heading: L}]\n", "title"),
        (b"subject: client\ntitle: Log\nabout: Why\n1: 2\nnull: 3\nparts: [{heading: L}]\n", "there is no field"),
        (b"subject: client\ninstead_of: raci\ntitle: Log\nabout: Why\nparts: [{heading: L}]\n", "instead_of is one of"),
    ],
    ids=lambda one: one if isinstance(one, str) else "file",
)
def test_a_file_that_is_no_template_is_refused_in_a_sentence(
    ada: "TestClient", cast: Cast, text: bytes, said: str
) -> None:
    answer = ada.post(f"{address(cast)}/import", files={"file": ("x.yaml", text)})
    assert answer.status_code == 422
    assert said in unescape(answer.text)


def test_templates_of_another_client_are_taken_over_once_as_drafts_by_whoever_runs_both(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
) -> None:
    theirs = own_template(database, cast.other, clock())
    others = f"/organisations/{cast.organisation}/own-templates-of-others"
    assert TITLE not in ada.get(others).text
    assert ada.post(others, data={"client": str(cast.other), f"take-{theirs.id}": "yes"}).status_code == 404
    with database.writing() as session:
        for _ in range(2):
            keeping.take_over(session, cast.organisation, [theirs.id], of=cast.other, author=Author("Ada", clock()))
        [mine] = owned.own_templates(session, cast.organisation)
    assert (mine.state, mine.origin, mine.code) == ("draft", theirs.id, theirs.code)
    assert str(cast.other) not in ada.get(address(cast, mine.code)).text


def test_two_templates_do_not_stand_in_one_place(cast: Cast, database: Database, clock: Clock) -> None:
    own_template(database, cast.organisation, clock())
    with pytest.raises(ConflictError, match="stands in the same place already"):
        own_template(database, cast.organisation, clock())


def test_a_draft_that_was_never_in_use_is_deleted_and_another_one_given_up(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
) -> None:
    mine = own_template(database, cast.organisation, clock())
    at = address(cast, mine.code)
    ada.post(f"{at}/change", data=form_of(ada, f"{at}/change", title__en="Another"))
    assert "Another" in ada.get(at).text
    ada.post(f"{at}/state", data={"do": "give_up", "seen": "3"})
    assert "Another" not in ada.get(at).text
    assert ada.post(f"{at}/state", data={"do": "retire", "seen": "3"}).status_code == 409
    draft = own_template(database, cast.organisation, clock(), {**a_tree(), "title": {"en": "Draft"}}, used=False)
    gone = posted(ada, f"{address(cast, draft.code)}/state", {"do": "give_up", "seen": "1"})
    assert "The draft is deleted" in gone.text
    assert ada.get(address(cast, draft.code)).status_code == 404


def test_a_file_that_asks_for_what_this_program_does_not_know_is_left_out_and_said(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
) -> None:
    mine = own_template(database, cast.organisation, clock())
    with database.writing() as session:
        row = keeping._row(session, cast.organisation, mine.code)
        row.file = row.file.replace("{next_day}", "{planet}")
        assert fault_of(row.file)
    page = ada.get(address(cast, mine.code))
    assert "can’t be read any more" in page.text
    listed = ada.get(f"/organisations/{cast.organisation}/documents")
    assert listed.status_code == 200
    assert "Decision log" in listed.text


@pytest.mark.lived_in
def test_the_names_that_templates_may_use_are_those_that_data_have(
    cast: Cast, database: Database, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    with database.reading() as session:
        there = known(session, cast.organisation, now=clock())
    for id in (cast.organisation, cast.departments["Legal"], work):
        about = case(there, id)
        subject: Subject = "workflow" if about.work else "client"
        values: dict[str, object] = dict(about_client.about_client(about))
        rows = dict(about_client.rows_of(about))
        if about.work:
            values |= about_work.about_work(about)
            rows |= flow.rows_of(about)
        assert set(values) == VALUES[subject]
        assert set(rows) == set(ROWS[subject])
        for name, every in rows.items():
            assert all(set(one.knows) == ROWS[subject][name] for one in every), name


def test_everything_that_is_wrong_with_a_template_is_said_at_once() -> None:
    tree = a_tree()
    tree["parts"] = [{"text": "first", "label": "A", "fill": "{x}"}, {"text": "second", "label": "", "fill": "{y}"}]
    found = faults({**tree, "document": "own_x", "version": "1.0.0"})
    assert set(found) == {"p1.fill.en", "p2.label.en", "p2.fill.en"}


def test_words_that_are_missing_in_german_are_the_english_ones() -> None:
    tree = parsed("x", "document: own_x\nversion: 1.0.0\nsubject: client\ntitle: {en: Log}\nabout: {en: Why}\n"
                       "parts: [{heading: {en: Here}}]\n")  # fmt: skip
    assert read_tree(tree).title.words["de"] == "Log"
    with pytest.raises(LibraryError, match="characters; 200.000 is the most"):
        parsed("x", "a" * 200_001)
