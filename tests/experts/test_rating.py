"""Experts rate what agents can do: each alone, with evidence, for a year, and never overwritten."""

from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.acts import queries as acts
from app.db import Database
from app.errors import ConflictError
from app.experts import queries
from app.experts.judging import Judgement
from app.workflows import service as workflows
from app.workflows.service import Author
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.experts.stage import SOURCE, join, rate, workflow

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def path(cast: Cast, workflow_id: UUID, *steps: object) -> str:
    return "/".join((f"/organisations/{cast.organisation}/workflows/{workflow_id}/experts", *map(str, steps)))


def form(clock: Clock, **fields: str) -> dict[str, str]:
    typed = {"form": str(uuid4()), "capability": "4", "human_part": "2", "on": clock().date().isoformat()}
    return {**typed, "source": SOURCE, "link": "https://evidence.example/test", **fields}


def judged(database: Database, cast: Cast, workflow_id: UUID, day: date) -> Judgement:
    with database.reading() as session:
        return queries.judgements(session, cast.organisation, day=day)[workflow_id]


@pytest.mark.both
def test_a_rating_is_kept_once_with_its_evidence_noted_and_withdrawn_with_its_history(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = workflow(database, cast, clock())
    sign_in(client, "Ada")
    typed = form(clock)
    for _ in range(2):
        sent = client.post(path(cast, made), data=typed, files={"file": ("test.pdf", PDF)})
        assert sent.status_code == 303
    with database.reading() as session:
        [one] = queries.ratings(session, cast.organisation)
        noted = [act.kind for act in acts.acts(session, cast.organisation, acts.Wanted(), most=50)]
    assert (one.capability, one.human_part, one.source, one.file_name) == (4, 2, SOURCE, "test.pdf")
    assert "workflow.rated" in noted
    file = client.get(path(cast, made, one.id, "evidence"))
    assert file.content == PDF
    assert "attachment" in file.headers["Content-Disposition"]
    assert client.post(path(cast, made, one.id, "withdraw"), data={"because": ""}).status_code == 422
    assert client.post(path(cast, made, one.id, "withdraw"), data={"because": "Other tool"}).status_code == 303
    assert client.post(path(cast, made, one.id, "withdraw"), data={"because": "Twice"}).status_code == 409
    assert "Withdrawn: Other tool" in unescape(client.get(path(cast, made)).text)
    assert judged(database, cast, made, clock().date()) == Judgement()


@pytest.mark.both
def test_a_form_that_made_a_rating_makes_none_of_another_workflow_and_of_nobody_else(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made, other = workflow(database, cast, clock()), workflow(database, cast, clock(), "Another")
    join(database, cast, clock(), cast.ben)
    typed = form(clock)
    for name, place, status in (("Ada", made, 303), ("Ada", other, 409), ("Ben", made, 409), ("Ada", made, 303)):
        sign_in(client, name)
        sent = client.post(path(cast, place), data=typed)
        assert sent.status_code == status
        assert ("This form has been used." in sent.text) == (status == 409)
    with database.reading() as session:
        assert [one.workflow_id for one in queries.ratings(session, cast.organisation)] == [made]


def test_nobody_sees_what_others_said_before_they_rated_it_themselves(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = workflow(database, cast, clock())
    join(database, cast, clock(), cast.ben)
    sign_in(client, "Ben")
    client.post(path(cast, made), data=form(clock, capability="1"), files={"file": ("test.pdf", PDF)})
    with database.reading() as session:
        [bens] = queries.ratings(session, cast.organisation)
    clock.advance(minutes=5)
    sign_in(client, "Ada")
    before = unescape(client.get(path(cast, made)).text)
    assert "Ben rated it already" in before
    assert SOURCE not in before
    assert "test.pdf" not in before
    assert client.get(path(cast, made, bens.id, "evidence")).status_code == 404
    wrong = unescape(client.post(path(cast, made), data=form(clock, capability="9")).text)
    assert SOURCE in wrong, "what was typed stays"
    assert "test.pdf" not in wrong
    assert client.post(path(cast, made), data=form(clock, capability="4")).status_code == 303
    after = unescape(client.get(path(cast, made)).text)
    assert "test.pdf" in after
    assert "They contradict each other: 1 and 4 on what agents can do" in after
    assert client.get(path(cast, made, bens.id, "evidence")).content == PDF
    assert "given after seeing" not in after
    clock.advance(minutes=5)
    client.post(path(cast, made), data=form(clock, capability="2"))
    assert "given after seeing what others said" in unescape(client.get(path(cast, made)).text)
    assert judged(database, cast, made, clock().date()).capability == (1, 2)
    other = path(cast, made, bens.id, "withdraw")
    assert client.post(other, data={"because": "I know better"}).status_code == 404


def test_a_rating_without_what_it_needs_is_refused_with_a_sentence_for_each_field(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = workflow(database, cast, clock())
    sign_in(client, "Ada")
    empty = unescape(client.post(path(cast, made), data={"form": "x", "link": "ftp://evidence.example"}).text)
    assert empty.count("Choose one of the five.") >= 2
    assert "Say what your rating rests on" in empty
    assert "Give the day on which you looked at it" in empty
    assert "Give a whole address that begins with https://" in empty
    ahead = (clock() + timedelta(days=2)).date()
    for day, told in ((ahead, "lies ahead"), (clock().date() - timedelta(days=365), "more than a year ago")):
        refused = client.post(path(cast, made), data=form(clock, on=day.isoformat()))
        assert refused.status_code == 422
        assert told in unescape(refused.text)
    script = {"file": ("test.pdf", PDF.replace(b"/Catalog", b"/Catalog /JavaScript 4 0 R"))}
    assert "holds a script or a macro" in client.post(path(cast, made), data=form(clock), files=script).text
    large = {"file": ("test.pdf", PDF + b" " * (10 * 1024 * 1024))}
    assert client.post(path(cast, made), data=form(clock), files=large).status_code == 413
    with database.reading() as session:
        assert queries.ratings(session, cast.organisation) == ()


@pytest.mark.both
def test_ratings_count_for_a_year_and_as_they_stood_on_a_day(database: Database, cast: Cast, clock: Clock) -> None:
    made = workflow(database, cast, clock())
    join(database, cast, clock(), cast.ben)
    begun = clock()
    rate(database, cast, made, cast.ada, begun, 5)
    rate(database, cast, made, cast.ben, clock.advance(days=30), 3, 2)
    rate(database, cast, made, cast.ada, clock.advance(days=30), 4)
    assert judged(database, cast, made, clock().date()) == Judgement((3, 4), (2, 3))
    with database.reading() as session:
        then = queries.judgements(session, cast.organisation, day=begun.date(), at=begun)
    assert then[made] == Judgement((5,), (3,))
    later = begun.date() + timedelta(days=30 + 365)
    assert judged(database, cast, made, later) == Judgement((4,), (3,), ended=1)


def test_a_retired_workflow_is_rated_no_more_and_keeps_what_was_said(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    made = workflow(database, cast, clock())
    rate(database, cast, made, cast.ada, clock(), 4)
    with database.writing() as session:
        workflows.retire(session, cast.organisation, made, author=Author(name="Ada", way="console", now=clock()))
    with pytest.raises(ConflictError, match="retired"):
        rate(database, cast, made, cast.ada, clock(), 5)
    sign_in(client, "Ada")
    shown = unescape(client.get(path(cast, made)).text)
    assert SOURCE in shown
    assert "Keep my rating" not in shown


def test_the_list_says_what_waits_for_whom(client: "TestClient", database: Database, cast: Cast, clock: Clock) -> None:
    sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/experts"
    assert "No workflow is named yet" in client.get(address).text
    join(database, cast, clock(), cast.ben)
    for name, raters in (("One", ()), ("Two", (cast.ada,)), ("Three", (cast.ada, cast.ben)), ("Four", (cast.ben,))):
        made = workflow(database, cast, clock(), name)
        for place, rater in enumerate(raters):
            rate(database, cast, made, rater, clock(), 2 + 3 * place)
    shown = unescape(client.get(address).text)
    assert "Nobody has rated it." in shown
    assert shown.count("One expert has rated it.") == 2
    assert "2 experts have rated it. They contradict each other." in shown
    assert shown.count("not rated yet") == 2
