"""The whole computed release against the rank test: every number printed of two waves, with single answers unknown."""

import random
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

import numpy as np
import pytest

from app.releases import compute
from app.releases.document.release import Change, Policy, Release, Scored
from app.releases.plan.coarsening import nodes
from app.releases.statistics import change
from app.releases.statistics.change import Trend, compared
from app.releases.statistics.columns import Column, DepartmentAnswers, dimension_columns
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import PlannedWave, begin, planned_wave, survey_before
from surveys.compare import Asking
from tests.releases.brute_force import Organisation, random_organisation, smallest_leak
from tests.releases.waves import ATR, earlier, items_of, release
from tests.thorough import tried

POLICY = Policy(k_means=3, k_intervals=5)
DIMENSION = "T1"
ITEMS = tuple(items_of(DIMENSION))
PRODUCTS = tuple(combinations_with_replacement(range(len(ITEMS)), 2))


@dataclass
class Wave:
    """One wave: who answered what, what was printed of it, and the weights on single answers of every printed mean."""

    organisation: Organisation
    answers: dict[str, DepartmentAnswers]
    totals: list[list[float]] = field(default_factory=list)
    squares: list[list[float]] = field(default_factory=list)
    numbers: list[list[float]] = field(default_factory=list)

    @property
    def unknowns(self) -> list[tuple[str, int, int]]:
        return [
            (department, person, place)
            for department, sheet in sorted(self.answers.items())
            for person in range(len(sheet.codes))
            for place in range(len(ITEMS))
        ]

    @property
    def people(self) -> list[tuple[str, int]]:
        return [(department, person) for department, person, _ in self.unknowns]

    @property
    def owner(self) -> list[int]:
        numbers = {one: place for place, one in enumerate(dict.fromkeys(self.people))}
        return [numbers[one] for one in self.people]

    def weights(self, column: Column, department: str, person: int) -> dict[int, float]:
        """What each answer of a person counts in the person's score; nothing if the person has none."""
        asked = [place for place, item in enumerate(ITEMS) if item in column.item_ids]
        valid = [place for place in asked if chr(self.answers[department].codes[person, place]) in "12345"]
        return dict.fromkeys(valid, 1 / len(valid)) if 2 * len(valid) >= len(asked) else {}

    def mean(self, column: Column, strata: list[tuple[frozenset[str], int]]) -> list[float]:
        """The weights of a printed mean: strata by headcount, people within a stratum equally."""
        everyone = sum(headcount for _, headcount in strata)
        row = dict.fromkeys(self.unknowns, 0.0)
        for departments, headcount in strata:
            scored = [
                (department, person, found)
                for department, person in dict.fromkeys(self.people)
                if department in departments and (found := self.weights(column, department, person))
            ]
            for department, person, found in scored:
                for place, weight in found.items():
                    row[department, person, place] = headcount / everyone / len(scored) * weight
        return list(row.values())

    def spread(self, column: Column, departments: frozenset[str]) -> list[float]:
        """The weights of a sum of squared scores on the products of every two answers of a person."""
        row: list[float] = []
        for department, person in dict.fromkeys(self.people):
            found = self.weights(column, department, person) if department in departments else {}
            row += [found.get(one, 0.0) * found.get(other, 0.0) for one, other in PRODUCTS]
        return row

    def number(self, column: Column, departments: frozenset[str]) -> list[float]:
        """The people whom a printed number counts."""
        return [
            float(department in departments and bool(self.weights(column, department, person)))
            for department, person in dict.fromkeys(self.people)
        ]


def random_wave(rng: random.Random, organisation: Organisation, *, form: str) -> Wave:
    """Each person answers most items; some answer anchors only, as in the pulse."""
    answers = {}
    for department in sorted(set(organisation.people)):
        n = organisation.people.count(department)
        codes = np.array(
            [[ord("S" if rng.random() < 0.25 else rng.choice("12345")) for _ in ITEMS] for _ in range(n)],
            dtype=np.uint8,
        )
        codes[:, 2:] = np.where(form == "pulse" or rng.random() < 0.1, ord("-"), codes[:, 2:])
        answers[department] = DepartmentAnswers(ITEMS, codes)
    return Wave(organisation, answers)


def collect(wave: Wave, printed: Release, planned: PlannedColumn, *, anchors: bool = False) -> None:
    """Every mean, interval and number of people that the release prints of the wave's own or anchor column."""
    for row in printed.rows:
        cell = (row.anchors if anchors else row.cells)[DIMENSION]
        if not isinstance(cell, Scored):
            continue
        strata = planned.strata_of(planned.published[row.id])
        wave.totals.append(wave.mean(planned.column, [(one.departments, one.headcount) for one in strata]))
        if cell.n is not None:
            wave.numbers.append(wave.number(planned.column, frozenset(row.departments)))
        assert cell.n is not None or cell.interval is None
    wave.squares.extend(wave.spread(planned.column, held) for held, _ in planned.spreads.groups)


