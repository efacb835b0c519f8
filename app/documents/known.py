"""What is known of a client for its documents, gathered from the rooms that keep it. A fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.queries import MemberFacts
from app.accounts.roles import LEAD, SPONSOR
from app.actions import queries as actions
from app.actions.places import Places, places
from app.actions.queries import Planned
from app.autonomy import queries as autonomy
from app.autonomy.decision import Decided, Decision
from app.autonomy.gathering import Basis, basis, current, facts
from app.autonomy.pages import spoken_release
from app.autonomy.workflow import DecidedWork
from app.clients import queries as clients
from app.clients.queries import DepartmentNode, OrganisationFacts
from app.clients.tree import below
from app.errors import NotFoundError
from app.guardrails import queries as guardrails
from app.guardrails.places import PLACES, countries, place_of
from app.lineage.days import today
from app.releases.document.release import Release, Row
from app.releases.narrowing import rows_for
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.workflows import queries as workflows
from app.workflows.queries import WorkflowFacts


@dataclass(frozen=True, kw_only=True)
class Known:
    """A client as of a day. `decision` is the newest record that was issued on the release, number 0 where none was:
    then it is what would be decided today. `issuer` is who issued it, `countries` are those of each department."""

    organisation: OrganisationFacts
    today: date
    departments: tuple[DepartmentNode, ...]
    names: Mapping[UUID, str]
    works: tuple[WorkflowFacts, ...]
    retired: Mapping[UUID, str]
    leads: Mapping[UUID, str]
    sponsors: tuple[str, ...]
    basis: Basis | None
    release: Release | None
    decision: Decision | None
    number: int
    issuer: str
    attested: tuple[autonomy.AttestationFacts, ...]
    plan: tuple[Planned, ...]
    places: Places
    countries: Mapping[UUID, tuple[str, ...]]
    next_wave: WaveView | None

    def department(self, id: UUID) -> DepartmentNode | None:
        """An open department by its id."""
        return next((one for one in self.departments if one.id == id), None)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A document's subject: the whole client, a department with those below it, or a workflow with its department.

    What it says rests on rows that the lead of the department may see, whoever reads it. One that is `gone` is a
    department that was closed or a workflow that was retired: its documents stay as they were saved.
    """

    known: Known
    id: UUID
    name: str
    department: DepartmentNode | None = None
    work: WorkflowFacts | None = None
    gone: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the release that it may quote, the organisation first; none without a release."""
        release = self.known.release
        return () if release is None else rows_for(release, self.department.id if self.department else None)

    @property
    def departments(self) -> tuple[DepartmentNode, ...]:
        """The departments that it is about, in the order of the tree."""
        if self.department is None:
            return self.known.departments
        inside = below(self.known.departments, self.department.id) | {self.department.id}
        return tuple(one for one in self.known.departments if one.id in inside)

    def row(self, department_id: UUID) -> Row | None:
        """The row that tells of a department, alone or in its group; None where it may not be quoted."""
        mine = [one for one in self.rows[1:] if str(department_id) in one.departments]
        own = next((one for one in mine if one.id == str(department_id)), None)
        return own or next((one for one in mine if one.kind == "pool"), None)

    def decided(self, department_id: UUID) -> Decided | None:
        """What was decided of a department."""
        return None if self.known.decision is None else self.known.decision.of(str(department_id))

    def rests_on_shown(self, row_id: str) -> bool:
        """Whether what rests on this row, or on none, may be told of."""
        return not row_id or any(one.id == row_id for one in self.rows)

    def countries(self) -> tuple[str, ...]:
        """Where its departments work; of a workflow its own."""
        places = (self.department,) if self.work is not None and self.department is not None else self.departments
        there = {country for one in places for country in self.known.countries.get(one.id, ())}
        return tuple(one for one in PLACES if one in there) or (place_of(self.known.organisation.time_zone),)

    def decided_work(self) -> DecidedWork | None:
        """What was decided of the workflow; None where nothing was."""
        there = None if self.work is None else self.decided(self.work.department_id)
        if there is None or self.work is None:
            return None
        return next((one for one in there.works if one.id == str(self.work.id)), None)

    def tells_why(self) -> bool:
        """Whether the reasons of the workflow's level rest on rows that may be quoted."""
        there = None if self.work is None else self.decided(self.work.department_id)
        work = self.decided_work()
        return bool(there and work and self.rests_on_shown(there.row) and self.rests_on_shown(work.row))


