"""An open wave, for the rooms of its workshops."""

import pytest

from tests.places import Scene
from tests.respond.stage import open_pulse


@pytest.fixture
def scene() -> Scene:
    return open_pulse
