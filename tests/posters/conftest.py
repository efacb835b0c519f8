"""An open wave in all its languages, for the posters of its links."""

import pytest

from app.db import Database
from tests.conftest import Template
from tests.places import Scene
from tests.respond.stage import Stage, open_pulse, played


@pytest.fixture
def scene() -> Scene:
    return open_pulse


@pytest.fixture
def stage(scene: Scene, template: Template, database: Database) -> Stage:
    return played(template, database)
