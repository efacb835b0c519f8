"""The worked tables of docs/scoring.md for shares, screening, trends, links, drivers and gaps, computed anew."""

import math

import numpy as np
import pytest

from scoring.careless import (
    ATTENTION_AND_FAST,
    FAST_AND_LONGSTRING,
    KEPT,
    SEVERAL_SIGNS,
    Bits,
    screening,
)
from scoring.drivers import Correlations, johnson_weights, lmg, r_squared
from scoring.gap import gap, marked
from scoring.linking import Asked, Comparable, Linking, comparable, linked_error
from scoring.moments import Moments
from scoring.nonresponse import late_response, nonresponse
from scoring.printed import printed_share, printed_share_interval, printed_shift
from scoring.shares import dimension_shares, dont_know_rate, effective_n, item_shares, many_do_not_know, wilson
from scoring.sides import printed_sides, rolled_sides
from scoring.trend import (
    minimum_detectable_change,
    minimum_detectable_difference,
    slope,
    standard_error_of_measurement,
    standardised,
)
from tests.scoring.parity import told
from tests.scoring.worked import digits, rows, tables

REASONS = {
    "no": KEPT,
    "attention and fast": ATTENTION_AND_FAST,
    "fast and longstring": FAST_AND_LONGSTRING,
    "several signs": SEVERAL_SIGNS,
}
BITS = Bits(attention=1, fast=2, longstring=4, longstring_high=8, low_variance=16)


def cells(row):
    return " ".join(row.values())


def same(row, **found):
    """Whether the row's cells are these numbers, to the digits that are printed."""
    return {name: row[name] for name in found} == {name: digits(value, row[name]) for name, value in found.items()}


def whole(text):
    return int(text) if text else None


@pytest.mark.parametrize("row", tables("shares-1")[0], ids=cells)
def test_a_scale_has_the_favourable_answers_printed(row):
    points = int(row["P"])
    for side in ("favourable", "neutral", "unfavourable"):
        for code in (int(one) for one in row[side].split(",") if one):
            found = told(item_shares(np.eye(points, dtype=np.intp)[code - 1]))
            assert getattr(found, side) == 1.0
    assert len(cells(row).replace(",", " ").split()) == 1 + points


def test_the_worked_department_has_the_shares_printed():
    *items, dimension = tables("shares-1")[1]
    shares = [told(item_shares(np.array([int(row[str(code)]) for code in range(1, 6)]))) for row in items]
    of_all = told(dimension_shares(shares, asked=4))
    for row, one in zip([*items, dimension], [*shares, of_all], strict=True):
        assert same(row, favourable=one.favourable, neutral=one.neutral, unfavourable=one.unfavourable)


@pytest.mark.parametrize("row", rows("dont-know-1"), ids=cells)
def test_a_worked_rate_of_dont_knows_is_as_printed(row):
    rate = told(
        dont_know_rate(
            valid=int(row["valid"]), dont_know=int(row["don't know"]), no_experience=int(row["no experience"])
        )
    )
    assert same(row, rate=rate)
    assert many_do_not_know(rate) == (row["many"] == "yes")


@pytest.mark.parametrize("row", rows("wilson-1"), ids=cells)
def test_a_worked_share_has_the_interval_printed(row):
    n, headcount = int(row["n"]), whole(row["N"])
    low, high = told(wilson(int(row["favourable"]) / n, n=n, headcount=headcount))
    assert same(row, **{"n*": effective_n(n, headcount=headcount), "from": low, "to": high})


@pytest.mark.parametrize("row", rows("printed-share-1"), ids=cells)
def test_a_worked_share_is_rounded_as_printed(row):
    n = int(row["n"])
    printed = printed_share(int(row["favourable"]) / n, n=n)
    ends = printed_share_interval(printed, n=n, headcount=int(row["N"]))
    assert f"{printed.bound} {printed.percent}".strip() == row["printed"]
    assert ("" if ends is None else f"{ends[0]}..{ends[1]}") == row["interval"]


@pytest.mark.parametrize("row", tables("sides-1")[1], ids=cells)
def test_a_worked_question_has_the_three_shares_printed(row):
    sides = np.array([int(row[side]) for side in ("unfavourable", "neutral", "favourable")])
    percent, beyond = printed_sides(sides)
    signs = {-1: "<= ", 0: "", 1: ">= "}
    printed = [f"{signs[side]}{share}" for share, side in zip(percent.tolist(), beyond.tolist(), strict=True)]
    assert ", ".join(printed) == row["printed"]
    rolled = [digits(share, ".0000") for share in rolled_sides(sides).tolist()]
    assert ", ".join(rolled) == row["in a roll-up"]


@pytest.mark.parametrize("row", rows("nonresponse-1"), ids=cells)
def test_silence_could_do_in_the_worked_table_what_is_printed(row):
    found = nonresponse(int(row["m"]), used=int(row["used"]), headcount=int(row["headcount"]))
    assert same(row, RR=found.rate, bias=found.bias, lowest=found.lowest, highest=found.highest)
    assert found.rate_class == row["class"]


