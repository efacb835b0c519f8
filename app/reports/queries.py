"""Reading files of releases. Pages get facts; the bytes are read only where they are sent."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.jobs import queries as jobs
from app.reports.formats import FORMATS
from app.reports.models import ReportFile, ReportLook
from app.reports.options import Options
from app.sentences import say

JOB = "report"
UNDER_WAY = ("waiting", "running")
FAILED = say("The report could not be made. The results are safe, and nothing else is affected. Try again.")
OPTIONS: Final = ("paper", "language", "format", "edition")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """A file as others see it. `state` is waiting, running, done or failed; `step` says what is being done.

    `size` is in bytes, None while there is none; `basis` what it was made from besides the release and its options.
    """

    id: UUID
    options: Options
    state: str
    step: str
    done_steps: int
    steps: int
    error: str | None
    asked_at: datetime
    made_at: datetime | None
    basis: str = ""
    size: int | None = None

    @property
    def under_way(self) -> bool:
        """True while the worker has to do something for it."""
        return self.state in UNDER_WAY


def reports(session: Session, organisation_id: UUID, release_id: UUID) -> tuple[ReportFacts, ...]:
    """The files that were asked for of a release, by language and paper, in two statements and without their bytes.

    One whose job was given up has failed, whatever its row says: a worker that was killed could not note it.
    """
    statement = (
        select(*_OPTIONS, *_FACTS, func.length(ReportFile.content).label("size"))
        .where(
            col(ReportFile.organisation_id) == organisation_id,
            col(ReportFile.release_id) == release_id,
            col(ReportFile.format).in_(FORMATS),
        )
        .order_by(*_ORDER)
    )
    found = tuple(
        ReportFacts(
            options=_options(dict(row._mapping)),
            **{name: value for name, value in row._mapping.items() if name not in OPTIONS},
        )
        for row in session.execute(statement)
    )
    states = jobs.states(session, kind=JOB, subject_ids=[report.id for report in found])
    return tuple(
        replace(report, state="failed", step="", error=FAILED)
        if report.under_way and states.get(report.id) == "failed"
        else report
        for report in found
    )


def add(session: Session, report: ReportFile) -> None:
    """Stores a report that was asked for unless it is there, also when it is stored at the same moment."""
    _add(session, report)


def keep_look(session: Session, look: ReportLook) -> None:
    """Stores a look unless it is there, also when it is stored at the same moment."""
    _add(session, look)


def look(session: Session, organisation_id: UUID, mark: str) -> ReportLook | None:
    """The look of that mark with which files of an organisation were made, or None."""
    return session.get(ReportLook, (organisation_id, mark))


def _add(session: Session, row: ReportFile | ReportLook) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(insert(type(row)).values(**row.model_dump()).on_conflict_do_nothing())


def content(
    session: Session, organisation_id: UUID, release_id: UUID, options: Options, *, meanwhile: bool = False
) -> tuple[bytes, str] | None:
    """The finished file of a release with these options and its SHA-256, or None while there is none.

    `meanwhile`: also the one that is there while it is made anew.
    """
    statement = select(col(ReportFile.content), col(ReportFile.sha256)).where(
        col(ReportFile.organisation_id) == organisation_id,
        col(ReportFile.release_id) == release_id,
        *(column == getattr(options, name) for name, column in zip(OPTIONS, _OPTIONS, strict=True)),
    )
    if not meanwhile:
        statement = statement.where(col(ReportFile.state) == "done")
    row = session.execute(statement).first()
    return None if row is None or row[0] is None else (row[0], row[1])


def finished(session: Session, organisation_id: UUID) -> tuple[tuple[UUID, Options], ...]:
    """The files of an organisation that are made, as (release, options), in one statement and without their bytes."""
    statement = (
        select(col(ReportFile.release_id), *_OPTIONS)
        .where(
            col(ReportFile.organisation_id) == organisation_id,
            col(ReportFile.state) == "done",
            col(ReportFile.format).in_(FORMATS),
        )
        .order_by(col(ReportFile.release_id), *_ORDER)
    )
    return tuple((row.release_id, _options(dict(row._mapping))) for row in session.execute(statement))


def made_at(session: Session, sha256: str) -> datetime | None:
    """When a file with just these bytes was made here, of whatever organisation; None where none was."""
    columns = (col(ReportFile.made_at),)
    statement = select(*columns).where(col(ReportFile.sha256) == sha256, col(ReportFile.state) == "done").limit(1)
    return session.execute(statement).scalar_one_or_none()


_OPTIONS: Final = tuple(col(getattr(ReportFile, name)) for name in OPTIONS)
_FACTS: Final = tuple(
    col(getattr(ReportFile, name))
    for name in ("id", "state", "step", "done_steps", "steps", "error", "asked_at", "made_at", "basis")
)
_ORDER: Final = tuple(col(getattr(ReportFile, name)) for name in ("format", "edition", "language", "paper"))


def _options(row: dict[Any, Any]) -> Options:  # Any: the columns of `_OPTIONS`
    return Options(**{name: row[name] for name in OPTIONS})
