"""A guardrail, what it refers to, and which of them apply to a client (measurement design, 6.3 and 6.4). No advice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.playbooks.action import State
from app.sentences import Sentence, say
from scoring.levels import Level

Regime = Literal["any", "eu", "de", "fr", "us"]
Basis = Literal["control_library", "compliance_references", "stored_copy", "second_hand", "not_checked"]
Standing = Literal["now", "later", "where", "not_here"]

REGIMES: Final[tuple[Regime, ...]] = ("any", "eu", "de", "fr", "us")
EU: Final = frozenset("EU AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
"""Two letters of its countries; EU itself stands for one that is not named."""
BASES: Final[Mapping[Basis, Sentence]] = {
    "control_library": say("A public control library"),
    "compliance_references": say("Three independent references that quote the Official Journal"),
    "stored_copy": say("A stored copy"),
    "second_hand": say("A report by others"),
    "not_checked": say("From memory; to be confirmed"),
}
FLAGS: Final[Mapping[str, Sentence]] = {
    "personal_data": say("personal data are used"),
    "affects_persons": say("an agent helps to decide about people"),
    "external_effect": say("something leaves the house"),
    "money": say("money is spent or promised"),
    "supplier": say("an agent or its model is bought"),
    "public_service": say("a public service is provided"),
    "credit": say("credit or insurance is priced"),
    "employment_decision": say("somebody’s job is decided on"),
    "automated_decision": say("a decision with legal or similar effect is automated"),
    "payment_release": say("payments are released"),
    "supplier_creation": say("suppliers are created"),
    "bank_detail_change": say("bank details are changed"),
    "legal_work_leaves": say("legal work leaves the department"),
    "safety_relevant": say("people or equipment are at risk"),
    "emotion_inference": say("feelings would be inferred"),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a law or standard. One that is not `confirmed` was not looked up, and is no more than a hint."""

    law: str
    part: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """A rule with the level of autonomy from which it counts.

    It applies to departments of its `functions` and to workflows with one of its `flags`; with neither, everywhere.
    """

    id: str
    version: str
    title: Sentence
    rule: Sentence
    shown: Sentence
    start: Level
    functions: tuple[str, ...]
    flags: tuple[str, ...]
    controls: tuple[str, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """A law or standard: where it holds, what was read of it, and on which day."""

    name: str
    regime: Regime
    basis: Basis
    checked_on: str


@dataclass(frozen=True, slots=True)
class Day:
    """What a law says from a day on, and `until` a day, empty where no end is known; not `confirmed` where somebody has
    to look it up."""

    day: str
    until: str
    law: str
    confirmed: bool
    what: Sentence


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All guardrails in the order of their ids, and the table of laws that they refer to."""

    guardrails: tuple[Guardrail, ...]
    laws: Mapping[str, Law]
    days: tuple[Day, ...]
    states: Mapping[str, State]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A client as far as guardrails ask: functions of its departments, countries (two letters), the highest level.

    `flags` are those of its workflows, None where nobody has answered them; `unanswered` are single ones of which
    nobody has said.
    """

    functions: frozenset[str]
    countries: frozenset[str]
    level: Level
    flags: frozenset[str] | None = None
    unanswered: frozenset[str] = frozenset()

    def may_have(self, flag: str) -> bool:
        """Whether it has a workflow of that kind, or nobody has said that it has none."""
        return self.flags is None or flag in self.flags or flag in self.unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A guardrail for a client, and why.

    "now" and "later" apply, now or from `guardrail.start` on; "where" applies to workflows with one of its flags, which
    nobody has answered; "not_here" to none of its departments. `functions` and `flags` are the grounds, none of both
    where it applies everywhere. `references` are those of its countries.
    """

    guardrail: Guardrail
    standing: Standing
    functions: tuple[str, ...]
    flags: tuple[str, ...]
    references: tuple[Reference, ...]


def applying(catalogue: Catalogue, case: Case) -> tuple[Applied, ...]:
    """What applies to a client, for every guardrail of the catalogue in its order."""
    held = regimes(case.countries)
    return tuple(
        Applied(
            guardrail=one,
            standing=_standing(one, case),
            functions=tuple(name for name in one.functions if name in case.functions),
            flags=tuple(name for name in one.flags if case.may_have(name)),
            references=tuple(part for part in one.references if catalogue.laws[part.law].regime in held),
        )
        for one in catalogue.guardrails
    )


def regimes(countries: frozenset[str]) -> frozenset[Regime]:
    """Whose laws hold in these countries; standards hold anywhere."""
    return frozenset(_regimes(countries))


def _regimes(countries: frozenset[str]) -> Iterator[Regime]:
    yield "any"
    if countries & EU:
        yield "eu"
    yield from (regime for regime in REGIMES if regime.upper() in countries)


def _standing(one: Guardrail, case: Case) -> Standing:
    everywhere = not one.functions and not one.flags
    flagged = case.flags is not None and bool(case.flags & set(one.flags))
    if everywhere or flagged or case.functions & set(one.functions):
        return "now" if case.level >= one.start else "later"
    return "where" if any(case.may_have(name) for name in one.flags) else "not_here"
