"""Reports of clients as they should not be: nothing shown, one department, names of 200 characters."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import NotFoundError
from app.releases.document.release import Release, digest, dump
from app.reports.chapters import build
from app.reports.options import Options
from tests.missing import missing
from tests.reports import richer

try:
    from app.reports import render
except OSError as error:
    missing(f"WeasyPrint's native library is missing: {error}")

WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
MARGIN = 8 / 25.4 * 72
"""Points: no word comes nearer to the edge of the paper."""
FEWEST_WORDS = 20


def made(release: Release, options: Options | None = None) -> bytes:
    chosen = options or Options()
    content: bytes = render.pdf(
        build(release, sha256=digest(dump(release)), options=chosen), on_progress=lambda line: None
    )
    return content


def outside(content: bytes, folder: Path) -> tuple[list[str], list[int]]:
    """The words that come too near to the edge of their page or leave it, and the pages with hardly a word."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext is missing: apt-get install poppler-utils")
    path = folder / "report.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True).stdout
    wrong, empty = [], []
    for number, (width, height, inside) in enumerate(PAGE.findall(told), 1):
        words = WORD.findall(inside)
        if len(words) < FEWEST_WORDS:
            empty.append(number)
        for left, top, right, bottom, word in words:
            if (
                float(left) < MARGIN
                or float(right) > float(width) - MARGIN
                or float(top) < MARGIN
                or float(bottom) > float(height) - MARGIN
            ):
                wrong.append(f"page {number}: {word}")
    return wrong, empty


EXTREMES: dict[str, Callable[[], Release]] = {
    "one department": richer.alone,
    "everything suppressed": richer.suppressed,
    "names of 200 characters, one of them from right to left": richer.long_names,
}


@pytest.mark.parametrize("name", EXTREMES)
def test_no_word_leaves_its_page_and_no_page_is_empty(name: str, tmp_path: Path) -> None:
    wrong, empty = outside(made(EXTREMES[name](), Options("Letter")), tmp_path)
    assert wrong == []
    assert empty == []


def test_an_edition_of_a_department_that_the_release_has_not_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        build(richer.rich(), sha256="0" * 64, options=Options(edition="nowhere"))
