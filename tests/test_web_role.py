"""A second PostgreSQL login for the web processes, with the rights that docs/operations.md gives it and no others."""

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import ProgrammingError
from starlette.testclient import TestClient

from app.db import Database
from app.main import create_app
from app.settings import Settings
from app.worker import Worker
from tests.actions.stage import one, taken
from tests.cast import ORGANISATION, Cast, sign_in
from tests.comments.stage import open_stage
from tests.conftest import SAME_ORIGIN, Clock, Template, Templates
from tests.people.lists import people_of, take_list
from tests.robot import Robot
from tests.world import World

OPERATIONS = Path(__file__).parent.parent / "docs" / "operations.md"
ROLE = "plumbline_web"
NEVER_CHANGED = text(
    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE '%is_immutable'"
)
MAY = text("SELECT has_table_privilege(:role, :table, :what)")

pytestmark = [pytest.mark.lived_in, pytest.mark.own_database]


@pytest.fixture
def template(templates: Templates) -> Template:
    """PostgreSQL only: SQLite has no logins."""
    return templates.of("postgresql", "world")


@pytest.fixture
def web_url(database: Database, database_url: str) -> Iterator[str]:
    """The address of the database for a login made and given its rights by the statements of the documentation."""
    name, password = f"{ROLE}_{secrets.token_hex(4)}", secrets.token_hex(8)
    create, grants = re.findall(r"```sql\n(.*?)```", OPERATIONS.read_text(), flags=re.DOTALL)
    with database.write.begin() as connection:
        connection.exec_driver_sql(create.replace(ROLE, name).replace("choose one", password))
        connection.exec_driver_sql(grants.replace(ROLE, name))
    yield make_url(database_url).set(username=name, password=password).render_as_string(hide_password=False)
    with database.write.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


@pytest.fixture
def client(settings: Settings, web_url: str, clock: Clock) -> Iterator[TestClient]:
    """A browser at an application that has the second login only."""
    application = create_app(settings.model_copy(update={"web_database_url": web_url}), clock=clock)
    with TestClient(application, headers=SAME_ORIGIN, follow_redirects=False) as opened:
        yield opened


def sheets(database: Database) -> int:
    """How many answer sheets there are, as the owner of the database sees it."""
    with database.read.connect() as connection:
        found: int = connection.execute(text("SELECT count(*) FROM answer_sheet")).scalar_one()
    return found


def test_with_the_login_of_the_web_a_survey_is_answered_and_sent_and_the_console_works(
    client: TestClient, database: Database, cast: Cast, lived_in: World
) -> None:
    sign_in(client, "Ada")
    wave = f"/organisations/{cast.organisation}/waves/{lived_in.running}"
    department = str(cast.departments["HR"])
    made = client.post(f"{wave}/links", data={"do": "shared", "department": department})
    assert made.status_code == 303, made.text
    link = re.search(r"http://testserver(/s/[a-z2-7]+)", client.get(f"{wave}/links").text)
    assert link is not None
    before = sheets(database)
    walk = Robot(client).answer(link[1])
    assert walk.thanked, walk.text
    assert sheets(database) == before + 1

    closed = f"/organisations/{cast.organisation}/waves/{lived_in.closed}"
    for page in (f"/organisations/{cast.organisation}", wave, closed, f"{closed}/heatmap", f"{closed}/report"):
        assert client.get(page).status_code == 200, page
    assert client.post(f"{closed}/report", data={"paper": "A4"}).status_code == 303
    changed = client.post(f"{wave}/headcounts/{department}", data={"headcount": "7"})
    assert changed.status_code == 303
    assert client.post(f"{wave}/close").status_code == 303
    assert "takes no more answers" in client.get(client.get(wave).headers["location"]).text


def test_with_the_login_of_the_web_people_are_forgotten_and_a_client_is_asked_to_be_deleted(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
) -> None:
    sign_in(client, "Ada")
    here = f"/organisations/{cast.organisation}"
    people = people_of(cast.organisation, lived_in.running)
    assert take_list(client, people, "department,reference\nLegal,p-1\n").status_code == 303
    for do, status in (("find", 200), ("save", 200), ("erase", 303)):
        assert client.post(f"{here}/people", data={"do": do, "reference": "p-1"}).status_code == status, do
    assert client.post(f"{here}/waves/{lived_in.closed}/roster/delete").status_code == 303
    assert client.get(f"{here}/export.zip").status_code == 200
    assert client.post(f"{here}/delete", data={"name": ORGANISATION}).status_code == 303
    assert "Under way" in client.get("/deletions").text
    while Worker(database, clock=clock).work_once():
        pass
    assert sheets(database) == 0
    assert "The whole client" in client.get("/deletions").text


