"""The auditor's tables against brute force: what sums span, and how people are counted."""

import random
from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
import pytest

from app.releases.audit.equal import _joined
from app.releases.audit.groups import Groups
from app.releases.audit.membership import membership
from app.releases.audit.spans import spanned
from app.releases.audit.statements import Sum
from app.releases.audit.support import Number, Rows, basis, scaled
from tests.attack.worlds import DIMENSION, ITEMS
from tests.releases.test_audit import FAMILY, fewest_by_brute_force, value
from tests.thorough import tried

WEIGHTS: tuple[Number, ...] = (1, 2, -1, Fraction(1, 3))


def matrix(sums, places):
    found = np.zeros((len(sums), places))
    for line, one in zip(found, sums, strict=True):
        for place, weight in one.by_place().items():
            line[place] = weight
    return found


def basis_of(span, places):
    forms = span.crossed or [(), *(((variable, 1),) for variable in range(span.variables))]
    found = np.zeros((span.variables, places))
    for place, label in enumerate(span.label.tolist()):
        for variable, weight in forms[label]:
            found[variable, place] = weight
    return found


@pytest.mark.parametrize("crossing", [False, True])
def test_a_span_is_what_the_sums_span(crossing):
    rng, crossed = random.Random(6), 0
    for _ in range(200):
        places = rng.randint(1, 12)
        sums = [Sum(np.array(sorted(held))) for held in random_sets(rng, places)]
        if crossing:
            held = np.array(sorted(rng.sample(range(places), rng.randint(1, places))))
            sums += [Sum(held, tuple(rng.choice(WEIGHTS) for _ in held), across=rng.random() < 0.5)]
            sums += [Sum(np.array(sorted(rng.sample(range(places), rng.randint(1, places)))), across=True)]
            sums += [Sum(np.array(sorted(rng.sample(range(places), rng.randint(1, places)))))]
            sums = list({one.places.tobytes() + repr(one.weights).encode(): one for one in sums}.values())
        found = spanned(sums, places=places, within=np.ones(places, dtype=np.bool_))
        crossed += found.crossed is not None
        told, rows = matrix(sums, places), basis_of(found, places)
        ranks = [np.linalg.matrix_rank(one) for one in (told, rows, np.vstack([told, rows]))]
        assert len(set(ranks)) == 1
        assert not crossing or ranks[1] == found.variables
    assert crossed == (200 if crossing else 0)


def random_sets(rng, places):
    """Different sets that lie inside each other or apart."""
    found, waiting = set(), [list(range(places))]
    while waiting:
        held = waiting.pop()
        if rng.random() < 0.8:
            found.add(tuple(sorted(held)))
        rng.shuffle(held)
        cut = rng.randint(0, len(held))
        waiting += [part for part in (held[:cut], held[cut:]) if 0 < len(part) < len(held) and rng.random() < 0.8]
    return found


def random_spans(rng, places):
    """The spans of two columns, one of them perhaps with a sum that crosses the others."""
    for _ in range(2):
        sums = [Sum(np.array(sorted(held))) for held in random_sets(rng, places)]
        if rng.random() < 0.5:
            sums.append(Sum(np.array(sorted(rng.sample(range(places), rng.randint(1, places)))), across=True))
        yield spanned(sums, places=places, within=np.ones(places, dtype=np.bool_))


TWO = [[((0, 1),)], [((1, 1),)], [((0, 1),), ((1, 1),)], [((0, 1), (1, 1))]]
HALF = Fraction(1, 2)
THREE = [
    [((0, 1),)], [((0, 1), (2, 1)), ((1, 1),)], [((0, 1),), ((1, 1),)], [((0, 1), (1, HALF))], [((0, 1), (2, HALF))],
]  # fmt: skip


