"""When mails go out and how many in a minute, by the client's own clock."""

from dataclasses import replace
from datetime import datetime

from app.mail import service, timing
from app.waves import queries as waves
from tests.conftest import Clock
from tests.mail.office import LIST, PEOPLE

EVERYBODY = sorted(f"{who}@example.org" for who in PEOPLE)


def test_the_hours_are_those_of_the_clients_clock_before_and_after_it_is_changed(desk, office, clock: Clock):
    desk.list(clock())
    clock.now = datetime.fromisoformat("2026-10-24T18:00:00+00:00")  # the clocks of Berlin go back in this night
    desk.plan(clock())
    with desk.stage.database.writing() as session:
        wave = waves.wave(session, desk.stage.cast.organisation, desk.stage.wave)
        plan = replace(service.plan_of(session, wave, now=clock()), weekends=True)
        service.save(session, plan, now=clock())
    assert timing.opens(plan, "Europe/Berlin", clock()) == datetime.fromisoformat("2026-10-25T07:00:00+00:00")
    desk.work(datetime.fromisoformat("2026-10-25T06:30:00+00:00"))
    assert office.taken == [], "half past seven, though it was half past eight the day before"
    desk.work(datetime.fromisoformat("2026-10-25T07:00:00+00:00"))
    assert office.to() == EVERYBODY
    spring = datetime.fromisoformat("2027-03-27T18:00:00+00:00")
    assert timing.opens(plan, "Europe/Berlin", spring) == datetime.fromisoformat("2027-03-28T06:00:00+00:00")
    night = replace(plan, from_hour=2, to_hour=4)  # two o'clock is left out on that day
    assert timing.opens(night, "Europe/Berlin", spring) == datetime.fromisoformat("2027-03-28T01:00:00+00:00")
    assert timing.is_open(night, "Europe/Berlin", datetime.fromisoformat("2027-03-28T01:00:00+00:00"))


def test_no_minute_sees_more_people_than_the_plan_says(desk, office, clock: Clock):
    desk.list(clock(), LIST + "".join(f"Legal,x{n},,x{n}@example.org,\n" for n in range(7)))
    desk.plan(clock(), per_minute=4)
    sent: list[int] = []
    for _ in range(3 * 60):  # the worker looks every second
        desk.post.work_once(desk.stage.database, clock.advance(seconds=1))
        sent.append(len(office.taken))
    assert max(after - before for before, after in zip([0, *sent], sent[59:], strict=False)) <= 4
    assert sent[-1] == 10
