"""Every change and every download of the console is noted, with what was done and only if it was."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.acts import queries
from app.acts.kinds import GROUPS, KINDS, group_of
from app.acts.noting import notes_of
from app.acts.queries import ActFacts, Wanted
from app.acts.service import note
from app.db import Database
from app.invitations.service import make_personal_links
from app.main import routes_of
from app.retention import queries as records
from app.retention import service as retention
from app.retention.work import sweep
from app.web.access import access_of
from surveys.load import latest
from tests.cast import Cast, sign_in
from tests.clients import opened
from tests.conftest import Clock
from tests.test_access import addresses as addresses
from tests.test_access import requests
from tests.world import KEY, World

pytestmark = pytest.mark.lived_in

# Why a route that changes something or hands something out notes nothing.
NOT_NOTED = {
    "clients:new": "the service itself notes that the client was made",
    "comments:decide": "kept with each comment, by whom and when; here the entries would count the comments",
    "mail:letter": "a frame of the page that shows a mail, with words of nobody",
    "rooms:count": "the number on the projector, asked for every few seconds; the page shows it too",
    "accounts:sign_out": "belongs to no organisation",
    "accounts:sign_in": "belongs to no organisation; sign-ins are listed on the account's page",
    "accounts:speak": "a cookie",
    "accounts:password": "belongs to no organisation",
    "accounts:language": "belongs to no organisation",
    "accounts:revoke": "belongs to no organisation",
    "writing:look": "shows what was typed and keeps nothing",
    "drafting:look": "shows what was typed and keeps nothing",
    "authoring:frame": "a frame of the page that shows a question",
}


def of_the_console(application: FastAPI) -> list[APIRoute]:
    return [route for route in routes_of(application) if access_of(route) not in ("link", "operator")]


def noted(database: Database, cast: Cast) -> tuple[ActFacts, ...]:
    with database.reading() as session:
        return queries.acts(session, cast.organisation, Wanted(), most=1000)


def test_every_form_of_the_console_notes_an_act_or_has_a_reason_not_to(application: FastAPI) -> None:
    posted = [route for route in of_the_console(application) if "POST" in (route.methods or set())]
    silent = {route.name for route in posted if not notes_of(route) and access_of(route) != "public"}
    assert silent - set(NOT_NOTED) == set()
    noting = {route.name for route in posted if notes_of(route)}
    assert noting & set(NOT_NOTED) == set()
    assert len(noting) > 30


def test_every_file_of_the_console_notes_that_it_was_handed_out_or_has_a_reason_not_to(
    application: FastAPI, client: TestClient, addresses: dict[str, object]
) -> None:
    sign_in(client, "Ada")
    handed_out = set()
    for route in of_the_console(application):
        if "GET" not in (route.methods or set()) or "organisation_id" not in route.param_convertors:
            continue
        for method, path in requests(route, addresses):
            answer = client.request(method, path)
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if "content-disposition" in answer.headers or not is_page:
                handed_out.add(route.name)
                assert notes_of(route) or route.name in NOT_NOTED or answer.status_code != 200, route.name
    assert handed_out > {"invitations:csv", "explore:json", "retention:export", "journal:csv"}


def test_every_kind_that_a_route_notes_has_words_and_a_group(application: FastAPI) -> None:
    kinds = {kind for route in routes_of(application) for kind in notes_of(route)}
    assert kinds <= set(KINDS)
    assert {group_of(kind) for kind in KINDS} == set(GROUPS)


def test_what_was_done_is_noted_with_who_and_about_what(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    legal = cast.departments["Legal"]
    typed = {"name": "Law", "function": "legal", "headcount": "8"}
    assert opened.change(client, cast.organisation, legal, **typed).status_code == 303
    clock.advance(minutes=1)
    assert client.get(f"/organisations/{cast.organisation}/waves/{lived_in.closed}/release.json").status_code == 200
    handed_out, changed, *_ = noted(database, cast)
    assert (changed.kind, changed.user_name, changed.subject_id) == ("client.department_changed", "Ada", legal)
    assert (handed_out.kind, handed_out.wave_id) == ("download.release", lived_in.closed)


def test_what_was_refused_is_not_noted(client: TestClient, database: Database, cast: Cast) -> None:
    sign_in(client, "Ada")
    before = noted(database, cast)
    place = f"/organisations/{cast.organisation}"
    assert client.post(f"{place}/departments/add", data={"name": ""}).status_code == 422
    assert client.get(f"{place}/waves/{uuid4()}/release.json").status_code == 404
    assert client.post(f"{place}/departments/{uuid4()}/close").status_code == 404
    assert noted(database, cast) == before


def test_the_form_says_which_of_its_deeds_was_done(
    client: TestClient, database: Database, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    wave = f"/organisations/{cast.organisation}/waves/{lived_in.running}"
    made = client.post(f"{wave}/links", data={"do": "shared", "department": str(cast.departments["HR"])})
    assert made.status_code == 303
    assert noted(database, cast)[0].kind == "links.shared"


def test_looking_somebody_up_is_noted_without_saying_whom(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    reference = "it-4711"
    with database.writing() as session:
        make_personal_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=lived_in.running,
            department_id=cast.departments["IT"],
            references=[reference],
            now=clock(),
        )
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/people"
    for do, kind in (("find", "links.person_looked_up"), ("save", "download.person"), ("erase", "deletion.person")):
        clock.advance(minutes=1)
        assert client.post(path, data={"do": do, "reference": reference}).status_code in (200, 303)
        assert noted(database, cast)[0].kind == kind
    with database.read.connect() as connection:
        rows = [str(row) for row in connection.execute(text("SELECT * FROM act"))]
    assert rows
    assert not [row for row in rows if reference in row]


def test_a_result_that_the_worker_made_is_noted_as_made_by_nobody(
    database: Database, cast: Cast, lived_in: World
) -> None:
    made = [act for act in noted(database, cast) if act.kind == "result.made"]
    assert [(act.user_id, act.wave_id) for act in made] == [(None, lived_in.closed)]


@pytest.mark.both
@pytest.mark.parametrize("statement", ["UPDATE act SET kind = 'wave.opened'", "DELETE FROM act"])
def test_the_database_refuses_to_change_or_delete_an_act(database: Database, cast: Cast, statement: str) -> None:
    before = noted(database, cast)
    assert before
    with pytest.raises(DBAPIError, match="an act is"), database.write.begin() as connection:
        connection.execute(text(statement))
    assert noted(database, cast) == before


def test_sqlite_replaces_no_act(database: Database, cast: Cast) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has no REPLACE")
    with pytest.raises(DBAPIError, match="never changed"), database.write.begin() as connection:
        connection.execute(text("INSERT OR REPLACE INTO act SELECT * FROM act"))


@pytest.mark.both
def test_entries_go_three_years_after_their_month_and_leave_a_record(
    database: Database, cast: Cast, clock: Clock
) -> None:
    began = clock()
    with database.writing() as session:
        note(session, "wave.told", organisation_id=cast.organisation, user_id=cast.ada, now=began)
    clock.advance(days=3 * 366 + 62)
    with database.writing() as session:
        note(session, "wave.opened", organisation_id=cast.organisation, user_id=cast.ada, now=clock())
    for _ in range(2):
        sweep(database, clock())
    assert [act.kind for act in noted(database, cast)] == ["wave.opened"]
    with database.reading() as session:
        told = [one for one in records.records(session) if one.what == "acts"]
    assert {one.organisation_id for one in told} == {cast.organisation, cast.other}
    assert len(told) == 2


@pytest.mark.both
def test_the_log_goes_with_its_client(database: Database, cast: Cast, clock: Clock) -> None:
    with database.reading() as session:
        name = session.connection().scalar(text("SELECT name FROM organisation WHERE name LIKE 'Quarry%'"))
    with database.writing() as session:
        retention.ask_to_delete_client(
            session, organisation_id=cast.other, typed=str(name), user_id=cast.ben, now=clock()
        )
    with database.writing() as session:
        retention.delete_client(session, organisation_id=cast.other, now=clock())
    with database.reading() as session:
        assert queries.acts(session, cast.other, Wanted(), most=10) == ()


def lines_of(page: str) -> Iterator[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    for row in body.split("</tr>"):
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        if cells:
            yield cells


@pytest.mark.both
def test_the_page_is_filtered_by_who_by_what_and_by_day_in_the_clients_time_zone(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    late = clock().replace(year=2027, month=3, day=1, hour=23, minute=30)  # in Berlin the next day has begun
    with database.writing() as session:
        note(session, "wave.told", organisation_id=cast.organisation, user_id=cast.ben, now=late)
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/log"
    everything = list(lines_of(client.get(path).text))
    assert everything[0][:3] == ["2 March 2027, 00:30", "Ben", "Wrote whom to ask and where results will be"]
    for question, there in (
        (f"who={cast.ben}", True),
        (f"who={cast.ada}", False),
        ("what=wave", True),
        ("what=download", False),
        ("since=2027-03-02&until=2027-03-02", True),
        ("until=2027-03-01", False),
    ):
        found = list(lines_of(client.get(f"{path}?{question}").text))
        assert (everything[0] in found) is there, question
        assert found != everything


@pytest.mark.parametrize("asked", ["who=x&what=y", "since=tomorrow", "until=9999-12-31", "since=0001-01-01", "after=~"])
def test_a_filter_that_cannot_be_meant_is_left_out(client: TestClient, cast: Cast, asked: str) -> None:
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/log"
    shown = client.get(f"{path}?{asked}")
    assert shown.status_code == 200
    assert list(lines_of(shown.text)) == list(lines_of(client.get(path).text))


def test_a_long_log_is_turned_over_page_by_page_and_nothing_is_shown_twice(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        for number in range(230):  # many at one time, as an import makes them
            name = "wave.told" if number % 2 else "wave.opened"
            note(session, name, organisation_id=cast.organisation, user_id=cast.ada, now=clock())
    sign_in(client, "Ada")
    path, seen = f"/organisations/{cast.organisation}/log?what=wave", 0
    while path:
        page = client.get(path).text
        seen += len(list(lines_of(page)))
        further = re.search(r'href="([^"]+after=[^"]+)"', page)
        path = further[1].replace("&amp;", "&") if further else ""
    assert seen == 230


@pytest.mark.both
def test_the_file_has_what_the_filter_asks_for_and_no_cell_is_a_formula(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    legal = cast.departments["Legal"]
    with database.writing() as session:
        session.connection().execute(text("UPDATE department SET name = '=1+1' WHERE name = 'Legal'"))
        note(
            session, "client.department_changed", organisation_id=cast.organisation, user_id=cast.ada, now=clock(),
            subject_id=legal,
        )  # fmt: skip
    answer = client.get(f"/organisations/{cast.organisation}/log.csv?what=client")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "time,user,act,what,wave,about,detail"
    assert any("client.department_changed,Changed a department,,'=1+1," in line for line in lines)
    assert all(",client." in line for line in lines[1:])
    assert answer.headers["content-disposition"] == 'attachment; filename="log.csv"'


def test_an_act_of_an_unknown_kind_is_a_mistake_of_ours(database: Database, cast: Cast, clock: Clock) -> None:
    with pytest.raises(KeyError), database.writing() as session:
        note(session, "wave.sunk", organisation_id=cast.organisation, user_id=None, now=clock())


def test_a_name_with_markup_in_it_stays_a_name_on_the_page(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    typed = {"name": "<script>alert(1)</script>", "function": "legal", "headcount": "8"}
    legal: UUID = cast.departments["Legal"]
    opened.change(client, cast.organisation, legal, **typed)
    page = client.get(f"/organisations/{cast.organisation}/log").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_what_is_made_is_named_in_the_log(client: TestClient, database: Database, cast: Cast, lived_in: World) -> None:
    sign_in(client, "Ada")
    place = f"/organisations/{cast.organisation}"
    plan = {"name": "Second look", "instrument": "atr", "label": "2027-Q3", "form": "full", "planned_close": "",
            "mode": "confidential", "k": "5", "retention_months": "12"}  # fmt: skip
    made = client.post(f"{place}/assessments/new", data=plan).headers["location"]
    copied = client.post(f"{place}/questionnaires", data={"name": "Our own", "source": latest("atr").sha256}).headers[
        "location"
    ]
    found = {one.kind: one for one in noted(database, cast)}
    assert str(found["wave.planned"].wave_id) in made
    assert str(found["questionnaire.copied"].subject_id) in copied
    log = client.get(f"{place}/log").text
    assert "2027-Q3" in log
    assert "Our own" in log
