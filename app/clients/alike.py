"""A new client that begins like another one: its settings, what it looks like, its departments under ids of their own.

The face of this room for `copying`.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from app.clients import changes, queries
from app.clients.models import ClientLogo, Organisation
from app.clients.restructuring import Outcome, snapshot_of


def take_settings(session: Session, made: UUID, *, of: UUID) -> None:
    """Gives a new client the financial year and the languages of another one; its time zone it was made with."""
    there, row = queries.profile(session, of), session.get_one(Organisation, made)
    row.year_starts, row.languages = there.year_starts, [*there.languages] or None
    session.flush()


def take_look(session: Session, made: UUID, *, of: UUID, user_id: UUID, now: datetime) -> None:
    """Gives a new client the colour and the logo of another one, as far as it has them."""
    session.get_one(Organisation, made).colour = queries.profile(session, of).colour
    logo = session.get(ClientLogo, of)
    if logo is not None:
        session.add(
            ClientLogo(**logo.model_dump() | {"organisation_id": made, "changed_by": user_id, "changed_at": now})
        )
    session.flush()


def take_departments(session: Session, made: UUID, *, of: UUID, headcounts: bool, now: datetime) -> dict[UUID, UUID]:
    """Gives a new client the departments of another one as they are today, with their pools and sites; says which
    became which. Without `headcounts` nobody is attached to them yet."""
    tree = queries.departments(session, of)
    ids = {one.id: uuid4() for one in tree}
    after = tuple(
        replace(
            snapshot_of(one),
            id=ids[one.id],
            parent_id=None if one.parent_id is None else ids[one.parent_id],
            headcount=one.headcount if headcounts else 0,
        )
        for one in tree
    )
    if after:
        found = Outcome((), after)
        changes.write(session, made, found, now, at_place=False)
        changes.record(session, made, "import", found, now=now)
    return ids
