"""Attesting controls: by whom, with which evidence, until when; what is wrong is said and nothing is lost."""

import html
import io
import re
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts.roles import Role
from app.autonomy import decision as decisions
from app.autonomy import drafting, queries
from app.autonomy.gathering import basis, current
from app.autonomy.models import DecisionDraft
from app.autonomy.workflow import Work
from app.clients import changes
from app.clients import queries as clients
from app.db import Database
from app.errors import InvalidError
from app.evidence import files as evidence
from app.evidence.files import checked_name
from app.experts import service as experts
from app.lineage.snapshots import Kind, Wanted
from app.worker import Worker
from app.workflows import bulk
from app.workflows import service as workflows
from app.workflows.bulk import Change
from app.workflows.service import Author
from app.workflows.service import Wanted as Workflow
from tests.autonomy.stage import attest, wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.experts.stage import rate, workflow
from tests.share.stage import give
from tests.world import World

pytestmark = pytest.mark.lived_in
PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def form(clock: Clock, **fields: str) -> dict[str, str]:
    typed = {"form": str(uuid4()), "control": "C01", "department": "", "on": clock().date().isoformat()}
    return {**typed, "owner": "Head of HR", "link": "https://evidence.example/rules", **fields}


def path(cast: Cast) -> str:
    return f"/organisations/{cast.organisation}/autonomy/controls"


def stored(database: Database, cast: Cast) -> tuple[queries.AttestationFacts, ...]:
    with database.reading() as session:
        return queries.attestations(session, cast.organisation)


