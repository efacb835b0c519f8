"""What others may know of waves, and the statements of this feature. Each function says what it costs."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db import Prepared
from app.errors import NotFoundError
from app.waves import policy
from app.waves.models import Assessment, HeadcountCorrection, Turnout, Wave, WaveDepartment
from app.waves.policy import Policy
from surveys.model import Workflow

FINISHED = ("closed", "shared")
MIN_SHOWN = 5

Table = TypeVar("Table")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveView:
    """A wave. `instrument` is the questionnaire's key; its hash is None until it opens, its version too unless a draft
    was given one, and until then `policy` and `languages` may be changed: the languages chosen, each with the SHA-256
    of what is asked in it once the wave is open; None for all that there are, and in waves from before there was a
    choice. `deleted_at`: its answers were deleted at the end of their retention.

    `papers_sha256` and `promise` are what it opened with (app/waves/wording.py); None for a draft.
    `closed_at` is the moment from which no answers were taken. `previous_wave_id` is the newest closed wave of the
    assessment before this one, None where there is none. The rest is as in `Wave`.
    """

    organisation_id: UUID
    id: UUID
    assessment_id: UUID
    assessment_name: str
    number: int
    label: str
    form: str
    state: str
    instrument: str
    instrument_version: str | None
    instrument_sha256: str | None
    policy: Policy
    planned_close: date | None
    opened_at: datetime | None
    closed_at: datetime | None
    previous_wave_id: UUID | None
    deleted_at: datetime | None = None
    alert: str | None = None
    languages: Mapping[str, str] | None = None
    papers_sha256: str | None = None
    promise: str | None = None
    contact: str | None = None
    results: str | None = None
    ends_at: datetime | None = None
    opens_at: datetime | None = None
    held_at: datetime | None = None
    target: int | None = None
    paused_until: datetime | None = None
    cancelled: str | None = None

    @property
    def finished(self) -> bool:
        """True once the result is made."""
        return self.state in FINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveDepartmentFacts:
    """A department as a wave froze it. Headcounts count the people attached to it, its children's not.

    `position` orders the departments depth first, each parent before its children. `pool` names the departments of the
    same parent with which it is always shown together, `site` is where its people work; None for none.
    `workflows` are what its people rate, in their order.
    """

    department_id: UUID
    parent_id: UUID | None
    name: str
    function: str
    planned_headcount: int
    headcount: int
    headcount_confirmed: bool
    position: int
    layout_items: tuple[str, ...]
    layout_sha256: str
    pool: str | None = None
    site: str | None = None
    workflows: tuple[Workflow, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """How many people sent their answers, and how many were asked."""

    responses: int
    headcount: int

    @property
    def rate(self) -> int:
        """Response rate in whole per cent, at most 100; 0 where nobody was asked."""
        return min(100, round(100 * self.responses / self.headcount)) if self.headcount else 0

    @property
    def few(self) -> bool:
        """True for so few that a closed wave does not say their number; while it is open the total is live (P10)."""
        return self.responses < MIN_SHOWN


@dataclass(frozen=True, slots=True)
class KeptWave:
    """A closed wave whose answers are still kept, and for how many months after it closed; None: no promise."""

    organisation_id: UUID
    id: UUID
    closed_at: datetime
    retention_months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """One change of a wave's headcount."""

    department_id: UUID
    before: int
    after: int
    user_id: UUID
    at: datetime


def wave(session: Session, organisation_id: UUID, wave_id: UUID) -> WaveView:
    """A wave of the organisation, in one statement. NotFoundError when it has none of that id."""
    found = session.connection().execute(_WAVE, {"organisation_id": organisation_id, "wave_id": wave_id})
    row = found.one_or_none()
    if row is None:
        raise NotFoundError
    return view_of(row)


def waves(session: Session, organisation_id: UUID) -> tuple[WaveView, ...]:
    """All waves of an organisation, the newest assessment first and in it the newest wave, in one statement."""
    return of_organisations(session, (organisation_id,)).get(organisation_id, ())


