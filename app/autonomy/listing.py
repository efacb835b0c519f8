"""Gathers the page of controls: what counts, what ended or was withdrawn, and the form; a lead sees their own."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.autonomy import queries
from app.autonomy.forms import AttestationForm
from app.autonomy.gathering import current_policy
from app.autonomy.library import CONTROLS, LEVELS
from app.autonomy.pages import SOON
from app.autonomy.queries import AttestationFacts
from app.autonomy.views import AttestationLine, ControlGroup, ControlsPage
from app.clients import queries as clients
from app.clients.queries import DepartmentNode
from app.errors import NotFoundError
from app.lineage import queries as lineage
from app.lineage.days import today
from app.lineage.descent import heirs
from app.lineage.snapshots import Change
from app.sentences import Listing, Passage, Sentence, say
from scoring.controls import Attestation, ControlState, control_states
from scoring.gating import GatesPolicy

WHOLE = say("The whole organisation")
WITHDRAWN = say("Withdrawn")
NOT_CHOSEN = say("Choose where")


def controls_page(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    own: UUID | None = None,
    typed: AttestationForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> ControlsPage:
    """What is attested. With `own`, for the lead of that department: what counts there, and theirs alone to change."""
    facts = clients.organisation(session, organisation_id)
    nodes = clients.departments(session, organisation_id)
    names = clients.department_names(session, organisation_id)
    policy, day = current_policy(session, organisation_id), today(now, facts.time_zone)
    mine = _below(nodes, own)
    form = typed or AttestationForm(on=day.isoformat(), department=str(own) if own else "")
    every = [
        one
        for one in queries.attestations(session, organisation_id)
        if own is None or one.department_id in (None, *mine, *_above(nodes, own))
    ]
    done = lineage.done(session, organisation_id)
    renewed = _renewed([node.id for node in nodes], done)
    lister = _Lister(policy, day, names, accounts.names(session), frozenset(mine) if own else None, renewed)
    return ControlsPage(
        organisation=facts,
        department=names.get(own, "") if own else "",
        groups=tuple(lister.group(control, every) for control in policy.controls),
        merged=tuple(
            _merged(every, done, names, lambda heir: lister.in_force(every, (None, heir, *_above(nodes, heir))))
        ),
        typed=form,
        controls=tuple((id, Passage((id, CONTROLS[id].title))) for id in CONTROLS),
        departments=_with(form.department, tuple(_places(nodes, mine if own else None))),
        errors=errors or {},
    )


class _Lister:
    """Tells of attestations as of a day; `mine` are the departments whose attestations a lead may withdraw, `renewed`
    says of each department where what was attested for it is attested anew."""

    def __init__(
        self,
        policy: GatesPolicy,
        day: date,
        names: Mapping[UUID, str],
        people: Mapping[UUID, str],
        mine: frozenset[UUID] | None,
        renewed: Mapping[UUID, UUID],
    ) -> None:
        self.policy, self.day, self.names, self.people, self.mine = policy, day, names, people, mine
        self.renewed = renewed

    def group(self, control: str, every: Sequence[AttestationFacts]) -> ControlGroup:
        """A control with its attestations."""
        found = [self._line(one) for one in every if one.control == control]
        words = CONTROLS[control]
        level = next(rung.level for rung in self.policy.rungs if control in rung.controls)
        return ControlGroup(
            id=control,
            title=words.title,
            shown_by=words.shown_by,
            who=words.who,
            level=LEVELS[level],
            days=self.policy.age(control),
            counting=tuple(one for one in found if one.state in ("counts", "soon")),
            history=tuple(one for one in found if one.state not in ("counts", "soon")),
        )

    def in_force(self, every: Sequence[AttestationFacts], places: Sequence[UUID | None]) -> set[str]:
        """The controls that count today where they were attested for one of these places."""
        there = (one for one in every if one.department_id in places and one.withdrawn_at is None)
        return {one.control for one in there if self._state(one).status == "in_force"}

    def _line(self, one: AttestationFacts) -> AttestationLine:
        state = self._state(one)
        kind, told = self._told(one, state)
        return AttestationLine(
            id=one.id,
            control=one.control,
            title=CONTROLS[one.control].title,
            where=self.names.get(one.department_id, "") if one.department_id else WHOLE,
            on=one.attested_on,
            owner=one.owner,
            until=state.until,
            link=one.link,
            file_name=one.file_name,
            remark=one.remark,
            by=self.people.get(one.user_id, ""),
            at=one.made_at,
            state=kind,
            told=told,
            withdrawn_because=one.withdrawn_because,
            can_withdraw=one.withdrawn_at is None and (self.mine is None or one.department_id in self.mine),
            renew=self._renew(one.department_id),
        )

    def _renew(self, department: UUID | None) -> str | None:
        """For which department it is attested anew: the same, or who took it over; None where there is neither."""
        if department is None:
            return ""
        found = self.renewed.get(department)
        return str(found) if found and (self.mine is None or found in self.mine) else None

    def _state(self, one: AttestationFacts) -> ControlState:
        said = Attestation(
            control=one.control, on=one.attested_on, owner=one.owner, evidence=one.evidence, expires=one.expires_on
        )
        found = control_states([said], policy=self.policy, on=self.day)
        return next(state for state in found if state.control == one.control)

    def _told(self, one: AttestationFacts, state: ControlState) -> tuple[str, Sentence]:
        if one.withdrawn_at is not None:
            return "withdrawn", WITHDRAWN
        if state.until is None or state.status == "incomplete":
            return "incomplete", say("Incomplete: it needs the last day on which it counts")
        if state.status == "lapsed":
            return "ended", say("Ended on {day}; it counts for nothing now", day=state.until)
        left = (state.until - self.day).days
        if left <= SOON:
            return "soon", say("Counts until {day}: renew it soon", day=state.until)
        return "counts", say("Counts until {day}", day=state.until)


def _below(nodes: Sequence[DepartmentNode], own: UUID | None) -> tuple[UUID, ...]:
    """A department and everything below it."""
    found: list[UUID] = []
    for node in nodes:
        if node.id == own or node.parent_id in found:
            found.append(node.id)
    return tuple(found)


def _above(nodes: Sequence[DepartmentNode], own: UUID) -> tuple[UUID, ...]:
    parents = {node.id: node.parent_id for node in nodes}
    found: list[UUID] = []
    parent = parents.get(own)
    while parent is not None:
        found.append(parent)
        parent = parents.get(parent)
    return tuple(found)


def _places(nodes: Sequence[DepartmentNode], mine: Sequence[UUID] | None) -> Iterator[tuple[str, str]]:
    if mine is None:
        yield "", WHOLE
    for node in nodes:
        if mine is None or node.id in mine:
            yield str(node.id), "\u2003" * node.depth + node.name


def _with(chosen: str, places: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The places, after an entry of its own for what is chosen and none of them: a browser would choose the first."""
    return places if chosen in dict(places) else ((chosen, NOT_CHOSEN), *places)


