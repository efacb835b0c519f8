"""The chapter on what to automate: what the newest decision record on the release says, and nothing else."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pytest
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from app.autonomy.sharing import Line, Listed
from app.db import Database
from app.exports.makers import MAKERS
from app.releases import store
from app.reports import service
from app.reports.chapters import build
from app.reports.options import Options
from app.reports.pdf import make_pdf
from app.reports.verify import verify
from app.reports.work import Source, source
from tests.autonomy.stage import attest, wanted
from tests.autonomy.test_records import issue
from tests.autonomy.test_workflow_levels import ASSESSED, added
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.lived_in


def release_of(database: Database, cast: Cast, world: World) -> UUID:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, world.closed)
    assert found is not None
    return found.id


def made_from(database: Database, cast: Cast, world: World, options: Options) -> Source:
    release_id = release_of(database, cast, world)
    with database.reading() as session:
        return source(session, organisation_id=cast.organisation, release_id=release_id, options=options)


def decide(client: TestClient, database: Database, cast: Cast, clock: Clock) -> None:
    """Issues a record in which Operations has a workflow."""
    for control in ("C01", "C02", "C03", "C04"):
        attest(database, cast, wanted(control, None, clock().date()), clock())
    added(database, cast, clock, ASSESSED)
    sign_in(client, "Ada")
    assert issue(client, cast) == 303


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_a_report_has_the_chapter_once_a_record_is_issued_and_says_its_sentences(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    before = made_from(database, cast, lived_in, Options())
    plain = build(before.release, sha256=before.sha256, options=before.options, record=before.record)
    assert plain.automating is None
    assert "automating" not in {entry.href[1:] for entry in plain.contents}
    decide(client, database, cast, clock)
    now = made_from(database, cast, lived_in, Options())
    document = build(now.release, sha256=now.sha256, options=now.options, record=now.record)
    assert document.automating is not None
    assert "#automating" in [entry.href for entry in document.contents]
    page = client.get(f"/organisations/{cast.organisation}/autonomy/records/1").text
    assert len(document.automating.lines) == len(cast.departments)
    for line in document.automating.lines:
        assert line.verdict.replace("'", "&#39;") in page
    [(department, [work])] = document.automating.works
    assert (department, work.name) == ("Operations", "Plan a route")
    printed = words_of(make_pdf(now, lambda step: None))
    assert "What each department needs next" in printed
    assert "Plan a route" in printed


def test_a_report_is_made_again_with_the_record_that_it_names_though_there_is_a_newer_one(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    plain = make_pdf(made_from(database, cast, lived_in, Options()), lambda step: None)
    decide(client, database, cast, clock)
    first = make_pdf(made_from(database, cast, lived_in, Options()), lambda step: None)
    attest(database, cast, wanted("C05", None, clock().date()), clock())
    assert issue(client, cast) == 303
    second = make_pdf(made_from(database, cast, lived_in, Options()), lambda step: None)
    assert len({plain, first, second}) == 3
    with database.reading() as session:
        for content in (plain, first, second):
            assert verify(session, content).lines[0] == "Genuine: byte for byte what this release gives."


def test_a_file_is_offered_anew_once_another_record_is_issued_if_it_prints_one(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    release_id = release_of(database, cast, lived_in)

    def basis(kind: str) -> str:
        with database.reading() as session:
            return service.basis(session, cast.organisation, release_id, Options(format=kind))

    before = {kind: basis(kind) for kind in ("pdf", "xlsx", "csv")}
    decide(client, database, cast, clock)
    after = {kind: basis(kind) for kind in before}
    assert [kind for kind in before if before[kind] != after[kind]] == ["pdf", "xlsx"]


def test_workflows_that_the_report_has_no_room_for_are_counted(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    decide(client, database, cast, clock)
    made = made_from(database, cast, lived_in, Options())
    known = made.record
    assert known is not None
    first, second, third = known.lines[:3]
    [(_, _, [work])] = known.works
    listed = Listed(name="Plan", department="Legal", level="A1", level_name="Assist", told="Known", borderline=False)

    def printed(*works: tuple[Line, int]) -> tuple[list[int], str]:
        record = replace(
            known,
            works=tuple((line.id, line.name, (work,) * many) for line, many in works),
            shortlist=(listed,) * 10,
            red=(listed,) * 9,
        )
        document = build(made.release, sha256=made.sha256, options=made.options, record=record).automating
        assert document is not None
        assert "2 more workflows" in document.shortlist_beyond
        assert document.red_beyond == "1 more workflow is in the workbook."
        return [len(some) for _, some in document.works], document.works_beyond

    assert printed((first, 10), (second, 60), (third, 50)) == ([10, 50], "60 more workflows are in the workbook.")
    assert printed((first, 61), (second, 1)) == ([60], "2 more workflows are in the workbook.")
    assert printed((first, 60)) == ([60], "")
    namesake = replace(first, id="another")
    assert printed((namesake, 3)) == ([], "")
    said = words_of(make_pdf(replace(made, record=replace(known, shortlist=(listed,) * 10)), lambda step: None))
    assert "2 more workflows are in the workbook." in said


def test_a_departments_edition_tells_of_that_department_alone(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    decide(client, database, cast, clock)
    for name, works in (("Operations", 1), ("Finance", 0)):
        edition = Options(edition=str(cast.departments[name]))
        told = made_from(database, cast, lived_in, edition)
        if told.release.row(edition.edition) is None:
            continue
        document = build(told.release, sha256=told.sha256, options=edition, record=told.record)
        assert document.automating is not None
        assert document.automating.lines[0].name == name
        assert len(document.automating.works) == works
        assert not {"Legal", "HR"} & {line.name for line in document.automating.lines}


def test_workbook_and_slides_tell_of_the_record_and_data_files_do_not(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    decide(client, database, cast, clock)

    def made(kind: str) -> bytes:
        return MAKERS[kind].make(made_from(database, cast, lived_in, Options(format=kind)), lambda step: None)

    book = CalamineWorkbook.from_filelike(BytesIO(made("xlsx")))
    assert {"How far agents may go", "Workflows"} <= set(book.sheet_names)
    assert any("Plan a route" in line for line in book.get_sheet_by_name("Workflows").to_python())
    deck = Presentation(BytesIO(made("pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert any("may let agents act" in title or "act by themselves" in title for title in titles)
    assert made_from(database, cast, lived_in, Options(format="csv")).record is None
    silent = replace(made_from(database, cast, lived_in, Options(format="pptx")), record=None)
    assert len(Presentation(BytesIO(MAKERS["pptx"].make(silent, lambda step: None))).slides) < len(titles)
