"""The server that takes the mails, and the page of a schedule."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db import Database
from app.settings import Settings
from tests.cast import Cast
from tests.mail.office import Office, opened, settings_of
from tests.planner.stage import assessment_of
from tests.world import World


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as made:
        yield made


@pytest.fixture
def settings_with_mail(office: Office, tmp_path: Path) -> Settings:
    return settings_of(office.port, tmp_path)


@pytest.fixture
def page(database: Database, cast: Cast, lived_in: World) -> str:
    assessment = assessment_of(database, cast, lived_in.running)
    return f"/organisations/{cast.organisation}/assessments/{assessment}/deliveries"