def of_organisations(session: Session, organisation_ids: Collection[UUID]) -> dict[UUID, tuple[WaveView, ...]]:
    """The same of each of these organisations that has any, in one statement for all."""
    by_client: dict[UUID, list[WaveView]] = {}
    for row in session.connection().execute(_WAVES, {"organisation_ids": list(organisation_ids)}):
        by_client.setdefault(row.organisation_id, []).append(view_of(row))
    return {id: tuple(there) for id, there in by_client.items()}


def any_open(session: Session) -> bool:
    """True while a wave of any organisation takes answers, or will again after a pause; in one statement."""
    return session.execute(select(col(Wave.id)).where(col(Wave.state).in_(("open", "paused")))).first() is not None


def kept(session: Session) -> tuple[KeptWave, ...]:
    """The closed waves of all organisations whose answers were not deleted yet, in one statement."""
    rows = session.connection().execute(_KEPT)
    return tuple(
        KeptWave(organisation_id, id, closed_at, policy.read(promised).retention_months)
        for organisation_id, id, closed_at, promised in rows
    )


def wave_departments(
    session: Session, organisation_id: UUID, wave_id: UUID, *, only: UUID | None = None
) -> tuple[WaveDepartmentFacts, ...]:
    """The departments that a wave froze, depth first, in one statement; none before it opens. `only`: that one."""
    keys = {"organisation_id": organisation_id, "wave_id": wave_id}
    found = session.connection().execute(*((_DEPARTMENTS, keys) if only is None else (_ONE, {**keys, "only": only})))
    return tuple(_frozen(row) for row in found)


def turnout_total(session: Session, organisation_id: UUID, wave_id: UUID) -> ResponseRate:
    """How many people of the whole organisation sent their answers so far, in one statement."""
    return response_rates(session, organisation_id, wave_id).get(wave_id, ResponseRate(0, 0))


def turnout_by_department(
    session: Session, organisation_id: UUID, wave_id: UUID, *, before: date | None = None
) -> dict[UUID, int]:
    """Responses by department, those sent before the day `before` only where it is given, in one statement.

    While a wave is open nobody may see these numbers for fewer than ten people: show them through `visible.groups`.
    """
    statement = (
        select(col(Turnout.department_id), func.sum(col(Turnout.responses)))
        .where(col(Turnout.organisation_id) == organisation_id, col(Turnout.wave_id) == wave_id)
        .group_by(col(Turnout.department_id))
    )
    if before is not None:
        statement = statement.where(col(Turnout.day) < before)
    return {department_id: int(responses) for department_id, responses in session.execute(statement)}


def response_rates(session: Session, organisation_id: UUID, wave_id: UUID | None = None) -> Mapping[UUID, ResponseRate]:
    """Responses and headcount of each opened wave of an organisation, or of one wave, in one statement."""
    asked = (
        select(col(WaveDepartment.wave_id), func.sum(col(WaveDepartment.headcount)).label("headcount"))
        .where(col(WaveDepartment.organisation_id) == organisation_id)
        .group_by(col(WaveDepartment.wave_id))
    )
    sent = (
        select(col(Turnout.wave_id), func.sum(col(Turnout.responses)).label("responses"))
        .where(col(Turnout.organisation_id) == organisation_id)
        .group_by(col(Turnout.wave_id))
    )
    if wave_id is not None:
        asked = asked.where(col(WaveDepartment.wave_id) == wave_id)
        sent = sent.where(col(Turnout.wave_id) == wave_id)
    a, s = asked.subquery(), sent.subquery()
    statement = select(a.c.wave_id, s.c.responses, a.c.headcount).outerjoin(s, a.c.wave_id == s.c.wave_id)
    return {found: ResponseRate(int(n or 0), int(people)) for found, n, people in session.execute(statement)}


