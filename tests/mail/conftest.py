"""What the tests of mail share: an open wave, a mail server, and a worker that sends to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.mail.sending import Post
from tests.mail.office import Desk, Office, opened, settings_of
from tests.places import Scene
from tests.respond.stage import Stage, open_pulse
from tests.world import KEY


@pytest.fixture
def scene() -> Scene:
    return open_pulse


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as made:
        yield made


@pytest.fixture
def desk(stage: Stage, office: Office, tmp_path: Path) -> Desk:
    return Desk(stage, Post(settings_of(office.port, tmp_path), KEY))
