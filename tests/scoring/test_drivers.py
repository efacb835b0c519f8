"""Drivers: R on data sets of its own, all orders by hand, the bootstrap person by person, properties and refusals."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scoring.drivers as module
from scoring.drivers import Correlations, correlations, drivers, johnson_weights, lmg, r_squared
from scoring.errors import MisfitError, NotFiniteError, OutsideScaleError, SingularError, TooFewError
from tests.scoring.fixture import REFERENCE
from tests.scoring.parity import R
from tests.thorough import examples

CASES = R["drivers"]
SEEDS = st.integers(0, 10_000)


def of(case):
    return Correlations(np.array(case["among"]), np.array(case["with"]))


def sample(seed, people=150, p=4, noise=2.0):
    """Predictors that share a factor, and an outcome that depends on them more and more."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(people, 1)) + rng.normal(size=(people, p))
    return 50 + 10 * x, x @ np.linspace(0.2, 1, p) + noise * rng.normal(size=people)


def slow_r2(x, y, chosen):
    """The explained share of the variance by least squares on the data."""
    if not chosen:
        return 0.0
    design = np.column_stack([np.ones(len(y)), x[:, list(chosen)]])
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - (left @ left) / ((y - y.mean()) @ (y - y.mean()))


def slow_lmg(x, y):
    """All orders of entering, one by one."""
    p = x.shape[1]
    gains = np.zeros(p)
    orders = list(itertools.permutations(range(p)))
    for order in orders:
        for place, entering in enumerate(order):
            gains[entering] += slow_r2(x, y, order[: place + 1]) - slow_r2(x, y, order[:place])
    return gains / len(orders)


def slow_johnson(x, y):
    """Regress on the nearest orthogonal variables, and these on the predictors (Johnson 2000), by singular values."""
    zx, zy = ((one - one.mean(0)) / one.std(0) / math.sqrt(len(y)) for one in (x, y))
    u, d, vt = np.linalg.svd(zx, full_matrices=False)
    beta = (u @ vt).T @ zy
    loadings = vt.T @ np.diag(d) @ vt
    return loadings**2 @ beta**2


def slow_shares(x, y, times):
    """The shares in a resample in which each person is there so many times."""
    chosen = np.repeat(np.arange(len(y)), times)
    weights = slow_johnson(x[chosen], y[chosen])
    return weights / weights.sum()


@pytest.mark.parametrize("name", CASES)
def test_johnson_weights_lmg_and_r2_are_those_of_r(name):
    case = CASES[name]
    assert johnson_weights(of(case)) == pytest.approx(case["johnson"], rel=1e-6)
    assert lmg(of(case)) == pytest.approx(case["lmg"], rel=1e-6)
    assert r_squared(of(case)) == pytest.approx(case["r2"], rel=1e-6)


