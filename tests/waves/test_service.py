from datetime import date, timedelta
from threading import Barrier, Thread

import pytest

from app.clients.service import add_department, change_department
from app.db import Database
from app.errors import ConflictError, GoneError, InvalidError, NotFoundError
from app.waves import planning, queries, service
from app.waves.policy import Policy
from surveys.arrange import layout
from surveys.load import latest
from tests.cast import Cast
from tests.conftest import Clock
from tests.places import START
from tests.processes import PATIENT_SECONDS
from tests.waves import stage

DAY = date(2026, 10, 5)


def legal_becomes_law(database: Database, cast: Cast) -> None:
    legal = cast.departments["Legal"]
    with database.writing() as session:
        change_department(
            session, cast.organisation, legal, name="Law", parent_id=None, function="legal", headcount=9, now=START
        )


def test_planning_makes_a_draft(database: Database, cast: Cast, clock: Clock):
    wave = stage.wave(database, cast, stage.planned(database, cast, clock()))
    assert (wave.label, wave.form, wave.state, wave.number) == ("2026-Q4", "full", "draft", 1)
    assert (wave.assessment_name, wave.instrument, wave.instrument_version) == ("Agent readiness", "atr", None)
    assert wave.previous_wave_id is None


@pytest.mark.both
def test_planning_twice_makes_one_assessment(database: Database, cast: Cast, clock: Clock):
    assert stage.planned(database, cast, clock()) == stage.planned(database, cast, clock())
    with database.reading() as session:
        assert len(queries.waves(session, cast.organisation)) == 1


def test_another_plan_of_the_same_name_is_refused(database: Database, cast: Cast, clock: Clock):
    stage.planned(database, cast, clock())
    with pytest.raises(InvalidError, match="already an assessment called Agent readiness") as refusal:
        stage.planned(database, cast, clock(), form="pulse")
    assert refusal.value.fields.keys() == {"name"}


def test_every_wrong_field_of_a_plan_gets_its_sentence(database: Database, cast: Cast, clock: Clock):
    with database.reading() as session:
        wrong = planning.plan_faults(
            session,
            cast.organisation,
            name=" ",
            instrument="none",
            label="2026-Q5",
            form="short",
            close=DAY,
            now=clock(),
        )
    assert list(wrong) == ["name", "instrument", "label", "form", "planned_close"]
    assert "in the future" in wrong["planned_close"]
    assert "2026-Q5" in wrong["label"]


def test_the_closing_day_is_judged_in_the_clients_time_zone(database: Database, cast: Cast, clock: Clock):
    clock.advance(hours=15)  # 23:00 in UTC, already tomorrow in Berlin
    told = {"name": "A", "instrument": "atr", "label": "2026-Q4", "form": "full"}
    with database.reading() as session:
        tomorrow = DAY + timedelta(days=1)
        assert planning.plan_faults(session, cast.organisation, **told, close=tomorrow, now=clock())
        assert not planning.plan_faults(session, cast.organisation, **told, close=DAY + timedelta(days=2), now=clock())


