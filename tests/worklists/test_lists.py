"""Lists of workflows: what goes out comes back equal, what is wrong is named by line, nothing is taken unseen."""

import io
import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from python_calamine import load_workbook

from app.clients import service as clients
from app.db import Database
from app.workflows import queries
from app.workflows import service as inventory
from app.workflows.facts import FLAGS, Facts
from app.workflows.queries import WorkflowFacts
from app.workflows.service import Author, Wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient

FULL = Facts(
    description="=1+1, “what it is” | and more; with all signs",
    trigger="+49 calls",
    owner="@kim",
    systems=("ERP | old", "Mail; web", "-x"),
    data=("payment", "personal"),
    times=40,
    per="week",
    minutes=12,
    people=3,
    data_ready=4,
    undo=2,
    consequence=3,
    affects_persons=False,
    external_effect=True,
    money_limit=5000,
    legal=dict.fromkeys(FLAGS, False) | {"payment_release": True},
)


def path(cast: Cast, ending: str = "") -> str:
    return f"/organisations/{cast.organisation}/workflow-list{ending}"


def author(clock: Clock) -> Author:
    return Author(name="Ada", way="console", now=clock())


def added(
    database: Database, cast: Cast, clock: Clock, name: str, facts: Facts, to: str = "Tax", *, rated: bool = False
) -> UUID:
    with database.writing() as session:
        wanted = Wanted(department_id=cast.departments[to], name=name, facts=facts, rated=rated)
        return inventory.add(session, cast.organisation, wanted, author=author(clock))


def stored(database: Database, cast: Cast) -> tuple[WorkflowFacts, ...]:
    with database.reading() as session:
        return queries.inventory(session, cast.organisation)


def take(client: "TestClient", cast: Cast, text: str) -> int:
    """Sends a list, looks, and takes what was seen."""
    seen = client.post(path(cast), data={"list": text})
    found = re.search(r'name="seen" value="(\w+)"', seen.text)
    form = re.search(r'name="form" value="([^"]+)"', seen.text)
    assert found is not None, unescape(seen.text)
    assert form is not None
    return client.post(path(cast), data={"list": text, "seen": found[1], "form": form[1], "do": "take"}).status_code


@pytest.mark.both
def test_what_goes_out_as_csv_and_as_a_workbook_comes_back_equal(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    assert "Check a supplier’s invoice" in client.get(path(cast, ".csv")).text
    for name, facts, to in (("=SUM(A1)", FULL, "Tax"), ("Plain", Facts(), "Legal"), ("Hear a case", FULL, "Ethics")):
        added(database, cast, clock, name, facts, to)
    retired = added(database, cast, clock, "Old", FULL, "Legal")
    with database.writing() as session:
        inventory.retire(session, cast.organisation, retired, author=author(clock))
        clients.close_department(session, cast.organisation, cast.departments["Ethics"], now=clock())
    before = stored(database, cast)
    csv = client.get(path(cast, ".csv"))
    assert ",'=SUM(A1)," in csv.text
    book = client.get(path(cast, ".xlsx")).content
    assert load_workbook(io.BytesIO(book)).sheet_names == ["Workflows"]
    for content in (csv.content, book):
        seen = client.post(path(cast), files={"file": ("workflows", content)})
        assert "The list says what the inventory says already" in unescape(seen.text)
    assert stored(database, cast) == before
    assert client.post(path(cast), data={"list": csv.text, "do": "take"}).status_code == 409
    emptied = csv.text.replace(",yes", ",").replace(",no", ",")
    assert take(client, cast, emptied) == 303
    assert {one.name: one.facts.legal for one in stored(database, cast)} == {
        name: {} for name in ("=SUM(A1)", "Plain", "Hear a case", "Old")
    }


@pytest.mark.both
def test_a_list_adds_changes_retires_and_brings_back_and_each_is_a_version(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    kept = added(database, cast, clock, "Check a return", Facts(minutes=5, undo=3), rated=True)
    gone = added(database, cast, clock, "File a return", Facts())
    text = (
        "Abteilung;Arbeitsablauf;times;per;Minuten;status;rated\n"
        "Finance / Tax;check a RETURN;12;Tag;30;active;yes\n"
        "tax;File a return;;;;retired;\n"
        "Legal;Review an agreement;3;week;45;active;yes\n"
    )
    seen = unescape(client.post(path(cast), data={"list": text}).text)
    assert "Minutes a time: 30" in seen
    assert "It is retired now." in seen
    assert [one.version for one in stored(database, cast)] == [1, 1]
    assert take(client, cast, text) == 303
    found = {one.name: one for one in stored(database, cast)}
    assert found["check a RETURN"].id == kept
    assert found["check a RETURN"].facts == Facts(times=12, per="day", minutes=30, undo=3)
    assert found["File a return"].id == gone
    assert found["File a return"].retired
    new = found["Review an agreement"]
    assert (new.department_id, new.rated, new.version, new.way) == (cast.departments["Legal"], True, 1, "file")
    assert len({one.code for one in found.values()}) == 3
    again = unescape(client.post(path(cast), data={"list": text}).text)
    assert "There is nothing to change." in again
    back = text.replace("retired", "active")
    assert take(client, cast, back) == 303
    assert not {one.name: one for one in stored(database, cast)}["File a return"].retired


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Taxx,New,,,", "There is no open department “Taxx”. Did you mean “Tax”?"),
        (",New,,,", "It names no department"),
        ("Tax,,,,", "Give the workflow a name"),
        ("Tax,New,often,,", "“often” in times is no whole number"),
        ("Tax,New,5,fortnight,", "“fortnight” in per: write one of day, week, month, quarter, year."),
        ("Tax,New,5,week,9", "9 is outside 1 to 5."),
        ("Tax,New,5,week,3,x", "There are 6 values for 5 columns"),
        ("Tax,check a return,,,", "This is the workflow of line 2. Remove one."),
        ("Planning,New,99999999999,,", "can't be. Give a whole number up to"),
    ],
)
def test_a_line_that_cannot_be_so_is_named_with_what_to_do(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, line: str, told: str
) -> None:
    sign_in(client, "Ada")
    added(database, cast, clock, "Check a return", Facts())
    text = f"department,workflow,times,per,undo\nTax,Check a return,,,\n{line}\n"
    seen = client.post(path(cast), data={"list": text, "do": "take"})
    assert seen.status_code == 422
    assert told in unescape(seen.text)
    assert len(stored(database, cast)) == 1


