"""Which attestations count for a department: its own, those above it, and those of what it was merged or split from.

An attestation for the organisation or for a department counts for everything below. A department that others were
merged into has a control only if each of them had it: what was in place for some says nothing of the others. Pure.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Final

from app.autonomy.decision import Attested, ControlFact, Facts, Place, Through
from scoring.controls import Attestation, ControlState, Status, control_states
from scoring.gating import GatesPolicy

_RANK: Final[tuple[Status, ...]] = ("missing", "incomplete", "not_yet", "lapsed", "in_force")


class Coverage:
    """The controls of each department as of the facts' day."""

    def __init__(self, facts: Facts, policy: GatesPolicy) -> None:
        self.facts, self.policy = facts, policy
        self.places: Mapping[str, Place] = {one.id: one for one in (*facts.gone, *facts.places)}
        self._known: dict[str, tuple[ControlFact, ...]] = {}
        self._attested: dict[str, list[tuple[int, Attested, ControlState]]] = {}
        for number, one in enumerate(facts.attested):
            self._attested.setdefault(one.department, []).append((number, one, self._state(one)))

    def of(self, department: str) -> tuple[ControlFact, ...]:
        """Every control of the policy for a department, in the policy's order; also for one that is closed."""
        if department not in self._known:
            self._known[department] = self._direct(department)  # whatever circle the lineage may have ends here
            self._known[department] = self._found(department)
        return self._known[department]

    def _found(self, department: str) -> tuple[ControlFact, ...]:
        place, direct = self.places.get(department), self._known[department]
        if place is None or place.origin is None or not place.sources:
            return direct
        sources = [self.of(one) for one in place.sources]
        inherited = (_inherited(place, found) for found in zip(*sources, strict=True))
        return tuple(_better(own, other) for own, other in zip(direct, inherited, strict=True))

    def _direct(self, department: str) -> tuple[ControlFact, ...]:
        places = {"", department, *self._above(department)}
        # In the order in which they were made, as a record has them: of equally strong ones the first one counts.
        found = sorted(chain.from_iterable(self._attested.get(place, ()) for place in places), key=itemgetter(0))
        best: dict[str, ControlFact] = {}
        for _, one, state in found:
            fact, known = _fact(state, one, _through(one, department)), best.get(one.control)
            if known is None or _strength(fact) > _strength(known):
                best[one.control] = fact
        missing = ControlFact(control="", status="missing", until=None, through="", attestation="")
        return tuple(best.get(control) or replace(missing, control=control) for control in self.policy.controls)

    def _above(self, department: str) -> tuple[str, ...]:
        found: list[str] = []
        place = self.places.get(department)
        while place is not None and place.parent is not None and place.parent not in found:
            found.append(place.parent)
            place = self.places.get(place.parent)
        return tuple(found)

    def _state(self, one: Attested) -> ControlState:
        attestation = Attestation(
            control=one.control, on=one.on, owner=one.owner, evidence=one.evidence, expires=one.expires
        )
        states = control_states([attestation], policy=self.policy, on=self.facts.as_of)
        missing = ControlState(control=one.control, status="missing", until=None)
        return next((state for state in states if state.control == one.control), missing)


def _through(one: Attested, department: str) -> Through:
    if not one.department:
        return "organisation"
    return "department" if one.department == department else "above"


def _fact(state: ControlState, one: Attested, through: Through) -> ControlFact:
    return ControlFact(
        control=state.control, status=state.status, until=state.until, through=through, attestation=one.id
    )


def _strength(one: ControlFact) -> tuple[int, int]:
    return _RANK.index(one.status), one.until.toordinal() if one.until else 0


def _better(own: ControlFact, other: ControlFact) -> ControlFact:
    return other if _strength(other) > _strength(own) or (other.only_for and own.status == "missing") else own


def _inherited(place: Place, found: tuple[ControlFact, ...]) -> ControlFact:
    """A control from the departments that this one took over: the weakest of theirs."""
    weakest = min(found, key=_strength)
    having = tuple(name for name, one in zip(place.members, found, strict=False) if one.status == "in_force")
    return ControlFact(
        control=weakest.control,
        status=weakest.status,
        until=weakest.until,
        through=place.origin or "",
        attestation=weakest.attestation,
        only_for=() if weakest.status == "in_force" else having,
    )
