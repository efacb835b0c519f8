"""The plan as a calendar: read back by a library, subscribed to by a link, taken back."""

import re
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar, Component
from sqlalchemy import delete
from sqlmodel import col

from app.accounts import queries as roles
from app.accounts import service as accounts
from app.accounts.models import Membership
from app.accounts.roles import Role
from app.actions import service
from app.actions.models import PlannedActionVersion
from app.clients import changes
from app.clients import queries as clients
from app.db import Database
from app.desk import service as desk
from app.lineage.snapshots import Wanted as Change
from tests.actions.stage import by, facts, page, taken
from tests.cast import Cast, sign_in
from tests.conftest import Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def events(content: bytes) -> dict[str, Component]:
    read = Calendar.from_ical(content)
    assert (read["version"], read["method"]) == ("2.0", "PUBLISH")
    return {str(one["summary"]): one for one in read.walk("VEVENT")}


def link_for(client: "TestClient", cast: Cast, department: str, label: str) -> str:
    made = client.post(page(cast, "calendar"), data={"department": department, "label": label})
    assert made.status_code == 200, made.text
    found = re.search(r'value="([^"]+\.ics)" aria-label="The new link"', made.text)
    assert found is not None
    assert f"<strong>{label}</strong>" in made.text
    return found[1].removeprefix("http://testserver")


