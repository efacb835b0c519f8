"""What the tests of the papers share."""

from typing import TYPE_CHECKING

import pytest

from app.db import Database
from tests.cast import Cast
from tests.conftest import Clock
from tests.papers.desk import Desk
from tests.waves import stage

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture
def desk(client: "TestClient", database: Database, cast: Cast, clock: Clock) -> Desk:
    return Desk(client, database, cast, stage.planned(database, cast, clock()))
