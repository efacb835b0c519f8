"""Which dimensions two versions share, and the linear link of a replaced form: R, simulation, edges."""

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import MisfitError, NotCountsError, NotFiniteError, SingularError, TooFewError
from scoring.linking import (
    Asked,
    Comparable,
    Linking,
    NotComparable,
    comparable,
    linked_error,
    linking,
)
from surveys.compare import Asking, comparisons
from surveys.load import INSTRUMENTS, load_file
from surveys.model import FORMS as FORMS_OF_WAVES
from tests.scoring.parity import R

ITEMS = ("T1a", "T1b", "T1c", "T1d", "T1a@2", "T1b@2")
FORMS = st.lists(st.sampled_from(ITEMS), unique=True, min_size=1).flatmap(
    lambda items: st.sets(st.sampled_from(items)).map(lambda anchors: asked(items, anchors))
)


def asked(items, anchors, points=5):
    return Asked(items=tuple(items), anchors=frozenset(anchors), points=points)


FULL = asked(["T1a", "T1b", "T1c", "T1d"], ["T1a", "T1b"])
PULSE = asked(["T1a", "T1b"], ["T1a", "T1b"])


def bridge(n=400, seed=3):
    """People who answered an old and a new form, on average 4 points higher on the new one."""
    rng = np.random.default_rng(seed)
    together = rng.normal(0, 15, n)
    return 50 + together + rng.normal(0, 8, n), 54 + 1.2 * together + rng.normal(0, 8, n)


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (PULSE, PULSE, Comparable(("T1a", "T1b"))),
        (FULL, PULSE, Comparable(("T1a", "T1b"))),
        (PULSE, FULL, Comparable(("T1a", "T1b"))),
        (PULSE, asked(["T1b", "T1a"], ["T1a", "T1b"]), Comparable(("T1b", "T1a"))),
        (None, PULSE, NotComparable("not_asked_before")),
        (None, None, NotComparable("not_asked_before")),
        (PULSE, None, NotComparable("not_asked_now")),
        (PULSE, asked(PULSE.items, PULSE.anchors, points=7), NotComparable("other_scale")),
        # One of two anchors has a new wording, hence a new id.
        (PULSE, asked(["T1a@2", "T1b"], ["T1a@2", "T1b"]), NotComparable("too_few_common_items")),
        # A common item that is an anchor in one version only.
        (PULSE, asked(["T1a", "T1b"], ["T1a"]), NotComparable("too_few_common_items")),
        (asked(["T1a", "T1b"], ["T1b"]), PULSE, NotComparable("too_few_common_items")),
        # Two of five are less than half.
        (asked(["T1a", "T1b", "x", "y", "z"], ["T1a", "T1b"]), PULSE, NotComparable("too_few_common_items")),
        # An anchor of the version that this form left out.
        (asked(["T1a"], ["T1a", "T1b"]), PULSE, NotComparable("too_few_common_items")),
    ],
)
def test_two_waves_are_compared_on_common_anchors_or_it_is_said_why_not(before, now, found):
    assert comparable(before, now) == found


@given(FORMS, FORMS)
def test_the_trend_rule_is_that_of_its_three_conditions(before, now):
    common = [item for item in ITEMS if item in before.anchors and item in now.anchors]
    holds = len(common) >= 2 and len(common) >= len(before.items) / 2 and len(common) >= len(now.items) / 2
    found = comparable(before, now)
    if isinstance(found, Comparable):
        assert sorted(found.items) == sorted(common)
    assert isinstance(found, Comparable) == holds
    assert holds or found == NotComparable("too_few_common_items")


@given(FORMS, FORMS)
def test_exchanging_the_waves_changes_only_the_order_of_the_items(before, now):
    one, other = comparable(before, now), comparable(now, before)
    if isinstance(one, Comparable) and isinstance(other, Comparable):
        assert set(one.items) == set(other.items)
    else:
        assert one == other


def test_a_dimension_that_one_wave_did_not_ask_is_not_compared():
    assert comparable(None, PULSE) == NotComparable("not_asked_before")
    assert comparable(FULL, None) == NotComparable("not_asked_now")


@pytest.mark.parametrize("name", ["atr/1.0.0", "atr/1.1.0", "atr/1.2.0"])
def test_the_questionnaires_side_and_this_one_have_one_rule_of_items(name):
    """`surveys.compare` knows versions and words; on ids of items it has to say what is said here."""
    first, second = load_file(INSTRUMENTS / "atr" / "1.0.0"), load_file(INSTRUMENTS / name)
    for forms in itertools.product(FORMS_OF_WAVES, repeat=2):
        waves = [Asking(one, form) for one, form in zip((first, second), forms, strict=True)]
        for found in comparisons(before=waves[0], now=waves[1]):
            before, now = (of_wave(one, found.dimension) for one in waves)
            own = comparable(before, now)
            assert found.items == (own.items if isinstance(own, Comparable) else ())
            assert found.why_not == (None if isinstance(own, Comparable) else own.why)


