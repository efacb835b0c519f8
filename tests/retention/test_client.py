"""The end of a contract: the papers first, then everything of the client is deleted, and a record stays."""

import csv
import hashlib
import io
import json
import re
import zipfile
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text
from starlette.testclient import TestClient

from app.actions import service as actions
from app.autonomy.decision import digest, load_policy
from app.autonomy.thresholds import typed_of
from app.clients.brand import mark_of, put_logo
from app.clients.service import name_pool
from app.db import Database
from app.releases import store
from app.reports import queries as reports
from app.reports import service as reporting
from app.reports.options import Options
from app.retention import export, pages, queries, words
from app.worker import Worker
from app.workflows import service as workflows
from app.workflows.facts import Facts
from app.workflows.service import Author
from app.workflows.service import Wanted as Work
from scoring.gating import GATES
from tests.actions.stage import by, facts, taken
from tests.autonomy.stage import attest, wanted
from tests.cast import ORGANISATION, OTHER_ORGANISATION, Cast, sign_in
from tests.clients.test_brand import drawn
from tests.conftest import Clock
from tests.places import START
from tests.retention import raw
from tests.world import World

pytestmark = pytest.mark.lived_in
TABLES = ("decisions/decisions.csv", "thresholds/thresholds.csv", "controls.csv", "workflows.csv", "plan.csv",
          "plan-hours.csv", "plan-records/plan-records.csv", "documents/documents.csv", "counsel.csv",
          "countries.csv")  # fmt: skip
DECIDED = ("control_attestation", "evidence_file", "autonomy_policy", "decision_record", "decision_draft", "workflow",
           "workflow_version", "client_logo")  # fmt: skip
COUNTED = ("1 attested control", "1 file that shows a control", "1 version of thresholds", "1 decision record",
           "1 workflow", "2 versions of workflows", "1 logo")  # fmt: skip


@pytest.fixture
def ada(client: TestClient) -> TestClient:
    return sign_in(client, "Ada")


def page(cast: Cast) -> str:
    return f"/organisations/{cast.organisation}/delete"


def work(database: Database, clock: Clock) -> None:
    while Worker(database, clock=clock).work_once():
        pass


def mentioned(database: Database, cast: Cast) -> dict[str, int]:
    """How many rows of each table name the cast's organisation."""
    key = cast.organisation.hex if database.is_sqlite else str(cast.organisation)
    found = {}
    with database.reading() as session:
        seen = inspect(session.connection())
        for table in seen.get_table_names():
            column = "id" if table == "organisation" else "organisation_id"
            if column in {one["name"] for one in seen.get_columns(table)}:
                statement = text(f"SELECT count(*) FROM {table} WHERE {column} = :key")
                found[table] = int(session.connection().execute(statement, {"key": key}).scalar_one())
    return found


