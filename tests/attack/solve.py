"""Three ways to solve for a few people: exactly, within the printed roundings, and by what remains of exact values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import gcd, isfinite

import numpy as np
import numpy.typing as npt

from tests.attack.insider import Insider, Points
from tests.attack.knowledge import KINDS, Fact

PRIME = 2_147_483_647
STEP = 25.0
"""One step of a 5-point scale, in points: what is known of a few people to within less is a find."""

STEPS = 4000
"""How many steps one search may take: it is a complete one, and the few that would take ages are counted instead."""

Matrix = npt.NDArray[np.int64]
Class = tuple[Matrix, list[int]]


@dataclass(frozen=True)
class Find:
    """A set of too few people of whom something is told, and how."""

    way: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class Attacked:
    """What was found, by way; how many ways were tried, and those whose search was given up half way."""

    finds: Mapping[str, Find]
    tried: int
    given_up: tuple[str, ...] = ()


class GivenUpError(Exception):
    """A search that was not finished in the steps that it may take."""


def solved(facts: Sequence[Fact], insider: Insider, *, k: int, steps: int = STEPS) -> Find | None:
    """Fewer than k people on whom some combination of the facts rests, single answers unknown; None if there are none.

    GivenUpError where the search does not end within so many steps.

    Exact but for a prime: ranks modulo 2^31 - 1, which are those over the rationals unless the prime divides one of a
    few determinants. People with the same weights in every fact are one class: a combination rests on all of them or
    on none. Classes of k people and more cannot be rested on; what they leave is searched completely.
    """
    facts = _independent(facts, insider)
    classes = _classes(facts, insider)
    big = [block for block, people in classes.values() if len(people) >= k]
    small = [(block, people) for block, people in classes.values() if len(people) < k]
    if not small:
        return None
    kept = _null_rows(np.hstack(big)) if big else np.eye(len(facts), dtype=np.int64)
    if not len(kept):
        return None
    blocks = sorted(small, key=lambda one: -len(one[1]))
    return _rests_on_few(kept, blocks, (), k, iter(range(steps)))


def _rests_on_few(
    kept: Matrix, blocks: Sequence[Class], touched: tuple[Class, ...], k: int, steps: Iterator[int]
) -> Find | None:
    """Whether one of the kept combinations rests on fewer than k people, those of the touched classes among them.

    Takes the classes one after the other, as not rested on, which leaves fewer combinations, or as rested on.
    """
    if next(steps, None) is None:
        raise GivenUpError
    if sum(len(people) for _, people in touched) >= k or not all(_times(kept, block).any() for block, _ in touched):
        return None
    open_ones = [one for one in blocks if _times(kept, one[0]).any()]
    if not open_ones:
        return Find("solved", tuple(sorted(one for _, people in touched for one in people))) if touched else None
    first, rest = open_ones[0], open_ones[1:]
    without = _times(_null_rows(_times(kept, first[0])), kept)
    found = _rests_on_few(without, rest, touched, k, steps) if len(without) else None
    return found or _rests_on_few(kept, rest, (*touched, first), k, steps)


def _independent(facts: Sequence[Fact], insider: Insider) -> list[Fact]:
    """Facts of which none is a combination of others, and of which all are: the later releases repeat the first."""
    distinct = list({_told(one): one for one in facts if one.weights}.values())
    blocks = [block for block, _ in _classes(distinct, insider).values()]
    if not blocks:
        return []
    work = np.unique(np.hstack(blocks), axis=1).T.copy()
    chosen: list[int] = []
    for fact in range(len(distinct)):
        row = len(chosen)
        pivots = np.flatnonzero(work[row:, fact])
        if not pivots.size:
            continue
        work[[row, row + int(pivots[0])]] = work[[row + int(pivots[0]), row]]
        work[row] = work[row] * pow(int(work[row, fact]), -1, PRIME) % PRIME
        below = work[row + 1 :]
        below[:] = (below - below[:, fact : fact + 1] * work[row] % PRIME) % PRIME
        chosen.append(fact)
    return [distinct[one] for one in chosen]


def _told(fact: Fact) -> tuple[str, frozenset[tuple[int, Fraction]], frozenset[tuple[str, frozenset[object]]]]:
    parts = frozenset((name, frozenset(weights.items())) for name, weights in fact.parts.items())
    return fact.column, frozenset(fact.weights.items()), parts


def _classes(facts: Sequence[Fact], insider: Insider) -> dict[bytes, Class]:
    """The people with equal weights in all facts: these, facts by unknowns, and who they are."""
    found: dict[bytes, Class] = {}
    parts = _parts(facts)
    size = (len(facts), _unknowns(facts, insider))
    for person in insider.people:
        block = np.zeros(size, dtype=np.int64)
        for place, fact in enumerate(facts):
            if weight := fact.weights.get(person):
                for unknown, factor in _factors(fact, insider, person, parts):
                    block[place, unknown] = _modular(weight * factor)
        if block.any():
            found.setdefault(block.tobytes(), (block, []))[1].append(person)
    return found


def _unknowns(facts: Sequence[Fact], insider: Insider) -> int:
    items = len(insider.items)
    if any(one.kind == "tallies" for one in facts):
        return len(_parts(facts))
    return items * items if any(one.kind == "spreads" for one in facts) else max(items, len(insider.columns))


def _parts(facts: Sequence[Fact]) -> dict[str, int]:
    """The parts of all facts, each with its place among the unknowns."""
    return {name: place for place, name in enumerate(sorted({name for one in facts for name in one.parts}))}


def _factors(fact: Fact, insider: Insider, person: int, parts: Mapping[str, int]) -> list[tuple[int, Fraction]]:
    if fact.kind == "tallies":
        return [(parts[name], one[person]) for name, one in fact.parts.items() if person in one]
    if fact.kind in ("numbers", "responses"):
        return [(list(insider.columns).index(fact.column), Fraction(1))]
    used = insider.used(person, fact.column)
    if fact.kind == "means":
        return [(item, Fraction(1, len(used))) for item in used]
    items = len(insider.items)
    return [(one * items + other, Fraction(1, len(used) ** 2)) for one in used for other in used]


def _modular(value: Fraction) -> int:
    return value.numerator * _inverse(value.denominator) % PRIME


@cache
def _inverse(value: int) -> int:
    return pow(value, -1, PRIME)


def _times(one: Matrix, other: Matrix) -> Matrix:
    """The product modulo the prime, in two halves of 16 bits so that no sum of fewer than 2^15 products overflows."""
    assert one.shape[1] < 1 << 15
    low, high = (one & 0xFFFF) @ other % PRIME, (one >> 16) @ other % PRIME
    return ((high << 16) + low) % PRIME


def _null_rows(matrix: Matrix) -> Matrix:
    """A basis of the combinations of rows that vanish."""
    rows = matrix.shape[0]
    work = np.hstack([np.unique(matrix, axis=1), np.eye(rows, dtype=np.int64)])
    width, rank = work.shape[1] - rows, 0
    for column in range(width):
        pivots = np.flatnonzero(work[rank:, column])
        if not pivots.size:
            continue
        pivot = rank + int(pivots[0])
        work[[rank, pivot]] = work[[pivot, rank]]
        work[rank] = work[rank] * pow(int(work[rank, column]), -1, PRIME) % PRIME
        below = work[rank + 1 :]
        below[:] = (below - below[:, column : column + 1] * work[rank] % PRIME) % PRIME
        rank += 1
        if rank == rows:
            break
    return work[rank:, width:]


def pinned(facts: Sequence[Fact], insider: Insider, points: Points, *, k: int, most: int = 8) -> Find | None:
    """Fewer than k people whose total score the printed roundings fix to within less than one step of the answer scale.

    All answers lie between 0 and 100 points and every fact between its bounds: two linear programs a set. A set does
    not count as found where k people who hold it would leave as little: if the exact totals of every answer of some k
    people were published, which the rule allows, nearly unanimous answers would fix each of theirs (4.2, 4.4).
    """
    means = [one for one in facts if one.kind == "means"]
    classes = [people for _, people in _classes(means, insider).values()] if means else []
    for people in sorted(classes, key=len)[:most]:
        chosen = tuple(people[: min(len(people), k - 1)]) if len(people) < k else (people[0],)
        for column in insider.columns:
            allowed = _allowed(chosen, column, insider, points, k=k)
            if allowed and _width(means, insider, classes, chosen, column) < min(STEP, allowed) - 1e-6:
                return Find(f"pinned in {column}", chosen)
    return None


def _allowed(chosen: Sequence[int], column: str, insider: Insider, points: Points, *, k: int) -> float:
    """How far the total of these people stays open when k people with them have the total of each answer published."""
    if not all(insider.used(one, column) for one in chosen):
        return 0.0
    width = 0.0
    for item in insider.columns[column]:
        others = sorted(points[one, item] for one in insider.people if one not in chosen and insider.valid[one, item])
        own = sum(points[one, item] for one in chosen if insider.valid[one, item])
        room = 100.0 * sum(insider.valid[one, item] for one in chosen)
        rest = k - len(chosen)
        low, high = own + sum(others[:rest]), room - own + sum(100 - one for one in others[-rest:])
        width += min(room, low, high) / len(insider.columns[column])
    return width


def _width(
    means: Sequence[Fact], insider: Insider, classes: Sequence[list[int]], chosen: Sequence[int], column: str
) -> float:
    """The length of the interval in which the total of the chosen people's scores lies."""
    # Imported for the few finds that get here: it takes a second, which every test process would pay.
    from scipy.optimize import linprog

    groups = [list(chosen), *([one for one in people if one not in chosen] for people in classes)]
    items, groups = len(insider.items), [one for one in groups if one]
    target = np.zeros(len(groups) * items)
    lines, bounds = [], []
    for item in insider.columns[column]:
        target[item] = 1 / len(insider.used(chosen[0], column)) if insider.valid[chosen[0], item] else 0.0
    for fact in (one for one in means if isfinite(one.low) and isfinite(one.high)):
        line = np.zeros(len(groups) * items)
        for place, people in enumerate(groups):
            weight = float(fact.weights.get(people[0], 0))
            for item, factor in _factors(fact, insider, people[0], {}) if weight else ():
                line[place * items + item] = weight * float(factor)
        lines += [line, -line]
        bounds += [fact.high + 1e-9, -fact.low + 1e-9]
    box = [(0.0, 100.0 * len(people)) for people in groups for _ in range(items)]
    low, high = (
        linprog(sign * target, A_ub=np.array(lines), b_ub=bounds, bounds=box, method="highs").fun for sign in (1, -1)
    )
    assert low is not None, "the true answers satisfy every fact, so there is a solution"
    assert high is not None
    return float(-high - low)


