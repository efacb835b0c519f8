"""The statements of retention: its records, and the deletion of everything that belongs to a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, Uuid, delete, inspect, or_
from sqlmodel import Session, col, select

from app.retention.models import DeletionRecord

CLIENT = "client"


@dataclass(frozen=True, slots=True)
class DeletionFacts:
    """That something was deleted. `what` is answers, roster, person or client; `counts` are rows by table, none while
    the deletion is still to be done; `user_id` is None for what the service deleted by itself."""

    organisation_id: UUID
    organisation_name: str
    wave_label: str
    what: str
    counts: dict[str, int]
    reason: str
    user_id: UUID | None
    deleted_at: datetime


def records(
    session: Session, *, user_id: UUID | None = None, organisation_ids: Sequence[UUID] = ()
) -> tuple[DeletionFacts, ...]:
    """What was deleted by a user or at one of these organisations, the newest first, in one statement.

    Without a user: everything, for the operator.
    """
    statement = select(DeletionRecord).order_by(col(DeletionRecord.deleted_at).desc(), col(DeletionRecord.id))
    if user_id is not None:
        theirs = col(DeletionRecord.organisation_id).in_(organisation_ids)
        statement = statement.where(or_(col(DeletionRecord.user_id) == user_id, theirs))
    return tuple(_facts(row) for row in session.exec(statement))


def client_record(session: Session, organisation_id: UUID) -> DeletionRecord | None:
    """The row that says that a client is to be deleted, for this room only."""
    statement = select(DeletionRecord).where(
        col(DeletionRecord.organisation_id) == organisation_id, col(DeletionRecord.what) == CLIENT
    )
    return session.exec(statement).first()


def delete_everything(session: Session, organisation_id: UUID) -> dict[str, int]:
    """Deletes a client with all rows of all tables that name it, and gives how many of each table.

    The tables are those that the database has, children first, so that none is forgotten. Records of deletions stay.
    """
    session.flush()
    connection = session.connection()
    seen = inspect(connection)
    names = [name for name, _ in seen.get_sorted_table_and_fkc_names() if name is not None]
    counts: dict[str, int] = {}
    for name in reversed(names):
        key = "id" if name == "organisation" else "organisation_id"
        if name == DeletionRecord.__tablename__ or key not in {column["name"] for column in seen.get_columns(name)}:
            continue
        table = Table(name, MetaData(), Column(key, Uuid))
        gone = connection.execute(delete(table).where(table.c[key] == organisation_id)).rowcount
        counts |= {name: gone} if gone else {}
    session.expire_all()
    return counts


def _facts(row: DeletionRecord) -> DeletionFacts:
    return DeletionFacts(
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        wave_label=row.wave_label,
        what=row.what,
        counts={table: int(count) for table, count in row.counts.items()},
        reason=row.reason,
        user_id=row.user_id,
        deleted_at=row.deleted_at,
    )
