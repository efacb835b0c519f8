"""What must not come out: drafts without their link, tokens and answers in logs, the order of arrival."""

import logging

import pytest
from sqlalchemy import event

from app.answers import write
from app.errors import ConflictError
from app.invitations import service as invitations
from app.invitations import tokens
from tests.conftest import recorded
from tests.robot import Robot, always, forms


def test_a_draft_is_unreadable_without_its_link(stage, client):
    [token, other] = stage.personal(count=2)
    client.post(f"/r/{token}/t1", data={"T1a": "4", "T1b": "4"})
    [ciphertext] = stage.values("SELECT ciphertext FROM draft")
    assert b"T1a" not in bytes(ciphertext)
    assert b"answers" not in bytes(ciphertext)
    with stage.database.reading() as session:
        found = invitations.find(session, token)
        assert found is not None
        place = {"organisation_id": stage.cast.organisation, "invitation_id": found.id}
        draft = write.load_draft(session, **place, token=token)
        assert draft is not None
        assert draft.answers == {"T1a": "4", "T1b": "4"}
        with pytest.raises(ConflictError, match="cannot be opened"):
            write.load_draft(session, **place, token=other)


def test_a_draft_moved_to_another_invitation_cannot_be_read(stage, client):
    [token, other] = stage.personal(count=2)
    client.post(f"/r/{token}/t1", data={"T1a": "4"})
    client.post(f"/r/{other}/t1", data={"T1a": "1"})
    with stage.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE draft SET ciphertext = (SELECT max(ciphertext) FROM draft)")
    statuses = sorted(client.get(f"/r/{each}/t1").status_code for each in (token, other))
    assert statuses == [200, 409]


def test_the_same_answers_saved_again_look_different(stage, client):
    [token] = stage.personal()
    seen = set()
    for _ in range(3):
        client.post(f"/r/{token}/t1", data={"T1a": "4"})
        seen |= {bytes(ciphertext) for ciphertext in stage.values("SELECT ciphertext FROM draft")}
    assert len(seen) == 3


def test_no_link_is_stored(stage, client):
    [token] = stage.personal()
    stored = str(stage.values("SELECT token_sha256 FROM invitation")[0])
    assert token not in stored
    assert stored == tokens.fingerprint(token)