def test_worked_early_and_late_answers_differ_as_printed():
    sent, (found,) = tables("late-response-1")
    people = [(float(score), int(row["day"])) for row in sent for score in row["scores"].split(",")]
    scores, days = zip(*people, strict=True)
    late = told(late_response(np.array(scores), np.array(days), k=2))
    one = late.difference
    assert (str(late.early), str(late.late)) == (found["early"], found["late"])
    assert same(found, **{"late minus early": one.delta, "t": told(one.t), "df": told(one.df), "p": one.p})


@pytest.mark.parametrize("row", tables("screening-1")[1], ids=cells)
def test_who_is_left_out_in_the_worked_table_is_as_printed(row):
    signs = [sign.replace(" ", "_") for sign in row["signs"].split(", ")]
    byte = sum(getattr(BITS, sign) for sign in signs if sign != "outlier")
    # Among twenty sheets without a sign, so that one person is not more than a tenth.
    found = screening(
        np.array([byte] + [0] * 20, dtype=np.uint8),
        bits=BITS,
        attention_asked=row["form"] == "full",
        outliers=np.array(["outlier" in signs] + [False] * 20),
    )
    assert found.reason[0] == REASONS[row["left out"]]
    assert found.excluded.sum() == (row["left out"] != "no")


def test_the_effect_of_leaving_answers_out_is_as_printed():
    for row in tables("screening-1")[2]:
        assert printed_shift(float(row["points"])) == row["printed"]


def test_four_worked_waves_have_the_slope_printed():
    waves, (expected,) = tables("slope-1")
    found = slope(*([float(row[name]) for row in waves] for name in ("wave", "score", "se")))
    assert same(expected, slope=found.slope, level=found.level, at=found.centre, se=found.se, scatter=found.scatter)


@pytest.mark.parametrize("row", rows("detectable-1"), ids=cells)
def test_a_worked_row_has_the_detectable_difference_printed(row):
    se, df = float(row["se"]), float(row["df"])
    if row["n"]:
        se, df = 20 * math.sqrt(2 / int(row["n"])), 2 * (int(row["n"]) - 1)
        assert same(row, se=se, df=df)
    assert same(row, difference=minimum_detectable_difference(se, df))


@pytest.mark.parametrize("row", rows("measurement-error-1"), ids=cells)
def test_measurement_alone_can_do_what_is_printed(row):
    sem = standard_error_of_measurement(float(row["s"]), reliability=float(row["reliability"]))
    assert same(row, SEM=sem, MDC95=minimum_detectable_change(sem, n=int(row["n"])))


def test_the_worked_change_with_the_mix_held_is_as_printed():
    groups, (expected,) = tables("standardised-1")
    before, now = (
        [Moments(int(row[f"n {wave}"]), float(row[f"mean {wave}"]), 0.0) for row in groups]
        for wave in ("before", "now")
    )
    found = told(standardised(before, now, k=10))
    assert same(expected, **{"change": found.plain, "with the mix held": found.standardised})


def asked(text):
    items = text.split(", ")
    anchors = frozenset(item[:-1] for item in items if item.endswith("*"))
    return Asked(items=tuple(item.rstrip("*") for item in items), anchors=anchors, points=5) if text else None


@pytest.mark.parametrize("row", rows("comparable-1"), ids=cells)
def test_two_worked_versions_are_compared_on_what_is_printed(row):
    found = comparable(asked(row["before"]), asked(row["now"]))
    said = ", ".join(found.items) if isinstance(found, Comparable) else found.why.replace("_", " ")
    assert said == row["compared on"]


@pytest.mark.parametrize("row", rows("linking-1"), ids=cells)
def test_a_worked_linked_score_is_as_printed(row):
    n, m_old, s_old, m_new, s_new, r, y, se = (float(cell) for cell in list(row.values())[:8])
    link = Linking(n=int(n), mean_old=m_old, s_old=s_old, mean_new=m_new, s_new=s_new, correlation=r)
    assert same(row, **{"y*": link.to_old(y), "se_link^2": link.error(y), "se*": linked_error(se, y, link=link)})


def test_the_three_worked_predictors_have_the_weights_printed():
    *predictors, together = rows("drivers-1")
    found = Correlations(np.full((3, 3), 0.5) + 0.5 * np.eye(3), np.array([float(row["r"]) for row in predictors]))
    johnson, r2 = johnson_weights(found), r_squared(found)
    for row, one, other in zip(predictors, johnson, lmg(found), strict=True):
        assert same(row, **{"Johnson": one, "LMG": other, "share of R^2": one / r2})
    assert same(together, **{"Johnson": r2, "LMG": lmg(found).sum(), "share of R^2": johnson.sum() / r2})


def test_the_worked_gaps_are_as_printed():
    table = rows("gap-1")
    gaps = []
    for row in table:
        n1, m1, s1, n2, m2, s2 = (float(cell) for cell in list(row.values())[:6])
        leaders, staff = Moments(int(n1), m1, s1**2 * (n1 - 1)), Moments(int(n2), m2, s2**2 * (n2 - 1))
        gaps.append(found := gap(leaders=leaders, staff=staff))
        low, high = told(found.interval)
        test = found.difference
        assert same(row, **{"gap": test.delta, "from": low, "to": high, "p": test.p, "g": told(found.g)})
    assert ["yes" if one else "no" for one in marked(gaps)] == [row["marked"] for row in table]
