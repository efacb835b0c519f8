"""Plan records: fixed once, printed by files, made again byte for byte, and cut for a department's edition."""

import hashlib
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from app.autonomy.gathering import basis
from app.db import Database
from app.exports.makers import MAKERS
from app.guardrails.facts import CONFIRM, STATUSES
from app.planned import queries
from app.planned.document import PlanDocument, dump, essence, load, part_of, schema
from app.planned.freezing import frozen
from app.releases import store
from app.reports import service
from app.reports.guarded import guarded
from app.reports.marked import names_people
from app.reports.options import ROLES, Options
from app.reports.pdf import make_pdf
from app.reports.verify import verify
from app.reports.work import Source, source
from tests.actions.stage import taken, taken_of_library
from tests.autonomy.stage import attest, wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in


def today(database: Database, cast: Cast, clock: Clock) -> PlanDocument:
    with database.reading() as session:
        on = basis(session, cast.organisation)
        assert on is not None
        return frozen(session, cast.organisation, on, now=clock())


def page(cast: Cast) -> str:
    return f"/organisations/{cast.organisation}/plan-records"


def fix(client: "TestClient", database: Database, cast: Cast, clock: Clock) -> int:
    """Fixes what holds today, as Ada; gives the answer's status."""
    sign_in(client, "Ada")
    return client.post(page(cast), data={"essence": essence(today(database, cast, clock))}).status_code


def planned(database: Database, cast: Cast, clock: Clock) -> None:
    """Two actions of Legal and one of Operations, and controls that are attested."""
    taken(database, cast, clock(), "Write a page", owner="Dana Doe")
    taken_of_library(database, cast, clock(), "R3-low-permitted-uses", owner="Eli Example")
    taken(database, cast, clock(), "Look at samples", to="Operations")
    for control in ("C01", "C02", "C03", "C04"):
        attest(database, cast, wanted(control, None, clock().date()), clock())


def made_from(database: Database, cast: Cast, world: World, options: Options) -> Source:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, world.closed)
        assert found is not None
        return source(session, organisation_id=cast.organisation, release_id=found.id, options=options)


def words_of(content: bytes) -> str:
    return " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages).split())