@pytest.mark.parametrize(("columns", "rows"), [(2, TWO), (3, THREE[:4]), (3, THREE)])
def test_counting_in_tables_finds_what_brute_force_finds_group_by_group(columns, rows):
    rng, compared = random.Random(12), 0
    shapes = [basis(of_shape) for of_shape in rows]
    while compared < tried(80, sample=15):
        spans = [one for _ in range((columns + 1) // 2) for one in random_spans(rng, 4)][:columns]
        labels = np.column_stack([span.label for span in spans])
        people = np.array([[rng.choice([0, 0, 1, 2, 5, 9]) for _ in shapes] for _ in range(4)])
        groups = by_groups(spans, shapes, labels, people)
        if not 0 < len(groups) <= 7:
            continue
        compared += 1
        k = rng.choice([3, 5, 10])
        found, true = Groups(spans, shapes, labels, people).smallest(k), fewest_by_brute_force(groups)
        assert found is not None
        touched = (rows for rows in groups if any(value(row, found.combination) for row in rows))
        assert found.people == sum(groups[rows] for rows in touched)
        assert found.people == true or min(true, found.people) >= k
        known = rng.randint(1, 12)
        beside = Groups(spans, shapes, labels, people).smallest(k, known=known)
        assert beside is not None
        # Beside a smaller number that is known it is enough to know that this one is not smaller, nor too small.
        assert beside.people >= found.people
        assert beside.people == found.people or found.people >= max(known, k)


def test_what_is_joined_is_what_a_walk_along_the_pairs_reaches():
    rng = random.Random(5)
    for _ in range(100):
        count = rng.randint(1, 30)
        pairs = [(rng.randrange(count), rng.randrange(count)) for _ in range(rng.randint(0, 30))]
        found = _joined(np.array(pairs, dtype=np.intp).reshape(-1, 2).T, count)
        for start in range(count):
            reached = {start}
            for _ in range(count):
                reached |= {one for pair in pairs if reached & {*pair} for one in pair}
            assert found[start] == min(reached)


def by_groups(spans, shapes, labels, people):
    """The same people as groups, by the reduced rows in all variables."""
    groups: dict[Rows, int] = {}
    forms = [span.crossed or [(), *(((variable, 1),) for variable in range(span.variables))] for span in spans]
    firsts = np.cumsum([0, *(span.variables for span in spans)]).tolist()
    for place, line in enumerate(people.tolist()):
        for shape, count in zip(shapes, line, strict=True):
            rows = []
            for row in shape:
                total: dict[int, Number] = defaultdict(int)
                for column, factor in row:
                    for variable, weight in forms[column][labels[place, column]]:
                        total[firsts[column] + variable] += factor * weight
                rows.append(scaled(total))
            found = basis(rows)
            if found and count:
                groups[found] = groups.get(found, 0) + count
    return groups


def test_patterns_are_counted_alike_in_a_table_and_one_by_one(monkeypatch):
    valid = np.random.default_rng(3).random((200, len(ITEMS))) < 0.7

    def counted():
        return membership(
            departments=["a", "b", "c"],
            department=np.arange(200) % 2,
            items=ITEMS,
            valid=valid,
            families=[FAMILY],
            answers=(np.arange(200) % 3).astype(np.uint8),
        )

    table = counted()
    monkeypatch.setattr("app.releases.audit.membership._MOST_CELLS", 0)
    single = counted()
    found = [
        Counter({
            (int(place), one.kinds[kind]): int(count)
            for place, kind, count in zip(one.place, one.kind, one.people, strict=True)
        })
        for one in (table.patterns[DIMENSION], single.patterns[DIMENSION])
    ]  # fmt: skip
    place = {name: number for number, name in enumerate(table.names)}
    true = Counter(
        (place[f"{'ab'[person % 2]}, answer {person % 3}"], sum(1 << item for item in np.flatnonzero(valid[person])))
        for person in range(200)
    )
    assert found == [true, true]
    assert table.used == {name: sum(n for (at, _), n in true.items() if at == number) for name, number in place.items()}
