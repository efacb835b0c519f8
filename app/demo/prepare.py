"""Has the demo's data made unless they are there; what makes them is only loaded then, so that a start stays quick."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.accounts.queries import any_user, user_by_email
from app.db import Database
from app.demo import outbox, story
from app.errors import SettingError
from app.migrations import upgrade
from app.settings import Settings, read_settings


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Makes the demo's data unless they are there already.

    In SQLite they are made beside the data directory and moved there when they are complete, so that an interrupted
    start leaves nothing half made. Raises SettingError for a PostgreSQL database with users of its own in it.
    """
    if settings.is_sqlite and not settings.database_url:
        _prepare_folder(settings, say)
        return
    with closing(Database(settings.database)) as database:
        upgrade(database)
        with database.reading() as session:
            found = any_user(session)
        if found and not _is_demo(database):
            raise SettingError("PLUMBLINE_DATABASE_URL: this database is in use. Give the demo an empty one.")
        if not found:
            from app.demo.build import build

            with outbox.opened(settings) as posting:
                build(database, posting, say=say)


def _prepare_folder(settings: Settings, say: Callable[[str], None]) -> None:
    folder = settings.data_dir
    if (folder / "plumbline.db").exists():
        with closing(Database(settings.database)) as database:
            upgrade(database)
            if not _is_demo(database):
                raise SettingError(f"PLUMBLINE_DATA_DIR: {folder} holds other data. Give the demo a folder of its own.")
        return
    from app.demo.build import build

    making = Path(f"{folder}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700, parents=True)
    there = read_settings(**settings.model_dump() | {"data_dir": making})
    with closing(Database(there.database)) as database, outbox.opened(there) as posting:
        upgrade(database)
        build(database, posting, say=say)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(making.iterdir(), key=lambda made: made.name == "plumbline.db"):
        os.replace(path, folder / path.name)
    making.rmdir()


def _is_demo(database: Database) -> bool:
    with database.reading() as session:
        return user_by_email(session, story.EMAIL) is not None
