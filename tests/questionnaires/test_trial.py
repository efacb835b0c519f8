"""Trial runs: the real pages before launch, apart from everything that counts, and gone when the wave opens."""

import re
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db import Database
from app.waves import queries as waves
from app.waves import service
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.privacy.forks import tables
from tests.retention import raw
from tests.robot import Robot, always
from tests.waves.stage import planned

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture
def wave_id(database: Database, cast: Cast, clock: Clock) -> UUID:
    return planned(database, cast, clock())


def trial_link(client: "TestClient", cast: Cast, wave_id: UUID, department: str = "Legal") -> str:
    """The address of a trial link, made by the consultant; the cookie is gone afterwards."""
    page = f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire"
    sign_in(client, "Ada")
    fields = {"reader": f"Works council, {department}", "department": str(cast.departments[department])}
    for _ in range(2):
        assert client.post(f"{page}/trial", data=fields).status_code == 303
    [link] = set(
        re.findall(
            rf"{department}</td>\s*<td><input readonly value=\"http://testserver(/r/[a-z2-7]+)", client.get(page).text
        )
    )
    client.cookies.clear()
    return str(link)


def open_wave(database: Database, cast: Cast, wave_id: UUID, clock: Clock) -> None:
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    while Worker(database, clock=clock).work_once():
        pass


@pytest.mark.both
def test_the_questionnaire_of_a_draft_is_answered_on_its_real_pages_and_stored_on_trial_only(
    client: "TestClient", database: Database, cast: Cast, wave_id: UUID
) -> None:
    link = trial_link(client, cast, wave_id)
    before = tables(database)
    assert "This is a trial run." in client.get(link).text
    walk = Robot(client, always("4")).answer(link)
    assert walk.thanked, walk.text
    after = tables(database)
    assert {name for name in before if before[name] != after[name]} == {"trial_sheet"}
    assert "This is a trial run." in client.get(f"{link}/thanks").text
    sign_in(client, "Ada")
    page = client.get(f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire").text
    assert "answered to the end" in page


def test_a_trial_asks_what_the_department_will_be_asked(client: "TestClient", cast: Cast, wave_id: UUID) -> None:
    legal = trial_link(client, cast, wave_id)
    assert "exchanges with counsel" in client.get(f"{legal}/module").text
    other = trial_link(client, cast, wave_id, "Ethics")
    assert client.get(f"{other}/module").status_code == 404


@pytest.mark.both
def test_opening_deletes_what_was_answered_on_trial_also_from_the_files(
    client: "TestClient", database: Database, cast: Cast, wave_id: UUID, clock: Clock
) -> None:
    link = trial_link(client, cast, wave_id)
    Robot(client, always("4")).answer(link)
    half = trial_link(client, cast, wave_id, "HR")
    Robot(client, always("2")).answer(half, send=False)
    with database.reading() as session:
        kept = [bytes(one) for one in session.connection().scalars(text("SELECT ciphertext FROM trial_sheet"))]
    assert len(kept) == 2
    stored = raw.files(database, settled=True)
    assert all(one[:64] in stored for one in kept)
    open_wave(database, cast, wave_id, clock)
    with database.reading() as session:
        assert session.connection().scalar(text("SELECT count(*) FROM trial_sheet")) == 0
        assert waves.turnout_total(session, cast.organisation, wave_id).responses == 0
        assert session.connection().scalar(text("SELECT count(*) FROM answer_sheet")) == 0
    left = raw.files(database, settled=True)
    assert not any(one[at : at + 32] in left for one in kept for at in range(0, len(one) - 32, 32))
    gone = client.get(link)
    assert gone.status_code == 410
    assert "The trial run is over" in unescape(gone.text)
    assert client.post(f"{half}/t1", data={"T1a": "3"}).status_code == 410


@pytest.mark.both
def test_a_trial_link_that_was_taken_back_leads_nowhere_and_its_answers_are_deleted(
    client: "TestClient", database: Database, cast: Cast, wave_id: UUID
) -> None:
    link = trial_link(client, cast, wave_id)
    Robot(client, always("4")).answer(link, send=False)
    sign_in(client, "Ada")
    page = f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire"
    [link_id] = re.findall(r'name="link" value="([0-9a-f-]+)"', client.get(page).text)
    assert client.post(f"{page}/trial", data={"link": link_id}).status_code == 303
    assert client.get(link).status_code == 410
    with database.reading() as session:
        assert session.connection().scalar(text("SELECT count(*) FROM trial_sheet")) == 0


def test_a_link_for_nobody_or_no_department_is_refused_with_what_was_typed(
    client: "TestClient", cast: Cast, wave_id: UUID
) -> None:
    sign_in(client, "Ada")
    page = f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire"
    nobody = client.post(f"{page}/trial", data={"reader": "", "department": str(cast.departments["HR"])})
    assert nobody.status_code == 422
    assert f'value="{cast.departments["HR"]}" selected' in nobody.text
    nowhere = client.post(f"{page}/trial", data={"reader": "Works council", "department": "x"})
    assert nowhere.status_code == 422
    assert 'value="Works council"' in nowhere.text


def test_a_draft_can_ask_another_questionnaire_and_an_open_wave_keeps_its_own(
    client: "TestClient", database: Database, cast: Cast, wave_id: UUID, clock: Clock
) -> None:
    sign_in(client, "Ada")
    page = f"/organisations/{cast.organisation}/waves/{wave_id}/questionnaire"
    assert client.post(page, data={"instrument": "own_nothing"}).status_code == 422
    assert client.post(page, data={"instrument": "atr"}).status_code == 303
    open_wave(database, cast, wave_id, clock)
    assert client.post(page, data={"instrument": "atr"}).status_code == 409
    assert client.post(f"{page}/trial", data={"reader": "x"}).status_code == 409
    assert "frozen when the wave opened" in client.get(page).text