@pytest.mark.both
def test_the_papers_hold_departments_waves_results_and_reports_and_no_answers(
    ada: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
) -> None:
    with database.writing() as session:
        release = store.latest(session, cast.organisation, lived_in.closed)
        assert release is not None
        reporting.ask(session, organisation_id=cast.organisation, release_id=release.id, options=Options(), now=clock())
        session.connection().execute(
            text("UPDATE report_file SET state = 'done', content = :content, sha256 = 'x'"), {"content": b"%PDF-1.7 a"}
        )
        [asked] = reports.reports(session, cast.organisation, release.id)
        members = [cast.departments["HR"], cast.departments["Ethics"]]
        name_pool(session, cast.organisation, name="Staff teams", members=members)
        session.connection().execute(text("UPDATE department SET site = 'Quay' WHERE name = 'HR'"))
    assert asked.state == "done"
    answer = ada.get(f"/organisations/{cast.organisation}/export.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="plumbline-Fernhill-Instruments-fictional-2026-10-05.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert set(files) == {
        "READ-ME.txt",
        "departments.csv",
        "waves.csv",
        "releases/Readiness-2026-Q3-release-1.json",
        "reports/Readiness-2026-Q3-release-1-en-A4.pdf",
        *TABLES,
    }
    assert files["releases/Readiness-2026-Q3-release-1.json"] == release.raw
    assert files["reports/Readiness-2026-Q3-release-1-en-A4.pdf"] == b"%PDF-1.7 a"
    departments = list(csv.DictReader(io.StringIO(files["departments.csv"].decode("utf-8-sig"))))
    told = [(row["department"], row["parent"], row["headcount"], row["pool"], row["site"]) for row in departments]
    assert {("Tax", "Finance", "4", "", ""), ("HR", "", "6", "Staff teams", "Quay")} <= set(told)
    assert len(departments) == len(cast.departments)
    waves = list(csv.DictReader(io.StringIO(files["waves.csv"].decode("utf-8-sig"))))
    told_of = [(row["wave"], row["state"], row["retention_months"]) for row in waves]
    assert told_of == [("2026-Q4", "open", "12"), ("2026-Q3", "closed", "12")]
    for id in raw.ids(database, "SELECT id FROM answer_sheet")[:5]:
        assert not any(str(id).encode() in content or id.hex.encode() in content for content in files.values())


def decided(ada: TestClient, database: Database, cast: Cast, clock: Clock) -> None:
    """A control attested with a file and withdrawn, thresholds, a decision, a workflow in two versions, and a logo."""
    file = wanted("C01", cast.departments["Legal"], clock().date(), link="", file_name="rules.txt", content=b"Rules 1")
    attested = attest(database, cast, file, clock())
    here = f"/organisations/{cast.organisation}"
    controls = f"{here}/autonomy/controls/{attested}/withdraw"
    assert ada.post(controls, data={"because": "=It ended"}).status_code == 303
    typed = {**typed_of(GATES), "after": "0", "reason": "As we like it", "do": "adopt"}
    assert ada.post(f"{here}/autonomy/policy", data=typed).status_code == 303
    seen = re.search(r'name="seen" value="(\w+)"', ada.get(f"{here}/autonomy").text)
    assert seen is not None
    assert ada.post(f"{here}/autonomy/records", data={"seen": seen[1], "reason": "So far"}).status_code == 303
    with database.writing() as session:
        author = Author(name="Ada", way="console", now=clock())
        work = Work(department_id=cast.departments["Legal"], name="Review an NDA", facts=Facts(systems=("Mail", "ERP")))
        made = workflows.add(session, cast.organisation, work, author=author)
        workflows.retire(session, cast.organisation, made, author=author)
        put_logo(session, cast.organisation, drawn(), seen=mark_of(None), user_id=cast.ada, now=clock())


@pytest.mark.both
def test_the_papers_hold_what_was_decided_attested_and_noted_of_workflows(
    ada: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    decided(ada, database, cast, clock)
    with zipfile.ZipFile(io.BytesIO(ada.get(f"/organisations/{cast.organisation}/export.zip").content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))

    [record] = rows("decisions/decisions.csv")
    assert record["sha256"] == digest(files["decisions/decision-1.json"])
    assert (record["by"], record["reason"]) == ("Ada", "So far")
    assert load_policy(files["thresholds/thresholds-1.json"]).version == "client gates 1"
    assert [one["reason"] for one in rows("thresholds/thresholds.csv")] == ["As we like it"]
    [control] = rows("controls.csv")
    assert (control["control"], control["department"], control["because"]) == ("C01", "Legal", "'=It ended")
    assert files[f"evidence/{control['file']}"] == b"Rules 1"
    assert control["sha256"] == hashlib.sha256(b"Rules 1").hexdigest()
    told = [(one["name"], one["version"], one["retired"], one["systems"]) for one in rows("workflows.csv")]
    assert told == [("Review an NDA", "1", "False", "Mail; ERP"), ("Review an NDA", "2", "True", "Mail; ERP")]
    assert files["logo.png"].startswith(b"\x89PNG")


def test_the_papers_hold_the_action_plan_with_its_versions_and_hours_and_no_mail_address(
    ada: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), "=Write a page", owner="Dana Doe", mail="dana@example.org")
    with database.writing() as session:
        said = facts(cast, clock(), "=Write a page", owner="Dana Doe", mail="dana@example.org", status="doing")
        actions.change(session, cast.organisation, made, said, author=by(clock(), "Ben"), seen=1)
        place = cast.organisation, cast.departments["Legal"], clock().date()
        actions.set_hours(session, *place, typed="80", seen="")
    with zipfile.ZipFile(io.BytesIO(ada.get(f"/organisations/{cast.organisation}/export.zip").content)) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in ("plan.csv", "plan-hours.csv")}
    plan, hours = (list(csv.DictReader(io.StringIO(content))) for content in files.values())
    told = [(one["version"], one["by"], one["department"], one["title"], one["owner"], one["status"]) for one in plan]
    assert told == [
        ("1", "Ada", "Legal", "'=Write a page", "Dana Doe", "open"),
        ("2", "Ben", "Legal", "'=Write a page", "Dana Doe", "doing"),
    ]
    assert "dana@" not in files["plan.csv"]
    assert [(one["department"], one["hours"]) for one in hours] == [("Legal", "80")]


