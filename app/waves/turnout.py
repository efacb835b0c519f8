"""The turnout of a wave by days while it is open, and what becomes of it when it has closed."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import Session, SQLModel, col

from app.waves.models import HeadcountCorrection, Turnout, WaveDepartment


def by_day(session: Session, organisation_id: UUID, wave_id: UUID) -> dict[date, int]:
    """How many people of the whole organisation sent their answers on each day, in one statement."""
    statement = (
        select(col(Turnout.day), func.sum(col(Turnout.responses)))
        .where(col(Turnout.organisation_id) == organisation_id, col(Turnout.wave_id) == wave_id)
        .group_by(col(Turnout.day))
    )
    return {day: int(responses) for day, responses in session.execute(statement)}


def forget(session: Session, organisation_id: UUID, wave_id: UUID) -> None:
    """Deletes the departments that a wave froze, with their turnout and the corrections of their headcounts."""
    for table in (HeadcountCorrection, Turnout, WaveDepartment):
        columns = SQLModel.metadata.tables[str(table.__tablename__)].c
        here = columns.organisation_id == organisation_id, columns.wave_id == wave_id
        session.connection().execute(delete(table).where(*here))


def settle(session: Session, organisation_id: UUID, wave_id: UUID, used: Mapping[UUID, int], *, day: date) -> None:
    """Lets the turnout of a wave be the answers that are used, all of one `day`, from its close on (P10).

    How many of a department were left out, and on which days they answered, is then in no table that the web reads.
    """
    session.connection().execute(
        delete(Turnout).where(col(Turnout.organisation_id) == organisation_id, col(Turnout.wave_id) == wave_id)
    )
    session.add_all(
        Turnout(organisation_id=organisation_id, wave_id=wave_id, department_id=one, day=day, responses=n)
        for one, n in used.items()
    )
    session.flush()
