"""Three closed waves of one assessment, of which the first and the third are compared by no release."""

from dataclasses import dataclass
from uuid import UUID

from app.db import Database
from app.waves import service as waves
from app.waves.policy import Policy
from app.worker import Worker
from tests.cast import Cast
from tests.conftest import Clock
from tests.world import ANSWERS, World, answer, close


@dataclass(frozen=True)
class Three:
    """The waves, oldest first."""

    first: UUID
    second: UUID
    third: UUID


def three_waves(database: Database, cast: Cast, clock: Clock, world: World, *, policy: Policy | None = None) -> Three:
    """Closes the wave that is open and holds another one, in which people say one point more; under this policy."""
    answer(database, cast, world.running, counts=ANSWERS, now=clock.advance(minutes=1))
    close(database, cast, world.running, now=clock.advance(days=1))
    with database.writing() as session:
        third = waves.prepare_next(
            session,
            organisation_id=cast.organisation,
            wave_id=world.running,
            form="pulse",
            label="2027-Q1",
            now=clock.advance(days=60),
        )
        if policy is not None:
            waves.set_policy(session, organisation_id=cast.organisation, wave_id=third, policy=policy)
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=third, now=clock())
    answer(database, cast, third, counts=ANSWERS, now=clock.advance(minutes=1), shift=1)
    close(database, cast, third, now=clock.advance(days=1))
    return Three(world.closed, world.running, third)


def work(database: Database, clock: Clock, *, turns: int = 1) -> None:
    """Lets a worker do what is due; with more turns, also what is tried again later."""
    for _ in range(turns):
        while Worker(database, clock=clock).work_once():
            pass
        clock.advance(minutes=2)