def test_tokens_and_answers_appear_in_no_log(stage, client, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("uvicorn.access", "httpx2", "httpcore2", "python_multipart"):
        logging.getLogger(name).disabled = name != "uvicorn.access"
    [token, stolen] = stage.personal(count=2)
    shared = stage.shared()
    Robot(client, always("4")).answer(f"/r/{token}")
    Robot(client).answer(f"/s/{shared}")
    client.get(f"/r/{stolen}x")
    broken = _break_commits(stage, client)
    client.post(f"/r/{stolen}/t1", data={"T1a": "4"})
    broken()
    told = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "unexpected error in respond:save" in told
    for secret in (token, stolen, shared, tokens.fingerprint(token)):
        assert secret not in told
    assert "T1a" not in told


@pytest.mark.both
@pytest.mark.own_database
def test_what_the_database_refuses_is_logged_without_the_answers(stage, client, caplog):
    [token] = stage.personal()
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    with stage.database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE answer_sheet RENAME COLUMN flags TO flogs")
    answer = client.post(f"/r/{token}/send")
    assert answer.status_code == 500
    told = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "unexpected error in respond:submit" in told
    assert "444" not in told
    assert token not in told


@pytest.mark.both
def test_a_failed_commit_says_no_thank_you(stage, client):
    [token] = stage.personal()
    Robot(client, always("4")).answer(f"/r/{token}", send=False)
    mend = _break_commits(stage, client)
    failed = client.post(f"/r/{token}/send")
    assert failed.status_code == 500
    assert "Thank you" not in failed.text
    assert "Pages saved before are safe" in failed.text
    mend()
    assert stage.count("answer_sheet") == 0
    assert stage.count("draft") == 1
    assert client.post(f"/r/{token}/send").headers["location"] == f"/r/{token}/thanks"
    assert stage.count("answer_sheet") == 1


def test_a_failed_commit_says_nothing_is_saved(stage, client):
    [token] = stage.personal()
    mend = _break_commits(stage, client)
    failed = client.post(f"/r/{token}/t1", data={"T1a": "4"})
    assert failed.status_code == 500
    assert "was not saved" in failed.text
    mend()
    assert stage.count("draft") == 0


def test_a_wave_that_closes_while_answers_are_sent_keeps_nothing_of_them(stage, client):
    [token] = stage.personal()
    Robot(client, always("4")).answer(f"/r/{token}", send=False)

    def close(connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO answer_sheet"):
            connection.exec_driver_sql("UPDATE wave SET state = 'closing'")

    engine = client.app.state.database.write
    event.listen(engine, "after_cursor_execute", close)
    answer = client.post(f"/r/{token}/send")
    event.remove(engine, "after_cursor_execute", close)
    assert answer.status_code == 410
    assert "This survey has closed" in answer.text
    assert stage.count("answer_sheet") == 0
    assert stage.count("draft") == 1
    assert [bool(spent) for spent in stage.values("SELECT spent FROM invitation")] == [False]


def test_a_sheet_holds_nothing_of_the_invitation(stage, client):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}")
    [id] = stage.values("SELECT id FROM answer_sheet")
    [invitation] = stage.values("SELECT id FROM invitation")
    assert str(id) != str(invitation)
    with stage.database.reading() as session:
        row = session.connection().exec_driver_sql("SELECT * FROM answer_sheet").mappings().one()
    assert set(row) == {"organisation_id", "wave_id", "department_id", "id", "language", "day", "flags", "codes"}


def test_pages_are_kept_by_no_cache_and_set_no_cookie(stage, client):
    [token] = stage.personal()
    for path in (f"/r/{token}", f"/r/{token}/t1", f"/r/{token}/send", f"/s/{stage.shared()}"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "set-cookie" not in answer.headers


def test_a_page_costs_a_fixed_number_of_statements(stage, client, application):
    [token] = stage.personal()
    data = {f"T1{letter}": "3" for letter in "abcd"}
    client.post(f"/r/{token}/t1", data=data)
    with recorded(application.state.database) as seen:
        client.get(f"/r/{token}/t1")
    reading = [statement for statement in seen if not statement.startswith(("BEGIN", "COMMIT"))]
    assert len(reading) == 2, reading
    with recorded(application.state.database) as seen:
        client.post(f"/r/{token}/t1", data=data)
    writing = [statement for statement in seen if not statement.startswith(("BEGIN", "COMMIT"))]
    # PostgreSQL has to be asked to keep the wave open; on SQLite nobody else writes.
    assert len(writing) == (3 if stage.database.is_sqlite else 4), writing
    assert len([statement for statement in seen if "INSERT INTO draft" in statement]) == 1


@pytest.mark.both
def test_a_sheet_is_stored_without_reading_it_back(stage, client, application):
    [token] = stage.personal()
    Robot(client).answer(f"/r/{token}", send=False)
    with recorded(application.state.database) as seen:
        client.post(f"/r/{token}/send")
    about_sheets = [statement for statement in seen if "answer_sheet" in statement]
    assert len(about_sheets) == 1
    assert about_sheets[0].startswith("INSERT INTO answer_sheet")
    assert "RETURNING" not in about_sheets[0]
    assert "ON CONFLICT" not in about_sheets[0]


def test_screening_flags_are_made_when_the_answers_are_sent(stage, client):
    tokens_ = stage.personal(count=2)
    Robot(client, always("5")).answer(f"/r/{tokens_[0]}")
    [flags] = stage.values("SELECT flags FROM answer_sheet")
    assert flags == 31  # at once, always the same, and the attention item wrong


def _break_commits(stage, client):
    engine = client.app.state.database.write

    def refuse(_connection):
        raise OSError("the disk is full")

    event.listen(engine, "commit", refuse)
    return lambda: event.remove(engine, "commit", refuse)


def test_the_hidden_time_is_not_trusted(stage, client):
    [token] = stage.personal()
    for shown in ("", "x", "-5", "9" * 30, "9" * 14, "1e9", "٣"):
        assert client.post(f"/r/{token}/t1", data={"T1a": "3", "shown": shown}).status_code == 303
    assert forms(client.get(f"/r/{token}/t1").text)[0].checked == {"T1a": "3"}
