"""A robot answers every form of every shipped questionnaire in each of its languages, through real pages."""

from typing import TYPE_CHECKING

import pytest

from app.db import Database
from surveys import load
from surveys.arrange import layout
from surveys.codes import decode
from surveys.model import FORMS, Form
from tests.cast import DEPARTMENTS, Cast
from tests.conftest import Clock
from tests.respond.stage import open_stage
from tests.robot import Robot, by_chance

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

FUNCTIONS = {name: function for name, _, function, _ in DEPARTMENTS}
# One for each language, so that the modules of several functions are answered on the way.
WHERE = ("Operations", "Legal", "HR", "IT", "Accounts payable")


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
    asked = load.load(key, version)
    with monkeypatch.context() as earlier:  # the day on which this version was the newest
        earlier.setattr(load, "latest", lambda key: load.load(key, version))
        stage = open_stage(database, cast, clock(), form=form)
    assert stage.values("SELECT instrument_version FROM wave") == [version]
    languages = (asked.language, *load.translations(key, version))
    for number, (tag, department) in enumerate(zip(languages, WHERE, strict=False)):
        [token] = stage.personal(department)
        if len(languages) > 1:
            client.post(f"/r/{token}/language", data={"switch": tag})
        walk = Robot(client, by_chance(number)).answer(f"/r/{token}")
        assert walk.addresses[-1].split("?")[0].endswith("/thanks"), walk.addresses[-1]
        assert f'<html lang="{tag}"' in walk.text
        columns = layout(asked, form=form, function=FUNCTIONS[department])
        assert set(walk.answers) == set(columns.item_ids)
        [codes] = stage.values(f"SELECT codes FROM answer_sheet WHERE language = '{tag}'")
        assert decode(columns, bytes(codes)) == walk.answers
    assert stage.count("answer_sheet") == len(languages)