def collect_change(before: Wave, now: Wave, printed: Release, trend: Trend, rows: PlannedWave) -> None:
    """The anchor scores of both waves that the later release prints."""
    for node in nodes(rows.rows):
        row = printed.row(node.id)
        assert row is not None
        cell = row.cells[DIMENSION]
        if not isinstance(cell, Scored) or not isinstance(cell.change, Change):
            continue
        assert not hasattr(compared(node, trend), "reason")
        pairs = trend.pairs_in(node)
        for wave, side, planned in ((before, "before", trend.before), (now, "now", trend.now)):
            strata = [getattr(pair, side) for pair in pairs]
            wave.totals.append(wave.mean(planned.column, [(one.departments, one.headcount) for one in strata]))
    for wave, planned, spreads in (
        (before, trend.before, trend.spread_before),
        (now, trend.now, trend.spread_now),
    ):
        wave.squares.extend(wave.spread(planned.column, held) for held, _ in (*spreads.groups, *planned.spreads.groups))


def plan(wave: Wave, form: str) -> PlannedWave:
    begun = begin("Acme", ATR, form, wave.organisation.departments, wave.answers, POLICY)  # type: ignore[arg-type]
    return planned_wave(begun)


def changed(rng: random.Random, organisation: Organisation) -> Organisation:
    """The same departments a quarter later: other people, now and then one department fewer."""
    leaves = [one.id for one in organisation.departments if one.parent is not None]
    gone = {rng.choice(leaves)} if rng.random() < 0.3 and len(leaves) > 1 else set()
    people = [one for one in organisation.people if rng.random() < 0.8 and one not in gone]
    people += [rng.choice(leaves) for _ in range(rng.randint(0, 4))]
    departments = tuple(one for one in organisation.departments if one.id not in gone)
    return Organisation(departments, tuple(one for one in people if one not in gone))


def two_waves(rng: random.Random) -> tuple[Wave, Wave, str, str]:
    while True:
        one = random_organisation(rng)
        other = changed(rng, one)
        if all(6 <= len(each.people) <= 12 for each in (one, other)):
            forms = rng.choice([("full", "pulse"), ("pulse", "full"), ("full", "full"), ("pulse", "pulse")])
            return random_wave(rng, one, form=forms[0]), random_wave(rng, other, form=forms[1]), *forms


def printed_totals(rng: random.Random) -> tuple[Wave, Wave, bool]:
    """Two waves with everything that their two releases print."""
    before, now, form_before, form_now = two_waves(rng)
    departments, those_before = now.organisation.departments, before.organisation.departments
    previous = earlier(those_before, before.answers, form=form_before, policy=POLICY)  # type: ignore[arg-type]
    first = release(those_before, before.answers, form=form_before, policy=POLICY)  # type: ignore[arg-type]
    second = release(departments, now.answers, form=form_now, policy=POLICY, previous=previous)  # type: ignore[arg-type]
    then, today = plan(before, form_before), plan(now, form_now)
    collect(before, first, then.survey.own[DIMENSION])
    collect(now, second, today.survey.own[DIMENSION])
    for wave, printed, made in ((before, first, then), (now, second, today)):
        stored = made.anchors.get(DIMENSION)
        if stored is not None:
            collect(wave, printed, stored, anchors=True)
    asking = Asking(ATR, form_now)  # type: ignore[arg-type]
    found = compute._trends(today, change.earlier(survey_before("Acme", previous), now=asking))[DIMENSION]
    if isinstance(found, Trend):
        collect_change(before, now, second, found, today)
    return before, now, isinstance(found, Trend) and bool(found.pair_of)


def test_two_releases_of_random_organisations_tell_of_nobody():
    rng, with_change, means, squares = random.Random(11), 0, 0, 0
    for _ in range(tried(40, sample=8)):
        *waves, trend = printed_totals(rng)
        with_change += trend
        for wave in waves:
            means += len(wave.totals)
            assert smallest_leak(wave.totals, wave.owner, POLICY.k_means) is None
            everyone = sorted(set(wave.owner))
            owner_of_products = [person for person in everyone for _ in PRODUCTS]
            assert smallest_leak(wave.squares, owner_of_products, POLICY.k_intervals) is None
            assert smallest_leak(wave.numbers, everyone, POLICY.k_intervals) is None
            squares += len(wave.squares)
    assert with_change > tried(15, sample=2)
    assert means > tried(150, sample=20)
    assert squares > tried(150, sample=20)


def test_the_rank_test_finds_the_answers_that_a_full_and_an_anchor_score_tell_together():
    people = tuple(["A"] * 6)
    wave = Wave(Organisation((), people), {"A": DepartmentAnswers(ITEMS, np.full((6, 4), ord("3"), dtype=np.uint8))})
    wave.answers["A"].codes[1:, 2:] = ord("S")
    own, anchors = dimension_columns(ATR, "full")[0], dimension_columns(ATR, "pulse")[0]
    totals = [wave.mean(column, [(frozenset({"A"}), 9)]) for column in (own, anchors)]
    assert smallest_leak(totals[:1], wave.owner, 3) is None
    assert smallest_leak(totals, wave.owner, 3) == (0,)


@pytest.mark.parametrize("fewer", [1, 2])
def test_the_rank_test_finds_the_person_between_two_sets(fewer):
    sets = [[1.0] * 6, [1.0] * (6 - fewer) + [0.0] * fewer]
    assert smallest_leak(sets, list(range(6)), 3) == tuple(range(6 - fewer, 6))
    assert smallest_leak(sets, list(range(6)), fewer) is None
