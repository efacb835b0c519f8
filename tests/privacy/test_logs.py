"""No log tells who answered or what: not with everything logged, not when the database refuses, not in a traceback."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import pytest
from sqlalchemy import event

from app.answers.write import Remark
from app.db import Database
from app.invitations import queries as links
from app.invitations import service as invitations
from app.invitations import tokens as link_tokens
from app.share.queries import links as shared_links
from app.share.service import revoke_link
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.comments.stage import open_stage
from tests.conftest import Clock, Template
from tests.places import Scene
from tests.respond.stage import Stage, played
from tests.respond.stage import Stage as Links
from tests.robot import Robot, always
from tests.share.stage import link, share
from tests.share.test_staff import publish
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

REFERENCE = "mildred.quince@fernhill.example"
WORDS = "The quarrelsome heron reads our letters"
SAME_ANSWERS = "4" * 8
SHOW_BROWSER = ("httpx", "httpcore", "asyncio")  # the test's own browser, and its event loop
NEEDED = "needed"
WRONG_PASSWORD: Final = "the quarrelsome otter"  # a password of no one
PASSWORDS: Final = {"open": "", "locked": "rain on the tin roof", "taken back": ""}


class Log(logging.Handler):
    """Everything that any logger is told, as it would stand in a file, tracebacks too."""

    def __init__(self) -> None:
        super().__init__(level=1)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(SHOW_BROWSER):
            self.lines.append(self.format(record))

    def find(self, secret: str) -> list[str]:
        return [line[:400] for line in self.lines if secret in line]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything is logged, the statements of the database and their results included."""
    names = ("", "sqlalchemy.engine", "sqlalchemy.pool", "psycopg", "python_multipart", "uvicorn", "uvicorn.error")
    before = {name: logging.getLogger(name).level for name in names}
    heard = Log()
    logging.getLogger().addHandler(heard)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield heard
    logging.getLogger().removeHandler(heard)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def scene() -> Scene:
    return open_stage


@pytest.fixture
def stage(scene: Scene, template: Template, database: Database) -> Stage:
    return played(template, database)


@pytest.mark.both
def test_a_whole_journey_is_logged_without_links_answers_words_or_names(
    stage: Stage, client: "TestClient", clock: Clock, log: Log
) -> None:
    [own, stolen, taken_back] = stage.personal("Operations", references=[REFERENCE, None, None])
    shared = Links(stage.database, stage.cast, stage.wave, stage.now).shared()
    _answer_with_words(client, own)
    _go_wrong(stage, client, stolen, taken_back)
    Robot(client, always("4")).answer(f"/s/{shared}")
    stage.write("Operations", [{NEEDED: Remark(f"{WORDS} {number}")} for number in range(12)])
    stage.close()
    assert client.get(f"/r/{stolen}").status_code == 410
    clock.advance(hours=2)
    _publish(stage, client, clock)
    for proof in ("INSERT INTO answer_sheet", "FROM answer_sheet", "unexpected error in respond:submit", "comment"):
        assert proof in log.text
    for secret in (own, stolen, taken_back, shared):
        assert log.find(secret) == []
        assert log.find(link_tokens.fingerprint(secret)) == []
    for secret in (WORDS, REFERENCE, SAME_ANSWERS, "T1a", "quarrelsome"):
        assert log.find(secret) == []


@pytest.mark.own_database
@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["answer_sheet", "comment", "invitation"])
def test_a_row_that_postgresql_refuses_is_not_quoted_in_the_log(
    stage: Stage, client: "TestClient", log: Log, table: str
) -> None:
    [own] = stage.personal("Operations", references=[REFERENCE])
    Robot(client, always("4")).answer(f"/r/{own}", send=False)
    client.post(f"/r/{own}/comments", data={NEEDED: WORDS, "go": "next"})
    with stage.database.writing() as session:
        # As a newer version of the service might, while this one still runs.
        session.connection().exec_driver_sql(f"ALTER TABLE {table} ADD CHECK (wave_id IS NULL) NOT VALID")
    assert client.post(f"/r/{own}/send").status_code == 500
    assert f'new row for relation "{table}" violates check constraint' in log.text
    for secret in (WORDS, REFERENCE, SAME_ANSWERS, SAME_ANSWERS.encode().hex(), own, link_tokens.fingerprint(own)):
        assert log.find(secret) == []


QUOTES_THE_ROW = """
CREATE FUNCTION quotes_the_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('SELECT 1 / 0 -- %s', NEW.body);
  RETURN NEW;
END $$;
CREATE TRIGGER quotes_the_row BEFORE INSERT ON comment FOR EACH ROW EXECUTE FUNCTION quotes_the_row()
"""


