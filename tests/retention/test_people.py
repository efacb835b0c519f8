"""Lists of people: what is stored about one person, forgetting them, deleting the whole list; results stay."""

import json

import pytest
from starlette.testclient import TestClient

from app.invitations import queries as invited
from app.releases import store
from app.retention import queries
from app.worker import Worker
from tests.cast import sign_in
from tests.conftest import Clock
from tests.people.lists import people_of, take_list
from tests.respond.stage import Stage
from tests.retention import raw
from tests.robot import Robot
from tests.world import close

NAME = "Person 4711 (fictional)"
ROSTER = f"department,reference\nLegal,{NAME}\nLegal,p-2\nHR,p-3\n"

STORED = {
    "assessment": "Readiness",
    "wave": "2026-Q3",
    "wave_state": "open",
    "department": "Legal",
    "called": NAME,
    "name": "",
    "mail": None,
    "language": None,
    "on_the_list": True,
    "kind_of_link": "personal",
    "links_made": 1,
    "link_taken_back_at": None,
    "mail_bounced": False,
    "mails_stopped": None,
    "answers_sent": None,
    "saved_and_not_sent": None,
}


@pytest.fixture
def ada(client: TestClient, stage: Stage) -> TestClient:
    sign_in(client, "Ada")
    assert take_list(client, people_of(stage.cast.organisation, stage.wave), ROSTER).status_code == 303
    return client


def links(stage: Stage) -> str:
    return f"/organisations/{stage.cast.organisation}/waves/{stage.wave}/links"


def people(stage: Stage) -> str:
    return f"/organisations/{stage.cast.organisation}/people"


def token_of(stage: Stage, reference: str) -> str:
    with stage.database.reading() as session:
        [entry] = invited.entries(session, organisation_id=stage.cast.organisation, reference=reference)
    return stage.tokens()[entry.invitation_id]


def work(stage: Stage, clock: Clock) -> None:
    while Worker(stage.database, clock=clock).work_once():
        pass


def records(stage: Stage) -> tuple[queries.DeletionFacts, ...]:
    with stage.database.reading() as session:
        return queries.records(session)


def test_a_person_is_found_by_what_the_list_calls_them_and_the_page_does_not_say_whether_they_answered(
    ada: TestClient, stage: Stage
) -> None:
    def told() -> str:
        found = ada.post(people(stage), data={"do": "find", "reference": f"  {NAME} "})
        assert found.status_code == 200
        return found.text

    before = told()
    for word in (NAME, "stands on one list", "2026-Q3", "Legal", "a link was given out"):
        assert word in before
    Robot(ada).answer(f"/r/{token_of(stage, NAME)}")
    assert told() == before


@pytest.mark.both
def test_the_file_holds_every_field_that_is_stored_but_for_the_fingerprint_of_the_link(
    ada: TestClient, stage: Stage, clock: Clock
) -> None:
    Robot(ada).answer(f"/r/{token_of(stage, NAME)}", send=False)

    def saved() -> dict[str, object]:
        answer = ada.post(people(stage), data={"do": "save", "reference": NAME})
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["content-disposition"] == 'attachment; filename="stored-about-one-person.json"'
        assert answer.headers["cache-control"] == "no-store"
        assert "token" not in answer.text
        told = json.loads(answer.text)
        assert (told["reference"], told["exported_at"]) == (NAME, clock().isoformat())
        assert "nobody can tell which are this person's" in told["not_included"]
        [entry] = told["entries"]
        return dict(entry)

    begun = saved()
    assert begun == {**STORED, "link_made_at": clock().isoformat()}
    Robot(ada).answer(f"/r/{token_of(stage, NAME)}")
    assert saved() == begun, "while people answer, nobody learns who has"
    with stage.database.write.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET state = 'closed'")
    closed = {"wave_state": "closed", "answers_sent": True, "saved_and_not_sent": False, "mails_stopped": False}
    assert saved() == begun | closed


def test_a_reference_that_is_in_no_list_is_said_at_the_field(ada: TestClient, stage: Stage) -> None:
    wrong = [("find", reference) for reference in ("", "  ", "nobody", NAME.upper(), "x" * 500, "<b>", "p-%", "p-_")]
    for do, reference in [*wrong, ("save", "nobody"), ("erase", "nobody"), ("erase", ""), ("x", "nobody")]:
        answer = ada.post(people(stage), data={"do": do, "reference": reference})
        assert answer.status_code == 422, (do, reference)
        assert 'id="reference-error"' in answer.text
        assert "<b>" not in answer.text
    assert records(stage) == ()
    assert stage.count("invitation") == 3


