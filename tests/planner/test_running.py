"""What a person does to a wave before it closes: time, a pause, the opening taken back, an end without result."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db import Database
from app.errors import ConflictError
from app.invitations import service as invitations
from app.invitations.queries import Link, links
from app.invitations.service import make_links_of, make_personal_links, reissue, revoke
from app.people import service as people
from app.planner import undoing
from app.retention import pages as deletion
from app.rosters import queries as rosters
from app.waves import queries as waves
from app.waves import running, service
from app.worker import HANDLERS, Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.mail.office import LIST
from tests.waves.stage import opened, planned
from tests.world import KEY, answer, begin


@pytest.fixture
def wave(database: Database, cast: Cast, clock: Clock) -> UUID:
    return opened(database, cast, clock())


@pytest.fixture
def address(cast: Cast, wave: UUID) -> str:
    return f"/organisations/{cast.organisation}/waves/{wave}"


def state(database: Database, cast: Cast, wave: UUID) -> waves.WaveView:
    with database.reading() as session:
        return waves.wave(session, cast.organisation, wave)


def work(database: Database, clock: Clock) -> None:
    worker = Worker(database, clock=clock)
    while worker.work_once():
        pass


def count(database: Database, table: str) -> int:
    with database.read.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def link_of(database: Database, cast: Cast, wave: UUID, now: datetime) -> str:
    with database.writing() as session:
        make_personal_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=wave,
            department_id=cast.departments["Legal"],
            references=["p-1"],
            now=now,
        )
    with database.reading() as session:
        made = links(session, link_key=KEY, organisation_id=cast.organisation, wave_id=wave, base_url="")
    return next(one.url for one in made if one.reference == "p-1")


def test_a_wave_that_is_given_more_time_closes_at_the_new_time_and_once(
    client, database, cast, clock, wave, address
) -> None:
    sign_in(client, "Ada")
    sent = {"do": "end", "closes": "2026-10-09", "closes_time": "18:00"}
    assert client.post(f"{address}/run", data=sent).status_code == 303
    assert "closes by itself on 9 October 2026, 18:00" in client.get(address).text
    assert client.post(f"{address}/run", data=sent | {"closes": "2026-10-16"}).status_code == 303
    clock.now = datetime(2026, 10, 9, 16, 1, tzinfo=UTC)
    work(database, clock)
    assert state(database, cast, wave).state == "open"
    clock.now = datetime(2026, 10, 16, 16, 1, tzinfo=UTC)
    work(database, clock)
    assert state(database, cast, wave).finished


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "end", "closes": "2026-10-01", "closes_time": "18:00"}, "This lies in the past."),
        ({"do": "end", "closes": "2027-03-28", "closes_time": "02:30"}, "There is no 02:30 on 28 March 2027"),
        ({"do": "end", "closes": "2062-10-09", "closes_time": "18:00"}, "This is more than a year and a half away."),
        ({"do": "pause", "until": "2026-10-01", "until_time": "09:00"}, "This lies in the past."),
        ({"do": "target", "target": "120"}, "Give a whole number from 1 to 100"),
        ({"do": "target", "target": "1e1"}, "Give a whole number from 1 to 100"),
        ({"do": "target", "target": "0050000"}, "Give a whole number from 1 to 100"),
        ({"do": "cancel", "reason": " "}, "Say why in at most 300 characters"),
        ({"do": "dance"}, "It is not clear what to do."),
    ],
)
def test_what_cannot_be_done_gets_a_sentence_and_changes_nothing(
    client, database, cast, wave, address, sent, sentence
) -> None:
    before = state(database, cast, wave)
    answer = sign_in(client, "Ada").post(f"{address}/run", data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert state(database, cast, wave) == before


def test_a_pause_is_said_at_the_link_and_ends_by_itself(client, database, cast, clock, wave, address) -> None:
    link = link_of(database, cast, wave, clock())
    sign_in(client, "Ada")
    sent = {"do": "pause", "until": "2026-10-07", "until_time": "09:00"}
    assert client.post(f"{address}/run", data=sent).status_code == 303
    assert state(database, cast, wave).state == "paused"
    assert "2026-Q4 is paused" in client.get(address).text
    told = client.get(link, headers={"Accept-Language": "en"})
    assert told.status_code == 409
    assert "paused until 7 October 2026, 09:00" in told.text
    assert client.get(f"{address}/links").status_code == 200
    clock.now = datetime(2026, 10, 8, 7, 1, tzinfo=UTC)
    work(database, clock)
    work(database, clock)
    assert state(database, cast, wave).state == "open"
    assert client.get(link).status_code == 200


def test_a_paused_wave_counts_as_one_whose_links_need_their_key_and_is_named_before_its_client_is_deleted(
    client, database, cast, clock, wave, address
) -> None:
    sign_in(client, "Ada").post(f"{address}/run", data={"do": "pause"})
    with database.reading() as session:
        assert waves.any_open(session)
        assert deletion.client(session, cast.organisation).running == "2026-Q4"
    with database.writing() as session:
        running.cancel(session, organisation_id=cast.organisation, wave_id=wave, reason="Moved.", now=clock())
        assert not waves.any_open(session)
        assert deletion.client(session, cast.organisation).running == ""


def test_a_pause_without_an_end_lasts_until_somebody_ends_it(client, database, cast, clock, wave, address) -> None:
    link = link_of(database, cast, wave, clock())
    sign_in(client, "Ada")
    client.post(f"{address}/run", data={"do": "pause", "until": "", "until_time": "09:00"})
    assert "paused for the moment" in client.get(link, headers={"Accept-Language": "en"}).text
    assert "Let it go on" in client.get(f"{address}/run").text
    client.post(f"{address}/run", data={"do": "resume"})
    assert client.get(link).status_code == 200


def test_a_paused_wave_closes_at_its_time_all_the_same(client, database, cast, clock, wave, address) -> None:
    sign_in(client, "Ada")
    client.post(f"{address}/run", data={"do": "end", "closes": "2026-10-09", "closes_time": "18:00"})
    late = {"do": "pause", "until": "2026-10-10", "until_time": "09:00"}
    assert "The wave has closed by then." in client.post(f"{address}/run", data=late).text
    client.post(f"{address}/run", data={"do": "pause"})
    clock.now = datetime(2026, 10, 9, 16, 1, tzinfo=UTC)
    work(database, clock)
    assert state(database, cast, wave).finished


def test_an_opening_is_taken_back_while_no_answer_is_in_and_the_wave_can_open_again(
    client, database, cast, clock, wave, address
) -> None:
    begin(database, cast, wave, "Legal", now=clock())
    link = link_of(database, cast, wave, clock())
    sign_in(client, "Ada")
    assert client.post(f"{address}/run", data={"do": "undo"}).status_code == 303
    again = state(database, cast, wave)
    assert (again.state, again.opened_at, again.instrument_sha256, again.promise) == ("draft", None, None, None)
    assert [count(database, one) for one in ("draft", "invitation", "wave_department")] == [0, 0, 0]
    assert client.get(link).status_code == 404
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
    assert state(database, cast, wave).state == "open"


@pytest.mark.parametrize("withdraw", ["replaced", "taken back"])
def test_a_link_that_was_withdrawn_stays_so_when_the_opening_is_taken_back_and_the_wave_opens_again(
    client, database, cast, clock, wave, withdraw
) -> None:
    place = {"organisation_id": cast.organisation, "wave_id": wave}

    def given() -> dict[str | None, Link]:
        with database.reading() as session:
            return {one.reference: one for one in links(session, link_key=KEY, **place, base_url="")}

    with database.writing() as session:
        people.keep(session, **place, text=LIST, now=clock())
        people.take(session, link_key=KEY, **place, skip_bad=False, now=clock())
    [(who, first), (_, kept), *_] = given().items()
    with database.writing() as session:
        if withdraw == "replaced":
            reissue(session, link_key=KEY, **place, invitation_id=first.invitation_id)
        else:
            revoke(session, **place, invitation_id=first.invitation_id, now=clock())
    with database.writing() as session:
        undoing.take_back(session, **place, now=clock())
        service.open_wave(session, **place, now=clock())
    with database.writing() as session:
        listed = [(one.id, one.department_id, one.reference) for one in rosters.people(session, **place)]
        make_links_of(session, link_key=KEY, **place, people=listed, now=clock())
    assert client.get(first.url).status_code == 404
    assert [client.get(one.url).status_code for one in (given()[who], kept)] == [200, 200]


def test_whoever_saves_while_the_opening_is_taken_back_waits_for_it_and_neither_for_ever(
    database: Database, cast: Cast, wave: UUID, clock: Clock
) -> None:
    token = begin(database, cast, wave, "Legal", now=clock())
    place, met = {"organisation_id": cast.organisation, "wave_id": wave}, threading.Event()

    def take_back() -> None:
        met.wait()
        with database.writing() as session:
            undoing.take_back(session, **place, now=clock())

    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            found = invitations.find(session, token=token, lock=True)
            assert found is not None
            taken_back = other.submit(take_back)
            met.set()
            time.sleep(0.3)  # it waits for the invitation by now, and must not hold the wave meanwhile
            assert waves.is_open(session, **place)
        taken_back.result(timeout=30)
    assert state(database, cast, wave).state == "draft"


def test_an_opening_stays_once_somebody_has_answered(client, database, cast, clock, wave, address) -> None:
    answer(database, cast, wave, counts={"Legal": 1}, now=clock())
    sign_in(client, "Ada")
    assert "cannot be taken back any more" in client.get(f"{address}/run").text
    refused = client.post(f"{address}/run", data={"do": "undo"})
    assert refused.status_code == 409
    assert "Answers to 2026-Q4 are in" in refused.text
    assert count(database, "answer_sheet") == 1
    assert state(database, cast, wave).state == "open"


def test_a_cancelled_wave_releases_nothing_deletes_its_answers_and_says_so(
    client, database, cast, clock, wave, address
) -> None:
    answer(database, cast, wave, counts={"Operations": 12}, now=clock())
    begin(database, cast, wave, "Legal", now=clock())
    link = link_of(database, cast, wave, clock())
    clock.advance(days=1)
    sign_in(client, "Ada")
    reason = "The site closes <b>for good</b>."
    for _ in range(2):
        assert client.post(f"{address}/run", data={"do": "cancel", "reason": reason}).status_code == 303
    work(database, clock)
    assert [count(database, one) for one in ("answer_sheet", "release", "person")] == [0, 0, 0]
    assert count(database, "invitation WHERE reference IS NOT NULL") == 0
    assert count(database, "invitation WHERE spent") == 0, "who answered is gone with the answers"
    there = state(database, cast, wave)
    assert (there.state, there.deleted_at) == ("cancelled", clock())
    # Nothing is kept of when people answered, and nothing is told of how many only began.
    assert count(database, f"turnout WHERE day = '{clock().date()}'") == count(database, "turnout") == 1
    assert count(database, """deletion_record WHERE CAST(counts AS TEXT) LIKE '%"draft": 0%'""") == 1
    page = client.get(address).text
    assert "2026-Q4 was cancelled" in page
    assert "&lt;b&gt;for good&lt;/b&gt;" in page
    assert "Nothing of it is released." in page
    told = client.get(link, headers={"Accept-Language": "en"})
    assert told.status_code == 410
    assert "This survey was cancelled." in told.text
    assert "The wave was cancelled" in client.get("/deletions").text
    assert "2026-Q4 was cancelled." in client.get(f"/organisations/{cast.organisation}").text
    assert client.post(f"{address}/close", data={"grace": "0"}).status_code in (303, 409)
    assert state(database, cast, wave).state == "cancelled"


def test_a_link_that_was_taken_back_does_not_call_answers_safe_that_a_cancelled_wave_deletes(
    client, database, cast, clock, wave, address
) -> None:
    link = link_of(database, cast, wave, clock())
    place = {"organisation_id": cast.organisation, "wave_id": wave}
    with database.writing() as session:
        [made] = [one for one in links(session, link_key=KEY, **place, base_url="") if one.reference == "p-1"]
        revoke(session, **place, invitation_id=made.invitation_id, now=clock())
    assert "was taken back" in client.get(link, headers={"Accept-Language": "en"}).text
    sign_in(client, "Ada").post(f"{address}/run", data={"do": "cancel", "reason": "Too few people."})
    told = client.get(link, headers={"Accept-Language": "en"}).text
    assert "This survey was cancelled." in told
    assert "safe" not in told


def test_a_draft_that_is_cancelled_makes_room_for_the_next_wave(client, database, cast, clock, wave, address) -> None:
    with database.writing() as session:
        service.start_closing(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
    work(database, clock)
    made = client_next(client, address, "2027-Q1")
    draft = made.rsplit("/", 1)[1]
    assert client.post(f"{made}/run", data={"do": "cancel", "reason": "Skipped."}).status_code == 303
    assert state(database, cast, UUID(draft)).state == "cancelled"
    assert client_next(client, address, "2027-Q2") != made


def test_a_cancelled_wave_keeps_no_older_draft_from_opening(database, cast, clock) -> None:
    older = planned(database, cast, clock())
    assessment = state(database, cast, older).assessment_id
    place = {"organisation_id": cast.organisation}
    with database.writing() as session:
        later = service.follow(session, cast.organisation, assessment, form="pulse", label="2027-Q1", now=clock())
        service.open_wave(session, **place, wave_id=later, now=clock())
        running.cancel(session, **place, wave_id=later, reason="Opened by mistake.", now=clock())
        service.open_wave(session, **place, wave_id=older, now=clock())
        with pytest.raises(ConflictError, match="2027-Q1 was cancelled, so it cannot open any more"):
            service.open_wave(session, **place, wave_id=later, now=clock())
    assert state(database, cast, older).state == "open"


def test_a_wave_that_is_opened_twice_stays_as_it_is_also_paused(client, database, cast, wave, address) -> None:
    sign_in(client, "Ada").post(f"{address}/run", data={"do": "pause"})
    before = state(database, cast, wave)
    assert client.post(f"{address}/open").status_code == 303
    assert state(database, cast, wave) == before


def client_next(client, address: str, label: str) -> str:
    sign_in(client, "Ada")
    answer = client.post(f"{address}/next", data={"label": label, "form": "pulse"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_the_turnout_stands_against_its_target_with_whom_to_ask_for_help(
    client, database, cast, clock, wave, address
) -> None:
    sign_in(client, "Ada")
    client.post(f"{address}/run", data={"do": "target", "target": "60"})
    client.post(f"{address}/run", data={"do": "end", "closes": "2026-10-16", "closes_time": "18:00"})
    for _ in range(4):
        answer(database, cast, wave, counts={"Operations": 5, "IT": 2}, now=clock())
        clock.advance(days=1)
    page = sign_in(client, "Ada").get(address).text
    assert "35 more people have to answer to reach the target of 60 %." in page
    assert "By 16 October 2026 it will probably be" in page
    assert "Whom to ask for help" in page
    assert "Customer service: 0 %, 0 of 25" in page
    assert "Legal: " not in page, "eight people are too few to be counted alone"


def test_a_page_of_turnout_is_sent_again_only_when_it_says_something_else(
    client, database, cast, clock, wave, address
) -> None:
    sign_in(client, "Ada")
    first = client.get(address)
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    answer(database, cast, wave, counts={"Operations": 1}, now=clock())
    assert client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_a_wave_that_closes_today_can_be_closed_sooner(client, database, cast, clock, wave, address) -> None:
    sign_in(client, "Ada")
    day = clock().date().isoformat()
    client.post(f"{address}/run", data={"do": "end", "closes": day, "closes_time": "23:00"})
    assert 'name="grace"' in client.get(f"{address}/close").text
    for grace in ("15", "60"):
        assert client.post(f"{address}/close", data={"grace": grace}).status_code == 303
    assert state(database, cast, wave).ends_at == clock() + timedelta(minutes=15)
    clock.advance(minutes=16)
    work(database, clock)
    assert state(database, cast, wave).finished


@pytest.mark.parametrize("kind", ["close", "cancel"])
def test_what_a_wave_has_done_at_its_time_is_done_even_if_it_failed_for_long(
    client, database, cast, clock, wave, address, kind
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    sign_in(client, "Ada")
    if kind == "close":
        client.post(f"{address}/run", data={"do": "end", "closes": "2026-10-09", "closes_time": "18:00"})
    else:
        client.post(f"{address}/run", data={"do": "cancel", "reason": "The site closes."})
    clock.now = datetime(2026, 10, 9, 16, 1, tzinfo=UTC)
    broken = Worker(database, clock=clock, handlers={**HANDLERS, kind: fail})
    for _ in range(6):
        broken.work_once()
        clock.advance(minutes=2)
    assert count(database, "job WHERE state = 'failed'") == 1
    Worker(database, clock=clock).sweep_once()
    work(database, clock)
    there = state(database, cast, wave)
    assert there.finished if kind == "close" else there.deleted_at is not None
