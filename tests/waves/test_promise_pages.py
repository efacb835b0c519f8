"""The promise is chosen while a wave is a draft, frozen when it opens, and an objection to it is read before that."""

import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.approval import queries as approval
from app.approval import service as approving
from app.db import Database
from app.errors import ConflictError
from app.waves import approvals, queries, service
from app.waves.policy import Policy, chosen
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.waves import stage
from tests.world import KEY

if TYPE_CHECKING:
    from starlette.testclient import TestClient

CHOICES = {"mode": "anonymous", "k": "7", "comments": "yes", "retention_months": "24"}
PLAN = {"name": "Agent readiness", "instrument": "atr", "label": "2026-Q4", "form": "full", "planned_close": ""}


@pytest.fixture
def ada(client: "TestClient", cast: Cast) -> "TestClient":
    return sign_in(client, "Ada")


def address(cast: Cast, wave_id: UUID, *parts: str) -> str:
    return "/".join((f"/organisations/{cast.organisation}/waves/{wave_id}", *parts))


def text(client: "TestClient", path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def shown(page: str) -> str:
    """The promise as the page shows it."""
    found = re.search(r'<div id="promise".*?</div>', page, re.DOTALL)
    assert found is not None
    return found[0]


def kept(database: Database, cast: Cast, wave_id: UUID) -> Policy:
    with database.reading() as session:
        return queries.wave(session, cast.organisation, wave_id).policy


def object_to(database: Database, cast: Cast, wave_id: UUID, clock: Clock, *, reader: str, decision: str) -> None:
    """A reader decides on the papers as they are, a minute after whatever was before."""
    now = clock.advance(minutes=1)
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": wave_id}
        link = approving.make_link(session, link_key=KEY, **place, reader=reader, now=now)
        [found] = [one for one in approval.links(session, cast.organisation, wave_id) if one.id == link]
        sha256 = approvals.papers(session, cast.organisation, wave_id).sha256
        approving.decide(
            session, link=found, name="Robin", decision=decision, remark="Too small.", papers_sha256=sha256, now=now
        )


def test_the_page_of_the_plan_shows_the_promise_that_the_choices_lead_to(ada: "TestClient", cast: Cast):
    plan = f"/organisations/{cast.organisation}/assessments/new"
    assert "at least 5 people" in shown(text(ada, plan))
    query = "&".join(f"{name}={value}" for name, value in {**PLAN, **CHOICES, "name": "Mine"}.items())
    page = text(ada, f"{plan}?{query}")
    for told in ("at least 7 people", "There is no list of people.", "24 months after", "Comments are read"):
        assert told in shown(page)
    assert 'value="Mine"' in page


def test_a_plan_keeps_the_choices(ada: "TestClient", cast: Cast, database: Database):
    plan = f"/organisations/{cast.organisation}/assessments/new"
    made = ada.post(plan, data={**PLAN, **CHOICES})
    assert made.status_code == 303
    wave_id = UUID(made.headers["location"].rsplit("/", 1)[1])
    assert kept(database, cast, wave_id) == chosen(mode="anonymous", k=7, comments=True, retention_months=24)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"k": "3"}, "Choose 5, 7 or 10"),
        ({"k": "5.0"}, "Choose 5, 7 or 10"),
        ({"mode": "identified"}, "Choose between confidential and anonymous"),
        ({"retention_months": "99999999999"}, "after how many months"),
        ({"retention_months": "²"}, "after how many months"),
    ],
)
def test_a_policy_that_is_not_offered_is_refused_on_both_pages(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock, wrong: dict[str, str], told: str
):
    answer = ada.post(f"/organisations/{cast.organisation}/assessments/new", data={**PLAN, **CHOICES, **wrong})
    assert (answer.status_code, told in answer.text) == (422, True)
    wave_id = stage.planned(database, cast, clock())
    answer = ada.post(address(cast, wave_id, "promise"), data={**CHOICES, **wrong})
    assert (answer.status_code, told in answer.text) == (422, True)
    assert kept(database, cast, wave_id) == Policy()


def test_a_draft_takes_other_choices_and_shows_their_promise(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.planned(database, cast, clock())
    assert ada.post(address(cast, wave_id, "promise"), data=CHOICES).status_code == 303
    page = text(ada, address(cast, wave_id))
    assert "at least 7 people" in shown(page)
    assert 'value="anonymous" checked' in page
    assert 'name="comments" value="yes" checked' in page


def test_an_open_wave_shows_what_it_promised_and_changes_nothing(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    page = text(ada, address(cast, wave_id, "promise"))
    assert "Nobody can change it" in page
    assert "<fieldset" not in page
    answer = ada.post(address(cast, wave_id, "promise"), data=CHOICES)
    assert answer.status_code == 409
    assert "can no longer be changed" in answer.text
    assert kept(database, cast, wave_id) == Policy()


def test_the_next_wave_begins_with_the_promise_of_the_one_before(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.planned(database, cast, clock())
    wanted = chosen(mode="anonymous", k=10, comments=True, retention_months=36)
    with database.writing() as session:
        service.set_policy(session, organisation_id=cast.organisation, wave_id=wave_id, policy=wanted)
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    stage.closed(database, cast, wave_id, clock())
    assert kept(database, cast, stage.followed(database, cast, wave_id, clock())) == wanted


def test_an_objection_is_shown_once_before_a_wave_opens(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.planned(database, cast, clock())
    object_to(database, cast, wave_id, clock, reader="Works council", decision="objected")
    asked = ada.post(address(cast, wave_id, "open"))
    page = unescape(asked.text)
    assert asked.status_code == 409
    for told in ("There is an objection to 2026-Q4", "Works council", "Robin objects", "Too small."):
        assert told in page
    assert "is ready to open" in text(ada, address(cast, wave_id))
    assert "Robin objected on 5 October 2026" in re.sub(r"<.*?>", "", text(ada, address(cast, wave_id)))
    assert ada.post(address(cast, wave_id, "open"), data={"despite": "yes"}).status_code == 303
    assert "is open" in text(ada, address(cast, wave_id))


def test_an_objection_that_its_reader_took_back_holds_up_nothing(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.planned(database, cast, clock())
    object_to(database, cast, wave_id, clock, reader="Works council", decision="objected")
    object_to(database, cast, wave_id, clock, reader="Privacy officer", decision="approved")
    with database.writing() as session, pytest.raises(ConflictError, match="an objection from Works council"):
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    object_to(database, cast, wave_id, clock, reader="Works council", decision="approved")
    assert ada.post(address(cast, wave_id, "open")).status_code == 303
