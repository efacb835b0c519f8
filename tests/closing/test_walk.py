"""The walk through the end of a wave: what waits for a person before, while and after it closes."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.accounts import service as accounts
from app.db import Database
from app.members import service as members
from app.waves import running
from app.waves import service as waves
from app.waves.models import Wave
from app.waves.policy import Policy
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.waves import stage
from tests.world import World, answer, close


@pytest.fixture
def wave(database: Database, cast: Cast, clock: Clock) -> UUID:
    return stage.opened(database, cast, clock())


@pytest.fixture
def address(cast: Cast, wave: UUID) -> str:
    return f"/organisations/{cast.organisation}/waves/{wave}/close"


def states(page: str) -> dict[str, str]:
    """The steps of the walk and how each stands."""
    return dict(re.findall(r'<li id="([a-z]+)" class="(done|open|now|later)">', page))


def work(database: Database, clock: Clock) -> None:
    worker = Worker(database, clock=clock)
    while worker.work_once():
        pass


def test_while_a_wave_runs_the_walk_says_what_its_end_will_do_and_what_closing_early_costs(
    client, database, cast, clock, wave, address
) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": wave}
        running.set_target(session, **place, target="60")
        running.set_end(session, **place, ends_at=datetime(2026, 10, 16, 16, tzinfo=UTC), now=clock())
    for _ in range(4):
        stage.answered(database, cast, wave, clock().date(), {"Operations": 5, "IT": 1, "Customer service": 1})
        clock.advance(days=1)
    page = sign_in(client, "Ada").get(address).text
    assert states(page) == {
        "turnout": "open", "headcounts": "done", "begun": "done", "readers": "open", "release": "open",
        "careless": "later", "share": "later",
    }  # fmt: skip
    assert "35 more people have to answer to reach the target of 60 %." in page
    assert "The planned close is 7 days away, on 16 October 2026." in page
    assert "Now it is 27 %; by then it will probably be" in page
    assert "Closed now, these would probably not be shown alone, and by then they would: IT, Customer service." in page
    assert f"/waves/{wave}/mail?back=close#plan" in page
    assert f"/waves/{wave}/run?back=close" in page
    assert 'name="grace"' in page
    assert "Back to closing the wave" in client.get(f"{address.removesuffix('/close')}/run?back=close").text


def test_a_group_with_far_more_answers_than_people_is_named_before_the_close_where_its_count_is_shown(
    client, database, cast, clock, wave, address
) -> None:
    stage.answered(database, cast, wave, clock().date(), {"IT": 15, "Ethics": 6})
    sign_in(client, "Ada")
    assert states(client.get(address).text)["headcounts"] == "done", "nothing is said on the day itself"
    clock.advance(days=1)
    page = sign_in(client, "Ada").get(address).text
    assert states(page)["headcounts"] == "open"
    assert "IT: 15 answered, and 12 people belong to it." in page
    assert "Ethics" not in page


def test_the_walk_goes_on_where_it_was_while_the_wave_closes_and_afterwards(
    client, database, cast, clock, wave, address
) -> None:
    answer(database, cast, wave, counts={"Operations": 12, "IT": 15}, now=clock())
    sign_in(client, "Ada")
    for _ in range(2):
        assert client.post(address, data={"grace": "0"}).headers["location"] == address
    page = client.get(address).text
    assert (states(page)["headcounts"], states(page)["release"]) == ("open", "later")
    assert "Far more people answered in IT than its headcount of 12" in page
    assert client.get(address.removesuffix("/close")).headers["location"] == address, "the wave leads to its walk"
    settled = address.replace("/close", f"/headcounts/{cast.departments['IT']}")
    assert client.post(settled, data={"headcount": "16"}).headers["location"] == address
    page = client.get(address).text
    assert states(page)["release"] == "now"
    assert "The worker has taken it up" in page
    assert "<noscript>" in page
    seen = client.get(address)
    assert client.get(address, headers={"If-None-Match": seen.headers["etag"]}).status_code == 304
    work(database, clock)
    page = client.get(address).text
    assert states(page) == {
        "turnout": "done", "headcounts": "done", "begun": "done", "readers": "open", "release": "done",
        "careless": "done", "share": "open",
    }  # fmt: skip
    assert "2026-Q4 is closed, and 2 things wait for you" in page
    assert "Release 1 was made on" in page
    assert "No answer sheet was left out." in page


def test_a_wave_that_closes_by_itself_leads_to_what_waits(client, database, cast, clock, wave, address) -> None:
    stage.answered(database, cast, wave, clock().date(), {"IT": 15})
    with database.writing() as session:
        ends_at = datetime(2026, 10, 9, 16, tzinfo=UTC)
        running.set_end(session, organisation_id=cast.organisation, wave_id=wave, ends_at=ends_at, now=clock())
    clock.now = ends_at
    work(database, clock)
    overview = sign_in(client, "Ada").get(f"/organisations/{cast.organisation}").text
    assert f'href="{address}"' in overview
    assert states(client.get(address).text)["headcounts"] == "open"


def test_two_consultants_at_once_close_it_once_and_each_sees_how_it_stands(
    client, database, cast, clock, wave, address
) -> None:
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.ben, now=clock())
    answer(database, cast, wave, counts={"Operations": 12}, now=clock())
    sign_in(client, "Ada").post(address, data={"grace": "60"})
    sign_in(client, "Ben")
    assert "It closes by itself on" in client.get(address).text
    assert client.post(address, data={"grace": "0"}).status_code == 303
    work(database, clock)
    assert sign_in(client, "Ada").post(address, data={"grace": "15"}).status_code == 303
    page = client.get(address).text
    assert "Release 1 was made on" in page
    assert stage.wave(database, cast, wave).state == "closed"


def test_what_is_alerted_to_waits_until_somebody_says_that_they_have_read_it(
    client, database, cast, clock, wave, address
) -> None:
    answer(database, cast, wave, counts={"Operations": 12}, now=clock())
    close(database, cast, wave, now=clock())
    sign_in(client, "Ada")
    assert client.post(address, data={"do": "read"}).status_code == 409
    with database.writing() as session:
        there = session.get(Wave, (cast.organisation, wave))
        assert there is not None
        there.alert = "More than a tenth of the answer sheets show several signs of careless answering, so all of them were counted. Find out what went wrong before you rely on small differences."  # noqa: E501
    page = client.get(address).text
    assert states(page)["careless"] == "open"
    assert "More than a tenth of the answer sheets" in page
    assert client.post(address, data={"do": "read"}).status_code == 303
    page = client.get(address).text
    assert states(page)["careless"] == "done"
    assert "Ada has read this, on" in page
    assert "Read what to know before using the result" in client.get(f"/organisations/{cast.organisation}/log").text


def test_who_will_see_what_counts_the_people_of_the_client(client, database, cast, clock, address) -> None:
    sign_in(client, "Ada")
    assert "no sponsor and no department lead has access yet" in client.get(address).text
    with database.writing() as session:
        for name, role, department in (("Sol", "sponsor", None), ("Lee", "lead", cast.departments["Legal"])):
            members.invite(
                session, organisation_id=cast.organisation, name=name, email=f"{name.lower()}@example.org", role=role,
                department=str(department or ""), now=clock(),
            )  # fmt: skip
    page = client.get(address).text
    assert "sponsors (1) see it whole, department leads (1)" in page
    assert states(page)["readers"] == "done"


@pytest.mark.lived_in
def test_a_closed_wave_says_how_far_its_comments_are_and_whether_it_is_shared(
    client, cast: Cast, lived_in: World
) -> None:
    address = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/close"
    page = sign_in(client, "Ada").get(address).text
    assert states(page)["share"] == "open"
    client.post(address.replace("/close", "/share"), data={"do": "share"})
    page = client.get(address).text
    assert states(page)["share"] == "done"
    assert "What the close leaves to do" in client.get(address.removesuffix("/close")).text


def test_a_cancelled_wave_has_no_walk(client, database, cast, clock, wave, address) -> None:
    with database.writing() as session:
        running.cancel(session, organisation_id=cast.organisation, wave_id=wave, reason="Moved.", now=clock())
    assert sign_in(client, "Ada").get(address).headers["location"] == address.removesuffix("/close")


def test_a_wave_that_asks_for_comments_has_a_step_for_them(client, database, cast, clock) -> None:
    made = stage.planned(database, cast, clock())
    place = {"organisation_id": cast.organisation, "wave_id": made}
    with database.writing() as session:
        waves.set_policy(session, **place, policy=Policy(comments=True))
        waves.open_wave(session, **place, now=clock())
    address = f"/organisations/{cast.organisation}/waves/{made}/close"
    page = sign_in(client, "Ada").get(address).text
    assert states(page)["comments"] == "later"
    assert "What people wrote is read by you" in page
    close(database, cast, made, now=clock())
    page = client.get(address).text
    assert states(page)["comments"] == "done"
    assert "There is nothing to review." in page


def test_the_walk_of_another_client_is_not_found(client, cast, address) -> None:
    sign_in(client, "Ben")
    for there in (address, address.replace(str(cast.organisation), str(cast.other))):
        assert client.get(there).status_code == 404
        assert client.post(there, data={"grace": "0"}).status_code == 404
