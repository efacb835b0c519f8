"""Reports of clients as they should not be: nothing shown, one department, 500 of them, names of 200 characters."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from app.clients.brand import PLAIN, Brand
from app.clients.colours import colours
from app.clients.pictures import make_logo
from app.errors import NotFoundError, UnavailableError
from app.exports.bundle import bundle
from app.exports.makers import SINGLE
from app.releases.document.release import Release, digest, dump
from app.reports.chapters import build
from app.reports.options import Options
from app.reports.work import Source
from tests.missing import missing
from tests.reports import builder, deciding, richer
from tests.reports.logos import drawn
from tests.reports.test_report_page import NoPango

try:
    from app.reports import render
except OSError as error:
    missing(f"WeasyPrint's native library is missing: {error}")

WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
MARGIN = 8 / 25.4 * 72
"""Points: no word comes nearer to the edge of the paper."""
FEWEST_WORDS = 20
FULL = 0.4
"""How far down a page its last word but that of the foot stands at least: a third of what there is below its head."""
FOOT = 0.94
OVER = 0.5
"""The part of the smaller of two words that may lie under the other: boxes of letters are higher than what is seen."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box, in points from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def hides(self, other: "Word") -> bool:
        """Whether the two stand on top of each other."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return False
        return across * down > OVER * min(self.area, other.area)

    @property
    def area(self) -> float:
        """How much of the page it takes."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size and its words."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def outside(self) -> list[str]:
        """Words that come too near to the edge or leave the page."""
        return [
            one.text
            for one in self.words
            if one.left < MARGIN
            or one.right > self.width - MARGIN
            or one.top < MARGIN
            or one.bottom > self.height - MARGIN
        ]

    @property
    def overlaid(self) -> list[tuple[str, str]]:
        """Words that stand on top of each other."""
        ordered = sorted(self.words, key=lambda one: one.top)
        return [
            (one.text, other.text)
            for place, one in enumerate(ordered)
            for other in _until(ordered[place + 1 :], one.bottom)
            if one.hides(other)
        ]

    @property
    def filled(self) -> float:
        """How far down its last word stands, the foot left out: 1 is the lower edge."""
        return max((one.bottom for one in self.words if one.bottom < FOOT * self.height), default=0) / self.height


def _until(words: Sequence[Word], bottom: float) -> Iterator[Word]:
    for one in words:
        if one.top >= bottom:
            return
        yield one


def made(release: Release, options: Options | None = None, look: Brand = PLAIN) -> bytes:
    chosen = options or Options()
    content: bytes = render.pdf(
        build(release, sha256=digest(dump(release)), options=chosen, brand=look), on_progress=lambda line: None
    )
    return content