@pytest.mark.both
def test_opening_freezes_departments_questionnaire_layouts_and_policy(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    legal_becomes_law(database, cast)
    wave = stage.wave(database, cast, wave_id)
    instrument = latest("atr")
    assert wave.state == "open"
    assert wave.opened_at == clock()
    assert (wave.instrument_version, wave.instrument_sha256) == (instrument.version, instrument.sha256)
    assert wave.policy == Policy()
    with database.reading() as session:
        frozen = queries.wave_departments(session, cast.organisation, wave_id)
    assert [d.position for d in frozen] == list(range(len(cast.departments)))
    legal = next(d for d in frozen if d.department_id == cast.departments["Legal"])
    columns = layout(instrument, form="full", function="legal")
    assert (legal.name, legal.planned_headcount, legal.headcount) == ("Legal", 8, 8)
    assert (legal.layout_items, legal.layout_sha256) == (columns.item_ids, columns.sha256)
    assert next(d for d in frozen if d.name == "Tax").parent_id == cast.departments["Finance"]


def test_opening_twice_opens_once(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock.advance(hours=1))
    assert stage.wave(database, cast, wave_id).opened_at == clock() - timedelta(hours=1)


def test_a_wave_cannot_open_without_departments(database: Database, cast: Cast, clock: Clock):
    with database.writing() as session:
        wave_id = service.plan_assessment(
            session,
            organisation_id=cast.other,
            name="First",
            instrument="atr",
            label="2026-Q4",
            form="full",
            planned_close=None,
            now=clock(),
        )
    with database.writing() as session, pytest.raises(ConflictError, match="There are no departments yet"):
        service.open_wave(session, organisation_id=cast.other, wave_id=wave_id, now=clock())


def test_a_wave_cannot_open_while_a_department_has_no_headcount(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.planned(database, cast, clock())
    with database.writing() as session:
        add_department(
            session, cast.organisation, name="Sales", parent_id=None, function="sales", headcount=0, now=clock()
        )
    with database.writing() as session, pytest.raises(ConflictError, match="Sales has no headcount"):
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    assert stage.wave(database, cast, wave_id).state == "draft"


def test_a_wave_of_another_client_is_not_found(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.planned(database, cast, clock())
    with database.writing() as session, pytest.raises(NotFoundError):
        service.open_wave(session, organisation_id=cast.other, wave_id=wave_id, now=clock())
    with database.reading() as session, pytest.raises(NotFoundError):
        queries.wave(session, cast.other, wave_id)


def test_responses_are_counted_by_department_and_day(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.answered(database, cast, wave_id, DAY, {"Legal": 2, "HR": 1})
    stage.answered(database, cast, wave_id, DAY + timedelta(days=1), {"Legal": 1})
    with database.reading() as session:
        assert queries.turnout_total(session, cast.organisation, wave_id) == queries.ResponseRate(4, 105)
        now = queries.turnout_by_department(session, cast.organisation, wave_id)
        before = queries.turnout_by_department(session, cast.organisation, wave_id, before=DAY + timedelta(days=1))
    assert now == {cast.departments["Legal"]: 3, cast.departments["HR"]: 1}
    assert before == {cast.departments["Legal"]: 2, cast.departments["HR"]: 1}


def test_a_closing_wave_counts_no_answers(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.closing(database, cast, wave_id, clock())
    with pytest.raises(GoneError, match="has closed"):
        stage.answered(database, cast, wave_id, DAY, {"Legal": 1})
    with database.reading() as session:
        assert queries.turnout_total(session, cast.organisation, wave_id).responses == 0


@pytest.mark.both
def test_answers_that_arrive_at_once_are_all_counted(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    start = Barrier(4)

    def answer() -> None:
        start.wait(PATIENT_SECONDS)
        stage.answered(database, cast, wave_id, DAY, {"Operations": 5})

    threads = [Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENT_SECONDS)
    with database.reading() as session:
        assert queries.turnout_total(session, cast.organisation, wave_id).responses == 20


def test_closing_asks_for_the_release_once(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.closing(database, cast, wave_id, clock.advance(days=9))
    stage.closing(database, cast, wave_id, clock.advance(hours=1))
    wave = stage.wave(database, cast, wave_id)
    assert (wave.state, wave.closed_at) == ("closing", clock() - timedelta(hours=1))
    job = stage.release_job(database, wave_id)
    assert job is not None
    assert job.organisation_id == cast.organisation


def test_a_draft_cannot_be_closed_and_an_open_wave_not_be_finished(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.planned(database, cast, clock())
    with pytest.raises(ConflictError, match="has not been opened yet"):
        stage.closing(database, cast, wave_id, clock())
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    with database.writing() as session, pytest.raises(ConflictError, match="is not being closed"):
        service.finish_closing(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())


def test_a_closed_wave_does_not_open_again(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    stage.closed(database, cast, wave_id, clock())
    assert stage.wave(database, cast, wave_id).finished
    with database.writing() as session, pytest.raises(ConflictError, match="opens only once"):
        service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())


def test_the_next_wave_takes_the_departments_as_they_are_when_it_opens(database: Database, cast: Cast, clock: Clock):
    first = stage.opened(database, cast, clock())
    stage.closed(database, cast, first, clock())
    second = stage.followed(database, cast, first, clock.advance(days=90))
    with database.writing() as session:
        add_department(
            session, cast.organisation, name="Sales", parent_id=None, function="sales", headcount=7, now=clock()
        )
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=second, now=clock())
    wave = stage.wave(database, cast, second)
    assert (wave.number, wave.form, wave.previous_wave_id) == (2, "pulse", first)
    with database.reading() as session:
        assert queries.turnout_total(session, cast.organisation, second).headcount == 112
        assert queries.turnout_total(session, cast.organisation, first).headcount == 105


@pytest.mark.both
def test_preparing_twice_gives_the_same_draft(database: Database, cast: Cast, clock: Clock):
    first = stage.opened(database, cast, clock())
    stage.closed(database, cast, first, clock())
    second = stage.followed(database, cast, first, clock())
    assert stage.followed(database, cast, first, clock(), form="full") == second
    assert stage.wave(database, cast, second).form == "pulse"
    with pytest.raises(ConflictError, match="2027-Q1 follows 2026-Q4 already, so 2027-Q2 was not prepared"):
        stage.followed(database, cast, first, clock(), label="2027-Q2")


def test_a_wave_is_followed_only_once_and_only_when_closed(database: Database, cast: Cast, clock: Clock):
    first = stage.opened(database, cast, clock())
    with pytest.raises(ConflictError, match="is not closed yet"):
        stage.followed(database, cast, first, clock())
    stage.closed(database, cast, first, clock())
    with pytest.raises(InvalidError, match="already has a wave 2026-Q4"):
        stage.followed(database, cast, first, clock(), label="2026-Q4")
    second = stage.followed(database, cast, first, clock())
    with database.writing() as session:
        service.open_wave(session, organisation_id=cast.organisation, wave_id=second, now=clock())
    with pytest.raises(ConflictError, match="2027-Q1 follows 2026-Q4 already"):
        stage.followed(database, cast, first, clock(), label="2027-Q2")


def test_the_fourth_wave_after_a_full_one_is_full_again(database: Database, cast: Cast, clock: Clock):
    wave_id = stage.opened(database, cast, clock())
    proposed = []
    for label in ("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"):
        stage.closed(database, cast, wave_id, clock())
        with database.reading() as session:
            proposed.append(service.next_form(queries.waves(session, cast.organisation)))
        wave_id = stage.followed(database, cast, wave_id, clock(), label=label, form=proposed[-1])
        with database.writing() as session:
            service.open_wave(session, organisation_id=cast.organisation, wave_id=wave_id, now=clock())
    assert proposed == ["pulse", "pulse", "pulse", "full"]


@pytest.mark.parametrize("departments", [1, 30])
def test_the_reads_run_one_statement_each(
    database: Database, cast: Cast, clock: Clock, statements: list[str], departments: int
):
    with database.writing() as session:
        for number in range(departments):
            add_department(
                session, cast.organisation, name=f"Team {number}", parent_id=None, function="other", headcount=5,
                now=clock(),
            )  # fmt: skip
    wave_id = stage.opened(database, cast, clock())
    with database.reading() as session:
        for read in (
            lambda: queries.wave(session, cast.organisation, wave_id),
            lambda: queries.waves(session, cast.organisation),
            lambda: queries.wave_departments(session, cast.organisation, wave_id),
            lambda: queries.turnout_total(session, cast.organisation, wave_id),
            lambda: queries.turnout_by_department(session, cast.organisation, wave_id),
            lambda: queries.response_rates(session, cast.organisation),
            lambda: queries.corrections(session, cast.organisation, wave_id),
        ):
            statements.clear()
            read()
            assert len([s for s in statements if s.startswith("SELECT")]) == 1, statements