@pytest.mark.parametrize(
    ("weights", "expected", "name"),
    [
        (johnson_weights, REFERENCE["r_packages"]["mtcars"]["johnson"], "mtcars_four"),
        (lmg, REFERENCE["r_packages"]["mtcars"]["lmg"], "mtcars_four"),
        (johnson_weights, REFERENCE["r_packages"]["swiss_johnson"], "swiss"),
        (lmg, REFERENCE["r_packages"]["swiss_lmg"], "swiss"),
    ],
)
def test_the_weights_are_those_of_rwa_and_of_the_reference_values(weights, expected, name):
    case = CASES[name]
    assert weights(of(case)) == pytest.approx([expected[one] for one in case["predictors"]], rel=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_both_kinds_of_weights_add_up_to_r2(name):
    case = CASES[name]
    assert johnson_weights(of(case)).sum() == pytest.approx(case["r2"], rel=1e-9)
    assert lmg(of(case)).sum() == pytest.approx(case["r2"], rel=1e-9)


@given(SEEDS, st.integers(1, 4), st.sampled_from([5, 12, 40]))
@settings(max_examples=examples(40))
def test_the_weights_are_those_of_the_definitions_on_the_data(seed, p, people):
    x, y = sample(seed, people=people + p, p=p)
    found = correlations(x, y)
    assert lmg(found) == pytest.approx(slow_lmg(x, y), abs=1e-8)
    assert johnson_weights(found) == pytest.approx(slow_johnson(x, y), abs=1e-8)
    assert r_squared(found) == pytest.approx(slow_r2(x, y, range(p)), abs=1e-9)


@given(SEEDS, st.integers(2, 11))
@settings(max_examples=examples(40))
def test_the_order_of_predictors_is_the_order_of_weights(seed, p):
    x, y = sample(seed, p=p)
    order = np.random.default_rng(seed).permutation(p)
    for weights in (johnson_weights, lmg):
        assert weights(correlations(x[:, order], y)) == pytest.approx(weights(correlations(x, y))[order], abs=1e-10)


@given(SEEDS, st.floats(0.1, 50), st.floats(-100, 100))
@settings(max_examples=examples(40))
def test_units_and_signs_change_no_weight(seed, factor, constant):
    x, y = sample(seed)
    plain, turned = correlations(x, y), correlations(np.column_stack([-x[:, :1], x[:, 1:]]), constant - factor * y)
    assert lmg(turned) == pytest.approx(lmg(plain), abs=1e-9)
    # Johnson's weights depend on the signs of predictors among each other, so all of them are turned.
    assert johnson_weights(correlations(-x, factor * y + constant)) == pytest.approx(johnson_weights(plain), abs=1e-9)
    assert r_squared(turned) == pytest.approx(r_squared(plain))


def test_independent_predictors_have_their_squared_correlations():
    found = Correlations(np.eye(3), np.array([0.1, -0.5, 0.7]))
    assert johnson_weights(found) == pytest.approx([0.01, 0.25, 0.49])
    assert lmg(found) == pytest.approx([0.01, 0.25, 0.49])


def test_the_three_worked_predictors_share_what_they_explain():
    # Worked by hand; the table of docs/scoring.md.
    found = Correlations(np.full((3, 3), 0.5) + 0.5 * np.eye(3), np.array([0.6, 0.4, 0.2]))
    assert r_squared(found) == pytest.approx(0.4)
    assert johnson_weights(found) == pytest.approx([26 / 90, 8 / 90, 2 / 90])
    assert lmg(found) == pytest.approx([131 / 450, 38 / 450, 11 / 450])


def test_of_two_predictors_both_kinds_of_weights_are_the_same():
    found = Correlations(np.array([[1, 0.6], [0.6, 1]]), np.array([0.5, 0.4]))
    assert johnson_weights(found) == pytest.approx(lmg(found))
    assert lmg(found) == pytest.approx([0.1778125, 0.0878125])


def test_one_predictor_has_all_of_r2():
    x, y = sample(1, p=1)
    found = drivers(x, y, seed=1, draws=50)
    assert found.johnson == pytest.approx(found.lmg)
    assert (found.share.tolist(), found.low.tolist(), found.high.tolist()) == ([1.0], [1.0], [1.0])
    assert found.r2 == pytest.approx(np.corrcoef(x[:, 0], y)[0, 1] ** 2)


def test_drivers_hold_the_weights_of_the_complete_people():
    x, y = sample(2, people=160)
    x[3, 1], y[5], x[9] = math.nan, math.nan, math.nan
    found = drivers(x, y, seed=4, draws=100)
    complete = np.delete(np.arange(160), [3, 5, 9])
    expected = correlations(x[complete], y[complete])
    assert (found.n, found.draws) == (157, 100)
    assert found.johnson == pytest.approx(johnson_weights(expected))
    assert found.lmg == pytest.approx(lmg(expected))
    assert found.r2 == pytest.approx(r_squared(expected))
    assert found.share.sum() == pytest.approx(1)
    assert (found.low < found.share).all()
    assert (found.share < found.high).all()


def test_a_seed_gives_the_same_intervals_whatever_the_order_of_people():
    x, y = sample(3, people=9000)
    order = np.random.default_rng(8).permutation(9000)
    one, other = drivers(x, y, seed=7, draws=60), drivers(x[order], y[order], seed=7, draws=60)
    for name in ("johnson", "lmg", "share", "low", "high"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert not np.array_equal(one.low, drivers(x, y, seed=8, draws=60).low)


@pytest.mark.parametrize(("people", "p", "near"), [(120, 3, True), (120, 7, False), (900, 5, True), (450, 11, True)])
def test_the_resamples_are_those_of_people_drawn_one_by_one(people, p, near):
    x, y = sample(4, people=people, p=p)
    both = module._standardised(np.column_stack([x, y]))
    among = module._split(module._correlation_matrix(both)).among
    assert (module._near(among, people) is not None) == near
    found = module._bootstrap(both, np.random.default_rng(12), 70, module._near(among, people))
    rng = np.random.default_rng(12)
    drawn = np.concatenate([rng.integers(people, size=(50, people)), rng.integers(people, size=(20, people))])
    slow = [slow_shares(x, y, np.bincount(one, minlength=people)) for one in drawn]
    assert found == pytest.approx(np.array(slow), abs=1e-9)


@given(SEEDS, st.integers(1, 11), st.sampled_from([30, 200, 2000]), st.floats(0, 0.99))
@settings(max_examples=examples(40))
def test_roots_near_that_of_the_whole_sample_are_those_by_eigenvalues(seed, p, people, alike):
    rng = np.random.default_rng(seed)
    x = math.sqrt(1 - alike) * rng.normal(size=(people, p)) + math.sqrt(alike) * rng.normal(size=(people, 1))
    values, vectors = np.linalg.eigh(cut(x))
    whole = module._Near(vectors, np.sqrt(values))
    resamples = np.stack([cut(x[rng.integers(people, size=people)]) for _ in range(4)])
    roots, found = module._roots(resamples, whole)
    assert roots[found] @ roots[found] == pytest.approx(resamples[found], abs=1e-9)
    assert (np.linalg.eigvalsh(roots[found]) > 0).all()
    if people == 2000:
        assert found.all()


def cut(x):
    """Correlations in which no two columns are quite redundant."""
    return np.eye(x.shape[1]) * 0.05 + 0.95 * np.corrcoef(x.T).reshape(x.shape[1], -1)


def test_a_root_far_from_that_of_the_whole_sample_is_not_taken_for_one():
    near = module._Near(np.eye(2), np.array([0.9, 1.1]))
    far = np.array([[[1.0, 0.999], [0.999, 1.0]], [[1.0, 0.1], [0.1, 1.0]]])
    assert module._roots(far, near)[1].tolist() == [False, True]
    outcome = np.array([[0.3, 0.3], [0.3, 0.2]])
    assert module._weights_near(far, outcome, near) == pytest.approx(module._johnson(far, outcome), abs=1e-9)


def test_groups_of_people_vary_as_much_as_people_do(monkeypatch):
    x, y = sample(5, people=3000, p=3)
    monkeypatch.setattr(module, "MOST_GROUPS", 200)
    grouped = drivers(x, y, seed=3)
    monkeypatch.setattr(module, "MOST_GROUPS", 3000)
    single = drivers(x, y, seed=3, draws=1000)
    assert np.array_equal(grouped.johnson, single.johnson)
    # Two hundred groups know a spread to 5 %; groups of neighbours or of strata would be off by far more.
    assert grouped.high - grouped.low == pytest.approx(single.high - single.low, rel=0.2)


def test_people_are_shuffled_before_they_are_grouped():
    x, y = sample(5, people=3000, p=3)
    both = module._in_fixed_order(x, y, np.arange(3000), np.random.default_rng(2))
    assert sorted(both.tolist()) == sorted(np.column_stack([x, y]).tolist())
    # Without the shuffle all of them rise with the place.
    assert np.abs(np.corrcoef(np.arange(3000), both.T)[0, 1:]).max() < 0.08


def test_the_products_of_groups_are_those_of_their_people(monkeypatch):
    monkeypatch.setattr(module, "MOST_GROUPS", 4)
    z = np.random.default_rng(1).normal(size=(10, 2))
    products, where = module._products(z)
    assert (products.shape, where.tolist()) == ((4, 6), [[0, 1, 2], [1, 3, 4], [2, 4, 5]])
    assert module._products(z[:4])[0].shape == (4, 6)
    # Three people a group and ten in all, so two groups have two.
    for place, row in enumerate(products):
        mine = np.column_stack([np.ones(len(z[place::4])), z[place::4]])
        assert row == pytest.approx((mine.T @ mine)[np.triu_indices(3)])


def test_the_intervals_hold_the_true_shares_about_as_often_as_they_say():
    truth = johnson_weights(correlations(*sample(0, people=400_000, p=3)))
    truth = truth / truth.sum()
    held = np.zeros(3)
    for seed in range(1, 61):
        found = drivers(*sample(seed, people=200, p=3), seed=seed, draws=200)
        held += (found.low <= truth) & (truth <= found.high)
    # 60 trials of .95 lie above .85 nearly always.
    assert ((held / 60) > 0.85).all()


def test_more_answers_narrow_the_intervals():
    few, many = drivers(*sample(6), seed=1, draws=300), drivers(*sample(6, people=6000), seed=1, draws=300)
    assert ((many.high - many.low) < (few.high - few.low) / 4).all()


def test_too_few_people_for_drivers_are_refused_with_the_reason():
    with pytest.raises(TooFewError, match="drivers: 109 complete people, 110 are needed for 4 predictors"):
        drivers(*sample(1, people=109), seed=1)
    with pytest.raises(TooFewError, match="119 complete people, 120 are needed for 12 predictors"):
        drivers(*sample(1, people=119, p=12), seed=1)
    with pytest.raises(TooFewError, match="0 complete people"):
        drivers(np.full((200, 3), math.nan), np.zeros(200), seed=1)
    with pytest.raises(TooFewError, match="for 0 predictors"):
        drivers(np.zeros((200, 0)), np.arange(200.0), seed=1)
    assert drivers(*sample(1, people=110), seed=1, draws=10).n == 110


def test_redundant_predictors_are_refused():
    x, y = sample(7)
    with pytest.raises(SingularError, match="redundant, the smallest eigenvalue"):
        drivers(np.column_stack([x, x[:, 0] + x[:, 1]]), y, seed=1)
    with pytest.raises(SingularError, match="redundant"):
        johnson_weights(Correlations(np.ones((2, 2)), np.array([0.5, 0.5])))
    with pytest.raises(SingularError, match="redundant"):
        lmg(Correlations(np.array([[1, -0.9999999], [-0.9999999, 1]]), np.array([0.1, 0.1])))


def test_everybody_alike_in_one_thing_is_refused_by_name():
    x, y = sample(8)
    still = x.copy()
    still[:, 2] = 62.5
    with pytest.raises(SingularError, match="predictor 3: everybody"):
        drivers(still, y, seed=1)
    with pytest.raises(SingularError, match="outcome: everybody"):
        drivers(x, np.full(len(y), 100 / 3), seed=1)


def test_an_outcome_that_goes_with_nothing_is_refused():
    x = np.tile([[0.0], [100.0]], (60, 1))
    y = np.repeat([0.0, 1.0], 60)
    with pytest.raises(SingularError, match="unrelated to every predictor"):
        drivers(x, y, seed=1)


def test_predictors_that_resamples_make_redundant_are_refused():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(120, 2))
    # One person alone makes the difference of two predictors, and is missing from a third of the resamples.
    x[:, 1] = x[:, 0]
    x[0, 1] += 5
    with pytest.raises(SingularError, match="redundant in .* of 200 resamples"):
        drivers(x, rng.normal(size=120), seed=1, draws=200)


def test_some_resamples_without_spread_are_left_out():
    rng = np.random.default_rng(2)
    x = np.column_stack([rng.normal(size=120), np.zeros(120)])
    x[:4, 1] = 100.0  # all four are missing from about 2 % of the resamples
    found = drivers(x, rng.normal(size=120), seed=1, draws=400)
    assert 380 <= found.draws < 400
    assert np.isfinite([found.low, found.high]).all()


@pytest.mark.parametrize(
    ("error", "match", "call"),
    [
        (MisfitError, "do not fit", lambda: drivers(np.zeros((150, 2)), np.zeros(149), seed=1)),
        (MisfitError, "do not fit", lambda: drivers(np.zeros(150), np.zeros(150), seed=1)),
        (MisfitError, "do not fit", lambda: correlations(np.zeros(150), np.zeros(150))),
        (MisfitError, "do not fit", lambda: lmg(Correlations(np.eye(3), np.zeros(2)))),
        (MisfitError, "do not fit", lambda: lmg(Correlations(np.zeros((0, 0)), np.zeros(0)))),
        (MisfitError, "do not fit", lambda: lmg(Correlations(np.eye(4), np.zeros((2, 2))))),
        (OutsideScaleError, "draws 0", lambda: drivers(*sample(1), seed=1, draws=0)),
        (OutsideScaleError, "level 1", lambda: drivers(*sample(1), seed=1, level=1)),
        (OutsideScaleError, "predictors: 17", lambda: lmg(Correlations(np.eye(17), np.zeros(17)))),
        (NotFiniteError, "predictors", lambda: drivers(np.full((150, 1), math.inf), np.zeros(150), seed=1)),
        (NotFiniteError, "outcome", lambda: drivers(sample(1)[0], np.full(150, math.inf), seed=1)),
        (NotFiniteError, "predictors", lambda: correlations(np.full((5, 1), math.nan), np.zeros(5))),
        (NotFiniteError, "outcome", lambda: correlations(np.zeros((5, 1)), np.full(5, math.nan))),
        (NotFiniteError, "among", lambda: lmg(Correlations(np.full((1, 1), math.nan), np.zeros(1)))),
        (NotFiniteError, "outcome", lambda: lmg(Correlations(np.eye(1), np.full(1, math.inf)))),
        (TooFewError, "1 people", lambda: correlations(np.zeros((1, 1)), np.zeros(1))),
        (TooFewError, "0 people", lambda: correlations(np.zeros((0, 1)), np.zeros(0))),
        (TooFewError, "0 predictors", lambda: correlations(np.zeros((9, 0)), np.zeros(9))),
    ],
)
def test_impossible_numbers_are_refused_by_name(error, match, call):
    with pytest.raises(error, match=match):
        call()
