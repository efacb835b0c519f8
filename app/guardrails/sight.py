"""What one person may see of a client's guardrails today, read once for a page. A fixed number of statements."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.accounts.roles import LEAD
from app.autonomy import queries as records
from app.autonomy.coverage import Coverage
from app.autonomy.decision import Facts, Place
from app.autonomy.gathering import basis, current, current_policy, facts
from app.clients import changes
from app.clients import queries as clients
from app.clients.queries import OrganisationFacts
from app.guardrails import queries
from app.guardrails.facts import Spot, kinds_of
from app.guardrails.places import Given, countries, place_of
from app.guardrails.queries import Note
from app.sentences import Sentence, say
from app.workflows import queries as workflows
from app.workflows.facts import Facts as WorkFacts
from scoring.levels import Level

Shared = Callable[[Session, UUID], Collection[UUID]]
"""Which releases of a client are shared with its sponsors and leads: told by a room above this one."""
START = Level.A1
"""What is looked at where nobody has decided anything yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Up to which level each department may go, by its id, and where that is said: `number` is that of the decision
    record, 0 where there is none."""

    levels: Mapping[str, Level]
    otherwise: Level
    told: Sentence
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The departments that this person may see, in the order of the tree, with what is known of them.

    `owners` names who answers for a control, by attestation; `runs_it` says whether this person runs the client.
    """

    organisation: OrganisationFacts
    known: Facts
    spots: tuple[Spot, ...]
    given: Given
    granted: Granted
    owners: Mapping[str, str]
    notes: Mapping[str, tuple[Note, ...]]
    runs_it: bool = True

    @property
    def usual(self) -> str:
        """Where the client is by its time zone."""
        return place_of(self.organisation.time_zone)


def sight(session: Session, member: Member, *, shared: Shared, now: datetime) -> Sight:
    """What this person may see; of a lead their own department, or the one that took it over.

    Whoever does not run the client is told of records alone whose release is shared with them.
    """
    told = None if member.runs_it else shared(session, member.organisation_id)
    whole = replace(looked(session, member.organisation_id, told=told, now=now), runs_it=member.runs_it)
    if member.role != LEAD:
        return whole
    own = member.department_id
    own = own and changes.heirs(session, member.organisation_id).get(own, own)
    return replace(whole, spots=tuple(one for one in whole.spots if one.id == str(own)))


def looked(session: Session, organisation_id: UUID, *, told: Collection[UUID] | None = None, now: datetime) -> Sight:
    """All departments of a client, with what records on these releases say; None for all records and today's draft."""
    organisation = clients.organisation(session, organisation_id)
    known = facts(session, organisation_id, None, now=now)
    granted = _granted(session, organisation_id, told=told, now=now)
    given = queries.countries(session, organisation_id)
    return Sight(
        organisation=organisation,
        known=known,
        spots=tuple(_spots(session, organisation, known, given, granted)),
        given=given,
        granted=granted,
        owners={one.id: one.owner for one in known.attested},
        notes=queries.notes(session, organisation_id),
    )


def _spots(
    session: Session, organisation: OrganisationFacts, known: Facts, given: Given, granted: Granted
) -> Iterator[Spot]:
    coverage = Coverage(known, current_policy(session, organisation.id))
    works = _works(session, organisation.id)
    there = {one.id: one for one in (*known.gone, *known.places)}
    usual = place_of(organisation.time_zone)
    for place in known.places:
        where = countries(place.id, given, there, usual=usual)
        yield _spot(place, coverage, works.get(place.id, ()), where, granted)


def _spot(
    place: Place, coverage: Coverage, works: Sequence[WorkFacts], where: tuple[str, ...], granted: Granted
) -> Spot:
    flags, unanswered = kinds_of(works)
    return Spot(
        id=place.id,
        name=place.name,
        depth=place.depth,
        function=place.function,
        countries=where,
        level=granted.levels.get(place.id, granted.otherwise),
        flags=flags,
        unanswered=unanswered,
        controls={one.control: one for one in coverage.of(place.id)},
    )


def _works(session: Session, organisation_id: UUID) -> Mapping[str, Sequence[WorkFacts]]:
    found: dict[str, list[WorkFacts]] = {}
    for one in workflows.inventory(session, organisation_id):
        if not one.retired:
            found.setdefault(str(one.department_id), []).append(one.facts)
    return found


def _granted(session: Session, organisation_id: UUID, *, told: Collection[UUID] | None, now: datetime) -> Granted:
    """What the newest record grants."""
    issued = records.records(session, organisation_id)
    if told is not None:
        issued = tuple(one for one in issued if one.release_id in told)
    if issued:
        newest = issued[0]
        outline = records.outlines(session, organisation_id, (newest,))[newest.number]
        where = say("decision record {number}, as of {day}", number=newest.number, day=newest.as_of)
        return Granted(levels=outline.levels, otherwise=Level.A0, told=where, number=newest.number)
    on = basis(session, organisation_id) if told is None else None
    if on is not None:
        decision = current(session, organisation_id, on, now=now)
        levels = {one.id: one.ceiling.level for one in decision.departments}
        return Granted(levels=levels, otherwise=Level.A0, told=say("what would be decided today"))
    return Granted(levels={}, otherwise=START, told=say("a start, as nothing has been decided yet"))
