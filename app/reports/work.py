"""The worker's part of every file of a release: reads it, has its maker make the bytes, keeps them.

Makers are handed in, so that this room need not know those above it. Each is a pure function of a `Source`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.autonomy.sharing import Shown
from app.clients.brand import PLAIN, Brand, brand
from app.db import Database
from app.errors import NotFoundError, UnavailableError
from app.planned.sharing import Fixed
from app.releases import store
from app.releases.document.release import Release
from app.releases.translated import translated, words_of
from app.reports import service
from app.reports.onward import fixed_for
from app.reports.options import Options
from app.reports.queries import FAILED
from app.reports.recorded import recorded
from app.reports.steps import READING
from app.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that a file is made from: a release in the reader's language, its canonical bytes and their SHA-256, of the
    decision and plan records on it what the file prints (None without any), and what the client looks like.
    """

    release: Release
    raw: bytes
    sha256: str
    options: Options
    record: Shown | None = None
    plan: Fixed | None = None
    brand: Brand = PLAIN


Progress = Callable[[int], None]
"""Is told which of the maker's steps begins, counted from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """How a format is made: what is said while it is, and the function that gives its bytes.

    It raises UnavailableError with a sentence for the page where something is not installed.
    """

    make: Callable[[Source, Progress], bytes]
    steps: tuple[Sentence, ...]


Makers = Mapping[str, Maker]


def source(session: Session, *, organisation_id: UUID, release_id: UUID, options: Options) -> Source:
    """What a file of a release is made from. NotFoundError when the organisation has no such release."""
    stored = store.by_id(session, organisation_id, release_id)
    if stored is None:
        raise NotFoundError
    release = translated(stored.document, words_of(session, stored))
    return Source(
        release=release,
        raw=stored.raw,
        sha256=stored.sha256,
        options=options,
        record=recorded(
            session, organisation_id=organisation_id, release_id=release_id, release=release, options=options
        ),
        plan=fixed_for(
            session, organisation_id=organisation_id, release_id=release_id, release=release, options=options
        ),
        brand=brand(session, organisation_id),
    )


def make_file(database: Database, *, organisation_id: UUID, report_id: UUID, makers: Makers, now: datetime) -> None:
    """Makes a file unless it is there; each step is noted in a transaction of its own.

    A failure is noted with a sentence for the page and raised, so that the job is tried again.
    """
    place: Final = {"organisation_id": organisation_id, "report_id": report_id}
    with database.writing() as session:
        begun = service.begin(session, **place)
    if begun is None:
        return
    release_id, options, basis = begun
    maker = makers[options.format]
    steps = Steps(database, organisation_id, report_id, (READING, *maker.steps))
    try:
        steps(-1)
        with database.reading() as session:
            made_from = source(session, organisation_id=organisation_id, release_id=release_id, options=options)
        content = maker.make(made_from, steps)
    except Exception as error:
        sentence = error.message if isinstance(error, UnavailableError) else FAILED
        with database.writing() as session:
            service.note_failure(session, **place, error=sentence)
        raise
    look = made_from.brand if options.kind.branded else PLAIN
    with database.writing() as session:
        service.finish(session, **place, content=content, basis=basis, now=now, look=look)


class Steps:
    """Notes each step once, in the order in which they come; -1 is what comes before the maker's first."""

    def __init__(self, database: Database, organisation_id: UUID, report_id: UUID, said: tuple[Sentence, ...]) -> None:
        self.database, self.organisation_id, self.report_id, self.said = database, organisation_id, report_id, said
        self.done = -1

    def __call__(self, step: int) -> None:
        """Notes that a step of the maker has begun."""
        place = step + 1
        if place <= self.done:
            return
        self.done = place
        with self.database.writing() as session:
            service.note_step(
                session,
                organisation_id=self.organisation_id,
                report_id=self.report_id,
                done=place,
                steps=len(self.said),
                step=self.said[place],
            )
