"""People of the client review its comments: named by a consultant, they read, decide and publish, and nobody else."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.accounts import queries, service
from app.db import Database
from tests.cast import PASSWORD, Cast, sign_in
from tests.comments.test_review import WRITERS, closed, decide_all, publish, review
from tests.conftest import Clock
from tests.respond.stage import Stage

__all__ = ["closed"]

CAREFUL = "somebody who reads with care"


def name(client: TestClient, cast: Cast, *, who: str = "Rita", email: str = "rita@example.org"):
    return client.post(f"/organisations/{cast.organisation}/reviewers", data={"name": who, "email": email})


def link_on(page: str) -> str:
    """The path of the link by which a reviewer begins."""
    found = re.search(r'value="[^"]*(/start/[^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def begin(client: TestClient, link: str) -> None:
    client.cookies.clear()
    chosen = client.post(link, data={"password": CAREFUL, "again": CAREFUL})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")


def back(client: TestClient, who: str) -> None:
    """Somebody else signs in with the same browser."""
    client.cookies.clear()
    sign_in(client, who)


@pytest.fixture
def link(client: TestClient, closed: Stage, clock: Clock) -> str:
    """Ada has named Rita; this is Rita's link."""
    clock.advance(hours=2)
    sign_in(client, "Ada")
    answer = name(client, closed.cast)
    assert answer.status_code == 200
    assert "Give Rita this link." in answer.text
    return link_on(answer.text)


@review
def test_the_reviewer_reads_decides_and_publishes(client: TestClient, closed: Stage, clock: Clock, link: str) -> None:
    begin(client, link)
    home = client.get("/").text
    assert "Comments to review" in home
    assert "Create an organisation" not in home
    address = f"/organisations/{closed.cast.organisation}/comments"
    assert address in home
    waiting = client.get(address).text
    assert f'href="{closed.address}/comments"' in waiting
    assert f"0 of {sum(WRITERS.values()) + 1} decided" in waiting
    asked = decide_all(client, closed)
    assert any("Ask <mark>[name]</mark>" in page for page in asked)
    publish(client, closed, clock)
    done = client.get(f"{closed.address}/comments").text
    assert "What people wrote is published" in done
    assert "/heatmap" not in done
    assert f'href="{closed.address}"' not in done


@review
def test_once_somebody_is_named_consultants_see_how_far_the_review_is_and_no_comment(
    client: TestClient, closed: Stage, link: str
) -> None:
    address = f"{closed.address}/comments"
    page = client.get(address)
    assert page.status_code == 200
    assert "Rita reviews what people wrote" in page.text
    assert "0 of 35 decided" in page.text
    assert "says" not in page.text
    assert client.get(f"{address}/next").status_code == 404
    assert client.post(f"{address}/supplement").status_code == 404
    begin(client, link)
    comment = client.get(f"{address}/next").headers["location"]
    back(client, "Ada")
    assert client.get(comment).status_code == 404
    assert client.post(comment, data={"decision": "publish", "theme": "Help"}).status_code == 404


@pytest.mark.both
@review
def test_a_reviewer_who_is_removed_reads_nothing_more_and_consultants_do_again(
    client: TestClient, database: Database, closed: Stage, link: str
) -> None:
    begin(client, link)
    comment = client.get(f"{closed.address}/comments/next").headers["location"]
    rita = queries_user(database, "rita@example.org")
    back(client, "Ada")
    removed = client.post(f"/organisations/{closed.cast.organisation}/reviewers/{rita.id}/remove")
    assert removed.status_code == 303
    assert client.get(comment).status_code == 200
    again = client.post(f"/organisations/{closed.cast.organisation}/reviewers/{rita.id}/remove")
    assert again.status_code == 404
    back(client, "Rita")
    assert client.get(comment).status_code == 404
    assert client.get(f"{closed.address}/comments").status_code == 404


def queries_user(database: Database, email: str) -> queries.UserFacts:
    with database.reading() as session:
        user = queries.user_by_email(session, email)
    assert user is not None
    return user


@review
def test_a_lost_link_is_made_anew_until_there_is_a_password(
    client: TestClient, database: Database, closed: Stage, link: str
) -> None:
    rita = queries_user(database, "rita@example.org")
    address = f"/organisations/{closed.cast.organisation}/reviewers/{rita.id}/link"
    other = link_on(client.post(address).text)
    assert client.get(link).status_code == 410, "of two links only the newer one works"
    begin(client, other)
    back(client, "Ada")
    answer = client.post(address)
    assert answer.status_code == 303, "whoever has a password keeps it: no link opens their account"
    assert "has not signed in yet" not in client.get(f"/organisations/{closed.cast.organisation}/reviewers").text


def test_an_account_that_exists_is_named_without_a_link(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    answer = name(client, cast, who="Somebody else", email="CLEO@example.org")
    assert answer.status_code == 303
    page = client.get(f"/organisations/{cast.organisation}/reviewers").text
    assert "Cleo" in page
    assert "Somebody else" not in page


def test_nobody_takes_over_an_account_that_waits_for_its_first_password(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        dora = service.create_user(session, email="dora@example.org", name="Dora", now=clock())
        service.add_member(session, organisation_id=cast.other, user_id=dora, now=clock())
    sign_in(client, "Ada")
    answer = name(client, cast, who="Dora", email="dora@example.org")
    assert answer.status_code == 409
    assert "waits for its first password" in answer.text
    # Named as a reviewer of both, she is given no link that opens the other client either.
    with database.writing() as session:
        service.add_member(session, organisation_id=cast.organisation, user_id=dora, now=clock(), role="reviewer")
    answer = client.post(f"/organisations/{cast.organisation}/reviewers/{dora}/link")
    assert answer.status_code == 303
    assert "/start/" not in answer.text


@pytest.mark.parametrize(
    ("who", "email", "sentence"),
    [
        ("", "rita@example.org", "Give a name"),
        ("Rita", "rita", "Give an e-mail address"),
        ("Ada", "ada@example.org", "Ada is a consultant of this client."),
        ("Shut", "shut@example.org", "has been disabled"),
    ],
)
def test_who_cannot_be_named_is_said_and_what_was_typed_stays(
    client: TestClient, database: Database, cast: Cast, clock: Clock, who: str, email: str, sentence: str
) -> None:
    with database.writing() as session:
        service.create_user(session, email="shut@example.org", name="Shut", now=clock(), password=PASSWORD)
        service.disable_user(session, email="shut@example.org", now=clock())
    sign_in(client, "Ada")
    answer = name(client, cast, who=who, email=email)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text
    with database.reading() as session:
        assert queries.members(session, organisation_id=cast.organisation, role="reviewer") == ()
