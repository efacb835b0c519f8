"""The plan of departments that were merged: hours, what counts twice, and their leads."""

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.accounts import service as accounts
from app.actions import service
from app.actions.service import Wanted
from app.clients import changes
from app.db import Database
from app.errors import InvalidError
from app.lineage.snapshots import Wanted as Change
from app.playbooks.shelf import library
from tests.actions.stage import by, facts, page, taken, taken_of_library
from tests.cast import Cast, sign_in
from tests.conftest import Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ACTION = "R3-low-permitted-uses"


def merged(database: Database, cast: Cast, clock: Clock) -> UUID:
    """Merges Legal and Ethics; gives the department that took them over."""
    with database.writing() as session:
        both = (cast.departments["Legal"], cast.departments["Ethics"])
        wanted = Change(departments=both, name="Legal and ethics")
        changes.apply(session, cast.organisation, "merge", wanted, now=clock())
        return changes.heirs(session, cast.organisation)[cast.departments["Ethics"]]


def set_hours(database: Database, cast: Cast, clock: Clock, department: str, hours: str) -> None:
    with database.writing() as session:
        begins = clock().date()
        place = (cast.organisation, cast.departments[department], begins)
        service.set_hours(session, *place, typed=hours, seen="")


def test_hours_of_a_merged_department_are_those_of_both_until_somebody_sets_them_anew(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    taken(database, cast, clock(), to="Legal")
    taken(database, cast, clock(), to="Ethics")
    set_hours(database, cast, clock, "Legal", "30")
    set_hours(database, cast, clock, "Ethics", "12")
    heir = merged(database, cast, clock)
    sign_in(client, "Ada")
    for department in (heir, cast.departments["Ethics"]):
        shown = client.get(page(cast, "departments", department)).text
        assert "16 of 42 hours are planned." in shown
        assert '<input type="hidden" name="seen" value="42">' in shown
    old = page(cast, "departments", cast.departments["Ethics"])
    assert client.post(old, data={"hours": "50", "seen": "42"}).status_code == 303
    assert "16 of 50 hours are planned." in client.get(page(cast, "departments", heir)).text
    late = client.post(page(cast, "departments", heir), data={"hours": "60", "seen": "42"})
    assert late.status_code == 409
    assert "Somebody else has set 50 hours meanwhile." in late.text


def test_an_action_of_the_library_is_not_taken_twice_by_what_two_departments_became(
    database: Database, cast: Cast, clock: Clock
) -> None:
    taken_of_library(database, cast, clock(), ACTION, to="Ethics")
    heir = merged(database, cast, clock)
    later = replace(cast, departments={**cast.departments, "Heir": heir})
    with pytest.raises(InvalidError, match="is in the plan of this department already"):
        taken_of_library(database, later, clock(), ACTION, to="Heir")


def test_actions_that_are_taken_together_count_together(
    database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wanted(title: str) -> Wanted:
        return Wanted(id=uuid4(), facts=facts(cast, clock(), title), begins=clock().date())

    monkeypatch.setattr(service, "MOST_PLANNED", 3)
    taken(database, cast, clock(), "The first")
    with pytest.raises(InvalidError, match="There are 3 actions under way"), database.writing() as session:
        service.take(session, cast.organisation, [wanted(f"Number {n}") for n in range(3)], author=by(clock()))
    with database.writing() as session:
        assert service.take(session, cast.organisation, [wanted("One"), wanted("Two")], author=by(clock())) == 2
    both = [service.of_library(library().by_id[ACTION], wanted("x")) for _ in range(2)]
    monkeypatch.setattr(service, "MOST_PLANNED", 30)
    with pytest.raises(InvalidError, match="in the plan of this department already"), database.writing() as session:
        service.take(session, cast.organisation, both, author=by(clock()))


def test_the_lead_of_a_department_that_was_merged_sees_and_changes_the_plan_of_what_it_became(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = taken(database, cast, clock(), to="Ethics")
    other = taken(database, cast, clock(), "Somebody else’s", to="HR")
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Ethics"])
    heir = merged(database, cast, clock)
    sign_in(client, "Cleo")
    shown = unescape(client.get(page(cast)).text)
    assert "Write a page" in shown
    assert "Somebody else" not in shown
    assert client.post(page(cast, made, "move"), data={"status": "doing", "seen": "1"}).status_code == 303
    assert client.post(page(cast, "departments", heir), data={"hours": "9", "seen": ""}).status_code == 303
    offered = re.findall(r'<option value="([\w-]+)"[^>]*>[^<]*ethics', client.get(page(cast, "calendar")).text)
    assert offered == [str(heir)]
    assert client.get(page(cast, other)).status_code == 404
    assert client.get(page(cast, "departments", cast.departments["HR"])).status_code == 404
