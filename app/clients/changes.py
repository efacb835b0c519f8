"""Changes of the tree: planned for a day, done at its first moment or at once, cancelled, taken back, and kept.

Waves that have opened keep the departments that they froze, whatever is done here (MEASUREMENT.md 4.5.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts import queries as accounts
from app.acts.service import note
from app.clients import queries
from app.clients.models import Department
from app.clients.queries import DepartmentNode, arranged
from app.clients.restructuring import Outcome, require_sound, restructured, snapshot_of
from app.errors import ConflictError, InvalidError, NotFoundError
from app.jobs import service as jobs
from app.lineage import descent
from app.lineage import queries as lineage
from app.lineage.days import beginning, today
from app.lineage.models import DepartmentChange
from app.lineage.snapshots import WAITING, Change, Kind, Snapshot, State, Wanted
from app.sentences import say

JOB: Final = "departments"
"""The kind of the job that does a planned change; its subject is the change."""
FARTHEST: Final = timedelta(days=731)
LONGEST_AGO: Final = timedelta(days=366)
NOTHING: Final = Wanted()
PLANNED: Final[tuple[State, ...]] = ("planned",)
FAR: Final = say("That is more than two years away. Choose a nearer day.")
LONG_AGO: Final = say("That is more than a year ago. Choose a later day.")
NOT_WAITING: Final = say(
    "This change is not waiting any more: it was done or cancelled meanwhile. Nothing was changed."
)


def ask(
    session: Session,
    organisation_id: UUID,
    *,
    kind: Kind,
    wanted: Wanted,
    day: date,
    user_id: UUID | None,
    now: datetime,
    change_id: UUID | None = None,
) -> UUID:
    """Plans a change for a day, or does it where that day has begun; the same `change_id` twice is one change.

    InvalidError has a sentence for each field, also where another change that is planned stands in the way.
    """
    queries.lock_tree(session, organisation_id)
    change_id = change_id or uuid4()
    if lineage.row(session, organisation_id, change_id) is not None:
        return change_id
    # Else it would be judged against a tree in which they are, and done in one in which they are not.
    do_due(session, organisation_id, now=now)
    zone = queries.organisation(session, organisation_id).time_zone
    this_day = today(now, zone)
    _require_near(day, this_day)
    row = _asked(organisation_id, change_id, kind, wanted, day=day, user_id=user_id, now=now)
    _require_possible(session, organisation_id, lineage.facts(row), this_day)
    session.add(row)
    session.flush()
    if day <= this_day:
        _do(session, row, now)
    else:
        due = beginning(day, zone)
        jobs.schedule(session, organisation_id=organisation_id, kind=JOB, subject_id=change_id, due=due, now=now)
    return change_id


def do_due(session: Session, organisation_id: UUID, *, now: datetime) -> int:
    """Does every planned change whose day has begun, in their order, also late, and says how many.

    Nothing while the client is archived.

    One that can't be done any more is held: it is listed with the reason until somebody cancels it or tries again.
    """
    zone = queries.organisation(session, organisation_id).time_zone
    if not _due(session, organisation_id, zone, now):
        return 0
    queries.lock_tree(session, organisation_id)
    if accounts.is_archived(session, organisation_id):
        return 0
    done = 0
    for change in _due(session, organisation_id, zone, now):
        row = lineage.row(session, organisation_id, change.id)
        if row is None or row.state != "planned":
            continue
        try:
            _do(session, row, now)
        except InvalidError:
            row.state = "held"
            session.flush()
            continue
        done += 1
        note(session, "client.change_done", organisation_id=organisation_id, user_id=None, now=now)
    return done


def heirs(session: Session, organisation_id: UUID) -> dict[UUID, UUID]:
    """Of each department that was merged the one that took it over in the end."""
    return descent.heirs(lineage.done(session, organisation_id))


def due_again(session: Session, organisation_id: UUID, change_id: UUID, *, now: datetime) -> None:
    """Sets the timer of a planned change anew where its day has not begun after all: the time zone was changed."""
    row = lineage.row(session, organisation_id, change_id)
    due = None if row is None else beginning(row.day, queries.organisation(session, organisation_id).time_zone)
    if row is not None and row.state == "planned" and due is not None and due > now:
        jobs.schedule(session, organisation_id=organisation_id, kind=JOB, subject_id=change_id, due=due, now=now)


def overdue(session: Session, organisation_id: UUID, *, now: datetime) -> tuple[Change, ...]:
    """The changes whose day has begun and that are not done."""
    day = today(now, queries.organisation(session, organisation_id).time_zone)
    return tuple(one for one in lineage.waiting(session, organisation_id) if one.day <= day)


def hold_overdue(session: Session, organisation_id: UUID, *, now: datetime) -> None:
    """Lets no change be done by itself whose day has begun: a person cancels it or has it done."""
    for one in overdue(session, organisation_id, now=now):
        row = lineage.row(session, organisation_id, one.id)
        if row is not None and row.state == "planned":
            row.state = "held"
    session.flush()


def days_anew(session: Session, organisation_id: UUID, *, now: datetime) -> None:
    """Sets the timers of all planned changes anew: the time zone was changed, so their days begin at other moments."""
    zone = queries.organisation(session, organisation_id).time_zone
    for one in lineage.changes(session, organisation_id, states=PLANNED):
        due = beginning(one.day, zone)
        jobs.schedule(session, organisation_id=organisation_id, kind=JOB, subject_id=one.id, due=due, now=now)


def cancel(session: Session, organisation_id: UUID, change_id: UUID) -> None:
    """Gives a planned change up before it is done. ConflictError when it was done or cancelled meanwhile."""
    _waiting(session, organisation_id, change_id).state = "cancelled"
    session.flush()


def try_again(session: Session, organisation_id: UUID, change_id: UUID, *, now: datetime) -> None:
    """Does a change that was held. InvalidError where it still can't be done."""
    row = _waiting(session, organisation_id, change_id)
    if row.state == "held":
        _do(session, row, now)


