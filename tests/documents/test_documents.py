"""Documents through HTTP: filled from the data, changed, saved as versions, shared, and what can't be."""

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from docx import Document

from app.accounts import service as accounts
from app.clients import service as clients
from app.db import Database
from app.documents import queries
from app.workflows import queries as inventory
from app.workflows import service as workflows
from app.workflows.facts import Facts
from app.workflows.service import Author
from tests.autonomy.stage import issue
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.documents.stage import KNOWN, NAME, a_workflow, address, form_of
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def words_of(content: bytes) -> str:
    """All words of a text document, in its body and its foot."""
    paper = Document(io.BytesIO(content))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    foot = (one.text for one in paper.sections[0].footer.paragraphs)
    return "\n".join((*(one.text for one in paper.paragraphs), *cells, *foot))


def of_client(database: Database, cast: Cast) -> tuple[queries.DocumentFacts, ...]:
    with database.reading() as session:
        return queries.documents(session, cast.organisation)


def member(database: Database, cast: Cast, clock: Clock, role: str, department: UUID | None = None) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role=role, department_id=department)  # type: ignore[arg-type]  # a role


@pytest.mark.lived_in
def test_every_document_is_filled_and_can_be_read_changed_and_downloaded_in_both_languages(
    ada: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    issue(database, cast, clock)
    every = [
        (subject, one)
        for subject, at in (
            (cast.organisation, f"/organisations/{cast.organisation}/documents"),
            *((one, address(cast, one)) for one in (cast.departments["Legal"], work)),
        )
        for one in re.findall(rf"documents/{subject}/([a-z_]+)\"", ada.get(at).text)
    ]
    assert len(every) == 4 + 4 + 8
    for subject, one in every:
        for language in ("en", "de"):
            at = address(cast, subject, one)
            page = ada.get(f"{at}?words={language}")
            assert page.status_code == 200, (one, page.text)
            assert "{" not in plain(page.text), one
            assert ada.get(f"{at}/edit?words={language}").status_code == 200
            file = ada.get(f"{at}/document.docx?words={language}")
            assert file.headers["content-type"].endswith("wordprocessingml.document")
            assert "release 1" in words_of(file.content) or language == "de", one
    assert of_client(database, cast) == ()


def test_what_nobody_has_said_names_the_page_that_says_it(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock, Facts(), name="Review an agreement")
    page = ada.get(address(cast, work, "pilot_charter")).text
    form = f"/organisations/{cast.organisation}/workflows/{work}/change"
    assert f'href="{form}">Not known yet: what begins it. It is said on the page of the workflow.' in page
    assert f'href="/organisations/{cast.organisation}/autonomy">Not known yet: how far agents may go in it.' in page
    assert "Not known yet: who leads Legal. It is said on the page “People with access”." in plain(page)
    file = ada.get(address(cast, work, "pilot_charter", "document.docx")).content
    assert "[Not known yet: what begins it." in words_of(file)


def test_a_name_with_markup_stands_in_page_drawing_and_file_as_it_was_typed(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock, replace(KNOWN, trigger='<script>alert("x")</script>'))
    page = ada.get(address(cast, work, "workflow_map")).text
    assert "<script>alert" not in page
    assert NAME in unescape(page)
    assert NAME in words_of(ada.get(address(cast, work, "workflow_map", "document.docx")).content)
    sent = form_of(ada, address(cast, work, "workflow_map", "edit"), t__now__gather__step="<b>Look</b> & \x0bfind")
    assert ada.post(address(cast, work, "workflow_map", "edit"), data=sent).status_code == 303
    drawing = ada.get(address(cast, work, "workflow_map", "flow_now.svg"))
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "<b>" not in drawing.text
    assert "&lt;b&gt;Look" in drawing.text
    assert "Look" in words_of(ada.get(address(cast, work, "workflow_map", "document.docx")).content)


def test_what_a_person_wrote_stays_and_all_else_follows_the_data(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    at = address(cast, work, "pilot_charter")
    sent = form_of(ada, f"{at}/edit", t__systems="Ledger only", t__starts="1 December")
    assert ada.post(f"{at}/edit", data=sent).status_code == 303
    page = plain(ada.get(at).text)
    assert "Ledger only written by Ada" in page
    assert "1 December written by Ada" in page
    assert "An invoice arrives written by" not in page
    with database.writing() as session:
        author = Author(name="Ada", way="console", now=clock.advance(minutes=1))
        facts = replace(KNOWN, systems=("Ledger", "Archive"), trigger="A mail arrives")
        seen = inventory.workflow(session, cast.organisation, work)
        wanted = workflows.Wanted(department_id=seen.department_id, name=seen.name, facts=facts)
        workflows.change(session, cast.organisation, work, wanted, author=author, seen=seen.version)
    page = plain(ada.get(at).text)
    assert "Ledger only written by Ada The data now say: Ledger and Archive" in page
    assert "A mail arrives" in page
    assert "The data have changed in 1 place since this version" in page
    assert "An invoice arrives" in words_of(ada.get(f"{at}/document.docx").content), "files hold what was saved"
    sent = {**form_of(ada, f"{at}/edit"), "take.systems": "yes"}
    assert ada.post(f"{at}/edit", data=sent).status_code == 303
    page = plain(ada.get(at).text)
    assert "Ledger and Archive" in page
    assert "Ledger only" not in page
    assert "1 December written by Ada" in page
    assert "Ledger only" in plain(ada.get(f"{at}?version=1").text)
    file = words_of(ada.get(f"{at}/document.docx").content)
    assert "A mail arrives" in file
    assert "version 2" in file


@pytest.mark.lived_in
def test_what_is_not_issued_yet_has_no_day_and_is_not_new_each_morning(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    a_workflow(database, cast, clock)  # so that no draft of the worker holds
    at = address(cast, cast.organisation, "decision_log")
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit", t__scope="All of it")).status_code == 303
    clock.advance(days=1)
    sign_in(ada, "Ada")
    assert "The data have changed" not in ada.get(at).text
    issue(database, cast, clock)
    assert "The data have changed" in ada.get(at).text


def test_a_form_that_is_sent_twice_or_says_nothing_new_makes_one_version(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    at = address(cast, cast.organisation, "stakeholder_map")
    sent = form_of(ada, f"{at}/edit")
    own = next(name for name in sent if re.fullmatch(r"t\.others\.own\w+\.who", name))
    sent[own] = "The bank"
    assert [ada.post(f"{at}/edit", data=sent).status_code for _ in range(2)] == [303, 303]
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303
    assert [one.version for one in of_client(database, cast)] == [1]
    assert ada.get(at).text.count("The bank") == 1


def test_of_two_who_save_at_once_nothing_is_lost(ada: "TestClient", database: Database, cast: Cast) -> None:
    at = address(cast, cast.organisation, "communication_plan")
    first = form_of(ada, f"{at}/edit", t__stays="No job is lost.")
    second = form_of(ada, f"{at}/edit", t__open="Who trains whom", t__stays="Pay stays.")
    assert ada.post(f"{at}/edit", data=first).status_code == 303
    answer = ada.post(f"{at}/edit", data=second)
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert "Ada saved version 1 while you were writing." in page
    assert "“No job is lost.”" in page
    assert "Who trains whom" in page
    assert "Pay stays." in page
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    again |= {name: unescape(words).removeprefix("\n") for name, words in
              re.findall(r'name="(t\.[^"]+)"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)}  # fmt: skip
    assert ada.post(f"{at}/edit", data=again).status_code == 303
    page = plain(ada.get(at).text)
    assert "Pay stays." in page
    assert "Who trains whom" in page
    assert "No job is lost." in plain(ada.get(f"{at}?version=1").text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"t__steps__prepare__agent": "A"},
            "“Do the work”: an agent answers for nothing.",
        ),
        ({"t__steps__prepare__doer": "A R"}, "“Do the work” has more than one A."),
        ({"t__steps__begin__process_owner": ""}, "“It begins” has no A. Say which one person answers for it."),
        ({"t__steps__begin__doer": ""}, "“It begins” has no R. Say who does it."),
        ({"t__steps__approve__doer": "R"}, "“Who does the work” prepares and approves."),
        (
            {"t__people__doer__name": "Dana  Doe", "t__people__approver__name": "dana doe"},
            "dana doe prepares and approves. Name two people for that.",
        ),
        ({"t__handover": "x" * 2001}, "has 2001 characters. Use at most 2000."),
    ],
)
def test_who_answers_for_what_is_refused_where_it_can_not_be_and_keeps_what_was_typed(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock, changes: dict[str, str], said: str
) -> None:
    at = address(cast, a_workflow(database, cast, clock), "raci")
    answer = ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit", t__scope="My scope", **changes))
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert said in page
    assert "My scope" in page
    assert of_client(database, cast) == ()


def test_who_answers_for_what_is_possible_as_it_is_proposed(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    at = address(cast, a_workflow(database, cast, clock), "raci")
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303


def test_a_line_that_is_left_out_stays_out_until_it_is_taken_back(ada: "TestClient", cast: Cast) -> None:
    at = address(cast, cast.organisation, "training_plan")
    row = f"departments.{cast.departments['Tax']}"
    assert ada.post(f"{at}/edit", data={**form_of(ada, f"{at}/edit"), f"out.{row}": "yes"}).status_code == 303
    assert "Tax" not in plain(ada.get(at).text)
    assert f'name="out.{row}" value="yes" aria-label="Leave out: Tax" checked' in ada.get(f"{at}/edit").text
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303
    assert "Tax" in plain(ada.get(at).text)


@pytest.mark.lived_in
def test_a_document_is_read_by_the_client_once_it_and_its_result_are_shared(
    ada: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    legal, whole = (address(cast, one, "training_plan") for one in (cast.departments["Legal"], cast.organisation))
    for at in (legal, whole):
        assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303
    refused = ada.post(legal, data={"do": "share", "version": "1"})
    assert refused.status_code == 409
    assert "which is not shared with the client. Share that result first, then the document." in refused.text
    ada.post(f"/organisations/{cast.organisation}/waves/{lived_in.closed}/share", data={"do": "share"})
    for at in (legal, whole):
        assert ada.post(at, data={"do": "share", "version": "1"}).status_code == 303
    member(database, cast, clock, "lead", cast.departments["Legal"])
    lead = sign_in(ada, "Cleo")
    assert [lead.get(at).status_code for at in (legal, f"{legal}/document.docx", whole, f"{legal}/edit")] == [
        *(200, 200, 404, 404)
    ]
    assert lead.post(f"{legal}/edit", data={}).status_code == 404
    assert "Change this document" not in lead.get(legal).text
    listed = lead.get(address(cast, cast.organisation).rsplit("/", 1)[0]).text
    assert "Training plan" in listed
    with zipfile.ZipFile(
        io.BytesIO(lead.get(f"/organisations/{cast.organisation}/documents/all.zip").content)
    ) as there:
        assert len(there.namelist()) == 1
    sign_in(ada, "Ada").post(legal, data={"do": "take_back"})
    assert sign_in(ada, "Cleo").get(legal).status_code == 404


def test_a_document_of_another_kind_of_subject_or_of_nobody_is_not_there(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    for subject, one in (
        (work, "stakeholder_map"),
        (cast.organisation, "raci"),
        (cast.other, "decision_log"),
        (work, "x"),
    ):
        assert ada.get(address(cast, subject, one)).status_code == 404
    assert ada.get(address(cast, work, "raci") + "?version=7").status_code == 404


def test_documents_of_a_workflow_that_was_retired_stay_as_they_were_saved(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    at = address(cast, work, "runbook")
    sent = form_of(ada, f"{at}/edit", t__undo="Send it back.")
    assert ada.post(f"{at}/edit", data=sent).status_code == 303
    with database.writing() as session:
        author = Author(name="Ada", way="console", now=clock.advance(minutes=1))
        workflows.retire(session, cast.organisation, work, author=author)
    page = ada.get(at).text
    assert "It stays as it was saved." in page
    assert "Send it back." in page
    assert "Change this document" not in page
    assert ada.get(f"{at}/document.docx").status_code == 200
    assert [ada.get(f"{at}/edit").status_code, ada.post(f"{at}/edit", data=sent).status_code] == [404, 404]
    assert NAME in unescape(ada.get(f"/organisations/{cast.organisation}/documents").text)


def test_all_that_is_saved_comes_in_one_archive(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    for at in (address(cast, work, "raci"), address(cast, cast.organisation, "decision_log")):
        assert ada.post(f"{at}/edit?words=de", data=form_of(ada, f"{at}/edit?words=de")).status_code == 303
    content = ada.get(f"/organisations/{cast.organisation}/documents/all.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as there:
        assert sorted(name.rsplit("-v1-")[0] for name in there.namelist()) == [
            "fernhill-instruments-fictional-entscheidungsubersicht",
            "match-invoices-orders-daily-wer-wofur-einsteht-raci",
        ]


def test_what_is_written_of_an_owner_stays_with_their_name_whoever_comes_before_them(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    a_workflow(database, cast, clock)
    at = address(cast, cast.organisation, "stakeholder_map")
    page = ada.get(f"{at}/edit").text
    [place] = re.findall(r'name="t\.(owners\.[^"]+)\.who"[^>]*>\s*Dana Doe', page)
    [told] = [name for name in re.findall(rf'name="(t\.{place}\.[^"]+)"', page)][-1:]
    assert ada.post(f"{at}/edit", data={**form_of(ada, f"{at}/edit"), told: "Fears for her team"}).status_code == 303
    a_workflow(database, cast, clock, replace(KNOWN, owner="Aaron Abel"), name="Another")
    row = next(one for one in re.findall(r"<tr>.*?</tr>", ada.get(at).text, re.DOTALL) if "Fears for her team" in one)
    assert "Dana Doe" in row
    assert "Aaron Abel" not in row


def test_what_was_typed_into_a_line_that_the_data_lost_meanwhile_is_kept(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    at = address(cast, cast.organisation, "stakeholder_map")
    page = ada.get(f"{at}/edit").text
    [place] = re.findall(r'name="t\.(owners\.[^"]+)\.who"[^>]*>\s*Dana Doe', page)
    [told] = re.findall(rf'name="(t\.{place}\.[^"]+)"', page)[-1:]
    sent = {**form_of(ada, f"{at}/edit"), told: "Fears for her team"}
    with database.writing() as session:
        workflows.retire(session, cast.organisation, work, author=Author(name="Ada", way="console", now=clock()))
    refused = ada.post(f"{at}/edit", data={**sent, told: "x" * 2001})
    assert refused.status_code == 422
    assert "x" * 2001 in refused.text
    assert ada.post(f"{at}/edit", data=sent).status_code == 303
    row = next(one for one in re.findall(r"<tr>.*?</tr>", ada.get(at).text, re.DOTALL) if "Fears for her team" in one)
    assert "Dana Doe" in row
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303
    assert "Fears for her team" in ada.get(at).text


def test_a_form_with_120_departments_is_saved_and_kept_while_nobody_is_signed_in(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        for number in range(120):
            name = f"Branch {number}"
            clients.add_department(session, cast.organisation, name=name, parent_id=None, function="other", headcount=5,
                                   now=clock())  # fmt: skip
    at = address(cast, cast.organisation, "stakeholder_map")
    sent = form_of(ada, f"{at}/edit", t__scope="Written in an hour")
    assert len(sent) > 2000
    stranger = {**sent, "t.scope": "Written by a stranger"}
    assert ada.post(f"{at}/edit", data=sent).status_code == 303
    assert "Written in an hour" in ada.get(at).text
    ada.cookies.clear()
    assert "Written by a stranger" in ada.post(f"{at}/edit", data=stranger).text


@pytest.mark.lived_in
def test_a_small_table_of_a_text_document_is_not_parted_by_the_end_of_a_page(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    work = a_workflow(database, cast, clock)
    paper = Document(io.BytesIO(ada.get(address(cast, work, "pilot_charter", "document.docx")).content))
    small = [one for one in paper.tables if len(one.rows) <= 9]
    assert small
    for table in small:
        kept = [all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells) for row in table.rows]
        assert kept == [True] * (len(table.rows) - 1) + [False]
