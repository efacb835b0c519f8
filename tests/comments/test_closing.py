"""When a wave closes, words are masked before anything else can need or delete what they are masked by."""

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app import worker
from app.answers.write import Remark
from app.comments import make
from app.db import Database
from app.jobs import service as jobs
from app.jobs.queries import JobFacts
from app.retention.service import WIPE
from app.waves import service as waves
from app.worker import Worker
from tests.cast import sign_in
from tests.conftest import Clock
from tests.respond.stage import A_WHILE, Stage
from tests.retention import raw

NAMED = "Ask Konstantina about the copper ledger"


def write_one(stage: Stage) -> None:
    stage.write("Operations", [{"needed": Remark(NAMED)}], roster=["Konstantina Vale"])


def words_in_vault(database: Database) -> list[str]:
    with database.reading() as session:
        return [body for body in session.connection().execute(text("SELECT body FROM comment")).scalars() if body]


def fails(*_: object, **__: object) -> None:
    raise ArithmeticError


def again(stage: Stage, clock: Clock) -> None:
    """Some time later somebody asks for the result once more, and a worker does what is due."""
    clock.advance(hours=1)
    with stage.database.writing() as session:
        jobs.retry(session, kind=waves.RELEASE, subject_id=stage.wave, now=clock())
    while Worker(stage.database, clock=clock).work_once():
        pass


@pytest.mark.both
def test_no_words_are_left_in_the_vault_when_the_wave_counts_as_closed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one(stage)
    assert words_in_vault(stage.database) == [NAMED]
    left: list[list[str]] = []
    monkeypatch.setattr(worker, "make_release", lambda database, **_: left.append(words_in_vault(database)))
    stage.close()
    assert left == [[]]
    assert stage.rows("SELECT masked FROM comment_review") == [("Ask [name] about the copper ledger",)]


def test_nothing_is_reviewed_before_the_result_is_made(
    client: TestClient, stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one(stage)
    with monkeypatch.context() as broken:
        broken.setattr(worker, "make_release", fails)
        stage.close()
    sign_in(client, "Ada")
    page = client.get(f"{stage.address}/comments")
    assert "Comments are reviewed when the wave is closed" in page.text
    assert "copper" not in page.text
    assert client.get(f"{stage.address}/comments/next").headers["location"].endswith("/comments")
    clock.advance(hours=2)
    again(stage, clock)
    assert "0 of 1 decided" in client.get(f"{stage.address}/comments").text


def test_words_that_are_masked_late_are_gone_from_the_files_all_the_same(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one(stage)
    with monkeypatch.context() as broken:
        broken.setattr(worker, "propose", fails)
        stage.close()
        # An hour after the shuffle the files are written anew although masking has not worked yet.
        clock.advance(hours=3)
        while Worker(stage.database, clock=clock).work_once():
            pass
    assert NAMED.encode() in raw.files(stage.database)
    assert set(stage.rows("SELECT state FROM job WHERE kind = 'wipe'")) == {("done",)}
    again(stage, clock)
    assert words_in_vault(stage.database) == []
    assert NAMED.encode() not in raw.files(stage.database)


def test_files_that_are_being_written_anew_while_words_are_masked_are_written_once_more(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one(stage)
    wiped: list[bool] = []
    taken: list[JobFacts | None] = []
    masked = make.propose

    def propose(database: Database, **place: object) -> None:
        """Another worker takes the job of wiping at this moment, as if an hour had gone by."""
        now = stage.now + A_WHILE
        with database.writing() as session:
            assert jobs.hasten(session, kind=WIPE, subject_id=stage.wave, now=now)
            taken.append(jobs.take(session, worker="other", now=now))
        masked(database, **place)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(worker, "propose", propose)
    monkeypatch.setattr(Database, "forget_deleted", lambda _, *, everything: wiped.append(everything))
    stage.close()
    assert [job.kind for job in taken if job] == ["wipe"]
    assert wiped == [False], "by this worker, after the words were masked"
