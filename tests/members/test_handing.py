"""A client is handed to a colleague: they own it at once, who handed it over stays as a consultant or leaves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.accounts import queries
from app.accounts import service as accounts
from app.accounts.roles import Role
from app.db import Database
from app.errors import ConflictError
from app.members import handing, service
from app.members.handing import Wanted
from app.members.queries import ACCESS
from app.members.sending import sending
from app.settings import Settings
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.mail.office import opened, settings_of
from tests.members.test_access_page import access, add, role_of

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

TO_RITA = {"to_name": "Rita (fictional)", "to_email": "rita@example.org"}


def hand(client: "TestClient", cast: Cast, **typed: str) -> "Response":
    return client.post(f"{access(cast)}/hand", data=typed)


def rita(database: Database) -> UUID:
    with database.reading() as session:
        user = queries.user_by_email(session, "rita@example.org")
    assert user is not None
    return user.id


def log_of(client: "TestClient", cast: Cast) -> str:
    return client.get(f"/organisations/{cast.organisation}/log").text


@contextmanager
def with_mail(client: "TestClient", port: int, folder: Path) -> Iterator[Settings]:
    """The application with a mail server."""
    state = client.app.state  # type: ignore[attr-defined]  # typed as any ASGI application; ours has a state
    before, there = state.settings, settings_of(port, folder)
    state.settings = before.model_copy(update={"smtp_host": there.smtp_host})
    yield there
    state.settings = before


@pytest.mark.both
def test_a_colleague_owns_the_client_at_once_and_who_handed_it_over_is_a_consultant(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    add(database, cast, cast.cleo, "consultant", clock)
    sign_in(client, "Ada")
    page = client.get(access(cast)).text
    assert f'<option value="{cast.cleo}">Cleo · cleo@example.org</option>' in page
    answer = hand(client, cast, colleague=str(cast.cleo), after="stay")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{access(cast)}?done=handed_consultant")
    assert "you are a consultant of it" in client.get(answer.headers["location"]).text
    assert [role_of(database, cast, one) for one in (cast.cleo, cast.ada)] == ["owner", "consultant"]
    log = unescape(log_of(client, cast))
    assert "Handed the client to a colleague" in log
    assert "Cleo, Owner" in log
    assert "Ada, Consultant" in log
    assert hand(client, cast, colleague=str(cast.cleo)).status_code == 404, "only owners hand a client over"


def test_who_leaves_sees_the_client_no_longer_and_is_told_so(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    add(database, cast, cast.cleo, "owner", clock)
    sign_in(client, "Ada")
    answer = hand(client, cast, colleague=str(cast.cleo), after="leave")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?done=handed")
    assert "in a colleague’s hands now" in client.get("/?done=handed").text
    assert client.get(f"/organisations/{cast.organisation}").status_code == 404
    assert role_of(database, cast, cast.ada) is None
    sign_in(client, "Cleo")
    assert "Left the client when handing it over" in log_of(client, cast)


def test_a_mail_tells_the_new_owner(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    add(database, cast, cast.cleo, "consultant", clock)
    sign_in(client, "Ada")
    with opened() as office, with_mail(client, office.port, tmp_path) as settings:
        assert hand(client, cast, colleague=str(cast.cleo), after="leave").status_code == 303
        assert Worker(database, clock=clock, handlers={ACCESS: sending(settings)}).work_once()
        [mail] = office.taken
    assert str(mail["To"]) == "cleo@example.org"
    assert "Fernhill Instruments (fictional)" in str(mail["Subject"])
    assert "Owner. Runs everything, and says who else may." in " ".join(mail.get_content().split())


def test_somebody_new_is_invited_and_who_hands_it_over_stays_an_owner_until_they_came(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    sign_in(client, "Ada")
    with opened() as office, with_mail(client, office.port, tmp_path) as settings:
        answer = hand(client, cast, **TO_RITA, after="leave")
        assert answer.headers["location"].endswith("done=handed_owner")
        assert "You stay an owner until they have signed in" in client.get(answer.headers["location"]).text
        assert Worker(database, clock=clock, handlers={ACCESS: sending(settings)}).work_once()
        [mail] = office.taken
    assert [role_of(database, cast, one) for one in (rita(database), cast.ada)] == ["owner", "owner"]
    link = re.search(r"(/start/\S+)", mail.get_content())
    assert link is not None
    client.cookies.clear()
    word = "somebody who signs in with care"
    assert client.post(link[1], data={"password": word, "again": word}).status_code == 303
    client.cookies.clear()
    sign_in(client, "Ada")
    assert hand(client, cast, colleague=str(rita(database)), after="leave").headers["location"] == "/?done=handed"
    assert role_of(database, cast, cast.ada) is None


def test_without_a_mail_server_the_link_is_shown_to_be_given(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    page = hand(client, cast, **TO_RITA)
    assert page.status_code == 200
    assert "/start/" in page.text
    assert role_of(database, cast, rita(database)) == "owner"


def test_somebody_new_gets_it_alone_where_another_owner_can_come_in(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    add(database, cast, cast.cleo, "owner", clock)
    sign_in(client, "Ada")
    hand(client, cast, **TO_RITA, after="stay")
    assert role_of(database, cast, cast.ada) == "consultant"


@pytest.mark.parametrize("role", ["sponsor", "reviewer"])
def test_somebody_of_the_client_is_refused_with_a_sentence(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, role: Role
) -> None:
    add(database, cast, cast.cleo, role, clock)
    sign_in(client, "Ada")
    answer = hand(client, cast, to_email="cleo@example.org", to_name="Cleo", after="leave")
    assert answer.status_code == 409
    assert "Cleo is only shown results of this client" in answer.text
    assert 'value="cleo@example.org"' in answer.text
    assert 'value="leave" checked' in answer.text
    assert [role_of(database, cast, one) for one in (cast.cleo, cast.ada)] == [role, "owner"]


@pytest.mark.parametrize("elsewhere", [None, "sponsor", "consultant"])
def test_before_anything_is_given_nobody_is_told_whether_an_address_has_an_account(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, elsewhere: Role | None
) -> None:
    """Cleo has an account, with a role at another client or without; nobody has the other address."""
    if elsewhere:
        with database.writing() as session:
            place = {"organisation_id": cast.other, "user_id": cast.cleo}
            accounts.add_member(session, **place, now=clock(), role=elsewhere)
    sign_in(client, "Ada")
    there, nobody = "cleo@example.org", "zora@example.org"
    for name, sentence in (("", "Give a name"), ("x" * 121, "at most 120 characters")):
        told = [hand(client, cast, to_email=email, to_name=name) for email in (there, nobody)]
        assert [one.status_code for one in told] == [422, 422]
        assert sentence in told[0].text
        pages = [_plain(one.text, email) for one, email in zip(told, (there, nobody), strict=True)]
        assert pages[0] == pages[1]
        typed = [{"email": email, "name": name, "role": "sponsor"} for email in (there, nobody)]
        pages = [_plain(client.post(access(cast), data=one).text, one["email"]) for one in typed]
        assert pages[0] == pages[1]
    assert role_of(database, cast, cast.cleo) is None


def _plain(page: str, email: str) -> str:
    """A page without the address that was typed."""
    return page.replace(email, "")


def test_who_is_shown_results_of_another_client_can_be_handed_this_one(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        place = {"organisation_id": cast.other, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role="sponsor")
    sign_in(client, "Ada")
    assert hand(client, cast, to_email="cleo@example.org", to_name="Cleo", after="stay").status_code == 303
    assert role_of(database, cast, cast.cleo) == "owner"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"colleague": str(uuid4())}, "Choose a colleague from the list"),
        ({"colleague": "somebody"}, "Choose a colleague from the list"),
        ({"to_email": "ada@example.org"}, "You own this client already."),
        ({"to_email": "nobody", "to_name": "Nobody"}, "Give an e-mail address"),
        ({"to_email": "new@example.org"}, "Give a name"),
        ({}, "Give an e-mail address"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(
    client: "TestClient", database: Database, cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    sign_in(client, "Ada")
    answer = hand(client, cast, **typed)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert role_of(database, cast, cast.ada) == "owner"


def test_only_those_are_offered_with_whom_one_runs_a_client(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    assert "ben@example.org" not in client.get(access(cast)).text, "Ben runs another client"
    assert hand(client, cast, colleague=str(cast.ben)).status_code == 422
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.other, user_id=cast.ada, now=clock())
    add(database, cast, cast.cleo, "sponsor", clock)
    page = client.get(access(cast)).text.partition('id="hand"')[2]
    assert "ben@example.org" in page
    assert "cleo@example.org" not in page, "a sponsor runs nothing"
    with database.writing() as session:
        accounts.disable_user(session, email="ben@example.org", now=clock())
    assert "ben@example.org" not in client.get(access(cast)).text


@pytest.mark.both
def test_of_two_owners_who_hand_it_over_at_once_both_do_and_who_is_none_any_more_cannot(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    add(database, cast, cast.ben, "owner", clock)
    add(database, cast, cast.cleo, "consultant", clock)
    to_cleo = Wanted(colleague=str(cast.cleo), stay=False)
    for me in (cast.ada, cast.ben):
        with database.writing() as session:
            assert handing.hand(session, cast.organisation, to_cleo, me=me, now=clock()).left == "left"
    assert [role_of(database, cast, one) for one in (cast.ada, cast.ben, cast.cleo)] == [None, None, "owner"]
    add(database, cast, cast.ada, "consultant", clock)
    with database.writing() as session, pytest.raises(ConflictError, match="Ada is Consultant now"):
        handing.hand(session, cast.organisation, to_cleo, me=cast.ada, now=clock())
    with database.writing() as session:
        service.require_member(session, cast.organisation, cast.cleo)
