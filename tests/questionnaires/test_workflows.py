"""Workflows: each department rates its own, the layout is frozen and hashed when the wave opens, results are made."""

import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.clients.queries import departments
from app.db import Database
from app.errors import InvalidError
from app.releases import store
from app.waves import instruments
from app.waves import queries as waves
from app.waves import service as running
from app.workflows import queries, service
from surveys.arrange import layout
from tests import world
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.waves.stage import planned

if TYPE_CHECKING:
    from starlette.testclient import TestClient

RATINGS = ("F", "RB", "EC", "DS", "HA")


def named(database: Database, cast: Cast, clock: Clock, department: str, *names: str) -> None:
    with database.writing() as session:
        service.name_workflows(
            session,
            organisation_id=cast.organisation,
            department_id=cast.departments[department],
            names=names,
            now=clock(),
        )


def codes(database: Database, cast: Cast, department: str) -> dict[str, str]:
    with database.reading() as session:
        found = queries.workflows(session, cast.organisation).get(cast.departments[department], ())
        return {one.name: one.id for one in found}


def opened(database: Database, cast: Cast, clock: Clock) -> UUID:
    wave_id = planned(database, cast, clock())
    with database.writing() as session:
        running.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    return wave_id


@pytest.mark.both
def test_a_workflow_keeps_its_code_while_it_is_named_and_when_it_comes_back(
    database: Database, cast: Cast, clock: Clock
) -> None:
    named(database, cast, clock, "Legal", "Review an NDA", " ", "Answer a policy question")
    named(database, cast, clock, "HR", "Review an NDA")
    first = codes(database, cast, "Legal")
    assert list(first) == ["Review an NDA", "Answer a policy question"]
    named(database, cast, clock, "Legal", "answer a  policy question", "Draft a clause")
    named(database, cast, clock, "Legal", "Review an NDA", "Draft a clause")
    last = codes(database, cast, "Legal")
    assert last["Review an NDA"] == first["Review an NDA"]
    assert len({*first.values(), *last.values(), *codes(database, cast, "HR").values()}) == 4


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (tuple(map(str, range(16))), "Name at most 15"),
        (("Pay", "pay"), "named twice"),
        (("<b>Pay</b>",), "markup"),
        (("x" * 81,), "has 81 characters"),
        (("Pay {it}",), "nothing that can be put here"),
    ],
)
def test_workflows_that_cannot_be_asked_about_are_refused(
    database: Database, cast: Cast, clock: Clock, names: tuple[str, ...], told: str
) -> None:
    with pytest.raises(InvalidError, match=told):
        named(database, cast, clock, "Legal", *names)
    assert codes(database, cast, "Legal") == {}


def test_each_department_is_asked_about_its_own_and_the_layout_is_frozen_and_hashed_at_opening(
    database: Database, cast: Cast, clock: Clock
) -> None:
    named(database, cast, clock, "Legal", "Review an NDA", "Draft a clause")
    wave_id = opened(database, cast, clock)
    was = codes(database, cast, "Legal")
    named(database, cast, clock, "Legal", "Something else")
    with database.reading() as session:
        wave = waves.wave(session, cast.organisation, wave_id)
        instrument = instruments.asked(session, wave)
        frozen = {one.name: one for one in waves.wave_departments(session, cast.organisation, wave_id)}
    assert [(one.id, one.name) for one in frozen["Legal"].workflows] == [(id, name) for name, id in was.items()]
    assert frozen["Legal"].layout_items[-10:] == tuple(f"{id}:{code}" for id in was.values() for code in RATINGS)
    again = layout(instrument, form="full", function="legal", workflows=list(was.values()))
    assert frozen["Legal"].layout_sha256 == again.sha256
    assert frozen["HR"].workflows == ()
    assert frozen["HR"].layout_items == layout(instrument, form="full", function="hr").item_ids


def test_a_wave_with_workflows_is_answered_closed_and_compared(database: Database, cast: Cast, clock: Clock) -> None:
    named(database, cast, clock, "Legal", "Review an NDA", "Draft a clause")
    named(database, cast, clock, "Operations", "Order stock")
    wave_id = opened(database, cast, clock)
    world.answer(database, cast, wave_id, counts=world.ANSWERS, now=clock())
    world.close(database, cast, wave_id, now=clock.advance(days=14))
    with database.reading() as session:
        release = store.latest(session, cast.organisation, wave_id)
    assert release is not None
    assert {row.name for row in release.document.rows} >= {"Legal", "Operations"}


