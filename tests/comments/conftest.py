"""A wave that asks for comments."""

import pytest

from app.db import Database
from tests.comments.stage import open_stage
from tests.conftest import Template
from tests.places import Scene
from tests.respond.stage import Stage, played


@pytest.fixture
def scene() -> Scene:
    """What happened already."""
    return open_stage


@pytest.fixture
def stage(scene: Scene, template: Template, database: Database) -> Stage:
    """The wave, open."""
    return played(template, database)
