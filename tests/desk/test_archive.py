"""A client that is archived is read and not changed, nothing of it happens by itself, and it comes back."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from app.accounts import queries as accounts
from app.accounts import service as people
from app.clients import changes
from app.desk import service
from app.jobs import queries as jobs
from app.lineage import queries as lineage
from app.lineage.snapshots import Wanted
from app.mail import queries as mail
from app.mail import service as mails
from app.main import routes_of
from app.waves import queries as waves
from app.waves import running, schedule
from app.waves.schedule import Dates
from app.waves.service import plan_assessment
from app.web.access import access_of, works_archived
from app.worker import Worker
from tests.cast import sign_in
from tests.share.stage import share
from tests.share.test_staff import publish, seen_on
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


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("consultant", "sponsor", 303),
        ("consultant", "consultant", 303),
        ("sponsor", "lead", 303),
        ("sponsor", "consultant", 409),
        ("lead", "sponsor", 409),
        ("sponsor", "reviewer", 409),
        ("consultant", "owner", 409),
    ],
)
def test_access_is_made_less_and_not_more(ada, cast, database, clock, address, before, after, status):
    legal = cast.departments["Legal"]
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        people.add_member(session, **place, now=clock(), role=before, department_id=legal if before == "lead" else None)
    put_away(database, cast, clock)
    answer = ada.post(f"{address}/access/{cast.cleo}", data={"role": after, "department": str(legal)})
    assert answer.status_code == status
    assert ("access can be taken away or made less" in answer.text) == (status == 409)
    with database.reading() as session:
        found = accounts.role(session, user_id=cast.cleo, organisation_id=cast.organisation)
    assert found == (after if status == 303 else before)


def test_a_lead_gets_no_other_department_and_nobody_a_mail(ada, cast, database, clock, address):
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        people.add_member(session, **place, now=clock(), role="lead", department_id=cast.departments["Legal"])
    put_away(database, cast, clock)
    other = {"role": "lead", "department": str(cast.departments["HR"])}
    assert ada.post(f"{address}/access/{cast.cleo}", data=other).status_code == 409
    assert ada.post(f"{address}/access/{cast.cleo}", data={"do": "again"}).status_code == 409


@pytest.mark.lived_in
def test_sharing_and_the_page_for_all_staff_end_and_do_not_begin(ada, cast, database, clock, lived_in, address):
    wave = f"{address}/waves/{lived_in.closed}"
    share(database, cast, lived_in, clock)
    told = publish(ada, f"{wave}/share/staff")
    with database.writing() as session:
        running.cancel(
            session, organisation_id=cast.organisation, wave_id=lived_in.running, reason="It rests.", now=clock()
        )
    put_away(database, cast, clock)
    words = {"seen": seen_on(ada, f"{wave}/share/staff"), "language": "en", "words-1": "We stop."}
    assert ada.post(f"{wave}/share/staff", data=words).status_code == 409
    assert ada.get(told).status_code == 200
    assert ada.post(f"{wave}/share/staff", data={"do": "take_back"}).status_code == 303
    assert ada.get(told).status_code == 404
    assert ada.post(f"{wave}/share", data={"do": "stop"}).status_code == 303
    assert ada.get(f"{address}/results/{lived_in.closed}").status_code == 404
    assert ada.post(f"{wave}/share", data={}).status_code == 409
    assert ada.get(f"{address}/results/{lived_in.closed}").status_code == 404


@pytest.mark.both
@pytest.mark.lived_in
def test_mails_that_are_all_behind_are_not_overdue_when_it_is_back(ada, cast, database, clock, lived_in, address):
    place = {"organisation_id": cast.organisation, "wave_id": lived_in.closed}
    with database.writing() as session:
        running.cancel(
            session, organisation_id=cast.organisation, wave_id=lived_in.running, reason="It rests.", now=clock()
        )
        fresh = mails.plan_of(session, waves.wave(session, **place), now=clock())
        days = {"invitation": "2026-07-06", "reminder-1": "2026-07-10"}
        kept = asdict(replace(fresh, state="on", days=days, thanks=False))
        mail.keep_plan(session, kept)
        mail.begin_round(session, **place, kind="invitation", number=1, rows=())
    assert "The mails of 2026-Q3" not in ada.get(f"{address}/archive").text
    put_away(database, cast, clock)
    answer = ada.post(f"{address}/archive", data={"do": "back"}, follow_redirects=True)
    assert "The mails of 2026-Q3" not in answer.text
    with database.writing() as session:
        mail.change_plan(session, **place, days=days | {"results": "2026-12-01"})
    assert "The mails of 2026-Q3" in ada.get(f"{address}/archive").text


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
