"""Which departments a release will show, before anybody has answered: the plan of its rows on drawn turnouts.

The same two coarsenings as the plan of a release (measurement design 4.3 and section 9, P4 and P5; steps 1 and 3), for
all draws at once. A test holds it to the planner draw by draw. Departments are numbered, parents before their children;
the organisation is the number after the last department.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scoring.arrays import Flags, Floats, Integers

DRAWS: Final = 2000
# Large organisations get fewer draws, so that the page stays quick: 800 for 500 departments.
LARGEST: Final = 400_000
SEED: Final = 20_261
_NEVER: Final = np.iinfo(np.int64).max // 4

Counts = npt.NDArray[np.int64]
"""Draws x something: numbers of people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Departments, parents before their children.

    `parent` is the number of the department above, -1 at the top; `headcount` counts a department's own people;
    `group` is the number of its named pool, -1 for none. A pool has one parent.
    """

    parent: tuple[int, ...]
    headcount: tuple[int, ...]
    group: tuple[int, ...]

    def children(self) -> dict[int, list[int]]:
        """The departments below each department that has any, and below the organisation."""
        found: dict[int, list[int]] = {}
        for one, above in enumerate(self.parent):
            found.setdefault(above if above >= 0 else len(self.parent), []).append(one)
        return found

    def totals(self, own: Counts) -> Counts:
        """People of every department with all below it, and of the organisation: draws x (departments + 1)."""
        sums = np.concatenate([own, np.zeros((len(own), 1), dtype=np.int64)], axis=1)
        for one in range(len(self.parent) - 1, -1, -1):
            sums[:, self.parent[one]] += sums[:, one]
        return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What happens below one parent, over the draws.

    `pool` (draws x children) numbers the pool that a child is in, -1 for none, and `own` (draws) that of the parent's
    own people. `stands` (draws x pools) tells where the pool is a row, `people` how many answered in it; the last pool
    is that of the small teams without a name. `shown`: the parent is told by its parts and not as a whole. `interval`
    (draws x pools) tells where the pool's row has an interval.
    """

    parent: int
    children: tuple[int, ...]
    groups: tuple[int, ...]
    pool: Integers
    own: Integers
    people: Counts
    stands: Flags
    shown: Flags
    interval: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """The rows of all draws: `row` and `interval` (draws x departments) tell where a department has a row of its own,
    and an interval in it; `answers` (draws x departments) counts everybody below; `levels` are by parent.
    """

    row: Flags
    interval: Flags
    answers: Counts
    levels: tuple[Level, ...]


