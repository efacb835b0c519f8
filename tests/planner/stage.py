"""What the tests of the planner do again and again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Database
from app.planner import service
from app.planner.rows import Row, YearInput, row_of, written
from app.waves import queries as waves
from app.waves.queries import WaveView
from tests.cast import Cast

ZONE = "Europe/Berlin"


def year_of(database: Database, cast: Cast, assessment: UUID) -> tuple[WaveView, ...]:
    with database.reading() as session:
        return service.of_assessment(session, cast.organisation, assessment)


def assessment_of(database: Database, cast: Cast, wave: UUID) -> UUID:
    with database.reading() as session:
        return waves.wave(session, cast.organisation, wave).assessment_id


def row(label: str, opens: str, closes: str, *, id: str = "", form: str = "pulse") -> Row:
    """A row as it is typed; days and times apart: "2026-12-28 09:00"."""
    day, at = opens.split() if opens else ("", "")
    last, until = closes.split() if closes else ("", "")
    return Row(id=id, label=label, form=form, opens=day, opens_time=at, closes=last, closes_time=until)


def seen(database: Database, cast: Cast, assessment: UUID) -> dict[str, dict[str, str]]:
    from app.planner.forms import _seen

    drafts = service.drafts(year_of(database, cast, assessment))
    return dict(_seen(written([row_of(one, ZONE) for one in drafts])))  # type: ignore[arg-type]  # a mapping of its own


def saved(database: Database, cast: Cast, assessment: UUID, rows: Sequence[Row], now: datetime) -> None:
    typed = YearInput(tuple(rows), seen(database, cast, assessment))
    with database.writing() as session:
        service.save(session, organisation_id=cast.organisation, assessment_id=assessment, typed=typed, now=now)
