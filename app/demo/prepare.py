"""Has the demo's data made unless they are there; what makes them is only loaded then, so that a start stays quick."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from app.accounts.queries import any_user, user_by_email
from app.db import Database
from app.demo import outbox, story
from app.errors import SettingError
from app.migrations import upgrade
from app.settings import Settings, read_settings

FILE: Final = "plumbline.db"


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


def prepare_apart(settings: Settings) -> None:
    """`prepare` in a process of its own where there is much to make: what that loads and needs is free when it ends.

    SettingError where it could not be made; the process has said why.
    """
    if settings.is_sqlite and not settings.database_url and (settings.data_dir / FILE).exists():
        prepare(settings, say=print)
        return
    making = get_context("spawn").Process(target=_prepare_or_say_why, args=(settings,), daemon=True)
    making.start()
    making.join()
    if making.exitcode:
        raise SettingError("The demo's data were not made; the lines above say why.")


def _prepare_or_say_why(settings: Settings) -> None:
    try:
        prepare(settings, say=partial(print, flush=True))
    except SettingError as error:
        sys.exit(error.message)


def _prepare_folder(settings: Settings, say: Callable[[str], None]) -> None:
    folder = settings.data_dir
    if (folder / FILE).exists():
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
    for path in sorted(making.iterdir(), key=lambda made: made.name == FILE):
        os.replace(path, folder / path.name)
    making.rmdir()


def _is_demo(database: Database) -> bool:
    with database.reading() as session:
        return user_by_email(session, story.EMAIL) is not None
