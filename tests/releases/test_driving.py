"""What goes with willingness: of people who have a score in everything, of the whole organisation only (3.11)."""

from dataclasses import replace

import numpy as np
import pytest

from app.errors import ConflictError
from app.explore.willing import willing
from app.releases import evidence
from app.releases.audit.auditor import audit
from app.releases.compute import Made, build
from app.releases.document.figures import Drivers
from app.releases.document.notes import NOT_APART, TOO_FEW
from app.releases.document.release import Release
from app.releases.plan.ledger import require_safe
from app.releases.statistics import planning
from app.releases.statistics.driving import MOST_EXPLAINED, SEED
from scoring.drivers import drivers
from scoring.printed import half_up
from surveys.model import Form
from tests.releases.waves import ATR, DIMENSIONS, POLICY, answers, department, facts, items_of, release, set_answers

DEPARTMENTS = (department("Legal", 40), department("IT", 60), department("Ops", 80), department("Tax", 6))
PULSE: Form = "pulse"
OTHERS = [name for name in DIMENSIONS if name != "W"]


def wave(form: Form = "full", *, missing=0.05):
    return {
        one.id: answers(one, one.headcount, seed=n, missing=missing, form=form) for n, one in enumerate(DEPARTMENTS)
    }


def told(one: Release) -> Drivers:
    assert one.drivers is not None
    return one.drivers


def scores(given, dimension, form):
    found = []
    items = items_of(dimension, anchor=True if form == PULSE else None)
    for name in sorted(given):
        one = given[name]
        for row in one.codes[:, [one.item_ids.index(item) for item in items]]:
            valid = [int(chr(code)) for code in row if code <= ord("5")]
            found.append(25 * (sum(valid) / len(valid) - 1) if 2 * len(valid) >= len(items) else np.nan)
    return np.array(found)


@pytest.mark.parametrize("form", ["full", "pulse"])
def test_the_shares_are_those_of_the_people_who_have_a_score_in_everything(form):
    given = wave(form, missing=0.1)
    one = told(release(DEPARTMENTS, given, form=form))
    predictors = np.column_stack([scores(given, name, form) for name in OTHERS])
    outcome = scores(given, "W", form)
    exact = drivers(predictors, outcome, seed=SEED)
    assert one.n == int((~np.isnan(np.column_stack([predictors, outcome]))).all(axis=1).sum()) < 186
    assert [cell.dimension for cell in one.cells] == OTHERS
    assert [cell.share for cell in one.cells] == [half_up(100 * share) for share in exact.share]
    assert [cell.lmg for cell in one.cells] == [half_up(100 * part / exact.r2) for part in exact.lmg]
    for cell, low, high in zip(one.cells, exact.low, exact.high, strict=True):
        assert cell.interval[0] <= 100 * low < cell.interval[0] + 1
        assert cell.interval[1] - 1 < 100 * high <= cell.interval[1]
    assert one.explained == min(MOST_EXPLAINED, half_up(100 * exact.r2))


def test_what_people_say_who_left_something_out_changes_nothing():
    given, other = wave(missing=0), wave(missing=0)
    for sheets in (given, other):
        sheets["it"] = set_answers(sheets["it"], slice(0, 12), items_of("R3"), "S")
    for dimension in DIMENSIONS:
        if dimension != "R3":
            other["it"] = set_answers(other["it"], slice(0, 12), items_of(dimension), "1")
    assert told(release(DEPARTMENTS, given)) == told(release(DEPARTMENTS, other))
    assert told(release(DEPARTMENTS, given)).n == 174


def test_the_order_of_sheets_and_departments_changes_no_digit():
    given = wave()
    turned = {name: replace(one, codes=one.codes[::-1]) for name, one in reversed(given.items())}
    assert told(release(DEPARTMENTS, given)) == told(release(tuple(reversed(DEPARTMENTS)), turned))


