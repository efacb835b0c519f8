"""Reliability of a dimension: alpha, omega, item-rest correlations, two items (measurement design, 3.8, P3, P16).

Everything rests on the cross-products of complete rows, centred within the strata of the k = 10 plan (P3) so that
differences between departments don't count as reliability. For a million sheets they are sums that a kernel makes;
`cross_products` makes them from answers, `from_patterns` from numbers of people by pattern of answers. Whole
organisation only, never a department.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from scoring.arrays import Answers, Flags, Floats, Integers
from scoring.errors import (
    MisfitError,
    NotCountsError,
    OutsideScaleError,
    TooFewError,
    require_counts,
    require_finite,
    require_groups,
)
from scoring.factor import Factor, factors
from scoring.people import MISSING
from scoring.printed import half_up

Why = Literal["too_few_people", "too_few_items", "not_two_items", "no_spread", "not_positive", "singular"]

ALPHA_FROM: Final = 50
OMEGA_FROM: Final = 150
SATISFACTORY: Final = 70
"""A coefficient below this, in hundredths as it is printed, is flagged."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossProducts:
    """Sums of squares and products of deviations between items, shape (items, items), of `n` complete rows.

    `df` is n less the number of groups that the rows were centred in; 1 group is none. Reverse-worded items are turned.
    """

    n: int
    df: int
    products: Floats

    @property
    def items(self) -> int:
        """The number of items."""
        return len(self.products)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no coefficient: `need` is what it takes and `have` what there is, where `why` is about a number."""

    why: Why
    need: int = 0
    have: int = 0

    def __str__(self) -> str:
        return {
            "too_few_people": f"{self.have} people answered all items; {self.need} are needed",
            "too_few_items": f"{self.have} items; {self.need} are needed",
            "not_two_items": f"{self.have} items; the Spearman-Brown coefficient is for exactly {self.need}",
            "no_spread": "an item, or the sum of the items, is the same for everybody",
            "not_positive": "the two items are not positively correlated",
            "singular": "the items are redundant, one of them follows from the others, or no factor fits them",
        }[self.why]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A reliability of at most 1, of `n` people. `interval` is 95 %, None where the method has none."""

    n: int
    value: float
    interval: tuple[float, float] | None = None

    @property
    def low(self) -> bool:
        """Flagged: below .70 as it is printed, so that the word follows from the number that stands beside it (P7)."""
        return half_up(100 * self.value) < SATISFACTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Omega(Coefficient):
    """Omega with the loadings and error variances of its factor, in the items' own units.

    `heywood` tells that an error variance had to be held at .005 of its item's: the solution is not to be trusted.
    """

    loadings: tuple[float, ...]
    errors: tuple[float, ...]
    heywood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """What is said of a dimension. `headline` is alpha, or for two items Spearman-Brown.

    `item_rest` has each item's correlation with the sum of the others, None for one without spread; `alarms` are the
    places of items whose correlation is negative, in hundredths: their keying has to be checked. No item is left out.
    """

    headline: Coefficient | Refusal
    omega: Omega | Refusal
    item_rest: tuple[float | None, ...]
    alarms: tuple[int, ...]

    @property
    def reliable(self) -> bool:
        """Whether the headline is there, at least .70, and no item runs against the others."""
        return isinstance(self.headline, Coefficient) and not self.headline.low and not self.alarms


def cross_products(
    answers: Answers, *, reverse: Flags, points: int, group: Integers | None = None, groups: int = 1
) -> CrossProducts:
    """Cross-products of the complete rows of answers (people x items: 1..`points`, 0 for missing).

    `group` (people,) has 0..groups-1 to centre within; without it rows are centred on the mean of all. MisfitError for
    shapes that do not fit, OutsideScaleError for an answer or a group out of range.
    """
    if answers.ndim != 2 or answers.shape[1] == 0:
        raise MisfitError(f"answers: {answers.shape} is not people x items")
    if int(answers.max(initial=MISSING)) > points:
        raise OutsideScaleError(f"answers: {int(answers.max())} is outside 1..{points}")
    group = np.zeros(len(answers), dtype=np.intp) if group is None else group
    group = require_groups(group, people=len(answers), groups=groups)
    by_item = np.ascontiguousarray(answers.T)  # a column at a time is several times faster than a row of few at a time
    complete = (by_item != MISSING).all(axis=0)
    kept, group = by_item[:, complete].astype(np.float64), group[complete]
    n = np.bincount(group, minlength=groups)
    sums: Floats = np.stack([np.bincount(group, weights=item, minlength=groups) for item in kept], axis=1)
    return from_sums(n=n, sums=sums, products=kept @ kept.T, reverse=reverse)


