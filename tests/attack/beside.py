"""What is told beside scores, as facts about single answers: shares, don't-knows, agreement, camps, reliability, ICC.

Shares are counts of people by a question and a side of its scale, don't-know rates counts of people who said so: sums
of one unknown a person. Agreement tells the spread of those who answered everything, camps that of all with a score;
both are combined with what intervals tell. Behind each print of three shares are the divisions of the answers that the
method prints so, and a roll-up leaves of these what fits between the others'.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from app.releases.compute import Made
from app.releases.plan.coarsening import Node
from scoring.sides import printed_sides, rolled_sides
from tests.attack.insider import Flags, Insider
from tests.attack.knowledge import Document, Fact

Division = tuple[int, int, int]
"""Numbers of answers below, at and above the middle of the scale."""
Printing = Callable[[Division], object]
Rolling = Callable[[Division], tuple[float, float, float]]
Sets = Sequence[tuple[frozenset[str], int]]
"""Finest sets of a row with their headcounts."""


def tally(row: str, name: str, strata: Sequence[tuple[Sequence[int], int]]) -> Fact:
    """A share or rate of a row: the mean over sets of people who count, by headcount, of an unknown of each."""
    everyone = sum(heads for people, heads in strata if people) or 1
    weights = {one: Fraction(heads, everyone * len(people)) for people, heads in strata for one in people}
    return Fact(row, name, "tallies", dict.fromkeys(weights, Fraction(1)), parts={name: weights})


def spread(row: str, people: Sequence[int]) -> Fact:
    """What tells the spread of these people's scores."""
    return Fact(row, "cells", "spreads", dict.fromkeys(people, Fraction(1)))


def complete(insider: Insider, departments: frozenset[str]) -> list[int]:
    """The people of these departments who answered all questions of the dimension."""
    asked = list(insider.columns["cells"])
    return [one for one in insider.within(departments) if insider.valid[one, asked].all()]


def facts(made: Made, document: Document, insider: Insider, said: Flags, *, family: str) -> Iterator[Fact]:
    """Everything that a release tells beside the scores of a family; `said` is who answered which question at all."""
    for place, item in enumerate(insider.items):
        planned = made.wave.items.get(item)
        if planned is None:
            continue
        for kind, one, there in (("items", planned.given, insider.valid), ("unknown", planned.said, said)):
            if one is None:
                continue
            for row in (row for row in document["rows"] if item in row[kind]):
                strata = [(leaf.departments, leaf.headcount) for leaf in one.strata(one.published[row["id"]])]
                counted = [([p for p in insider.within(held) if there[p, place]], heads) for held, heads in strata]
                yield tally(row["name"], f"{kind}:{item}", counted)
    yield from _of_cells(document, insider, family)
    yield from _of_quality(made, insider, family)


def _of_cells(document: Document, insider: Insider, family: str) -> Iterator[Fact]:
    for row in document["rows"]:
        for column, cell in (("cells", row["cells"].get(family)), ("anchors", row["anchors"].get(family))):
            if column not in insider.columns or cell is None or cell["kind"] != "scored":
                continue
            held = frozenset(row["departments"])
            if cell["agreement"] is not None:
                yield spread(f"agreement of {row['name']}", complete(insider, held))
            if cell["camps"] is not None:
                scored = dict.fromkeys(insider.scored(held, column), Fraction(1))
                yield Fact(f"camps of {row['name']}", column, "spreads", scored)


def _of_quality(made: Made, insider: Insider, family: str) -> Iterator[Fact]:
    """Reliability rests on all who answered everything, centred in sets; groups of ICC lend their spread to others."""
    found = made.wave.complete.get(family)
    for leaf in (leaf for root in found.tally.trees for leaf in root.leaves) if found else ():
        people = complete(insider, leaf.departments)
        if people:
            yield tally(f"reliability in {leaf.name}", "complete", [(people, 1)])


@dataclass(frozen=True)
class Print:
    """What is printed of a question's three shares in a row, and its finest sets with their headcounts."""

    row: str
    item: int
    shown: object
    sets: Sets


def told_sides(division: Division) -> object:
    """How the real method prints a division."""
    return _told(sum(division))[division]


def rolled(division: Division) -> tuple[float, float, float]:
    """How the real method rolls a division up."""
    return _rolled(sum(division))[division]


@cache
def _told(n: int) -> Mapping[Division, object]:
    """How the real method prints each division of n answers: all at once, as it prints the questions of a row."""
    percent, beyond = printed_sides(np.array(_divisions(n)))
    lines = zip(percent.tolist(), beyond.tolist(), strict=True)
    return {one: tuple(zip(*line, strict=True)) for one, line in zip(_divisions(n), lines, strict=True)}


