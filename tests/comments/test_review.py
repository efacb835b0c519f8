"""The review: one comment at a time, masked, with nothing of who wrote it; then the pages on which they stand."""

import re
from collections.abc import Iterator
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
from app.releases import supplement
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.comments.stage import Stage
from tests.conftest import Clock

NEEDED, MINDS = "needed", "minds"
WRITERS = {"Operations": 14, "IT": 11, "Customer service": 4, "Legal": 3, "Ethics": 2}


@pytest.fixture
def reviewed(client: TestClient, stage: Stage, clock: Clock) -> TestClient:
    """Ada at a closed wave in which people wrote; nothing is decided."""
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
    seen = []
    for address, page in waiting(client, stage):
        seen.append(page)
        only = "never shown" in page
        sent = client.post(address, data={"decision": "themes" if only else "publish", "theme": theme})
        assert sent.status_code == 303, sent.text
    return seen


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


def test_the_reviewer_sees_masked_words_and_nothing_of_the_writer(reviewed: TestClient, stage: Stage) -> None:
    pages = [*decide_all(reviewed, stage), reviewed.get(f"{stage.address}/comments").text]
    assert len(pages) == sum(WRITERS.values()) + 2
    departments = {str(id) for id in stage.cast.departments.values()}
    for page in pages:
        assert "Lovelace" not in page
        assert "ada@corp" not in page
        assert not departments & set(re.findall(r"[0-9a-f-]{36}", page))
    assert any("Ask <mark>[name]</mark> at <mark>[e-mail]</mark>." in page for page in pages)


def test_each_reviewer_has_an_order_of_their_own_and_one_question_after_the_other(
    reviewed: TestClient, stage: Stage, cast: Cast
) -> None:
    order = [said(page) for page in decide_all(reviewed, stage)]
    assert order[-1] == "Less typing."
    with stage.database.reading() as session:
        found = reviews(session, organisation_id=cast.organisation, wave_id=stage.wave)
    theirs = [one.body for one in service.in_order(found, cast.ben)]
    assert sorted(theirs) == sorted(order)
    assert theirs != order
    assert theirs[-1] == "Less typing."


def test_words_can_be_taken_out_and_not_changed(reviewed: TestClient, stage: Stage) -> None:
    address = next(a for a, p in waiting_all(reviewed, stage) if said(p) == "Ask [name] at [e-mail].")
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


def waiting_all(client: TestClient, stage: Stage) -> Iterator[tuple[str, str]]:
    """All comments without a decision, without deciding."""
    first = led = client.get(f"{stage.address}/comments/next").headers["location"]
    while True:
        yield led, client.get(led).text
        led = client.get(f"{stage.address}/comments/next?after={led.rsplit('/', 1)[1]}").headers["location"]
        if led == first:
            return


UNUSABLE = (
    ({"decision": "burn"}, "Choose what is to become of this comment."),
    ({"decision": ""}, "Choose what is to become of this comment."),
    ({"decision": "themes"}, "Say what the comment is about"),
    ({"decision": "publish", "theme": "x" * 61}, "60 characters at most"),
    ({"decision": "publish", "theme": "Frau Meier"}, "A theme names nobody."),
)


def test_a_decision_that_cannot_be_used_says_why(reviewed: TestClient, stage: Stage) -> None:
    address = reviewed.get(f"{stage.address}/comments/next").headers["location"]
    for sent, sentence in UNUSABLE:
        answer = reviewed.post(address, data=sent)
        assert answer.status_code == 422, sent
        assert sentence in answer.text
        assert "0 of 35 decided" in answer.text


def test_words_for_themes_only_are_never_offered_for_showing(reviewed: TestClient, stage: Stage) -> None:
    address, page = next((a, p) for a, p in waiting_all(reviewed, stage) if "never shown" in p)
    assert 'value="publish"' not in page
    refused = reviewed.post(address, data={"decision": "publish", "theme": "Time"})
    assert refused.status_code == 422
    assert "asked that these words are never shown" in refused.text


def test_of_two_who_decide_at_once_the_last_counts_and_is_told(
    reviewed: TestClient, stage: Stage, cast: Cast, clock: Clock
) -> None:
    address, page = next(waiting(reviewed, stage))
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    assert seen[1] == ""
    with stage.database.writing() as session:
        service.decide(
            session,
            organisation_id=cast.organisation,
            wave_id=stage.wave,
            comment_id=UUID(address.rsplit("/", 1)[1]),
            ruling=Ruling("withhold", None, "", ""),
            user_id=cast.ben,
            now=clock(),
        )
    clock.advance(seconds=5)
    sent = reviewed.post(address, data={"decision": "publish", "theme": "Time", "seen": seen[1]})
    assert sent.headers["location"] == f"{address}?replaced=withhold"
    shown = reviewed.get(sent.headers["location"]).text
    assert "somebody else had decided: Withheld. Yours came last and counts now: Shown." in shown
    assert "Decided by Ada: Shown." in reviewed.get(address).text


def test_nothing_is_published_before_all_are_decided(reviewed: TestClient, stage: Stage) -> None:
    refused = reviewed.post(f"{stage.address}/comments/supplement")
    assert refused.status_code == 409
    assert "35 of 35 comments are not decided yet." in refused.text


