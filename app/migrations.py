"""Brings a database to the newest schema; used at every start, by the command line and by the tests."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from app.db import Database
from app.errors import SettingError

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).resolve().parent.parent


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the database up to `revision`; does nothing when it is there already.

    Raises SettingError when the database is newer than this program or cannot be reached.
    """
    try:
        with database.write.begin() as connection:
            now = current(connection)
            if now is not None and now not in revisions():
                raise SettingError(
                    f"The database was written by a newer Plumbline (schema {now}). Start that version, "
                    "or restore a backup made before the upgrade."
                )
            if now != revisions()[-1] or revision != "head":
                _run_upgrade(connection, revision)
    except OperationalError as error:
        told = " ".join(str(error.orig).split())
        raise SettingError(f"PLUMBLINE_DATABASE_URL: the database cannot be reached ({told}).") from None


def _run_upgrade(connection: Connection, revision: str) -> None:
    # Loaded only when there is something to do: it takes a third of a second of every start.
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revisions() -> tuple[str, ...]:
    """The revisions that this program knows, the newest last: the numbers with which the migrations' names begin."""
    return tuple(sorted(path.name[:4] for path in (ROOT / "alembic" / "versions").glob("[0-9]*.py")))


def downgrade(database: Database, revision: str) -> None:
    """Takes the schema back to `revision`, "base" for an empty database."""
    from alembic import command

    config = _config()
    with database.write.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def current(connection: Connection) -> str | None:
    """The revision that the database is at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def make_revision(database: Database, message: str) -> None:
    """Writes a new migration from the difference between the tables and the database (for developers)."""
    from alembic import command

    config = _config()
    with database.write.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=_next_number())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic").replace("%", "%%"))
    return config


def _next_number() -> str:
    return f"{len(revisions()) + 1:04d}"
