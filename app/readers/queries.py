"""Taking a reader's link of a wave back: one statement for each table of links."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, Update, bindparam, update
from sqlmodel import Session

from app.readers.models import Link


def taking_back(links: Table) -> Update:
    """The statement for `take_back`, to be built once; the table has the columns of `LinkColumns` and `wave_id`."""
    return (
        update(links)
        .where(
            links.c.organisation_id == bindparam("organisation"),
            links.c.wave_id == bindparam("wave"),
            links.c.id == bindparam("link"),
            links.c.revoked_at.is_(None),
        )
        .values(revoked_at=bindparam("now"))
    )


def take_back(
    session: Session,
    statement: Update,
    *,
    among: Callable[[Session, UUID, UUID], Iterable[Link]],
    organisation_id: UUID,
    wave_id: UUID,
    link_id: UUID,
    now: datetime,
) -> bool:
    """Takes a link back, once, by the statement of its table; False when it is not `among` the links of the wave."""
    told = {"organisation": organisation_id, "wave": wave_id, "link": link_id, "now": now}
    if session.connection().execute(statement, told).rowcount:
        return True
    return any(link.id == link_id for link in among(session, organisation_id, wave_id))
