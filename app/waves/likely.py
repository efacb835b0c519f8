"""Which departments the result will show, told while a wave is open from nothing but what its page tells anyway.

What goes in: the table of the turnout, which counts groups of ten people or more until last night, the headcounts, and
how the turnout of the whole organisation goes on (`final`), all of which MEASUREMENT.md P10 lets a page say. Who of a
group has answered is drawn by lot among its people, so whatever is said of a small department follows from the number
of its group and tells nothing beyond it. On each draw the rows are those that the plan of a release would give
(`scoring.visibility`). Pure; remembered for as long as the figures stay the same, which is a day.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from uuid import UUID

from app.sentences import Sentence, say
from app.waves.queries import WaveDepartmentFacts
from app.waves.visible import Group

if TYPE_CHECKING:
    from scoring.visibility import Counts, Tree

SURE, HARDLY = 0.95, 0.05
DRAWS: Final = 600
LARGEST: Final = 120_000  # draws times departments: large organisations get fewer draws, so that the page stays quick
FEWEST_DRAWS: Final = 200
SEED: Final = 20_264
WEIGHT: Final = 10
"""A group's own turnout counts as much as the organisation's once it has this many people (app/forecast/turnout.py)."""
REMEMBERED: Final = 64


@dataclass(frozen=True, slots=True)
class Part:
    """People among whom so many have answered, nobody knows who: the departments by their places, and the number."""

    departments: tuple[int, ...]
    answered: int


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the forecast rests on; equal ones give the same forecast.

    `parent`, `headcount` and `group` are by department as `scoring.visibility.Tree` has them; `to_come` is what
    `final.still_to_come` says, empty where nothing can be said; `k` is the smallest group of the wave's policy.
    """

    parent: tuple[int, ...]
    headcount: tuple[int, ...]
    group: tuple[int, ...]
    parts: tuple[Part, ...]
    to_come: tuple[float, ...]
    k: int


@dataclass(frozen=True, slots=True)
class Chance:
    """How probably a department has a row of its own, 0 to 1: if the wave ended now, and at its close (None where
    nothing can be said of that). `missing` is how many answers it probably lacks now."""

    now: float
    at_close: float | None
    missing: int


@dataclass(frozen=True, slots=True)
class Unsure:
    """A department that may stay hidden, and how many answers more would probably change that, in a band."""

    name: str
    unless: Sentence


@dataclass(frozen=True, slots=True)
class Likely:
    """The departments by what becomes of them, in the order of their tree.

    `never` have too few people, or were put into a pool; `at_close` says whether this is about the close of the wave,
    or about now; `lost` would be shown at the close and would not if the wave ended now.
    """

    shown: tuple[str, ...]
    maybe: tuple[Unsure, ...]
    hidden: tuple[Unsure, ...]
    never: tuple[str, ...]
    lost: tuple[str, ...]
    at_close: bool


def basis(
    departments: Sequence[WaveDepartmentFacts],
    groups: Sequence[Group],
    counted: Sequence[int],
    *,
    total: int,
    to_come: tuple[float, ...],
    k: int,
) -> Basis:
    """What is known of departments, depth first: `counted` is how many of each group answered until last night, and
    `total` how many of the whole organisation."""
    places = {one.department_id: place for place, one in enumerate(departments)}
    named = {key: number for number, key in enumerate(dict.fromkeys(_pool(one) for one in departments if one.pool))}
    return Basis(
        parent=tuple(-1 if one.parent_id is None else places[one.parent_id] for one in departments),
        headcount=tuple(one.headcount for one in departments),
        group=tuple(named.get(_pool(one), -1) if one.pool else -1 for one in departments),
        parts=tuple(_parts(places, groups, counted, total)),
        to_come=to_come,
        k=k,
    )


def _pool(one: WaveDepartmentFacts) -> tuple[UUID | None, str | None]:
    return one.parent_id, one.pool


def _parts(places: Mapping[UUID, int], groups: Sequence[Group], counted: Sequence[int], total: int) -> Iterator[Part]:
    """The people of each group that no smaller group counts, and at last those of none, each with their number."""
    smallest = dict.fromkeys(places, len(groups))
    rest = [*counted, total]
    around: list[int] = []
    for number, group in enumerate(groups):
        del around[group.depth :]
        smallest.update(dict.fromkeys(group.departments, number))
        rest[around[-1] if around else len(groups)] -= counted[number]
        around.append(number)
    for number, answered in enumerate(rest):
        found = tuple(place for one, place in places.items() if smallest[one] == number)
        if found:
            yield Part(found, max(0, answered))


