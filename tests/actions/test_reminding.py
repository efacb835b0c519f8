"""Reminders to those who do something by a day, through a real mail server, and handing over what somebody did."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.actions import queries, reminding, service, timing
from app.actions.facts import Facts
from app.actions.queries import Planned
from app.db import Database
from app.desk import service as desk
from app.errors import NotFoundError
from app.jobs import queries as asked
from app.jobs import service as jobs
from app.playbooks.shelf import library
from app.worker import HANDLERS, Worker
from tests.actions.stage import by, facts, one, page, taken, taken_of_library
from tests.cast import Cast, sign_in
from tests.conftest import Clock, recorded
from tests.mail.office import Office, opened, settings_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

# Any: fields of different types.
DANA: dict[str, Any] = {"owner": "Dana Doe (fictional)", "mail": "dana@example.org"}
OTHERWISE: tuple[dict[str, Any], ...] = ({"mail": ""}, {"status": "done"}, {"status": "dropped"})


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as made:
        yield made


def worker(database: Database, clock: Clock, office: Office, folder: Path) -> Worker:
    handlers = {**HANDLERS, **reminding.reminding(settings_of(office.port, folder))}
    return Worker(database, clock=clock, handlers=handlers)


def work(hand: Worker) -> None:
    while hand.work_once():
        pass


def danas(one: Planned) -> bool:
    return one.facts.mail == "dana@example.org"


def text_of(mail: object) -> str:
    return mail.get_content()  # type: ignore[attr-defined,no-any-return]  # a mail that was read


def test_the_next_moment_is_eight_in_the_morning_there_and_none_without_an_address() -> None:
    due = date(2026, 10, 26)  # the day after the clocks are set back in Berlin
    said = Facts(department_id=uuid4(), title="x", due=due, moves=("T1",), **DANA)
    found, now = [], datetime(2026, 10, 1, tzinfo=UTC)
    while (moment := timing.next_moment(said, "Europe/Berlin", now)) is not None:
        found.append(moment.astimezone(UTC).isoformat()[:16])
        now = moment
    assert found == ["2026-10-19T06:00", "2026-10-26T07:00", "2026-11-02T07:00"]
    for other in OTHERWISE:
        assert timing.next_moment(replace(said, **other), "Europe/Berlin", datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.both
def test_whoever_does_it_is_reminded_before_on_and_after_the_day_in_their_language(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    made = taken_of_library(database, cast, clock(), "R3-low-permitted-uses", language="de", **DANA)
    due = one(database, cast, made).facts.due
    hand = worker(database, clock, office, tmp_path)
    work(hand)
    assert office.taken == []
    for days, told in ((13, "in 7 Tagen"), (20, "heute fällig"), (27, "noch nicht erledigt")):
        clock.now = datetime(2026, 10, 5, 10, tzinfo=UTC) + timedelta(days=days)
        work(hand)
        work(hand)
        assert told in text_of(office.taken[-1]), days
    assert office.to() == ["dana@example.org"] * 3
    action = library().by_id["R3-low-permitted-uses"]
    assert action.title.words["de"] in str(office.taken[0]["Subject"])
    assert action.steps[0].words["de"] in " ".join(text_of(office.taken[0]).split())
    assert len({mail["Message-ID"] for mail in office.taken}) == 3
    clock.advance(days=100)
    work(hand)
    assert len(office.taken) == 3, f"nobody is reminded for ever of {due}"


@pytest.mark.both
def test_two_workers_send_a_reminder_once(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    for number in range(3):
        taken(database, cast, clock(), f"Number {number}", **DANA)
    clock.advance(days=13, hours=2)
    hands = [worker(database, clock, office, tmp_path) for _ in range(2)]
    threads = [Thread(target=work, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(mail["Subject"]).partition(": ")[2] for mail in office.taken) == [f"Number {n}" for n in range(3)]


def test_what_is_done_moved_or_of_an_archived_client_is_reminded_of_as_it_stands(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    start = clock()
    done, later = taken(database, cast, start, "Soon done", **DANA), taken(database, cast, start, "Later", **DANA)
    changes = {
        done: facts(cast, start, "Soon done", status="done", evidence="The page", **DANA),
        later: facts(cast, start, "Later", due=date(2026, 12, 1), **DANA),
    }
    with database.writing() as session:
        for id, wanted in changes.items():
            service.change(session, cast.organisation, id, wanted, author=by(start), seen=1)
    hand = worker(database, clock, office, tmp_path)
    clock.advance(days=30)
    work(hand)
    assert office.taken == []
    with database.writing() as session:
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    clock.now = datetime(2026, 12, 1, 10, tzinfo=UTC)
    work(hand)
    assert office.taken == []


def test_an_address_that_is_refused_is_named_and_everything_is_handed_over_at_once(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    office.answers["dana@example.org"] = "550 5.1.1 no such mailbox"
    first, second = taken(database, cast, clock(), "One", **DANA), taken(database, cast, clock(), "Two", **DANA)
    clock.advance(days=13, hours=2)
    work(worker(database, clock, office, tmp_path))
    sign_in(client, "Ada")
    told = unescape(client.get(page(cast, "owners")).text)
    assert "A mail to Dana Doe (fictional) was refused: 550 5.1.1 no such mailbox." in told
    assert "No mail server is set for this service" in told
    who = {"who": "dana@example.org"}
    wrong = client.post(page(cast, "owners"), data={**who, "owner": "Eve Example", "mail": "eve at home"})
    assert wrong.status_code == 422
    assert 'value="eve at home"' in wrong.text
    assert client.post(page(cast, "owners"), data=who).status_code == 422
    assert client.post(page(cast, "owners"), data={"who": "nobody"}).status_code == 404
    given = {**who, "owner": "Eve Example", "mail": "eve@example.org"}
    assert client.post(page(cast, "owners"), data=given).status_code == 303
    for id in (first, second):
        assert (one(database, cast, id).facts.owner, one(database, cast, id).refused) == ("Eve Example", "")
    assert "refused" not in client.get(page(cast)).text


def test_of_somebody_who_has_left_nothing_stays_in_any_version(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    first = taken(database, cast, clock(), "One", owner=DANA["owner"])
    second = taken(database, cast, clock(), "Two", **DANA)
    third = taken(database, cast, clock(), "Three", owner="Eve Example", mail="eve@example.org")
    ended = taken(database, cast, clock(), "Four", **DANA)
    with database.writing() as session:
        author = by(clock())
        place = (session, cast.organisation)
        service.change(*place, first, facts(cast, clock(), "One", **DANA), author=author, seen=1)
        done = facts(cast, clock(), "Four", status="done", evidence="It is there.", **DANA)
        service.change(*place, ended, done, author=author, seen=1)
    sign_in(client, "Ada")
    given = {"who": "dana@example.org", "owner": "Finn Example", "mail": "finn@example.org"}
    refused = client.post(page(cast, "owners"), data={**given, "owner": "", "left": "yes"})
    assert refused.status_code == 422
    assert 'name="left" value="yes" checked' in refused.text
    assert client.post(page(cast, "owners"), data={**given, "left": "yes"}).status_code == 303
    with database.reading() as session:
        every = queries.versions(session, cast.organisation)
    assert {one.facts.owner for one in every if one.id != third} == {"", "Finn Example"}
    assert {one.facts.mail for one in every} == {"", "finn@example.org", "eve@example.org"}
    assert [one.facts.owner for one in every if one.id == third] == ["Eve Example"]
    assert {one.facts.owner for one in every if one.id == second} == {"", "Finn Example"}
    done_one = one(database, cast, ended).facts
    assert (done_one.status, done_one.owner, done_one.evidence) == ("done", "", "It is there.")


def test_who_hands_over_for_a_time_stays_in_what_was_saved_before(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    taken(database, cast, clock(), "One", **DANA)
    sign_in(client, "Ada")
    given = {"who": "dana@example.org", "owner": "Finn Example", "mail": "finn@example.org"}
    assert "plan records stay as they were saved, with the names in them" in client.get(page(cast, "owners")).text
    assert client.post(page(cast, "owners"), data=given).status_code == 303
    with database.reading() as session:
        found = [each.facts.owner for each in queries.versions(session, cast.organisation)]
    assert found == [DANA["owner"], "Finn Example"]


def test_a_change_on_the_morning_of_a_mail_does_not_lose_it_and_one_that_was_sent_comes_once(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    made = taken(database, cast, clock(), **DANA)
    start = facts(cast, clock(), **DANA)
    hand = worker(database, clock, office, tmp_path)
    clock.now = datetime(2026, 10, 18, 6, 1, tzinfo=UTC)  # a minute after eight in Berlin; no worker has looked yet

    def change(**said: object) -> None:
        with database.writing() as session:
            wanted = replace(start, **said)  # type: ignore[arg-type]  # fields by name
            service.change(session, cast.organisation, made, wanted, author=by(clock()), seen=None)

    change(hours=12)
    work(hand)
    assert office.to() == ["dana@example.org"]
    change(hours=16)
    work(hand)
    assert len(office.taken) == 1
    clock.now = datetime(2026, 10, 25, 7, 1, tzinfo=UTC)
    change(due=date(2026, 12, 1))
    work(hand)
    assert len(office.taken) == 1, "the day was put off before the mail went out"


def test_a_reminder_that_is_put_off_is_not_lost_by_a_change(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    made = taken(database, cast, clock(), **DANA)
    start = facts(cast, clock(), **DANA)
    hand = worker(database, clock, office, tmp_path)
    office.answers["dana@example.org"] = "451 try again later"
    clock.now = datetime(2026, 10, 18, 6, 1, tzinfo=UTC)
    work(hand)
    with database.writing() as session:
        service.change(session, cast.organisation, made, replace(start, hours=12), author=by(clock()), seen=None)
    del office.answers["dana@example.org"]
    clock.advance(minutes=10)
    work(hand)
    assert office.to()[-1:] == ["dana@example.org"]


def test_a_mail_whose_workers_ended_in_the_middle_costs_that_mail_and_no_later_one(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    made = taken(database, cast, clock(), **DANA)
    clock.now = datetime(2026, 10, 18, 10, tzinfo=UTC)
    for _ in range(jobs.MAX_ATTEMPTS):  # each takes the job and dies
        with database.writing() as session:
            assert jobs.take(session, worker="one that dies", now=clock()) is not None
        clock.advance(minutes=30)
    hand = worker(database, clock, office, tmp_path)
    work(hand)
    with database.reading() as session:
        [given_up] = asked.failed(session, kinds=(timing.REMIND,))
    assert given_up.subject_id == made
    hand.sweep_once()
    clock.now = datetime(2026, 10, 25, 10, tzinfo=UTC)
    work(hand)
    assert office.to() == ["dana@example.org"]
    with database.reading() as session:
        assert asked.failed(session, kinds=(timing.REMIND,)) == ()


def test_a_server_that_is_busy_is_tried_again(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    office.answers["dana@example.org"] = "450 later please"
    taken(database, cast, clock(), **DANA)
    clock.advance(days=13, hours=2)
    hand = worker(database, clock, office, tmp_path)
    work(hand)
    assert office.taken == []
    office.answers.clear()
    clock.advance(minutes=5)
    work(hand)
    assert office.to() == ["dana@example.org"]


@pytest.mark.both
def test_everything_is_handed_over_in_a_few_statements_and_nothing_that_is_somebody_elses_meanwhile(
    database: Database, cast: Cast, clock: Clock
) -> None:
    counts, to = [], service.Person("Eve Example", "eve@example.org")
    for many in (2, 12):
        for number in range(many):
            taken(database, cast, clock(), f"Number {number} of {many}", **DANA)
        with recorded(database) as statements, database.writing() as session:
            service.hand_over(session, cast.organisation, danas, to, author=by(clock()))
        counts.append(len(statements))
    assert counts[0] == counts[1] < 12
    lost = taken(database, cast, clock(), "Already Kim's", owner="Kim", mail="kim@example.org")
    with database.writing() as session, pytest.raises(NotFoundError):
        service.hand_over(session, cast.organisation, danas, to, author=by(clock()))
    assert (one(database, cast, lost).facts.owner, one(database, cast, lost).version) == ("Kim", 1)


@pytest.mark.both
@pytest.mark.parametrize("away", [False, True], ids=["greylisted", "nothing answers"])
def test_a_mail_that_is_put_off_for_hours_goes_out_once_and_later_ones_still_come(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path, away: bool
) -> None:
    office.answers["dana@example.org"] = "450 4.7.1 greylisted"
    taken(database, cast, clock(), **DANA)
    clock.now = datetime(2026, 10, 18, 10, tzinfo=UTC)
    hand = worker(database, clock, office, tmp_path)
    troubled = worker(database, clock, replace(office, port=9), tmp_path) if away else hand
    for _ in range(24):
        work(troubled)
        clock.advance(minutes=10)
    assert office.taken == []
    office.answers.clear()
    for _ in range(2):
        work(hand)
        clock.advance(minutes=10)
    assert len(office.taken) == 1
    for days, count in ((25, 2), (32, 3), (60, 3)):
        clock.now = datetime(2026, 10, 1, 10, tzinfo=UTC) + timedelta(days=days - 1)
        work(hand)
        clock.advance(hours=1)
        work(hand)
        assert len(office.taken) == count, days
    assert len({mail["Message-ID"] for mail in office.taken}) == 3


def test_a_mail_that_is_put_off_for_days_is_given_up_and_the_next_one_comes(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    office.answers["dana@example.org"] = "450 4.7.1 greylisted"
    taken(database, cast, clock(), **DANA)
    hand = worker(database, clock, office, tmp_path)
    for hours in (10, 58, 82, 106):  # from the eighteenth on
        clock.now = datetime(2026, 10, 18, tzinfo=UTC) + timedelta(hours=hours)
        work(hand)
    office.answers.clear()
    clock.advance(hours=10)
    work(hand)
    assert office.taken == [], "it is given up after three days"
    clock.now = datetime(2026, 10, 25, 10, tzinfo=UTC)
    work(hand)
    assert office.to() == ["dana@example.org"]


def test_a_fault_of_ours_costs_one_mail_and_not_those_after_it(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ValueError

    taken(database, cast, clock(), **DANA)
    hand = worker(database, clock, office, tmp_path)
    clock.now = datetime(2026, 10, 18, 10, tzinfo=UTC)
    with monkeypatch.context() as patched:
        patched.setattr(reminding, "letter", fault)
        for _ in range(6):
            work(hand)
            clock.advance(minutes=2)
    assert office.taken == []
    clock.now = datetime(2026, 10, 25, 10, tzinfo=UTC)
    work(hand)
    assert office.to() == ["dana@example.org"]


def test_without_a_mail_server_the_moments_pass_and_nothing_fails(database: Database, cast: Cast, clock: Clock) -> None:
    taken(database, cast, clock(), **DANA)
    clock.advance(days=40)
    hand = Worker(database, clock=clock)
    work(hand)
    assert not hand.work_once()


def test_somebody_whose_actions_have_all_ended_is_listed_and_their_name_is_taken_out(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    ended = taken(database, cast, clock(), "Four", **DANA)
    with database.writing() as session:
        done = facts(cast, clock(), "Four", status="done", evidence="It is there.", **DANA)
        service.change(session, cast.organisation, ended, done, author=by(clock()), seen=1)
    sign_in(client, "Ada")
    told = unescape(client.get(page(cast, "owners")).text)
    assert "Nothing left to do" in told
    assert 'value="dana@example.org"' in told
    who = {"who": "dana@example.org"}
    assert client.post(page(cast, "owners"), data=who).status_code == 404
    assert client.post(page(cast, "owners"), data={**who, "left": "yes"}).status_code == 303
    with database.reading() as session:
        assert {each.facts.owner for each in queries.versions(session, cast.organisation)} == {""}
    assert DANA["owner"] not in unescape(client.get(page(cast, "owners")).text)