def _renewed(there: Sequence[UUID], done: Sequence[Change]) -> dict[UUID, UUID]:
    """Of each department that is there itself, and of each that was merged the one that took it over, where it is."""
    taken = {gone: heir for gone, heir in heirs(done).items() if heir in there}
    return taken | {one: one for one in there}


def _merged(
    every: Sequence[AttestationFacts],
    done: Sequence[Change],
    names: Mapping[UUID, str],
    in_force: Callable[[UUID], Collection[str]],
) -> Iterator[Sentence]:
    """What became of attestations of departments that were merged; `in_force` gives what counts for who took over."""
    into = heirs(done)
    by_heir: dict[UUID, dict[UUID, set[str]]] = {}
    for one in every:
        if one.department_id in into and one.withdrawn_at is None:
            place = by_heir.setdefault(into[one.department_id], {})
            place.setdefault(one.department_id, set()).add(one.control)
    for heir, found in by_heir.items():
        sources = [one for one, last in into.items() if last == heir]
        told = Listing(names.get(one, "") for one in sources)
        shared = set.intersection(*(found.get(one, set()) for one in sources))
        only = sorted(set().union(*found.values()).difference(shared, in_force(heir)))
        text = {"sources": told, "heir": names.get(heir, ""), "only": ", ".join(only) or "–"}
        yield say(
            "{sources} were merged into {heir}. There a control counts only if each of them had it. Attested for some "
            "of them alone, and so to be attested anew for {heir}: {only}."
        ).filled(text)


def begun(page: ControlsPage, *, control: str, department: str) -> ControlsPage:
    """The page with its form begun, for a control of a department that is to be renewed; for one that is not there
    any more nothing is chosen, least of all everything."""
    typed = page.typed
    if control in CONTROLS:
        typed = replace(typed, control=control)
    if not department:
        return replace(page, typed=typed)
    places = _with(department, tuple(page.departments))
    return replace(page, typed=replace(typed, department=department), departments=places)


def withdrawing(page: ControlsPage, attestation_id: UUID, because: str, *, about: str) -> ControlsPage:
    """The page with the form of an attestation that could not be withdrawn, as it was typed."""
    name = f"because-{attestation_id}"
    return replace(page, withdrawing=attestation_id, because=because, errors={name: about})


def require_own(session: Session, organisation_id: UUID, department: UUID | None, *, own: UUID | None) -> None:
    """NotFoundError where a lead would change what is attested for others than their own department and those below."""
    if own is not None and department not in _below(clients.departments(session, organisation_id), own):
        raise NotFoundError


def require_seen(session: Session, organisation_id: UUID, department: UUID | None, *, own: UUID | None) -> None:
    """NotFoundError where a lead would see what is attested for departments that are none of theirs."""
    if own is not None and department is not None:
        nodes = clients.departments(session, organisation_id)
        if department not in (*_below(nodes, own), *_above(nodes, own)):
            raise NotFoundError
