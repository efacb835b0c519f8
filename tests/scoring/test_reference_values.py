"""Scoring gives the numbers that R packages gave."""

import numpy as np
import pytest

from scoring.change import benjamini_hochberg, difference, holm
from scoring.estimates import LEVEL, Part, Spread, column_spread, of_one_stratum, own_spread, roll_up
from scoring.moments import Moments, merged, moments
from scoring.people import person_scores
from tests.scoring.fixture import EXPECTED, HEADCOUNTS, REFERENCE, answers

STRAIGHT = np.zeros(4, dtype=np.bool_)
CASES = [(wave, department) for wave in ("Q1", "Q2") for department in HEADCOUNTS]


def scored(wave, department):
    return moments(person_scores(answers(wave, department), reverse=STRAIGHT, points=5))


def without_correction(one):
    return roll_up([Part(headcount=one.n, n=one.n, mean=one.mean, spread=own_spread(one))], finite=False)


@pytest.mark.parametrize(("wave", "department"), CASES)
def test_a_department_has_the_mean_spread_and_interval_of_the_fixture(wave, department):
    expected = EXPECTED[wave]["departments"][department]
    one = scored(wave, department)
    found = of_one_stratum(one, headcount=HEADCOUNTS[department])
    assert one.n == expected["n_scored"]
    assert one.mean == pytest.approx(expected["mean"], rel=1e-9)
    assert one.s == pytest.approx(expected["sd"], rel=1e-9)
    assert without_correction(one).se == pytest.approx(expected["se_nofpc"], rel=1e-9)
    assert found.se == pytest.approx(expected["se_fpc"], rel=1e-9)
    assert found.interval() == pytest.approx(expected["ci95_clipped"], rel=1e-8)
    assert found.df == pytest.approx(one.n - 1)


@pytest.mark.parametrize(("wave", "department"), CASES)
def test_the_lower_bound_for_gates_is_that_of_the_fixture(wave, department):
    one = without_correction(scored(wave, department))
    # 80 per cent on one side is 60 per cent on two.
    lower = one.mean - one.half_width(0.6)
    assert lower == pytest.approx(EXPECTED[wave]["departments"][department]["gate_lcb80"], rel=1e-8)


@pytest.mark.parametrize("wave", ["Q1", "Q2"])
def test_a_roll_up_with_own_spreads_is_that_of_the_fixture(wave):
    expected = EXPECTED[wave]["org"]
    found = roll_up(parts(wave, pooled=False), finite=True)
    assert (found.mean, found.se, found.df) == pytest.approx(
        (expected["mean"], expected["se_fpc"], expected["df_satterthwaite"]), rel=1e-8
    )
    assert found.interval() == pytest.approx(expected["ci95"], rel=1e-8)


@pytest.mark.parametrize(
    ("wave", "mean", "se", "low", "high"),
    [
        ("Q1", 56.458333, 7.414360, 40.815401, 72.101265),
        ("Q2", 60.668768, 5.677890, 48.689468, 72.648067),
    ],
)
def test_the_organisation_with_one_lender_of_spread_has_the_corrected_interval(wave, mean, se, low, high):
    found = roll_up(parts(wave, pooled=True), finite=True)
    assert (found.mean, found.se) == pytest.approx((mean, se), abs=1e-6)
    assert found.df == pytest.approx(17)
    assert found.interval() == pytest.approx((low, high), abs=1e-6)


def parts(wave, *, pooled):
    found = [(HEADCOUNTS[department], scored(wave, department)) for department in HEADCOUNTS]
    everyone = merged(one for _, one in found)
    return [
        Part(
            headcount=headcount,
            n=one.n,
            mean=one.mean,
            spread=own_spread(everyone if pooled else one),
            group=0 if pooled else place,
        )
        for place, (headcount, one) in enumerate(found)
    ]


@pytest.mark.parametrize("department", HEADCOUNTS)
def test_the_change_of_a_department_is_that_of_the_fixture(department):
    expected = EXPECTED["delta_Q2_Q1"]["by_dept"][department]
    found = difference(
        before=without_correction(scored("Q1", department)), now=without_correction(scored("Q2", department))
    )
    assert (found.delta, found.se, found.t, found.df, found.p) == pytest.approx(
        tuple(expected[name] for name in ("delta", "se", "t", "df", "p")), rel=1e-8
    )


def test_the_adjusted_probabilities_of_the_fixture_are_found():
    expected = EXPECTED["delta_Q2_Q1"]
    p = [expected["by_dept"][department]["p"] for department in HEADCOUNTS]
    assert benjamini_hochberg(p) == pytest.approx(list(expected["BH"].values()))
    assert holm(p) == pytest.approx(list(expected["holm"].values()))


@pytest.mark.parametrize("case", ["padjust", "padjust_BH1995"])
def test_probabilities_are_adjusted_as_p_adjust_does(case):
    expected = REFERENCE["r_packages"][case]
    assert benjamini_hochberg(expected["p"]) == pytest.approx(expected["BH"])
    assert holm(expected["p"]) == pytest.approx(expected["holm"])


def survey(of):
    return REFERENCE["r_packages"]["survey"][of]


def test_a_simple_random_sample_has_the_standard_error_of_the_survey_package():
    expected = survey("apisrs")
    one = Moments(expected["n"], expected["mean"], expected["sd"] ** 2 * (expected["n"] - 1))
    assert of_one_stratum(one, headcount=expected["N"]).se == pytest.approx(expected["fpc"]["se"])
    assert without_correction(one).se == pytest.approx(expected["nofpc"]["se"])


def test_a_stratified_sample_has_the_mean_and_standard_error_of_the_survey_package():
    expected = survey("apistrat")
    strata = [
        Part(headcount=one["N"], n=one["n"], mean=one["mean"], spread=Spread(one["sd"], one["n"] - 1), group=place)
        for place, one in enumerate(expected["strata"].values())
    ]
    found = roll_up(strata, finite=True)
    assert (found.mean, found.se) == pytest.approx((expected["strat"]["mean"], expected["strat"]["se"]))


def test_half_widths_for_a_spread_of_20_are_those_of_the_table():
    for n, half in REFERENCE["intervals_and_bimodality"]["halfwidth95_fullN"].items():
        one = Moments(int(n), 50, 400 * (int(n) - 1))
        assert without_correction(one).half_width() == pytest.approx(half)
    assert LEVEL == 0.95


def test_two_waves_of_soldiers_have_the_independent_standard_error():
    for expected in REFERENCE["waves_and_icc"]["univbct"].values():
        before = Moments(expected["n1"], expected["mean1"], expected["sd1"] ** 2 * (expected["n1"] - 1))
        now = Moments(expected["n3"], expected["mean3"], expected["sd3"] ** 2 * (expected["n3"] - 1))
        found = difference(before=without_correction(before), now=without_correction(now))
        assert found.se == pytest.approx(expected["se_independent"], rel=1e-6)
        assert found.delta == pytest.approx(expected["delta"], rel=1e-6)


def test_the_pooled_spread_of_one_set_is_its_own():
    one = scored("Q1", "Finance")
    found = column_spread([one])
    assert found.s == pytest.approx(one.s)
    assert found.df == 7
