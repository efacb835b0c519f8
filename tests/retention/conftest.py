"""An open wave, for what is deleted of it."""

import pytest

from tests.places import Scene
from tests.respond.stage import open_pulse


@pytest.fixture
def scene() -> Scene:
    return open_pulse
