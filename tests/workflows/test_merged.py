"""Workflows of departments that were merged: found with the one that took over, with all that is known of them."""

from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.accounts import service as accounts
from app.clients import changes
from app.db import Database
from app.lineage import queries as lineage
from app.lineage.snapshots import Kind, Part
from app.lineage.snapshots import Wanted as Change
from app.owners import service as owners
from app.workflows import bulk, queries, service
from app.workflows.facts import Facts
from app.workflows.rules import MOST
from app.workflows.service import Wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.experts.stage import join, rate
from tests.opportunity.test_map import closed
from tests.waves.stage import planned
from tests.workflows.test_inventory import FULL, added, author, one, page, typed

if TYPE_CHECKING:
    from starlette.testclient import TestClient

TOGETHER = "Legal and ethics"


def changed(database: Database, cast: Cast, clock: Clock, kind: Kind, wanted: Change) -> UUID:
    """Does a change of departments; gives its id."""
    with database.writing() as session:
        changes.apply(session, cast.organisation, kind, wanted, now=clock())
        return lineage.done(session, cast.organisation)[-1].id


def merged(database: Database, cast: Cast, clock: Clock, *names: str, into: str = TOGETHER) -> tuple[UUID, UUID]:
    """Merges departments; gives the one that took over and the change."""
    both = tuple(cast.departments[name] for name in names or ("Legal", "Ethics"))
    change = changed(database, cast, clock, "merge", Change(departments=both, name=into))
    with database.reading() as session:
        return changes.heirs(session, cast.organisation)[both[0]], change


def homes(database: Database, cast: Cast) -> dict[str, UUID]:
    with database.reading() as session:
        return {one.name: one.department_id for one in queries.inventory(session, cast.organisation)}


@pytest.mark.both
def test_workflows_are_with_the_department_that_took_over_and_go_back_when_the_merge_is_taken_back(
    database: Database, cast: Cast, clock: Clock
) -> None:
    review = added(database, cast, clock, "Review a contract", to="Legal")
    added(database, cast, clock, "Hear a case", to="Ethics")
    heir, change = merged(database, cast, clock)
    assert homes(database, cast) == {"Review a contract": heir, "Hear a case": heir}
    later = clock.advance(days=1)
    with database.writing() as session:
        wanted = Wanted(department_id=heir, name="Review contracts", facts=Facts(minutes=20), rated=True)
        service.change(session, cast.organisation, review, wanted, author=author(later), seen=1)
    found = one(database, cast, review)
    assert (found.department_id, found.chosen_id) == (heir, cast.departments["Legal"])
    with database.reading() as session:
        assert [each.name for each in queries.workflows(session, cast.organisation)[heir]] == ["Review contracts"]
        versions = queries.history(session, cast.organisation, review)
        then = queries.inventory(session, cast.organisation, at=versions[-1].saved_at)
    assert [(each.number, each.facts == versions[0].facts) for each in versions] == [(2, True), (1, False)]
    assert FULL in [each.facts for each in then]
    with database.writing() as session:
        changes.undo(session, cast.organisation, change, frozen_at=None, now=clock())
    assert homes(database, cast) == {
        "Review contracts": cast.departments["Legal"],
        "Hear a case": cast.departments["Ethics"],
    }


