"""Random organisations with answers to one dimension, for the real planner and for the broken ones alike.

What the real planner is attacked with has also a department's own module and the role level that people give.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from app.releases.audit.membership import Family, People, membership
from app.releases.compute import Made, PreviousWave, build
from app.releases.document.release import Policy
from app.releases.plan.coarsening import Department
from app.releases.plan.ledger import Ledger
from app.releases.statistics.columns import DepartmentAnswers
from app.releases.statistics.planning import NOTHING
from surveys.model import Form
from tests.attack.insider import Insider, Points
from tests.releases.waves import ATR, facts, items_of

DIMENSION = "T1"
ITEMS = tuple(items_of(DIMENSION))
ANCHORS = tuple(items_of(DIMENSION, anchor=True))
FUNCTION: Final = "finance"
MODULE: Final = f"module:{FUNCTION}"
MODULE_ITEMS = tuple(item.id for item in ATR.modules[FUNCTION].items)
ROLE = next(item.id for item in ATR.context if item.scale == "role")
ROLES: Mapping[int, str] = {point.value: point.label for point in ATR.scales["role"].points}

ATTACKED: Final = replace(
    ATR,
    dimensions=(ATR.dimension(DIMENSION),),
    modules={FUNCTION: ATR.modules[FUNCTION]},
    functions={name: key if key == FUNCTION else None for name, key in ATR.functions.items()},
)
"""The questionnaire with one dimension, one module and the role level: each other column would be one more of these."""


@dataclass(frozen=True)
class World:
    """An organisation, its answers as codes (people x 4 items; "-" and "S" are none), and what the form asked.

    With `item_columns` each single question is a column of its own beside those of the dimension. `module` has the
    codes of the module's questions and `roles` those of the role level, where they are asked.
    """

    departments: tuple[Department, ...]
    department: tuple[str, ...]
    codes: np.ndarray
    form: Form = "full"
    item_columns: bool = False
    module: np.ndarray | None = None
    roles: np.ndarray | None = None

    @property
    def insider(self) -> Insider:
        columns = {"cells": tuple(range(4)), "anchors": tuple(ITEMS.index(one) for one in ANCHORS)}
        if self.form == "pulse":
            columns = {"cells": columns["anchors"]}
        if self.item_columns:
            columns |= {f"item{place}": (place,) for place in range(len(ITEMS))}
        valid = np.isin(self.codes, list(b"12345"))
        return Insider(self.departments, self.department, ITEMS, valid, columns, self._given_roles)

    @property
    def points(self) -> Points:
        """The answers as points of 0 to 100; what stands where there is none is never looked at."""
        return 25.0 * (self.codes.astype(float) - ord("1"))

    @property
    def families(self) -> Mapping[str, tuple[Insider, Points]]:
        """What the attacker knows of each family and the answers: of the dimension, and of the module if asked."""
        found = {DIMENSION: (self.insider, self.points)}
        if self.module is not None and self.form == "full":
            valid = np.isin(self.module, list(b"12345"))
            columns = {"cells": tuple(range(len(MODULE_ITEMS)))}
            insider = Insider(self.departments, self.department, MODULE_ITEMS, valid, columns, self._given_roles)
            found[MODULE] = insider, 25.0 * (self.module.astype(float) - ord("1"))
        return found

    @property
    def said(self) -> Mapping[str, np.ndarray]:
        """Who answered which question of a family at all, if that they do not know."""
        asked = {DIMENSION: self.codes, MODULE: self.module}
        return {name: np.isin(codes, list(b"12345KX")) for name, codes in asked.items() if codes is not None}

    @property
    def _given_roles(self) -> tuple[int, ...]:
        if self.roles is None:
            return (0,) * len(self.department)
        return tuple(int(code) - ord("0") if ord("1") <= code <= ord("9") else 0 for code in self.roles[:, 0])

    @property
    def answers(self) -> dict[str, DepartmentAnswers]:
        asked = ((ITEMS, self.codes), (MODULE_ITEMS, self.module), ((ROLE,), self.roles))
        items = tuple(item for names, codes in asked if codes is not None for item in names)
        every = np.hstack([codes for _, codes in asked if codes is not None])
        places = np.array(self.department)
        return {one: DepartmentAnswers(items, every[places == one]) for one in sorted(set(self.department))}

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
    departments = tuple(
        Department(id=name, name=name, parent=parent, function="other", headcount=headcount)
        for name, (parent, headcount, _) in heads.items()
    )
    department = tuple(name for name, (_, _, responses) in heads.items() for _ in range(responses))
    return World(departments, department, answered(rng, len(department), missing))


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
    """Up to three levels, people at inner nodes, departments of one, absent colleagues, and pools chosen before."""
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
    departments = tuple(replace(one, pool=pools.get(one.id)) for one in made.departments)
    return World(departments, made.department, made.codes, form)


def asked_more(rng: random.Random, one: World) -> World:
    """The same organisation at some sites: some departments do what has a module, and people say what they lead."""
    share = rng.choice([0.0, 0.5, 1.0])
    departments = tuple(
        replace(department, function=FUNCTION if rng.random() < share else "other") for department in one.departments
    )
    functions = {department.id: department.function for department in departments}
    people, missing = len(one.department), rng.choice([0.0, 0.1, 0.4])
    module = _codes(rng, people, len(MODULE_ITEMS), missing, rng.choice(["12345", "1234K", "44445K"]))
    module[[functions[name] != FUNCTION for name in one.department]] = ord("-")
    roles = _codes(rng, people, 1, rng.choice([0.0, 0.0, 0.1]), rng.choice(["1112", "12", "112233", "1"]))
    return replace(one, departments=located(departments, seed=one.form), module=module, roles=roles)


def located(departments: Sequence[Department], *, seed: str) -> tuple[Department, ...]:
    """The departments at two sites or none, drawn anew from what they are: some organisations have one site only."""
    rng = random.Random(f"{seed} {[(department.id, department.headcount) for department in departments]}")
    offered = rng.choice([("Porto", "Faro", None), ("Porto", "Faro"), ("Porto",)])
    # Below a department there is mostly the same site, so that not every pool lies across sites.
    placed: dict[str | None, str | None] = {}
    for department in departments:
        above = placed.get(department.parent, rng.choice(offered))
        placed[department.id] = above if rng.random() < 0.7 else rng.choice(offered)
    return tuple(replace(department, site=placed[department.id]) for department in departments)


def _codes(rng: random.Random, people: int, items: int, missing: float, offered: str) -> np.ndarray:
    codes = [[ord("S" if rng.random() < missing else rng.choice(offered)) for _ in range(items)] for _ in range(people)]
    return np.array(codes, dtype=np.uint8).reshape(people, items)


def quarter_later(rng: random.Random, before: World, *, form: Form) -> World:
    """Most of the same departments: some people left, others came, everybody answers anew."""
    leaves = {one.id for one in before.departments} - {one.parent for one in before.departments}
    gone = {rng.choice(sorted(leaves))} if rng.random() < 0.3 and len(leaves) > 1 else set()
    departments = [one for one in before.departments if one.id not in gone]
    if rng.random() < 0.3:
        parent = rng.choice([None, *(one.id for one in departments)])
        new = f"N{len(departments)}{rng.getrandbits(16)}"
        departments.append(Department(id=new, name=new, parent=parent, function="other", headcount=rng.randint(1, 12)))
    kept = [one for one in before.department if one not in gone and rng.random() < 0.85]
    department = tuple(kept + [rng.choice(departments).id for _ in range(rng.randint(0, 8))])
    return World(tuple(departments), department, answered(rng, len(department), rng.choice([0.0, 0.1, 0.3])), form)


@dataclass(frozen=True)
class Later:
    """A further release: the departments as they are then, the first release's ledger and its headcounts."""

    departments: tuple[Department, ...]
    told: Ledger
    roster: Mapping[str, int] | None
    number: int


def released(one: World, policy: Policy, *, previous: PreviousWave | None = None, later: Later | None = None) -> Made:
    """The real release of a world, the first one or a later one."""
    return build(
        facts=facts(one.form, previous),
        policy=policy,
        number=later.number if later else 1,
        instrument=ATTACKED,
        form=one.form,
        departments=later.departments if later else one.departments,
        answers=one.answers,
        corrected=frozenset(),
        previous=previous,
        told=later.told if later else NOTHING,
        roster=later.roster if later else None,
    )