@pytest.mark.parametrize(
    "table",
    [
        "client_document",
        "client_document_version",
        "expert_evidence",
        "own_action",
        "own_action_version",
        "own_template",
        "owner_link",
        "plan_calendar",
        "plan_frame",
        "planned_action",
        "planned_action_version",
        "report_delivery",
        "report_schedule",
    ],
)
def test_what_is_deleted_of_plans_ratings_and_files_is_told(table: str) -> None:
    record = queries.DeletionFacts(uuid4(), "Fernhill", "", "client", {table: 2}, "", None, START)
    assert str(words.counts(record)).startswith("2 ")


def test_an_archive_that_is_larger_than_memory_is_written_to_a_file_that_is_gone_afterwards(
    ada: TestClient, database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(ada, database, cast, clock)
    address = f"/organisations/{cast.organisation}/export.zip"
    small = ada.get(address)
    monkeypatch.setattr(export, "IN_MEMORY", 1)
    large = ada.get(address)
    assert large.content == small.content
    assert large.headers["content-type"] == "application/zip"


def test_the_page_says_what_is_deleted_and_that_a_wave_is_open(ada: TestClient, cast: Cast) -> None:
    told = ada.get(page(cast)).text
    for words_ in ("10 departments and 2 waves", "2026-Q4 is not closed", "one result", "Copies in backups stay"):
        assert words_ in told, words_


def test_without_the_name_nothing_is_deleted(ada: TestClient, database: Database, cast: Cast, clock: Clock) -> None:
    before = mentioned(database, cast)
    for typed in ("", "x", "Fernhill", ORGANISATION.lower(), OTHER_ORGANISATION, "<i>"):
        answer = ada.post(page(cast), data={"name": typed})
        assert answer.status_code == 422
        assert 'id="name-error"' in answer.text
        assert "<i>" not in answer.text
    work(database, clock)
    assert mentioned(database, cast) == before


@pytest.mark.both
def test_a_client_is_deleted_with_everything_and_a_record_stays(
    ada: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
) -> None:
    decided(ada, database, cast, clock)
    work(database, clock)  # the draft of a decision
    before = mentioned(database, cast)
    assert all(before[table] for table in ("answer_sheet", "release", "turnout", "membership", "invitation", *DECIDED))
    with database.reading() as session:
        others = session.connection().execute(text("SELECT count(*) FROM organisation")).scalar_one()
    assert b"Accounts payable" in raw.files(database)

    for _ in range(2):
        asked = ada.post(page(cast), data={"name": f" {ORGANISATION} "})
        assert asked.status_code == 303
    assert "Under way" in ada.get("/deletions").text
    assert "is being deleted" in ada.get(page(cast)).text
    clock.advance(minutes=1)
    work(database, clock)

    after = mentioned(database, cast)
    assert {table for table, n in after.items() if n} == {"deletion_record", "job"}
    with database.reading() as session:
        [record] = queries.records(session)
        left = session.connection().execute(text("SELECT count(*) FROM organisation")).scalar_one()
        kinds = list(session.connection().execute(text("SELECT kind FROM job")).scalars())
    assert (left, kinds) == (others - 1, ["wipe_everything"])
    assert (record.what, record.organisation_name, record.user_id) == ("client", ORGANISATION, cast.ada)
    assert record.deleted_at == clock()
    assert {table: record.counts[table] for table in ("answer_sheet", "release", "organisation")} == {
        "answer_sheet": before["answer_sheet"],
        "release": 1,
        "organisation": 1,
    }
    assert b"Accounts payable" not in raw.files(database)
    assert ada.get(page(cast)).status_code == 404
    told = ada.get("/deletions").text
    for word in (ORGANISATION, "The whole client", "End of contract", "Ada", f"{before['wave']} waves", *COUNTED):
        assert word in told.replace("&#39;", "'"), word
    assert ada.get("/").status_code == 200
    assert ada.get(f"/organisations/{cast.organisation}/waves/{lived_in.closed}").status_code == 404


def test_the_command_line_tells_each_deletion_on_a_line(
    ada: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    ada.post(page(cast), data={"name": ORGANISATION})

    def told() -> str:
        with database.reading() as session:
            [line] = map(words.told, pages.lines(session, queries.records(session)))
        return line

    begins = f"2026-10-05 08:00 UTC  {ORGANISATION}: The whole client "
    assert told() == f"{begins}(under way); End of contract; by Ada"
    work(database, clock)
    assert told().startswith(f"{begins}(")
    assert "2 waves" in told()


def test_a_deletion_that_fails_deletes_nothing_and_can_be_asked_for_again(
    ada: TestClient, database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mentioned(database, cast)
    real = queries.delete_everything

    def fail_at_the_end(*arguments):
        real(*arguments)
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(queries, "delete_everything", fail_at_the_end)
        ada.post(page(cast), data={"name": ORGANISATION})
        for _ in range(4):
            work(database, clock)
            clock.advance(minutes=2)
    kept = mentioned(database, cast)
    asked = {"job": 0, "deletion_record": 0, "act": 0}  # that somebody asked is there
    assert {**kept, **asked} == {**before, **asked}
    assert "was tried and failed; nothing was deleted" in ada.get(page(cast)).text
    assert ada.post(page(cast), data={"name": ORGANISATION}).status_code == 303
    work(database, clock)
    assert mentioned(database, cast)["organisation"] == 0


@pytest.mark.both
def test_colleagues_and_strangers_do_not_see_the_records_of_others(
    ada: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    ada.post(page(cast), data={"name": ORGANISATION})
    work(database, clock)
    for name in ("Ben", "Cleo"):
        told = sign_in(ada, name).get("/deletions").text
        assert "Nothing was deleted yet" in told
        assert ORGANISATION not in told


def test_few_answers_are_not_counted_out() -> None:
    def told(**counts: int) -> str:
        return words.counts(queries.DeletionFacts(uuid4(), "x", "w", "answers", counts, "r", None, START))

    assert told(answer_sheet=3, release=1) == "fewer than 10 answer sheets and 1 release"
    assert told(answer_sheet=1234, turnout=9) == "1234 answer sheets"
    assert told() == "nothing was stored"


def test_no_cell_of_a_table_is_a_formula_and_names_make_safe_file_names() -> None:
    assert export.table(("a",), [("=1+1",), (None,), ("Zoë",)]).decode("utf-8-sig").split("\r\n")[:4] == [
        "a",
        "'=1+1",
        '""',
        "Zoë",
    ]
    assert export.file_name("../a/b: c") == "a-b-c"
    assert export.file_name("///") == "unnamed"


def test_the_release_in_the_archive_is_json(ada: TestClient, cast: Cast) -> None:
    content = ada.get(f"/organisations/{cast.organisation}/export.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert json.loads(archive.read("releases/Readiness-2026-Q3-release-1.json"))