def test_a_record_says_what_was_there_on_its_day_and_never_changes(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    assert fix(client, database, cast, clock) == 303
    assert "says just this" in client.get(page(cast)).text
    taken(database, cast, clock(), "Another page")
    assert "Fix it as of today" in client.get(page(cast)).text
    with database.reading() as session:
        one = queries.record(session, cast.organisation, 1)
    assert one is not None
    assert one.wave_id == lived_in.closed
    assert {deed.owner for deed in one.plan.deeds} == {"Dana Doe", "Eli Example", ""}
    assert next(deed for deed in one.plan.deeds if deed.role).words["de"]
    assert dump(load(one.document)) == one.document
    sent = client.get(f"{page(cast)}/1/plan.json")
    assert hashlib.sha256(sent.content).hexdigest() == one.sha256
    assert client.get(f"{page(cast)}/2/plan.json").status_code == 404
    assert client.get("/schemas/plan-record-1.json").json() == schema()


def test_nobody_fixes_what_they_did_not_see(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    seen = essence(today(database, cast, clock))
    taken(database, cast, clock(), "Write a page")
    answer = client.post(page(cast), data={"essence": seen})
    assert answer.status_code == 409
    assert "Something changed since you looked" in answer.text
    with database.reading() as session:
        assert queries.records(session, cast.organisation) == ()


def test_without_a_result_there_is_nothing_to_fix_it_on(client: "TestClient", cast: Cast) -> None:
    sign_in(client, "Ben")
    other = f"/organisations/{cast.other}/plan-records"
    assert "There is no result yet" in client.get(other).text
    assert client.post(other, data={"essence": ""}).status_code == 409


def test_the_report_prints_the_newest_record_and_is_made_again_with_the_one_that_it_names(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    before = made_from(database, cast, lived_in, Options())
    assert before.plan is None
    planned(database, cast, clock)
    with database.reading() as session:
        release_id = store.latest(session, cast.organisation, lived_in.closed)
        assert release_id is not None
        plain = service.basis(session, cast.organisation, release_id.id, Options())
    assert fix(client, database, cast, clock) == 303
    with database.reading() as session:
        assert service.basis(session, cast.organisation, release_id.id, Options()) == f"{plain}, plan 1"
    first = make_pdf(made_from(database, cast, lived_in, Options()), lambda step: None)
    told = words_of(first)
    for said in ("How to reorganise", "Guardrails", "Thirty, sixty, ninety days", "Write a page", "Dana Doe",
                 "not legal advice", "checked on 22 November 2026", "plan record 1"):  # fmt: skip
        assert said in told, said
    taken(database, cast, clock(), "Another page")
    assert fix(client, database, cast, clock) == 303
    second = make_pdf(made_from(database, cast, lived_in, Options()), lambda step: None)
    assert "Another page" in words_of(second)
    for content in (first, second):
        with database.reading() as session:
            found = verify(session, content)
        assert found.genuine, found.lines


def test_for_readers_outside_roles_stand_in_the_place_of_names(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    sign_in(client, "Ada")
    said = {"kind": "remark", "counsel": "Quinn Doe", "on": clock().date().isoformat(), "text": "Later.", "seen": "0"}
    assert client.post(f"/organisations/{cast.organisation}/guardrails/G-01", data=said).status_code == 303
    assert fix(client, database, cast, clock) == 303
    named, unnamed = (made_from(database, cast, lived_in, Options(edition=one)) for one in ("", ROLES))
    content = make_pdf(unnamed, lambda step: None)
    printed = words_of(content)
    assert "Dana Doe" in words_of(make_pdf(named, lambda step: None))
    assert "Write a page Legal somebody named in the plan" in printed
    assert "Risk and compliance" in printed
    for name in ("Dana", "Eli Example", "Quinn"):
        assert name not in printed
    with database.reading() as session:
        found = verify(session, content)
    assert found.genuine, found.lines
    for kind in ("xlsx", "pptx"):
        made = MAKERS[kind].make(
            made_from(database, cast, lived_in, Options.read(kind=kind, edition=ROLES)), lambda step: None
        )
        with ZipFile(BytesIO(made)) as packed:
            inside = b"".join(packed.read(one) for one in packed.namelist())
        assert b"Write a page" in inside
        assert not any(name in inside for name in (b"Dana", b"Eli Example", b"Quinn"))


def test_what_names_nobody_is_the_same_file_with_roles_and_a_department_has_none() -> None:
    assert Options.read(kind="csv", edition=ROLES) == Options.read(kind="csv")
    assert Options.read(kind="zip", edition=ROLES).edition == ROLES
    assert not names_people(Options(), "5, record 1")
    assert names_people(Options(), "5, record 1, plan 2")
    assert not names_people(Options(edition=ROLES), "5, plan 2")


def test_a_departments_edition_prints_its_own_part_alone(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    assert fix(client, database, cast, clock) == 303
    legal = made_from(database, cast, lived_in, Options(edition=str(cast.departments["Legal"])))
    assert legal.plan is not None
    assert {one.department for one in legal.plan.plan.deeds} == {str(cast.departments["Legal"])}
    told = words_of(make_pdf(legal, lambda step: None))
    assert "Write a page" in told
    assert "Look at samples" not in told


def test_a_part_holds_a_department_and_what_lies_below_it(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    taken(database, cast, clock(), "Check the tax", to="Tax")
    plan = part_of(today(database, cast, clock), str(cast.departments["Finance"]))
    assert {one.name for one in plan.places} == {"Finance", "Accounts payable", "Planning", "Tax"}
    assert [one.title for one in plan.deeds] == ["Check the tax"]
    inside = {one.id for one in plan.places}
    assert all(stand.department in inside for one in plan.guards for stand in one.stands)


def test_sheets_and_slides_say_what_the_record_says(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    assert fix(client, database, cast, clock) == 303
    made = {
        kind: MAKERS[kind].make(made_from(database, cast, lived_in, Options(format=kind)), lambda step: None)
        for kind in ("xlsx", "pptx")
    }
    book = CalamineWorkbook.from_filelike(BytesIO(made["xlsx"]))
    assert {"Action plan", "Guardrails", "Guardrails by department", "Dates of law", "Training"} <= set(
        book.sheet_names
    )
    actions = [cell for line in book.get_sheet_by_name("Action plan").to_python() for cell in line]
    assert {"Write a page", "Dana Doe"} <= set(actions)
    shown = [
        shape.text_frame.text
        for slide in Presentation(BytesIO(made["pptx"])).slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert any("Write a page (Legal), by" in text for text in shown)
    assert any("not legal advice" in text for text in shown)


def test_the_chapter_never_calls_a_guardrail_in_force_of_which_a_part_was_not_looked_up(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    plan = today(database, cast, clock)
    stands = tuple(replace(one, stands=(), standing="later") for one in plan.guards)
    assert guarded(replace(plan, guards=stands)).parts == ()
    for one in plan.guards:
        assert not (one.unsure and any(stand.status in {"in_force", "open"} for stand in one.stands)), one.id


def test_the_chapter_has_each_guardrail_once_and_what_is_missing_first(
    database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    planned(database, cast, clock)
    plan = today(database, cast, clock)
    first = next(one for one in plan.guards if one.stands)
    doubted = tuple(replace(one, unsure=("Some law: 1",)) if one is first else one for one in plan.guards)
    parts = guarded(replace(plan, guards=doubted)).parts
    assert [name for name, _ in parts] == [told for told in STATUSES.values() if told in dict(parts)]
    assert parts[0][0] == STATUSES["missing"]
    every = [one.id for _, lines in parts for one in lines]
    assert sorted(every) == sorted(one.id for one in plan.guards if one.stands)
    [line] = [one for _, lines in parts for one in lines if one.id == first.id]
    assert (str(line.detail).count(str(CONFIRM)), "Some law: 1" in str(line.detail)) == (1, True)


def test_a_stranger_and_a_sponsor_find_no_plan_records(client: "TestClient", cast: Cast, lived_in: World) -> None:
    sign_in(client, "Cleo")
    assert client.get(page(cast)).status_code == 404
    assert UUID(page(cast).split("/")[2]) == cast.organisation
