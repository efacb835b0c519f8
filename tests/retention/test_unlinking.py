"""After a wave has closed nothing links answers to people: not ids, not order, not the database's own marks."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app import worker
from app.answers import write
from app.answers.write import Remark
from app.db import Database
from app.errors import UnavailableError
from app.invitations import service as invitations
from app.retention import service
from app.waves import queries as waves
from app.waves import service as running
from tests.cast import Cast
from tests.conftest import Clock
from tests.respond.stage import Stage
from tests.retention import raw
from tests.robot import Robot
from tests.world import answer, begin, close

MANY = 500
IN_MEMORY = 2  # what SQLite calls it
DAY = date(2026, 10, 6)
FILES = "SELECT relfilenode FROM pg_class WHERE relname IN ('answer_sheet', 'invitation', 'draft', 'comment')"


def send_many(stage: Stage, count: int) -> list[str]:
    """Sheets that say in their codes as the how manyth they came, each sent with an invitation; gives the tokens."""
    tokens = stage.personal("Operations", count)
    random.Random(7).shuffle(tokens)
    with stage.database.writing() as session:
        for number, token in enumerate(tokens):
            found = invitations.find(session, token)
            assert found is not None
            assert invitations.spend(session, organisation_id=stage.cast.organisation, invitation_id=found.id)
            write.submit_sheet(
                session,
                organisation_id=stage.cast.organisation,
                wave_id=stage.wave,
                department_id=stage.cast.departments["Operations"],
                codes=b"no%05d" % number,
                language="en",
                day=DAY,
                flags=0,
            )
    return tokens


def shuffle(stage: Stage) -> None:
    """What the worker does first when a wave closes."""
    with stage.database.writing() as session:
        running.start_closing(session, organisation_id=stage.cast.organisation, wave_id=stage.wave, now=stage.now)
    for _ in range(2):
        with stage.database.writing() as session:
            service.unlink(session, organisation_id=stage.cast.organisation, wave_id=stage.wave, now=stage.now)
    stage.database.forget_deleted()


def places_of_sheets(stage: Stage) -> tuple[list[float], list[float]]:
    """The places of the sheets in the file, and as the how manyth each came."""
    if not stage.database.is_sqlite:
        came = [float(bytes(codes)[2:]) for codes in stage.values("SELECT codes FROM answer_sheet ORDER BY ctid")]
        return list(range(len(came))), came
    content = raw.files(stage.database, settled=True)
    numbers = range(stage.count("answer_sheet"))
    return [float(content.index(b"no%05d" % number)) for number in numbers], [float(number) for number in numbers]


def relation(stage: Stage) -> float:
    """How far the places of the sheets follow their arrival."""
    places, came = places_of_sheets(stage)
    if stage.database.is_sqlite:
        return raw.correlation_inside_pages([int(place) for place in places], came)
    return raw.rank_correlation(places, came)


def test_after_closing_the_places_of_the_sheets_in_the_file_do_not_follow_their_arrival(stage: Stage) -> None:
    send_many(stage, MANY)
    # SQLite keeps sheets by their random ids, so that little of the order is there to begin with.
    if not stage.database.is_sqlite:
        assert relation(stage) > 0.9, "the test would find an order that is there"
    shuffle(stage)
    assert stage.count("answer_sheet") == MANY
    assert abs(relation(stage)) < raw.no_relation(MANY)


def test_an_order_inside_pages_is_found_where_there_is_one() -> None:
    places = [page * raw.PAGE + 170 * row for page in range(100) for row in range(20)]
    arrivals = [float(random.Random(page).random() - row) for page in range(100) for row in range(20)]
    assert raw.correlation_inside_pages(places, arrivals) < -0.9
    random.Random(1).shuffle(arrivals)
    assert abs(raw.correlation_inside_pages(places, arrivals)) < raw.no_relation(len(places))


def test_the_order_of_the_invitations_follows_neither_their_making_nor_their_use(stage: Stage) -> None:
    tokens = send_many(stage, MANY)
    used = {}
    with stage.database.reading() as session:
        for number, token in enumerate(tokens):
            found = invitations.find(session, token)
            assert found is not None
            used[found.id] = number
    place = "rowid" if stage.database.is_sqlite else "ctid"
    made = {
        id: number for number, id in enumerate(raw.ids(stage.database, f"SELECT id FROM invitation ORDER BY {place}"))
    }

    def relations() -> list[float]:
        found = raw.ids(stage.database, f"SELECT id FROM invitation ORDER BY {place}")
        return [abs(raw.rank_correlation(range(len(found)), [order[id] for id in found])) for order in (made, used)]

    assert max(relations()) > 0.9, "the test would find an order that is there"
    shuffle(stage)
    assert max(relations()) < raw.no_relation(MANY)


def test_nothing_of_a_draft_and_no_former_id_is_left_in_the_files(
    database: Database, cast: Cast, clock: Clock, stage: Stage
) -> None:
    answer(database, cast, stage.wave, counts={"Legal": 6, "Operations": 20}, now=clock())
    for name in ("HR", "IT", "IT"):
        begin(database, cast, stage.wave, name, now=clock())
    drafts = [bytes(ciphertext) for ciphertext in stage.values("SELECT ciphertext FROM draft")]
    former = raw.ids(database, "SELECT id FROM answer_sheet")
    before = raw.files(database)
    assert all(draft[:16] in before and draft[-16:] in before for draft in drafts)
    assert all(raw.as_stored(database, id) in before for id in former)

    close(database, cast, stage.wave, now=clock.advance(days=14))

    after = raw.files(database)
    assert len(drafts) == 3
    assert len(former) == 26
    assert not [draft for draft in drafts if draft[:16] in after or draft[-16:] in after]
    assert not [id for id in former if raw.as_stored(database, id) in after]
    assert all(raw.as_stored(database, id) in after for id in raw.ids(database, "SELECT id FROM answer_sheet"))


@pytest.mark.both
def test_comments_get_new_ids_and_nothing_tells_whose_they_are(stage: Stage) -> None:
    written = [f"remark {number}" for number in range(12)]
    for number, body in enumerate(written):
        with stage.database.writing() as session:
            write.submit_comments(
                session,
                organisation_id=stage.cast.organisation,
                wave_id=stage.wave,
                department_id=stage.cast.departments["Operations"],
                remarks={"C1": Remark(body, themes_only=number % 2 == 0)},
            )
    former = raw.ids(stage.database, "SELECT id FROM comment")
    shuffle(stage)
    assert sorted(stage.values("SELECT body FROM comment")) == sorted(written)
    assert not set(raw.ids(stage.database, "SELECT id FROM comment")) & set(former)
    content = raw.files(stage.database)
    assert not [id for id in former if raw.as_stored(stage.database, id) in content]
    with stage.database.reading() as session:
        kept = session.connection().execute(text("SELECT body, themes_only FROM comment")).all()
    assert all(bool(themes_only) == (int(body.split()[1]) % 2 == 0) for body, themes_only in kept)


def test_writing_the_files_anew_gives_way_to_others_and_says_so(stage: Stage) -> None:
    other = stage.database.read.raw_connection()
    if stage.database.is_sqlite:
        waiting = stage.database.write.raw_connection()
        waiting.cursor().execute("PRAGMA busy_timeout = 50")
        waiting.close()
    cursor = other.cursor()
    cursor.execute("BEGIN" if stage.database.is_sqlite else "SELECT 1")
    cursor.execute("SELECT count(*) FROM invitation")
    assert cursor.fetchone() is not None
    stage.personal("IT")
    with pytest.raises(UnavailableError):
        stage.database.forget_deleted()
    other.rollback()
    cursor.close()
    other.close()
    stage.database.forget_deleted()


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_a_large_file_that_cannot_be_written_anew_leaves_no_answers_to_temporary_files(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.VACUUM_IN_MEMORY_BYTES", 0)
    with stage.database.writing() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(str(stage.database.write.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError):
            stage.database.forget_deleted()
    with stage.database.writing() as session:
        assert session.connection().exec_driver_sql("PRAGMA temp_store").scalar() == IN_MEMORY


def test_shuffling_changes_nothing_but_ids_and_order(stage: Stage, client) -> None:
    tokens = stage.personal("Legal", 6)
    for token in tokens[:5]:
        Robot(client).answer(f"/r/{token}")
    shared = stage.shared("HR")
    Robot(client).answer(f"/s/{shared}")
    contents = "SELECT codes || ' ' FROM answer_sheet" if stage.database.is_sqlite else "SELECT codes FROM answer_sheet"
    rows = "SELECT id, kind, generation, token_sha256, spent FROM invitation ORDER BY id"

    def told() -> tuple[Counter[bytes], list[tuple[object, ...]]]:
        with stage.database.reading() as session:
            kept = [tuple(row) for row in session.connection().execute(text(rows))]
        return Counter(map(_bytes, stage.values(contents))), kept

    before, former = told(), set(raw.ids(stage.database, "SELECT id FROM answer_sheet"))
    shuffle(stage)
    assert told() == before
    now = set(raw.ids(stage.database, "SELECT id FROM answer_sheet"))
    assert len(now) == 6
    assert not now & former
    with stage.database.reading() as session:
        spent = [invitations.find(session, token).spent for token in tokens]  # type: ignore[union-attr]  # all are there
    assert spent == [True] * 5 + [False]
    assert client.get(f"/r/{tokens[0]}/thanks").status_code == 200


@pytest.mark.both
def test_a_shuffled_wave_is_not_shuffled_again_and_an_open_one_never(stage: Stage, client) -> None:
    Robot(client).answer(f"/r/{stage.personal()[0]}")

    def unlink() -> list[UUID]:
        with stage.database.writing() as session:
            service.unlink(session, organisation_id=stage.cast.organisation, wave_id=stage.wave, now=stage.now)
        return raw.ids(stage.database, "SELECT id FROM answer_sheet")

    first = raw.ids(stage.database, "SELECT id FROM answer_sheet")
    assert unlink() == first
    shuffle(stage)
    second = raw.ids(stage.database, "SELECT id FROM answer_sheet")
    assert second != first
    assert unlink() == second


@pytest.mark.parametrize(("broken", "at_once"), [("make_release", [False]), ("propose", [])])
def test_the_files_are_written_anew_within_the_hour_even_when_no_result_can_be_made(
    stage: Stage, client, clock: Clock, monkeypatch: pytest.MonkeyPatch, broken: str, at_once: list[bool]
) -> None:
    wiped: list[bool] = []
    monkeypatch.setattr(worker, broken, lambda *_, **__: 1 / 0)
    monkeypatch.setattr(Database, "forget_deleted", lambda _, *, everything: wiped.append(everything))
    Robot(client).answer(f"/r/{stage.personal()[0]}")
    close(stage.database, stage.cast, stage.wave, now=clock())
    assert wiped == at_once
    close(stage.database, stage.cast, stage.wave, now=clock.advance(hours=1))
    assert False in wiped


def test_an_invitation_says_nothing_of_a_day(stage: Stage, client, clock: Clock) -> None:
    shared = stage.shared()
    opened = clock()
    clock.advance(days=3, minutes=17)
    Robot(client).answer(f"/s/{shared}")
    with stage.database.reading() as session:
        row = session.connection().exec_driver_sql("SELECT * FROM invitation WHERE kind = 'resume'").mappings().one()
        wave = waves.wave(session, stage.cast.organisation, stage.wave)
    assert set(row) == {
        "organisation_id", "id", "wave_id", "department_id", "kind", "reference", "generation", "token_sha256",
        "created_at", "spent", "revoked_at",
    }  # fmt: skip
    assert wave.opened_at == opened
    assert str(row["created_at"])[:19] == str(opened)[:19], "the moment would tell when somebody began"
    assert row["revoked_at"] is None
    shuffle(stage)
    assert len(set(stage.values("SELECT created_at FROM invitation"))) == 1
    assert sorted(stage.values("SELECT kind FROM job")) == ["release", "wipe"], "no job for a person"


@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_one_transaction_wrote_all_rows_of_a_closed_wave(
    database: Database, cast: Cast, clock: Clock, stage: Stage
) -> None:
    answer(database, cast, stage.wave, counts={"Legal": 6, "Operations": 12}, now=clock())
    marks = {table: stage.values(f"SELECT xmin::text FROM {table}") for table in ("answer_sheet", "invitation")}
    files = set(stage.values(FILES))
    linked = set(marks["answer_sheet"]) & set(marks["invitation"])
    assert len(linked) == 18, "while a wave is open the transaction's number leads from the sheet to the link"
    close(database, cast, stage.wave, now=clock.advance(days=14))

    after = {table: set(stage.values(f"SELECT xmin::text FROM {table}")) for table in ("answer_sheet", "invitation")}
    assert after["answer_sheet"] == after["invitation"]
    assert len(after["answer_sheet"]) == 1
    assert not files & set(stage.values(FILES)), "the tables lie in new files, in which there are no dead rows"


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_after_closing_the_log_of_sqlite_holds_no_answers(
    database: Database, cast: Cast, clock: Clock, stage: Stage
) -> None:
    answer(database, cast, stage.wave, counts={"Legal": 6}, now=clock())
    close(database, cast, stage.wave, now=clock.advance(days=14))
    name = str(database.write.url.database)
    # That the wiping is done is noted after it, and that is all that the log holds.
    content = Path(f"{name}-wal").read_bytes()
    assert content
    assert not [id for id in raw.ids(database, "SELECT id FROM answer_sheet") if id.hex.encode() in content]
    assert stage.values("SELECT count(*) FROM sqlite_temp_master") == [0], "nothing was left aside"


def _bytes(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[call-overload]  # bytes of a driver