def told(departments: Sequence[WaveDepartmentFacts], known: Basis) -> Likely:
    """The forecast in words, of the departments that `known` is about."""
    shown: list[str] = []
    maybe: list[Unsure] = []
    hidden: list[Unsure] = []
    never: list[str] = []
    lost: list[str] = []
    for one, chance in zip(departments, chances(known), strict=True):
        if chance is None:
            never.append(one.name)
            continue
        at_end = chance.now if chance.at_close is None else chance.at_close
        if at_end >= SURE:
            shown.append(one.name)
        else:
            (hidden if at_end <= HARDLY else maybe).append(Unsure(one.name, band(chance.missing)))
        if chance.at_close is not None and chance.at_close >= 0.5 > chance.now:
            lost.append(one.name)
    return Likely(tuple(shown), tuple(maybe), tuple(hidden), tuple(never), tuple(lost), bool(known.to_come))


def band(missing: int) -> Sentence:
    """How many answers more, roughly: a number would say of a small department how many have answered."""
    if missing <= 0:
        return say("more answers in the departments beside it")
    if missing <= 2:
        return say("one or two more answers")
    if missing <= 5:
        return say("three to five more answers")
    return say("six to ten more answers") if missing <= 10 else say("more than ten more answers")


@lru_cache(maxsize=REMEMBERED)
def chances(known: Basis) -> tuple[Chance | None, ...]:
    """The chance of each department, None of one that is never shown alone, or where nobody works."""
    from scoring.visibility import Tree

    tree = Tree(parent=known.parent, headcount=known.headcount, group=known.group)
    draws = max(FEWEST_DRAWS, min(DRAWS, LARGEST // max(1, len(known.headcount))))
    now = _answered(known, draws)
    later = None if not known.to_come else now + _more(known, now)
    return tuple(_chances(known, tree, now, later))


def _chances(known: Basis, tree: "Tree", now: "Counts", later: "Counts | None") -> Iterator[Chance | None]:
    import numpy as np

    people = tree.totals(np.asarray([known.headcount], dtype=np.int64))[0]
    answers = np.median(tree.totals(now), axis=0)
    seen = _seen(tree, now, known.k)
    at_close = None if later is None else _seen(tree, later, known.k)
    for place, group in enumerate(known.group):
        alone = group < 0 or known.group.count(group) == 1
        if not alone or people[place] < known.k:
            yield None
            continue
        missing = max(0, math.ceil(known.k - float(answers[place])))
        yield Chance(seen[place], None if at_close is None else at_close[place], missing)


def _seen(tree: "Tree", answers: "Counts", k: int) -> tuple[float, ...]:
    from scoring.visibility import plans

    found = plans(tree, answers, k=k, k_intervals=k)
    return tuple(float(one) for one in (found.row & (found.answers >= k)).mean(axis=0))


def _answered(known: Basis, draws: int) -> "Counts":
    """Who has answered, drawn among the people of each part: draws x departments."""
    import numpy as np

    dice = np.random.default_rng(SEED)
    found = np.zeros((draws, len(known.headcount)), dtype=np.int64)
    for part in known.parts:
        heads = [known.headcount[one] for one in part.departments]
        if len(heads) == 1:
            found[:, part.departments[0]] = part.answered
        elif sum(heads):
            drawn = dice.multivariate_hypergeometric(
                heads, min(part.answered, sum(heads)), size=draws, method="marginals"
            )
            found[:, list(part.departments)] = drawn
    return found


def _more(known: Basis, now: "Counts") -> "Counts":
    """Who answers until the close: each part as much faster or slower than the organisation as it has been."""
    import numpy as np

    dice = np.random.default_rng(SEED + 1)
    heads = np.asarray(known.headcount, dtype=np.int64)
    shares = np.resize(np.asarray(known.to_come), len(now)).clip(0, 1)
    everybody = _rate(sum(part.answered for part in known.parts), int(heads.sum()), 0.0, weight=0)
    found = np.zeros_like(now)
    for part in known.parts:
        places = list(part.departments)
        own = _rate(part.answered, int(heads[places].sum()), everybody, weight=WEIGHT)
        pace = math.log1p(-own) / math.log1p(-everybody) if everybody > 0 else 1.0
        chance = 1 - (1 - shares) ** pace
        waiting = np.maximum(heads[places] - now[:, places], 0)
        found[:, places] = dice.binomial(waiting, chance[:, None])
    return found


def _rate(answered: int, people: int, whole: float, *, weight: int) -> float:
    """A turnout, drawn towards that of the whole the more the fewer people it is of; kept off 1."""
    of = people + weight
    return min(0.98, (min(answered, people) + weight * whole) / of) if of else 0.0
