"""The report as a PDF: what WeasyPrint says of its progress, as steps. Imported where files are made only."""

import logging
from collections.abc import Callable

from app.errors import UnavailableError
from app.releases.document.release import dump
from app.reports import service
from app.reports.chapters import build
from app.reports.extent import extent
from app.reports.formats import ARCHIVE
from app.reports.steps import OF_THE_PDF
from app.reports.work import Maker, Progress, Source

log = logging.getLogger("plumbline.reports")

# What WeasyPrint says of its progress begins with these words; the page shows ours.
STARTS = ("Step 1", "Step 3", "Step 4", "Step 5", "Step 6", "Step 7")


def make_pdf(source: Source, progress: Progress) -> bytes:
    """The report of a release; UnavailableError names the packages where the native libraries are missing."""

    def hear(line: str) -> None:
        for place, start in enumerate(STARTS):
            if line.startswith(start):
                progress(place)

    document = build(
        source.release,
        sha256=source.sha256,
        options=source.options,
        record=source.record,
        plan=source.plan,
        brand=source.brand,
    )
    return _pdf()(document, on_progress=hear, data=_data(source))


def _data(source: Source) -> bytes:
    """The data that are attached: for the archive, and where the report for the board does not print all rows.

    A department's edition carries what it prints of the release, and nothing of other departments.
    """
    told = extent(source.release, source.options.row)
    if source.options.format != ARCHIVE.key and not told.cut:
        return b""
    return source.raw if told.row is None else dump(told.printed)


PDF = Maker(make=make_pdf, steps=OF_THE_PDF)


def _pdf() -> Callable[..., bytes]:
    """The renderer; raises UnavailableError naming the packages where the native libraries are missing."""
    try:
        from app.reports.render import pdf
    except OSError as error:
        log.warning("WeasyPrint's native libraries are missing: %s", error)
        raise UnavailableError(service.MISSING_LIBRARY) from error
    return pdf