def remainders(facts: Sequence[Fact], insider: Insider, *, k: int) -> Find | None:
    """Fewer than k people of whom an unrounded mean tells a remainder, because their answers count in other fractions.

    With n people who answered all 4 questions a total moves in steps of 25 / 4 points, that of somebody who answered 3
    in steps of 25 / 3: the part that does not fit the others' steps is theirs alone.
    """
    for fact in facts:
        if fact.kind != "means" or fact.high - fact.low > 1e-6:
            continue
        steps: dict[Fraction, list[int]] = defaultdict(list)
        for person, weight in fact.weights.items():
            steps[weight * Fraction(25, len(insider.used(person, fact.column)))].append(person)
        for step, people in steps.items():
            others = [one for one in steps if one != step]
            if others and len(people) < k and (step / _common(others)).denominator > 1:
                return Find(f"remainder in {fact.row}", tuple(people))
    return None


def _common(steps: Iterable[Fraction]) -> Fraction:
    """The largest step of which all of these are multiples."""
    found = Fraction(0)
    for one in steps:
        bottom = found.denominator * one.denominator
        found = Fraction(gcd(found.numerator * one.denominator, one.numerator * found.denominator), bottom)
    return found


def attack(facts: Sequence[Fact], insider: Insider, points: Points, *, k_means: int, k_intervals: int) -> Attacked:
    """Every way, on every kind of number: four kinds solved exactly, roundings, remainders."""
    found: dict[str, Find | None] = {}
    given_up = []
    for kind in KINDS:
        of_kind = [one for one in facts if one.kind == kind]
        try:
            found[kind] = solved(of_kind, insider, k=k_means if kind in ("means", "responses") else k_intervals)
        except GivenUpError:
            given_up.append(kind)
    found["rounding"] = pinned(facts, insider, points, k=k_means)
    found["remainders"] = remainders(facts, insider, k=k_means)
    return Attacked({way: one for way, one in found.items() if one}, len(found) + len(given_up), tuple(given_up))