def test_fewer_than_110_people_get_a_sentence_without_their_number():
    departments = (department("Legal", 40), department("IT", 69))
    one = told(release(departments, {each.id: answers(each, each.headcount) for each in departments}))
    assert (one.n, one.cells, one.refused) == (None, (), TOO_FEW)
    few = department("Legal", 9)
    assert release([few], {"legal": answers(few, 9)}).drivers is None


def test_dimensions_that_cannot_be_told_apart_are_refused_without_saying_why():
    given = wave(missing=0)
    for name, one in given.items():
        for first, second in zip(items_of("T1"), items_of("T2"), strict=True):
            codes = one.codes.copy()
            codes[:, one.item_ids.index(second)] = codes[:, one.item_ids.index(first)]
            one = replace(one, codes=codes)
        given[name] = one
    assert told(release(DEPARTMENTS, given)).refused == NOT_APART
    alike = {name: set_answers(one, slice(None), items_of("T1"), "3") for name, one in wave(missing=0).items()}
    assert told(release(DEPARTMENTS, alike)).refused == NOT_APART


def built(given, departments=DEPARTMENTS) -> Made:
    return build(
        facts=facts(PULSE, None), policy=POLICY, number=1, instrument=ATR, form=PULSE,
        departments=departments, answers=given,
        corrected=frozenset(), previous=None,
    )  # fmt: skip


def test_the_auditor_counts_these_people_anew_and_refuses_weights_that_nobody_explained():
    given = wave(PULSE)
    made = built(given)
    people = evidence.people(given, ATR, PULSE)
    complete = people.patterns["drivers:W"]
    counted = sum(
        n for kind, n in zip(complete.kind.tolist(), complete.people.tolist(), strict=True) if complete.kinds[kind]
    )
    assert counted == told(made.release).n
    others = [
        *evidence.told_in(planning.ledger(made.wave), ATR, PULSE),
        *evidence.margins(made.release, ATR, PULSE),
        *evidence.gaps(made.release, ATR, PULSE),
    ]
    assert audit([made.release], people, told=[*others, *evidence.drivers(made.release)]).passed
    found = audit([made.release], people, told=others)
    assert found.offending == ("W, what goes with it: nothing says on whom this rests",)


def test_weights_of_a_part_of_the_organisation_beside_those_of_all_are_refused_if_they_leave_a_few():
    """What a broken planner would do: the weights once more without a department of six."""
    given = wave(PULSE, missing=0)
    made = built(given)
    people = evidence.people(given, ATR, PULSE)
    (tally, numbers) = evidence.drivers(made.release)
    without = frozenset(made.release.organisation.departments) - {"tax"}
    wrong = [tally, numbers, tally._replace(departments=without, row="everybody but Tax")]
    others = [*evidence.margins(made.release, ATR, PULSE), *evidence.gaps(made.release, ATR, PULSE)]
    found = audit([made.release], people, told=[*others, *wrong])
    assert any(name.startswith("drivers:W, shares") for name in found.offending)


def test_a_further_release_with_one_more_complete_person_is_refused():
    before, after = wave(PULSE, missing=0), wave(PULSE, missing=0)
    before["it"] = set_answers(before["it"], slice(0, 1), items_of("W"), "S")
    first, second = built(before), built(after)
    with pytest.raises(ConflictError, match="drivers:W"):
        require_safe(
            planning.ledger(first.wave),
            planning.ledger(second.wave),
            valid=planning.valid_answers(second.wave),
            k_means=5,
            k_intervals=10,
        )


def test_the_page_says_what_goes_with_it_and_that_this_is_no_proof_of_cause():
    page = willing(release(DEPARTMENTS, wave()))
    assert page is not None
    shares = [int(line.share.split()[0]) for line in page.lines]
    assert shares == sorted(shares, reverse=True)
    assert 97 <= sum(shares) <= 103
    assert page.outcome == "willingness to delegate"
