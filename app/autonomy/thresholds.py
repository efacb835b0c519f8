"""Thresholds as a form: read, checked with a sentence that names the gate, and made into the next version. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from app.autonomy.library import LEVELS
from app.autonomy.spoken import Names
from app.errors import InvalidError
from app.numerals import whole
from app.sentences import Passage, Value, say
from app.web.forms import FormData
from scoring.gating import Gate, GatesPolicy, OverTrustRule, Rung

DIMENSIONS: Final = ("T1", "T2", "T3", "T4", "T5", "R1", "R2", "R3", "R4", "R5", "R6")
LONGEST_AGE: Final = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A threshold that is a single number: its field, and the least and most that it may be."""

    name: str
    least: int
    most: int


NUMBERS: Final = (
    Number(name="rate", least=30, most=100),
    Number(name="usual", least=30, most=LONGEST_AGE),
    Number(name="C07", least=30, most=LONGEST_AGE),
    Number(name="C12", least=30, most=LONGEST_AGE),
    Number(name="trust", least=0, most=100),
    Number(name="checks", least=0, most=100),
    Number(name="lead", least=0, most=100),
)


def typed_of(policy: GatesPolicy) -> dict[str, str]:
    """What the form shows of a policy: gates by level and dimension ("A3-T2"), and single numbers."""
    gates = {f"{rung.level.name}-{gate.dimension}": str(gate.minimum) for rung in policy.rungs for gate in rung.gates}
    rule = policy.overtrust
    return gates | {
        "rate": str(policy.least_rate),
        "usual": str(policy.usual_age),
        "C07": str(policy.age("C07")),
        "C12": str(policy.age("C12")),
        "trust": str(rule.trust),
        "checks": str(rule.checks),
        "lead": str(rule.lead),
    }


def read(data: FormData, policy: GatesPolicy) -> dict[str, str]:
    """The form as it was sent; an empty gate is none."""
    names = [f"{rung.level.name}-{one}" for rung in policy.rungs for one in DIMENSIONS]
    return {name: data.text(name) for name in (*names, *(one.name for one in NUMBERS))}


def parse(typed: Mapping[str, str], before: GatesPolicy, *, version: str, names: Names) -> GatesPolicy:
    """The policy that was typed; InvalidError names each gate and number that can't be.

    A gate may not be lower than that of a level below, nor be left out above one: a level that is easier to reach than
    the one below it would be no level.
    """
    wrong: dict[str, str] = {}
    rungs = tuple(_rung(typed, rung, wrong, names) for rung in before.rungs)
    numbers = {one.name: _number(typed, one, wrong) for one in NUMBERS}
    if not wrong:
        for lower, higher in pairwise(rungs):
            wrong |= _falling(lower, higher, names)
    if wrong:
        raise InvalidError(Passage(wrong.values()), fields=wrong)
    ages = {**dict(before.max_age), "C07": numbers["C07"], "C12": numbers["C12"]}
    return replace(
        before,
        version=version,
        rungs=rungs,
        max_age=tuple(sorted(ages.items())),
        usual_age=numbers["usual"],
        overtrust=OverTrustRule(trust=numbers["trust"], checks=numbers["checks"], lead=numbers["lead"]),
        least_rate=numbers["rate"],
    )


def _rung(typed: Mapping[str, str], rung: Rung, wrong: dict[str, str], names: Names) -> Rung:
    gates = []
    for dimension in DIMENSIONS:
        name = f"{rung.level.name}-{dimension}"
        text = typed.get(name, "")
        if not text:
            continue
        if (lowest := whole(text, most=100)) is not None:
            gates.append(Gate(dimension, lowest))
            continue
        told: dict[str, Value] = {
            "level": LEVELS[rung.level],
            "name": names.get(dimension, dimension),
            "text": text[:20],
        }
        form = say("{level}, {name}: “{text}” is no whole number from 0 to 100. Leave it empty for no gate.")
        wrong[name] = form.filled(told)
    return replace(rung, gates=tuple(gates))


def _number(typed: Mapping[str, str], one: Number, wrong: dict[str, str]) -> int:
    text = typed.get(one.name, "")
    number = whole(text, most=one.most)
    if number is not None and number >= one.least:
        return number
    told: dict[str, Value] = {"text": text[:20], "least": one.least, "most": one.most}
    wrong[one.name] = say("“{text}” is no whole number from {least} to {most}.").filled(told)
    return one.least


def _falling(lower: Rung, higher: Rung, names: Names) -> dict[str, str]:
    """Gates that fall from one level to the next, or that the next level drops."""
    found: dict[str, str] = {}
    for gate in lower.gates:
        above = higher.minimum(gate.dimension)
        told: dict[str, Value] = {
            "name": names.get(gate.dimension, gate.dimension),
            "lower": LEVELS[lower.level],
            "higher": LEVELS[higher.level],
            "gate": gate.minimum,
            "above": "" if above is None else above,
        }
        if above is None:
            form = say("{name}: {lower} asks for {gate} and {higher} for nothing. A gate may not fall with the level.")
        elif above < gate.minimum:
            form = say("{name}: {lower} asks for {gate} and {higher} for {above}. A gate may not fall with the level.")
        else:
            continue
        found[f"{higher.level.name}-{gate.dimension}"] = form.filled(told)
    return found
