"""What the tests of waves do again and again, with the services that people use."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from app.db import Database
from app.jobs import queries as jobs
from app.waves import queries, service
from app.waves.queries import WaveView
from tests.cast import Cast


def planned(database: Database, cast: Cast, now: datetime, *, label: str = "2026-Q4", form: str = "full") -> UUID:
    with database.writing() as session:
        return service.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Agent readiness",
            instrument="atr",
            label=label,
            form=form,
            planned_close=None,
            now=now,
        )


def opened(database: Database, cast: Cast, now: datetime) -> UUID:
    wave_id = planned(database, cast, now)
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=now)
    return wave_id


def answered(database: Database, cast: Cast, wave_id: UUID, day: date, numbers: Mapping[str, int]) -> None:
    """So many people of each department send their answers on a day, each in a transaction of their own."""
    for name, number in numbers.items():
        for _ in range(number):
            with database.writing() as session:
                service.count_response(
                    session,
                    organisation_id=cast.organisation,
                    wave_id=wave_id,
                    department_id=cast.departments[name],
                    day=day,
                )


def closing(database: Database, cast: Cast, wave_id: UUID, now: datetime) -> None:
    with database.writing() as session:
        service.start_closing(session, organisation_id=cast.organisation, wave_id=wave_id, now=now)


def closed(database: Database, cast: Cast, wave_id: UUID, now: datetime) -> None:
    closing(database, cast, wave_id, now)
    with database.writing() as session:
        service.finish_closing(session, organisation_id=cast.organisation, wave_id=wave_id, now=now)


def followed(
    database: Database, cast: Cast, wave_id: UUID, now: datetime, *, label: str = "2027-Q1", form: str = "pulse"
) -> UUID:
    with database.writing() as session:
        return service.prepare_next(
            session, organisation_id=cast.organisation, wave_id=wave_id, form=form, label=label, now=now
        )


def wave(database: Database, cast: Cast, wave_id: UUID) -> WaveView:
    with database.reading() as session:
        return queries.wave(session, cast.organisation, wave_id)


def release_job(database: Database, wave_id: UUID) -> jobs.JobFacts | None:
    with database.reading() as session:
        return jobs.job(session, kind="release", subject_id=wave_id)