def of_wave(one, dimension):
    items = one.items(dimension)
    points = {len(one.instrument.scales[item.scale].points) for item in items}
    anchors = frozenset(item.id for item in items if item.anchor)
    return Asked(items=tuple(item.id for item in items), anchors=anchors, points=points.pop()) if items else None


def reference_link():
    case = R["linking"]
    return Linking(**{name: case[name] for name in ("n", "mean_old", "s_old", "mean_new", "s_new", "correlation")})


@pytest.mark.parametrize("case", R["linking"]["at"], ids=lambda one: str(one["score"]))
def test_a_linked_score_and_its_error_are_those_of_the_delta_method_in_r(case):
    link = reference_link()
    assert link.to_old(case["score"]) == pytest.approx(case["linked"], rel=1e-9)
    assert link.error(case["score"]) == pytest.approx(case["error"], rel=1e-6)


def test_the_worked_link_moves_a_score_of_60_to_55():
    # Worked by hand; the table of docs/scoring.md.
    link = Linking(n=200, mean_old=50, s_old=20, mean_new=54, s_new=24, correlation=0.8)
    assert link.to_old(60) == pytest.approx(55)
    assert link.error(60) == pytest.approx(0.845)
    assert linked_error(3.0, 60, link=link) == pytest.approx(math.sqrt(7.095))


def test_the_constants_are_those_of_the_people_who_answered_both():
    old, new = bridge()
    gaps_old, gaps_new = np.append(old, [math.nan, 99.0]), np.append(new, [1.0, math.nan])
    found = linking(gaps_old, gaps_new)
    assert found == linking(old, new)
    assert found.n == 400
    assert (found.mean_old, found.s_old) == pytest.approx((statistics.fmean(old), statistics.stdev(old)))
    assert (found.mean_new, found.s_new) == pytest.approx((statistics.fmean(new), statistics.stdev(new)))
    assert found.correlation == pytest.approx(statistics.correlation(old, new))


def test_a_bridge_of_200_people_is_enough():
    assert linking(*bridge(n=200)).n == 200


def test_linked_scores_have_the_mean_and_spread_of_the_old_form():
    old, new = bridge()
    link = linking(old, new)
    moved = [link.to_old(score) for score in new]
    assert (statistics.fmean(moved), statistics.stdev(moved)) == pytest.approx((link.mean_old, link.s_old))


def test_the_order_of_people_changes_no_constant():
    old, new = bridge()
    order = np.random.default_rng(1).permutation(old.size)
    one, other = linking(old, new), linking(old[order], new[order])
    assert other.to_old(40.0) == pytest.approx(one.to_old(40.0), rel=1e-12)
    assert other.error(40.0) == pytest.approx(one.error(40.0), rel=1e-9)


def test_a_form_linked_to_itself_has_no_error():
    old, _ = bridge()
    link = linking(old, old)
    assert link.to_old(37.0) == pytest.approx(37.0)
    assert link.error(37.0) == pytest.approx(0.0, abs=1e-12)


def test_the_error_is_how_much_links_of_many_bridges_differ():
    truth = linking(*bridge(n=200_000, seed=99))
    score = truth.mean_new + truth.s_new
    found = [linking(*bridge(seed=seed)).to_old(score) for seed in range(800)]
    expected = 400 / 200_000  # the error shrinks with the number of people
    assert statistics.variance(found) == pytest.approx(truth.error(score) / expected, rel=0.15)


@pytest.mark.parametrize(
    ("error", "match", "call"),
    [
        (TooFewError, "199 people answered both", lambda: linking(*bridge(n=199))),
        (TooFewError, "0 people", lambda: linking(np.full(300, math.nan), np.zeros(300))),
        (SingularError, "same score", lambda: linking(np.full(300, 50.0), bridge(n=300)[0])),
        (SingularError, "same score", lambda: linking(bridge(n=300)[0], np.full(300, 50.0))),
        (MisfitError, "do not fit", lambda: linking(np.zeros(300), np.zeros(299))),
        (MisfitError, "do not fit", lambda: linking(np.zeros((300, 1)), np.zeros((300, 1)))),
        (NotFiniteError, "old", lambda: linking(np.full(300, math.inf), np.zeros(300))),
        (NotFiniteError, "new", lambda: linking(np.zeros(300), np.full(300, -math.inf))),
        (NotFiniteError, "se inf", lambda: linked_error(math.inf, 3, link=reference_link())),
        (NotFiniteError, "score nan", lambda: linked_error(1, math.nan, link=reference_link())),
        (NotCountsError, "se: -1", lambda: linked_error(-1, 3, link=reference_link())),
    ],
)
def test_impossible_numbers_are_refused_by_name(error, match, call):
    with pytest.raises(error, match=match):
        call()
