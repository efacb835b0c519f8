"""Reading report files. Pages get facts; the bytes are read only where they are sent."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.jobs import queries as jobs
from app.reports.models import ReportFile
from app.reports.options import Options
from app.sentences import say

JOB = "report"
UNDER_WAY = ("waiting", "running")
FAILED = say("The report could not be made. The results are safe, and nothing else is affected. Try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """A report file as others see it. `state` is waiting, running, done or failed; `step` says what is being done."""

    id: UUID
    options: Options
    state: str
    step: str
    done_steps: int
    steps: int
    error: str | None
    asked_at: datetime
    made_at: datetime | None

    @property
    def under_way(self) -> bool:
        """True while the worker has to do something for it."""
        return self.state in UNDER_WAY


def reports(session: Session, organisation_id: UUID, release_id: UUID) -> tuple[ReportFacts, ...]:
    """The reports that were asked for of a release, by language and paper, in two statements and without their bytes.

    One whose job was given up has failed, whatever its row says: a worker that was killed could not note it.
    """
    columns = (
        col(ReportFile.id),
        col(ReportFile.paper),
        col(ReportFile.language),
        col(ReportFile.state),
        col(ReportFile.step),
        col(ReportFile.done_steps),
        col(ReportFile.steps),
        col(ReportFile.error),
        col(ReportFile.asked_at),
        col(ReportFile.made_at),
    )
    statement = (
        select(*columns)
        .where(col(ReportFile.organisation_id) == organisation_id, col(ReportFile.release_id) == release_id)
        .order_by(col(ReportFile.language), col(ReportFile.paper))
    )
    found = tuple(
        ReportFacts(
            options=Options.read(paper=row.paper, language=row.language),
            **{name: value for name, value in row._mapping.items() if name not in ("paper", "language")},
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
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(insert(ReportFile).values(**report.model_dump()).on_conflict_do_nothing())


def content(session: Session, organisation_id: UUID, release_id: UUID, options: Options) -> tuple[bytes, str] | None:
    """The finished file of a release with these options and its SHA-256, or None while there is none."""
    statement = select(col(ReportFile.content), col(ReportFile.sha256)).where(
        col(ReportFile.organisation_id) == organisation_id,
        col(ReportFile.release_id) == release_id,
        col(ReportFile.paper) == options.paper,
        col(ReportFile.language) == options.language,
        col(ReportFile.state) == "done",
    )
    row = session.execute(statement).first()
    return None if row is None or row[0] is None else (row[0], row[1])


def finished(session: Session, organisation_id: UUID) -> tuple[tuple[UUID, Options], ...]:
    """The reports of an organisation that are made, as (release, options), in one statement and without their bytes."""
    statement = (
        select(col(ReportFile.release_id), col(ReportFile.paper), col(ReportFile.language))
        .where(col(ReportFile.organisation_id) == organisation_id, col(ReportFile.state) == "done")
        .order_by(col(ReportFile.release_id), col(ReportFile.language), col(ReportFile.paper))
    )
    return tuple(
        (release_id, Options.read(paper=paper, language=language))
        for release_id, paper, language in session.execute(statement)
    )
