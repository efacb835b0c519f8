"""A robot answers every form of every shipped questionnaire in each of its languages, through real pages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.clients.service import add_department
from app.db import Database
from surveys import load
from surveys.arrange import layout
from surveys.codes import decode
from surveys.model import FORMS, FUNCTIONS, Form
from tests.cast import DEPARTMENTS, Cast
from tests.conftest import Clock
from tests.respond.stage import open_stage
from tests.robot import Robot, by_chance

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

WHERE = {function: name for name, _, function, _ in DEPARTMENTS}
MISSING = {"sales": "Sales", "procurement": "Purchasing"}


def everywhere(database: Database, cast: Cast, clock: Clock) -> Cast:
    """The cast, with a department for each function that has none."""
    with database.writing() as session:
        there = dict(cast.departments)
        for function, name in MISSING.items():
            there[name] = add_department(
                session, cast.organisation, name=name, parent_id=None, function=function, headcount=7, now=clock()
            )
    return replace(cast, departments=there)


def walks(languages: Sequence[str], *, each: bool) -> list[tuple[str, str]]:
    """Functions with languages: each with each, or each function once and every language in turn."""
    if each:
        return [(function, tag) for function in FUNCTIONS for tag in languages]
    return [(function, languages[number % len(languages)]) for number, function in enumerate(FUNCTIONS)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("key", "version"), load.published())
def test_a_robot_answers_every_questionnaire_in_every_language(
    database: Database,
    cast: Cast,
    clock: Clock,
    client: "TestClient",
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    version: str,
    form: Form,
) -> None:
    """The newest one whole in each department and language; pulses and older ones in each department, in turn."""
    asked = load.load(key, version)
    cast = everywhere(database, cast, clock)
    with monkeypatch.context() as earlier:  # the day on which this version was the newest
        earlier.setattr(load, "latest", lambda key: load.load(key, version))
        stage = open_stage(database, cast, clock(), form=form)
    assert stage.values("SELECT instrument_version FROM wave") == [version]
    languages = (asked.language, *load.translations(key, version))
    newest = asked is load.latest(key)
    ways = walks(languages, each=newest and form == "full")
    for number, (function, tag) in enumerate(ways):
        department = (WHERE | MISSING)[function]
        [token] = stage.personal(department)
        if len(languages) > 1:
            client.post(f"/r/{token}/language", data={"switch": tag})
        walk = Robot(client, by_chance(number)).answer(f"/r/{token}")
        assert walk.addresses[-1].split("?")[0].endswith("/thanks"), walk.addresses[-1]
        assert f'<html lang="{tag}"' in walk.text
        columns = layout(asked, form=form, function=function)
        assert set(walk.answers) == set(columns.item_ids)
        here = f"language = '{tag}' AND department_id = {stage.key(department)}"
        [codes] = stage.values(f"SELECT codes FROM answer_sheet WHERE {here}")
        assert decode(columns, bytes(codes)) == walk.answers
    assert stage.count("answer_sheet") == len(ways)