def undo(
    session: Session, organisation_id: UUID, change_id: UUID, *, frozen_at: datetime | None, now: datetime
) -> None:
    """Takes a change back that is done: the departments are what they were before it. Said twice it is done once.

    `frozen_at` is when the newest wave opened. ConflictError when that was later, and when one of the departments has
    been changed since.
    """
    queries.lock_tree(session, organisation_id)
    row = lineage.row(session, organisation_id, change_id)
    if row is None:
        raise NotFoundError
    if row.state == "undone":
        return
    change = lineage.facts(row)
    there = queries.every_department(session, organisation_id)
    if about := about_undoing(change, there, frozen_at=frozen_at):
        raise ConflictError(about)
    made = {one.id for one in change.after} - {one.id for one in change.before}
    closed = [replace(one, is_open=False, pool=None) for one in change.after if one.id in made]
    queries.write_departments(session, organisation_id, [*change.before, *closed], now=now)
    row.state = "undone"
    session.flush()


def about_undoing(change: Change, there: descent.Tree, *, frozen_at: datetime | None) -> str | None:
    """Why a change can't be taken back; None where it can. `there` are all departments as they are."""
    if change.state != "done" or change.done_at is None:
        return say("Only what is done can be taken back.")
    if frozen_at is not None and change.done_at <= frozen_at:
        return say("A wave has opened with these departments since, so this stays. Plan a change the other way round.")
    for one in change.after:
        if there.get(one.id) != one:
            name = there[one.id].name if one.id in there else one.name
            return say("{name} has been changed since. Take that back first.", name=name)
    after = dict(there)
    descent.take_back(after, change)
    try:
        require_sound([one for one in after.values() if one.is_open])
    except InvalidError as error:
        return error.message
    return None


def record(
    session: Session, organisation_id: UUID, kind: Kind, found: Outcome, *, now: datetime, wanted: Wanted = NOTHING
) -> UUID:
    """Keeps a change that was made in place, today; gives its id."""
    day = today(now, queries.organisation(session, organisation_id).time_zone)
    row = _asked(organisation_id, uuid4(), kind, wanted, day=day, user_id=None, now=now)
    session.add(row)
    _keep(session, row, found, now)
    return row.id


def apply(session: Session, organisation_id: UUID, kind: Kind, wanted: Wanted, *, now: datetime) -> UUID:
    """Makes a change in place, today, and keeps it; gives its id. InvalidError where it can't be made."""
    tree = queries.departments(session, organisation_id)
    found = restructured(tree, kind, wanted, change_id=uuid4())
    write(session, organisation_id, found, now)
    return record(session, organisation_id, kind, found, now=now, wanted=wanted)


def why_not(tree: Sequence[DepartmentNode], waiting: Iterable[Change]) -> dict[UUID, str]:
    """Of each change that waits and can't be done as things stand the reason; the tree is today's. Pure."""
    found: dict[UUID, str] = {}
    for change in waiting:
        try:
            tree = _tree_after(tree, change)
        except InvalidError as error:
            found[change.id] = error.message
    return found


def _asked(
    organisation_id: UUID, id: UUID, kind: Kind, wanted: Wanted, *, day: date, user_id: UUID | None, now: datetime
) -> DepartmentChange:
    return DepartmentChange(
        organisation_id=organisation_id,
        id=id,
        kind=kind,
        day=day,
        state="planned",
        wanted=wanted.stored,
        before=[],
        after=[],
        user_id=user_id,
        asked_at=now,
    )


def _due(session: Session, organisation_id: UUID, zone: str, now: datetime) -> tuple[Change, ...]:
    planned = lineage.changes(session, organisation_id, states=PLANNED)
    return tuple(one for one in planned if beginning(one.day, zone) <= now)