def test_each_action_stands_on_its_day_with_who_does_it_and_no_address(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    name = "Umlaute: äöü, Komma; Strich – und ein Titel, der so lang ist, dass er umgebrochen werden muss"
    made = taken(database, cast, clock(), name, owner="Dana Doe", mail="dana@example.org")
    dropped = taken(database, cast, clock(), "Given up", to="HR")
    with database.writing() as session:
        wanted = facts(cast, clock(), "Given up", to="HR", status="dropped", reason="No time")
        service.change(session, cast.organisation, dropped, wanted, author=by(clock()), seen=1)
    sign_in(client, "Ada")
    answer = client.get(page(cast, "calendar.ics"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75, "RFC 5545, 3.1"
    assert b"dana@" not in answer.content
    found = events(answer.content)
    assert set(found) == {name, "Given up"}
    day = (clock() + timedelta(days=20)).date()
    event = found[name]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (day, day + timedelta(days=1))
    assert str(event["description"]) == "Legal · Dana Doe · To do"
    assert str(event["uid"]).startswith(str(made))
    assert (str(found["Given up"]["status"]), found["Given up"]["sequence"]) == ("CANCELLED", 1)


def test_the_last_day_that_there_is_breaks_no_calendar(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), "Kept from before")
    with database.writing() as session:
        row = session.get(PlannedActionVersion, (cast.organisation, made, 1))
        assert row is not None
        row.facts = {**row.facts, "due": "9999-12-31", "status": "done"}
    sign_in(client, "Ada")
    assert events(client.get(page(cast, "calendar.ics")).content)["Kept from before"].decoded("dtstart") == date.max


def test_a_link_shows_later_changes_of_its_department_until_it_is_taken_back(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), "Ours")
    taken(database, cast, clock(), "Theirs", to="HR")
    sign_in(client, "Ada")
    paths = [link_for(client, cast, "all", "Board"), link_for(client, cast, str(cast.departments["Legal"]), "Legal")]
    client.cookies.clear()
    assert [set(events(client.get(path).content)) for path in paths] == [{"Ours", "Theirs"}, {"Ours"}]
    with database.writing() as session:
        wanted = facts(cast, clock(), "Ours", due=date(2026, 12, 1))
        service.change(session, cast.organisation, made, wanted, author=by(clock()), seen=1)
    assert events(client.get(paths[1]).content)["Ours"].decoded("dtstart") == date(2026, 12, 1)
    sign_in(client, "Ada")
    shown = client.get(page(cast, "calendar")).text
    id = re.search(r'name="link" value="([\w-]+)">Take back<span class="hidden"> the link for Legal', shown)
    assert id is not None
    assert client.post(page(cast, "calendar"), data={"do": "take_back", "link": id[1]}).status_code == 303
    assert client.get(paths[1]).status_code == 404
    assert client.get(paths[0]).headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(f"/calendar/{'a' * 26}.ics").status_code == 404


def test_at_an_archived_client_a_calendar_is_read_says_so_and_can_be_taken_back(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    taken(database, cast, clock(), "Ours")
    sign_in(client, "Ada")
    path = link_for(client, cast, "all", "Board")
    assert "archived" not in client.get(path).text
    with database.writing() as session:
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    for address in (path, page(cast, "calendar.ics")):
        content = client.get(address).content
        assert set(events(content)) == {"Ours"}
        told = Calendar.from_ical(content)
        assert str(told["X-WR-CALNAME"]).endswith(" · archived")
        assert "This client is archived" in str(told["X-WR-CALDESC"])
    assert client.post(page(cast, "calendar"), data={"department": "all", "label": "Another"}).status_code == 409
    id = re.search(r'name="link" value="([\w-]+)">Take back', client.get(page(cast, "calendar")).text)
    assert id is not None
    assert client.post(page(cast, "calendar"), data={"do": "take_back", "link": id[1]}).status_code == 303
    assert client.get(path).status_code == 404


def test_a_lead_makes_links_of_their_own_department_and_a_sponsor_none(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    link_for(client, cast, "all", "Board")
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Legal"])
    sign_in(client, "Cleo")
    assert "<strong>Board</strong>" not in client.get(page(cast, "calendar")).text
    for department in ("all", str(cast.departments["HR"]), ""):
        refused = client.post(page(cast, "calendar"), data={"department": department, "label": "Me"})
        assert refused.status_code == 422
        assert "Choose the department whose plan the calendar shows." in unescape(refused.text)
    assert client.post(page(cast, "calendar"), data={"department": str(cast.departments["Legal"])}).status_code == 422
    assert link_for(client, cast, str(cast.departments["Legal"]), "Me")
    assert client.post(page(cast, "calendar"), data={"do": "take_back", "link": "x"}).status_code == 404


def test_a_link_is_shown_once_and_afterwards_who_made_it_and_since_when(
    client: "TestClient", cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    path = link_for(client, cast, "all", "Board")
    shown = unescape(client.get(page(cast, "calendar")).text)
    assert "<strong>Board</strong>" in shown
    assert "made by Ada on 5 October 2026" in shown
    assert ".ics" not in shown.replace(page(cast, "calendar.ics"), "")
    assert client.get(path).status_code == 200


def moved(database: Database, cast: Cast, role: str, department: str | None) -> None:
    """Cleo gets this role at the client; an empty one takes it away."""
    place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
    with database.writing() as session:
        if role:
            own = cast.departments[department] if department else None
            roles.change_role(session, **place, role=role, department_id=own)
        else:
            session.execute(delete(Membership).where(col(Membership.user_id) == cast.cleo))


@pytest.mark.both
@pytest.mark.parametrize(
    ("was", "of", "role", "department"),
    [
        ("lead", "Legal", "", None),
        ("lead", "Legal", "lead", "HR"),
        ("lead", "Legal", "sponsor", None),
        ("consultant", None, "", None),
        ("consultant", None, "lead", "HR"),
        ("consultant", None, "shut", None),
    ],
)
def test_a_link_reads_only_while_its_maker_may_make_it(
    client: "TestClient",
    database: Database,
    cast: Cast,
    clock: Clock,
    was: Role,
    of: str | None,
    role: str,
    department: str | None,
) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        own = cast.departments[of] if of else None
        accounts.add_member(session, **place, now=clock(), role=was, department_id=own)
    sign_in(client, "Cleo")
    path = link_for(client, cast, str(cast.departments[of]) if of else "all", "Mine")
    assert client.get(path).status_code == 200
    if role == "shut":
        with database.writing() as session:
            accounts.disable_user(session, email="cleo@example.org", now=clock())
    else:
        moved(database, cast, role, department)
    client.cookies.clear()
    assert client.get(path).status_code == 404
    sign_in(client, "Ada")
    assert "It leads nowhere any more" in client.get(page(cast, "calendar")).text


def test_a_link_does_not_widen_when_its_department_is_merged(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    taken(database, cast, clock(), "Ours")
    taken(database, cast, clock(), "Theirs", to="Ethics")
    sign_in(client, "Ada")
    path = link_for(client, cast, str(cast.departments["Legal"]), "Legal")
    assert set(events(client.get(path).content)) == {"Ours"}
    with database.writing() as session:
        wanted = Change(departments=(cast.departments["Legal"], cast.departments["Ethics"]), name="Legal and ethics")
        changes.apply(session, cast.organisation, "merge", wanted, now=clock())
    assert client.get(path).status_code == 404
    with database.reading() as session:
        both = next(one.id for one in clients.departments(session, cast.organisation) if one.name == "Legal and ethics")
    assert set(events(client.get(link_for(client, cast, str(both), "Both")).content)) == {"Ours", "Theirs"}
