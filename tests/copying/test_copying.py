"""A new client begins with the set-up of another one: departments, plans, words; never people, answers and results."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from app.accounts import queries as accounts
from app.accounts import service as people
from app.autonomy import queries as thresholds
from app.autonomy import service as autonomy
from app.clients import alike, brand, service
from app.clients import queries as clients
from app.clients.importing import import_departments
from app.clients.imports import ImportRow
from app.clients.models import Organisation
from app.copying import plans
from app.copying import service as copying
from app.db import Database
from app.desk import service as desk
from app.errors import InvalidError
from app.playbooks import queries as playbooks
from app.questionnaires import loading, queries
from app.waves import labels
from app.waves import queries as waves
from app.waves import service as running
from app.waves.policy import Policy
from app.workflows import queries as inventory
from app.workflows import service as workflows
from app.workflows.facts import Facts
from app.workflows.service import Author, Wanted
from scoring.gating import GATES
from tests.cast import DEPARTMENTS, ORGANISATION, Cast, sign_in
from tests.clients.looks import COLOUR, dress
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action
from tests.questionnaires.test_authoring import Author as Writer
from tests.world import World

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

NAME = "Moorland Ceramics (fictional)"
ALL = {"departments": "yes", "headcounts": "yes", "waves": "yes", "look": "yes"}
KINDS_OF_ROWS = {
    "act",
    "assessment",
    "autonomy_policy",
    "client_logo",
    "department",
    "department_change",
    "instrument",
    "instrument_version",
    "job",
    "membership",
    "own_action",
    "own_action_version",
    "wave",
    "workflow",
    "workflow_version",
}


def address(cast: Cast) -> str:
    return f"/organisations/{cast.organisation}/copy"


def form(client: "TestClient", cast: Cast) -> str:
    found = re.search(r'name="form" value="([^"]+)"', client.get(address(cast)).text)
    assert found is not None
    return found[1]


def send(client: "TestClient", cast: Cast, **ticked: str) -> "Response":
    return client.post(address(cast), data={"form": form(client, cast), "name": NAME, **ticked})


def copied(client: "TestClient", cast: Cast, **ticked: str) -> UUID:
    answer = send(client, cast, **ticked)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].rsplit("/", 1)[1])


def furnish(database: Database, cast: Cast, clock: Clock) -> None:
    """Gives the cast's client something of everything that is set up."""
    place, author = cast.organisation, Author(name="Ada", way="console", now=clock())
    known = Facts(
        owner="Kim Sample", systems=("Ledger",), times=40, data=("personal",), legal={"payment_release": True}
    )
    with database.writing() as session:
        row = session.get_one(Organisation, place)
        row.year_starts, row.languages = 4, ["de", "fr"]
        service.name_pool(
            session, place, name="Legal and Ethics", members=[cast.departments[one] for one in ("Legal", "Ethics")]
        )
        made = [
            workflows.add(
                session,
                place,
                Wanted(department_id=cast.departments["Finance"], name=name, facts=known, rated=rated),
                author=author,
            )
            for name, rated in (("Invoice checking", True), ("Dunning", False), ("Filing", False))
        ]
        workflows.retire(session, place, made[-1], author=author)
        policy = replace(GATES, least_rate=55)
        autonomy.adopt(
            session, policy, organisation_id=place, after=0, reason="As Kim asked.", user_id=cast.ada, now=clock()
        )
    own_action(database, place, clock())
    own_action(database, place, clock(), "Begun and not in use", used=False)
    dress(database, cast, clock())


def tables_with(database: Database, organisation_id: UUID) -> Iterator[str]:
    """The tables in which there is something of a client."""
    with database.reading() as session:
        for name, table in SQLModel.metadata.tables.items():
            if "organisation_id" in table.columns:
                rows = select(func.count()).where(table.c.organisation_id == organisation_id)
                if session.connection().scalar(rows):
                    yield name


