"""What becomes of the turnout of a wave when it has closed."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.waves.models import Turnout


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
