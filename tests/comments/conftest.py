"""A wave that asks for comments."""

import pytest

from app.db import Database
from tests.comments.stage import Stage, open_stage, played
from tests.conftest import Template
from tests.places import Scene


@pytest.fixture
def scene() -> Scene:
    """What happened already."""
    return open_stage


@pytest.fixture
def stage(scene: Scene, template: Template, database: Database) -> Stage:
    """The wave, open."""
    return played(template, database)
