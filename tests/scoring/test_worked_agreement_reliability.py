"""The worked tables of docs/scoring.md for agreement, polarisation, reliability and ICC, computed anew."""

import numpy as np
import pytest

from scoring.aggregation import group_sums, icc, shrunken, variance
from scoring.agreement import agreement, complete_counts, slightly_skewed_null, uniform_null
from scoring.polarisation import BIMODAL, bimodality, consensus, polarisation, split
from scoring.reliability import Refusal, alpha, from_covariance, item_rest, omega, spearman_brown
from tests.scoring.worked import digits, rows, tables

STEPS = [str(step) for step in range(1, 6)]
YES = {True: "yes", False: "no"}


def same(value, cell):
    assert digits(float(value), cell) == cell


def frequencies(row):
    return np.array([int(row[step]) for step in STEPS])


def told(found):
    assert found is not None
    assert not isinstance(found, Refusal)
    return found


@pytest.mark.parametrize("row", tables("agreement-1")[1], ids=lambda row: row["null"])
def test_the_worked_department_agrees_as_printed(row):
    people = tables("agreement-1")[0]
    answers = np.array([[int(one[item] or 0) for item in "ab"] for one in people], dtype=np.uint8)
    counts = complete_counts(answers, group=np.zeros(len(people), dtype=np.intp), groups=1, points=5)[0]
    null = {"uniform": uniform_null, "slightly skewed": slightly_skewed_null}[row["null"]](5)
    found = agreement(counts, null=null)
    assert found.n == 4
    same(null, row["variance of the null"])
    for value, name in (
        (found.r_wg_j, "r_wg(J)"),
        (found.lindell, "r*_wg"),
        (found.ad_mean, "AD_M"),
        (found.ad_median, "AD_Md"),
    ):
        same(value, row[name])


@pytest.mark.parametrize("row", rows("agreement-item-1"))
def test_worked_items_agree_as_printed(row):
    counts = frequencies(row)
    found = agreement(counts[None, :])
    assert int(found.n) == int(row["n"])
    same(np.var(np.repeat(np.arange(1, 6), counts), ddof=1), row["s^2"])
    same(found.r_wg[0], row["r_wg"])
    same(found.lindell, row["r*_wg"])
    same(found.lindell_shown, row["shown"])
    same(found.ad_mean, row["AD_M"])
    same(found.ad_median, row["AD_Md"])


@pytest.mark.parametrize("row", rows("polarisation-1"))
def test_worked_frequencies_are_as_polarised_as_printed(row):
    same(consensus(frequencies(row)), row["A"])
    same(polarisation(frequencies(row)), row["polarisation"])


@pytest.mark.parametrize("row", rows("bimodality-1"))
def test_worked_frequencies_have_the_peaks_printed(row):
    found = float(bimodality(frequencies(row)))
    same(found, row["coefficient"])
    assert YES[found > BIMODAL] == row["two peaks"]


@pytest.mark.parametrize("row", rows("split-1"))
def test_worked_departments_are_split_as_printed(row):
    found = split(np.array([int(row[step]) for step in ("0", "25", "50", "75", "100")]))
    same(found.unfavourable, row["at most 37.5"])
    same(found.favourable, row["at least 62.5"])
    same(found.polarisation, row["polarisation"])
    assert YES[bool(found.split)] == row["split"]


def test_the_worked_dimension_is_as_reliable_as_printed():
    items, (result,) = tables("reliability-1")
    covariance = np.array([[float(row[other]) for other in "abc"] for row in items])
    found = from_covariance(covariance, n=int(result["n"]))
    one, whole = told(alpha(found)), told(omega(found))
    for value, name in (
        (one.value, "alpha"),
        (one.interval[0], "from"),
        (one.interval[1], "to"),
        (whole.value, "omega"),
    ):
        same(value, result[name])
    for row, r, loading, error in zip(items, item_rest(found), whole.loadings, whole.errors, strict=True):
        same(told(r), row["item-rest"])
        same(loading, row["loading"])
        same(error, row["error variance"])


@pytest.mark.parametrize("row", rows("spearman-brown-1"))
def test_two_worked_items_have_the_coefficient_or_the_reason_printed(row):
    r = float(row["r"])
    found = spearman_brown(from_covariance(np.array([[1, r], [r, 1]]), n=int(row["n"])))
    if isinstance(found, Refusal):
        assert str(found) == row["coefficient"]
    else:
        same(found.value, row["coefficient"])


def test_worked_departments_differ_as_printed():
    (result,), departments = tables("icc-1")
    scores = [[float(score) for score in row["scores"].split(",")] for row in departments]
    sizes = [len(one) for one in scores]
    sums = group_sums(np.concatenate(scores), np.repeat(np.arange(3), sizes), groups=3)
    found = told(variance(sums))
    one = icc(found)
    assert (found.groups, found.people) == (int(result["groups"]), int(result["people"]))
    for value, name in (
        (found.k0, "k0"),
        (found.msb, "MSB"),
        (found.msw, "MSW"),
        (found.f, "F"),
        (found.p, "p"),
        (one.icc1, "ICC(1)"),
        (one.icc1_mean_size, "with N / k"),
        (one.icc2, "ICC(2)"),
    ):
        same(value, result[name])
    se0 = np.array([np.std(one, ddof=1) / np.sqrt(len(one)) for one in scores])
    drawn = shrunken(found, mean=sums.mean, se0=se0)
    for place, row in enumerate(departments):
        same(sums.mean[place], row["mean"])
        same(se0[place], row["se0"])
        same(drawn.weight[place], row["lambda"])
        same(drawn.mean[place], row["for the order"])