def known(session: Session, organisation_id: UUID, *, now: datetime) -> Known:
    """What is known of a client today."""
    organisation = clients.organisation(session, organisation_id)
    on = basis(session, organisation_id)
    issued = autonomy.newest_of_release(session, organisation_id, on.release.id) if on else None
    decision = issued.decision if issued else current(session, organisation_id, on, now=now) if on else None
    members = accounts.everybody(session, organisation_id)
    inventory = workflows.inventory(session, organisation_id)
    there = places(session, organisation_id)
    return Known(
        organisation=organisation,
        today=today(now, organisation.time_zone),
        departments=tuple(there.nodes),
        names=there.names,
        works=tuple(one for one in inventory if not one.retired),
        retired={one.id: one.name for one in inventory if one.retired},
        leads=_leads(members, there),
        sponsors=tuple(one.user.name for one in members if one.role == SPONSOR),
        basis=on,
        release=spoken_release(session, on.release) if on else None,
        decision=decision,
        number=issued.number if issued else 0,
        issuer=accounts.names(session).get(issued.user_id, "") if issued and issued.user_id else "",
        attested=autonomy.attestations(session, organisation_id),
        plan=actions.plan(session, organisation_id),
        places=there,
        countries=_countries(session, organisation, now),
        next_wave=_next(waves.waves(session, organisation_id)),
    )


def case(known: Known, subject_id: UUID) -> Case:
    """The subject of a document by its id: the client, a department or a workflow. NotFoundError for any other."""
    if subject_id == known.organisation.id:
        return Case(known=known, id=subject_id, name=known.organisation.name)
    if (department := known.department(subject_id)) is not None:
        return Case(known=known, id=subject_id, name=department.name, department=department)
    work = next((one for one in known.works if one.id == subject_id), None)
    place = None if work is None else known.department(work.department_id)
    if work is not None and place is not None:
        return Case(known=known, id=subject_id, name=work.name, department=place, work=work)
    name = work.name if work else known.retired.get(subject_id) or known.names.get(subject_id)
    if name is None:
        raise NotFoundError
    return Case(known=known, id=subject_id, name=name, gone=True)


def _countries(session: Session, organisation: OrganisationFacts, now: datetime) -> Mapping[UUID, tuple[str, ...]]:
    """Where each department works, as guardrails have it."""
    arranged, given = facts(session, organisation.id, None, now=now), guardrails.countries(session, organisation.id)
    there = {one.id: one for one in (*arranged.gone, *arranged.places)}
    usual = place_of(organisation.time_zone)
    return {UUID(one.id): countries(one.id, given, there, usual=usual) for one in arranged.places}


def _leads(members: Sequence[MemberFacts], there: Places) -> Mapping[UUID, str]:
    """Who leads each department of today: its own lead, or else that of one that it took over."""
    every = [(one.department_id, one.user.name) for one in members if one.role == LEAD and one.department_id]
    inherited = {there.now(id): name for id, name in every if there.now(id) != id}
    return inherited | {id: name for id, name in every if there.now(id) == id}


def _next(every: tuple[WaveView, ...]) -> WaveView | None:
    """The wave that comes next or is open, the one that closes first."""
    waiting = [one for one in every if not one.finished and one.cancelled is None and one.planned_close is not None]
    return min(waiting, key=lambda one: one.planned_close or date.max, default=None)
