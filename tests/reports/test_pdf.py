"""The report as a real PDF, read back: tags, bookmarks, and every number of the heatmap, no more and no less."""

import hashlib
import itertools
import logging
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from urllib.error import URLError

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, StreamObject

from app.releases.document.release import Hidden, Release, Scored, digest, dump
from app.reports.chapters import ReportDocument, build
from app.reports.options import Options, Paper
from app.reports.phrases import row_name
from app.reports.tables import heat_rows
from app.web.paper import StaticOnly
from app.web.statics import ROOT
from tests.reports import builder, richer
from tests.reports.pdf_reader import Bookmark, bookmarks, elements, fonts, inside, links, opened, page_text, squeezed
from tests.test_views import names_used

try:
    from weasyprint.urls import FatalURLFetchingError

    from app.reports import render
except OSError as error:
    if os.environ.get("CI"):
        raise
    pytest.skip(f"WeasyPrint's native library is missing: {error}", allow_module_level=True)

POINTS_PER_MM = 72 / 25.4
MAKE = """
import sys
from app.releases.document.release import digest, dump
from app.reports import render
from app.reports.chapters import build
from app.reports.options import Options
from tests.reports import builder

release = builder.little()
document = build(release, sha256=digest(dump(release)), options=Options("Letter"))
sys.stdout.buffer.write(render.pdf(document, on_progress=lambda line: None))
"""


def document(release: Release, paper: Paper = "A4") -> ReportDocument:
    return build(release, sha256=digest(dump(release)), options=Options(paper))


@pytest.fixture(scope="session")
def release() -> Release:
    return richer.rich()


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """What the renderer says of its progress."""
    return []


