"""The review: one comment at a time, masked, with nothing of who wrote it; then the pages on which they stand."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy.exc import DatabaseError
from starlette.testclient import TestClient

from app.answers.comments import Placed
from app.answers.write import Remark
from app.comments import service
from app.comments.compose import Decided
from app.comments.queries import reviews
from app.comments.ruling import Ruling
from app.db import Database
from app.releases import supplement
from app.worker import Worker
from surveys import load
from surveys.translations import spoken_questions
from tests.cast import Cast, sign_in
from tests.comments.stage import open_stage
from tests.conftest import Clock, Template
from tests.respond.stage import Stage

NEEDED, MINDS = "needed", "minds"
WRITERS = {"Operations": 14, "IT": 11, "Customer service": 4, "Legal": 3, "Ethics": 2}


def people_wrote(database: Database, cast: Cast, now: datetime) -> Stage:
    """A closed wave in which people wrote; nothing is decided."""
    stage = open_stage(database, cast, now)
    for department, people in WRITERS.items():
        own = [{NEEDED: Remark(f"{department} says {number}")} for number in range(people)]
        if department == "Operations":
            own[0] = {
                NEEDED: Remark("Ask Lovelace at ada@corp.example."),
                MINDS: Remark("Less typing.", themes_only=True),
            }
        roster = ["Ada Lovelace", *[None] * (people - 1)] if department == "Operations" else ()
        stage.write(department, own, roster=roster)
    stage.close()
    return stage


review = pytest.mark.after.with_args(people_wrote)


@pytest.fixture
def closed(template: Template, database: Database) -> Stage:
    """The wave in which people wrote."""
    assert isinstance(template.scene, Stage)
    return replace(template.scene, database=database)


@pytest.fixture
def reviewed(client: TestClient, closed: Stage, clock: Clock) -> TestClient:
    """Ada at the wave in which people wrote."""
    clock.advance(hours=2)
    return sign_in(client, "Ada")


def waiting(client: TestClient, stage: Stage) -> Iterator[tuple[str, str]]:
    """The addresses and pages of the comments without a decision, as the reviewer is led through them."""
    while True:
        led = client.get(f"{stage.address}/comments/next").headers["location"]
        if led == f"{stage.address}/comments":
            return
        yield led, client.get(led).text


def decide_all(client: TestClient, stage: Stage, *, theme: str = "Training") -> list[str]:
    """Works through the queue on its pages and gives them."""
    seen = []
    for address, page in waiting(client, stage):
        seen.append(page)
        only = "never shown" in page
        sent = client.post(address, data={"decision": "themes" if only else "publish", "theme": theme})
        assert sent.status_code == 303, sent.text
    return seen


def decided(stage: Stage, *, theme: str = "Training", now: datetime) -> None:
    """Everything decided as `decide_all` does, without its pages; what is decided stays as it is."""
    organisation, wave, ada = stage.cast.organisation, stage.wave, stage.cast.ada
    with stage.database.writing() as session:
        for one in reviews(session, organisation_id=organisation, wave_id=wave):
            if not one.decision:
                service.decide(
                    session,
                    organisation_id=organisation,
                    wave_id=wave,
                    comment_id=one.comment_id,
                    ruling=Ruling("themes" if one.themes_only else "publish", None, theme, ""),
                    user_id=ada,
                    now=now,
                )


def publish(client: TestClient, stage: Stage, clock: Clock) -> None:
    assert client.post(f"{stage.address}/comments/supplement").status_code == 303
    while Worker(stage.database, clock=clock).work_once():
        pass
    clock.advance(minutes=1)


def said(page: str) -> str:
    found = re.search(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def test_nothing_can_be_reviewed_before_the_wave_is_closed(client: TestClient, stage: Stage) -> None:
    stage.write("IT", [{NEEDED: Remark("Secret so far")}])
    sign_in(client, "Ada")
    page = client.get(f"{stage.address}/comments")
    assert "Comments are reviewed when the wave is closed" in page.text
    assert "Secret" not in page.text
    assert client.post(f"{stage.address}/comments/supplement").status_code == 409


@review
def test_the_reviewer_sees_masked_words_one_after_the_other_and_nothing_of_the_writer(
    reviewed: TestClient, closed: Stage
) -> None:
    asked = decide_all(reviewed, closed)
    pages = [*asked, reviewed.get(f"{closed.address}/comments").text]
    assert len(pages) == sum(WRITERS.values()) + 2
    departments = {str(id) for id in closed.cast.departments.values()}
    for page in pages:
        assert "Lovelace" not in page
        assert "ada@corp" not in page
        assert not departments & set(re.findall(r"[0-9a-f-]{36}", page))
    assert any("Ask <mark>[name]</mark> at <mark>[e-mail]</mark>." in page for page in pages)
    _check_order_of_their_own(closed, [said(page) for page in asked])


def _check_order_of_their_own(closed: Stage, order: list[str]) -> None:
    """Each reviewer has another order, and one question comes after the other in both."""
    assert order[-1] == "Less typing."
    with closed.database.reading() as session:
        found = reviews(session, organisation_id=closed.cast.organisation, wave_id=closed.wave)
    theirs = [one.body for one in service.in_order(found, closed.cast.ben)]
    assert sorted(theirs) == sorted(order)
    assert theirs != order
    assert theirs[-1] == "Less typing."


@review
def test_words_can_be_taken_out_and_not_changed(reviewed: TestClient, closed: Stage) -> None:
    address = address_of(closed, "Ask [name] at [e-mail].")
    for changed in ("Ask Ada at [e-mail].", "Ask [name].", "Ask [name] at [e-mail]. Twice.", "Never ask [name] […]"):
        refused = reviewed.post(address, data={"decision": "publish", "theme": "Help", "text": changed})
        assert refused.status_code == 422, changed
        assert "Words can be taken out and not changed" in refused.text
        assert changed in unescape(refused.text)
        assert 'value="Help"' in refused.text
    nothing = reviewed.post(address, data={"decision": "publish", "theme": "Help", "text": "[…]"})
    assert "Nothing would be left to show" in nothing.text
    assert (
        reviewed.post(address, data={"decision": "publish", "theme": "Help", "text": "Ask [ ... ]"}).status_code == 303
    )
    assert said(reviewed.get(address).text) == "Ask […]"
    undone = reviewed.post(address, data={"decision": "publish", "theme": "Help", "text": "Ask [name] at [e-mail]."})
    assert undone.status_code == 303


def address_of(stage: Stage, body: str) -> str:
    """The address of the comment with these words."""
    with stage.database.reading() as session:
        found = reviews(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    return f"{stage.address}/comments/{next(one.comment_id for one in found if one.body == body)}"


UNUSABLE = (
    ({"decision": "burn"}, "Choose what is to become of this comment."),
    ({"decision": ""}, "Choose what is to become of this comment."),
    ({"decision": "themes"}, "Say what the comment is about"),
    ({"decision": "publish", "theme": "x" * 61}, "60 characters at most"),
    ({"decision": "publish", "theme": "Frau Meier"}, "A theme names nobody."),
)


@review
def test_a_decision_that_cannot_be_used_says_why(reviewed: TestClient, closed: Stage) -> None:
    address = reviewed.get(f"{closed.address}/comments/next").headers["location"]
    for sent, sentence in UNUSABLE:
        answer = reviewed.post(address, data=sent)
        assert answer.status_code == 422, sent
        assert sentence in answer.text
        assert "0 of 35 decided" in answer.text


@review
def test_the_review_is_there_in_german_with_the_question_as_it_was_asked_in_german(
    reviewed: TestClient, closed: Stage
) -> None:
    reviewed.headers["accept-language"] = "de"
    page = reviewed.get(f"{closed.address}/comments").text
    assert "Nicht entschieden" in page
    assert "Not decided" not in page
    asked = spoken_questions(load.translations("atr", load.latest("atr").version)["de"])
    assert asked[0].text in unescape(page)
    address = reviewed.get(f"{closed.address}/comments/next").headers["location"]
    told = unescape(reviewed.post(address, data={"decision": "burn", "text": "Other words"}).text)
    assert "Wählen Sie, was aus diesem Kommentar werden soll." in told
    assert "Schreiben Sie […] anstelle dessen, was wegfällt." in told


@review
def test_words_for_themes_only_are_never_offered_for_showing(reviewed: TestClient, closed: Stage) -> None:
    address = address_of(closed, "Less typing.")
    page = reviewed.get(address).text
    assert "never shown" in page
    assert 'value="publish"' not in page
    refused = reviewed.post(address, data={"decision": "publish", "theme": "Time"})
    assert refused.status_code == 422
    assert "asked that these words are never shown" in refused.text


@review
def test_of_two_who_decide_at_once_the_last_counts_and_is_told(
    reviewed: TestClient, closed: Stage, cast: Cast, clock: Clock
) -> None:
    address, page = next(waiting(reviewed, closed))
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    assert seen[1] == ""
    with closed.database.writing() as session:
        service.decide(
            session,
            organisation_id=cast.organisation,
            wave_id=closed.wave,
            comment_id=UUID(address.rsplit("/", 1)[1]),
            ruling=Ruling("withhold", None, "", ""),
            user_id=cast.ben,
            now=clock(),
        )
    clock.advance(seconds=5)
    sent = reviewed.post(address, data={"decision": "publish", "theme": "Time", "seen": seen[1]})
    assert sent.headers["location"] == f"{address}?replaced=withhold"
    shown = reviewed.get(sent.headers["location"]).text
    assert "somebody else had decided: Withheld. Yours came last and counts now: May be shown." in shown
    assert "Decided by Ada: May be shown." in reviewed.get(address).text


@pytest.mark.both
@review
def test_nothing_is_published_before_all_are_decided(reviewed: TestClient, closed: Stage) -> None:
    refused = reviewed.post(f"{closed.address}/comments/supplement")
    assert refused.status_code == 409
    assert "35 of 35 comments are not decided yet." in refused.text


@review
def test_published_comments_stand_on_the_pages_of_their_groups_and_nowhere_above(
    reviewed: TestClient, closed: Stage, clock: Clock, cast: Cast
) -> None:
    decided(closed, now=clock())
    publish(reviewed, closed, clock)
    queue = reviewed.get(f"{closed.address}/comments").text
    assert "What people wrote is published" in queue
    heatmap = f"{closed.address}/heatmap"
    operations = reviewed.get(f"{heatmap}/{cast.departments['Operations']}").text
    assert operations.count("Operations says") == 13
    assert "Ask [name] at [e-mail]." in operations
    whole = reviewed.get(f"{heatmap}/organisation").text
    assert "Operations says" not in whole
    assert "Training</dt><dd>34" in whole
    assert "Less typing" not in whole + operations + queue.split('<section class="reviewed">')[0]
    for page in (heatmap, f"{heatmap}?view=table", f"{closed.address}/release.json"):
        assert "Operations says" not in reviewed.get(page).text


@review
def test_a_supplement_has_a_number_a_digest_and_is_never_changed(
    reviewed: TestClient, closed: Stage, clock: Clock, cast: Cast
) -> None:
    decided(closed, now=clock())
    publish(reviewed, closed, clock)
    with closed.database.reading() as session:
        told = supplement.latest_of_wave(session, cast.organisation, closed.wave)
    assert told is not None
    assert told.number == 1
    raw = supplement.dump(told.document)
    assert supplement.digest(raw) == told.sha256
    ids = {str(id).replace("-", "") for (id,) in closed.rows("SELECT id FROM comment")}
    assert not any(id in raw.decode().replace("-", "") for id in ids)
    with pytest.raises(DatabaseError, match="never changed"), closed.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE supplement SET number = 2")


@review
def test_what_the_audit_refuses_is_not_published_and_the_page_says_so(
    reviewed: TestClient,
    closed: Stage,
    clock: Clock,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    decided(closed, theme="Zanzibar", now=clock())
    monkeypatch.setattr("app.comments.make._decided", lambda placed, found: {NEEDED: twice(placed)})
    publish(reviewed, closed, clock)
    for _ in range(4):
        clock.advance(hours=1)
        while Worker(closed.database, clock=clock).work_once():
            pass
    page = reviewed.get(f"{closed.address}/comments").text
    assert "The comments could not be published" in page
    assert "Your decisions are safe. The audit of the comments found" in page
    assert "Try again" in page
    assert closed.rows("SELECT count(*) FROM supplement") == [(0,)]
    assert "Zanzibar" not in caplog.text


def twice(placed: tuple[Placed, ...]) -> list[Decided]:
    """Every comment to the first question two times: more than were written."""
    return [
        Decided(department=one.department, text="x", theme="Zanzibar") for one in placed if one.question == NEEDED
    ] * 2


@review
def test_what_was_published_can_be_taken_back_and_not_added_to(
    reviewed: TestClient, closed: Stage, clock: Clock, cast: Cast
) -> None:
    operations = address_of(closed, "Operations says 3")
    reviewed.post(operations, data={"decision": "withhold"})
    decided(closed, now=clock())
    publish(reviewed, closed, clock)
    assert reviewed.post(f"{closed.address}/comments/supplement").status_code == 409
    more = reviewed.post(operations, data={"decision": "publish"})
    assert "What was published can only be taken back, not added to." in more.text
    other = address_of(closed, "Operations says 4")
    assert "Themes stay as they were published" in reviewed.post(other, data={"decision": "publish", "theme": "X"}).text
    assert reviewed.post(other, data={"decision": "withhold", "theme": "Training"}).status_code == 303
    assert "Publish again" in reviewed.get(f"{closed.address}/comments").text
    publish(reviewed, closed, clock)
    page = reviewed.get(f"{closed.address}/heatmap/{cast.departments['Operations']}").text
    assert "Operations says 4" not in page
    assert "Operations says 5" in page
    assert "Training</dt><dd>33" in reviewed.get(f"{closed.address}/heatmap/organisation").text
    assert "Supplement 2." in reviewed.get(f"{closed.address}/comments").text


@review
def test_after_the_result_was_made_again_the_page_says_that_it_shows_no_comments_yet(
    reviewed: TestClient, closed: Stage, clock: Clock
) -> None:
    decided(closed, now=clock())
    publish(reviewed, closed, clock)
    assert "What people wrote is published" in reviewed.get(f"{closed.address}/comments").text
    assert reviewed.post(f"{closed.address}/certificate", data={"occasion": "departments"}).status_code == 303
    while Worker(closed.database, clock=clock).work_once():
        pass
    page = reviewed.get(f"{closed.address}/comments").text
    assert "The result was made again, and shows no comments yet" in page
    assert "Publish again" in page
    assert "Operations says 3" not in reviewed.get(f"{closed.address}/heatmap/organisation").text
    publish(reviewed, closed, clock)
    assert "What people wrote is published" in reviewed.get(f"{closed.address}/comments").text


@pytest.mark.parametrize(
    ("writers", "sentence"),
    [(4, "and no theme is counted"), (9, "themes are counted from 5 comments on"), (10, None)],
)
def test_the_reviewer_is_told_when_too_few_wrote_for_their_words_to_be_shown(
    client: TestClient, stage: Stage, writers: int, sentence: str | None
) -> None:
    stage.write("Operations", [{NEEDED: Remark(f"Words {number}")} for number in range(writers)])
    stage.close()
    sign_in(client, "Ada")
    page = client.get(f"{stage.address}/comments").text
    assert ("Fewer than 10 people wrote here, so their words are not shown" in page) == (sentence is not None)
    assert (sentence or "Not decided") in page


def test_a_wave_without_comments_says_so(client: TestClient, stage: Stage, clock: Clock) -> None:
    stage.write("IT", [{}] * 6)
    stage.close()
    sign_in(client, "Ada")
    assert "Nobody wrote a comment" in client.get(f"{stage.address}/comments").text
    assert client.get(f"{stage.address}/comments/next").headers["location"] == f"{stage.address}/comments"
    assert client.get(f"{stage.address}/comments/{stage.wave}").status_code == 404


@review
def test_the_pages_of_the_review_run_a_fixed_number_of_statements(
    reviewed: TestClient, closed: Stage, statements: list[str]
) -> None:
    reviewed.get(f"{closed.address}/comments")
    assert len([one for one in statements if "comment_review" in one]) <= 1
    assert not [one for one in statements if re.search(r"(FROM|INTO|UPDATE) comment\b", one)]
