"""What the command line reads besides releases: which waves there are, of all clients."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.clients.models import Organisation
from app.waves.models import Assessment, Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A wave with the names by which somebody at a command line knows it."""

    organisation_id: UUID
    wave_id: UUID
    label: str
    state: str
    assessment: str
    client: str


def waves(session: Session) -> tuple[Named, ...]:
    """All waves of all clients, by client and label, in one statement."""
    columns: dict[str, Any] = {  # Any: columns of different types
        "organisation_id": col(Wave.organisation_id),
        "wave_id": col(Wave.id),
        "label": col(Wave.label),
        "state": col(Wave.state),
        "assessment": col(Assessment.name),
        "client": col(Organisation.name),
    }
    statement: Select[*tuple[Any, ...]] = (  # Any: the same
        select(*(column.label(name) for name, column in columns.items()))
        .join(
            Assessment,
            (col(Assessment.organisation_id) == col(Wave.organisation_id))
            & (col(Assessment.id) == col(Wave.assessment_id)),
        )
        .join(Organisation, col(Organisation.id) == col(Wave.organisation_id))
        .order_by(col(Organisation.name), col(Wave.label), col(Assessment.name))
    )
    return tuple(Named(**row._mapping) for row in session.execute(statement))