def draw(headcount: Sequence[int], turnout: Sequence[float], *, draws: int | None = None) -> Counts:
    """Responses of each department's own people, draws x departments: binomial, the same draws each time."""
    dice = np.random.default_rng(SEED)
    size = (draws or min(DRAWS, max(200, LARGEST // max(1, len(headcount)))), len(headcount))
    return dice.binomial(np.asarray(headcount, dtype=np.int64), np.asarray(turnout), size=size).astype(np.int64)


def plans(tree: Tree, responses: Counts, *, k: int, k_intervals: int) -> Plans:
    """The rows of a release for each draw of responses (draws x departments)."""
    size = len(tree.parent)
    totals = tree.totals(responses)
    people = tree.totals(np.asarray([tree.headcount], dtype=np.int64))[0]
    row, interval = np.zeros(totals.shape, dtype=bool), np.zeros(totals.shape, dtype=bool)
    row[:, size], interval[:, size] = totals[:, size] >= k, totals[:, size] >= k_intervals
    below = tree.children()
    levels = []
    for parent in (size, *range(size)):
        if parent in below:
            own = responses[:, parent] if parent < size else np.zeros(len(responses), dtype=np.int64)
            parts = _Parts(tree, parent, below[parent], totals, own, people, k)
            level, rows, intervals = _level(parts, row[:, parent], interval[:, parent], k_intervals)
            row[:, below[parent]], interval[:, below[parent]] = rows, intervals
            levels.append(level)
    return Plans(row=row[:, :size], interval=interval[:, :size], answers=totals[:, :size], levels=tuple(levels))


class _Parts:
    """The children of one parent and its own people, with their pools, over all draws."""

    def __init__(
        self, tree: Tree, parent: int, children: list[int], totals: Counts, own: Counts, people: Counts, k: int
    ) -> None:
        self.parent, self.children, self.k = parent, children, k
        self.sizes, self.own, self.draws = totals[:, children], own, np.arange(len(totals))
        named = [tree.group[one] for one in children]
        # A group of one is no group.
        self.groups = [one for one in dict.fromkeys(named) if one >= 0 and named.count(one) > 1]
        self.member = np.asarray([[group == one for group in named] for one in self.groups], dtype=bool)
        self.member = self.member.reshape(len(self.groups), len(children))
        self.people, self.own_people = people[children], tree.headcount[parent] if parent < len(tree.parent) else 0
        self.pool = np.full(self.sizes.shape, -1, dtype=np.intp)
        self.own_pool = np.full(len(totals), -1, dtype=np.intp)
        self._begin()
        self.into = np.tile(np.arange(len(self.groups) + 1), (len(totals), 1))
        self._join()
        self._place()
        self._fill_up()

    @property
    def collapsed(self) -> Flags:
        """Where everybody is in one pool, which is the parent."""
        found: Flags = (self.stands.sum(axis=1) <= 1) & (self.pool >= 0).all(axis=1)
        return found

    def _begin(self) -> None:
        """The pools that the parts call for: those with a name, then the small teams and the parent's own people."""
        small_people = (self.people > 0) & (self.people < self.k)
        grouped = self.member.any(axis=0)
        self.small = ~grouped & (small_people | ((self.sizes > 0) & (self.sizes < self.k)))
        self.own_small = (self.own > 0) | (0 < self.own_people < self.k)
        loose = (self.sizes * self.small).sum(axis=1) + self.own * self.own_small
        self.filled = np.column_stack([self.sizes @ self.member.T.astype(np.int64), loose])
        self.stands = np.ones(self.filled.shape, dtype=bool)
        self.stands[:, -1] = self.small.any(axis=1) | self.own_small
        large = np.append((self.member @ self.people >= self.k) | (self.member @ self.people == 0), [False])
        # A group of k or more people of whom none answered is told as such, as a department is.
        self.short = self.stands & (self.filled < self.k) & ~((self.filled == 0) & large)

    def _join(self) -> None:
        """A pool that misses k joins the smallest other one."""
        for _ in self.groups:
            at = np.flatnonzero(self.short.any(axis=1) & (self.stands.sum(axis=1) > 1))
            one = self.short[at].argmax(axis=1)
            self.stands[at, one] = self.short[at, one] = False
            other = np.where(self.stands[at], self.filled[at], _NEVER).argmin(axis=1)
            self.filled[at, other] += self.filled[at, one]
            self.short[at, other] = self.filled[at, other] < self.k
            moved = self.into[at] == one[:, None]
            self.into[at] = np.where(moved, other[:, None], self.into[at])

    def _place(self) -> None:
        """Which pool each part has come to."""
        for number, members in enumerate(self.member):
            self.pool[:, members] = self.into[:, [number]]
        self.pool = np.where(self.small, self.into[:, [-1]], self.pool)
        self.own_pool = np.where(self.own_small, self.into[:, -1], -1)

    def _fill_up(self) -> None:
        """A single pool that still misses k takes in the smallest children that are rows."""
        at = np.flatnonzero(self.short.any(axis=1))
        if not at.size:
            return
        one = self.short[at].argmax(axis=1)
        free = (self.pool[at] < 0) & (self.sizes[at] > 0)
        taken = _smallest(self.sizes[at], free, self.k - self.filled[at, one])
        self.pool[at] = np.where(taken, one[:, None], self.pool[at])
        self.filled[at, one] += (self.sizes[at] * taken).sum(axis=1)


def _smallest(sizes: Counts, free: Flags, missing: Counts) -> Flags:
    """The smallest free parts, one after the other, until nobody is missing; ties go by their order."""
    order = np.argsort(np.where(free, sizes, _NEVER), axis=1, kind="stable")
    before = np.take_along_axis(np.where(free, sizes, 0), order, axis=1).cumsum(axis=1)
    before = np.concatenate([np.zeros((len(sizes), 1), dtype=np.int64), before[:, :-1]], axis=1)
    taken = np.zeros(sizes.shape, dtype=bool)
    np.put_along_axis(taken, order, before < missing[:, None], axis=1)
    return taken & free


def _level(parts: _Parts, row: Flags, interval: Flags, k: int) -> tuple[Level, Flags, Flags]:
    """The level with the rows and the intervals of its children (draws x children); `k` is that of intervals."""
    shown = row & (parts.sizes.sum(axis=1) + parts.own > 0) & ~parts.collapsed
    rows = shown[:, None] & (parts.pool < 0)
    pools = shown[:, None] & parts.stands
    exists = np.concatenate([rows, pools], axis=1)
    sizes = np.concatenate([parts.sizes, parts.filled], axis=1) * exists
    pooled = (sizes > 0) & (sizes < k)
    at = np.flatnonzero(pooled.any(axis=1))
    missing = k - (sizes[at] * pooled[at]).sum(axis=1)
    pooled[at] |= _smallest(sizes[at], (sizes[at] > 0) & ~pooled[at], missing)
    whole = interval & shown & (exists & ~pooled).any(axis=1)
    separate = whole[:, None] & exists & ~pooled & (sizes > 0)
    count = len(parts.children)
    level = Level(
        parent=parts.parent,
        children=tuple(parts.children),
        groups=tuple(parts.groups),
        pool=parts.pool,
        own=parts.own_pool,
        people=parts.filled,
        stands=pools,
        shown=shown,
        interval=separate[:, count:],
    )
    return level, rows, separate[:, :count]


def together(level: Level) -> Floats:
    """How often two children share a pool (children x children): a share of the draws in which the first is in one.

    Nan for a child that is never in a pool.
    """
    shared = np.zeros((len(level.children),) * 2, dtype=np.float32)
    for number in range(level.stands.shape[1]):
        inside = ((level.pool == number) & level.shown[:, None]).astype(np.float32)
        shared += inside.T @ inside
    with np.errstate(invalid="ignore"):
        found: Floats = (shared / shared.diagonal()[:, None]).astype(np.float64)
    return found
