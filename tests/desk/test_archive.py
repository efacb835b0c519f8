"""A client that is archived is read and not changed, nothing of it happens by itself, and it comes back."""

from datetime import timedelta

import pytest

from app.accounts import queries as accounts
from app.accounts import service as people
from app.clients import changes
from app.desk import service
from app.jobs import queries as jobs
from app.lineage import queries as lineage
from app.lineage.snapshots import Wanted
from app.main import routes_of
from app.waves import queries as waves
from app.waves import schedule
from app.waves.schedule import Dates
from app.waves.service import plan_assessment
from app.web.access import access_of, works_archived
from app.worker import Worker
from tests.cast import sign_in
from tests.world import plan_wave


@pytest.fixture
def address(cast):
    return f"/organisations/{cast.organisation}"


@pytest.fixture
def ada(client, cast):
    return sign_in(client, "Ada")


def put_away(database, cast, clock):
    with database.writing() as session:
        service.archive(session, cast.organisation, user_id=cast.ada, now=clock())


def planned(database, cast, clock, *, days=5):
    """A draft that opens by itself, and a department that closes, both in some days."""
    opens = clock() + timedelta(days=days)
    with database.writing() as session:
        wave = plan_assessment(
            session,
            organisation_id=cast.organisation,
            name="Readiness",
            instrument="atr",
            label="2026-Q4",
            form="full",
            planned_close=None,
            now=clock(),
        )
        dates = Dates(opens_at=opens, ends_at=opens + timedelta(days=14))
        place = {"organisation_id": cast.organisation, "wave_id": wave}
        schedule.change(session, **place, label="2026-Q4", form="full", dates=dates, now=clock())
        change = changes.ask(
            session,
            cast.organisation,
            kind="close",
            wanted=Wanted(departments=(cast.departments["Ethics"],)),
            day=opens.date(),
            user_id=cast.ada,
            now=clock(),
        )
    return wave, change


def work(database, clock):
    worker = Worker(database, clock=clock)
    while worker.work_once():
        pass


@pytest.mark.both
def test_it_leaves_the_list_and_comes_back(ada, cast, address):
    page = ada.get(f"{address}/archive").text
    assert "Nothing is deleted" in page
    answer = ada.post(f"{address}/archive", data={"do": "archive"}, follow_redirects=True)
    assert "The client is archived." in answer.text
    assert f'"{address}"' not in answer.text
    assert "1 archived client" in answer.text
    away = ada.get("/?show=archived").text
    assert f'"{address}"' in away
    assert "This client is archived" in ada.get(address).text
    assert ada.post(f"{address}/archive", data={"do": "back"}).status_code == 303
    assert f'"{address}"' in ada.get("/").text
    assert "This client is archived" not in ada.get(address).text
    log = ada.get(f"{address}/log").text
    assert "Archived the client" in log
    assert "Brought the client back" in log


def test_whatever_is_sent_to_it_is_refused_with_a_sentence(ada, application, cast, database, clock, address):
    put_away(database, cast, clock)
    refused = 0
    for route in routes_of(application):
        if "{organisation_id}" not in route.path or access_of(route) not in ("client", "owner", "reviewer"):
            continue
        if "POST" not in (route.methods or ()) or works_archived(route.endpoint):
            continue
        values = {name: cast.organisation for name in route.param_convertors} | {"figure": "x", "language": "de"}
        path = route.path.format_map({**values, "dimension_id": "T1", "item_id": "T1a", "kind": "invitation"})
        answer = ada.post(path, data={"name": "x"})
        assert answer.status_code == 409, path
        assert "This client is archived, so nothing was changed." in answer.text, path
        refused += 1
    assert refused > 30


def test_strangers_learn_nothing_of_it(client, cast, database, clock, address):
    put_away(database, cast, clock)
    sign_in(client, "Ben")
    assert client.get(f"{address}/archive").status_code == 404
    assert client.post(f"{address}/departments/add", data={"name": "x"}).status_code == 404


def test_only_owners_put_a_client_away(client, cast, database, clock, address):
    with database.writing() as session:
        people.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    sign_in(client, "Cleo")
    page = client.get(f"{address}/archive").text
    assert "An owner of the client can do it." in page
    assert client.post(f"{address}/archive", data={"do": "archive"}).status_code == 404


def test_access_can_still_be_taken_away(ada, cast, database, clock, address):
    with database.writing() as session:
        people.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    put_away(database, cast, clock)
    assert ada.post(f"{address}/access/{cast.cleo}", data={"do": "remove"}).status_code == 303
    with database.reading() as session:
        assert accounts.role(session, user_id=cast.cleo, organisation_id=cast.organisation) is None


@pytest.mark.both
def test_a_client_with_a_running_wave_is_not_archived(ada, cast, database, clock, address):
    plan_wave(database, cast, now=clock(), label="2026-Q3")
    page = ada.get(f"{address}/archive").text
    assert "2026-Q3 is not over yet" in page
    answer = ada.post(f"{address}/archive", data={"do": "archive"})
    assert answer.status_code == 409
    assert "Close it or cancel it first" in answer.text
    with database.reading() as session:
        assert not accounts.is_archived(session, cast.organisation)


@pytest.mark.both
def test_nothing_planned_of_it_happens_and_what_is_overdue_waits_for_a_person(ada, cast, database, clock, address):
    wave, change = planned(database, cast, clock)
    page = ada.get(f"{address}/archive").text
    assert "What is planned and would not happen" in page
    assert "2026-Q4 opens on" in page
    put_away(database, cast, clock)
    clock.now += timedelta(days=9)
    work(database, clock)
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, wave).state == "draft"
        assert [one.state for one in lineage.waiting(session, cast.organisation)] == ["planned"]
    sign_in(ada, "Ada")  # the sign-in of nine days ago has ended
    page = ada.get(f"{address}/archive").text
    assert "Overdue" in page
    answer = ada.post(f"{address}/archive", data={"do": "back"}, follow_redirects=True)
    assert "waits for you" in answer.text
    assert "2026-Q4" in answer.text
    work(database, clock)
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, wave).state == "draft"
        (held,) = lineage.waiting(session, cast.organisation)
        assert (held.id, held.state) == (change, "held")
    home = ada.get("/").text
    assert "2026-Q4 was to open on" in home
    assert "A planned change of departments was not done." in home


def test_what_is_planned_for_later_goes_on_when_it_is_back_in_time(cast, database, clock):
    wave, _ = planned(database, cast, clock)
    put_away(database, cast, clock)
    clock.now += timedelta(days=2)
    work(database, clock)
    with database.writing() as session:
        service.bring_back(session, cast.organisation, now=clock())
    clock.now += timedelta(days=4)
    work(database, clock)
    with database.reading() as session:
        assert waves.wave(session, cast.organisation, wave).state == "open"
        assert lineage.waiting(session, cast.organisation) == ()


def test_archiving_and_bringing_back_twice_is_once(cast, database, clock):
    for _ in range(2):
        put_away(database, cast, clock)
    for _ in range(2):
        with database.writing() as session:
            service.bring_back(session, cast.organisation, now=clock())
    with database.reading() as session:
        assert not accounts.is_archived(session, cast.organisation)
        assert jobs.failed(session, kinds=("open", "departments")) == ()
