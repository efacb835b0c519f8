"""A second assessment with two closed waves, both shared, and a decision record on the newer one.

For pages that lay two results beside each other, and for those that tell of a record: what several tests open.
"""

from dataclasses import dataclass
from uuid import UUID

from app.db import Database
from app.share import service as sharing
from app.waves import service as waves
from app.workflows import service as workflows
from app.workflows.service import Author, Wanted
from tests.autonomy.stage import issue
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import answer, close, plan_wave

COUNTS = {"Legal": 7, "Operations": 12, "IT": 10, "Customer service": 12}


@dataclass(frozen=True)
class Paired:
    """The two waves, the number of the record on the later one, and a workflow of Legal."""

    earlier: UUID
    later: UUID
    record: int
    workflow: UUID


def another_wave(database: Database, cast: Cast, clock: Clock, before: UUID, *, label: str, shift: int = 0) -> UUID:
    """The next wave of an assessment, answered, closed and released."""
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": before}
        wave = waves.prepare_next(session, **place, form="pulse", label=label, now=clock.advance(minutes=1))
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=wave, now=clock())
    answer(database, cast, wave, counts=COUNTS, now=clock.advance(minutes=1), shift=shift)
    close(database, cast, wave, now=clock.advance(minutes=1))
    return wave


def shared(database: Database, cast: Cast, clock: Clock, *every: UUID) -> None:
    """Shares the newest releases of these waves with the client."""
    with database.writing() as session:
        for wave in every:
            place = {"organisation_id": cast.organisation, "wave_id": wave}
            sharing.share(session, **place, user_id=cast.ada, now=clock())


def a_workflow(database: Database, cast: Cast, clock: Clock, *, name: str = "Review an agreement") -> UUID:
    """A workflow in the inventory of Legal."""
    with database.writing() as session:
        wanted = Wanted(department_id=cast.departments["Legal"], name=name)
        author = Author(name="Ada", way="console", now=clock())
        return workflows.add(session, cast.organisation, wanted, author=author)


def pair(database: Database, cast: Cast, clock: Clock) -> Paired:
    """Makes all of it; the clock moves on by some minutes."""
    earlier = plan_wave(database, cast, now=clock(), label="2026-H1", name="Beside")
    answer(database, cast, earlier, counts=COUNTS, now=clock.advance(minutes=1))
    close(database, cast, earlier, now=clock.advance(minutes=1))
    later = another_wave(database, cast, clock, earlier, label="2026-H2", shift=1)
    record = issue(database, cast, clock)
    shared(database, cast, clock, earlier, later)
    return Paired(earlier, later, record, a_workflow(database, cast, clock))