def test_rules_that_hold_for_a_department_hold_for_a_list(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    one = added(database, cast, clock, "One", Facts(), rated=True)
    head = "id,department,workflow,rated,data,law_payment_release,status\n"
    many = head + "".join(f",Tax,W{number},yes,,,\n" for number in range(15))
    assert "more than 15 workflows. Write no under rated" in unescape(client.post(path(cast), data={"list": many}).text)
    sixty = head + "".join(f",Tax,W{number},,,,\n" for number in range(60))
    assert "has more than 60 workflows" in unescape(client.post(path(cast), data={"list": sixty}).text)
    for line, told in (
        (f"{one},Tax,Two,,moon,,", "“moon” in data: write any of public"),
        (f"{one},Tax,Two,,,perhaps,", "“perhaps” in law_payment_release: write yes, no, or nothing."),
        (f"{one},Tax,Two,,,,gone", "“gone” in status: write active or retired."),
        ("3,Tax,Two,,,,", "There is no workflow with the id “3”"),
    ):
        assert told in unescape(client.post(path(cast), data={"list": f"{head}{line}\n"}).text)
    two = head + f"{one},Tax,Two,,,,\n,Tax,two,,,,\n"
    assert "Line 2 has a workflow of this name" in unescape(client.post(path(cast), data={"list": two}).text)
    assert take(client, cast, head + f"{one},Tax,Two,yes,public|personal,yes,\n") == 303
    [found] = stored(database, cast)
    assert (found.name, found.facts.data, found.facts.legal) == (
        "Two",
        ("public", "personal"),
        {"payment_release": True},
    )


def test_columns_of_another_name_are_chosen_and_lists_of_no_use_are_refused(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    foreign = "Bereich,Aufgabe,Dauer\nTax,Check a return,15\n"
    asked = client.post(path(cast), data={"list": foreign})
    assert asked.status_code == 422
    assert "has no column “department”, “workflow”" in unescape(asked.text)
    chosen = {"list": foreign, "column_department": "0", "column_workflow": "1", "column_minutes": "2"}
    seen = client.post(path(cast), data=chosen)
    assert seen.status_code == 200
    found = re.search(r'name="seen" value="(\w+)"', seen.text)
    form = re.search(r'name="form" value="([^"]+)"', seen.text)
    assert found is not None
    assert form is not None
    assert client.post(path(cast), data={**chosen, "seen": found[1], "form": form[1], "do": "take"}).status_code == 303
    assert [one.facts for one in stored(database, cast)] == [Facts(minutes=15)]
    for text, told in (
        ("", "The list is empty."),
        ("department,workflow", "no line below them"),
        ("department,workflow\n" + "Tax,W\n" * 50_000, "Import at most"),
    ):
        refused = client.post(path(cast), files={"file": ("x.csv", text.encode())}, data={"list": text[:100]})
        assert refused.status_code == 422
        assert told in unescape(refused.text)