@pytest.mark.own_database
@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_a_row_is_not_quoted_from_where_postgresql_says_an_error_came_from(
    stage: Stage, client: "TestClient", log: Log
) -> None:
    [own] = stage.personal("Operations")
    Robot(client, always("4")).answer(f"/r/{own}", send=False)
    client.post(f"/r/{own}/comments", data={NEEDED: WORDS, "go": "next"})
    with stage.database.writing() as session:
        # As something might that an operator has added.
        session.connection().exec_driver_sql(QUOTES_THE_ROW)
    assert client.post(f"/r/{own}/send").status_code == 500
    assert "division by zero" in log.text
    assert log.find(WORDS) == []


@pytest.mark.both
@pytest.mark.lived_in
def test_no_link_to_a_shared_result_or_to_the_page_for_all_staff_is_logged(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock, log: Log
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    told = publish(client, f"/organisations/{cast.organisation}/waves/{lived_in.closed}/share/staff")
    token, locked, taken_back = (
        link(database, cast, lived_in, clock, label=one, password=password) for one, password in PASSWORDS.items()
    )
    client.cookies.clear()
    for path in ("", "/organisation/T1", "/organisation/T9", "/report.pdf"):
        assert client.get(f"/shared/{token}{path}").status_code in (200, 404)
    assert client.post(f"/shared/{locked}", data={"password": WRONG_PASSWORD}).status_code == 422
    assert client.post(f"/shared/{locked}", data={"password": PASSWORDS["locked"]}).status_code == 303
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": lived_in.closed}
        [last] = [one.id for one in shared_links(session, **place) if one.label == "taken back"]
        revoke_link(session, **place, link_id=last, now=clock())
    assert client.get(f"/shared/{taken_back}").status_code == 404
    assert client.get(f"{told}?language=de").status_code == 200
    with _broken(client):
        for broken in (f"/shared/{token}", told):
            with pytest.raises(OSError, match="the templates are gone"):
                client.get(broken)
    assert "unexpected error in share:link" in log.text
    assert "unexpected error in share:told" in log.text
    for secret in (token, locked, taken_back, told.rpartition("/")[2], WRONG_PASSWORD, PASSWORDS["locked"]):
        assert log.find(secret) == []


def _answer_with_words(client: "TestClient", token: str) -> None:
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    assert client.post(f"/r/{token}/comments", data={NEEDED: WORDS, "go": "next"}).status_code == 303
    assert client.post(f"/r/{token}/send").status_code == 303


def _go_wrong(stage: Stage, client: "TestClient", token: str, taken_back: str) -> None:
    """A broken form, a link that leads nowhere, one that was taken back, a disk that is full."""
    assert client.post(f"/r/{token}/t1-t3", data={"T1a": f"{WORDS} 9"}).status_code == 422
    assert client.post(f"/r/{token}/comments", data={NEEDED: WORDS * 99}).status_code == 422
    assert client.post(f"/r/{token}/t1-t3", content=f"T1a={WORDS}", headers={"Content-Type": "x"}).status_code < 500
    assert client.get(f"/r/{token}x").status_code == 404
    with stage.database.reading() as session:
        found = invitations.find(session, taken_back)
    assert found is not None
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave, "invitation_id": found.id}
    with stage.database.writing() as session:
        invitations.revoke(session, **place, now=stage.now)
    assert client.get(f"/r/{taken_back}").status_code == 410
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    with _full_disk(client):
        assert client.post(f"/r/{token}/send").status_code == 500
        assert client.post(f"/r/{token}/comments", data={NEEDED: WORDS}).status_code == 500


@contextmanager
def _broken(client: "TestClient") -> Iterator[None]:
    """No page can be made."""

    def refuse(*_: object, **__: object) -> str:
        raise OSError("the templates are gone")

    with patch.object(client.app.state.templates, "render", refuse):  # type: ignore[attr-defined]  # our application
        yield


@contextmanager
def _full_disk(client: "TestClient") -> Iterator[None]:
    """The database cannot commit."""
    engine = client.app.state.database.write  # type: ignore[attr-defined]  # our application has a state

    def refuse(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(engine, "commit", refuse)
    yield
    event.remove(engine, "commit", refuse)


def _publish(stage: Stage, client: "TestClient", clock: Clock) -> None:
    """The consultant reviews the comments, looks at everything, deletes the list of people, and asks for the report."""
    sign_in(client, "Ada")
    while (led := client.get(f"{stage.address}/comments/next").headers["location"]) != f"{stage.address}/comments":
        assert client.post(led, data={"decision": "publish", "theme": "Training"}).status_code == 303
    assert client.post(f"{stage.address}/comments/supplement").status_code == 303
    person = {"reference": REFERENCE, "do": "erase"}
    assert client.post(f"/organisations/{stage.cast.organisation}/people", data=person).status_code == 303
    assert client.post(f"{stage.address}/roster/delete").status_code == 303
    while Worker(stage.database, clock=clock).work_once():
        pass
    for path in ("/heatmap", "/certificate", "/release.json", "/report", "/comments"):
        assert client.get(stage.address + path).status_code == 200
    with stage.database.reading() as session:
        assert links.references(session, organisation_id=stage.cast.organisation, wave_id=stage.wave) == {}
