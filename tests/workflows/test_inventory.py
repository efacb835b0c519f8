"""The inventory of workflows: picked, added, changed, retired, by consultant and lead, with every version kept."""

import re
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.accounts import service as accounts
from app.db import Database
from app.errors import InvalidError
from app.workflows import library, queries, service
from app.workflows.facts import FLAGS, Facts, as_json, from_json
from app.workflows.service import Author, ChangedMeanwhileError, Wanted
from tests.cast import Cast, sign_in
from tests.clients import opened
from tests.conftest import Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient

FULL = Facts(
    description="Hold an invoice against its order.",
    systems=("ERP", "Mail"),
    data=("payment",),
    times=40,
    per="week",
    minutes=12,
    people=3,
    data_ready=4,
    undo=2,
    consequence=3,
    affects_persons=False,
    money_limit=5000,
    legal={"payment_release": True, "safety_relevant": False},
)


def author(now: datetime, name: str = "Ada") -> Author:
    return Author(name=name, way="console", now=now)


def added(database: Database, cast: Cast, clock: Clock, name: str, facts: Facts = FULL, *, to: str = "Finance") -> UUID:
    with database.writing() as session:
        wanted = Wanted(department_id=cast.departments[to], name=name, facts=facts)
        return service.add(session, cast.organisation, wanted, author=author(clock()))


def one(database: Database, cast: Cast, workflow_id: UUID) -> queries.WorkflowFacts:
    with database.reading() as session:
        return queries.workflow(session, cast.organisation, workflow_id)


def page(cast: Cast, *steps: object) -> str:
    return "/".join(("", "organisations", str(cast.organisation), "workflows", *map(str, steps)))


def typed(cast: Cast, **fields: str) -> dict[str, str]:
    return {"name": "Check an invoice", "department": str(cast.departments["Finance"]), "per": "week", **fields}


def test_the_library_has_eight_workflows_of_each_function_in_both_languages() -> None:
    found = library.seeds()
    assert set(found) == {"legal", "hr", "finance", "operations", "it", "customer_service", "sales", "procurement"}
    for some in found.values():
        assert len(some) >= library.LEAST
        assert all(seed.names["en"] != seed.names["de"] for seed in some)
        assert all(seed.descriptions["en"] != seed.descriptions["de"] for seed in some)
    assert len(library.of_function("other")) == sum(map(len, found.values()))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("- key: a", "has the fields data, de, en, key, law"),
        ("[]", "at least 8"),
        ("- {key: a, en: [A, long enough it is certainly], de: [B], data: [], law: []}", "a name and a description"),
        ("- {key: a, en: [A, short], de: [B, kurz], data: [], law: []}", "20 to 600"),
        (
            "- {key: a, en: [A, long enough it is certainly], de: [B, lang genug ist es wohl], data: [moon], law: []}",
            "moon",
        ),
    ],
)
def test_a_file_of_the_library_that_does_not_fit_is_named(wrong: str, told: str) -> None:
    text = "\n".join([wrong] * 8) if wrong.startswith("-") else wrong
    with pytest.raises(library.LibraryError, match=re.escape(told)) as caught:
        library.read("legal", text)
    assert "library/legal.yaml" in str(caught.value)


def test_facts_are_stored_and_read_and_come_to_hours_a_month() -> None:
    assert from_json(as_json(FULL)) == FULL
    assert from_json({**as_json(FULL), "colour": "blue"}) == FULL
    assert FULL.hours == pytest.approx(40 * 52 / 12 * 12 / 60)
    assert Facts(times=3).hours is None
    assert len(Facts().missing) == 6
    assert [str(name) for name in FULL.missing] == ["questions of the law"]
    assert Facts(legal=dict.fromkeys(FLAGS, False)).missing[-1] == "how bad an error is"


