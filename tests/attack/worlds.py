"""Random organisations with answers to one dimension, for the real planner and for the broken ones alike."""

import random
from dataclasses import dataclass

import numpy as np

from app.releases.columns import DepartmentAnswers
from app.releases.compute import Made, PreviousWave, build
from app.releases.document import Policy
from app.releases.ledger import Ledger
from app.releases.membership import Family, People, membership
from app.releases.plan import Unit
from app.releases.planning import NOTHING
from surveys.model import Form
from tests.attack.insider import Insider, Points
from tests.releases.waves import ATR, facts, items_of

DIMENSION = "T1"
ITEMS = tuple(items_of(DIMENSION))
ANCHORS = tuple(items_of(DIMENSION, anchor=True))


@dataclass(frozen=True)
class World:
    """An organisation, its answers as codes (people x 4 items; "-" and "S" are none), and what the form asked.

    With `item_columns` each single question is a column of its own beside those of the dimension.
    """

    units: tuple[Unit, ...]
    department: tuple[str, ...]
    codes: np.ndarray
    form: Form = "full"
    item_columns: bool = False

    @property
    def insider(self) -> Insider:
        columns = {"cells": tuple(range(4)), "anchors": tuple(ITEMS.index(one) for one in ANCHORS)}
        if self.form == "pulse":
            columns = {"cells": columns["anchors"]}
        if self.item_columns:
            columns |= {f"item{place}": (place,) for place in range(len(ITEMS))}
        return Insider(self.units, self.department, ITEMS, np.isin(self.codes, list(b"12345")), columns)

    @property
    def points(self) -> Points:
        """The answers as points of 0 to 100; what stands where there is none is never looked at."""
        return 25.0 * (self.codes.astype(float) - ord("1"))

    @property
    def answers(self) -> dict[str, DepartmentAnswers]:
        places = np.array(self.department)
        return {one: DepartmentAnswers(ITEMS, self.codes[places == one]) for one in sorted(set(self.department))}

    @property
    def members(self) -> People:
        names = sorted(set(self.department))
        return membership(
            departments=names,
            department=np.array([names.index(one) for one in self.department], dtype=np.intp),
            items=ITEMS,
            valid=self.insider.valid,
            families=[
                Family(
                    id=DIMENSION,
                    items=ITEMS,
                    columns={
                        name: frozenset(ITEMS[item] for item in items)
                        for name, items in self.insider.columns.items()
                        if not name.startswith("item")
                    },
                )
            ],
        )


def world(heads: dict[str, tuple[str | None, int, int]], *, missing: float = 0.0, seed: int = 0) -> World:
    """Departments from `name=(parent, headcount, responses)`, whose people answer at random."""
    rng = random.Random(seed)
    units = tuple(
        Unit(id=name, name=name, parent=parent, function="other", headcount=headcount)
        for name, (parent, headcount, _) in heads.items()
    )
    department = tuple(name for name, (_, _, responses) in heads.items() for _ in range(responses))
    return World(units, department, answered(rng, len(department), missing))


def answered(rng: random.Random, people: int, missing: float) -> np.ndarray:
    """Random answers; each is left out with that probability, and some people answer the anchors only."""
    codes = np.array(
        [[ord("S" if rng.random() < missing else rng.choice("12345")) for _ in ITEMS] for _ in range(people)],
        dtype=np.uint8,
    ).reshape(people, len(ITEMS))
    anchors_only = np.array([missing > 0 and rng.random() < 0.15 for _ in range(people)], dtype=bool)
    others = [place for place, item in enumerate(ITEMS) if item not in ANCHORS]
    codes[anchors_only[:, np.newaxis] & np.isin(np.arange(len(ITEMS)), others)] = ord("-")
    return codes


def random_world(rng: random.Random, *, form: Form = "full") -> World:
    """Up to three levels, people at inner nodes, units of one person, absent colleagues, and pools chosen before."""
    heads: dict[str, tuple[str | None, int, int]] = {}
    pools: dict[str, str] = {}
    size = rng.choice([3, 6, 10, 16])

    def add(name: str, parent: str | None, most: int) -> None:
        headcount = rng.choice([1, rng.randint(0, most), rng.randint(0, most)])
        heads[name] = parent, headcount, max(0, rng.choice([headcount, rng.randint(0, headcount), headcount + 1]))
        if rng.random() < 0.15:
            pools[name] = "Chosen"

    for a in range(rng.randint(1, 4)):
        add(f"A{a}", None, rng.choice([0, 3, size]))
        for b in range(rng.randint(0, 3)):
            add(f"A{a}B{b}", f"A{a}", size)
            for c in range(rng.choice([0, 0, 0, 2])):
                add(f"A{a}B{b}C{c}", f"A{a}B{b}", size)
    made = world(heads, missing=rng.choice([0.0, 0.1, 0.3, 0.5]), seed=rng.getrandbits(32))
    units = tuple(
        Unit(
            id=one.id,
            name=one.name,
            parent=one.parent,
            function="other",
            headcount=one.headcount,
            pool=pools.get(one.id),
        )
        for one in made.units
    )
    return World(units, made.department, made.codes, form)


def quarter_later(rng: random.Random, before: World, *, form: Form) -> World:
    """Most of the same departments: some people left, others came, everybody answers anew."""
    leaves = {one.id for one in before.units} - {one.parent for one in before.units}
    gone = {rng.choice(sorted(leaves))} if rng.random() < 0.3 and len(leaves) > 1 else set()
    units = tuple(one for one in before.units if one.id not in gone)
    kept = [one for one in before.department if one not in gone and rng.random() < 0.85]
    department = tuple(kept + [rng.choice(units).id for _ in range(rng.randint(0, 4))])
    return World(units, department, answered(rng, len(department), rng.choice([0.0, 0.1, 0.3])), form)


def released(
    one: World, policy: Policy, *, previous: PreviousWave | None = None, told: Ledger = NOTHING, number: int = 1
) -> Made:
    """The real release of a world; `told` is the ledger of the first one, for a later one."""
    return build(
        facts=facts(one.form, previous),
        policy=policy,
        number=number,
        instrument=ATR,
        form=one.form,
        units=one.units,
        answers=one.answers,
        corrected=frozenset(),
        previous=previous,
        told=told,
    )


def earlier(one: World, policy: Policy) -> PreviousWave:
    """A world as the wave to compare with."""
    return PreviousWave(
        label="2026-Q3", form=one.form, instrument=ATR, units=one.units, answers=one.answers, policy=policy
    )
