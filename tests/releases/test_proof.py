"""A release is proven before it is stored: the worker refuses one that a broken planner made."""

import pytest

from app.db import Database
from app.jobs.queries import job
from app.releases import store
from app.waves import queries as waves
from app.waves import service
from app.worker import Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import World, answer

pytestmark = pytest.mark.lived_in


def close(database: Database, cast: Cast, lived_in: World, clock: Clock) -> None:
    everybody = {"Legal": 5, "HR": 5, "Operations": 12, "IT": 10, "Ethics": 2, "Tax": 3, "Accounts payable": 8}
    answer(database, cast, lived_in.running, counts=everybody, now=clock())
    with database.writing() as session:
        service.start_closing(session, organisation_id=cast.organisation, wave_id=lived_in.running, now=clock())
    for _ in range(4):
        while Worker(database, clock=clock).work_once():
            pass
        clock.advance(minutes=2)


def test_the_certificate_has_what_the_auditor_found(database: Database, cast: Cast, clock: Clock, lived_in: World):
    close(database, cast, lived_in, clock)
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.running)
        before = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    assert before is not None
    for certificate in (found.document.certificate, before.document.certificate):
        assert certificate.audited
        assert certificate.statistics > 100
        assert certificate.smallest_support is not None
        assert certificate.smallest_support >= 5
        assert certificate.smallest_interval_support is not None
        assert certificate.smallest_interval_support >= 10


def test_a_plan_that_only_hides_small_cells_is_refused_by_name_and_nothing_is_stored(
    database: Database, cast: Cast, clock: Clock, lived_in: World, monkeypatch: pytest.MonkeyPatch
):
    # Every department is a row, however few answered: what the planner would do if it were broken.
    monkeypatch.setattr("app.releases.statistics.planning.plan_wave", lambda whole, *_, **__: whole)
    close(database, cast, lived_in, clock)
    with database.reading() as session:
        assert store.latest(session, cast.organisation, lived_in.running) is None
        assert waves.wave(session, cast.organisation, lived_in.running).state == "closing"
        work = job(session, kind="release", subject_id=lived_in.running)
    assert work is not None
    assert work.state == "failed"
    assert work.error is not None
    assert "could be combined to tell of too few people" in work.error
    assert "Ethics" in work.error
