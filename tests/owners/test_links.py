"""Owners of workflows say facts through a link: personal, expiring, taken back, kept nowhere, and by their name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.clients import service as clients
from app.db import Database
from app.desk import service as desk
from app.owners.queries import JOB
from app.owners.sending import sending
from app.owners.service import NOT_ASKED
from app.settings import Settings
from app.worker import Worker
from app.workflows import queries as workflows
from app.workflows import service as inventory
from app.workflows.facts import Facts
from app.workflows.service import Author, Wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.experts.stage import workflow
from tests.mail.office import Office, opened, settings_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as made:
        yield made


def path(cast: Cast, workflow_id: UUID, *steps: str) -> str:
    return "/".join((f"/organisations/{cast.organisation}/workflows/{workflow_id}/owner", *steps))


def typed(clock: Clock, **fields: str) -> dict[str, str]:
    until = (clock() + timedelta(days=10)).date().isoformat()
    return {"form": str(uuid4()), "reader": "Kim, head of it (fictional)", "until": until, **fields}


def made(client: "TestClient", cast: Cast, clock: Clock, workflow_id: UUID) -> str:
    """A link, as it is shown once; whoever follows it is signed in nowhere."""
    sign_in(client, "Ada")
    answer = client.post(path(cast, workflow_id), data=typed(clock))
    assert answer.status_code == 200
    found = re.search(r'value="[^"]*(/facts/[a-z2-7]{26})"', answer.text)
    assert found is not None
    assert found[1] not in client.get(path(cast, workflow_id)).text
    client.cookies.clear()
    return found[1]


def seen(page: str) -> dict[str, str]:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return {"seen": found[1], "per": "week"}


@pytest.mark.both
def test_an_owner_says_facts_without_an_account_and_corrects_them_by_name(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = workflow(database, cast, clock())
    link = made(client, cast, clock, one)
    page = unescape(client.get(link).text)
    assert "Check an invoice" in page
    assert "For: Kim, head of it (fictional)" in page
    wrong = client.post(link, data={**seen(page), "times": "often", "owner": "Kim"})
    assert wrong.status_code == 422
    assert "“often” is no whole number" in unescape(wrong.text)
    assert 'value="Kim"' in wrong.text
    facts = {"times": "40", "minutes": "15", "undo": "4", "law-payment_release": "yes"}
    assert client.post(link, data={**seen(page), **facts}).status_code == 303
    again = unescape(client.get(link + "?done=saved").text)
    assert "You saved it last" in again
    assert "about 43 hours a month" in again
    loud = link.upper().replace("/FACTS/", "/facts/")
    assert client.post(loud, data={**seen(again), **facts, "minutes": "20"}).status_code == 303
    with database.reading() as session:
        versions = workflows.history(session, cast.organisation, one)
    assert [(v.number, v.made_by, v.way, v.facts.get("minutes")) for v in versions[:2]] == [
        (3, "Kim, head of it (fictional)", "link", 20),
        (2, "Kim, head of it (fictional)", "link", 15),
    ]
    assert versions[0].department_id == cast.departments["Finance"]
    sign_in(client, "Ada")
    log = unescape(client.get(f"/organisations/{cast.organisation}/log").text)
    assert "Somebody with a link" in log
    assert "Check an invoice: Kim, head of it (fictional)" in log
    assert link.rsplit("/", 1)[1] not in log
    shown = unescape(client.get(f"/organisations/{cast.organisation}/workflows/{one}").text)
    assert "Kim, head of it (fictional), with a link" in shown


@pytest.mark.both
def test_an_owner_is_not_asked_about_tests_and_the_ground_of_the_law_and_cannot_change_them(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    tested = Facts(ground="Contract (fictional)", tests_shown="Folder 7", offline=True, checked=40, errors=2)
    one = workflow(database, cast, clock(), facts=tested)
    link = made(client, cast, clock, one)
    page = client.get(link).text
    for name in NOT_ASKED:
        assert f'name="{name}"' not in page
    assert "Folder 7" not in page
    claimed = {name: "often" for name in ("pilot_weeks", "last_errors")} | {"checked": "1497", "errors": "0"}
    claimed |= {"ground": "Consent", "tests_shown": "Mine", "offline": "no", "minutes": "15"}
    assert client.post(link, data={**seen(page), **claimed}).status_code == 303
    with database.reading() as session:
        assert workflows.workflow(session, cast.organisation, one).facts == replace(tested, minutes=15, per="week")


def test_who_saves_second_is_told_what_the_first_saved(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = workflow(database, cast, clock())
    link = made(client, cast, clock, one)
    page = client.get(link).text
    with database.writing() as session:
        wanted = Wanted(department_id=cast.departments["Finance"], name="Check an invoice", facts=Facts(minutes=99))
        by = Author(name="Ada", way="console", now=clock())
        inventory.change(session, cast.organisation, one, wanted, author=by, seen=None)
    second = client.post(link, data={**seen(page), "minutes": "15"})
    assert second.status_code == 409
    assert "Ada saved this workflow while you were changing it." in unescape(second.text)
    assert client.post(link, data={**seen(second.text), "minutes": "15"}).status_code == 303


def test_a_form_that_does_not_say_what_it_showed_is_not_saved_until_it_is_sent_once_more(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = workflow(database, cast, clock())
    link = made(client, cast, clock, one)
    for shown in ("", "x"):
        blind = client.post(link, data={"seen": shown, "per": "week", "minutes": "15"})
        assert blind.status_code == 409
        assert "somebody may have saved meanwhile" in unescape(blind.text)
        assert 'value="15"' in blind.text
    with database.reading() as session:
        assert workflows.workflow(session, cast.organisation, one).version == 1
    blind = client.post(link, data={"minutes": "15"})
    assert client.post(link, data={**seen(blind.text), "minutes": "15"}).status_code == 303


def test_search_engines_are_told_to_keep_nothing_of_a_link(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    link = made(client, cast, clock, workflow(database, cast, clock()))
    page = client.get(link)
    wrong = {**seen(page.text), "minutes": "often"}
    sent = [client.post(link, data=data) for data in ({}, wrong, seen(page.text))]
    assert [one.status_code for one in sent] == [409, 422, 303]
    for answer in (page, *sent):
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_a_link_ends_on_its_day_when_it_is_taken_back_and_leads_to_nothing_else(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = workflow(database, cast, clock())
    first, second = made(client, cast, clock, one), made(client, cast, clock, one)
    sign_in(client, "Ada")
    page = client.get(path(cast, one)).text
    ids = re.findall(r'name="link" value="([^"]+)"', page)
    assert len(ids) == 2
    assert client.post(path(cast, one, "take-back"), data={"link": "x"}).status_code == 404
    other = workflow(database, cast, clock(), "Another")
    assert client.post(path(cast, other, "take-back"), data={"link": ids[0]}).status_code == 404
    for _ in range(2):
        assert client.post(path(cast, one, "take-back"), data={"link": ids[0]}).status_code == 303
    client.cookies.clear()
    statuses = sorted(
        (client.get(link).status_code, client.post(link, data={}).status_code) for link in (first, second)
    )
    assert statuses[0][0] == 200
    assert statuses[1] == (410, 410)
    clock.advance(days=11)
    for link in (first, second):
        assert client.get(link).status_code == 410
        assert client.post(link, data={"minutes": "5"}).status_code == 410
    assert client.get("/facts/" + "a" * 26).status_code == 404


def test_of_work_that_is_done_no_more_or_nobodys_nothing_is_said(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one = workflow(database, cast, clock())
    link = made(client, cast, clock, one)
    page = client.get(link).text
    with database.writing() as session:
        inventory.retire(session, cast.organisation, one, author=Author(name="Ada", way="console", now=clock()))
    assert "This work is done no more" in client.get(link).text
    assert client.post(link, data={**seen(page), "minutes": "15"}).status_code == 409
    sign_in(client, "Ada")
    assert client.post(path(cast, one), data=typed(clock)).status_code == 409
    with database.writing() as session:
        ethics = Wanted(department_id=cast.departments["Ethics"], name="Hear a case")
        other = inventory.add(session, cast.organisation, ethics, author=Author(name="Ada", way="console", now=clock()))
    lost = made(client, cast, clock, other)
    with database.writing() as session:
        clients.close_department(session, cast.organisation, cast.departments["Ethics"], now=clock())
    assert "The department that did this work is no more" in client.get(lost).text


def test_of_work_of_an_archived_client_nothing_is_asked_until_it_is_back(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    link = made(client, cast, clock, workflow(database, cast, clock()))
    page = client.get(link).text
    with database.writing() as session:
        desk.archive(session, cast.organisation, user_id=cast.ada, now=clock())
    away = client.get(link)
    assert away.status_code == 200
    assert "This has been put away by those who run it" in away.text
    assert "<form" not in away.text.partition("<main")[2]
    refused = client.post(link, data={**seen(page), "minutes": "15"})
    assert refused.status_code == 409
    assert 'value="15"' in refused.text, "what was typed is not lost"
    with database.writing() as session:
        desk.bring_back(session, cast.organisation, now=clock())
    assert client.post(link, data={**seen(page), "minutes": "15"}).status_code == 303


@pytest.mark.both
def test_a_form_that_made_its_link_tells_it_no_second_time_and_makes_none_of_another_workflow(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    one, other = workflow(database, cast, clock()), workflow(database, cast, clock(), "Another")
    link = made(client, cast, clock, one)
    sign_in(client, "Ada")
    [id] = re.findall(r'name="link" value="([^"]+)"', client.get(path(cast, one)).text)
    client.post(path(cast, one, "take-back"), data={"link": id})
    for place in (one, other):
        again = client.post(path(cast, place), data=typed(clock, form=id))
        assert again.status_code == 409
        assert "This link was made already" in unescape(again.text)
        assert "/facts/" not in again.text
        assert f'name="form" value="{id}"' not in again.text, "the form that is shown makes another one"
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reader": ""}, "Say whom the link is for"),
        ({"mail": "kim@example.org"}, "No mail server is set up here"),
        ({"until": "2020-01-01"}, "Choose the last day of the link"),
        ({"until": "soon"}, "Choose the last day of the link"),
    ],
)
def test_a_link_that_cannot_be_made_is_refused_with_a_sentence(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, fields: dict[str, str], told: str
) -> None:
    one = workflow(database, cast, clock())
    sign_in(client, "Ada")
    refused = client.post(path(cast, one), data=typed(clock, **fields))
    assert refused.status_code == 422
    assert told in unescape(refused.text)


def test_a_link_goes_by_mail_in_the_owners_language_and_stays_nowhere(
    client: "TestClient",
    database: Database,
    cast: Cast,
    clock: Clock,
    office: Office,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = workflow(database, cast, clock())
    state = client.app.state  # type: ignore[attr-defined]  # typed as any ASGI application; ours has a state
    with_server = settings_of(office.port, tmp_path)
    state.settings = settings.model_copy(update={"smtp_host": with_server.smtp_host})
    try:
        sign_in(client, "Ada")
        asked = typed(clock, mail="kim@example.org", language="de")
        sent = [client.post(path(cast, one), data={**asked, **more}) for more in ({}, {}, {"mail": ""})]
        assert [(it.status_code, "/facts/" in it.text) for it in sent] == [(303, False), (409, False), (409, False)]
        assert "on its way by mail" in client.get(path(cast, one)).text
        worker = Worker(database, clock=clock, handlers={JOB: sending(with_server)})
        while worker.work_once():
            pass
        assert "sent by mail" in client.get(path(cast, one)).text
    finally:
        state.settings = settings
    [mail] = office.taken
    assert str(mail["To"]) == "kim@example.org"
    body = mail.get_content()
    assert "Guten Tag" in body
    link = re.search(r"(/facts/[a-z2-7]{26})", body)
    assert link is not None
    client.cookies.clear()
    assert "Check an invoice" in client.get(link[1]).text
    with database.read.connect() as connection:
        for table in ("job", "owner_link", "act"):
            stored = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert link[1].rsplit("/", 1)[1] not in stored
            assert "kim@example.org" not in stored
    assert link[1].rsplit("/", 1)[1] not in caplog.text
