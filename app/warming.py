"""What a web process prepares a moment after its start, so that nobody's first visit to a page waits for it."""

from typing import Final

from fastapi import FastAPI

from app.documents.shelf import templates
from app.playbooks import catalogue, shelf
from app.sentences import Listing
from app.web.catalogs import SOURCE
from app.web.speech import speech
from app.web.templating import APP
from app.workflows.library import seeds
from scoring.student import quantile
from surveys.languages import LANGUAGES
from surveys.load import latest, published, translations

SOONEST: Final = ("web", "accounts", "desk", "clients", "waves", "explore")
"""Rooms that are seen first."""


NOWHERE: Final = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "headers": [], "query_string": b""}
"""A request that leads to no route."""


def warm(application: FastAPI) -> None:
    """Opens a connection, prepares routes, compiles the pages of the console, and reads words, libraries and tables of
    statistics.

    FastAPI prepares the routes of a router when a request first comes past it on the way to its own route. Pages in
    other languages take what was compiled in English (`CompiledTemplates`).
    """
    state = application.state
    for route in application.router.routes:
        route.matches(dict(NOWHERE))
    with state.database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    state.templates.prepare(speech(SOURCE), SOONEST)
    for tag in LANGUAGES:
        speech(tag).say(Listing(("1", "2", "3")))  # how a language joins words is read when it is first needed
    rooms = {folder.parent.name for folder in APP.glob("*/templates")}
    state.templates.prepare(speech(SOURCE), rooms.difference(SOONEST, {"demo"}))
    shelf.library()
    catalogue.catalogue()
    seeds()
    templates()
    for key in {key for key, _ in published()}:
        translations(key, latest(key).version)
    quantile(0.5, 10.0)