def from_patterns(people: Integers, patterns: Answers, *, reverse: Flags) -> CrossProducts:
    """Cross-products within groups from how many people of each gave which answers, for waves of any size.

    `people` (groups, patterns) are numbers of people, `patterns` (patterns, items) their answers, 0 for missing; rows
    with a missing answer do not count. Errors are those of `from_sums`.
    """
    people = require_counts("people", people, axes=2)
    if patterns.ndim != 2 or people.shape[1:] != patterns.shape[:1]:
        raise MisfitError(f"people {people.shape} and patterns {patterns.shape} do not fit")
    complete = (patterns != MISSING).all(axis=1)
    kept, answers = people[:, complete].astype(np.float64), patterns[complete].astype(np.float64)
    products = (answers.T * kept.sum(axis=0)) @ answers
    return from_sums(n=people[:, complete].sum(axis=1), sums=kept @ answers, products=products, reverse=reverse)


def from_sums(*, n: Integers, sums: Floats, products: Floats, reverse: Flags) -> CrossProducts:
    """Cross-products from what a kernel adds up over complete rows; the form for waves of any size.

    `n` (groups,) people, `sums` (groups, items) of their answers, `products` (items, items) of the answers over all
    groups, none of them turned; `reverse` (items,) tells the items to turn. Whole numbers below 2^53 lose no digit.
    Groups without a row do not count. MisfitError, NotFiniteError, NotCountsError for what does not fit together.
    """
    items = reverse.size
    if n.ndim != 1 or sums.shape != (n.size, items) or products.shape != (items, items) or not items:
        raise MisfitError(
            f"n {n.shape}, sums {sums.shape}, products {products.shape}, reverse {reverse.shape} do not fit"
        )
    if not np.issubdtype(n.dtype, np.integer) or n.min(initial=0) < 0:
        raise NotCountsError("n: numbers of people are whole and not negative")
    require_finite("sums", sums)
    require_finite("products", products)
    present = n > 0
    means = sums[present] / n[present, None]
    centred = products - sums[present].T @ means
    sign = np.where(reverse, -1.0, 1.0)
    people = int(n.sum())
    return _checked(CrossProducts(n=people, df=people - int(present.sum()), products=centred * np.outer(sign, sign)))


def from_covariance(covariance: Floats, *, n: int) -> CrossProducts:
    """Cross-products from a covariance matrix (n - 1) of `n` people, such as a paper prints.

    MisfitError unless it is square, symmetric and no correlation is beyond 1, NotFiniteError, NotCountsError for a
    negative variance, TooFewError for n below 2.
    """
    if covariance.ndim != 2 or covariance.shape[0] != covariance.shape[1] or not covariance.size:
        raise MisfitError(f"covariance: {covariance.shape} is not items x items")
    if n < 2:
        raise TooFewError(f"n: {n} people have no covariance")
    require_finite("covariance", covariance)
    if not np.allclose(covariance, covariance.T):
        raise MisfitError("covariance: the matrix is not symmetric")
    found = _checked(CrossProducts(n=n, df=n - 1, products=covariance * (n - 1)))
    if np.linalg.eigvalsh(covariance)[0] < -_ROUNDING * max(1.0, float(np.trace(covariance))):
        raise MisfitError("covariance: no answers have these, an eigenvalue is negative")
    return found


def alpha(found: CrossProducts, *, least: int = ALPHA_FROM) -> Coefficient | Refusal:
    """Cronbach's alpha with Feldt's 95 % interval (Cronbach 1951; Feldt 1965).

        alpha = J / (J - 1) * (1 - sum of the items' variances / variance of their sum)
        1 - (1 - alpha) F(.975; df, df (J - 1))  to  1 - (1 - alpha) / F(.975; df (J - 1), df)

    df = n - 1, or n less the number of groups that were centred. Refused below `least` people or 2 items, or where the
    sum is the same for everybody. Near 0, or negative, it says that the items have nothing in common.
    """
    if refused := _refused(found, people=least, items=2):
        return refused
    items, total = found.items, float(found.products.sum())
    value = items / (items - 1) * (1 - float(np.trace(found.products)) / total)
    return Coefficient(n=found.n, value=value, interval=_feldt(value, df=found.df, items=items))


def spearman_brown(found: CrossProducts, *, least: int = ALPHA_FROM) -> Coefficient | Refusal:
    """The reliability of two items' sum, 2 r / (1 + r), only for r > 0 (P16; Eisinga and others 2013).

    Refused for another number of items, below `least` people, and where an item is the same for everybody.
    """
    if found.items != 2:
        return Refusal(why="not_two_items", need=2, have=found.items)
    (r, _) = item_rest(found)
    if found.n < least:
        return Refusal(why="too_few_people", need=least, have=found.n)
    if r is None:
        return Refusal(why="no_spread")
    return Coefficient(n=found.n, value=2 * r / (1 + r)) if r > 0 else Refusal(why="not_positive")


