"""An open wave for the tests of answering."""

import pytest

from app.db import Database
from tests.conftest import Template
from tests.places import Scene
from tests.respond.stage import Stage, open_stage, played


@pytest.fixture
def scene() -> Scene:
    """What happened already."""
    return open_stage


@pytest.fixture
def stage(scene: Scene, template: Template, database: Database) -> Stage:
    """A wave with the full form that is open."""
    return played(template, database)
