"""Deleting rows and inserting them again in random order, so that nothing of the order of their arrival is left."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, MetaData, Table, bindparam, delete, func, insert, literal, select
from sqlmodel import Session

RANDOM_BYTES: Final = 16

# SQLite's own 2 MB make a table with several indexes twice as slow: each row touches each index at another place.
PAGES_IN_MEMORY: Final = "PRAGMA cache_size = -262144"  # kibibytes
PAGES_AS_BEFORE: Final = "PRAGMA cache_size = -2000"


def rewrite(
    session: Session,
    table: Table,
    *,
    organisation_id: UUID,
    wave_id: UUID,
    new_ids: bool,
    instead: Mapping[str, object] | None = None,
) -> int:
    """Deletes the rows of a wave and inserts them again in random order, in a few statements; gives their number.

    `new_ids`: each with another random id. `instead` gives columns that get the same value in all rows. What is read
    goes from the table into a temporary one and back, inside the database: nothing of it comes out here.
    """
    session.flush()
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    random_id = _random_id(is_sqlite=is_sqlite)
    names = [column.name for column in table.c]
    values: dict[str, Any] = {column.name: column for column in table.c}  # Any: columns and expressions of any type
    values |= {name: literal(value, table.c[name].type) for name, value in (instead or {}).items()}
    if new_ids:
        values["id"] = random_id
    aside = Table("rewriting", MetaData(), *(Column(c.name, c.type) for c in table.c), prefixes=["TEMPORARY"])
    ours = (table.c.organisation_id == bindparam("organisation"), table.c.wave_id == bindparam("wave"))
    keys = {"organisation": organisation_id, "wave": wave_id}
    copied = insert(aside).from_select(names, select(*(values[name] for name in names)).where(*ours))
    # Rows under new ids go in by their key, which ends with the id: their places on the disk follow from the new ids
    # alone. SQLite inserts quickly then, and PostgreSQL reads a wave by its key from one page after the other.
    order = [aside.c[column.name] for column in table.primary_key] if new_ids else [random_id]
    with _room_for_pages(connection, is_sqlite=is_sqlite):
        aside.create(connection, checkfirst=False)
        moved = connection.execute(copied, keys)
        connection.execute(delete(table).where(*ours), keys)
        connection.execute(insert(table).from_select(names, select(*(aside.c[n] for n in names)).order_by(*order)))
        aside.drop(connection, checkfirst=False)
    return moved.rowcount


@contextmanager
def _room_for_pages(connection: Connection, *, is_sqlite: bool) -> Iterator[None]:
    """More memory for SQLite's pages; given back also when the work fails, because the connection is used again."""
    if not is_sqlite:
        yield
        return
    connection.exec_driver_sql(PAGES_IN_MEMORY)
    try:
        yield
    finally:
        connection.exec_driver_sql(PAGES_AS_BEFORE)


def _random_id(*, is_sqlite: bool) -> Any:  # Any: an SQL function of no fixed type
    """A random id, made by the database for each row."""
    return func.lower(func.hex(func.randomblob(RANDOM_BYTES))) if is_sqlite else func.gen_random_uuid()