@pytest.mark.both
def test_a_merge_of_what_was_merged_takes_the_workflows_along_and_a_split_or_a_closing_leaves_them_to_a_person(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Review a contract", to="Legal")
    first, _ = merged(database, cast, clock)
    later = Change(departments=(first, cast.departments["HR"]), name="People and law")
    changed(database, cast, clock, "merge", later)
    with database.reading() as session:
        last = changes.heirs(session, cast.organisation)[first]
    assert homes(database, cast) == {"Review a contract": last}
    parts = (Part("People", "hr", 6), Part("Law", "legal", 11))
    changed(database, cast, clock, "split", Change(departments=(last,), parts=parts))
    added(database, cast, clock, "Sort tickets", to="IT")
    changed(database, cast, clock, "close", Change(departments=(cast.departments["IT"],)))
    sign_in(client, "Ada")
    shown = unescape(client.get(page(cast)).text)
    assert "These were done in departments that are no more" in shown
    assert "It was done in People and law." in shown
    assert "It was done in IT." in shown
    assert client.post(page(cast, made, "change"), data=typed(cast, name="Review", seen="1")).status_code == 303
    assert one(database, cast, made).department_id == cast.departments["Finance"]


def test_pages_say_where_a_workflow_came_from_and_its_lead_owner_and_experts_go_on_with_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Hear a case", to="Ethics")
    other = added(database, cast, clock, "Somebody else’s", to="HR")
    join(database, cast, clock(), cast.ben)
    for user in (cast.ada, cast.ben):
        rate(database, cast, made, user, clock(), 4)
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Ethics"])
    heir, _ = merged(database, cast, clock)
    ada = sign_in(client, "Ada")
    told = "It came from Ethics, which was merged into Legal and ethics."
    for address in (page(cast), page(cast, made)):
        assert told in unescape(ada.get(address).text)
    rated = unescape(ada.get(f"/organisations/{cast.organisation}/experts").text)
    assert rated.index("Legal and ethics") < rated.index("Hear a case") < rated.index("2 experts have rated it.")
    with database.reading() as session:
        owners.require_done(session, queries.workflow(session, cast.organisation, made), cast.organisation)
    cleo = sign_in(client, "Cleo")
    assert told in unescape(cleo.get(page(cast)).text)
    assert cleo.get(page(cast, other)).status_code == 404
    assert f'value="{heir}" selected' in cleo.get(page(cast, "new")).text
    mine = typed(cast, name="Hear a case", department=str(heir), minutes="7", seen="1")
    assert cleo.post(page(cast, made, "change"), data=mine).status_code == 303
    versions = unescape(cleo.get(page(cast, made)).text)
    assert "Minutes a time: 7" in versions
    assert "It belongs to another department now." not in versions


def test_a_list_finds_workflows_of_a_merged_department_by_its_old_name_too(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = added(database, cast, clock, "Hear a case", to="Ethics")
    heir, change = merged(database, cast, clock)
    sign_in(client, "Ada")
    text = f"id,department,workflow,minutes\n{made},Ethics,Hear a case,9\n"
    shown = client.post(f"/organisations/{cast.organisation}/workflow-list", data={"list": text})
    assert "There is no open department" not in shown.text
    assert "Minutes a time: 9" in unescape(shown.text)
    with database.writing() as session:
        wanted = Wanted(department_id=heir, name="Hear a case", facts=Facts(minutes=9))
        step = bulk.Change(id=made, wanted=wanted, retired=False, is_new=False)
        bulk.write(session, cast.organisation, [step], author=author(clock()))
        changes.undo(session, cast.organisation, change, frozen_at=None, now=clock())
    found = one(database, cast, made)
    assert (found.department_id, found.facts.minutes) == (cast.departments["Ethics"], 9)


def test_a_wave_does_not_open_while_a_merge_left_more_workflows_to_rate_than_there_may_be_or_two_of_one_name(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    for name, number in (("Legal", MOST), ("Ethics", 1)):
        names = ("Review a contract", *(f"Task {n}" for n in range(1, number)))
        with database.writing() as session:
            service.name_workflows(
                session,
                organisation_id=cast.organisation,
                department_id=cast.departments[name],
                names=names,
                now=clock(),
            )
    heir, _ = merged(database, cast, clock)
    told = (
        f"Staff of Legal and ethics would rate {MOST + 1} workflows, and {MOST} are the most. Take some out.",
        "Staff of Legal and ethics would rate two workflows named “Review a contract”. Give one another name, or "
        "retire it.",
    )
    wave = f"/organisations/{cast.organisation}/waves/{planned(database, cast, clock())}"
    sign_in(client, "Ada")
    for address in (page(cast), wave):
        shown = unescape(client.get(address).text)
        assert all(sentence in shown for sentence in told)
    refused = client.post(f"{wave}/open")
    assert (refused.status_code, told[1] in unescape(refused.text)) == (409, True)
    with database.reading() as session:
        there = [each for each in queries.inventory(session, cast.organisation) if each.name == "Review a contract"]
    assert client.post(page(cast, there[0].id, "retire"), data={"do": "retire"}).status_code == 303
    assert client.post(f"{wave}/open").status_code == 303
    again = {"name": "Review a contract", "department": str(heir)}
    assert "The department has a workflow of this name." in client.post(page(cast, "new"), data=again).text


def test_the_level_of_a_workflow_rests_on_the_ratings_of_the_department_that_was_merged_and_says_so(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    closed(database, cast, clock)
    heir, _ = merged(database, cast, clock, "Operations", "IT", into="Works")
    with database.reading() as session:
        stock = next(each for each in queries.inventory(session, cast.organisation) if each.name == "Order stock")
    assert stock.department_id == heir
    sign_in(client, "Ada")
    base = f"/organisations/{cast.organisation}"
    told = unescape(client.get(f"{base}/autonomy/departments/{heir}").text)
    assert "It took over Operations and IT, which" in told
    assert "Order stock" in told
    assert "Sort tickets" in told
    level = unescape(client.get(f"{base}/autonomy/workflows/{stock.id}").text)
    assert "Staff’s ratings of it are those of Operations." in level
    assert "Order stock" in unescape(client.get(f"{base}/opportunities").text)
