"""The page of a proposal, through HTTP: from a release, within a capacity, with the reason of each action."""

import re

import pytest
from starlette.testclient import TestClient

from app.autonomy.thresholds import typed_of
from app.db import Database
from app.playbooks.asking import read_asked
from app.playbooks.choosing import propose
from app.playbooks.proposing import Standing, need_of, standing
from app.playbooks.shelf import library
from app.releases import store
from app.releases.document.release import Release, Scored
from scoring.gating import GATES
from tests.autonomy.stage import attest, wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.lived_in
NOTHING_LACKS = Standing(policy=GATES, lacking=())


def released(database: Database, cast: Cast, world: World) -> Release:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, world.closed)
    assert found is not None
    return found.document


def address(cast: Cast, world: World, row: object, query: str = "") -> str:
    return f"/organisations/{cast.organisation}/waves/{world.closed}/proposal/{row}{query}"


def named(page: str) -> list[str]:
    return re.findall(r'href="[^"]+/playbooks/([A-Z][^"]+)"', page.partition("Not proposed")[0])


def test_what_is_proposed_rests_on_the_printed_scores_of_the_release(
    client: TestClient, database: Database, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    release = released(database, cast, lived_in)
    row = release.row(str(cast.departments["Operations"]))
    assert row is not None
    need = need_of(release, row, read_asked({"hours": "200", "lacking": "c05, C08"}), NOTHING_LACKS)
    assert {one: said.score for one, said in need.printed.items()} == {
        id: cell.score for id, cell in row.cells.items() if isinstance(cell, Scored) and id in need.printed
    }
    page = client.get(address(cast, lived_in, row.id, "?hours=200&lacking=c05,+C08")).text
    assert named(page) == [one.action.id for one in propose(library(), need).chosen]
    assert "Control C05 is missing or has lapsed." in page


def test_controls_that_are_not_attested_are_looked_at_first_and_no_more_once_they_are(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    operations = address(cast, lived_in, cast.departments["Operations"], "?hours=4000&level=A2")

    def told() -> tuple[set[str], str]:
        page = client.get(operations).text
        found = re.search(r"A2 Co-work asks for what is not in force here: ([^.]*)\.", page)
        return set(re.findall(r"Control (C\d\d) is missing", page)), found[1] if found else ""

    assert told() == ({"C01", "C02", "C03", "C04"}, "C01, C02, C03 and C04")
    attest(database, cast, wanted("C01", None, clock().date()), clock())
    attest(database, cast, wanted("C02", cast.departments["Operations"], clock().date()), clock())
    attest(database, cast, wanted("C03", cast.departments["Legal"], clock().date()), clock())
    assert told() == ({"C03", "C04"}, "C03 and C04")
    for control in ("C03", "C04"):
        attest(database, cast, wanted(control, None, clock().date()), clock())
    assert told() == (set(), "")
    assert "All controls that A2 Co-work asks for are in force here." in client.get(operations).text
    other = client.get(f"{operations}&lacking=C05").text
    assert re.findall(r"Control (C\d\d) is missing", other) == ["C05"]


def test_the_thresholds_of_the_client_say_which_scores_block_a_level(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    release, asked = released(database, cast, lived_in), read_asked({"level": "A1"})
    row = release.row(str(cast.departments["Operations"]))
    assert row is not None

    def gates() -> dict[str, int]:
        with database.reading() as session:
            stands = standing(session, cast.organisation, row, asked, now=clock())
        return {one.dimension: one.need for one in need_of(release, row, asked, stands).gaps}

    gated = [gate.dimension for gate in GATES.rungs[0].gates if (cell := row.anchor(gate.dimension)) and cell.gate]
    assert gated
    assert 100 not in gates().values()
    policy = f"/organisations/{cast.organisation}/autonomy/policy"
    high = typed_of(GATES) | {f"{rung.level.name}-{name}": "100" for rung in GATES.rungs for name in gated}
    adopted = client.post(policy, data={**high, "after": "0", "reason": "Stricter", "do": "adopt"})
    assert adopted.status_code == 303, adopted.text
    assert gates() == dict.fromkeys(gated, 100)


def test_the_page_of_a_department_leads_to_its_proposal(client: TestClient, cast: Cast, lived_in: World) -> None:
    sign_in(client, "Ada")
    row = cast.departments["Operations"]
    page = client.get(f"/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap/{row}").text
    assert address(cast, lived_in, row) in page


def test_what_is_not_released_is_told_as_that(
    client: TestClient, database: Database, cast: Cast, lived_in: World
) -> None:
    release = released(database, cast, lived_in)
    row = release.organisation
    bare = need_of(release, row, read_asked({}), NOTHING_LACKS)
    assert set(bare.printed) <= {id for id, cell in row.cells.items() if isinstance(cell, Scored)}
    sign_in(client, "Ada")
    page = client.get(address(cast, lived_in, row.id)).text
    assert ("Not released, and so not looked at" in page) == (len(bare.printed) < 11)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?hours=many", "Give the hours as a whole number from 0 to 4000."),
        ("?lacking=C03,C99", "C99 is no control. They are C01 to C16"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_typed_is_lost(
    client: TestClient, cast: Cast, lived_in: World, query: str, told: str
) -> None:
    sign_in(client, "Ada")
    answer = client.get(address(cast, lived_in, "organisation", query))
    assert (answer.status_code, told in answer.text) == (422, True)
    assert query.partition("=")[2] in answer.text


def test_without_hours_nothing_is_proposed(client: TestClient, cast: Cast, lived_in: World) -> None:
    sign_in(client, "Ada")
    page = client.get(address(cast, lived_in, "organisation", "?hours=0")).text
    assert "Nothing is proposed" in page
    assert "more hours than there are" in page


def test_a_row_that_is_not_there_is_not_found(client: TestClient, cast: Cast, lived_in: World) -> None:
    sign_in(client, "Ada")
    assert client.get(address(cast, lived_in, "nothing")).status_code == 404
