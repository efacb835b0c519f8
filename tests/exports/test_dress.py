"""The client's look on slides, document and workbook: its logo with a text, its colour where it can be read."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from pptx import Presentation
from python_calamine import CalamineWorkbook

from app.clients.brand import PLAIN, Brand
from app.clients.colours import PAPER, READABLE, colours, contrast
from app.clients.pictures import make_logo
from app.exports.dress import dress
from app.exports.makers import MAKERS
from app.reports.formats import FORMATS
from app.reports.looks import ACCENT
from tests.exports.stage import RELEASES, source
from tests.reports import deciding
from tests.reports.logos import drawn

OFFICE = ("pptx", "docx", "xlsx")
NAME = "Fernhill Instruments (fictional)"
BLUE = Brand("", colours("#204060"), make_logo(drawn("#204060")).large)
YELLOW = Brand("", colours("#ffee00"), None)
PALE = Brand("", colours("#204060"), make_logo(drawn("#ffffff")).large)


def made(kind: str, look: Brand, language: str = "en") -> bytes:
    return MAKERS[kind].make(replace(source(RELEASES["usual"], kind, language), brand=look), lambda step: None)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pictures(content: bytes) -> list[bytes]:
    return [part for name, part in parts(content).items() if "/media/" in name]


@pytest.mark.parametrize("kind", OFFICE)
def test_a_file_carries_the_logo_as_it_is_kept_with_a_text_and_without_a_look_no_picture(kind: str) -> None:
    assert BLUE.logo is not None
    content = made(kind, BLUE)
    assert pictures(content) == [BLUE.logo.png]
    assert any(f"Logo of {NAME}".encode() in part for name, part in parts(content).items() if name.endswith(".xml"))
    assert pictures(made(kind, PLAIN)) == []
    assert pictures(made(kind, YELLOW)) == []


@pytest.mark.parametrize("kind", OFFICE)
@pytest.mark.parametrize("look", [BLUE, YELLOW, PALE])
def test_the_same_release_and_look_give_the_same_bytes(kind: str, look: Brand) -> None:
    assert made(kind, look) == made(kind, look)
    assert made(kind, look) != made(kind, PLAIN)


@pytest.mark.parametrize("kind", OFFICE)
def test_a_file_is_offered_anew_when_the_look_has_changed(kind: str) -> None:
    assert FORMATS[kind].branded


def test_words_in_the_clients_colour_can_be_read_on_paper_whatever_it_is() -> None:
    for chosen in ("#204060", "#ffee00", "#ffffff", "#ff0000", "#7c7b78"):
        worn = dress(replace(source(RELEASES["usual"], "pptx"), brand=Brand("", colours(chosen), None)))
        assert contrast(worn.accent, PAPER) >= READABLE
        assert worn.strip == chosen
    assert dress(source(RELEASES["usual"], "pptx")).accent == ACCENT


def test_the_first_slide_wears_the_logo_and_a_strip_and_the_next_the_colour_of_words() -> None:
    deck = Presentation(io.BytesIO(made("pptx", BLUE)))
    first, second = deck.slides[0], deck.slides[1]
    [logo] = [shape for shape in first.shapes if shape.shape_type == 13]
    assert logo.width <= deck.slide_width // 3
    strip = next(shape for shape in first.shapes if shape.left == 0 and shape.height == deck.slide_height)
    assert str(strip.fill.fore_color.rgb) == "204060"
    runs = [run for shape in second.shapes if shape.has_text_frame
            for part in shape.text_frame.paragraphs for run in part.runs]  # fmt: skip
    assert "204060" in {str(run.font.color.rgb) for run in runs}
    assert b"204060" in parts(made("pptx", BLUE))["ppt/theme/theme1.xml"]


def test_a_pale_logo_lies_on_the_clients_colour() -> None:
    deck = Presentation(io.BytesIO(made("pptx", PALE)))
    [logo] = [shape for shape in deck.slides[0].shapes if shape.shape_type == 13]
    behind = [
        shape for shape in deck.slides[0].shapes
        if shape.shape_type == 1 and shape.left < logo.left and shape.left + shape.width > logo.left + logo.width
    ]  # fmt: skip
    assert [str(shape.fill.fore_color.rgb) for shape in behind] == ["204060"]
    paper = Document(io.BytesIO(made("docx", PALE)))
    assert 'w:fill="204060"' in paper.paragraphs[0]._p.xml
    assert b"FF204060" in parts(made("xlsx", PALE))["xl/styles.xml"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_first_sheet_of_a_workbook_leads_to_every_other_one(language: str) -> None:
    content = made("xlsx", BLUE, language)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, *others = book.sheet_names
    assert first == {"en": "Cover", "de": "Titel"}[language]
    sheet = parts(content)["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r"location=\"'([^']+)'!A1\"", sheet) == others
    table = book.get_sheet_by_name(first).to_python()
    assert [line[0] for line in table if line[0] in others] == others


def test_a_record_gives_slides_with_its_map_as_a_chart_that_holds_both_ratings() -> None:
    release = deciding.with_workflows()
    record = deciding.record(release)
    asked = replace(source(release, "pptx"), record=record)
    deck = Presentation(io.BytesIO(MAKERS["pptx"].make(asked, lambda step: None)))
    slide = next(
        one for one in deck.slides if one.shapes.title.text_frame.text == "12 workflows are wanted and possible"
    )
    [chart] = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert sum(len(list(series.values)) for series in list(chart.plots[0].series)[:2]) == len(record.points) == 16
    ratings = {(round(one.capability.value, 2), round(one.wish.mean, 2)) for one in record.points
               if one.capability and one.wish}  # fmt: skip
    xs = set(re.findall(r"<c:v>([\d.]+)</c:v>", chart._chartSpace.xml))
    assert {str(x) for x, _ in ratings} <= xs
    notes = slide.notes_slide.notes_text_frame.text
    assert all(f"{number} {one.name}: wish" in notes for number, one in enumerate(record.points, start=1))
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert any("1 Check a supplier" in text for text in texts)


@pytest.mark.parametrize("look", [BLUE, PALE])
def test_libreoffice_opens_each_file_with_a_look(look: Brand, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc libreoffice-impress")
    for kind in OFFICE:
        (tmp_path / f"{kind}-file.{kind}").write_bytes(made(kind, look))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    paths = [str(tmp_path / f"{kind}-file.{kind}") for kind in OFFICE]
    command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), *paths]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    for kind in OFFICE:
        assert (tmp_path / f"{kind}-file.pdf").read_bytes().startswith(b"%PDF")
