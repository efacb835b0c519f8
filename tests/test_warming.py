"""What a web process prepares a moment after its start is there for the first visit to a page."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from fastapi import FastAPI
from sqlmodel import literal, select

from app.main import create_app
from app.migrations import upgrade
from app.playbooks import queries as playbooks
from app.releases import store
from app.settings import read_settings
from app.warming import NOBODY, NOWHERE, warm
from app.waves import queries as waves
from app.web.speech import speech
from surveys.load import latest, translations


@contextmanager
def called() -> Iterator[set[str]]:
    """The names of the functions that this thread calls meanwhile."""
    names: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            names.add(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        yield names
    finally:
        sys.setprofile(None)


def looked_for(application: FastAPI, path: str) -> None:
    """What happens of a request before its route is called: every route on the way is asked whether it is meant."""
    for route in application.router.routes:
        route.matches({**NOWHERE, "path": path})


@pytest.fixture
def cold(tmp_path: Path) -> Iterator[FastAPI]:
    """An application to which no request has come."""
    settings = read_settings(database_url=f"sqlite:///{tmp_path / 'cold.db'}", data_dir=tmp_path, secret_key="ab" * 32)
    application = create_app(settings)
    upgrade(application.state.database)
    yield application
    application.state.database.close()


def test_a_first_visit_waits_for_nothing_that_can_be_prepared(cold: FastAPI) -> None:
    with called() as names:
        looked_for(cold, "/organisations/7/log")
    assert "get_dependant" in names, "FastAPI prepares routes elsewhere now: look where, and warm that"
    warm(cold)
    told = translations.cache_info().misses
    with called() as names:
        for path in ("/", "/organisations/7/log", "/playbooks/none", "/-"):
            looked_for(cold, path)
        for page in ("explore/heatmap.html", "autonomy/ladder.html", "workflows/inventory.html"):
            cold.state.templates.environment(speech("en")).get_template(page)
        translations("atr", latest("atr").version)
    assert "matches" in names
    assert names.isdisjoint({"get_dependant", "compile", "_parse"})
    assert translations.cache_info().misses == told


def test_statements_that_most_pages_need_are_worded_before_the_first_one_comes(cold: FastAPI) -> None:
    warm(cold)
    with cold.state.database.reading() as session, called() as names:
        waves.waves(session, NOBODY)
        store.latest(session, NOBODY, NOBODY)
        playbooks.own_actions(session, NOBODY)
    assert "_compile_w_cache" in names
    assert "visit_select" not in names
    with cold.state.database.reading() as session, called() as names:
        session.exec(select(literal(7), literal("never asked before"))).all()
    assert "visit_select" in names, "SQLAlchemy words statements elsewhere now: look where"
