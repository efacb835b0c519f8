import re
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.clients.service import add_department, create_organisation
from app.db import Database
from app.jobs import service as jobs
from app.waves import pages, queries
from tests.cast import Cast, sign_in
from tests.conftest import Clock, recorded
from tests.waves import stage

if TYPE_CHECKING:
    from starlette.testclient import TestClient

DAY = date(2026, 10, 5)
POLICY = {"mode": "confidential", "k": "5", "retention_months": "12"}
PLAN = {
    "name": "Agent readiness",
    "instrument": "atr",
    "label": "2026-Q4",
    "form": "full",
    "planned_close": "",
    **POLICY,
}


@pytest.fixture
def ada(client: "TestClient", cast: Cast) -> "TestClient":
    return sign_in(client, "Ada")


def address(cast: Cast, wave_id: UUID, *parts: object) -> str:
    return "/".join(map(str, (f"/organisations/{cast.organisation}/waves", wave_id, *parts)))


def text(client: "TestClient", url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def turnout(client: "TestClient", url: str) -> set[str]:
    """What the table of turnout has a line for."""
    table = text(client, url).partition('id="departments"')[2]
    return set(re.findall(r'<th scope="row">(?:<em>)?([^<]+)', table))


def test_the_overview_leads_from_the_plan_to_the_next_wave(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    overview = f"/organisations/{cast.organisation}"
    assert "Plan an assessment" in text(ada, overview)
    wave_id = stage.planned(database, cast, clock())
    assert "Open 2026-Q4" in text(ada, overview)
    assert ada.post(address(cast, wave_id, "open")).status_code == 303
    assert "Share the survey links" in text(ada, overview)
    stage.answered(database, cast, wave_id, DAY, {"Operations": 21})
    page = text(ada, overview)
    assert "21 of 105 people have answered 2026-Q4" in page
    assert "(20 %)" in page
    stage.closed(database, cast, wave_id, clock())
    assert "See the heatmap" in text(ada, overview)
    clock.advance(days=90)
    sign_in(ada, "Ada")
    assert "Prepare the next wave" in text(ada, overview)


def test_the_overview_of_a_new_client_begins_with_departments(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    with database.writing() as session:
        new = create_organisation(
            session, name="New (fictional)", time_zone="Europe/Berlin", user_id=cast.ada, now=clock()
        )
    page = text(ada, f"/organisations/{new}")
    assert "Import departments" in page
    assert "There are none yet" in page


def test_the_overview_says_how_many_people_there_are(ada: "TestClient", cast: Cast):
    page = text(ada, f"/organisations/{cast.organisation}")
    assert "10 departments, 105 people" in page
    assert "with 3 departments below" in page


def test_a_plan_becomes_a_draft(ada: "TestClient", cast: Cast, database: Database):
    plan = f"/organisations/{cast.organisation}/assessments/new"
    assert 'value="2026-Q4"' in text(ada, plan)
    first = ada.post(plan, data={**PLAN, "planned_close": "2026-10-30"})
    again = ada.post(plan, data={**PLAN, "planned_close": "2026-10-30"})
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    page = text(ada, first.headers["location"])
    assert "2026-Q4 is ready to open" in page
    assert "30 October 2026" in page
    assert "6 to 7 minutes" in page


def test_a_wrong_plan_keeps_what_was_typed_and_says_why(ada: "TestClient", cast: Cast, database: Database):
    typed = {"name": "Our <own> name", "instrument": "atr", "label": "2026-Q9", "form": "", "planned_close": "soon"}
    answer = ada.post(f"/organisations/{cast.organisation}/assessments/new", data=typed)
    assert answer.status_code == 422
    page = unescape(answer.text)
    for told in (
        "Our <own> name",
        'value="2026-Q9"',
        "2026-Q9 is not one of them",
        "soon is not a day of the calendar",
        "Choose the full questionnaire or the pulse",
    ):
        assert told in page
    assert "Our <own>" not in answer.text
    with database.reading() as session:
        assert queries.waves(session, cast.organisation) == ()


def test_an_empty_form_is_answered_with_the_page(ada: "TestClient", cast: Cast):
    assert ada.post(f"/organisations/{cast.organisation}/assessments/new", data={}).status_code == 422


def test_a_draft_names_small_departments_before_it_opens(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    page = text(ada, address(cast, stage.planned(database, cast, clock())))
    assert "Ethics has fewer than 5 people: its answers are shown only together with those of HR." in page
    assert "Tax has fewer than 5 people: its answers are shown only together with those of Finance itself." in page


def test_a_draft_that_cannot_open_says_what_is_missing_and_where(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    with database.writing() as session:
        add_department(
            session, cast.organisation, name="Sales", parent_id=None, function="sales", headcount=0, now=clock()
        )
    wave_id = stage.planned(database, cast, clock())
    page = text(ada, address(cast, wave_id))
    assert "2026-Q4 cannot open yet" in page
    assert "Sales has no headcount." in page
    assert f"/organisations/{cast.organisation}/departments" in page
    refusal = ada.post(address(cast, wave_id, "open"))
    assert refusal.status_code == 409
    assert "Sales has no headcount." in refusal.text


@pytest.mark.both
def test_the_total_is_live_and_departments_are_counted_once_a_day_in_groups_of_ten(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 3, "Ethics": 2, "IT": 5})
    page = text(ada, address(cast, wave_id))
    assert "10 of 105 people" in page
    assert "appears tomorrow" in page
    clock.advance(days=1)
    sign_in(ada, "Ada")  # a sign-in lasts twelve hours
    stage.answered(database, cast, wave_id, DAY + timedelta(days=1), {"IT": 1})
    page = text(ada, address(cast, wave_id))
    assert "11 of 105 people" in page
    assert "Until the end of 5 October 2026" in page
    assert "<em>Legal, HR and Ethics</em>" in page
    assert "IT: 42 %" in page  # 5 of 12, as of yesterday
    assert ">Legal</th>" not in page
    assert ">Ethics</th>" not in page


def test_closing_asks_first_and_says_what_happens(ada: "TestClient", cast: Cast, database: Database, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    page = text(ada, address(cast, wave_id, "close"))
    assert "deleted. Nobody reads them" in page
    assert stage.wave(database, cast, wave_id).state == "open"
    for _ in range(2):
        answer = ada.post(address(cast, wave_id, "close"))
        assert answer.headers["location"] == address(cast, wave_id, "close")
    assert "The result is being made" in text(ada, address(cast, wave_id, "close"))
    assert ada.get(address(cast, wave_id)).headers["location"] == address(cast, wave_id, "close")


def test_closing_a_draft_is_refused_with_a_sentence(ada: "TestClient", cast: Cast, database: Database, clock: Clock):
    wave_id = stage.planned(database, cast, clock())
    for answer in (ada.get(address(cast, wave_id, "close")), ada.post(address(cast, wave_id, "close"))):
        assert answer.status_code == 409
        assert "nothing to close" in answer.text


def test_too_many_answers_name_the_department_and_offer_the_correction(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"IT": 15, "Ethics": 6})
    stage.closing(database, cast, wave_id, clock())
    page = text(ada, address(cast, wave_id, "close"))
    assert "Far more people answered in IT than its headcount of 12" in page
    assert "15 people sent answers." in page
    assert "Far more people answered in Ethics than its headcount of 3" in page
    assert "6 people" not in page  # too few people to say how many of them answered
    confirmed = ada.post(address(cast, wave_id, "headcounts", cast.departments["Ethics"]), data={"confirm": "yes"})
    assert confirmed.headers["location"] == address(cast, wave_id, "close")
    assert "whether the headcount of IT is right" in text(ada, address(cast, wave_id, "close"))
    ada.post(address(cast, wave_id, "headcounts", cast.departments["IT"]), data={"headcount": "16"})
    assert "The result is being made" in text(ada, address(cast, wave_id, "close"))


@pytest.mark.parametrize("typed", ["", "many", "-3", "4.5", "1,5", "1,200", "0", "9" * 12])
def test_a_wrong_headcount_stays_on_the_page_with_its_sentence(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock, typed: str
):
    wave_id = stage.opened(database, cast, clock())
    answer = ada.post(address(cast, wave_id, "headcounts", cast.departments["IT"]), data={"headcount": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "whole number" in answer.text


def test_while_a_wave_closes_only_departments_that_are_too_full_have_a_field(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 13})
    assert text(ada, address(cast, wave_id, "headcounts")).count('name="headcount"') == len(cast.departments)
    stage.closing(database, cast, wave_id, clock())
    page = text(ada, address(cast, wave_id, "headcounts"))
    assert page.count('name="headcount"') == 1
    assert 'aria-label="Headcount of Legal"' in page
    refusal = ada.post(address(cast, wave_id, "headcounts", cast.departments["Ethics"]), data={"headcount": "2"})
    assert refusal.status_code == 409
    assert "The headcount of Ethics can no longer be changed" in refusal.text


def test_a_closed_wave_with_fewer_than_five_answers_does_not_say_how_many(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 3})
    for step, *there in ((stage.closing, "close"), (stage.closed,)):
        step(database, cast, wave_id, clock())
        page, overview = text(ada, address(cast, wave_id, *there)), text(ada, f"/organisations/{cast.organisation}")
        assert "fewer than 5 of 105 people" in page
        assert "fewer than 5<span" in overview
        for told in (page, overview):
            assert "3 of 105" not in told
            assert "3 %" not in told


def test_an_answer_of_one_small_department_cannot_be_found_by_correcting_another(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    clock.advance(days=1)
    sign_in(ada, "Ada")
    before = turnout(ada, address(cast, wave_id))
    assert before
    for name, headcount in (("IT", 9), ("Operations", 9), ("Customer service", 4), ("Tax", 1), ("IT", 40)):
        ada.post(address(cast, wave_id, "headcounts", cast.departments[name]), data={"headcount": str(headcount)})
        assert turnout(ada, address(cast, wave_id)) <= before
    for name, headcount in (("Operations", 30), ("Customer service", 25), ("Tax", 4)):
        ada.post(address(cast, wave_id, "headcounts", cast.departments[name]), data={"headcount": str(headcount)})
    assert turnout(ada, address(cast, wave_id)) == before


def test_a_correction_is_recorded_with_the_name_of_who_made_it(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    answer = ada.post(address(cast, wave_id, "headcounts", cast.departments["Tax"]), data={"headcount": "5"})
    assert answer.headers["location"] == address(cast, wave_id, "headcounts")
    page = text(ada, address(cast, wave_id, "headcounts"))
    assert "<td>Ada</td>" in page
    assert "5 October 2026, 10:00" in page


def test_a_failed_release_is_told_kindly_and_can_be_tried_again(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.closing(database, cast, wave_id, clock())
    for _ in range(jobs.MAX_ATTEMPTS):
        with database.writing() as session:
            job = jobs.take(session, worker="w", now=clock.advance(minutes=2))
            assert job is not None
            jobs.fail(session, job_id=job.id, worker="w", error="out of memory", now=clock())
    page = text(ada, address(cast, wave_id, "close"))
    assert "The answers are safe" in page
    assert "out of memory" not in page
    assert ada.post(address(cast, wave_id, "retry")).status_code == 303
    assert "The result is being made" in text(ada, address(cast, wave_id, "close"))


def test_one_button_prepares_the_next_wave_and_a_second_click_changes_nothing(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.closed(database, cast, wave_id, clock())
    page = text(ada, address(cast, wave_id))
    assert 'value="2027-Q1"' in page
    assert 'value="pulse" checked' in page
    sent = {"label": "2027-Q1", "form": "pulse"}
    first, second = (ada.post(address(cast, wave_id, "next"), data=sent) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert "2027-Q1 is ready to open" in text(ada, first.headers["location"])
    assert "2027-Q1</a> follows" in text(ada, address(cast, wave_id))
    other = ada.post(address(cast, wave_id, "next"), data={"label": "2027-Q2", "form": "pulse"})
    assert other.status_code == 409
    assert "2027-Q1 follows 2026-Q4 already" in other.text


def test_a_wrong_label_of_the_next_wave_is_told_at_its_field(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock
):
    wave_id = stage.opened(database, cast, clock())
    stage.closed(database, cast, wave_id, clock())
    answer = ada.post(address(cast, wave_id, "next"), data={"label": "2026-Q4", "form": "full"})
    assert answer.status_code == 422
    assert "already has a wave 2026-Q4" in answer.text
    assert 'value="full" checked' in answer.text


def test_strangers_find_nothing(client: "TestClient", cast: Cast, database: Database, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    sign_in(client, "Ben")
    for url in (f"/organisations/{cast.organisation}", address(cast, wave_id), address(cast, wave_id, "headcounts")):
        assert client.get(url).status_code == 404
    assert client.post(address(cast, wave_id, "close")).status_code == 404
    elsewhere = f"/organisations/{cast.other}/waves/{wave_id}"
    assert client.get(elsewhere).status_code == 404
    assert client.post(f"{elsewhere}/close").status_code == 404
    assert client.post(f"{elsewhere}/retry").status_code == 404
    assert stage.wave(database, cast, wave_id).state == "open"


def test_a_wave_that_does_not_exist_is_not_found(ada: "TestClient", cast: Cast):
    assert ada.get(address(cast, uuid4())).status_code == 404
    assert ada.get(f"/organisations/{cast.organisation}/waves/first").status_code == 404


@pytest.mark.parametrize("departments", [0, 40])
def test_every_state_of_a_wave_is_read_with_a_fixed_number_of_statements(
    ada: "TestClient", cast: Cast, database: Database, clock: Clock, departments: int
):
    with database.writing() as session:
        for number in range(departments):
            add_department(
                session, cast.organisation, name=f"Team {number}", parent_id=None, function="other", headcount=5,
                now=clock(),
            )  # fmt: skip
    wave_id = stage.opened(database, cast, clock())
    for move in (None, stage.closing, stage.closed):
        if move is not None:
            move(database, cast, wave_id, clock())
        with recorded(database) as seen, database.reading() as session:
            pages.wave(session, cast.organisation, wave_id, now=clock())
            pages.organisation(session, cast.organisation, now=clock())
        assert len([statement for statement in seen if statement.startswith("SELECT")]) <= 11, seen