def corrections(session: Session, organisation_id: UUID, wave_id: UUID) -> tuple[CorrectionFacts, ...]:
    """The corrections of a wave's headcounts, newest first, in one statement."""
    statement = (
        select(*(col(getattr(HeadcountCorrection, name)) for name in CorrectionFacts.__dataclass_fields__))
        .where(col(HeadcountCorrection.organisation_id) == organisation_id, col(HeadcountCorrection.wave_id) == wave_id)
        .order_by(col(HeadcountCorrection.at).desc())
    )
    return tuple(CorrectionFacts(**row._mapping) for row in session.execute(statement))


def hold(session: Session, organisation_id: UUID, wave_id: UUID) -> None:
    """Keeps a wave as it is, and others who hold it waiting, until this transaction ends."""
    locked_wave(session, organisation_id, wave_id)


# What follows is for this feature's service alone: rows, locked until the transaction ends. SQLite has no such lock and
# needs none, because its write sessions come one after the other.


def locked_wave(session: Session, organisation_id: UUID, wave_id: UUID) -> Wave:
    """The row of a wave, locked and fresh. NotFoundError when the organisation has none of that id."""
    statement = select(Wave).where(col(Wave.organisation_id) == organisation_id, col(Wave.id) == wave_id)
    row: Wave | None = session.execute(_locking(statement)).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    return row


def note_deletion(session: Session, organisation_id: UUID, wave_id: UUID, *, now: datetime) -> bool:
    """Notes that the answers of a closed wave are deleted, and holds the wave; False when they were deleted before."""
    row = locked_wave(session, organisation_id, wave_id)
    if row.deleted_at is not None or row.state not in FINISHED:
        return False
    row.deleted_at = now
    session.flush()
    return True


def locked_assessment(session: Session, organisation_id: UUID, assessment_id: UUID) -> Assessment:
    """The row of an assessment, locked and fresh."""
    statement = select(Assessment).where(
        col(Assessment.organisation_id) == organisation_id, col(Assessment.id) == assessment_id
    )
    row: Assessment = session.execute(_locking(statement)).scalar_one()
    return row


def locked_department(session: Session, organisation_id: UUID, wave_id: UUID, department_id: UUID) -> WaveDepartment:
    """The row of a department of a wave, locked and fresh. NotFoundError when the wave did not freeze it."""
    statement = select(WaveDepartment).where(
        col(WaveDepartment.organisation_id) == organisation_id,
        col(WaveDepartment.wave_id) == wave_id,
        col(WaveDepartment.department_id) == department_id,
    )
    row: WaveDepartment | None = session.execute(_locking(statement)).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    return row


def add_assessment(session: Session, assessment: Assessment) -> bool:
    """Stores an assessment; False when one of its id is there already, also one stored at the same moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Assessment).values(**assessment.model_dump()).on_conflict_do_nothing()
    return session.connection().execute(statement.returning(col(Assessment.id))).first() is not None


def is_open(session: Session, organisation_id: UUID, wave_id: UUID) -> bool:
    """True when the wave takes answers; it then goes on taking them until this transaction ends."""
    return _OPEN.first(session, {"organisation_id": organisation_id, "wave_id": wave_id}) == ("open",)


def stays_open(session: Session, wave: WaveView) -> bool:
    """True when a wave that this transaction has read takes answers until it ends; at most one statement.

    Nobody else changes anything while a transaction of SQLite writes, so what was read stands.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return wave.state == "open" if on_sqlite else is_open(session, wave.organisation_id, wave.id)


def add_response(session: Session, organisation_id: UUID, wave_id: UUID, department_id: UUID, day: date) -> None:
    """Adds one to the turnout of a department on a day, in one statement that was built once."""
    keys = {"organisation_id": organisation_id, "wave_id": wave_id, "department_id": department_id, "day": day}
    _COUNT.run(session, keys)


