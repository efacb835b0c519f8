"""An open wave for the tests of answering."""

import pytest

from app.db import Database
from tests.cast import Cast
from tests.conftest import Clock
from tests.respond.stage import Stage, open_stage


@pytest.fixture
def stage(database: Database, cast: Cast, clock: Clock) -> Stage:
    """A wave with the full form that is open."""
    return open_stage(database, cast, clock())
