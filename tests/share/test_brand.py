"""What is shared shows whose it is: to sponsors, behind a read-only link, and to all staff."""

from typing import TYPE_CHECKING

import pytest

from app.accounts.roles import SPONSOR
from app.clients.colours import colours
from app.db import Database
from tests.cast import Cast, sign_in
from tests.clients.looks import COLOUR, dress
from tests.conftest import Clock
from tests.share.stage import give, link, share
from tests.share.test_staff import path_of, publish
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in


def test_everybody_who_reads_a_result_sees_logo_and_colour_and_nobody_at_its_door(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    give(database, cast, clock, SPONSOR)
    address = dress(database, cast, clock())
    place = (database, cast, lived_in, clock)
    open_to_all, behind_a_door = (link(*place, password=password) for password in ("", "a canal walk"))
    told = publish(sign_in(client, "Ada"), path_of(cast, lived_in))
    sign_in(client, "Cleo")
    results = f"/organisations/{cast.organisation}/results"
    pages = [client.get(path).text for path in (results, f"{results}/{lived_in.closed}")]
    client.cookies.clear()
    pages += [client.get(path).text for path in (f"/shared/{open_to_all}", told)]
    for page in pages:
        assert page.count(f'<img src="{address}"') == 1
        assert page.count(f'fill="{colours(COLOUR).on_paper}"') == 1
    door = client.get(f"/shared/{behind_a_door}").text
    assert "A password is asked for" in door
    assert "<img" not in door
    assert 'class="stripe"' not in door
