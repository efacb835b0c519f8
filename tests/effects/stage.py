"""Two waves with an action that was done between them; and small pairs of releases to hold against each other."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from app.actions import queries, service
from app.actions.facts import Facts, Status
from app.actions.service import Author, Wanted
from app.db import Database
from app.effects.told import Deed
from app.releases.document.figures import Gate
from app.releases.document.release import Change, Release, Row, Scored
from tests.cast import Cast
from tests.conftest import Clock
from tests.explore.paired import COUNTS, another_wave
from tests.explore.samples import PLAIN, release
from tests.explore.samples import row as sample
from tests.world import answer, close, plan_wave

BEGINS, ENDS = date(2026, 7, 6), date(2026, 10, 5)
WITHIN = date(2026, 8, 3)


def id_of(name: str) -> UUID:
    """The id of a department of a small release."""
    return uuid5(NAMESPACE_OID, name)


def cell(before: int, now: int, *, half: int = 2) -> Scored:
    """A score that moved, with bounds so many points to either side."""
    change = Change(before=before, now=now, delta=now - before, p=50, direction="none", confirmation="none")
    return replace(PLAIN, score=now, change=change, gate=Gate(lower=now - half, upper=now + half, own=True))


def pair(*, half: int = 2, **moved: tuple[int, int]) -> tuple[Release, Release]:
    """Two releases of these departments, each with its score of T1 before and after."""
    befores = [_row(name, cell(50, before, half=half)) for name, (before, _) in moved.items()]
    afters = [_row(name, cell(before, now, half=half)) for name, (before, now) in moved.items()]
    return release(*befores), release(*afters)


def _row(name: str, t1: Scored) -> Row:
    made = sample(name, T1=t1)
    return replace(made, id=str(id_of(name)), departments=(str(id_of(name)),))


def deed(to: str, *, moves: tuple[str, ...] = ("T1",), status: Status = "done", ended: date | None = WITHIN) -> Deed:
    """An action of a department of a small release."""
    return Deed(
        id=uuid4(),
        origin=id_of(to),
        department_id=id_of(to),
        department=to,
        action="",
        title="Write a page",
        role="",
        owner="",
        taken=BEGINS,
        begins=BEGINS,
        due=WITHIN,
        hours=8,
        status=status,
        ended=ended,
        moves=moves,
        evidence="A page",
        link="",
        reason="",
    )


@dataclass(frozen=True)
class Acted:
    """The two waves, and the action of Operations that was done between them; one of Legal that was dropped."""

    earlier: UUID
    later: UUID
    done: UUID
    dropped: UUID


def take(database: Database, cast: Cast, now: datetime, title: str, *, to: str, moves: tuple[str, ...]) -> UUID:
    """Takes an action on."""
    facts = Facts(department_id=cast.departments[to], title=title, due=now.date() + timedelta(days=20), moves=moves)
    wanted = Wanted(id=uuid4(), facts=facts, begins=now.date())
    with database.writing() as session:
        service.take(session, cast.organisation, (wanted,), author=Author("Ada", now))
    return wanted.id


def end(database: Database, cast: Cast, now: datetime, planned_id: UUID, **said: str) -> None:
    """Ends it."""
    with database.writing() as session:
        facts = queries.planned(session, cast.organisation, planned_id).facts
        ended = replace(facts, **said)  # type: ignore[arg-type]  # fields by name
        service.change(session, cast.organisation, planned_id, ended, author=Author("Ada", now), seen=None)


def act(database: Database, cast: Cast, clock: Clock) -> Acted:
    """A wave, two actions that end after it, one well and one not, and the wave after that."""
    earlier = plan_wave(database, cast, now=clock(), label="2026-H1", name="Beside")
    answer(database, cast, earlier, counts=COUNTS, now=clock.advance(minutes=1))
    close(database, cast, earlier, now=clock.advance(minutes=1))
    done = take(database, cast, clock.advance(days=3), "Write a page", to="Operations", moves=("R3", "T1"))
    dropped = take(database, cast, clock(), "Meet on Fridays", to="Legal", moves=("R4",))
    end(database, cast, clock.advance(days=10), done, status="done", evidence="The page is on the intranet.")
    end(database, cast, clock(), dropped, status="dropped", reason="Nobody had the time.")
    later = another_wave(database, cast, clock_at(clock), earlier, label="2026-H2", shift=1)
    return Acted(earlier, later, done, dropped)


def clock_at(clock: Clock) -> Clock:
    """The clock some weeks on."""
    clock.advance(days=30)
    return clock
