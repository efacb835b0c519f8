"""HTML to PDF with WeasyPrint; imported by the worker only, and only when a report is made (STACK.md 4).

Importing this raises OSError where WeasyPrint's native libraries are missing.
"""

import gc
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Final

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from app.reports.chapters import ReportDocument
from app.reports.formats import ARCHIVE, PDF
from app.reports.tagging import complete
from app.web.paper import StaticOnly
from app.web.speech import speech
from app.web.statics import ROOT
from app.web.templating import make_environment

CONFORMING: Final[Mapping[str, str]] = {PDF.key: "pdf/ua-1", ARCHIVE.key: "pdf/a-3a"}
DATA = "release.json"
STYLE = "css/report.css"
# Objects made before the collector looks for circles, and how much more seldom it looks at older ones: a tenth of the
# time of a report went into going through boxes that are all still needed.
SELDOM = (50_000, 20, 50)
PROGRESS = logging.getLogger("weasyprint.progress")
FONT_TOOLS = logging.getLogger("fontTools")


def page(document: ReportDocument) -> str:
    """The report as HTML, in its language."""
    values = {name: getattr(document, name) for name in document.__dataclass_fields__}
    return make_environment(speech(document.options.language)).get_template(document.template).render(values)


def pdf(document: ReportDocument, *, on_progress: Callable[[str], None], data: bytes = b"") -> bytes:
    """The report as a tagged PDF: the same document gives the same bytes, at any time and in any process.

    `on_progress` is called with each line in which WeasyPrint says what it is doing. `data`, where there is any, is
    attached as a file.
    """
    with _fixed_time(document.front.closed_on), _listening(on_progress), _seldom_collecting():
        fonts, style = _style()
        html = weasyprint.HTML(string=page(document), base_url=f"{ROOT.as_uri()}/", url_fetcher=StaticOnly())
        content: bytes = html.write_pdf(
            finisher=complete,
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=CONFORMING[document.options.format],
            custom_metadata=True,
            attachments=[_attached(data, document)] if data else None,
        )
        return content


def _attached(data: bytes, document: ReportDocument) -> weasyprint.Attachment:
    """The data of the release as a file inside, of the wave's own day."""
    day = datetime.fromisoformat(document.front.closed_on).replace(tzinfo=UTC)
    described = f"Every number of the report, as JSON. SHA-256 of the release: {document.source.release}"
    return weasyprint.Attachment(
        string=data.decode(), name=DATA, description=described, created=day, modified=day, relationship="Data"
    )


@cache
def _style() -> tuple[FontConfiguration, weasyprint.CSS]:
    """The style sheet and its fonts, read once a process: unpacking fonts takes as long as laying out several pages."""
    fonts = FontConfiguration()
    return fonts, weasyprint.CSS(filename=ROOT / STYLE, url_fetcher=StaticOnly(), font_config=fonts)


@contextmanager
def _fixed_time(iso_day: str) -> Iterator[None]:
    """Fonts carry the time at which they were cut down; this variable is how the font tools are told that time."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromisoformat(iso_day).replace(tzinfo=UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Lets the garbage collector look seldom while a report is made."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Ear(logging.Handler):
    def __init__(self, on_progress: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self.on_progress = on_progress

    def emit(self, record: logging.LogRecord) -> None:
        self.on_progress(record.getMessage())


@contextmanager
def _listening(on_progress: Callable[[str], None]) -> Iterator[None]:
    """Hands WeasyPrint's own lines about its progress on; neither they nor those of the font tools fill the log."""
    ear, before = _Ear(on_progress), (PROGRESS.level, PROGRESS.propagate, FONT_TOOLS.level)
    PROGRESS.addHandler(ear)
    PROGRESS.setLevel(logging.INFO)
    PROGRESS.propagate = False
    FONT_TOOLS.setLevel(logging.WARNING)
    try:
        yield
    finally:
        PROGRESS.removeHandler(ear)
        PROGRESS.level, PROGRESS.propagate, FONT_TOOLS.level = before
