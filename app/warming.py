"""What a web process prepares a moment after its start, so that nobody's first visit to a page waits for it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import numpy as np
from fastapi import FastAPI
from sqlmodel import Session

from app.accounts import queries as accounts
from app.actions import queries as actions
from app.autonomy import queries as autonomy
from app.clients import queries as clients
from app.documents.shelf import templates
from app.errors import NotFoundError
from app.experts import queries as experts
from app.lineage import queries as lineage
from app.playbooks import catalogue, shelf
from app.playbooks import queries as playbooks
from app.questionnaires import queries as questionnaires
from app.releases import store
from app.sentences import Listing
from app.share import queries as share
from app.waves import queries as waves
from app.web.catalogs import SOURCE
from app.web.speech import speech
from app.web.templating import APP
from app.workflows import queries as workflows
from app.workflows.library import seeds
from scoring.seriation import leaf_order
from scoring.student import quantile
from surveys.languages import LANGUAGES
from surveys.load import latest, published, translations

SOONEST: Final = ("web", "accounts", "desk", "clients", "waves", "explore")
"""Rooms that are seen first."""


NOWHERE: Final = {"type": "http", "method": "GET", "path": "/-", "root_path": "", "headers": [], "query_string": b""}
"""A request that leads to no route."""


NOBODY: Final = UUID(int=0)
"""A client that there is not."""
ASKED: Final[tuple[Callable[[Session], object], ...]] = (
    lambda session: accounts.visitor(session, token_sha256="", now=datetime(2000, 1, 1, tzinfo=UTC)),
    lambda session: accounts.membership(session, user_id=NOBODY, organisation_id=NOBODY),
    lambda session: accounts.memberships(session, NOBODY),
    lambda session: accounts.everybody(session, NOBODY),
    lambda session: clients.organisation(session, NOBODY),
    lambda session: clients.look(session, NOBODY, small=True),
    lambda session: clients.departments(session, NOBODY),
    lambda session: clients.department_names(session, NOBODY),
    lambda session: clients.summaries(session, (NOBODY,)),
    lambda session: lineage.done(session, NOBODY),
    lambda session: questionnaires.instruments(session, NOBODY),
    lambda session: questionnaires.versions(session, NOBODY),
    lambda session: waves.waves(session, NOBODY),
    lambda session: waves.wave(session, NOBODY, NOBODY),
    lambda session: waves.wave_departments(session, NOBODY, NOBODY),
    lambda session: waves.response_rates(session, NOBODY),
    lambda session: workflows.inventory(session, NOBODY),
    lambda session: workflows.workflow(session, NOBODY, NOBODY),
    lambda session: experts.ratings(session, NOBODY),
    lambda session: store.latest(session, NOBODY, NOBODY),
    lambda session: store.of_wave(session, NOBODY, NOBODY),
    lambda session: store.of_waves(session, NOBODY, (NOBODY,)),
    lambda session: store.newest(session, ()),
    lambda session: autonomy.attestations(session, NOBODY),
    lambda session: autonomy.policies(session, NOBODY),
    lambda session: autonomy.records(session, NOBODY),
    lambda session: autonomy.draft(session, NOBODY),
    lambda session: playbooks.own_actions(session, NOBODY),
    lambda session: actions.plan(session, NOBODY),
    lambda session: actions.frames(session, NOBODY),
    lambda session: share.shared(session, NOBODY),
    lambda session: share.of_wave(session, NOBODY, NOBODY),
)
"""What most pages ask the database. A statement is put into words when it is first asked."""


def warm(application: FastAPI) -> None:
    """Prepares routes, compiles the pages of the console, reads words, libraries and tables of statistics, and asks the
    database for nothing.

    FastAPI prepares the routes of a router when a request first comes past it on the way to its own route. Pages in
    other languages take what was compiled in English (`CompiledTemplates`).
    """
    state = application.state
    for route in application.router.routes:
        route.matches(dict(NOWHERE))
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
    leaf_order(np.eye(3))  # loads a part of scipy
    with state.database.reading() as session:
        for ask in ASKED:
            with suppress(NotFoundError):
                ask(session)