@pytest.mark.both
def test_each_saved_change_is_a_version_with_who_and_when_and_the_past_can_be_read(
    database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Check an invoice")
    before = clock()
    later = clock.advance(days=3)
    wanted = Wanted(department_id=cast.departments["Finance"], name="Check invoices", facts=Facts(minutes=20))
    for _ in range(2):  # what says nothing new is no version
        with database.writing() as session:
            service.change(session, cast.organisation, made, wanted, author=author(later, "Ben"), seen=None)
    with database.reading() as session:
        versions = queries.history(session, cast.organisation, made)
        then = queries.inventory(session, cast.organisation, at=before)
        now = queries.inventory(session, cast.organisation)
        assert queries.inventory(session, cast.organisation, at=before.replace(year=2020)) == ()
    assert [(one.number, one.made_by, one.saved_at) for one in versions] == [(2, "Ben", later), (1, "Ada", before)]
    assert [(one.name, one.facts) for one in then] == [("Check an invoice", FULL)]
    assert [(one.name, one.facts) for one in now] == [("Check invoices", Facts(minutes=20))]


def test_who_saves_second_is_told_what_the_first_did_and_loses_nothing(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Check an invoice")
    sign_in(client, "Ada")
    seen = re.search(r'name="seen" value="(\d+)"', client.get(page(cast, made, "change")).text)
    assert seen is not None
    wanted = Wanted(department_id=cast.departments["Finance"], name="Check an invoice", facts=Facts(minutes=99))
    with database.writing() as session:
        service.change(session, cast.organisation, made, wanted, author=author(clock(), "Ben"), seen=1)
    mine = typed(cast, minutes="15", seen=seen[1])
    second = client.post(page(cast, made, "change"), data=mine)
    told = unescape(second.text)
    assert second.status_code == 409
    assert "Ben saved this workflow while you were changing it." in told
    assert "Minutes a time: 99" in told
    assert 'name="minutes" type="text" value="15"' in told
    assert one(database, cast, made).facts.minutes == 99
    again = re.search(r'name="seen" value="(\d+)"', second.text)
    assert again is not None
    assert client.post(page(cast, made, "change"), data={**mine, "seen": again[1]}).status_code == 303
    assert one(database, cast, made).facts.minutes == 15
    with database.writing() as session, pytest.raises(ChangedMeanwhileError):
        service.change(session, cast.organisation, made, wanted, author=author(clock()), seen=1)


@pytest.mark.parametrize("seen", [{}, {"seen": "x"}, {"seen": "-1"}, {"seen": "7"}])
def test_a_form_that_does_not_say_what_it_showed_changes_no_workflow(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, seen: dict[str, str]
) -> None:
    made = added(database, cast, clock, "Check an invoice")
    blind = {name: text for name, text in typed(cast, minutes="15").items() if name != "seen"} | seen
    answer = sign_in(client, "Ada").post(page(cast, made, "change"), data=blind)
    assert answer.status_code == 409
    assert "somebody may have saved meanwhile" in unescape(answer.text)
    assert 'name="minutes" type="text" value="15"' in answer.text
    assert one(database, cast, made).version == 1


def test_a_workflow_is_added_through_its_form_and_a_wrong_one_keeps_what_was_typed(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    assert "No workflow is named yet" in client.get(page(cast)).text
    wrong = client.post(page(cast, "new"), data=typed(cast, times="often", minutes="12", owner="Head of it"))
    assert wrong.status_code == 422
    assert "“often” is no whole number" in unescape(wrong.text)
    assert 'value="Head of it"' in wrong.text
    nowhere = client.post(page(cast, "new"), data={**typed(cast), "department": "x"})
    assert "Choose the department whose people do this work" in unescape(nowhere.text)
    fields = typed(cast, times="40", minutes="12", **{"data-payment": "yes", "law-payment_release": "yes"})
    fields |= {"form": "5a2f5f2e-3b0a-4a1e-9d3a-0f3f6d1c0001", "systems": "ERP\r\nMail\r\nERP"}
    for _ in range(2):
        assert client.post(page(cast, "new"), data=fields).status_code == 303
    shown = unescape(client.get(page(cast)).text)
    assert shown.count(">Check an invoice</a>") == 1
    assert "about 35 hours a month" in shown
    with database.reading() as session:
        (found,) = queries.inventory(session, cast.organisation)
    assert (found.facts.systems, found.facts.data) == (("ERP", "Mail"), ("payment",))
    assert found.facts.legal == {"payment_release": True}
    assert client.post(page(cast, "new"), data=typed(cast)).status_code == 422, "the name is taken"


def test_workflows_are_picked_from_the_library_once_and_five_of_them_are_rated(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    place = page(cast, "library", cast.departments["Legal"])
    assert "Review a confidentiality agreement" in client.get(place).text
    assert "Vertraulichkeitsvereinbarung prüfen" in client.get(place, headers={"Accept-Language": "de"}).text
    assert client.post(place, data={}).status_code == 422
    chosen = {f"seed-{seed.key}": "yes" for seed in library.of_function("legal")[:7]}
    for _ in range(2):
        assert client.post(place, data=chosen).status_code == 303
    with database.reading() as session:
        found = queries.inventory(session, cast.organisation)
        rated = queries.workflows(session, cast.organisation)
    assert len(found) == 7
    assert len(rated[cast.departments["Legal"]]) == 5
    assert all(one.way == "library" and one.facts.description for one in found)


def test_of_more_workflows_than_there_is_room_for_none_is_taken(database: Database, cast: Cast, clock: Clock) -> None:
    every = [seed for some in library.seeds().values() for seed in some]
    hr, made_by = cast.departments["HR"], author(clock())
    with database.writing() as session:
        with pytest.raises(InvalidError):
            service.pick(session, cast.organisation, hr, every, language="en", author=made_by)
        assert queries.inventory(session, cast.organisation) == ()
        service.pick(session, cast.organisation, hr, every[:3], language="en", author=made_by)
        names = tuple(f"W{number}" for number in range(15))
        for refused in ((*names, "one too many"), ("x" * 10_000,)):
            with pytest.raises(InvalidError) as found:
                service.name_workflows(
                    session, organisation_id=cast.organisation, department_id=hr, names=refused, now=clock()
                )
            assert set(found.value.fields) == {"workflows"}
        assert len(queries.workflows(session, cast.organisation)[hr]) == 3, "they are rated as before"


def test_a_sixteenth_rated_workflow_is_refused(database: Database, cast: Cast, clock: Clock) -> None:
    with database.writing() as session:
        for number in range(16):
            wanted = Wanted(department_id=cast.departments["HR"], name=f"W{number}", rated=True)
            if number < 15:
                service.add(session, cast.organisation, wanted, author=author(clock()))
                continue
            with pytest.raises(InvalidError, match="already rate 15 workflows"):
                service.add(session, cast.organisation, wanted, author=author(clock()))


@pytest.mark.both
def test_a_retired_workflow_keeps_its_history_and_comes_back(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Check an invoice")
    sign_in(client, "Ada")
    assert client.post(page(cast, made, "retire"), data={"do": "x"}).status_code == 422
    for _ in range(2):
        assert client.post(page(cast, made, "retire"), data={"do": "retire"}).status_code == 303
    told = unescape(client.get(page(cast, made)).text)
    assert "It is done no more." in told
    assert "It is retired now." in told
    assert "Minutes a time: 12" in told
    assert "1 that is done no more" in client.get(page(cast)).text
    other = added(database, cast, clock, "Check an invoice")
    assert client.post(page(cast, made, "retire"), data={"do": "back"}).status_code == 422, "the name is taken"
    client.post(page(cast, other, "retire"), data={"do": "retire"})
    assert client.post(page(cast, made, "retire"), data={"do": "back"}).status_code == 303
    assert not one(database, cast, made).retired


def test_a_lead_sees_and_changes_the_workflows_of_their_own_department_only(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    mine, theirs = added(database, cast, clock, "Ours"), added(database, cast, clock, "Theirs", to="Legal")
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Finance"])
    sign_in(client, "Cleo")
    shown = client.get(page(cast)).text
    assert "Ours" in shown
    assert "Theirs" not in shown
    for path in (page(cast, theirs), page(cast, theirs, "change"), page(cast, "library", cast.departments["Legal"])):
        assert client.get(path).status_code == 404
    assert client.post(page(cast, theirs, "retire"), data={"do": "retire"}).status_code == 404
    assert client.post(page(cast, mine, "change"), data=typed(cast, minutes="7", seen="1")).status_code == 303
    elsewhere = typed(cast, department=str(cast.departments["Legal"]), seen="2")
    moved = client.post(page(cast, mine, "change"), data=elsewhere)
    assert moved.status_code == 422
    assert one(database, cast, mine).made_by == "Cleo"


def test_a_sponsor_reads_the_inventory_and_changes_nothing(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Ours")
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock(), role="sponsor")
    sign_in(client, "Cleo")
    assert "Ours" in client.get(page(cast)).text
    assert "Change it" not in client.get(page(cast, made)).text
    for path in (page(cast, made, "change"), page(cast, "new")):
        assert client.get(path).status_code == 404
        assert client.post(path, data=typed(cast)).status_code == 404


def test_workflows_of_a_department_that_was_merged_are_shown_and_can_be_given_a_new_one(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Check a filing", to="Ethics")
    sign_in(client, "Ada")
    assert opened.close(client, cast.organisation, cast.departments["Ethics"]).status_code == 303
    shown = unescape(client.get(page(cast)).text)
    assert "These were done in departments that are no more" in shown
    assert "Check a filing" in shown
    assert "a department that was closed" in client.get(page(cast, made)).text
    assert client.post(page(cast, made, "change"), data=typed(cast, name="Check a filing", seen="1")).status_code == 303
    assert one(database, cast, made).department_id == cast.departments["Finance"]