@pytest.mark.both
@pytest.mark.lived_in
def test_the_set_up_goes_along_and_nothing_of_people_answers_and_results(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    furnish(database, cast, clock)
    writer = Writer(client, cast)
    writer.publish("1.0.0")
    page = unescape(client.get(address(cast)).text)
    for told in (
        "10 departments",
        "Readiness: 2026-Q4",
        "One questionnaire of its own",
        "2 actions of its own",
        "thresholds for autonomy",
    ):
        assert told in page
    made = copied(client, cast, **ALL)
    assert set(tables_with(database, made)) == KINDS_OF_ROWS
    with database.reading() as session:
        actions = playbooks.own_actions(session, made)
        assert [(one.code, one.state, bool(one.draft)) for one in actions] == [
            ("OWN-R3-begun-and-not-in-use", "draft", True),
            (OWN_CODE, "in_use", False),
        ]
        there, new = (clients.departments(session, one) for one in (cast.organisation, made))
        assert [(one.name, one.function, one.headcount, one.depth, one.pool, one.site) for one in new] == [
            (one.name, one.function, one.headcount, one.depth, one.pool, one.site) for one in there
        ]
        assert {one.id for one in new}.isdisjoint(one.id for one in there)
        profile = clients.profile(session, made)
        assert (profile.name, profile.time_zone, profile.year_starts) == (NAME, "Europe/Berlin", 4)
        assert (profile.languages, profile.colour) == (("de", "fr"), COLOUR)
        assert brand.brand(session, made).logo == brand.brand(session, cast.organisation).logo
        assert [one.user.id for one in accounts.everybody(session, made)] == [cast.ada]
        [policy] = thresholds.policies(session, made)
        assert (policy.number, policy.policy.least_rate) == (1, 55)
        assert "Kim" not in policy.reason
        [own] = queries.instruments(session, made)
        assert (own.key, own.newest) == (writer_key(database, cast), "1.0.0")
        of_source, of_made = (loading.newest(session, one, own.key).sha256 for one in (cast.organisation, made))
        assert of_source == of_made


def writer_key(database: Database, cast: Cast) -> str:
    with database.reading() as session:
        return queries.instruments(session, cast.organisation)[0].key


def test_workflows_come_without_what_somebody_said_of_this_client(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    furnish(database, cast, clock)
    sign_in(client, "Ada")
    made = copied(client, cast, departments="yes")
    with database.reading() as session:
        finance = next(one.id for one in clients.departments(session, made) if one.name == "Finance")
        found = {one.name: one for one in inventory.inventory(session, made)}
    assert set(found) == {"Invoice checking", "Dunning"}
    assert {one.department_id for one in found.values()} == {finance}
    assert [found[name].rated for name in ("Invoice checking", "Dunning")] == [True, False]
    assert found["Dunning"].facts == Facts(data=("personal",), legal={"payment_release": True})
    with database.writing() as session:
        wanted = Wanted(department_id=finance, name="Closing the books")
        workflows.add(session, made, wanted, author=Author(name="Ada", way="console", now=clock()))


def test_without_headcounts_departments_begin_with_nobody_and_the_wave_says_so(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    plan(database, cast, clock, "2026-Q4")
    sign_in(client, "Ada")
    made = copied(client, cast, departments="yes", waves="yes")
    with database.reading() as session:
        assert [one.total_headcount for one in clients.departments(session, made)] == [0] * len(DEPARTMENTS)
        [wave] = waves.waves(session, made)
    page = client.get(f"/organisations/{made}/waves/{wave.id}").text
    assert "no headcount" in page


def plan(database: Database, cast: Cast, clock: Clock, *names: str, policy: Policy | None = None) -> UUID:
    """Plans an assessment with a draft for each of these labels; gives the first."""
    first, *others = names
    with database.writing() as session:
        wave = running.plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Agents at work",
            instrument="atr",
            label=first,
            form="pulse",
            planned_close=None,
            now=clock(),
            policy=policy or Policy(),
        )
        assessment = waves.wave(session, cast.organisation, wave).assessment_id
        for label in others:
            running.follow(session, cast.organisation, assessment, form="pulse", label=label, now=clock())
    return wave


def test_the_plan_comes_as_drafts_without_dates_the_first_in_full_under_the_same_promise(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    promised = Policy(mode="anonymous", k_means=7, comments=True, retention_months=6)
    plan(database, cast, clock, "2026-Q4", "2027-Q1", "Spring check", policy=promised)
    sign_in(client, "Ada")
    made = copied(client, cast, waves="yes")
    with database.reading() as session:
        found = sorted(waves.waves(session, made), key=lambda one: one.number)
        assert clients.departments(session, made) == ()
    assert [(one.label, one.form) for one in found] == [
        ("2026-Q4", "full"),
        ("2027-Q1", "pulse"),
        ("Spring check", "pulse"),
    ]
    assert {(one.state, one.opens_at, one.ends_at, one.assessment_name) for one in found} == {
        ("draft", None, None, "Agents at work")
    }
    assert {one.policy for one in found} == {promised}


def test_quarters_that_are_over_become_those_that_come(database: Database, cast: Cast, clock: Clock) -> None:
    plan(database, cast, clock, "2026-Q1", "2026-Q4", "Spring check")
    with database.reading() as session:
        day = labels.today(clock(), "Europe/Berlin")
        [found] = plans.plans(waves.waves(session, cast.organisation), day)
    assert labels.quarter(day) == "2026-Q4"
    assert found.labels == ("2026-Q4", "2027-Q1", "Spring check")


@pytest.mark.lived_in
def test_nothing_goes_along_that_is_not_ticked(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    dress(database, cast, clock())
    sign_in(client, "Ada")
    made = copied(client, cast)
    assert set(tables_with(database, made)) == {"act", "membership"}


def test_each_log_says_it_and_neither_client_names_the_other(client: "TestClient", cast: Cast) -> None:
    sign_in(client, "Ada")
    made = copied(client, cast, **ALL)
    new, old = (client.get(f"/organisations/{one}/log").text for one in (made, cast.organisation))
    assert "Began with the set-up of another client" in new
    assert ORGANISATION not in new
    assert "Copied the set-up to a new client" in old
    assert NAME not in old


def test_a_form_that_is_sent_twice_makes_one_client(client: "TestClient", database: Database, cast: Cast) -> None:
    sign_in(client, "Ada")
    data = {"form": form(client, cast), "name": NAME, **ALL}
    first, second = (client.post(address(cast), data=data) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    with database.reading() as session:
        assert len(clients.departments(session, UUID(data["form"]))) == len(DEPARTMENTS)


def test_what_was_ticked_is_kept_where_the_name_will_not_do(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    wanted = form(client, cast)
    answer = client.post(address(cast), data={"form": wanted, "name": " ", "headcounts": "yes"})
    assert answer.status_code == 422
    assert 'name="headcounts" value="yes" checked' in answer.text
    assert 'name="departments" value="yes">' in answer.text
    assert wanted in answer.text
    taken = client.post(address(cast), data={"form": str(cast.other), "name": NAME})
    assert taken.status_code == 409
    assert "This form has been used" in taken.text
    with database.reading() as session:
        assert accounts.role(session, user_id=cast.ada, organisation_id=UUID(wanted)) is None


def test_what_cannot_be_copied_is_said_in_full_and_leaves_no_half_of_a_client(
    client: "TestClient", database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise InvalidError("Both", fields={"file": "It is unreadable.", "reason": "It is too long."})

    monkeypatch.setattr(copying, "_take_thresholds", refuse)
    sign_in(client, "Ada")
    wanted = form(client, cast)
    answer = client.post(address(cast), data={"form": wanted, "name": NAME, **ALL})
    assert answer.status_code == 422
    assert "It is unreadable. It is too long." in answer.text
    assert NAME in answer.text
    assert list(tables_with(database, UUID(wanted))) == []
    with database.reading() as session:
        assert session.get(Organisation, UUID(wanted)) is None


def test_a_consultant_owns_the_copy_and_an_archived_client_can_be_copied(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        people.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    sign_in(client, "Cleo")
    made = copied(client, cast, departments="yes")
    with database.reading() as session:
        assert accounts.role(session, user_id=cast.cleo, organisation_id=made) == "owner"
        assert not accounts.is_archived(session, made)
        assert accounts.role(session, user_id=cast.ada, organisation_id=made) is None


def test_departments_are_copied_with_a_number_of_statements_that_does_not_grow(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, statements: list[str]
) -> None:
    counts = []
    for many in (20, 400):
        source, made = uuid4(), uuid4()
        with database.writing() as session:
            for id in (source, made):
                service.create_organisation(
                    session, name=str(id), time_zone="Europe/Berlin", user_id=cast.ada, now=clock(), organisation_id=id
                )
            rows = [ImportRow(number, f"Department {number}", "", "other", 5) for number in range(1, many + 1)]
            import_departments(session, source, rows, now=clock())
        statements.clear()
        with database.writing() as session:
            alike.take_departments(session, made, of=source, headcounts=True, now=clock())
        counts.append(len(statements))
    assert counts[0] == counts[1]