def every() -> Select[*tuple[Any, ...]]:  # Any: the columns have no common type
    """Selects all waves of all organisations, as `view_of` reads them."""
    told = WaveView.__dataclass_fields__.keys() - {"assessment_name", "instrument", "previous_wave_id"}
    return select(
        *(col(getattr(Wave, name)) for name in told),
        col(Assessment.name).label("assessment_name"),
        func.coalesce(col(Wave.instrument), col(Assessment.instrument)).label("instrument"),
        _previous().label("previous_wave_id"),
    ).join(
        Assessment,
        (col(Assessment.organisation_id) == col(Wave.organisation_id))
        & (col(Assessment.id) == col(Wave.assessment_id)),
    )


def _departments() -> Select[*tuple[Any, ...]]:  # Any: the columns have no common type
    told = WaveDepartmentFacts.__dataclass_fields__
    return (
        select(*(col(getattr(WaveDepartment, name)) for name in told))
        .where(
            col(WaveDepartment.organisation_id) == bindparam("organisation_id"),
            col(WaveDepartment.wave_id) == bindparam("wave_id"),
        )
        .order_by(col(WaveDepartment.position))
    )


def _previous() -> ScalarSelect[UUID]:
    earlier = aliased(Wave)
    return (
        select(col(earlier.id))
        .where(
            col(earlier.organisation_id) == col(Wave.organisation_id),
            col(earlier.assessment_id) == col(Wave.assessment_id),
            col(earlier.number) < col(Wave.number),
            col(earlier.state).in_(FINISHED),
        )
        .order_by(col(earlier.number).desc())
        .limit(1)
        .correlate(Wave)
        .scalar_subquery()
    )


def _frozen(row: Row[*tuple[Any, ...]]) -> WaveDepartmentFacts:  # Any: the columns of `_departments`
    rated = tuple(Workflow(id, name) for id, name in row.workflows or ())
    return WaveDepartmentFacts(**{**row._mapping, "layout_items": tuple(row.layout_items), "workflows": rated})


def view_of(row: Row[*tuple[Any, ...]]) -> WaveView:  # Any: the columns of `every`
    """A wave from such a row."""
    return WaveView(**{**row._mapping, "policy": policy.read(row.policy)})


def _locking(statement: Select[Table]) -> Select[Table]:
    return statement.with_for_update().execution_options(populate_existing=True)


def _count(insert: Callable[[type[Turnout]], Any]) -> Any:  # Any: the two databases' inserts share no type
    keys = ("organisation_id", "wave_id", "department_id", "day")
    return (
        insert(Turnout)
        .values(responses=1, **{key: bindparam(key) for key in keys})
        .on_conflict_do_update(index_elements=keys, set_={"responses": col(Turnout.responses) + 1})
    )


# Built once: building a statement costs more than running it.
_WAVE = every().where(col(Wave.organisation_id) == bindparam("organisation_id"), col(Wave.id) == bindparam("wave_id"))
NEWEST_FIRST = (col(Assessment.created_at).desc(), col(Assessment.name), col(Assessment.id), col(Wave.number).desc())
_OF_SOME = every().where(col(Wave.organisation_id).in_(bindparam("organisation_ids", expanding=True)))
_WAVES = _OF_SOME.order_by(*NEWEST_FIRST)
_KEPT = select(col(Wave.organisation_id), col(Wave.id), col(Wave.closed_at), col(Wave.policy)).where(
    col(Wave.state).in_(FINISHED), col(Wave.deleted_at).is_(None), col(Wave.closed_at).is_not(None)
)
_DEPARTMENTS = _departments()
_ONE = _DEPARTMENTS.where(col(WaveDepartment.department_id) == bindparam("only"))

# The shared lock makes closing wait for answers that are being stored, so that none can arrive after the release
# was made.
_OPEN = Prepared(
    select(col(Wave.state))
    .where(col(Wave.organisation_id) == bindparam("organisation_id"), col(Wave.id) == bindparam("wave_id"))
    .with_for_update(read=True)
)
_COUNT = Prepared({"sqlite": _count(sqlite.insert), "postgresql": _count(postgresql.insert)})
