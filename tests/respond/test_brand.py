"""Those who are asked see on the first page and on the last one who asks: the client's logo and colour."""

from datetime import timedelta

import pytest

from app.clients.colours import colours
from tests.clients.looks import COLOUR, dress, logo, undress
from tests.respond.test_kiosk import kiosk_of
from tests.robot import Robot, always


@pytest.mark.both
def test_the_first_pages_and_the_thanks_show_logo_and_colour_and_the_pages_between_do_not(client, stage, clock):
    address = dress(stage.database, stage.cast, clock())
    [own] = stage.personal("Operations")
    first = [client.get(f"/r/{own}"), client.get(f"/s/{stage.shared()}")]
    assert address.encode() not in client.get(f"/r/{own}/t1").content
    Robot(client, always("3")).answer(f"/r/{own}")
    drawn = f'fill="{colours(COLOUR).on_paper}"'
    for page in (*first, client.get(f"/r/{own}/thanks")):
        assert page.text.count(f'<img src="{address}"') == 1
        assert 'alt="Fernhill Instruments (fictional)"' in page.text
        assert page.text.count(drawn) == 1
        assert f'class="by-night" width="100%" height="3" fill="{COLOUR}"' in page.text, (
            "readable in the dark as chosen"
        )


def test_another_logo_is_seen_at_once_and_none_when_it_is_gone(client, stage, clock):
    [own] = stage.personal()
    bare = client.get(f"/r/{own}").text
    assert "<img" not in bare
    assert "stripe" not in bare.partition("<main")[2]
    first = dress(stage.database, stage.cast, clock())
    assert first in client.get(f"/r/{own}").text
    second = dress(stage.database, stage.cast, clock() + timedelta(seconds=1), logo("#802040"))
    page = client.get(f"/r/{own}").text
    assert second in page
    assert first not in page
    undress(stage.database, stage.cast, clock())
    assert client.get(f"/r/{own}").text == bare


def test_a_shared_device_and_a_receipt_show_it_too(client, stage, clock):
    address = dress(stage.database, stage.cast, clock())
    kiosk = kiosk_of(stage)
    assert address in client.get(kiosk).text
    assert address in Robot(client, always("3")).answer(kiosk).text
    [own] = stage.personal("Operations")
    Robot(client, always("3")).answer(f"/r/{own}", send=False)
    assert address in client.post(f"/r/{own}/send", data={"receipt": "yes"}).text