@cache
def _rolled(n: int) -> Mapping[Division, tuple[float, float, float]]:
    shares = rolled_sides(np.array(_divisions(n))).tolist()
    return {one: (below, middle, above) for one, (below, middle, above) in zip(_divisions(n), shares, strict=True)}


@cache
def _divisions(n: int) -> Sequence[Division]:
    """All divisions of n answers."""
    return [(low, middle, n - low - middle) for low in range(n + 1) for middle in range(n + 1 - low)]


def prints(made: Made, document: Document, insider: Insider) -> Iterator[Print]:
    """The three shares of every question that a release tells of a row."""
    sides = ("unfavourable", "neutral", "favourable")
    signs = {"<=": -1, "": 0, ">=": 1}
    for place, item in enumerate(insider.items):
        planned = made.wave.items.get(item)
        for row in (row for row in document["rows"] if planned is not None and item in row["items"]):
            assert planned is not None
            shown = tuple((row["items"][item][s]["percent"], signs[row["items"][item][s]["bound"]]) for s in sides)
            leaves = planned.given.strata(planned.given.published[row["id"]])
            yield Print(row["name"], place, shown, [(leaf.departments, leaf.headcount) for leaf in leaves])


@dataclass(frozen=True)
class Divided:
    """How shares are printed and rolled up, which an attacker knows, and whether a print has a bound."""

    printing: Printing
    rolling: Rolling

    def behind(self, shown: object, n: int) -> list[Division]:
        """All divisions of n answers that are printed so."""
        return _behind(self.printing, n).get(shown, [])

    def alike(self, told: Sequence[Print], insider: Insider) -> str | None:
        """A row of 10 people or more of which the prints say that all answered a question alike; None if none do.

        Where the row's print leaves it open, roll-ups must not tell it by subtraction.
        """
        for item in {one.item for one in told}:
            own = {one.sets[0][0]: one for one in told if one.item == item and len(one.sets) == 1}
            sizes = {held: int(insider.valid[insider.within(held), item].sum()) for held in own}
            left = {held: self.behind(one.shown, sizes[held]) for held, one in own.items() if sizes[held] >= 10}
            for one in (one for one in told if one.item == item and len(one.sets) > 1):
                self._rolled_up(one, left)
            for held, divisions in left.items():
                if divisions and all(max(one) == sizes[held] for one in divisions):
                    return own[held].row
        return None

    def fixed(self, told: Sequence[Print], insider: Insider) -> str | None:
        """A row of 10 people or more whose print has a bound that only one division of the answers leaves open."""
        for one in (one for one in told if len(one.sets) == 1):
            n = int(insider.valid[insider.within(one.sets[0][0]), one.item].sum())
            bounded = any(beyond for _, beyond in one.shown)  # type: ignore[attr-defined]
            if n >= 10 and bounded and len(self.behind(one.shown, n)) == 1:
                return one.row
        return None

    def _rolled_up(self, one: Print, left: dict[frozenset[str], list[Division]]) -> None:
        """Keep of each set's divisions those that fit a roll-up of sets that are all printed, within its rounding."""
        if not all(left.get(held) for held, _ in one.sets):
            return
        everyone = sum(heads for _, heads in one.sets)
        for side, (percent, beyond) in enumerate(one.shown):  # type: ignore[var-annotated, arg-type]
            if beyond:
                continue
            ends = {}
            for held, heads in one.sets:
                values = [100 * heads / everyone * self.rolling(division)[side] for division in left[held]]
                ends[held] = min(values), max(values)
            low, high = (sum(end[place] for end in ends.values()) for place in (0, 1))
            for held, heads in one.sets:
                rest = percent - 0.5 - (high - ends[held][1]), percent + 0.5 - (low - ends[held][0])
                left[held] = [
                    division
                    for division in left[held]
                    if rest[0] - 1e-6 <= 100 * heads / everyone * self.rolling(division)[side] <= rest[1] + 1e-6
                ]


@cache
def _behind(printing: Printing, n: int) -> Mapping[object, list[Division]]:
    found: dict[object, list[Division]] = {}
    for division in _divisions(n):
        found.setdefault(printing(division), []).append(division)
    return found


REAL = Divided(told_sides, rolled)


def sets_of(node: Node) -> Sets:
    """A node as one finest set."""
    return [(node.departments, node.headcount)]
