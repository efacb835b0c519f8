"""What the plan itself gives away: which numbers of valid answers fit the rows and cells that were published.

The attacker knows the planner and tries every number of valid answers in each department. Where all that fit agree on
the number of a group of fewer than k, they know who of the group answered and who did not.
"""

import itertools
import json
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import inf
from typing import Any, Final

from app.releases.document.release import Release, dump
from app.releases.plan.coarsening import Node, count, nodes, plan_column, plan_wave, strata, tree
from tests.attack.judging import Judged
from tests.releases.waves import department

Published = Callable[[Mapping[str, int]], Hashable]
"""What a planner lets everybody see, by the number of valid answers of each department."""


Releases = Callable[[Mapping[str, int]], Sequence[Release]]
"""All releases of a sequence, by the number of responses of each department; everybody answers alike."""

OF_ANSWERS = {"score", "bound", "band", "border", "grade", "interval", "p", "delta", "before", "now", "direction"}
"""What of a cell rests on answers. Everything else in a document says of whom something is told."""


def given_away(used: Mapping[str, int], valid: Mapping[str, int], published: Published, *, k: int) -> str | None:
    """A department with fewer than k responses whose number of valid answers the plan tells, or None."""
    seen = published(valid)
    names = sorted(used)
    every = itertools.product(*(range(used[name] + 1) for name in names))
    fits = [
        dict(zip(names, one, strict=True)) for one in every if published(dict(zip(names, one, strict=True))) == seen
    ]
    alike = (name for name in names if 0 < used[name] < k and len({one[name] for one in fits}) == 1)
    return next(alike, None)


def as_built(tree: Node, used: Mapping[str, int], *, k: int) -> Published:
    """Rows by responses and headcounts, and for a column which of them have a score."""
    rows = plan_wave(tree, used, k=k)
    names = [(node.id, node.name, node.members) for node in nodes(rows)]

    def published(valid: Mapping[str, int]) -> Hashable:
        column = plan_column(rows, valid, k=k)
        shown = {node.id for node in nodes(column)} if column else set()
        scored = [name for name, *_ in names if name in shown and _has_score(column, name, valid)]
        return tuple(names), tuple(scored)

    return published


def _has_score(column: Node | None, name: str, valid: Mapping[str, int]) -> bool:
    assert column is not None
    return any(node.id == name and count(node, valid) for node in nodes(column))


def named_by_valid_answers(tree: Node, *, k: int) -> Published:
    """Broken: the pools of a column, with their members' names, hold those who gave 1 to k - 1 valid answers to it."""

    def published(valid: Mapping[str, int]) -> Hashable:
        column = plan_column(tree, valid, k=k)
        if column is None:
            return None
        return tuple((node.name, node.members) for node in nodes(column) if 0 < count(node, valid) < inf)

    return published


def numbers_of_rows(documents: Sequence[Release]) -> Hashable:
    """The numbers of responses of the rows of the first release, which are published on purpose."""
    return tuple((row.departments, row.n) for row in documents[0].rows)


def everything_but_scores(documents: Sequence[Release]) -> Hashable:
    """All that releases show of whom: rows, headcounts, marks, what is hidden and why, what is compared with what."""
    return tuple(_decided(json.loads(dump(one))) for one in documents)


def _decided(value: Any) -> Hashable:  # Any: it is whatever JSON says
    """A document without the values of its cells and what is computed from them."""
    if isinstance(value, dict):
        return tuple((key, _decided(one)) for key, one in sorted(value.items()) if key not in OF_ANSWERS)
    return tuple(map(_decided, value)) if isinstance(value, list) else value


def singled_out(used: Mapping[str, int], most: Mapping[str, int], releases: Releases, *, k: int) -> str | None:
    """A department with fewer than k responses whose number everything that is shown of whom tells, or None.

    The attacker tries every number of responses up to `most` in each department and keeps those that fit all that was
    published. What the numbers of the rows tell by themselves does not count: these are published on purpose.
    """
    names = sorted(most)
    every = [
        dict(zip(names, one, strict=True)) for one in itertools.product(*(range(most[name] + 1) for name in names))
    ]
    real = releases(used)
    fits_rows, fits_all = [], []
    for one in every:
        tried = releases({**used, **one})
        if numbers_of_rows(tried) == numbers_of_rows(real):
            fits_rows.append(one)
            if everything_but_scores(tried) == everything_but_scores(real):
                fits_all.append(one)
    alike = (
        name
        for name in names
        if 0 < used[name] < k and len({one[name] for one in fits_all}) == 1 < len({one[name] for one in fits_rows})
    )
    return next(alike, None)


def _by_valid_answers(organisation: Node, used: Mapping[str, int], *, k: int) -> Published:
    del used
    return named_by_valid_answers(organisation, k=k)


PLANNERS: Final[Mapping[str, Callable[..., Published]]] = {
    "pools that depend on don't-knows": _by_valid_answers,
    "rows and cells as they should be": as_built,
}
"""How rows and cells are decided; the second is right and must not be found."""


def judged(rng: random.Random, planner: Callable[..., Published]) -> Judged | None:
    """Whether a plan tells how many of a small department gave a valid answer, in a random organisation of three.

    None where no department is small, and where a row has exactly k people: that it has a mean does say that all of
    them have a score. No number is published that an auditor could refuse.
    """
    heads = {name: rng.choice([1, 3, 6, 7]) for name in ("finance", "ap", "tax")}
    parent = rng.choice([None, "finance"])
    departments = [
        department("Finance", heads["finance"]),
        *(department(name, heads[name.lower()], parent) for name in ("AP", "Tax")),
    ]
    used = {name: rng.randint(1, most) for name, most in heads.items()}
    if min(used.values()) >= 5:
        return None
    organisation = tree("Acme", departments)
    if any(count(leaf, used) == 5 for leaf in strata(plan_wave(organisation, used, k=5))):
        return None
    valid = {name: rng.randint(0, most) for name, most in used.items()}
    published = planner(organisation, used, k=5)
    return Judged(given_away(used, valid, published, k=5) is not None, refused=False)