def omega(found: CrossProducts, *, least: int = OMEGA_FROM) -> Omega | Refusal:
    """McDonald's omega total of one factor by maximum likelihood: `omegas` of this one."""
    (one,) = omegas([found], least=least)
    return one


def omegas(found: Sequence[CrossProducts], *, least: int = OMEGA_FROM) -> list[Omega | Refusal]:
    """McDonald's omega total of one factor each by maximum likelihood (`scoring/factor.py`; McDonald 1999).

        omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of error variances)

    in the items' own units, each error variance at least .005 of its item's (P16). Refused below `least` people or 3
    items, where an item is the same for everybody, and where an item follows from the others.
    """
    refused = [_refused(one, people=least, items=3) or _without_spread(one) for one in found]
    fits: dict[int, Factor | None] = {}
    for items in {one.items for one in found}:
        places = [place for place, one in enumerate(found) if one.items == items and refused[place] is None]
        if places:
            fits |= zip(places, factors(np.stack([_correlations(found[one]) for one in places])), strict=True)
    return [why or _omega(one, fits[place]) for place, (one, why) in enumerate(zip(found, refused, strict=True))]


def _without_spread(found: CrossProducts) -> Refusal | None:
    return Refusal(why="no_spread") if np.diag(found.products).min() <= _ROUNDING * found.n else None


def _correlations(found: CrossProducts) -> Floats:
    squares = np.diag(found.products)
    correlations: Floats = found.products / np.sqrt(np.outer(squares, squares))
    return correlations


def _omega(found: CrossProducts, fit: Factor | None) -> Omega | Refusal:
    if fit is None:
        return Refusal(why="singular")
    s = np.sqrt(np.diag(found.products) / max(found.df, 1))
    loadings, errors = fit.loadings * s, fit.uniquenesses * s**2
    common = float(loadings.sum()) ** 2
    return Omega(
        n=found.n,
        value=common / (common + float(errors.sum())),
        loadings=tuple(loadings.tolist()),
        errors=tuple(errors.tolist()),
        heywood=fit.heywood,
    )


def item_rest(found: CrossProducts) -> tuple[float | None, ...]:
    """Each item's correlation with the sum of the other items; None where either is the same for everybody."""
    squares, rows = np.diag(found.products), found.products.sum(axis=1)
    rest = found.products.sum() - 2 * rows + squares
    told = np.minimum(squares, rest) > _ROUNDING * max(found.n, 1)
    bottom = np.sqrt(np.where(told, squares * rest, 1.0))
    correlations = np.clip((rows - squares) / bottom, -1.0, 1.0)
    return tuple(float(r) if known else None for r, known in zip(correlations, told, strict=True))


def headline(found: CrossProducts) -> Coefficient | Refusal:
    """The coefficient that is told first: alpha, for two items the Spearman-Brown coefficient (3.8)."""
    return spearman_brown(found) if found.items == 2 else alpha(found)


def reliability(found: CrossProducts) -> Reliability:
    """Everything that is said of a dimension's reliability, with its refusals: `reliabilities` of this one."""
    (one,) = reliabilities([found])
    return one


def reliabilities(found: Sequence[CrossProducts]) -> list[Reliability]:
    """Everything that is said of the reliability of each of some dimensions, with its refusals."""
    return [_reliability(one, whole) for one, whole in zip(found, omegas(found), strict=True)]


def _reliability(found: CrossProducts, whole: Omega | Refusal) -> Reliability:
    enough = found.n >= ALPHA_FROM
    correlations = item_rest(found) if enough else (None,) * found.items
    return Reliability(
        headline=headline(found),
        omega=whole,
        item_rest=correlations,
        alarms=tuple(place for place, r in enumerate(correlations) if r is not None and half_up(100 * r) < 0),
    )


def _checked(found: CrossProducts) -> CrossProducts:
    if np.diag(found.products).min() < -_ROUNDING * max(found.n, 1):
        raise NotCountsError("products: an item's sum of squares is negative: they contradict the sums")
    return found


def _refused(found: CrossProducts, *, people: int, items: int) -> Refusal | None:
    """Why there is no coefficient for so few people or items, or for a sum without spread; None if there is one."""
    if found.items < items:
        return Refusal(why="too_few_items", need=items, have=found.items)
    if found.n < people:
        return Refusal(why="too_few_people", need=people, have=found.n)
    return Refusal(why="no_spread") if found.products.sum() <= _ROUNDING * max(found.n, 1) else None


def _feldt(value: float, *, df: int, items: int) -> tuple[float, float]:
    # scipy takes a second to import; the web process, which never computes, should not pay for it.
    from scipy.special import fdtri

    within = df * (items - 1)
    return 1 - (1 - value) * float(fdtri(df, within, 0.975)), 1 - (1 - value) / float(fdtri(within, df, 0.975))
