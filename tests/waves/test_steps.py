from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from app.waves.policy import Policy
from app.waves.queries import ResponseRate, WaveView
from app.waves.steps import Step, next_step

OCTOBER = datetime(2026, 10, 20, 18, tzinfo=UTC)


def a_wave(
    state: str,
    *,
    number: int = 1,
    close: date | None = None,
    assessment: UUID | None = None,
    closed_at: datetime = datetime(2026, 10, 10, tzinfo=UTC),
) -> WaveView:
    finished = state in ("closing", "closed", "shared")
    return WaveView(
        organisation_id=uuid4(),
        id=uuid4(),
        assessment_id=assessment or uuid4(),
        assessment_name="Agent readiness",
        number=number,
        label="2026-Q4",
        form="full",
        state=state,
        instrument="atr",
        instrument_version=None,
        instrument_sha256=None,
        policy=Policy(),
        planned_close=close,
        opened_at=None,
        closed_at=closed_at if finished else None,
        previous_wave_id=None,
    )


def step(*waves: WaveView, departments: int = 3, responses: int = 0, now: datetime = OCTOBER) -> Step:
    response_rates = {wave.id: ResponseRate(responses, 100) for wave in waves}
    return next_step(
        departments=departments, waves=waves, response_rates=response_rates, now=now, zone="America/Los_Angeles"
    )


def test_the_first_step_is_to_import_departments():
    assert step(departments=0).route == "clients:import"


def test_the_second_step_is_to_plan_an_assessment():
    assert step().route == "waves:plan"


def test_a_draft_wants_to_be_opened():
    assert step(a_wave("draft")).action == "Open 2026-Q4"


def test_an_open_wave_without_answers_wants_its_links_shared():
    assert step(a_wave("open")).route == "invitations:links"


def test_an_open_wave_is_watched_until_its_closing_day():
    assert step(a_wave("open", close=date(2026, 10, 21)), responses=4).route == "waves:wave"
    assert step(a_wave("open", close=date(2026, 10, 20)), responses=4).route == "closing:walk"
    assert "4 of 100 people" in step(a_wave("open"), responses=4).sentence


def test_a_closed_wave_shows_its_heatmap_and_in_the_next_quarter_asks_for_another_wave():
    assert step(a_wave("closing")).route == "closing:walk"
    assert step(a_wave("closed")).route == "explore:heatmap"
    assert step(a_wave("closed"), now=datetime(2027, 1, 4, 18, tzinfo=UTC)).action == "Prepare the next wave"


def test_the_quarter_of_a_close_is_that_of_the_clients_calendar():
    # In Los Angeles it is still the evening of 30 September; in UTC the fourth quarter has begun.
    evening = a_wave("closed", closed_at=datetime(2026, 10, 1, 3, tzinfo=UTC))
    assert step(evening, now=datetime(2026, 10, 1, 5, tzinfo=UTC)).route == "explore:heatmap"
    assert step(evening, now=datetime(2026, 10, 1, 8, tzinfo=UTC)).action == "Prepare the next wave"


def test_what_runs_comes_before_what_is_done():
    one = uuid4()
    assert step(a_wave("draft", number=2, assessment=one), a_wave("closed", assessment=one)).action == "Open 2026-Q4"
    assert step(a_wave("closed"), a_wave("open")).route == "invitations:links"