class Log(logging.Handler):
    """Keeps what would be logged while the report is made."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(scope="session")
def log() -> Log:
    return Log()


@pytest.fixture(scope="session")
def made(release: Release, lines: list[str], log: Log) -> bytes:
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.INFO)
    content: bytes = render.pdf(document(release), on_progress=lines.append)
    root.removeHandler(log)
    root.setLevel(level)
    return content


@pytest.fixture(scope="session")
def reader(made: bytes) -> PdfReader:
    return opened(made)


@pytest.fixture(scope="session")
def marks(reader: PdfReader) -> list[Bookmark]:
    return bookmarks(reader)


def test_a_report_leaves_nothing_in_the_log_and_has_a_glyph_for_every_letter(
    made: bytes, lines: list[str], log: Log
) -> None:
    assert any(line.startswith("Step 5") for line in lines)
    assert log.messages == []


def page_of(marks: list[Bookmark], title: str) -> int:
    return next(mark.page for mark in marks if mark.title == title)


def test_a_report_has_all_chapters_and_a_page_for_each_department(
    release: Release, reader: PdfReader, marks: list[Bookmark]
) -> None:
    chapters = [mark.title for mark in marks if mark.level == 1]
    assert chapters == [
        "Cover",
        "Contents",
        "Executive summary",
        "How to read this report",
        "Heatmap",
        "Dimension by dimension",
        "What changed",
        "Splits and gaps",
        "What goes with willingness",
        "Role levels and sites",
        "Department by department",
        "Quality and limits",
        "Method",
        "Technical annex",
        "The questions",
        "Glossary",
        "Where the numbers come from",
    ]
    pages = [mark for mark in marks if mark.level == 2]
    assert [mark.title for mark in pages] == [row_name(row) for row in release.rows[1:]]
    first = page_of(marks, "Department by department")
    assert pages[0].page == first
    places = [mark.page for mark in pages]
    # There are many, so that two share a page.
    assert max(map(places.count, places)) == 2
    assert len(set(places)) <= 6
    assert page_of(marks, "Quality and limits") == places[-1] + 1
    assert 18 <= len(reader.pages) <= 28


def test_a_report_is_tagged_and_says_its_language_and_title(release: Release, reader: PdfReader, made: bytes) -> None:
    root = reader.root_object
    assert inside(root, "/MarkInfo", "/Marked") == BooleanObject(True)
    assert str(inside(root, "/Lang")) == "en"
    assert inside(root, "/ViewerPreferences", "/DisplayDocTitle") == BooleanObject(True)
    assert reader.metadata is not None
    assert reader.metadata.title == document(release).front.title
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date().isoformat() == release.wave.closed_on
    metadata = inside(root, "/Metadata")
    assert isinstance(metadata, StreamObject)
    assert b"pdfuaid" in metadata.get_data()


def test_every_figure_has_an_alternative_text_with_its_values(release: Release, reader: PdfReader) -> None:
    figures = [element for element in elements(reader) if element.kind == "Figure"]
    shown = [row for row in release.rows if any(isinstance(cell, Scored) for cell in row.cells.values())]
    assert all(figure.alt for figure in figures)
    # A plot for each row; trust beside readiness; one for each dimension, leaders, willingness, and each question.
    assert sum(figure.alt.startswith("Scores of ") for figure in figures) == len(shown)
    assert len(figures) == len(shown) + 1 + len(builder.IDS) + 2 + len(release.items)
    finance = next(figure.alt for figure in figures if figure.alt.startswith("Scores of Finance from"))
    assert "Competence 72, strong, 17 answers, up 15, interval 63 to 81" in finance


def test_headings_do_not_skip_a_level(reader: PdfReader) -> None:
    levels = [int(e.kind[1]) for e in elements(reader) if len(e.kind) == 2 and e.kind[0] == "H" and e.kind[1].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert len(levels) > 20
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_cell_of_a_table_is_tied_to_its_head_cells(reader: PdfReader) -> None:
    found = elements(reader)
    heads = [element.id for element in found if element.kind == "TH"]
    assert len(heads) == len(set(heads)) > 100
    assert all(heads)
    cells = [element for element in found if element.kind == "TD"]
    assert len(cells) > 300
    assert all(cell.headers for cell in cells)
    assert sum(cell.headers >= 2 for cell in cells) > 300


def test_the_heatmap_prints_exactly_the_numbers_of_the_release(
    release: Release, reader: PdfReader, marks: list[Bookmark]
) -> None:
    text = page_text(reader, page_of(marks, "Heatmap"))
    ordered = (*release.rows[1:], release.rows[0])
    for row, printed in zip(ordered, heat_rows(release), strict=True):
        # The name of the last row is drawn after its cells, together with the rule above it.
        name = "" if row.kind == "organisation" else printed.name
        wanted = squeezed(name + printed.n + "".join(c.text + c.mark + c.note for c in printed.cells))
        assert squeezed(printed.name) in text
        assert wanted in text, row.name
        for cell, one in zip((row.cells[key] for key in builder.IDS), printed.cells, strict=True):
            assert _says_the_cell(cell, one.text, one.note), (row.name, one)


def _says_the_cell(cell: Scored | Hidden, text: str, note: str) -> bool:
    if isinstance(cell, Hidden):
        return text == "" and not any(letter.isdigit() for letter in note)
    bound = {"": "", ">=": "≥", "<=": "≤"}[cell.bound]
    return squeezed(text) == f"{bound}{cell.score}" and note == ("" if cell.n is None else str(cell.n))


def test_a_department_without_answers_has_a_page_without_scores(
    release: Release, reader: PdfReader, marks: list[Bookmark]
) -> None:
    text = page_text(reader, page_of(marks, "Procurement"))
    assert "Nobodyanswered" in text
    assert text.count("noanswers") == len(builder.IDS)
    told = render.page(document(release)).partition('data-label="Procurement"')[2].partition("</article>")[0]
    # No number but the 95 of the column "95 % interval".
    assert re.findall(r"\b\d+\b", re.sub(r"<[^>]+>|2026-Q2", " ", told)) == ["95"]


def test_a_department_page_prints_its_intervals_and_its_module(reader: PdfReader, marks: list[Bookmark]) -> None:
    text = page_text(reader, page_of(marks, "Finance"))
    assert "17of21peopleanswered(81%)" in text
    assert "Competence72▲1763to81+15▲" in text
    assert "Ownquestions,Finance:59(16answers)" in text


def test_the_method_names_the_release_by_its_digest(release: Release, reader: PdfReader, marks: list[Bookmark]) -> None:
    text = "".join(page_text(reader, page) for page in range(page_of(marks, "Method"), len(reader.pages)))
    assert digest(dump(release)) in text
    assert release.wave.instrument_sha256 in text
    assert squeezed(release.certificate.statement) in text
    assert "onesource" in text
    assert "notyetbeentested" in text


def test_the_contents_link_to_their_pages(reader: PdfReader, marks: list[Bookmark]) -> None:
    contents = reader.pages[page_of(marks, "Contents")]
    entries = [mark for mark in marks if mark.title not in ("Cover", "Contents")]
    assert links(reader, page_of(marks, "Contents")) >= len(entries)
    text = squeezed(contents.extract_text())
    for mark in entries:
        name, page = re.escape(squeezed(mark.title)), mark.page + 1
        # A department stands with who answered and where it stands.
        assert re.search(rf"{name}{page}" if mark.level == 1 else rf"{name}[\d%–a-z]*{page}", text), mark.title


def test_only_the_typeface_inter_is_embedded(reader: PdfReader) -> None:
    names = fonts(reader)
    assert names
    assert {name for name in names if "+Inter" not in name} == set()


def test_the_renderer_tells_each_step(lines: list[str], made: bytes) -> None:
    from app.reports.pdf import STARTS

    assert made.startswith(b"%PDF-1.7")
    for start in STARTS:
        assert any(line.startswith(start) for line in lines), start


def test_the_same_release_gives_the_same_bytes_in_another_process_and_environment(made: bytes, tmp_path: Path) -> None:
    # This process has made another report already, with other words and the same fonts; the other starts from nothing.
    assert made
    with _making_elsewhere(tmp_path, seed="1") as other:
        here: bytes = render.pdf(document(builder.little(), paper="Letter"), on_progress=lambda line: None)
        elsewhere, _ = other.communicate(timeout=120)
    assert other.returncode == 0
    assert hashlib.sha256(here).hexdigest() == hashlib.sha256(elsewhere).hexdigest()
    size = opened(here).pages[0].mediabox
    assert round(float(size.width) / POINTS_PER_MM) == 216
    assert round(float(size.height) / POINTS_PER_MM) == 279


def test_a_report_in_german_says_so_and_keeps_every_number(release: Release) -> None:
    english = render.page(build(release, sha256="0" * 64, options=Options()))
    german = render.page(build(release, sha256="0" * 64, options=Options(language="de")))
    assert '<html lang="de">' in german
    assert "in sechs Aussagen" in german
    assert "Executive summary" not in german
    assert _numbers(german) == _numbers(english)


def _numbers(page: str) -> list[str]:
    """All numbers of the tables of a page, in order."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)
    told = (re.sub(r"\b0,(?=\d\d\b)", ".", re.sub(r"<[^>]+>", " ", cell)) for cell in cells)
    return [number for cell in told for number in re.findall(r"\d+", cell)]


