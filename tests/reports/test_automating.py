"""The chapter on what to automate: what the newest decision record on the release says, and nothing else."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID

import pytest
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from app.autonomy import deciding as autonomy
from app.autonomy.blocking import most_often
from app.autonomy.sharing import Line, Listed
from app.db import Database
from app.exports import automated
from app.exports.kinds import Zones
from app.exports.makers import MAKERS
from app.opportunity import words
from app.releases import store
from app.releases.document.release import Release
from app.reports import service
from app.reports.automating import drawn, first_of, headline
from app.reports.chapters import build
from app.reports.options import Options
from app.reports.pdf import make_pdf
from app.reports.verify import verify
from app.reports.work import Source, source
from scoring.gating import GATES
from tests.autonomy.stage import attest, wanted
from tests.autonomy.test_records import issue
from tests.autonomy.test_workflow_levels import ASSESSED, added
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.reports import deciding
from tests.world import World

pytestmark = pytest.mark.lived_in


@pytest.fixture
def release_told() -> Release:
    return deciding.with_workflows()


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

    assert printed((first, 10), (second, 60), (third, 50)) == (
        [10, 50],
        f"60 more workflows are in the workbook ({second.name}: 60).",
    )
    assert printed((first, 61), (second, 1)) == (
        [60],
        f"2 more workflows are in the workbook ({first.name}: 1 and {second.name}: 1).",
    )
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


def test_the_map_of_the_record_is_drawn_with_its_numbers_and_says_every_place(release_told: Release) -> None:
    release = release_told
    record = deciding.record(release)
    told = build(release, sha256="0" * 64, options=Options(), record=record).automating
    assert told is not None
    assert told.map is not None
    printed = [one for _, some in told.works for one in some]
    assert [one.number for one in printed] == [str(number) for number in range(1, 17)]
    assert [dot.number for dot in told.map.dots] == list(range(1, 17))
    assert {dot.number for dot in told.map.dots if not dot.proxy} == set(range(2, 17, 2))
    for one in printed:
        assert f"{one.number} {one.name}: wish {one.wish}, agents {one.capability}" in told.map.described
    assert (printed[0].wish, printed[0].capability) == ("4.20", "4.80, proxy")
    names = {one.number: one.name for one in printed}
    assert all(names[one.number] == one.line.name for one in (*told.shortlist, *told.red))
    assert len(told.shortlist) == 8
    assert told.shortlist_beyond == "4 more workflows are in the workbook."


def test_the_summary_says_how_far_departments_may_go_and_what_blocks_most_of_them(release_told: Release) -> None:
    release = release_told
    record = deciding.record(release)
    plain = build(release, sha256="0" * 64, options=Options())
    document = build(release, sha256="0" * 64, options=Options(), record=record)
    assert document.statements[:-1] == plain.statements
    said = document.statements[-1]
    levels = [line.level for line in record.lines]
    assert said.figure == f"{sum(level >= 'A3' for level in levels)} of {len(levels)}"
    assert said.sentence.startswith(f"Agents may go as far as this in {len(levels)} departments: ")
    for line in record.lines:
        assert f"{line.level_name} ({line.level}) in {levels.count(line.level)}" in said.sentence
    assert said.detail.startswith("What most often blocks the next level, in ")
    assert "what 85 people answered" in said.detail
    assert "Decision record 1, as of 1 October 2026." in said.detail


def test_a_client_with_one_department_is_told_its_name_and_not_one_of_one(release_told: Release) -> None:
    record = deciding.record(release_told)
    [line] = [replace(record.lines[0], level="A3", level_name="Act on approval")]
    alone = replace(record, lines=(line,))
    assert headline(alone.lines) == f"{line.name} may let agents act on approval or further"
    said = build(release_told, sha256="0" * 64, options=Options(), record=alone).statements[-1]
    assert (said.figure, said.sentence) == ("A3", line.verdict)


def test_what_blocks_most_departments_is_named_once_and_controls_together(release_told: Release) -> None:
    rows = [row for row in release_told.rows[1:] if row.kind == "unit"]
    facts = replace(deciding.facts(release_told, rows), attested=())
    found = autonomy.decide(release_told, sha256="ab" * 32, facts=facts, policy=GATES)
    names = {head.id: head.name for head in release_told.dimensions}
    said = most_often(found, names)
    assert said.startswith(
        f"What most often blocks the next level, in {len(rows)} of {len(rows)} departments that could rise: "
    )
    assert "controls that are not in force (C01" in said
    assert most_often(replace(found, departments=()), names) == ""
    first, second, *rest = found.departments
    alone = most_often(replace(found, departments=(first,)), names)
    assert alone.startswith("What blocks the next level of the one department that could rise: ")
    top = [replace(one, ceiling=replace(one.ceiling, next_level=None, blocking=())) for one in rest]
    said = most_often(replace(found, departments=(first, second, *top)), names)
    assert " in 2 of 2 departments that could rise: " in said


def test_a_map_with_room_for_some_workflows_counts_them_all_in_its_title_and_says_how_many_it_shows(
    release_told: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = deciding.record(release_told)
    assert "The map shows" not in str(drawn(first_of(record), record.points))
    monkeypatch.setattr("app.reports.automating.MOST_WORKS", 6)
    told = build(release_told, sha256="0" * 64, options=Options(), record=record).automating
    assert told is not None
    assert told.map is not None
    shown = "The map shows 4 of 16 workflows; the workbook has all of them."
    assert (told.map.title, told.map.notes[-1]) == (words.headline(record.points), shown)
    assert told.works_beyond.startswith("12 more workflows are in the workbook (")
    slide = next(one for one in automated.slides(record) if isinstance(one.shows, Zones))
    assert isinstance(slide.shows, Zones)
    said = shown.replace("4 of", "6 of")
    assert sum(len(spots) for _, _, spots in slide.shows.kinds) == 6
    assert slide.title == words.headline(record.points)
    assert slide.below.endswith(said)
    assert slide.notes[-1] == said
    assert slide.shows.described.endswith(said)
    svg = drawn(first_of(record), record.points)
    assert svg is not None
    assert [one.id for one in first_of(record)] == [
        one.id for one in record.points if one.id in {listed.id for listed in record.shortlist[:6]}
    ]
