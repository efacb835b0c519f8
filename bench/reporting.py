"""How long a report takes and how much memory, in a process of its own; beside WeasyPrint on the same pages as HTML."""

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Final

SIZES: Final = (10, 50, 500)
LIMIT: Final = 1.3
"""Times of WeasyPrint on the same pages as plain HTML."""
AT_MOST_SECONDS: Final = 8.0
AT_MOST_MEGABYTES: Final = 300
SAMPLE: Final = 8
"""Editions that are made one after the other, as a worker does; the time of all follows from them."""

# Run in a process of its own, whose greatest memory is then that of one report. Prints: pages, processor seconds to
# build and set the reports (`plain`: of WeasyPrint alone on the HTML), MB at most, bytes.
PROGRAM: Final = """
import resource, sys, time
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from app.releases.document.release import digest, dump
from app.reports import render
from app.reports.chapters import build
from app.reports.options import Options
from app.web.paper import StaticOnly
from app.web.statics import ROOT
from tests.reports import richer

departments, editions, plain = int(sys.argv[1]), sys.argv[2].split(","), sys.argv[3] == "plain"
release = richer.many(departments)
sha256 = digest(dump(release))
documents = [build(release, sha256=sha256, options=Options(edition=edition)) for edition in editions]
if plain:
    page = render.page(documents[0])
    start = time.process_time()
    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=ROOT / render.STYLE, url_fetcher=StaticOnly(), font_config=fonts)
    html = weasyprint.HTML(string=page, base_url=f"{ROOT.as_uri()}/", url_fetcher=StaticOnly())
    content = html.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
else:
    start = time.process_time()
    for edition in editions:
        document = build(release, sha256=sha256, options=Options(edition=edition))
        content = render.pdf(document, on_progress=lambda line: None)
seconds = time.process_time() - start
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
from io import BytesIO
from pypdf import PdfReader
print(len(PdfReader(BytesIO(content)).pages), seconds, most, len(content))
"""


@dataclass(frozen=True)
class Made:
    """A report: its pages, processor seconds, the most memory in MB, and its size in bytes."""

    pages: int
    seconds: float
    megabytes: float
    size: int


def made(departments: int, *editions: str, plain: bool = False) -> Made:
    """Makes reports of a client with that many departments one after the other, and tells of the last one.

    The seconds are those of all; an edition is a row's id, empty for the board's. `plain`: with WeasyPrint alone, on
    the same HTML.
    """
    return _finished(_begun(departments, *editions, plain=plain))


def _begun(departments: int, *editions: str, plain: bool = False) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", PROGRAM, str(departments), ",".join(editions), "plain" if plain else "report"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def _finished(process: subprocess.Popen[str]) -> Made:
    with process:
        told, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "a report")
    pages, seconds, megabytes, size = told.split()
    return Made(int(pages), float(seconds), float(megabytes), int(size))


def report() -> int:
    """Prints the figures; 1 where a report takes longer than it may beside plain HTML, or more memory."""
    print("departments  what        pages  seconds  plain HTML  times      MB      KB")
    over = False
    for departments in SIZES:
        for name, edition in (("board", ""), ("department", "unit-0")):
            ours, plain = made(departments, edition), made(departments, edition, plain=True)
            times = ours.seconds / plain.seconds
            over = over or times > LIMIT or ours.megabytes > AT_MOST_MEGABYTES
            print(
                f"{departments:11}  {name:10}  {ours.pages:5}  {ours.seconds:7.1f}  {plain.seconds:10.1f}  {times:5.2f}"
                f"  {ours.megabytes:6.0f}  {ours.size / 1000:6.0f}"
            )
        print(_editions(departments))
    return int(over)


def _editions(departments: int) -> str:
    """What all editions of a client take, from a few of them: one after the other, and in two workers side by side."""
    count = min(departments, SAMPLE)
    names = [f"unit-{number * departments // count}" for number in range(count)]
    alone = made(departments, *names)
    start = time.perf_counter()
    halves = [_finished(one) for one in [_begun(departments, *names[::2]), _begun(departments, *names[1::2])]]
    wall = time.perf_counter() - start
    each = alone.seconds / count
    return (
        f"{departments:11}  {count} editions: {each:.1f} s each, {alone.megabytes:.0f} MB one after the other; two "
        f"processes side by side: {wall:.0f} s in all, {max(one.megabytes for one in halves):.0f} MB each; all "
        f"{departments}: about {each * departments / 60:.0f} minutes of a processor"
    )
