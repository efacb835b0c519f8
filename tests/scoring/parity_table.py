"""Every number that somebody else computed beside ours: `python -m tests.scoring.parity_table` prints the table.

A line is a function on a data set. Where that gives many numbers the line shows the two that lie furthest apart. What
no other program computes stands below the table, with the reason and with what holds it instead.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.aggregation import Variance, group_sums, icc, shrunken, variance
from scoring.agreement import agreement, complete_counts, slightly_skewed_null
from scoring.arrays import Floats, Integers
from scoring.binomial import upper_bound
from scoring.careless import intra_individual_variability, longest_runs, squared_distances
from scoring.change import benjamini_hochberg, difference, difference_of_means, holm
from scoring.drivers import Correlations, johnson_weights, lmg, r_squared
from scoring.estimates import Part, Spread, of_one_stratum, own_spread, roll_up
from scoring.gap import gap
from scoring.gating import bounds
from scoring.linking import Linking
from scoring.moments import Moments, moments
from scoring.nonresponse import late_response
from scoring.people import person_scores
from scoring.polarisation import bimodality, consensus
from scoring.reliability import Coefficient, CrossProducts, alpha, cross_products, from_covariance, item_rest, omega
from scoring.shares import dimension_shares, item_shares, wilson
from scoring.trend import minimum_detectable_difference, slope, standardised
from scoring.zones import Rating, p_wanted
from tests.scoring.autonomy_reference import R as AUTONOMY
from tests.scoring.fixture import EXPECTED, HEADCOUNTS, REFERENCE, answers
from tests.scoring.parity import R, moments_of, people_with
from tests.scoring.sequences import MADE, SETS, made
from tests.scoring.test_careless import made as careless_answers

CLOSED_FORM = 1e-6
FITTED = 1e-3
STRAIGHT = np.zeros(4, dtype=np.bool_)


@dataclass(frozen=True)
class Line:
    """A function on a data set: the reference with its source, ours, and how far these may lie apart, relatively."""

    function: str
    data: str
    source: str
    reference: float
    ours: float
    numbers: int
    tolerance: float

    @property
    def apart(self) -> float:
        """The difference, as a share of the reference where that is not 0."""
        return abs(self.ours - self.reference) / (abs(self.reference) if abs(self.reference) > CLOSED_FORM else 1.0)

    @property
    def fits(self) -> bool:
        """Whether the two are as near as they have to be."""
        return self.apart <= self.tolerance


def line(
    function: str, data: str, source: str, reference: object, ours: object, tolerance: float = CLOSED_FORM
) -> Line:
    """The line of one number or of many, of which it has the furthest apart. NaN stands for what neither tells."""
    one, other = (np.atleast_1d(np.asarray(x, dtype=np.float64)).ravel() for x in (reference, ours))
    assert one.shape == other.shape, (function, data)
    assert (np.isnan(one) == np.isnan(other)).all(), (function, data)
    one, other = one[~np.isnan(one)], other[~np.isnan(other)]
    apart = np.abs(one - other) / np.where(np.abs(one) > CLOSED_FORM, np.abs(one), 1.0)
    worst = int(apart.argmax())
    return Line(function, data, source, float(one[worst]), float(other[worst]), one.size, tolerance)


def lines() -> list[Line]:
    """All of them."""
    every = (_fixture, _survey, _tests, _agreement, _polarisation, _reliability, _aggregation, _drivers, _rest, _gating)
    return [one for part in every for one in part()]


def _process(one: Moments) -> Part:
    return Part(headcount=one.n, n=one.n, mean=one.mean, spread=own_spread(one))


def _fixture() -> Iterator[Line]:
    found = {
        (wave, name): moments(person_scores(answers(wave, name), reverse=STRAIGHT, points=5))
        for wave in ("Q1", "Q2")
        for name in HEADCOUNTS
    }
    told = {key: EXPECTED[key[0]]["departments"][key[1]] for key in found}
    alone = {key: of_one_stratum(one, headcount=HEADCOUNTS[key[1]]) for key, one in found.items()}
    process = {key: roll_up([_process(one)], finite=False) for key, one in found.items()}
    where = "tiny.csv, 37 people", "base R"
    yield line("person_scores, moments: mean", *where, *_both(told, "mean", [one.mean for one in found.values()]))
    yield line("moments: s", *where, *_both(told, "sd", [one.s for one in found.values()]))
    yield line("estimates: se with correction", *where, *_both(told, "se_fpc", [one.se for one in alone.values()]))
    yield line("estimates: se without", *where, *_both(told, "se_nofpc", [one.se for one in process.values()]))
    intervals = [one.interval() for one in alone.values()]
    yield line("estimates: 95 % interval", *where, *_both(told, "ci95_clipped", intervals))
    lower = [one.mean - (one.half_width(0.6) or 0) for one in process.values()]
    yield line("gating bound, 80 % one-sided", *where, *_both(told, "gate_lcb80", lower))
    parts = {
        wave: [Part(headcount=HEADCOUNTS[name], n=found[wave, name].n, mean=found[wave, name].mean,
                    spread=own_spread(found[wave, name]), group=place) for place, name in enumerate(HEADCOUNTS)]
        for wave in ("Q1", "Q2")
    }  # fmt: skip
    whole = {wave: roll_up(of, finite=True) for wave, of in parts.items()}
    for name, field in (("mean", "mean"), ("se", "se_fpc"), ("df", "df_satterthwaite")):
        reference = [EXPECTED[wave]["org"][field] for wave in whole]
        yield line(f"roll_up: {name}", *where, reference, [getattr(one, name) for one in whole.values()])
    favourable = [_favourable(*key) for key in told]
    yield line("item_shares, dimension_shares", *where, *_both(told, "fav_dim", favourable))
    expected = EXPECTED["delta_Q2_Q1"]["by_dept"]
    for name in ("delta", "se", "t", "df", "p"):
        tests = [difference(before=process["Q1", one], now=process["Q2", one]) for one in HEADCOUNTS]
        reference = [expected[one][name] for one in HEADCOUNTS]
        yield line(f"difference: {name}", *where, reference, [getattr(one, name) for one in tests])


def _both(
    told: Mapping[tuple[str, str], Mapping[str, object]], field: str, ours: Sequence[object]
) -> tuple[object, object]:
    return [one[field] for one in told.values()], ours


def _favourable(wave: str, name: str) -> float:
    shares = [item_shares(np.bincount(item, minlength=6)[1:]) for item in answers(wave, name).T]
    found = dimension_shares([one for one in shares if one is not None], asked=4)
    assert found is not None
    return 100 * found.favourable


def _survey() -> Iterator[Line]:
    told = REFERENCE["r_packages"]["survey"]
    simple, parted = told["apisrs"], told["apistrat"]
    one = Moments(simple["n"], simple["mean"], simple["sd"] ** 2 * (simple["n"] - 1))
    ours = [of_one_stratum(one, headcount=simple["N"]).se, roll_up([_process(one)], finite=False).se]
    yield line("estimates: se", "apisrs", "survey", [simple["fpc"]["se"], simple["nofpc"]["se"]], ours)
    strata = [
        Part(headcount=x["N"], n=x["n"], mean=x["mean"], spread=Spread(x["sd"], x["n"] - 1), group=place)
        for place, x in enumerate(parted["strata"].values())
    ]
    found = roll_up(strata, finite=True)
    yield line("roll_up: mean, se", "apistrat", "survey",
               [parted["strat"]["mean"], parted["strat"]["se"]], [found.mean, found.se])  # fmt: skip
    cases = [(key.split("/"), ends) for key, ends in REFERENCE["r_packages"]["wilson"].items()]
    intervals = [wilson(int(x) / int(n), n=int(n)) for (x, n), _ in cases]
    yield line("wilson", "four pairs of numbers", "prop.test", [ends for _, ends in cases], intervals)
    table = REFERENCE["intervals_and_bimodality"]["halfwidth95_fullN"]
    halves = [roll_up([_process(Moments(int(n), 50, 400 * (int(n) - 1)))], finite=False).half_width() for n in table]
    yield line("estimates: half-width", "s = 20, n of 5 to 50", "qt", list(table.values()), halves)


def _tests() -> Iterator[Line]:
    for name in ("padjust", "padjust_BH1995"):
        told = REFERENCE["r_packages"][name]
        data = "15 p values" if name == "padjust" else "Benjamini and Hochberg 1995"
        yield line("benjamini_hochberg", data, "p.adjust", told["BH"], benjamini_hochberg(told["p"]))
        yield line("holm", data, "p.adjust", told["holm"], holm(told["p"]))
    for name, told in REFERENCE["waves_and_icc"]["univbct"].items():
        before, now = (
            Moments(told[f"n{w}"], told[f"mean{w}"], told[f"sd{w}"] ** 2 * (told[f"n{w}"] - 1)) for w in (1, 3)
        )
        found = difference_of_means(before=before, now=now)
        yield line("difference: delta, se", f"univbct {name}", "base R",
                   [told["delta"], told["se_independent"]], [found.delta, found.se])  # fmt: skip
    for name, told in R["gaps"].items():
        found_gap = gap(leaders=moments_of(told["leaders"]), staff=moments_of(told["staff"]))
        test, people = found_gap.difference, told["leaders"]["n"] + told["staff"]["n"]
        yield line("gap: t, df, p, interval", name, "t.test", [told["t"], told["df"], told["p"], *told["interval"]],
                   [test.t, test.df, test.p, *(found_gap.interval or ())])  # fmt: skip
        corrected = told["g_uncorrected"] * (1 - 3 / (4 * people - 9))
        yield line("gap: Hedges' g", name, "psych cohen.d, corrected", corrected, found_gap.g)


def _agreement() -> Iterator[Line]:
    fields = ("r_wg_j", "lindell", "ad_mean", "ad_median")
    for name, one in SETS.items():
        rows, group = made(name)
        counts = complete_counts(rows, group=group, groups=len(one["made"]["sizes"]), points=one["made"]["points"])
        found = agreement(counts)
        for field in fields:
            yield line(f"agreement: {field}", f"made set “{name}”", "multilevel", _floats(one["agreement"][field]),
                       getattr(found, field))  # fmt: skip
        if one["made"]["points"] == 5:
            ours = agreement(counts, null=slightly_skewed_null(5)).r_wg_j
            yield line("agreement: r_wg_j, skewed null", f"made set “{name}”", "multilevel",
                       _floats(one["agreement"]["r_wg_j_skewed"]), ours)  # fmt: skip
    told = MADE["lq2002"]["first_values"]
    found = agreement(np.array([list(company.values()) for company in MADE["lq2002"]["first"]]))
    for field in fields:
        yield line(f"agreement: {field}", "lq2002, 3 companies", "multilevel", told[field], getattr(found, field))


def _floats(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]


def _polarisation() -> Iterator[Line]:
    for text, told in REFERENCE["careless_overlap_agreement"]["agreement_A"].items():
        ours = float(consensus(np.array([int(count) for count in text.split(",")])))
        yield line("consensus (van der Eijk's A)", text, "agrmt", told["A"], ours)
    bc = REFERENCE["intervals_and_bimodality"]["bc"]
    for name, counts in (("split", [20, 0, 0, 0, 20]), ("uniform", [8] * 5), ("unimodal", [0, 4, 20, 12, 4])):
        yield line("bimodality", f"40 answers, {name}", "psych describe", bc[name], float(bimodality(np.array(counts))))


def _reliability() -> Iterator[Line]:
    for name, told in MADE["reliability"].items():
        found = from_covariance(np.array(told["covariance"]), n=told["n"])
        yield from _coefficients(found, told, name)
    for name, one in SETS.items():
        rows, group = made(name)
        points = one["made"]["points"]
        reverse = np.zeros(rows.shape[1], dtype=np.bool_)
        yield from _coefficients(cross_products(rows, reverse=reverse, points=points), one["raw"], f"made set “{name}”")
        centred = cross_products(rows, reverse=reverse, points=points, group=group, groups=int(group.max()) + 1)
        yield from _coefficients(centred, one["within"], f"made set “{name}”, centred")
    for name, told in MADE["heywood"].items():
        ours = _omega(from_covariance(np.array(told["correlation"], dtype=np.float64), n=500))
        yield line("omega, Heywood case", f"correlations of {name}", "factanal", told["omega"], ours, FITTED)


def _coefficients(found: CrossProducts, told: Mapping[str, Any], data: str) -> Iterator[Line]:  # Any: R's numbers
    one = alpha(found, least=2)
    assert isinstance(one, Coefficient)
    yield line("alpha", data, "psych", told["alpha"], one.value)
    yield line("alpha: Feldt's interval", data, "psych", told["feldt"], one.interval)
    yield line("item_rest", data, "psych", told["item_rest"], item_rest(found))
    if "omega" in told:
        yield line("omega", data, "lavaan cfa", told["omega"]["omega"], _omega(found), FITTED)


def _omega(found: CrossProducts) -> float:
    whole = omega(found, least=2)
    assert isinstance(whole, Coefficient)
    return whole.value


def _aggregation() -> Iterator[Line]:
    fields = ("icc1", "icc1_mean_size", "icc2")
    for name, one in SETS.items():
        rows, group = made(name)
        reverse = np.zeros(rows.shape[1], dtype=np.bool_)
        scores = person_scores(rows, reverse=reverse, points=one["made"]["points"])
        found = variance(group_sums(scores, group, groups=int(group.max()) + 1))
        assert found is not None
        ours = [found.msb, found.msw, found.k0, found.f, *(getattr(icc(found), field) for field in fields)]
        told = [one["aggregation"][field] for field in ("msb", "msw", "k0", "f", *fields)]
        yield line("variance, icc", f"made set “{name}”", "multilevel, aov", told, ours)
        if "shrunken" in one:
            drawn = _shrunken(scores, group, found)
            yield line("shrunken", f"made set “{name}”", "nlme lme", one["shrunken"]["shrunken"], drawn)
    every = {**MADE["bh1996"], "univbct JOBSAT1": MADE["univbct_jobsat1"]}
    for name, told in every.items():
        sizes = {field: told[field] for field in ("groups", "people", "k0", "msb", "msw")}
        found = Variance(grand=0.0, **sizes)
        data = name if " " in name else f"bh1996 {name}"
        yield line("icc", data, "multilevel", [told[field] for field in fields],
                   [getattr(icc(found), field) for field in fields])  # fmt: skip


def _shrunken(scores: Floats, group: Integers, found: Variance) -> Floats:
    """With one spread for all groups, as a mixed model has it."""
    sums = group_sums(scores, group, groups=int(group.max()) + 1)
    return shrunken(found, mean=sums.mean, se0=np.sqrt(found.msw / sums.n)).mean


def _drivers() -> Iterator[Line]:
    for name, told in R["drivers"].items():
        found = Correlations(np.array(told["among"]), np.array(told["with"]))
        yield line("johnson_weights", name, "svd, as rwa", told["johnson"], johnson_weights(found))
        yield line("lmg", name, "lm on all subsets, as relaimpo", told["lmg"], lmg(found))
        yield line("r_squared", name, "lm", told["r2"], r_squared(found))


def _rest() -> Iterator[Line]:
    told = R["nonresponse"]
    months = [people_with(part) for part in told["months"]]
    late = late_response(np.concatenate(months), np.repeat(np.arange(5, 10), [len(part) for part in months]), k=10)
    assert late is not None
    fields = ("delta", "se", "t", "df", "p")
    yield line("late_response", "airquality Temp", "t.test", [told[field] for field in fields],
               [getattr(late.difference, field) for field in fields])  # fmt: skip
    told = R["screening"]
    codes = careless_answers()
    yield line("longest_runs", "60 made people", "rle", told["longest"], longest_runs(codes))
    yield line("intra_individual_variability", "60 made people", "sd", told["irv"], intra_individual_variability(codes))
    distances = squared_distances(codes, np.zeros(60, dtype=np.intp), groups=1)
    yield line("squared_distances", "60 made people", "mahalanobis", told["distance"], distances)
    told = R["trend"]
    found = slope(told["times"], told["means"], told["errors"])
    yield line("slope: slope, scatter", "airquality Temp", "lm", [told["slope"], told["sigma"] ** 2],
               [found.slope, found.scatter])  # fmt: skip
    for one in told["detectable"]:
        ours = minimum_detectable_difference(20 * math.sqrt(2 / one["n"]), 2 * (one["n"] - 1))
        yield line("minimum_detectable_difference", f"s = 20, n = {one['n']}", "power.t.test", one["delta"], ours)
    told = R["standardised"]
    groups = ([Moments(one["n"], one["mean"], 1.0) for one in told[side]] for side in ("before", "now"))
    mix = standardised(*groups, k=2)
    assert mix is not None
    yield line("standardised", "mtcars by gears", "base R", [told["plain"], told["standardised"]],
               [mix.plain, mix.standardised])  # fmt: skip
    told = R["linking"]
    link = Linking(**{field: told[field] for field in ("n", "mean_old", "s_old", "mean_new", "s_new", "correlation")})
    for name, of in (("linked", link.to_old), ("error", link.error)):
        yield line(f"linking: {name}", "univbct", "base R", [one[name] for one in told["at"]],
                   [of(one["score"]) for one in told["at"]])  # fmt: skip


def _gating() -> Iterator[Line]:
    told = AUTONOMY["gating"]
    found = [bounds(one["mean"], n=one["n"], spread=Spread(one["s"], one["n"] - 1)) for one in told]
    yield line("bounds", "attitude", "t.test", [[one["lower"], one["upper"]] for one in told],
               [[one.lower, one.upper] for one in found])  # fmt: skip
    ours = [upper_bound(one["errors"], one["cases"]) for one in AUTONOMY["bounds"]]
    yield line("upper_bound", "errors in cases", "binom.test", [one["bound"] for one in AUTONOMY["bounds"]], ours)
    told = AUTONOMY["wanted"]
    ours = [p_wanted(Rating(mean=one["mean"], n=one["n"], spread=Spread(one["s"], one["n"] - 1))) for one in told]
    yield line("p_wanted", "mtcars", "pt", [one["p_wanted"] for one in told], ours)


WITHOUT = (
    (
        "printed numbers (`printed.py`, `sides.py`, `grades.py`)",
        "rules of this project (P7, P12)",
        "worked tables, all divisions of 10 to 60 answers, properties",
    ),
    (
        "one spread for several strata (`roll_up`, `rollups.py`, `column_spread`)",
        "P2 and P8 are this project's own; `survey` has a spread for each stratum",
        "two intervals given with the fixture, a slow oracle, `rollups` against `roll_up` set by set",
    ),
    ("half rule (`people.py`), split (`polarisation.py`)", "rules of this project (3.1, P15)", "oracles, worked table"),
    (
        "`claim`, `decision`, `screening`, `largest_shift`, `comparable`",
        "thresholds chosen by policy",
        "worked tables, slow rules, properties",
    ),
    (
        "Wilson's interval with n*",
        "n* is a choice of the measurement design; R has it with n* put in",
        "its equation solved by halving; svymean's error gives the same n*",
    ),
    (
        "intervals of drivers (`drivers`)",
        "R draws resamples with another generator, and no tolerance is asked (3.15)",
        "the bootstrap person by person with the same draws",
    ),
    (
        "`late_response`: who is early",
        "whole days are this project's rule (P19)",
        "a slow second way; its test is that of t.test",
    ),
    ("`nonresponse`", "arithmetic of the measurement design", "people who are added one by one"),
    ("measurement error (`standard_error_of_measurement`)", "arithmetic of the measurement design", "worked table"),
    (
        "autonomy (`ceiling.py`, `caps.py`, `controls.py`, `legal.py`, `value.py`, `quadrants.py`)",
        "policy of this project",
        "the reference program of the measurement design and an oracle",
    ),
    (
        "order of rows (`seriation.py`)",
        "scipy joins and orders the tree; which end comes first is a rule of this project",
        "rows on a line, walks no longer than before ordering, each row once",
    ),
    (
        "a change beside comparable ones (`effects.py`)",
        "what is compared, and the spread added among those, are rules of this project (ADR 45)",
        "worked table, numpy and scipy from the formula, the prediction interval of one more observation, draws",
    ),
    ("forecast (`visibility.py`, `merges.py`)", "the plan of this project", "the planner itself, draw by draw"),
)
"""What no other program computes: the formulas, why, and what holds them instead."""


def printed() -> str:
    """The table in Markdown, and below it what has no reference."""
    rows = [
        "| function | data | reference by | reference | ours | difference | numbers |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {one.function} | {one.data} | {one.source} | {one.reference:.10g} | {one.ours:.10g} | {one.apart:.1e} "
        f"| {one.numbers} |"
        for one in lines()
    ]
    rows += ["", "| without a reference | why | held by |", "|---|---|---|"]
    return "\n".join([*rows, *(f"| {what} | {why} | {by} |" for what, why, by in WITHOUT)])


if __name__ == "__main__":
    print(printed())