@pytest.mark.both
def test_erasing_before_answering_deletes_what_was_saved_and_leaves_the_link(
    ada: TestClient, stage: Stage, clock: Clock
) -> None:
    token = token_of(stage, NAME)
    Robot(ada).answer(f"/r/{token}", send=False)
    [draft] = [bytes(ciphertext) for ciphertext in stage.values("SELECT ciphertext FROM draft")]
    assert NAME.encode() in raw.files(stage.database)
    answer = ada.post(people(stage), data={"do": "erase", "reference": NAME})
    assert answer.status_code == 303
    assert NAME not in answer.headers["location"]
    assert "has been erased from all lists" in ada.get(answer.headers["location"]).text
    assert stage.count("draft") == 0
    assert ada.post(people(stage), data={"do": "find", "reference": NAME}).status_code == 422
    [record] = records(stage)
    assert (record.what, record.user_id, record.counts) == ("person", stage.cast.ada, {"invitation": 1, "person": 1})
    assert NAME not in str(record)
    work(stage, clock)
    content = raw.files(stage.database)
    assert NAME.encode() not in content
    assert draft[:16] not in content
    assert Robot(ada).answer(f"/r/{token}").thanked
    assert sorted(r for r in stage.values("SELECT reference FROM invitation") if r) == ["p-2", "p-3"]


def test_erasing_after_answering_leaves_the_answers_and_the_result(ada: TestClient, stage: Stage, clock: Clock) -> None:
    for reference in (NAME, "p-2", "p-3"):
        Robot(ada).answer(f"/r/{token_of(stage, reference)}")
    close(stage.database, stage.cast, stage.wave, now=clock.advance(days=14))
    sign_in(ada, "Ada")
    with stage.database.reading() as session:
        before = store.latest(session, stage.cast.organisation, stage.wave)
    assert ada.post(people(stage), data={"do": "erase", "reference": NAME}).status_code == 303
    assert stage.count("answer_sheet") == 3
    assert stage.count("invitation") == 3
    with stage.database.reading() as session:
        assert store.latest(session, stage.cast.organisation, stage.wave) == before


@pytest.mark.both
def test_a_reference_is_found_in_all_waves_of_the_client_and_in_no_other_client(
    ada: TestClient, client: TestClient, stage: Stage
) -> None:
    sign_in(client, "Ben")
    theirs = f"/organisations/{stage.cast.other}/people"
    assert client.post(theirs, data={"do": "find", "reference": NAME}).status_code == 422
    assert client.post(theirs, data={"do": "erase", "reference": NAME}).status_code == 422
    assert NAME in stage.values("SELECT reference FROM invitation")


def test_the_list_is_deleted_after_the_close_and_results_do_not_change(
    ada: TestClient, stage: Stage, clock: Clock
) -> None:
    tokens = [token_of(stage, reference) for reference in (NAME, "p-2")]
    shared = stage.shared("IT")
    for link in (f"/r/{tokens[0]}", f"/s/{shared}"):
        Robot(ada).answer(link)
    delete = links(stage).removesuffix("/links") + "/roster/delete"
    early = ada.post(delete)
    assert early.status_code == 409
    assert "is not closed yet" in early.text
    assert "Delete the list of people" not in ada.get(links(stage)).text

    close(stage.database, stage.cast, stage.wave, now=clock.advance(days=14))
    sign_in(ada, "Ada")
    assert "3 personal links" in ada.get(links(stage)).text
    with stage.database.reading() as session:
        before = store.latest(session, stage.cast.organisation, stage.wave)
    for _ in range(2):
        assert ada.post(delete).status_code == 303
    assert sorted(stage.values("SELECT kind FROM invitation")) == ["resume", "shared"]
    assert "No personal link of this wave is stored" in ada.get(links(stage)).text
    assert stage.count("answer_sheet") == 2
    with stage.database.reading() as session:
        assert store.latest(session, stage.cast.organisation, stage.wave) == before
    [record] = records(stage)
    assert (record.what, record.wave_label, record.counts) == ("roster", "2026-Q3", {"invitation": 3, "person": 3})
    work(stage, clock)
    assert NAME.encode() not in raw.files(stage.database)
    gone = ada.get(f"/r/{tokens[0]}")
    assert gone.status_code == 404
    assert "Nothing that was sent depends on this link" in gone.text