def _making_elsewhere(home: Path, *, seed: str) -> subprocess.Popen[bytes]:
    """A process of somebody else, making the report meanwhile: another order of sets, another time zone and language,
    an empty home without what typefaces leave there, and nothing of our environment.
    """
    assert os.environ.get("PYTHONHASHSEED") != seed
    other = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "LC_ALL": "C", "TZ": f"UTC-{seed}", "PYTHONHASHSEED": seed}
    return subprocess.Popen(
        [sys.executable, "-c", MAKE],
        cwd=Path(__file__).resolve().parent.parent.parent,
        env=other,
        stdout=subprocess.PIPE,
    )


def test_the_first_wave_has_a_chapter_that_says_why_nothing_is_compared() -> None:
    page = render.page(document(builder.first_wave()))
    assert "This is the first wave, so there is nothing to compare it with yet." in page
    assert "What changed cannot be told yet" in page
    assert "Since None" not in page


def test_text_from_people_is_escaped() -> None:
    release = builder.release()
    wave = replace(release.wave, organisation="<b>&Co</b>")
    assert "<b>&Co" not in render.page(document(replace(release, wave=wave)))


def test_the_report_uses_every_field_of_its_view() -> None:
    assert names_used(ReportDocument.template) == {field.name for field in fields(ReportDocument)}


@pytest.mark.parametrize(
    "address",
    ["https://example.org/font.woff2", "file:///etc/hostname", f"{ROOT.as_uri()}/../run", "data:text/css,a{}"],
)
def test_nothing_outside_the_static_folder_is_fetched(address: str) -> None:
    with pytest.raises((FatalURLFetchingError, ValueError, URLError)):
        StaticOnly().fetch(address)
