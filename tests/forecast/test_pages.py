"""The forecast on the page of a planned wave: what it says, and how a proposal is accepted."""

import html
import re
from datetime import datetime
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.clients.queries import departments
from app.clients.service import add_department, create_organisation, name_pool
from app.db import Database
from app.forecast.outlook import outlook
from app.forecast.views import Line, Outlook
from app.releases import store
from app.waves import service as waves
from tests import world
from tests.cast import Cast, sign_in
from tests.clients.test_pools import pooled
from tests.conftest import Clock
from tests.waves import stage
from tests.world import World


def forecast_of(database: Database, cast: Cast, turnout: float, *, k: int = 5) -> Outlook:
    with database.reading() as session:
        nodes = departments(session, cast.organisation)
    return outlook("Fernhill", nodes, [turnout] * len(nodes), k=k, k_intervals=10)


def line(found: Outlook, name: str) -> Line:
    [one] = [one for one in found.lines if one.name == name]
    return one


def address(cast: Cast, wave: UUID, rest: str = "") -> str:
    return f"/organisations/{cast.organisation}/waves/{wave}/forecast{rest}"


def told(client: TestClient, path: str) -> str:
    """The page's text without its marks."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def test_every_department_has_its_line_in_the_order_of_the_tree(database: Database, cast: Cast) -> None:
    found = forecast_of(database, cast, 0.7)
    assert [one.name for one in found.lines if not one.pooled] == list(cast.departments)
    assert line(found, "Operations").word == "almost certain"
    assert line(found, "Finance").people == 21
    assert line(found, "Ethics").word == "always pooled"
    assert line(found, "Ethics").shown is None
    assert line(found, "Ethics").otherwise == "with HR"


def test_a_pool_follows_the_departments_of_its_parent_and_names_its_members(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        members = [cast.departments["HR"], cast.departments["Ethics"]]
        name_pool(session, cast.organisation, name="Staff teams", members=members)
    found = forecast_of(database, cast, 0.9)
    assert found.lines[-1].name == "Staff teams"
    assert found.lines[-1].members == "HR and Ethics"
    assert found.lines[-1].people == 9
    assert found.lines[-1].word == "almost certain"
    assert line(found, "HR").word == "always pooled"
    assert line(found, "HR").otherwise == "in the pool “Staff teams”"
    names = [one.name for one in found.lines]
    assert names.index("Finance, central and small teams") == names.index("Tax") + 1


def test_departments_that_are_shown_only_with_their_parent_say_so(database: Database, cast: Cast) -> None:
    found = forecast_of(database, cast, 0.35)
    assert line(found, "Tax").otherwise == "only as part of Finance"


def test_a_policy_of_ten_asks_for_more_answers(database: Database, cast: Cast) -> None:
    assert line(forecast_of(database, cast, 0.7, k=10), "Legal").word == "always pooled"
    assert 30 < (line(forecast_of(database, cast, 0.7), "Legal").shown or 0) < 95


def test_so_few_people_that_nothing_is_shown_are_warned_of(database: Database, clock: Clock, cast: Cast) -> None:
    with database.writing() as session:
        tiny = create_organisation(session, name="Tiny", time_zone="UTC", user_id=cast.ada, now=clock.now)
        add_department(session, tiny, name="All", parent_id=None, function="other", headcount=3, now=clock.now)
        nodes = departments(session, tiny)
    found = outlook("Tiny", nodes, [0.9], k=5, k_intervals=10)
    assert found.nothing == 100
    assert found.proposals == ()
    assert found.lines[0].otherwise == "only as part of the whole organisation"


def test_a_proposal_says_whose_own_row_it_costs(database: Database, clock: Clock, cast: Cast) -> None:
    with database.writing() as session:
        mill = create_organisation(session, name="Mill", time_zone="UTC", user_id=cast.ada, now=clock.now)
        for name, headcount in (("Legal", 4), ("People", 9), ("Audit", 2), ("Operations", 30), ("IT", 16)):
            add_department(
                session, mill, name=name, parent_id=None, function="other", headcount=headcount, now=clock.now
            )
        nodes = departments(session, mill)
    [filled] = outlook("Mill", nodes, [0.6] * 5, k=5, k_intervals=10).proposals
    assert ([node.name for node in filled.members], filled.gives_up) == (["Legal", "People", "Audit", "IT"], ("IT",))
    [without] = outlook("Mill", nodes, [0.7] * 5, k=5, k_intervals=10).proposals
    assert ([node.name for node in without.members], without.gives_up) == (["Legal", "People", "Audit"], ())


def test_an_organisation_without_departments_has_a_page_too(client: TestClient, database: Database, cast: Cast) -> None:
    sign_in(client, "Ben")
    with database.writing() as session:
        wave = waves.plan_assessment(
            session,
            organisation_id=cast.other,
            name="Readiness",
            instrument="atr",
            label="2026-Q4",
            form="full",
            planned_close=None,
            now=datetime.fromisoformat("2026-10-05T08:00:00+00:00"),
        )
    page = client.get(f"/organisations/{cast.other}/waves/{wave}/forecast")
    assert page.status_code == 200
    assert "no departments to show yet" in page.text


def test_the_planned_wave_leads_to_its_forecast(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    assert address(cast, wave) in client.get(f"/organisations/{cast.organisation}/waves/{wave}").text
    page = told(client, address(cast, wave))
    assert "At 60 %, " in page
    assert "There is no earlier wave whose turnout was told" in page
    assert "Ethics 3 2 Always pooled" in page


def test_the_turnout_of_the_form_counts_and_what_is_none_does_not(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    assert "At 85 %, " in told(client, address(cast, wave, "?turnout=85"))
    assert "At 10 %, " in told(client, address(cast, wave, "?turnout=3"))
    for nonsense in ("?turnout=x", "?turnout=-5", "?turnout=", "?turnout=99999999999"):
        assert "At 60 %, " in told(client, address(cast, wave, nonsense))


def test_an_accepted_proposal_is_a_pool_under_the_name_that_was_typed(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    page = client.get(address(cast, wave, "?turnout=70")).text
    assert "Show them together" in page
    members = re.findall(r'name="members" value="([^"]+)"', page)
    form = {"members": members[0], "name": "Staff teams", "turnout": "70"}
    answer = client.post(address(cast, wave), data=form)
    assert answer.status_code == 303
    assert "turnout=70" in answer.headers["location"]
    after = told(client, answer.headers["location"])
    assert "They are shown together from now on" in after
    assert "in the pool “Staff teams”" in after
    found = pooled(database, cast)
    assert set(found.values()) == {"Staff teams"}
    assert {str(cast.departments[name]) for name in found} == set(members[0].split(","))


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "Give the pool a name"), ("Tax", "There is a department called Tax")]
)
def test_a_name_that_will_not_do_comes_back_at_its_proposal(
    client: TestClient, database: Database, cast: Cast, clock: Clock, name: str, sentence: str
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    page = client.get(address(cast, wave, "?turnout=70")).text
    members = re.findall(r'name="members" value="([^"]+)"', page)[0]
    answer = client.post(address(cast, wave), data={"members": members, "name": name, "turnout": "70"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'name="name" value="{name}"' in answer.text
    assert pooled(database, cast) == {}


def test_departments_of_another_client_cannot_be_put_together(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    with database.writing() as session:
        foreign = [
            add_department(session, cast.other, name=name, parent_id=None, function="other", headcount=3, now=clock.now)
            for name in ("A", "B")
        ]
    members = ",".join(str(one) for one in foreign)
    assert client.post(address(cast, wave), data={"members": members, "name": "X"}).status_code == 404


@pytest.mark.lived_in
def test_a_wave_that_has_opened_shows_itself_and_takes_no_proposal(
    client: TestClient, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    for wave in (lived_in.closed, lived_in.running):
        assert client.get(address(cast, wave)).headers["location"].endswith(f"/waves/{wave}")
        refused = client.post(address(cast, wave), data={"members": "", "name": "Staff"})
        assert refused.status_code == 409
        assert "has opened and keeps its pools" in refused.text


@pytest.mark.both
@pytest.mark.lived_in
def test_the_next_wave_expects_what_the_last_release_printed(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
) -> None:
    world.close(database, cast, lived_in.running, now=clock.now)
    with database.writing() as session:
        wave = waves.prepare_next(
            session,
            organisation_id=cast.organisation,
            wave_id=lived_in.running,
            form="pulse",
            label="2027-Q1",
            now=clock.now,
        )
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.running)
    assert found is not None
    rate = found.document.rows[0].rate
    assert rate is not None
    sign_in(client, "Ada")
    page = told(client, address(cast, wave))
    assert f"In 2026-Q4 it was {max(10, rate)} %" in page


def test_the_forecast_is_read_with_a_fixed_number_of_statements(
    client: TestClient, database: Database, cast: Cast, clock: Clock, statements: list[str]
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    counts = []
    for extra in range(2):
        statements.clear()
        client.get(address(cast, wave))
        counts.append(len([one for one in statements if one.startswith("SELECT")]))
        with database.writing() as session:
            for number in range(20):
                add_department(
                    session,
                    cast.organisation,
                    name=f"Team {extra} {number}",
                    parent_id=None,
                    function="other",
                    headcount=7,
                    now=clock.now,
                )
    assert counts[0] == counts[1] <= 8


def test_the_planned_wave_names_its_pools_before_it_opens(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    wave = stage.planned(database, cast, clock.now)
    with database.writing() as session:
        members = [cast.departments["IT"], cast.departments["Ethics"]]
        name_pool(session, cast.organisation, name="Staff teams", members=members)
    page = told(client, f"/organisations/{cast.organisation}/waves/{wave}")
    assert "IT and Ethics are always shown together, as “Staff teams”." in page
    assert "Ethics has fewer than 5" not in page
    assert "Tax has fewer than 5 people: its answers are shown only together with those of Finance itself." in page


def test_the_turnout_of_an_open_wave_counts_a_pool_as_one(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        members = [cast.departments["IT"], cast.departments["Operations"]]
        name_pool(session, cast.organisation, name="Machines", members=members)
    wave = stage.opened(database, cast, clock.now)
    clock.advance(days=1)
    sign_in(client, "Ada")
    page = told(client, f"/organisations/{cast.organisation}/waves/{wave}")
    assert "Operations and IT" in page
    assert "Customer service" in page