def test_published_comments_stand_on_the_pages_of_their_groups_and_nowhere_above(
    reviewed: TestClient, stage: Stage, clock: Clock, cast: Cast
) -> None:
    decide_all(reviewed, stage)
    publish(reviewed, stage, clock)
    queue = reviewed.get(f"{stage.address}/comments").text
    assert "What people wrote is published" in queue
    heatmap = f"{stage.address}/heatmap"
    operations = reviewed.get(f"{heatmap}/{cast.departments['Operations']}").text
    assert operations.count("Operations says") == 13
    assert "Ask [name] at [e-mail]." in operations
    whole = reviewed.get(f"{heatmap}/organisation").text
    assert "Operations says" not in whole
    assert "Training</dt><dd>34" in whole
    assert "Less typing" not in whole + operations + queue.split('<section class="reviewed">')[0]
    for page in (heatmap, f"{heatmap}?view=table", f"{stage.address}/release.json"):
        assert "says" not in reviewed.get(page).text


def test_a_supplement_has_a_number_a_digest_and_is_never_changed(
    reviewed: TestClient, stage: Stage, clock: Clock, cast: Cast
) -> None:
    decide_all(reviewed, stage)
    publish(reviewed, stage, clock)
    with stage.database.reading() as session:
        told = supplement.latest_of_wave(session, cast.organisation, stage.wave)
    assert told is not None
    assert told.number == 1
    raw = supplement.dump(told.document)
    assert supplement.digest(raw) == told.sha256
    ids = {str(id).replace("-", "") for (id,) in stage.rows("SELECT id FROM comment")}
    assert not any(id in raw.decode().replace("-", "") for id in ids)
    with pytest.raises(DatabaseError, match="never changed"), stage.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE supplement SET number = 2")


def test_what_the_audit_refuses_is_not_published_and_the_page_says_so(
    reviewed: TestClient,
    stage: Stage,
    clock: Clock,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    decide_all(reviewed, stage, theme="Zanzibar")
    monkeypatch.setattr("app.comments.make._decided", lambda placed, found: {NEEDED: twice(placed)})
    publish(reviewed, stage, clock)
    for _ in range(4):
        clock.advance(hours=1)
        while Worker(stage.database, clock=clock).work_once():
            pass
    page = reviewed.get(f"{stage.address}/comments").text
    assert "The comments could not be published" in page
    assert "Your decisions are safe. The audit of the comments found" in page
    assert "Try again" in page
    assert stage.rows("SELECT count(*) FROM supplement") == [(0,)]
    assert "Zanzibar" not in caplog.text


def twice(placed: tuple[Placed, ...]) -> list[Decided]:
    """Every comment to the first question two times: more than were written."""
    return [
        Decided(department=one.department, text="x", theme="Zanzibar") for one in placed if one.question == NEEDED
    ] * 2


def test_what_was_published_can_be_taken_back_and_not_added_to(
    reviewed: TestClient, stage: Stage, clock: Clock, cast: Cast
) -> None:
    pages = dict(waiting_all(reviewed, stage))
    operations = next(address for address, page in pages.items() if said(page) == "Operations says 3")
    reviewed.post(operations, data={"decision": "withhold"})
    decide_all(reviewed, stage)
    publish(reviewed, stage, clock)
    assert reviewed.post(f"{stage.address}/comments/supplement").status_code == 409
    more = reviewed.post(operations, data={"decision": "publish"})
    assert "What was published can only be taken back, not added to." in more.text
    other = next(address for address, page in pages.items() if said(page) == "Operations says 4")
    assert "Themes stay as they were published" in reviewed.post(other, data={"decision": "publish", "theme": "X"}).text
    assert reviewed.post(other, data={"decision": "withhold", "theme": "Training"}).status_code == 303
    assert "Publish again" in reviewed.get(f"{stage.address}/comments").text
    publish(reviewed, stage, clock)
    page = reviewed.get(f"{stage.address}/heatmap/{cast.departments['Operations']}").text
    assert "Operations says 4" not in page
    assert "Operations says 5" in page
    assert "Training</dt><dd>33" in reviewed.get(f"{stage.address}/heatmap/organisation").text
    assert "Supplement 2." in reviewed.get(f"{stage.address}/comments").text


def test_a_wave_without_comments_says_so(client: TestClient, stage: Stage, clock: Clock) -> None:
    stage.write("IT", [{}] * 6)
    stage.close()
    sign_in(client, "Ada")
    assert "Nobody wrote a comment" in client.get(f"{stage.address}/comments").text
    assert client.get(f"{stage.address}/comments/next").headers["location"] == f"{stage.address}/comments"
    assert client.get(f"{stage.address}/comments/{stage.wave}").status_code == 404


def test_the_pages_of_the_review_run_a_fixed_number_of_statements(
    reviewed: TestClient, stage: Stage, statements: list[str]
) -> None:
    reviewed.get(f"{stage.address}/comments")
    assert len([one for one in statements if "comment_review" in one]) <= 1
    assert not [one for one in statements if re.search(r"(FROM|INTO|UPDATE) comment\b", one)]