def pages(content: bytes, folder: Path) -> list[Page]:
    """The words of each page with their boxes, as another program sees them."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext is missing: apt-get install poppler-utils")
    path = folder / "report.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True).stdout
    return [
        Page(
            float(width),
            float(height),
            tuple(
                Word(float(left), float(top), float(right), float(bottom), word)
                for left, top, right, bottom, word in WORD.findall(inside)
            ),
        )
        for width, height, inside in PAGE.findall(told)
    ]


def many() -> Release:
    return richer.many(500)


EXTREMES: dict[str, Callable[[], Release]] = {
    "one department": richer.alone,
    "everything suppressed": richer.suppressed,
    "names of 200 characters, one of them from right to left": richer.long_names,
    "no wave before": richer.first_wave,
    "500 departments": many,
}
WIDE, TALL, WHITE = drawn("#204060", (1200, 60)), drawn("#204060", (60, 480)), drawn("#ffffff")
LOOKS = {
    "one department": Brand("", colours("#ffee00"), make_logo(WIDE).large),
    "everything suppressed": Brand("", None, make_logo(TALL).large),
    "no wave before": Brand("", colours("#ffee00"), make_logo(WHITE).large),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_no_word_leaves_its_page_or_hides_another_and_no_page_is_empty(name: str, tmp_path: Path) -> None:
    options = Options("A4", "de") if name == "500 departments" else Options("Letter")
    found = pages(made(EXTREMES[name](), options, LOOKS.get(name, PLAIN)), tmp_path)
    assert {number: page.outside for number, page in enumerate(found, 1) if page.outside} == {}
    # Keys of many departments meet in the square of trust and readiness, where two of them stand near each other.
    overlaid = {
        number: [pair for pair in page.overlaid if not all(map(str.isdigit, pair))]
        for number, page in enumerate(found, 1)
    }
    assert {number: pairs for number, pairs in overlaid.items() if pairs} == {}
    assert [number for number, page in enumerate(found, 1) if len(page.words) < FEWEST_WORDS] == []
    assert len(found) <= 60


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_report_of_ten_rows_has_18_to_28_pages_each_but_the_imprint_at_least_a_third_full(
    language: str, tmp_path: Path
) -> None:
    found = pages(made(richer.rich(), Options(language=language)), tmp_path)
    assert 18 <= len(found) <= 28
    assert {number: round(page.filled, 2) for number, page in enumerate(found[:-1], 1) if page.filled < FULL} == {}
    assert {number: page.overlaid for number, page in enumerate(found, 1) if page.overlaid} == {}


@pytest.mark.parametrize("language", ["en", "de"])
def test_with_what_to_automate_a_report_still_has_at_most_28_pages(language: str, tmp_path: Path) -> None:
    release = deciding.with_workflows(6)
    document = build(release, sha256="0" * 64, options=Options(language=language), record=deciding.record(release))
    found = pages(render.pdf(document, on_progress=lambda line: None), tmp_path)
    assert len(found) <= 28
    assert {number: page.overlaid for number, page in enumerate(found, 1) if page.overlaid} == {}
    assert {number: page.outside for number, page in enumerate(found, 1) if page.outside} == {}


@pytest.mark.parametrize(
    ("tag", "name"), [("ar", "قسم العمليات والموارد"), ("he", "מחלקת כספים"), ("el", "Οικονομικά")]
)
def test_a_name_in_another_script_is_drawn_with_letters_where_the_machine_has_a_typeface(
    tag: str, name: str, tmp_path: Path
) -> None:
    there = (
        shutil.which("fc-list")
        and subprocess.run(
            ["fc-list", f":lang={tag}", "family"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    if not there:
        missing(f"no typeface of this machine has the letters of “{tag}”: apt-get install fonts-dejavu-core")
    base = builder.little()
    rows = tuple(replace(row, name=name) if row.id == "finance" else row for row in base.rows)
    content = made(replace(base, rows=rows))
    assert empty_boxes(content) == 0
    words = {word.text for page in pages(content, tmp_path) for word in page.words}
    assert {"".join(sorted(part)) for part in name.split()} <= {"".join(sorted(word)) for word in words}


def empty_boxes(content: bytes) -> int:
    """How often a report draws the glyph 0, which every typeface has for letters that it has not."""
    reader = PdfReader(io.BytesIO(content))
    found = 0
    for page in reader.pages:
        for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
            parts = operands[0] if operator == b"TJ" else operands[:1] if operator == b"Tj" else []
            for part in parts:
                raw = part if isinstance(part, bytes) else getattr(part, "original_bytes", b"")
                found += sum(raw[at : at + 2] == bytes(2) for at in range(0, len(raw), 2))
    return found


def test_an_edition_of_a_department_that_the_release_has_not_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        build(richer.rich(), sha256="0" * 64, options=Options(edition="nowhere"))


def test_without_the_native_libraries_every_other_file_is_made_and_a_sentence_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "app.reports.render", raising=False)
    monkeypatch.delitem(sys.modules, "app.reports.tagging", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    release = builder.little()
    raw = dump(release)
    source = Source(release=release, raw=raw, sha256=digest(raw), options=Options(format="zip"))
    with pytest.raises(UnavailableError, match="apt-get install libpango"):
        SINGLE["pdf"].make(source, lambda step: None)
    with zipfile.ZipFile(io.BytesIO(bundle(source, SINGLE))) as archive:
        told, names = archive.read("README.txt").decode(), archive.namelist()
    assert "Not in here: Report (PDF). Reports need the library Pango" in told
    assert {name.rpartition(".")[2] for name in names} >= {"xlsx", "pptx", "docx", "csv", "json", "R"}
    assert not any(name.endswith(".pdf") for name in names)
