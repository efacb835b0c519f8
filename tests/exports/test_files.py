"""Files of a release beside the PDF: they open, they hold its numbers, all of them and no others, and nothing else."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation
from python_calamine import CalamineWorkbook

from app.errors import InvalidError, UnavailableError
from app.exports import columns
from app.exports.makers import MAKERS, SINGLE
from app.exports.tidy import COUNTED_IN, facts
from app.releases.document import schema
from app.releases.document.release import Cell, Hidden, Release, Scored, WorkflowHead, dump
from app.releases.document.words import row_name
from app.reports.extent import extent, part_note
from app.reports.formats import FORMATS
from app.reports.options import Options
from tests.exports.stage import FAR, LONG, RELEASES, made, numbers, source
from tests.reports import builder

OFFICE = ("xlsx", "pptx", "docx")
QUICK = tuple(kind for kind in SINGLE if kind not in ("pdf", "pdfa", "sav"))
every_release = pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets(release: Release, language: str = "en") -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made(release, "xlsx", language)))
    return {name: [list(line) for line in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def texts_of(content: bytes) -> list[str]:
    """All texts of slides."""
    deck = Presentation(io.BytesIO(content))
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def test_every_format_has_a_maker_and_every_maker_a_format() -> None:
    assert set(MAKERS) == set(FORMATS)


@every_release
def test_every_number_of_a_release_is_in_the_list_once_and_no_other(release: Release) -> None:
    assert Counter(one.value for one in facts(release) if one.value is not None) == numbers(release)


def test_every_measure_has_a_unit_and_a_meaning() -> None:
    assert set(COUNTED_IN) == set(columns.MEASURES)


@every_release
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_data_file_has_a_line_for_each_number_and_each_hidden_score(release: Release, language: str) -> None:
    told = lines(made(release, "csv", language))
    assert Counter(int(one["value"]) for one in told if one["value"]) == numbers(release)
    hidden = [one for one in told if not one["value"] and one["measure"] == "score"]
    cells = [cell for row in release.rows for cell in (*row.cells.values(), *row.anchors.values())]
    assert len(hidden) == sum(isinstance(cell, Hidden) for cell in cells)
    assert all(one["status"] != "shown" for one in hidden)


def test_the_data_file_names_the_workflow_of_each_rating() -> None:
    base = RELEASES["usual"]
    head = WorkflowHead(id="3", name="Check a contract", department="legal", row="legal", ratings=("DS", "AS"))
    cells: dict[str, Cell] = {head.cell("DS"): builder.scored(60), head.cell("AS"): Hidden(reason="no_answers")}
    rows = tuple(replace(row, cells={**row.cells, **cells}) if row.id == "legal" else row for row in base.rows)
    told = lines(made(replace(base, rows=rows, workflows=(head,)), "csv"))
    rated = [one for one in told if one["of_id"] in cells]
    assert {one["of_id"] for one in rated} == set(cells)
    assert {one["of"] for one in rated} == {"Check a contract"}


def test_the_dictionary_explains_every_column_and_key_of_the_data_file() -> None:
    release = RELEASES["usual"]
    known = {(one["where"], one["key"]) for one in lines(made(release, "dictionary"))}
    for one in lines(made(release, "csv")):
        assert {("column", name) for name in one} <= known
        assert {("table", one["table"]), ("measure", one["measure"]), ("status", one["status"])} <= known
        assert not one["word"] or ("word", one["word"]) in known


@every_release
def test_the_sheet_with_all_numbers_reads_back_equal_to_the_release(release: Release) -> None:
    table = sheets(release)["All numbers"]
    start = next(number for number, line in enumerate(table) if line[0] == "wave")
    place = table[start].index("value")
    found = [line[place] for line in table[start + 1 :] if line[place] != ""]
    assert Counter(int(one) for one in found if isinstance(one, float | int)) == numbers(release)
    assert len(found) == sum(numbers(release).values())


def test_the_heatmap_sheet_has_each_score_as_a_number_and_what_is_hidden_as_words() -> None:
    release = RELEASES["usual"]
    table = sheets(release)["Heatmap"]
    start = next(number for number, line in enumerate(table) if line[0] == "Department")
    places = {head: place for place, head in enumerate(table[start])}
    by_name = {str(line[0]): line for line in table[start + 1 :]}
    for row in release.rows:
        for head in release.dimensions:
            cell, told = row.cells[head.id], by_name[row_name(row)][places[head.name]]
            assert told == cell.score if isinstance(cell, Scored) else isinstance(told, str) and told not in ("", "0")


def test_bands_of_the_workbook_are_conditional_formats_and_panes_are_frozen() -> None:
    with zipfile.ZipFile(io.BytesIO(made(RELEASES["usual"], "xlsx"))) as book:
        heatmap = book.read("xl/worksheets/sheet2.xml").decode()
    assert heatmap.count("<cfRule") == 5
    assert "<pane " in heatmap
    assert 'orientation="landscape"' in heatmap


@pytest.mark.parametrize("language", ["en", "de"])
@every_release
def test_no_cell_of_a_workbook_is_a_formula(release: Release, language: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made(release, "xlsx", language))) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                assert "<f>" not in book.read(name).decode()


def test_names_that_look_like_formulas_are_texts_in_data_files() -> None:
    content = made(RELEASES["odd names"], "csv").decode()
    assert "'=cmd(" in content
    assert not re.search(r'(?:^|[,"])[=+@]', content, re.M)
    told = made(RELEASES["odd names"], "r").decode()
    assert "cmd('x')" in told
    assert told.count('"') % 2 == 0


@pytest.mark.parametrize("kind", QUICK)
@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_the_same_release_gives_the_same_bytes(release: Release, kind: str) -> None:
    assert made(release, kind) == made(release, kind)


@every_release
@pytest.mark.parametrize("language", ["en", "de"])
def test_slides_are_12_to_16_with_a_title_each_and_their_table_holds_the_scores(
    release: Release, language: str
) -> None:
    deck = Presentation(io.BytesIO(made(release, "pptx", language)))
    assert 12 <= len(deck.slides) <= 16
    assert all(slide.shapes.title.text_frame.text for slide in deck.slides)
    table = next(shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table)
    told = [[cell.text for cell in row.cells] for row in table.rows]
    cells = [row.cells[head.id] for row in (*release.rows[1:], release.rows[0]) for head in release.dimensions]
    printed = [text for line in told[1:] for text in line[4:]]
    assert len(printed) == len(cells)
    for cell, text in zip(cells, printed, strict=True):
        digits = re.sub(r"\D", "", text)
        assert digits == (str(cell.score) if isinstance(cell, Scored) else "")


def test_charts_of_slides_are_charts_with_their_numbers_and_a_text_for_those_who_hear_them() -> None:
    release = RELEASES["usual"]
    deck = Presentation(io.BytesIO(made(release, "pptx")))
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) >= 4
    scores = [cell.score for cell in release.organisation.cells.values() if isinstance(cell, Scored)]
    assert [int(value) for value in reversed(charts[0].chart.plots[0].series[0].values)] == scores
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in charts)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_name_in_a_workbook_behind_a_chart_is_a_formula_or_a_link(language: str) -> None:
    base = RELEASES["usual"]
    names = {"legal": '=HYPERLINK("http://x","y")', "operations": "http://example.org/", "it": "+1+1"}
    # Rows come into charts of change; heads of dimensions into all others.
    rows = tuple(replace(row, name=names.get(row.id, row.name)) for row in base.rows)
    heads = tuple(replace(head, name=f'=HYPERLINK("http://x","{head.id}")') for head in base.dimensions)
    content = made(replace(base, rows=rows, dimensions=heads), "pptx", language)
    told = []
    with zipfile.ZipFile(io.BytesIO(content)) as deck:
        books = [deck.read(name) for name in deck.namelist() if name.endswith(".xlsx")]
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        table = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        told += [str(cell) for line in table for cell in line]
    assert len(books) >= 4
    assert '=HYPERLINK("http://x","T1")' in told


def test_notes_of_slides_have_numbers_of_people_and_intervals() -> None:
    deck = Presentation(io.BytesIO(made(RELEASES["usual"], "pptx")))
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide)
    assert "85 answers" in notes
    assert "interval 62 to 70" in notes
    assert "17 of 21 people answered" in notes


def test_slides_cut_what_has_no_room_and_notes_have_it_whole() -> None:
    content = made(RELEASES["odd names"], "pptx")
    assert any(text.endswith("…") for text in texts_of(content))
    assert any(FAR in text for text in texts_of(content))
    deck = Presentation(io.BytesIO(content))
    frames = [shape.text_frame for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    sizes = {run.font.size.pt for frame in frames for part in frame.paragraphs for run in part.runs if run.font.size}
    assert min(sizes) >= 9
    assert any(LONG[:200].strip() in slide.notes_slide.notes_text_frame.text
               for slide in deck.slides if slide.has_notes_slide)  # fmt: skip


@every_release
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_document_has_headings_in_order_and_tables_with_heads(release: Release, language: str) -> None:
    paper = Document(io.BytesIO(made(release, "docx", language)))
    levels = [p.style.name for p in paper.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert levels[0] == "Title"
    assert set(levels[1:]) == {"Heading 1"}
    assert len(levels) == 6
    for table in paper.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert "w:tblDescription" in table._tbl.xml
    heat = paper.tables[0]
    assert len(heat.rows) == len(release.rows) + 1


def test_the_json_is_the_document_that_reports_quote_with_the_name_of_its_schema() -> None:
    release = RELEASES["usual"]
    told = json.loads(made(release, "json"))
    assert next(iter(told)) == "$schema"
    assert told.pop("$schema") == schema.NAME
    assert json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == dump(release)


@every_release
def test_the_spss_file_reads_back_equal_with_its_labels(release: Release, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="the extra `spss` is not installed")
    path = tmp_path / "release.sav"
    content = made(release, "sav")
    assert content == made(release, "sav")
    path.write_bytes(content)
    frame, meta = pyreadstat.read_sav(str(path))
    assert Counter(int(one) for one in frame["value"] if one == one) == numbers(release)
    assert meta.column_names_to_labels["bound"]
    assert meta.variable_value_labels["measure"]["score"]


def test_without_the_libraries_the_spss_file_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    with pytest.raises(UnavailableError, match="uv pip install 'pyreadstat"):
        made(RELEASES["usual"], "sav")


def test_the_archive_has_every_file_with_its_digest() -> None:
    import app.exports.bundle as bundle

    release = RELEASES["one department"]
    few = {key: SINGLE[key] for key in QUICK}
    content = bundle.bundle(source(release, "zip"), few)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert names[:2] == ["README.txt", "SHA256SUMS"]
        drawings = [name for name in names if name.startswith("figures/")]
        assert len(names) == len(set(names)) == 2 + len(few) + len(drawings)
        assert {"figures/heatmap.svg", schema.NAME} <= set(names)
        sums = [f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}" for name in names[2:]]
        assert archive.read("SHA256SUMS").decode().splitlines() == sums
        assert all(name in archive.read("README.txt").decode() for name in names[2:])


def test_what_cannot_be_made_for_the_archive_is_named_in_its_note(monkeypatch: pytest.MonkeyPatch) -> None:
    import app.exports.bundle as bundle

    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    content = bundle.bundle(source(RELEASES["usual"], "zip"), {"sav": SINGLE["sav"], "csv": SINGLE["csv"]})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Not in here: All numbers (SPSS)" in archive.read("README.txt").decode()
        assert not any(name.endswith(".sav") for name in archive.namelist())


def test_a_department_has_no_edition_of_a_data_file() -> None:
    with pytest.raises(InvalidError, match="whole organisation only"):
        Options.read(kind="sav", edition="legal")


@pytest.mark.parametrize("language", ["en", "de"])
def test_data_of_a_department_hold_what_its_report_prints_and_no_other_department(language: str) -> None:
    release = RELEASES["usual"]
    part = extent(release, "finance").printed
    others = {row_name(row) for row in release.rows} - {row_name(row) for row in part.rows}
    assert others
    asked = replace(source(release, "csv", language), options=Options("A4", language, "csv", "finance"))
    content = MAKERS["csv"].make(asked, lambda step: None)
    assert Counter(int(one["value"]) for one in lines(content) if one["value"]) == numbers(part)
    asked = replace(asked, options=Options("A4", language, "xlsx", "finance"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(MAKERS["xlsx"].make(asked, lambda step: None)))
    told = [
        str(cell) for name in book.sheet_names for line in book.get_sheet_by_name(name).to_python() for cell in line
    ]
    assert not others & {one.strip() for one in told}
    assert any(part_note(release, part.rows[1]) in one for one in told) or language == "de"


@pytest.mark.parametrize("name", ["usual", "odd names", "silent"])
def test_libreoffice_opens_each_office_file(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc libreoffice-impress")
    for kind in OFFICE:
        (tmp_path / f"{kind}-file.{kind}").write_bytes(made(RELEASES[name], kind, "de"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    paths = [str(tmp_path / f"{kind}-file.{kind}") for kind in OFFICE]
    told = subprocess.run(
        [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), *paths],
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    for kind in OFFICE:
        assert (tmp_path / f"{kind}-file.pdf").read_bytes().startswith(b"%PDF")
