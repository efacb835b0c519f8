"""One factor by maximum likelihood: R's numbers, a search over everything, and the edges."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.factor import SMALLEST, one_factor
from scoring.reliability import Omega, from_covariance, omega
from tests.scoring.sequences import MADE

PUBLISHED = MADE["reliability"]


def told(found):
    """What was fitted, which must not be a refusal or nothing."""
    assert found is not None
    return found


def omega_of(covariance, n):
    found = omega(from_covariance(covariance, n=n))
    assert isinstance(found, Omega)
    return found


def slow_factor(correlation):
    """The error variances of one factor by an exhaustive search: the likelihood on finer and finer grids."""
    centre, width = np.full(len(correlation), 0.5), 0.49
    for _ in range(24):
        sides = [np.clip(centre[place] + width * np.array([-1, -0.5, 0, 0.5, 1]), SMALLEST, 1) for place in range(3)]
        centre = np.array(min(itertools.product(*sides), key=lambda psi: discrepancy(correlation, np.array(psi))))
        width *= 0.7
    return centre


def discrepancy(correlation, psi):
    scaled = correlation / np.sqrt(np.outer(psi, psi))
    rest = np.linalg.eigvalsh(scaled)[:-1]
    return float((rest - np.log(rest) - 1).sum())


@pytest.mark.parametrize("name", MADE["heywood"])
def test_a_heywood_case_is_held_at_the_bound_of_factanal_and_flagged(name):
    expected = MADE["heywood"][name]
    correlation = np.array(expected["correlation"], dtype=np.float64)
    found = told(one_factor(correlation))
    assert found.heywood
    assert found.uniquenesses.min() == pytest.approx(SMALLEST)
    assert found.uniquenesses == pytest.approx(expected["uniquenesses"], abs=1e-5)
    assert found.loadings == pytest.approx(expected["loadings"], abs=1e-5)
    whole = omega_of(correlation, n=500)
    assert whole.heywood
    assert whole.value == pytest.approx(expected["omega"], abs=1e-5)


CORRELATIONS = st.lists(st.integers(15, 70).map(lambda r: r / 100), min_size=3, max_size=3)


@given(CORRELATIONS)
def test_three_items_are_explained_wholly_where_a_proper_factor_can(r):
    a, b, c = r
    squares = (a * b / c, a * c / b, b * c / a)
    assume(max(squares) < 0.99)
    found = told(one_factor(matrix(a, b, c)))
    assert found.loadings**2 == pytest.approx(squares, abs=1e-4)
    assert not found.heywood


def matrix(a, b, c):
    return np.array([[1, a, b], [a, 1, c], [b, c, 1]], dtype=np.float64)


def test_a_fit_that_does_not_come_to_an_end_is_no_factor():
    covariance = np.array(PUBLISHED["agree"]["covariance"])
    s = np.sqrt(np.diag(covariance))
    assert one_factor(covariance / np.outer(s, s), steps=2) is None


def test_uncorrelated_items_have_a_factor_that_explains_next_to_nothing():
    whole = omega_of(np.eye(4), n=300)
    assert 0 <= whole.value < 0.05
    assert whole.low


@pytest.mark.parametrize("r", [(0.8, 0.8, 0.5), (0.6, 0.5, 0.4), (0.3, -0.2, -0.4), (0.7, 0.1, 0.1), (0.2, 0.2, -0.1)])
def test_the_factor_is_where_a_search_over_all_error_variances_ends(r):
    correlation = matrix(*r)
    found = told(one_factor(correlation))
    searched = slow_factor(correlation)
    assert discrepancy(correlation, found.uniquenesses) <= discrepancy(correlation, searched) + 1e-6


@given(st.integers(0, 10_000), st.integers(3, 7))
def test_no_small_move_of_the_error_variances_makes_a_factor_likelier(seed, items):
    dice = np.random.default_rng(seed)
    people = dice.normal(size=(40, items)) + dice.uniform(-0.3, 1.2, size=items) * dice.normal(size=(40, 1))
    correlation = np.corrcoef(people.T)
    found = told(one_factor(correlation))
    best = discrepancy(correlation, found.uniquenesses)
    for move in np.eye(items) * 1e-3:
        for psi in (found.uniquenesses * (1 + move), found.uniquenesses * (1 - move)):
            assert discrepancy(correlation, np.clip(psi, SMALLEST, 1)) >= best - 1e-7
    assert found.loadings.sum() >= 0


def test_omega_is_the_same_in_any_units():
    covariance = np.array(PUBLISHED["agree"]["covariance"])
    scale = np.full(5, 25.0)
    one = omega_of(covariance, n=2709)
    other = omega_of(covariance * np.outer(scale, scale), n=2709)
    assert other.value == pytest.approx(one.value)
    assert other.loadings == pytest.approx([25 * loading for loading in one.loadings])
