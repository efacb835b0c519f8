"""An open wave for the tests of answering."""

import pytest

from tests.places import Scene
from tests.respond.stage import open_stage


@pytest.fixture
def scene() -> Scene:
    """What happened already."""
    return open_stage
