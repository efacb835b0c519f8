"""What a web process prepares a moment after its start, so that nobody's first visit to a page waits for it."""

from typing import Final

from app.db import Database
from app.web.catalogs import SOURCE
from app.web.speech import speech
from app.web.templating import APP, Templates

NOT_OF_THE_CONSOLE: Final = frozenset({"demo", "respond", "reports"})
"""Rooms whose templates are compiled as they are asked for: survey pages do so by themselves, papers in the worker."""


def warm(templates: Templates, database: Database) -> None:
    """Compiles the pages of the console in English, and opens a connection.

    Other languages take what was compiled (`CompiledTemplates`), so that they are as quickly there as they are read.
    """
    rooms = {folder.parent.name for folder in APP.glob("*/templates")}
    templates.prepare(speech(SOURCE), rooms - NOT_OF_THE_CONSOLE)
    with database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
