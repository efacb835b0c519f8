"""A wave that asks for comments."""

import pytest

from app.db import Database
from tests.cast import Cast
from tests.comments.stage import Stage, open_stage
from tests.conftest import Clock


@pytest.fixture
def stage(database: Database, cast: Cast, clock: Clock) -> Stage:
    """The wave, open."""
    return open_stage(database, cast, clock())