def test_drafts_take_the_same_room_with_every_rating_answered(database: Database, cast: Cast, clock: Clock) -> None:
    named(database, cast, clock, "Legal", *(f"Workflow {number}" for number in range(5)))
    wave_id = opened(database, cast, clock)
    world.begin(database, cast, wave_id, "Legal", now=clock())
    world.begin(database, cast, wave_id, "Ethics", now=clock())
    with database.reading() as session:
        lengths = session.connection().exec_driver_sql("SELECT DISTINCT length(ciphertext) FROM draft").scalars().all()
    assert len(lengths) == 1


def test_before_a_wave_opens_its_page_says_how_many_will_rate_and_where_they_are_too_few(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    wave_id = planned(database, cast, clock())
    sign_in(client, "Ada")
    page = f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire"
    assert "Reckoned with" not in client.get(page).text
    named(database, cast, clock, "Operations", "Order stock")
    shown = unescape(client.get(page).text)
    assert "About 18 of 30 people would rate each." in shown
    assert "Reckoned with a turnout of 60 %, because there is no result yet." in shown
    assert "Every workflow is expected to have enough raters" in shown
    named(database, cast, clock, "Ethics", "Hear a case")
    named(database, cast, clock, "IT", "Sort tickets")
    few = unescape(client.get(page).text)
    assert "About 2 of 3 people would rate each. Too few for a zone, which needs 5." in few
    assert "About 7 of 12 people would rate each. It may miss the 5 that a zone needs." in few
    assert re.search(r"Workflows of (IT and Ethics|Ethics and IT) may have fewer than 5 raters", few)
    named(database, cast, clock, "Operations", *(f"Work {number}" for number in range(12)))
    many = unescape(client.get(page).text)
    assert "Each person rates 5 of these 12 by lot" in many
    assert "about 8 of 30 people would rate each" in many
    named(database, cast, clock, "Operations", *(f"Work {number}" for number in range(15)))
    assert "ask about fewer of them now, and about others next time" in unescape(client.get(page).text)


def test_workflows_are_named_on_the_page_of_the_wave_and_read_in_the_papers(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    wave_id = planned(database, cast, clock())
    sign_in(client, "Ada")
    page = f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire"
    legal = str(cast.departments["Legal"])
    wrong = client.post(f"{page}/workflows", data={"department": legal, "workflows": "\n".join("ABCDEFGHIJKLMNOP")})
    assert wrong.status_code == 422
    assert "\nN\nO\nP</textarea>" in wrong.text.replace("\r", "")
    assert client.post(f"{page}/workflows", data={"department": "x", "workflows": "A"}).status_code == 422
    done = client.post(f"{page}/workflows", data={"department": legal, "workflows": "Review an NDA\r\nDraft a clause"})
    assert done.status_code == 303
    assert "Review an NDA" in client.get(page).text
    papers = f"/organisations/{cast.organisation}/waves/{wave_id}/papers"
    client.post(papers, data={"reader": "Works council"})
    link = unescape(client.get(papers).text).split('readonly value="http://testserver')[1].split('"')[0]
    asked = unescape(client.get(f"{link}/questionnaire").text)
    assert "Review an NDA" in asked
    assert "How far can the work be done by following fixed rules?" in asked
    with database.writing() as session:
        assert departments(session, cast.organisation)
        running.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    assert client.post(f"{page}/workflows", data={"department": legal, "workflows": "A"}).status_code == 409
    assert "As they were frozen" in client.get(page).text


def most_minutes(client: "TestClient", cast: Cast, wave_id: UUID) -> int:
    """How long the questionnaire takes at most, as the page of a wave says."""
    page = unescape(client.get(f"/organisations/{cast.organisation}/waves/{wave_id}").text)
    found = re.search(r"(?:(\d+) to |about )(\d+) minutes", page)
    assert found is not None
    return int(found[2])


def test_the_minutes_on_the_pages_of_a_wave_count_the_ratings(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    wave_id = planned(database, cast, clock())
    before = most_minutes(client, cast, wave_id)
    named(database, cast, clock, "Legal", "One", "Two", "Three", "Four", "Five")
    assert most_minutes(client, cast, wave_id) in (before + 2, before + 3), "25 ratings more"
    rated = most_minutes(client, cast, wave_id)
    with database.writing() as session:
        running.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    assert most_minutes(client, cast, wave_id) == rated
