"""Coming back to a moment: the same database once more, for somebody who does something else this time."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, make_url, text

from app.db import Database
from tests import postgres
from tests.places import Place

# Random or encrypted, so that they differ whatever was answered; and the answers themselves.
NOT_COMPARED = {"answer_sheet": {"id", "codes", "flags"}, "draft": {"ciphertext"}, "act": {"id"}}


def remember(place: Place) -> Callable[[], None]:
    """Keeps what the database holds now; what is given back brings it back."""

    def let_go() -> None:
        place.database.close()
        place.application.state.database.close()

    let_go()
    if place.file is None:
        kept = postgres.content(str(make_url(place.url).database))

        def put_back() -> None:
            let_go()
            postgres.put_back(place.url, kept)

        return put_back
    file = place.file
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()

    def copy_back() -> None:
        let_go()
        for suffix in ("-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        file.write_bytes(content)

    return copy_back


def tables(database: Database, *, without: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """All rows of all tables as text, in an order that does not tell how they came, but for what is not compared."""
    with database.reading() as session:
        connection = session.connection()
        found = {}
        for name in sorted(set(inspect(connection).get_table_names()) - without):
            rows = connection.execute(text(f"SELECT * FROM {name}")).mappings()
            left_out = NOT_COMPARED.get(name, set())
            found[name] = sorted(str({key: row[key] for key in sorted(row.keys() - left_out)}) for row in rows)
    return found
