"""An open wave, for the rooms of its workshops."""

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
