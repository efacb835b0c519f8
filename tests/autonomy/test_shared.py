"""With a shared result sponsors see the record that was issued on it, and leads what it says of their department."""

import pytest
from starlette.testclient import TestClient

from app.db import Database
from tests.autonomy.stage import issue
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import give, share
from tests.world import World

pytestmark = pytest.mark.lived_in


def test_a_sponsor_sees_the_record_once_one_is_issued_and_the_result_is_shared(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "sponsor")
    sign_in(client, "Cleo")
    path = f"/organisations/{cast.organisation}/results/{lived_in.closed}"
    issue(database, cast, clock)
    assert client.get(f"{path}/autonomy").status_code == 404
    share(database, cast, lived_in, clock)
    assert f"{path}/autonomy" in client.get(path).text
    page = client.get(f"{path}/autonomy").text
    assert all(name in page for name in ("Legal", "Operations", "Tax"))
    assert client.get(f"/organisations/{cast.organisation}/autonomy").status_code == 404


def test_a_lead_sees_what_it_says_of_their_own_department_alone(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    give(database, cast, clock, "lead", "Finance")
    share(database, cast, lived_in, clock)
    sign_in(client, "Cleo")
    path = f"/organisations/{cast.organisation}/results/{lived_in.closed}"
    assert "autonomy" not in client.get(path).text
    issue(database, cast, clock)
    page = client.get(f"{path}/autonomy").text
    assert "Finance may not use agents yet." in page
    assert "Tax" in page
    for other in ("Legal", "Operations", "Customer service"):
        assert other not in page
