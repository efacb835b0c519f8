"""What somebody finds who takes the database's files: their raw bytes, and the places of rows in them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import text

from app.db import Database

PAGE = 4096  # bytes of a page of SQLite


def files(database: Database, *, settled: bool = False) -> bytes:
    """All bytes of the database: SQLite's file with its log, or PostgreSQL's tables, indexes and long values.

    `settled`: what is in SQLite's log is brought to its place first.
    """
    if database.is_sqlite:
        name = str(database.write.url.database)
        if settled:
            _checkpoint(database)
        return b"".join(_read(name + suffix) for suffix in ("", "-wal"))
    with database.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        found = connection.execute(
            text(
                "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
                "WHERE relkind IN ('r', 'i', 't') AND oid >= 16384"
            )
        )
        return b"".join(bytes(content) for (content,) in found)


def as_stored(database: Database, id: UUID) -> bytes:
    """An id as it lies in the file."""
    return id.hex.encode() if database.is_sqlite else id.bytes


def ids(database: Database, statement: str) -> list[UUID]:
    """The ids that a statement finds."""
    with database.reading() as session:
        return [UUID(str(row[0])) for row in session.connection().execute(text(statement))]


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rank correlation of two lists without ties."""
    ranks = [np.argsort(np.argsort(np.asarray(values))) for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def correlation_inside_pages(places: Sequence[int], arrivals: Sequence[float]) -> float:
    """The correlation of place and arrival among rows of the same page: SQLite fills a page in the order of arrival."""
    pages: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for place, arrival in zip(places, arrivals, strict=True):
        pages[place // PAGE].append((place, arrival))
    one, other = [], []
    for rows in pages.values():
        within = np.argsort(np.argsort(np.asarray(rows, dtype=float), axis=0), axis=0)
        centred = within - within.mean(axis=0)
        one += list(centred[:, 0])
        other += list(centred[:, 1])
    return float(np.corrcoef(one, other)[0, 1])


def no_relation(rows: int) -> float:
    """A bound on the correlation of unrelated orders: six standard errors, two false alarms in a thousand million."""
    return 6 / float(np.sqrt(rows - 1))


def _checkpoint(database: Database) -> None:
    connection = database.write.raw_connection()
    cursor = connection.cursor()
    assert cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, "somebody holds the log"
    cursor.close()
    connection.close()


def _read(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
