"""What is proposed for a row of a release, taken into the plan: once, as it was ticked, all of it or nothing."""

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.actions import service
from app.db import Database
from app.errors import InvalidError
from app.playbooks.shelf import library
from tests.actions.stage import plan_of
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def first_of(page: str) -> str:
    """The id of the first action that a page offers."""
    found = re.search(r'name="take-([\w-]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.lived_in
def test_what_is_proposed_is_taken_into_the_plan_once_with_owner_day_and_hours(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    row = cast.departments["Operations"]
    proposal = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/proposal/{row}"
    query = "?hours=200&level=A3&lacking=C05"
    shown = unescape(client.get(proposal + query).text)
    link = re.search(r'href="([^"]+/take\?[^"]+)"', shown)
    assert link is not None
    asked = unescape(client.get(link[1]).text)
    fields = {name: value for name, value in re.findall(r'name="([\w-]+)"[^>]*? value="([^"]*)"', asked)}
    ticked = re.findall(r'name="(take-[\w-]+)" value="yes" checked', asked)
    assert 1 <= len(ticked) <= 5
    sent = {name: value for name, value in fields.items() if not name.startswith("take-")}
    sent |= {"department": str(row), "language": "de", **dict.fromkeys(ticked, "yes")}
    number = ticked[0].removeprefix("take-")
    sent |= {f"owner-{number}": "Dana Doe", f"mail-{number}": "Dana@Example.org"}
    answer, second = (client.post(link[1].partition("?")[0], data=sent) for _ in range(2))
    assert (answer.status_code, second.status_code) == (303, 303), answer.text
    plan = plan_of(database, cast)
    assert len(plan) == len(ticked)
    owned = next(each for each in plan if each.facts.owner)
    assert (owned.facts.mail, owned.facts.language, owned.wave_id) == ("dana@example.org", "de", lived_in.closed)
    assert all(each.facts.moves == library().by_id[each.action].moves for each in plan)
    ninety = unescape(client.get(answer.headers["location"]).text)
    assert f"{sum(each.facts.hours for each in plan)} of 200 hours are planned." in ninety
    again = unescape(client.get(link[1]).text)
    assert again.count("It is in the plan of this department already.") == len(ticked)
    assert not set(ticked) & set(re.findall(r'name="(take-[\w-]+)" value="yes" checked', again))


@pytest.mark.lived_in
def test_what_cannot_be_taken_on_is_said_at_its_field_and_nothing_typed_is_lost(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/proposal/organisation/take"
    one = first_of(client.get(f"{address}?hours=200").text)
    nobody = client.post(address, data={"hours": "200", f"take-{one}": "yes", f"owner-{one}": "Dana"})
    assert nobody.status_code == 422
    assert "Choose the department that takes these on." in nobody.text
    assert 'value="Dana"' in nobody.text
    legal = {"hours": "200", "department": str(cast.departments["Legal"])}
    assert "Nothing is ticked." in client.post(address, data=legal).text
    typed = {"take": "yes", "due": "2020-02-03", "owner": "Dana", "mail": "dana at home"}
    over = {**legal, **{f"{name}-{one}": said for name, said in typed.items()}}
    told = unescape(client.post(address, data=over).text)
    assert "3 February 2020 is over. Choose a day from" in told
    assert "“dana at home” is no mail address." in told
    assert "as it stands in a calendar" in client.post(address, data={**over, f"due-{one}": "soon"}).text
    assert plan_of(database, cast) == ()


@pytest.mark.lived_in
def test_where_the_hours_cannot_be_set_no_action_is_taken_either(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InvalidError("Too many", fields={"hours": "Too many hours."})

    monkeypatch.setattr(service, "set_hours", refuse)
    sign_in(client, "Ada")
    department = cast.departments["Operations"]
    address = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/proposal/{department}/take"
    asked = unescape(client.get(f"{address}?hours=200").text)
    fields = dict(re.findall(r'name="([\w-]+)"[^>]*? value="([^"]*)"', asked))
    assert f"take-{first_of(asked)}" in fields
    told = client.post(address, data={**fields, "department": str(department)})
    assert told.status_code == 422
    assert plan_of(database, cast) == ()


@pytest.mark.lived_in
def test_what_was_ticked_is_taken_also_where_the_proposal_has_changed_since_it_was_shown(
    client: "TestClient", database: Database, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    department = cast.departments["Operations"]
    address = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/proposal/{department}/take"
    shown = client.get(f"{address}?hours=200&level=A3&lacking=C05").text
    fields = dict(re.findall(r'name="([\w-]+)"[^>]*? value="([^"]*)"', shown))
    ticked = re.findall(r'name="take-([\w-]+)" value="yes" checked', shown)
    without = unescape(client.get(f"{address}?hours=200&level=A3&lacking=C06").text)
    [gone] = [each for each in ticked if f"take-{each}" not in without][:1]
    sent = {name: value for name, value in fields.items() if not name.startswith("take-")}
    sent |= {"department": str(department), "lacking": "C06", f"take-{gone}": "yes"}
    wrong = unescape(client.post(address, data={**sent, f"due-{gone}": "soon"}).text)
    assert "It is proposed no more" in wrong
    assert client.post(address, data=sent).status_code == 303
    assert [each.action for each in plan_of(database, cast)] == [gone]
