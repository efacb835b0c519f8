"""Pages that have nothing to show yet say what will stand there, and lead to where it comes from."""

from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import pytest

from app.db import Database
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.explore.clients import other_client, take_on
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def shown(client: "TestClient", address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.text.partition("<main")[2])


def of(cast: Cast, rest: str = "") -> str:
    return f"/organisations/{cast.organisation}{rest}"


def test_a_plan_without_actions_leads_to_the_library_before_there_is_a_result(client: "TestClient", cast: Cast) -> None:
    page = shown(sign_in(client, "Ada"), of(cast, "/plan"))
    assert "Once a wave has a result, each department is proposed actions" in page
    assert f'href="{of(cast, "/playbooks")}"' in page
    assert "The plan as files print it" not in page, "there is nothing to print"


@pytest.mark.lived_in
def test_a_plan_without_actions_leads_to_the_newest_result(client: "TestClient", cast: Cast, lived_in: World) -> None:
    page = shown(sign_in(client, "Ada"), of(cast, "/plan"))
    assert f'href="{of(cast, f"/waves/{lived_in.closed}/heatmap")}"' in page


def test_documents_say_that_there_is_no_result_to_quote(client: "TestClient", cast: Cast) -> None:
    assert "No wave has a result yet." in shown(sign_in(client, "Ada"), of(cast, "/documents"))


@pytest.mark.lived_in
@pytest.mark.usefixtures("lived_in")
def test_documents_say_nothing_of_that_once_there_is_one(client: "TestClient", cast: Cast) -> None:
    assert "No wave has a result yet." not in shown(sign_in(client, "Ada"), of(cast, "/documents"))


@pytest.mark.lived_in
def test_a_comparison_of_the_only_wave_says_what_it_needs(client: "TestClient", cast: Cast, lived_in: World) -> None:
    page = shown(sign_in(client, "Ada"), of(cast, f"/waves/{lived_in.closed}/comparison"))
    assert "A comparison needs two waves of one assessment that have closed." in page
    assert f'href="{of(cast)}"' in page
    assert "<select" not in page


@pytest.mark.lived_in
@pytest.mark.usefixtures("lived_in")
def test_the_page_of_deliveries_says_that_none_went_out_and_when_the_first_do(client: "TestClient", cast: Cast) -> None:
    address = of(cast, f"/assessments/{uuid5(cast.organisation, 'readiness')}/deliveries")
    sign_in(client, "Ada")
    assert "None yet. Once files are mailed by themselves" in shown(client, address)
    set_to = {"active": "yes", "file.pdf": "yes", "role.owner": "yes", "language": "en", "paper": "A4", "days": "30"}
    assert client.post(address, data={**set_to, "seen": "0"}).status_code == 303
    assert "None yet: the first go out once the next wave has closed" in shown(client, address)


@pytest.mark.lived_in
@pytest.mark.usefixtures("lived_in")
def test_one_client_is_compared_with_none_and_two_are(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    assert "One client has a result so far." in shown(client, "/portfolio")
    assert "side by side" not in shown(client, "/")
    made: UUID = other_client(database, cast, clock, form="full")
    take_on(database, cast, clock)
    sign_in(client, "Ada")  # the quarter that has passed ended the sign-in
    page = shown(client, "/portfolio")
    assert str(made) in page
    assert "One client has a result so far." not in page
    assert "Their newest results side by side" in shown(client, "/")


def test_the_page_of_a_client_leads_to_everything_about_it_in_groups(client: "TestClient", cast: Cast) -> None:
    page = shown(sign_in(client, "Ada"), of(cast))
    ways = page.partition('class="ways"')[2].partition("</nav>")[0]
    assert ways.count("<section>") == 4
    for rest in ("workflows", "autonomy", "guardrails", "plan", "documents", "playbooks", "questionnaires", "access"):
        assert f'href="{of(cast, f"/{rest}")}"' in ways
    assert "Delete this client" in ways.rpartition("<li>")[2], "what can't be undone stands last"
