"""Who may do what at a client: given, changed, taken away; told by a mail whose link is kept nowhere."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.accounts import queries, service
from app.accounts.roles import Role
from app.db import Database
from app.members.queries import ACCESS
from app.members.sending import sending
from app.settings import Settings
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.mail.office import Office, opened, settings_of

LONG = "somebody who signs in with care"
RITA = {"name": "Rita (fictional)", "email": "rita@example.org", "role": "sponsor"}


def access(cast: Cast, user: UUID | None = None) -> str:
    path = f"/organisations/{cast.organisation}/access"
    return f"{path}/{user}" if user else path


def role_of(database: Database, cast: Cast, user: UUID) -> str | None:
    with database.reading() as session:
        return queries.role(session, user_id=user, organisation_id=cast.organisation)


def add(database: Database, cast: Cast, user: UUID, role: Role, clock: Clock) -> None:
    with database.writing() as session:
        service.add_member(session, organisation_id=cast.organisation, user_id=user, now=clock(), role=role)


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as made:
        yield made


def test_without_a_mail_server_the_link_is_shown_once_and_leads_in(
    client: TestClient, database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    answer = client.post(access(cast), data=RITA)
    assert answer.status_code == 200
    link = re.search(r'value="[^"]*(/start/[^"]+)"', answer.text)
    assert link is not None
    page = client.get(access(cast)).text
    assert "/start/" not in page
    log = client.get(f"/organisations/{cast.organisation}/log").text
    assert "Gave somebody access" in log
    assert "Rita (fictional), Sponsor" in log
    assert "Has not signed in yet" in page
    client.cookies.clear()
    assert client.post(unescape(link[1]), data={"password": LONG, "again": LONG}).status_code == 303
    home = client.get("/").text
    assert "Results shared with you" in home
    assert "Create an organisation" not in home


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"email": "nobody"}, "email", "Give an e-mail address"),
        ({"name": ""}, "name", "Give a name"),
        ({"role": "boss"}, "role", "Choose what this person may do."),
        ({"role": "lead"}, "department", "Choose the department that this person leads."),
        ({"email": "ada@example.org"}, "email", "Ada has a role at this client already."),
    ],
)
def test_what_cannot_be_given_is_said_and_what_was_typed_is_kept(
    client: TestClient, database: Database, cast: Cast, typed: dict[str, str], field: str, sentence: str
) -> None:
    sign_in(client, "Ada")
    answer = client.post(access(cast), data=RITA | typed)
    assert answer.status_code in (409, 422)
    assert sentence in unescape(answer.text)
    assert f'id="{field}-error"' in answer.text or "#email" in answer.text
    kept = (RITA | typed)["email"]
    assert f'value="{kept}"' in answer.text
    with database.reading() as session:
        assert queries.user_by_email(session, "rita@example.org") is None


def test_who_takes_access_away_is_told_where_the_name_stays(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    page = client.get(access(cast)).text
    assert "in versions of documents that were saved, and in plan records" in page
    for place in ("plan/owners", "documents", "plan-records"):
        found = re.search(rf'href="([^"]*/organisations/{cast.organisation}/{place})"', page)
        assert found is not None, place
        assert client.get(found[1]).status_code == 200


def test_the_last_owner_can_neither_go_nor_step_down(client: TestClient, database: Database, cast: Cast) -> None:
    sign_in(client, "Ada")
    for typed in ({"do": "remove"}, {"do": "role", "role": "consultant"}):
        answer = client.post(access(cast, cast.ada), data=typed)
        assert answer.status_code == 409
        assert "Ada is the only owner." in answer.text
    assert role_of(database, cast, cast.ada) == "owner"


def test_a_disabled_account_is_no_other_owner(client: TestClient, database: Database, cast: Cast, clock: Clock) -> None:
    add(database, cast, cast.cleo, "owner", clock)
    with database.writing() as session:
        service.disable_user(session, email="cleo@example.org", now=clock())
    sign_in(client, "Ada")
    assert client.post(access(cast, cast.ada), data={"do": "remove"}).status_code == 409


def test_a_client_is_handed_to_a_colleague(client: TestClient, database: Database, cast: Cast) -> None:
    sign_in(client, "Ada")
    given = client.post(access(cast), data={"name": "Cleo", "email": "cleo@example.org", "role": "owner"})
    assert given.status_code == 303
    gone = client.post(access(cast, cast.ada), data={"do": "remove"})
    assert (gone.status_code, gone.headers["location"]) == (303, "/")
    assert role_of(database, cast, cast.ada) is None
    assert client.get(f"/organisations/{cast.organisation}").status_code == 404
    sign_in(client, "Cleo")
    assert client.get(f"/organisations/{cast.organisation}/delete").status_code == 200


def test_taking_a_role_away_holds_at_once_for_who_is_signed_in(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    add(database, cast, cast.cleo, "consultant", clock)
    sign_in(client, "Cleo")
    overview = f"/organisations/{cast.organisation}"
    assert client.get(overview).status_code == 200
    cookies = dict(client.cookies)
    sign_in(client, "Ada")
    assert client.post(access(cast, cast.cleo), data={"do": "remove"}).status_code == 303
    client.cookies.clear()
    client.cookies.update(cookies)
    assert client.get(overview).status_code == 404


def test_of_two_owners_who_change_one_role_the_second_is_told_and_changes_nothing(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    add(database, cast, cast.cleo, "consultant", clock)
    sign_in(client, "Ada")
    first = client.post(access(cast, cast.cleo), data={"do": "role", "role": "sponsor", "seen": "consultant"})
    assert first.status_code == 303
    second = client.post(access(cast, cast.cleo), data={"do": "role", "role": "reviewer", "seen": "consultant"})
    assert second.status_code == 409
    assert "Cleo is Sponsor now. Nothing was changed here." in second.text
    assert '<option value="reviewer" selected>' in second.text
    assert role_of(database, cast, cast.cleo) == "sponsor"


def test_an_account_that_nobody_has_used_is_given_no_second_client(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        service.create_user(session, email="rita@example.org", name="Rita", now=clock())
    sign_in(client, "Ada")
    answer = client.post(access(cast), data=RITA)
    assert answer.status_code == 409
    assert "waits for its first password" in answer.text


def test_nobody_is_changed_through_another_client(client: TestClient, database: Database, cast: Cast) -> None:
    sign_in(client, "Ada")
    for user in (cast.ben, uuid4()):
        for do in ("role", "remove", "again"):
            assert client.post(access(cast, user), data={"do": do, "role": "sponsor"}).status_code == 404


def test_a_mail_brings_the_link_and_no_link_stays_in_the_database(
    client: TestClient,
    database: Database,
    cast: Cast,
    clock: Clock,
    office: Office,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = client.app.state  # type: ignore[attr-defined]  # typed as any ASGI application; ours has a state
    with_server = settings_of(office.port, tmp_path)
    state.settings = settings.model_copy(update={"smtp_host": with_server.smtp_host})
    try:
        sign_in(client, "Ada")
        assert client.post(access(cast), data=RITA).status_code == 303
        assert "The mail is on its way" in client.get(access(cast)).text
    finally:
        state.settings = settings
    worker = Worker(database, clock=clock, handlers={ACCESS: sending(with_server)})
    assert worker.work_once()
    [mail] = office.taken
    body = mail.get_content()
    assert str(mail["To"]) == "rita@example.org"
    assert "Sponsor" in body
    link = re.search(r"/start/(\S+)", body)
    assert link is not None
    with database.read.connect() as connection:
        for table in ("job", "access_mail", "act", "one_time_link"):
            assert link[1] not in str(connection.execute(text(f"SELECT * FROM {table}")).all())
    assert link[1] not in caplog.text
    client.cookies.clear()
    assert client.post(f"/start/{link[1]}", data={"password": LONG, "again": LONG}).status_code == 303


def test_a_mail_that_no_server_takes_is_told_on_the_page_and_can_be_sent_again(
    client: TestClient, database: Database, cast: Cast, clock: Clock, office: Office, settings: Settings, tmp_path: Path
) -> None:
    office.answers["cleo@example.org"] = "550 no such box"
    with_server = settings_of(office.port, tmp_path)
    state = client.app.state  # type: ignore[attr-defined]  # typed as any ASGI application; ours has a state
    state.settings = settings.model_copy(update={"smtp_host": with_server.smtp_host})
    worker = Worker(database, clock=clock, handlers={ACCESS: sending(with_server)})
    try:
        sign_in(client, "Ada")
        client.post(access(cast), data={"name": "Cleo", "email": "cleo@example.org", "role": "consultant"})
        while worker.work_once():
            clock.advance(minutes=5)
        assert "The mail could not be sent. The mail server said: 550 no such box" in client.get(access(cast)).text
        office.answers.clear()
        assert client.post(access(cast, cast.cleo), data={"do": "again"}).status_code == 303
        while worker.work_once():
            clock.advance(minutes=5)
        assert "could not be sent" not in client.get(access(cast)).text
    finally:
        state.settings = settings
    [mail] = office.taken
    assert "/start/" not in mail.get_content()
    assert "/sign-in" in mail.get_content()


def test_whoever_lost_the_role_before_the_mail_went_gets_none(
    database: Database, cast: Cast, clock: Clock, office: Office, tmp_path: Path
) -> None:
    from app.members import service as members

    with database.writing() as session:
        user = members.invite(
            session, cast.organisation, email="rita@example.org", name="Rita", role="sponsor", department="",
            now=clock(),
        )  # fmt: skip
        members.ask_mail(session, cast.organisation, user, now=clock())
        members.remove(session, cast.organisation, user)
    worker = Worker(database, clock=clock, handlers={ACCESS: sending(settings_of(office.port, tmp_path))})
    assert worker.work_once()
    assert office.taken == []


def test_names_with_markup_or_line_breaks_stay_names(client: TestClient, database: Database, cast: Cast) -> None:
    sign_in(client, "Ada")
    client.post(access(cast), data=RITA | {"name": "<b>Rita</b>\r\nBcc: all"})
    page = client.get(access(cast)).text
    assert "&lt;b&gt;Rita&lt;/b&gt; Bcc: all" in page
    assert "<b>Rita" not in page


def test_a_link_that_a_consultant_made_for_a_reviewer_ends_when_they_are_given_another_role(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    named = {"name": "Rolf (fictional)", "email": "rolf@example.org"}
    page = client.post(f"/organisations/{cast.organisation}/reviewers", data=named).text
    link = re.search(r'value="[^"]*(/start/[^"]+)"', page)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    with database.reading() as session:
        rolf = queries.user_by_email(session, named["email"])
    assert rolf is not None
    assert client.post(access(cast, rolf.id), data={"role": "owner"}).status_code == 303
    assert role_of(database, cast, rolf.id) == "owner"
    assert client.get(link[1]).status_code == 410
