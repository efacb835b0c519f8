"""Files of a real result: asked for on the page, made by the worker, equal to the release."""

import csv
import io
from collections import Counter

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.releases import store
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.exports.stage import numbers
from tests.world import World

pytestmark = pytest.mark.lived_in


def test_a_data_file_and_slides_are_asked_for_made_and_downloaded(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    address = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/report"
    sign_in(client, "Ada")
    page = client.get(f"{address}?language=de").text
    assert "Slides (PowerPoint), Deutsch" in page
    for kind in ("csv", "pptx"):
        assert client.post(address, data={"format": kind, "paper": "Letter", "language": "de"}).status_code == 303
        assert Worker(database, clock=clock).work_once()
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    data = client.get(f"{address}.csv?language=de")
    assert data.headers["content-type"] == "text/csv; charset=utf-8"
    assert data.headers["content-disposition"].endswith('-release1-de.csv"')
    told = csv.DictReader(io.StringIO(data.content.decode("utf-8-sig"), newline=""))
    assert Counter(int(one["value"]) for one in told if one["value"]) == numbers(found.document)
    assert client.get(f"{address}.pptx?language=de").content.startswith(b"PK")
