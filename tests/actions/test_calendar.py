"""The plan as a calendar: read back by a library, subscribed to by a link, taken back."""

import re
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

from icalendar import Calendar, Component

from app.accounts import service as accounts
from app.actions import service
from app.actions.models import PlannedActionVersion
from app.db import Database
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
    assert made.status_code == 303, made.text
    found = re.search(rf'value="([^"]+\.ics)" aria-label="Link for {label}"', client.get(page(cast, "calendar")).text)
    assert found is not None
    return found[1]


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
    every, ours = (
        link_for(client, cast, "all", "Board"),
        link_for(client, cast, str(cast.departments["Legal"]), "Legal"),
    )
    paths = [link.removeprefix("http://testserver") for link in (every, ours)]
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
    assert client.get(paths[0]).status_code == 200
    assert client.get(f"/calendar/{'a' * 26}.ics").status_code == 404


def test_a_lead_makes_links_of_their_own_department_and_a_sponsor_none(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    link_for(client, cast, "all", "Board")
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Legal"])
    sign_in(client, "Cleo")
    assert "Link for Board" not in client.get(page(cast, "calendar")).text
    for department in ("all", str(cast.departments["HR"]), ""):
        refused = client.post(page(cast, "calendar"), data={"department": department, "label": "Me"})
        assert refused.status_code == 422
        assert "Choose the department whose plan the calendar shows." in unescape(refused.text)
    assert client.post(page(cast, "calendar"), data={"department": str(cast.departments["Legal"])}).status_code == 422
    assert link_for(client, cast, str(cast.departments["Legal"]), "Me")
    assert client.post(page(cast, "calendar"), data={"do": "take_back", "link": "x"}).status_code == 404