def _do(session: Session, row: DepartmentChange, now: datetime) -> None:
    """Does a change. InvalidError where it can't be done."""
    change = lineage.facts(row)
    tree = queries.departments(session, row.organisation_id)
    found = restructured(tree, change.kind, change.wanted, change_id=row.id)
    write(session, row.organisation_id, found, now)
    _keep(session, row, found, now)


def _keep(session: Session, row: DepartmentChange, found: Outcome, now: datetime) -> None:
    row.before = [one.stored for one in found.before]
    row.after = [one.stored for one in found.after]
    row.state, row.done_at = "done", now
    row.number = lineage.next_number(session, row.organisation_id)
    session.flush()


def write(session: Session, organisation_id: UUID, found: Outcome, now: datetime, *, at_place: bool = True) -> None:
    """Writes departments as they are now, new ones where the first that went was (`at_place`), else at the end."""
    gone = (
        [one.id for one, after in zip(found.before, _ordered(found), strict=True) if not after.is_open]
        if at_place
        else []
    )
    if found.made:
        position = queries.room_for(session, organisation_id, len(found.made), at=gone)
        for at, one in enumerate(found.made):
            session.add(_row(organisation_id, one, position=position + at, now=now))
        session.flush()
    made = {one.id for one in found.made}
    there = [one for one in found.after if one.id not in made]
    queries.write_departments(session, organisation_id, there, now=now)


def _ordered(found: Outcome) -> list[Snapshot]:
    """What each department of `before` became."""
    after = {one.id: one for one in found.after}
    return [after[one.id] for one in found.before]


def _row(organisation_id: UUID, one: Snapshot, *, position: int, now: datetime) -> Department:
    return Department(
        organisation_id=organisation_id,
        id=one.id,
        parent_id=one.parent_id,
        name=one.name,
        function=one.function,
        headcount=one.headcount,
        position=position,
        pool=one.pool,
        site=one.site,
        created_at=now,
    )


def _waiting(session: Session, organisation_id: UUID, change_id: UUID) -> DepartmentChange:
    queries.lock_tree(session, organisation_id)
    row = lineage.row(session, organisation_id, change_id)
    if row is None:
        raise NotFoundError
    if row.state not in WAITING:
        raise ConflictError(NOT_WAITING)
    return row


def _require_near(day: date, this_day: date) -> None:
    about = FAR if day > this_day + FARTHEST else LONG_AGO if day < this_day - LONGEST_AGO else None
    if about is not None:
        raise InvalidError(about, fields={"day": about})


def _require_possible(session: Session, organisation_id: UUID, change: Change, this_day: date) -> None:
    """Refuses what can't be done on its day, and what would keep a change from being done that is planned for later."""
    tree = queries.departments(session, organisation_id)
    planned = lineage.changes(session, organisation_id, states=PLANNED)
    impossible = why_not(tree, planned)
    possible = [one for one in planned if one.id not in impossible]
    for one in (one for one in possible if one.day <= change.day):
        tree = _tree_after(tree, one)
    found = restructured(tree, change.kind, change.wanted, change_id=change.id)
    later = [one for one in possible if one.day > change.day]
    for id, about in why_not(arranged(_open_after(tree, found)), later).items():
        day = next(one.day for one in later if one.id == id)
        refusal = say("A change that is planned for {day} could not be done then: {why}", day=day, why=about)
        raise InvalidError(refusal, fields={"day": refusal})
    if change.day < this_day:
        _require_untouched(session, organisation_id, change.day, found)


def _require_untouched(session: Session, organisation_id: UUID, day: date, found: Outcome) -> None:
    """Refuses a day in the past where one of the departments was changed on a later one: a day has one tree."""
    concerned = {one.id for one in (*found.before, *found.after)}
    concerned |= {one.parent_id for one in found.after if one.parent_id is not None}
    for later in lineage.done(session, organisation_id):
        names = [one.name for one in later.after if one.id in concerned]
        if later.day > day and names:
            about = say("{name} has been changed since, on {day}. Choose that day or a later one.", name=names[0],
                        day=later.day)  # fmt: skip
            raise InvalidError(about, fields={"day": about})


def _tree_after(tree: Sequence[DepartmentNode], change: Change) -> tuple[DepartmentNode, ...]:
    return arranged(_open_after(tree, restructured(tree, change.kind, change.wanted, change_id=change.id)))


def _open_after(tree: Sequence[DepartmentNode], found: Outcome) -> list[Snapshot]:
    after = {one.id: one for one in found.after}
    kept = [after.get(node.id) or snapshot_of(node) for node in tree]
    return [one for one in (*kept, *found.made) if one.is_open]


def is_done(session: Session, organisation_id: UUID, change_id: UUID) -> bool:
    """Whether a change is done already. NotFoundError when there is none."""
    row = lineage.row(session, organisation_id, change_id)
    if row is None:
        raise NotFoundError
    return row.state == "done"
