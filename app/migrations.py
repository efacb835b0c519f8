"""Brings a database to the newest schema; used at every start, by the command line and by the tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from app.db import Database
from app.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the database up to `revision`; does nothing when it is there already.

    Raises SettingError when the database is newer than this program or cannot be reached.
    """
    config = _config()
    try:
        with database.write.begin() as connection:
            now = current(connection)
            if now is not None and now not in _known(config):
                raise SettingError(
                    f"The database was written by a newer Plumbline (schema {now}). Start that version, "
                    "or restore a backup made before the upgrade."
                )
            if now != ScriptDirectory.from_config(config).get_current_head() or revision != "head":
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
    except OperationalError as error:
        told = " ".join(str(error.orig).split())
        raise SettingError(f"PLUMBLINE_DATABASE_URL: the database cannot be reached ({told}).") from None


def downgrade(database: Database, revision: str) -> None:
    """Takes the schema back to `revision`, "base" for an empty database."""
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
    config = _config()
    with database.write.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=_next_number(config))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic").replace("%", "%%"))
    return config


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _next_number(config: Config) -> str:
    return f"{len(_known(config)) + 1:04d}"
