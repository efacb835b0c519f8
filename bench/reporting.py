"""How long a report takes and how much memory, in a process of its own; beside WeasyPrint on the same pages as HTML."""

import subprocess
import sys
from dataclasses import dataclass
from typing import Final

SIZES: Final = (10, 50, 500)
LIMIT: Final = 1.3
"""Times of WeasyPrint on the same pages as plain HTML."""

# Run in a process of its own, whose greatest memory is then that of one report. Prints: pages, seconds to build and set
# the report, seconds of WeasyPrint alone on the HTML, MB at most, bytes.
PROGRAM: Final = """
import resource, sys, time
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from pypdf import PdfReader
import io
from app.releases.document.release import digest, dump
from app.reports import render
from app.reports.chapters import build
from app.reports.options import Options
from app.web.paper import StaticOnly
from app.web.statics import ROOT
from tests.reports import richer

departments, edition, plain = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "plain"
release = richer.many(departments)
sha256 = digest(dump(release))
options = Options(edition=edition)
if plain:
    page = render.page(build(release, sha256=sha256, options=options))
    start = time.process_time()
    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=ROOT / render.STYLE, url_fetcher=StaticOnly(), font_config=fonts)
    html = weasyprint.HTML(string=page, base_url=f"{ROOT.as_uri()}/", url_fetcher=StaticOnly())
    content = html.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
else:
    start = time.process_time()
    content = render.pdf(build(release, sha256=sha256, options=options), on_progress=lambda line: None)
seconds = time.process_time() - start
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(len(PdfReader(io.BytesIO(content)).pages), seconds, most, len(content))
"""


@dataclass(frozen=True)
class Made:
    """A report: its pages, processor seconds, the most memory in MB, and its size in bytes."""

    pages: int
    seconds: float
    megabytes: float
    size: int


def made(departments: int, *, edition: str = "", plain: bool = False) -> Made:
    """Makes the report of a client with that many departments; `plain`: with WeasyPrint alone, on the same HTML."""
    words = [sys.executable, "-c", PROGRAM, str(departments), edition, "plain" if plain else "report"]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    return Made(int(told[0]), float(told[1]), float(told[2]), int(told[3]))


def report() -> int:
    """Prints the figures; 1 where a report takes longer than it may beside plain HTML."""
    print("departments  what        pages  seconds  plain HTML  times      MB      KB")
    slow = False
    for departments in SIZES:
        for name, edition in (("board", ""), ("department", "unit-0")):
            ours, plain = made(departments, edition=edition), made(departments, edition=edition, plain=True)
            times = ours.seconds / plain.seconds
            slow = slow or times > LIMIT
            print(
                f"{departments:11}  {name:10}  {ours.pages:5}  {ours.seconds:7.1f}  {plain.seconds:10.1f}  {times:5.2f}"
                f"  {ours.megabytes:6.0f}  {ours.size / 1000:6.0f}"
            )
    return int(slow)
