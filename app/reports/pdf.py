"""Making a report: reads the stored release, renders it, keeps the bytes. Imported by the worker only."""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from app.db import Database
from app.errors import NotFoundError, UnavailableError
from app.releases import store
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.reports import service
from app.reports.chapters import build
from app.reports.options import Options
from app.reports.queries import FAILED
from app.reports.steps import STEPS as SAID

log = logging.getLogger("plumbline.reports")

# What WeasyPrint says of its progress begins with these words; the page shows ours.
STEPS = tuple(zip(("", "Step 1", "Step 3", "Step 4", "Step 5", "Step 6", "Step 7"), SAID, strict=True))


def make_report(database: Database, *, organisation_id: UUID, report_id: UUID, now: datetime) -> None:
    """Makes the file of a report, unless it is there; each step is noted in a transaction of its own.

    A failure is noted with a sentence for the page and raised, so that the job is tried again.
    """
    with database.writing() as session:
        begun = service.begin(session, organisation_id=organisation_id, report_id=report_id, steps=len(STEPS))
    if begun is None:
        return
    release_id, options = begun
    try:
        content = _render(database, organisation_id, release_id, options, Steps(database, organisation_id, report_id))
    except Exception as error:
        sentence = error.message if isinstance(error, UnavailableError) else FAILED
        with database.writing() as session:
            service.note_failure(session, organisation_id=organisation_id, report_id=report_id, error=sentence)
        raise
    with database.writing() as session:
        service.finish(session, organisation_id=organisation_id, report_id=report_id, content=content, now=now)


class Steps:
    """Notes each step once, in the order in which they come."""

    def __init__(self, database: Database, organisation_id: UUID, report_id: UUID) -> None:
        self.database, self.organisation_id, self.report_id = database, organisation_id, report_id
        self.done = -1

    def __call__(self, line: str) -> None:
        """Takes a line of WeasyPrint's progress."""
        for place, (start, words) in enumerate(STEPS):
            if place > self.done and start and line.startswith(start):
                self.reach(place, words)

    def reach(self, place: int, words: str) -> None:
        """Notes that a step has begun."""
        self.done = place
        with self.database.writing() as session:
            service.note_step(
                session, organisation_id=self.organisation_id, report_id=self.report_id, done=place, step=words
            )


def _render(database: Database, organisation_id: UUID, release_id: UUID, options: Options, steps: Steps) -> bytes:
    steps.reach(0, STEPS[0][1])
    with database.reading() as session:
        stored: StoredRelease | None = store.by_id(session, organisation_id, release_id)
        if stored is None:
            raise NotFoundError
        release = translated(stored.document, words_of(session, stored))
    document = build(release, sha256=stored.sha256, options=options)
    return _pdf()(document, on_progress=steps)


def _pdf() -> Callable[..., bytes]:
    """The renderer; raises UnavailableError naming the packages where the native libraries are missing."""
    try:
        from app.reports.render import pdf
    except OSError as error:
        log.warning("WeasyPrint's native libraries are missing: %s", error)
        raise UnavailableError(service.MISSING_LIBRARY) from error
    return pdf
