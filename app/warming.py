"""What a web process prepares a moment after its start, so that nobody's first visit to a page waits for it."""

from typing import Final

from fastapi import FastAPI

from app.playbooks import catalogue, shelf
from app.web.catalogs import SOURCE
from app.web.speech import speech
from app.web.templating import APP
from app.workflows.library import seeds
from scoring.student import quantile
from surveys.languages import LANGUAGES

SOONEST: Final = ("web", "accounts", "desk", "clients", "waves", "explore")
"""Rooms that are seen first."""


def warm(application: FastAPI) -> None:
    """Opens a connection, compiles the pages of the console, and reads words, libraries and tables of statistics.

    Pages in other languages take what was compiled in English (`CompiledTemplates`).
    """
    state = application.state
    with state.database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    state.templates.prepare(speech(SOURCE), SOONEST)
    for tag in LANGUAGES:
        speech(tag)
    rooms = {folder.parent.name for folder in APP.glob("*/templates")}
    state.templates.prepare(speech(SOURCE), rooms.difference(SOONEST, {"demo"}))
    shelf.library()
    catalogue.catalogue()
    seeds()
    quantile(0.5, 10.0)
