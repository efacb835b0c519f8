"""What is known of a department as far as guardrails ask, and how a guardrail stands there on a day. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.autonomy.decision import ControlFact
from app.playbooks.guardrail import FLAGS, Applied, Case, Catalogue, Guardrail, Reference, Standing, applying
from app.sentences import Sentence, say
from app.workflows.facts import Facts
from scoring.levels import Level

Status = Literal["confirm", "missing", "lapsed", "partly", "open", "in_force"]
"""How a guardrail stands that counts: as its controls do, "open" where none stands for it. One of which a part was not
looked up is never "in_force" or "open" but "confirm": counsel has to say. The first one of several departments' that
occurs, in the order of `STATUSES`, is the client's."""
Kind = Literal["confirmed", "remark", "withdrawn"]

STATUSES: Final[Mapping[Status, Sentence]] = {
    "missing": say("Missing"),
    "lapsed": say("Ended"),
    "partly": say("In part"),
    "confirm": say("To be confirmed by counsel"),
    "open": say("No control stands for it"),
    "in_force": say("In force"),
}
CONFIRM: Final = STATUSES["confirm"]
"""The mark that stands beside how its controls stand."""
KINDS: Final[Mapping[Kind, Sentence]] = {
    "confirmed": say("Confirmed"),
    "remark": say("A remark, nothing confirmed"),
    "withdrawn": say("No longer confirmed"),
}
ORDER: Final[tuple[Standing, ...]] = ("now", "later", "where", "not_here")
PERSONAL: Final = frozenset({"personal", "special"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A department of the day: where it works, up to which level, what its workflows are, and its controls.

    `flags` are kinds of which it has a workflow, `unanswered` those of which nobody has said.
    """

    id: str
    name: str
    depth: int
    function: str
    countries: tuple[str, ...]
    level: Level
    flags: frozenset[str]
    unanswered: frozenset[str]
    controls: Mapping[str, ControlFact]

    @property
    def case(self) -> Case:
        """What guardrails ask of it."""
        return Case(
            functions=frozenset({self.function}),
            countries=frozenset(self.countries),
            level=self.level,
            flags=self.flags,
            unanswered=self.unanswered,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A guardrail in a department. `status` is None unless it counts there now; `until` is the first day on which one
    of its controls ends."""

    spot: Spot
    applied: Applied
    status: Status | None
    until: date | None
    controls: tuple[ControlFact, ...]

    @property
    def unsure(self) -> bool:
        """Whether counsel has to confirm a part of it here, however its controls stand."""
        return self.status is not None and not all(part.confirmed for part in self.applied.references)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """A guardrail for several departments: where it stands nearest, and worst."""

    guardrail: Guardrail
    stands: tuple[Stand, ...]

    @property
    def standing(self) -> Standing:
        """Whether it counts anywhere now, later, perhaps, or not here."""
        return min((one.applied.standing for one in self.stands), key=ORDER.index, default="not_here")

    @property
    def counting(self) -> tuple[Stand, ...]:
        """The departments in which it counts now."""
        return tuple(one for one in self.stands if one.applied.standing == "now")

    @property
    def status(self) -> Status | None:
        """The worst one of those in which it counts; None where it counts nowhere."""
        found = {one.status for one in self.counting}
        return next((one for one in STATUSES if one in found), None)

    @property
    def unsure(self) -> bool:
        """Whether counsel has to confirm a part of it anywhere where it counts."""
        return any(one.unsure for one in self.counting)

    def is_at(self, key: str) -> bool:
        """Whether it stands so, or is to be confirmed where that is asked for."""
        return self.status == key or (key == "confirm" and self.unsure)

    @property
    def until(self) -> date | None:
        """The first day on which a control of it ends anywhere."""
        return min((one.until for one in self.counting if one.until), default=None)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions through which it counts."""
        found = {name for one in self.stands for name in one.applied.functions}
        return tuple(name for name in self.guardrail.functions if name in found)

    @property
    def flags(self) -> tuple[str, ...]:
        """The kinds of workflows through which it counts, or may count where nobody has answered."""
        found = {name for one in self.stands for name in one.applied.flags}
        return tuple(name for name in self.guardrail.flags if name in found)

    @property
    def references(self) -> tuple[Reference, ...]:
        """What it refers to in any of the countries, in the order of the file."""
        found = {part for one in self.stands for part in one.applied.references}
        return tuple(part for part in self.guardrail.references if part in found)


def overall(catalogue: Catalogue, spots: Collection[Spot]) -> tuple[Overall, ...]:
    """Every guardrail of the catalogue, in its order, with how it stands in each of these departments."""
    each = [[_stand(one, spot) for one in applying(catalogue, spot.case)] for spot in spots]
    return tuple(
        Overall(guardrail=one, stands=tuple(column[place] for column in each))
        for place, one in enumerate(catalogue.guardrails)
    )


def _stand(applied: Applied, spot: Spot) -> Stand:
    controls = tuple(spot.controls[one] for one in applied.guardrail.controls if one in spot.controls)
    counts = applied.standing == "now"
    return Stand(
        spot=spot,
        applied=applied,
        status=_status(applied, controls) if counts else None,
        until=min((one.until for one in controls if one.status == "in_force" and one.until), default=None),
        controls=controls,
    )


def _status(applied: Applied, controls: Collection[ControlFact]) -> Status:
    is_sure = all(part.confirmed for part in applied.references)
    if not applied.guardrail.controls:
        return "open" if is_sure else "confirm"
    states = {one.status for one in controls}
    if states == {"in_force"} and len(controls) == len(applied.guardrail.controls):
        return "in_force" if is_sure else "confirm"
    if "lapsed" in states:
        return "lapsed"
    return "partly" if "in_force" in states else "missing"


def kinds_of(works: Collection[Facts]) -> tuple[frozenset[str], frozenset[str]]:
    """The kinds that one of these workflows is of, and those of which nobody has said whether one is.

    Of a department without workflows nothing is said. Whether something is bought, a public service or credit is asked
    nowhere, so that stays open.
    """
    yes = {flag for one in works for flag, answer in _answers(one) if answer}
    told = [{flag for flag, _ in _answers(one)} for one in works]
    no = set.intersection(*told) if told else set()
    return frozenset(yes), frozenset(FLAGS) - yes - no


def _answers(facts: Facts) -> Iterator[tuple[str, bool]]:
    yield from facts.legal.items()
    if facts.data:
        yield "personal_data", bool(PERSONAL & set(facts.data))
    if facts.affects_persons is not None:
        yield "affects_persons", facts.affects_persons
    if facts.external_effect is not None:
        yield "external_effect", facts.external_effect
    if facts.money_limit is not None:
        yield "money", facts.money_limit > 0