@pytest.mark.both
def test_a_control_is_attested_once_shown_on_the_ladder_and_withdrawn_with_its_history(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    typed = form(clock)
    for _ in range(2):
        assert client.post(path(cast), data=typed).status_code == 303
    [one] = stored(database, cast)
    page = client.get(path(cast)).text
    assert "Head of HR answers for it" in page
    again = client.post(f"{path(cast)}/{one.id}/withdraw", data={"because": ""})
    assert again.status_code == 422
    assert client.post(f"{path(cast)}/{one.id}/withdraw", data={"because": "Rules were redrawn"}).status_code == 303
    assert client.post(f"{path(cast)}/{one.id}/withdraw", data={"because": "Twice"}).status_code == 409
    assert "Withdrawn: Rules were redrawn" in client.get(path(cast)).text


def test_a_reason_that_is_too_long_is_not_lost_and_the_page_goes_on_working(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    one, other = (attest(database, cast, wanted(name, None, clock().date()), clock()) for name in ("C01", "C02"))
    because = "It ended. " * 70
    refused = client.post(f"{path(cast)}/{one}/withdraw", data={"because": because})
    assert refused.status_code == 422
    assert "in at most 600 characters" in refused.text
    typed = re.search(rf'<input id="because-{one}" name="because"[^>]*value="([^"]*)"', refused.text)
    assert typed is not None
    assert typed[1] == because.strip()
    assert f'href="#because-{one}"' in refused.text
    assert re.search(rf'<input id="because-{other}"[^>]*value=""', refused.text)
    assert re.findall(r"<details[^>]* open>.*?</details>", refused.text, re.DOTALL)[0].count(str(one))
    [next_form] = re.findall(r'<form method="post" action="([^"]*)" enctype', refused.text)
    assert client.post(next_form, data=form(clock, control="C03")).status_code == 303
    assert {each.control for each in stored(database, cast)} == {"C01", "C02", "C03"}


def test_what_is_renewed_after_a_merge_is_renewed_for_who_took_over_and_never_for_everybody(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    for name in ("Legal", "Ethics", "HR"):
        attest(database, cast, wanted("C01", cast.departments[name], clock().date()), clock())
    clock.advance(days=1)
    merge = Wanted(departments=(cast.departments["Legal"], cast.departments["Ethics"]), name="Legal and ethics")
    close = Wanted(departments=(cast.departments["HR"],))
    asked: tuple[tuple[Kind, Wanted], ...] = (("merge", merge), ("close", close))
    for kind, what in asked:
        with database.writing() as session:
            changes.ask(
                session,
                cast.organisation,
                kind=kind,
                wanted=what,
                day=clock().date(),
                user_id=cast.ada,
                now=clock(),
            )
    with database.reading() as session:
        there = {one.name: one.id for one in clients.departments(session, cast.organisation)}
    sign_in(client, "Ada")
    page = client.get(path(cast)).text
    renewed = re.findall(r'href="([^"]*control=C01&amp;department=([^"#]*))#form"', page)
    assert [one for _, one in renewed] == [str(there["Legal and ethics"])] * 2
    begun = client.get(html.unescape(renewed[0][0])).text
    assert f'<option value="{there["Legal and ethics"]}" selected>' in begun
    old = str(cast.departments["HR"])
    stale = client.get(path(cast), params={"control": "C01", "department": old}).text
    assert f'<option value="{old}" selected>Choose where</option>' in stale
    refused = client.post(path(cast), data=form(clock, department=old))
    assert refused.status_code == 422
    assert "Choose a department from the list" in refused.text
    assert f'<option value="{old}" selected>Choose where</option>' in refused.text


def test_an_attestation_that_counts_for_nothing_is_refused_with_a_sentence_each(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    ahead = (clock() + timedelta(days=3)).date().isoformat()
    for fields, sentence in (
        ({"link": ""}, "Without evidence an attestation counts for nothing"),
        ({"owner": ""}, "Name who answers for this control"),
        ({"on": ahead}, "lies ahead"),
        ({"on": "2020-01-01"}, "more than a year ago"),
        ({"expires": "2020-01-01"}, "is past"),
        ({"control": "C16"}, "C16 needs the last day"),
        ({"control": "C99"}, "Choose a control"),
        ({"link": "javascript:alert(1)"}, "whole address"),
        ({"department": str(uuid4())}, "Choose a department"),
        ({"on": "soon"}, "Give a day such as"),
    ):
        answer = client.post(path(cast), data=form(clock, **fields))
        assert answer.status_code == 422, fields
        assert sentence in answer.text, fields
    assert stored(database, cast) == ()


def test_a_file_is_kept_as_it_is_and_only_downloaded(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    sent = client.post(path(cast), data=form(clock, link=""), files={"file": ("../rules <1>.pdf", PDF)})
    assert sent.status_code == 303
    [one] = stored(database, cast)
    assert one.file_name == "rules 1.pdf"
    answer = client.get(f"{path(cast)}/{one.id}/evidence")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<x/>")
        file.writestr("word/vbaProject.bin", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("rules.pdf", PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript /JS (x) >> /Type"), "script or a macro"),
        ("rules.pdf", PDF.replace(b"/Type", b"/S /J#61vaScript /Type"), "script or a macro"),
        ("rules.pdf", PDF + b"stream\n" + zlib.compress(b"<< /S /JavaScript >>") + b"\nendstream", "script or a macro"),
        ("rules.docx", macros(), "script or a macro"),
        ("rules.txt", b"<script>alert(1)</script>", "script or a macro"),
        ("rules.html", b"<p>Rules</p>", "is not taken"),
        ("rules.svg", b"<svg onload='x'/>", "is not taken"),
        ("rules.exe", b"MZ\x90\x00\xff", "is not taken"),
        ("rules.png", PDF, "not what its name says"),
        ("rules.pdf", b"%PDF-" + b"x" * evidence.LARGEST, "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_taken_says_why(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence):
        evidence.check(checked_name(name), content)


def test_a_file_of_200_mb_is_refused_in_a_sentence_and_nothing_is_kept(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    answer = client.post(path(cast), data=form(clock, link=""), files={"file": ("rules.pdf", b"x" * 200_000_000)})
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.text
    assert stored(database, cast) == ()


def test_a_lead_attests_for_their_own_department_and_what_lies_below_and_nothing_else(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "lead", "Finance")
    other = attest(database, cast, wanted("C03", cast.departments["Legal"], clock().date()), clock())
    whole = attest(database, cast, wanted("C01", None, clock().date()), clock())
    sign_in(client, "Cleo")
    page = client.get(path(cast)).text
    assert "What is in place in Finance" in page
    assert "Legal" not in page
    assert "The whole organisation" in page
    for department, status in (("Finance", 303), ("Tax", 303), ("Legal", 404)):
        typed = form(clock, department=str(cast.departments[department]))
        assert client.post(path(cast), data=typed).status_code == status
    assert client.post(path(cast), data=form(clock)).status_code == 404
    for one in (other, whole):
        assert client.post(f"{path(cast)}/{one}/withdraw", data={"because": "x"}).status_code == 404
    assert client.get(f"{path(cast)}/{other}/evidence").status_code == 404


@pytest.mark.parametrize("role", ["sponsor", "reviewer"])
def test_sponsors_and_reviewers_see_no_controls(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock, role: Role
) -> None:
    give(database, cast, clock, role)
    sign_in(client, "Cleo")
    assert client.get(path(cast)).status_code == 404


def test_what_was_attested_anew_after_a_merge_is_asked_for_no_more(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    for control in ("C02", "C03", "C04"):
        attest(database, cast, wanted(control, cast.departments["Legal"], clock().date()), clock())
    clock.advance(days=1)
    merge = Wanted(departments=(cast.departments["Legal"], cast.departments["Ethics"]), name="Legal and ethics")
    place = {"day": clock().date(), "user_id": cast.ada, "now": clock()}
    with database.writing() as session:
        changes.ask(session, cast.organisation, kind="merge", wanted=merge, **place)  # type: ignore[arg-type]  # by name
        there = {one.name: one.id for one in clients.departments(session, cast.organisation)}
    sign_in(client, "Ada")
    assert "to be attested anew for Legal and ethics: C02, C03, C04." in client.get(path(cast)).text
    attest(database, cast, wanted("C02", there["Legal and ethics"], clock().date()), clock())
    attest(database, cast, wanted("C03", None, clock().date()), clock())
    assert "to be attested anew for Legal and ethics: C04." in client.get(path(cast)).text


def test_the_worker_makes_the_draft_when_a_control_is_attested_and_again_when_it_ends(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    now = clock() + timedelta(days=120)
    attest(database, cast, wanted("C12", None, now.date()), now)

    def draft_as_of(moment: timedelta) -> str:
        while Worker(database, clock=lambda: now + moment).work_once():
            pass
        with database.reading() as session:
            found = queries.draft(session, cast.organisation)
        assert found is not None
        states = {one.control: one.status for one in found.decision.departments[0].controls}
        return states["C12"]

    assert draft_as_of(timedelta()) == "in_force"
    assert draft_as_of(timedelta(days=119)) == "in_force"
    assert draft_as_of(timedelta(days=122)) == "lapsed"


def test_the_worker_makes_the_draft_when_a_workflow_or_a_rating_changes(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    def works() -> list[Work]:
        while Worker(database, clock=clock).work_once():
            pass
        with database.reading() as session:
            found = queries.draft(session, cast.organisation)
        return list(found.decision.facts.works) if found else []

    place = {"organisation_id": cast.organisation}
    one = workflow(database, cast, clock())
    assert [(work.id, work.experts) for work in works()] == [(str(one), ())]
    said = rate(database, cast, one, cast.ada, clock(), 4)
    assert [work.experts for work in works()] == [(4,)]
    with database.writing() as session:
        withdrawn = {"rating_id": said, "user_id": cast.ada, "because": "It was another tool."}
        experts.withdraw(session, **place, workflow_id=one, **withdrawn, now=clock())  # type: ignore[arg-type]  # by name
    assert [work.experts for work in works()] == [()]
    author = Author(name="Ada", way="link", now=clock())
    changed = Workflow(department_id=cast.departments["Finance"], name="Check a bill")
    with database.writing() as session:
        workflows.change(session, cast.organisation, one, changed, author=author, seen=None)
    assert [work.name for work in works()] == ["Check a bill"]
    with database.writing() as session:
        new = Change(id=uuid4(), wanted=replace(changed, name="File a bill"), retired=False, is_new=True)
        bulk.write(session, cast.organisation, [new], author=author)
    assert [work.name for work in works()] == ["Check a bill", "File a bill"]


@pytest.mark.parametrize("version", ["schema", "law", "shares"])
def test_a_draft_of_other_versions_than_those_of_today_is_made_anew(
    database: Database, cast: Cast, lived_in: World, clock: Clock, version: str
) -> None:
    with database.writing() as session:
        made = drafting.make(session, cast.organisation, now=clock())
        assert made is not None
        old = replace(made, **{version: 1 if version == "schema" else "older"})  # type: ignore[arg-type]  # by name
        document = decisions.dump(old)
        row = session.exec(select(DecisionDraft)).one()
        row.document, row.sha256 = document, decisions.digest(document)
    with database.reading() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        assert current(session, cast.organisation, on, now=clock()) == made


def test_a_script_behind_a_stream_without_end_is_found_and_each_byte_is_looked_at_once() -> None:
    unended = b"%PDF-1.7\n" + b"stream\n" * 200_000
    evidence.check("rules.pdf", unended)
    with pytest.raises(InvalidError, match="script or a macro"):
        evidence.check("rules.pdf", unended + b"/S /JavaScript")
