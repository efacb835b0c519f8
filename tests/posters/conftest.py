"""An open wave in all its languages, for the posters of its links."""

import pytest

from tests.places import Scene
from tests.respond.stage import open_pulse


@pytest.fixture
def scene() -> Scene:
    return open_pulse