def test_with_the_login_of_the_web_somebody_who_left_is_taken_out_of_the_plan(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    planned = taken(database, cast, clock(), owner="Dana Doe", mail="dana@example.org")
    sign_in(client, "Ada")
    given = {"who": "dana@example.org", "owner": "Finn Example", "left": "yes"}
    assert client.post(f"/organisations/{cast.organisation}/plan/owners", data=given).status_code == 303
    assert one(database, cast, planned).facts.owner == "Finn Example"


def test_with_the_login_of_the_web_comments_are_written_and_reviewed(
    client: TestClient, database: Database, cast: Cast, clock: Clock
) -> None:
    stage = open_stage(database, cast, clock())
    [token] = stage.personal("IT")
    client.post(f"/r/{token}/comments", data={"needed": "Rules first."})
    assert client.post(f"/r/{token}/send").headers["location"] == f"/r/{token}/thanks"
    stage.close()
    clock.advance(hours=2)
    sign_in(client, "Ada")
    led = client.get(f"{stage.address}/comments/next").headers["location"]
    assert "Rules first." in client.get(led).text
    assert client.post(led, data={"decision": "themes", "theme": "Rules"}).status_code == 303
    assert client.post(f"{stage.address}/comments/supplement").status_code == 303
    assert client.get(f"{stage.address}/comments").status_code == 200
    assert client.get(f"{stage.address}/heatmap/organisation").status_code == 200


def test_what_the_database_refuses_to_change_is_named_in_the_rights_that_the_documentation_gives(
    database: Database, web_url: str
) -> None:
    _, grants = re.findall(r"```sql\n(.*?)```", OPERATIONS.read_text(), flags=re.DOTALL)
    named = {one for some in re.findall(r"REVOKE .*? ON (.*?) FROM", grants) for one in some.split(", ")}
    with database.read.connect() as connection:
        there = set(inspect(connection).get_table_names())
        guarded = set(connection.execute(NEVER_CHANGED).scalars())
        role = make_url(web_url).username
        may = {
            (table, what)
            for table in there
            for what in ("UPDATE", "DELETE")
            if connection.execute(MAY, {"role": role, "table": table, "what": what}).scalar_one()
        }
    assert named <= there, "the documentation names tables that are not there"
    assert guarded, "no table refuses to be changed"
    written_once = {"own_action_version", "planned_action_version", "client_document_version", "report_look"}
    assert written_once <= named, "these are written once and never changed"
    assert guarded <= named, "what is never changed, the login of the web has no right to change either"
    assert {table for table, _ in may} == there - named


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM answer_sheet",
        "SELECT codes FROM answer_sheet",
        "UPDATE answer_sheet SET flags = 0",
        "DELETE FROM answer_sheet",
        "SELECT body FROM comment",
        "SELECT department_id FROM comment",
        "DELETE FROM comment",
        "SELECT entries FROM release_ledger",
        "SELECT entries FROM comparison_ledger",
        "UPDATE supplement SET number = 2",
        "UPDATE comparison SET number = 2",
        "DELETE FROM comparison",
        "INSERT INTO release SELECT * FROM release",
        "UPDATE release SET number = 2",
        "DELETE FROM release",
        "UPDATE alembic_version SET version_num = '0000'",
        "INSERT INTO release_ledger SELECT * FROM release_ledger",
        "DELETE FROM release_ledger",
        "DELETE FROM comparison_ledger",
        "INSERT INTO supplement SELECT * FROM supplement",
        "DELETE FROM supplement",
        "UPDATE deletion_record SET counts = '{}'",
        "DELETE FROM deletion_record",
        "TRUNCATE deletion_record",
        "UPDATE autonomy_policy SET number = 2",
        "DELETE FROM autonomy_policy",
        "UPDATE decision_record SET number = 2",
        "DELETE FROM decision_record",
        "UPDATE workflow_version SET number = 2",
        "DELETE FROM workflow_version",
        "UPDATE instrument_version SET version = '2.0.0'",
        "DELETE FROM instrument_translation",
        "CREATE TABLE copied (n int)",
    ],
)
def test_the_login_of_the_web_may_neither_read_answers_nor_touch_results(web_url: str, statement: str) -> None:
    with (
        closing(Database(web_url)) as web,
        pytest.raises(ProgrammingError, match="permission denied"),
        web.write.begin() as connection,
    ):
        connection.exec_driver_sql(statement)
