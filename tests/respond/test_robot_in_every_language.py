"""A robot answers every form of the shipped questionnaire in every language, through the forms of the real pages."""

from typing import TYPE_CHECKING

import pytest

from app.db import Database
from surveys.arrange import layout
from surveys.codes import decode
from surveys.languages import LANGUAGES
from surveys.load import latest
from surveys.model import FORMS, Form
from tests.cast import Cast
from tests.conftest import Clock
from tests.respond.stage import open_stage
from tests.robot import Robot, by_chance

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)


@pytest.mark.parametrize("form", FORMS)
def test_a_robot_answers_in_every_language(
    database: Database, cast: Cast, clock: Clock, client: "TestClient", form: Form
) -> None:
    stage = open_stage(database, cast, clock(), form=form)
    columns = layout(latest("atr"), form=form, function="operations")
    for number, (tag, token) in enumerate(zip(LANGUAGES, stage.personal("Operations", len(LANGUAGES)), strict=True)):
        client.post(f"/r/{token}/language", data={"switch": tag})
        walk = Robot(client, by_chance(number)).answer(f"/r/{token}")
        assert walk.addresses[-1].split("?")[0].endswith("/thanks"), walk.addresses[-1]
        assert f'<html lang="{tag}"' in walk.text
        assert set(walk.answers) == set(columns.item_ids)
        [codes] = stage.values(f"SELECT codes FROM answer_sheet WHERE language = '{tag}'")
        assert decode(columns, bytes(codes)) == walk.answers
