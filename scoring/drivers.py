"""What goes with an outcome, by how much of its variance (measurement design, 3.11, P16).

Association in answers of the same people at the same time, and no proof of cause.
"""

from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np

from scoring.arrays import Flags, Floats, Integers
from scoring.errors import MisfitError, OutsideScaleError, SingularError, TooFewError, require_finite

LEAST_PEOPLE: Final = 110
PEOPLE_PER_PREDICTOR: Final = 10
SMALLEST_EIGENVALUE: Final = 1e-6
MOST_PREDICTORS: Final = 16
DRAWS: Final = 2000
LEVEL: Final = 0.95
MOST_GROUPS: Final = 4_000
"""Up to so many people the bootstrap draws persons; beyond, random groups of persons of equal size."""

_DRAWS_AT_ONCE = 250
_GROUPS_AT_ONCE = 1 << 17
# Drawn at once, so that what is drawn stays near the processor and in memory that is there already.
_LAYERS_AT_ONCE = 8
_LEAST_GOOD_DRAWS = 0.95
_SPREADLESS = 1e-12
_IMPOSSIBLE = 1e-6
"""What rounding may add to an R^2 of 1."""
# Of a column that has a spread of 1 in the whole sample; what rounding leaves of no spread is far below.
_LEAST_VARIANCE = 1e-10
_NEAR_FROM = 20
# So many people for each predictor.
_MOST_STEPS = 30
_LAST_STEP = 1e-10
_MARGIN = 2e-3


@dataclass(frozen=True, slots=True)
class Correlations:
    """Correlations of p predictors with each other, shape (p, p), and with the outcome, shape (p,)."""

    among: Floats
    outcome: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """Each predictor's part of R^2, shape (p,), in the order given.

    `johnson` and `lmg` add up to `r2`; `share` is johnson / r2 (0 to 1) with its percentile interval `low` to `high`
    from `draws` resamples.
    """

    n: int
    r2: float
    johnson: Floats
    lmg: Floats
    share: Floats
    low: Floats
    high: Floats
    draws: int


def correlations(predictors: Floats, outcome: Floats) -> Correlations:
    """Pearson's correlations, from predictors of shape (people, p) and an outcome of shape (people,), all finite.

    MisfitError, NotFiniteError, TooFewError below 2 people or without a predictor, SingularError where a column has no
    spread.
    """
    if predictors.ndim != 2 or outcome.shape != predictors.shape[:1]:
        raise MisfitError(f"predictors {predictors.shape} and outcome {outcome.shape} do not fit")
    require_finite("predictors", predictors)
    require_finite("outcome", outcome)
    people, p = predictors.shape
    if people < 2 or p < 1:
        raise TooFewError(f"{people} people and {p} predictors: at least 2 and 1 are needed")
    return _split(_correlation_matrix(_standardised(np.column_stack([predictors, outcome]))))


def johnson_weights(found: Correlations) -> Floats:
    """Johnson's relative weights, shape (p,), which add up to R^2 and are never negative (Johnson 2000).

    Rxx = Q L Q'; M = Q L^(1/2) Q'; b = M^-1 rxy; weight k = sum over j of M_kj^2 b_j^2. SingularError where the
    smallest eigenvalue of Rxx is below 1e-6; other errors of `refuse_singular`.
    """
    refuse_singular(found)
    weights: Floats = _johnson(found.among[None], found.outcome[None])[0]
    return weights


def r_squared(found: Correlations) -> float:
    """The share of the outcome's variance that all predictors explain together, rxy' Rxx^-1 rxy, 0 to 1.

    Errors of `johnson_weights`.
    """
    refuse_singular(found)
    return float(found.outcome @ np.linalg.solve(found.among, found.outcome))


def lmg(found: Correlations) -> Floats:
    """The mean increase in R^2 by each predictor over all orders of entering, shape (p,); adds up to R^2.

    Exact: weight k = sum over sets S without k of |S|! (p - |S| - 1)! / p! (R^2 of S and k - R^2 of S)
    (Lindeman, Merenda and Gold 1980). The R^2 of all 2^p sets come from p sweeps, each of which doubles the number of
    sets. OutsideScaleError beyond 16 predictors, whose sets would not fit into memory; errors of `johnson_weights`.
    """
    refuse_singular(found)
    p = found.outcome.size
    if p > MOST_PREDICTORS:
        raise OutsideScaleError(f"predictors: {p}, at most {MOST_PREDICTORS} can enter in all orders")
    explained = _explained(found)
    sets = np.arange(2**p)
    size = np.bitwise_count(sets)
    orders = np.array([1 / (p * comb(p - 1, number)) for number in range(p)])
    weights = np.empty(p)
    for place in range(p):
        without = sets[(sets >> place) & 1 == 0]
        weights[place] = np.dot(orders[size[without]], explained[without | 1 << place] - explained[without])
    return weights


def drivers(predictors: Floats, outcome: Floats, *, seed: int, draws: int = DRAWS, level: float = LEVEL) -> Drivers:
    """Relative weights of the predictors, shape (people, p), for the outcome, shape (people,); NaN is no score.

    People with any NaN are left out. The interval is the percentile interval of the share in `draws` resamples, drawn
    with a generator seeded by `seed`; resamples whose predictors are redundant are left out. The order of people
    changes nothing, not even the last digit. Beyond 4,000 people random groups of equal size are drawn instead of
    persons, whose sums vary as much. Cost: n p^2 once, then draws x min(n, 4000) x p^2 / 2: with eleven
    predictors about a second of one core and 200 MB beside the input for a million people, 0.3 seconds for 5,000.
    TooFewError below max(110, 10 p) complete people, SingularError where predictors or the outcome have no spread, are
    redundant or unrelated, or more than 5 % of the resamples are; MisfitError, NotFiniteError for infinite scores.
    """
    if predictors.ndim != 2 or outcome.shape != predictors.shape[:1]:
        raise MisfitError(f"predictors {predictors.shape} and outcome {outcome.shape} do not fit")
    if draws < 1 or not 0 < level < 1:
        raise OutsideScaleError(f"draws {draws}, level {level}: a number is out of place")
    complete = np.flatnonzero(~(np.isnan(predictors).any(axis=1) | np.isnan(outcome)))
    people, p = complete.size, predictors.shape[1]
    least = max(LEAST_PEOPLE, PEOPLE_PER_PREDICTOR * p)
    if people < least or p < 1:
        raise TooFewError(f"drivers: {people} complete people, {least} are needed for {p} predictors")
    rng = np.random.default_rng(seed)
    both = _in_fixed_order(predictors, outcome, complete, rng)
    require_finite("predictors", both[:, :-1])
    require_finite("outcome", both[:, -1])
    z = _standardised(both)
    found = _split(_correlation_matrix(z))
    johnson = johnson_weights(found)
    r2 = float(johnson.sum())
    if r2 < _SPREADLESS:
        raise SingularError("outcome: it is unrelated to every predictor, so there is nothing to divide")
    shares = _bootstrap(z, rng, draws, _near(found.among, people))
    tail = (1 - level) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    return Drivers(
        n=people, r2=r2, johnson=johnson, lmg=lmg(found), share=johnson / r2, low=low, high=high, draws=len(shares)
    )


def refuse_singular(found: Correlations) -> None:
    """SingularError where the predictors are redundant: an eigenvalue of their correlations is below 1e-6 (P16).

    Before that MisfitError or NotFiniteError where shapes do not fit or a number is none, and OutsideScaleError for
    correlations that no scores have: not symmetric, other than 1 with itself, or with more than the whole outcome
    explained.
    """
    p = found.outcome.size
    if found.among.shape != (p, p) or found.outcome.ndim != 1 or not p:
        raise MisfitError(f"among {found.among.shape} and outcome {found.outcome.shape} do not fit")
    require_finite("among", found.among)
    require_finite("outcome", found.outcome)
    if not (np.allclose(found.among, found.among.T) and np.allclose(np.diag(found.among), 1.0)):
        raise OutsideScaleError("among: correlations are symmetric, and 1 of a predictor with itself")
    values, vectors = np.linalg.eigh(found.among)
    smallest = float(values[0])
    if smallest < -SMALLEST_EIGENVALUE:
        raise OutsideScaleError(f"among: no scores have these correlations, an eigenvalue is {smallest:.1e}")
    if smallest < SMALLEST_EIGENVALUE:
        raise SingularError(f"predictors: redundant, the smallest eigenvalue of their correlations is {smallest:.1e}")
    explained = float(np.sum((vectors.T @ found.outcome) ** 2 / values))
    if explained > 1 + _IMPOSSIBLE:
        raise OutsideScaleError(f"outcome: no scores have these correlations, R^2 would be {explained:.3f}")


def _in_fixed_order(predictors: Floats, outcome: Floats, people: Integers, rng: np.random.Generator) -> Floats:
    """These people's scores, the outcome last, in an order that depends on nothing but the scores and the generator.

    They are sorted by a random sum of their scores, in which people of equal scores only are equal, and then shuffled.
    Added up column by column, so that a row's sum does not depend on its place; columns lie together, and are quick if
    they did before.
    """
    given = [predictors[people, column] for column in range(predictors.shape[1])]
    given.append(outcome[people])
    key = given[-1].copy()
    factors: Floats = rng.random(size=(predictors.shape[1],))
    for factor, column in zip(factors, given, strict=False):
        key += factor * column
    order = rng.permutation(np.argsort(key, kind="stable"))
    both = np.empty((order.size, len(given)), order="F")
    for place, column in enumerate(given):
        np.take(column, order, out=both[:, place])
    return both


def _standardised(both: Floats) -> Floats:
    """The columns, the outcome last, with mean 0 and spread 1, shape (people, p + 1); in place."""
    centre = both.mean(axis=0)
    both -= centre
    spread = np.sqrt(np.einsum("ij,ij->j", both, both) / both.shape[0])
    still = np.flatnonzero(spread <= _SPREADLESS * np.maximum(np.abs(centre), 1))
    if still.size:
        name = "outcome" if still[0] == both.shape[1] - 1 else f"predictor {still[0] + 1}"
        raise SingularError(f"{name}: everybody has the same score")
    both /= spread
    return both


def _correlation_matrix(z: Floats) -> Floats:
    among: Floats = z.T @ z / z.shape[0]
    np.fill_diagonal(among, 1.0)
    return among


def _split(all_of: Floats) -> Correlations:
    return Correlations(all_of[:-1, :-1], all_of[:-1, -1])


def _johnson(among: Floats, outcome: Floats) -> Floats:
    """Johnson's weights of many samples at once: (draws, p, p) and (draws, p) give (draws, p)."""
    values, vectors = np.linalg.eigh(among)
    return _weights(values, vectors, outcome)


def _weights(values: Floats, vectors: Floats, outcome: Floats) -> Floats:
    """The same from the eigenvalues and eigenvectors of the correlations."""
    root = np.sqrt(values)
    turned = np.einsum("dij,di->dj", vectors, outcome) / root
    onto = np.einsum("dij,dj->di", vectors, turned)
    loadings = np.einsum("dij,dj,dkj->dik", vectors, root, vectors, optimize=True)
    weights: Floats = np.einsum("dij,dj->di", loadings**2, onto**2)
    return weights


def _explained(found: Correlations) -> Floats:
    """R^2 of every set of predictors, shape (2^p,); bit k of the place says that predictor k is in the set.

    Each step takes the next predictor out of the matrices of what the chosen ones leave unexplained: once dropped, once
    swept (what it explains is taken away as well). After p steps the unexplained variance of the outcome is left.
    """
    p = found.outcome.size
    left = np.empty((1, p + 1, p + 1))
    left[0, :p, :p], left[0, :p, p], left[0, p, :p], left[0, p, p] = found.among, found.outcome, found.outcome, 1.0
    for _ in range(p):
        rest, across = left[:, 1:, 1:], left[:, 1:, 0]
        swept = rest - across[:, :, None] * across[:, None, :] / left[:, :1, :1]
        left = np.concatenate([rest, swept])
    explained: Floats = 1 - left[:, 0, 0]
    return explained


def _bootstrap(z: Floats, rng: np.random.Generator, draws: int, near: "_Near | None") -> Floats:
    """The share of each predictor in R^2 in every resample whose predictors are not redundant, shape (<= draws, p).

    `near` is of the correlations of the predictors in the whole sample, where those of resamples differ little.
    """
    products, place = _products(z)
    sums = _resampled(products, rng, draws)
    starts = range(0, draws, _DRAWS_AT_ONCE)
    shares = [_shares(sums[start : start + _DRAWS_AT_ONCE], place, near) for start in starts]
    good = np.concatenate(shares)
    if len(good) < _LEAST_GOOD_DRAWS * draws:
        raise SingularError(f"predictors: redundant in {draws - len(good)} of {draws} resamples")
    return good


def _resampled(products: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """The sums of products (groups, ...) of as many groups, drawn with replacement, shape (draws, ...)."""
    groups = len(products)
    at_once = max(1, _GROUPS_AT_ONCE // groups)
    first: Integers = groups * np.arange(at_once)[:, None]
    sums = np.empty((draws, products.shape[1]))
    for start in range(0, draws, at_once):
        number = min(at_once, draws - start)
        drawn = rng.integers(groups, size=(number, groups))
        drawn += first[:number]
        times = np.bincount(drawn.ravel(), minlength=number * groups).reshape(number, groups)
        np.matmul(times.astype(np.float64), products, out=sums[start : start + number])
    return sums


def _products(z: Floats) -> tuple[Floats, Integers]:
    """Sums of products of (1, z) in groups of people, upper triangles, shape (groups, ...), and where each product is.

    The groups have equally many people; the last ones may have one less. A layer is one person of every group.
    """
    people, columns = z.shape
    layers = -(-people // MOST_GROUPS)
    groups = -(-people // layers)
    rows, others = np.triu_indices(columns + 1)
    products = np.zeros((rows.size, groups))
    for start in range(0, people, groups * _LAYERS_AT_ONCE):
        some = z[start : start + groups * _LAYERS_AT_ONCE]
        layered = np.zeros((columns + 1, -(-len(some) // groups), groups))
        flat = layered.reshape(columns + 1, -1)
        flat[0, : len(some)] = 1.0
        flat[1:, : len(some)] = some.T
        for number, (row, other) in enumerate(zip(rows.tolist(), others.tolist(), strict=True)):
            products[number] += np.einsum("lg,lg->g", layered[row], layered[other])
    place = np.empty((columns + 1, columns + 1), dtype=np.intp)
    place[rows, others] = place[others, rows] = np.arange(rows.size)
    return np.ascontiguousarray(products.T), place


def _shares(sums: Floats, place: Integers, near: "_Near | None") -> Floats:
    """The shares in R^2 from sums of products of resamples, shape (good resamples, p); `place` has where each is."""
    products = sums[:, place]
    n, mean = products[:, :1, :1], products[:, 0, 1:] / products[:, 0, :1]
    cross = products[:, 1:, 1:] / n - mean[:, :, None] * mean[:, None, :]
    variance = np.diagonal(cross, axis1=1, axis2=2)
    moving = (variance > _LEAST_VARIANCE).all(axis=1)
    spread = np.sqrt(variance[moving])
    among = cross[moving] / (spread[:, :, None] * spread[:, None, :])
    weights = _weights_near(np.ascontiguousarray(among[:, :-1, :-1]), among[:, :-1, -1], near)
    together = weights.sum(axis=1, keepdims=True)
    related = together[:, 0] > _SPREADLESS
    shares: Floats = weights[related] / together[related]
    return shares


@dataclass(frozen=True, slots=True)
class _Near:
    """Eigenvectors (p, p) of correlations, and the square roots of the eigenvalues, shape (p,), in ascending order."""

    vectors: Floats
    roots: Floats


def _near(among: Floats, people: int) -> _Near | None:
    """Of the correlations of a sample; None of a small one, whose resamples lie too far away from it."""
    if people < _NEAR_FROM * len(among):
        return None
    values, vectors = np.linalg.eigh(among)
    return _Near(vectors, np.sqrt(values))


def _weights_near(among: Floats, outcome: Floats, near: _Near | None) -> Floats:
    """Johnson's weights of the samples whose predictors are not redundant: (draws, p, p) and (draws, p) to (some, p).

    Where the root of a sample's correlations lies near enough to that of the whole sample it is found without
    eigenvalues, in half the time.
    """
    root, found = (among, np.zeros(len(among), dtype=np.bool_)) if near is None else _roots(among, near)
    weights = np.empty(outcome.shape)
    onto = np.linalg.solve(root[found], outcome[found, :, None])
    weights[found] = (root[found] ** 2 @ onto**2)[:, :, 0]
    if not found.all():
        rest = np.flatnonzero(~found)
        values, vectors = np.linalg.eigh(among[rest])
        independent = values[:, 0] >= SMALLEST_EIGENVALUE
        kept = rest[independent]
        weights[kept] = _weights(values[independent], vectors[independent], outcome[kept])
        found[kept] = True
    good: Floats = weights[found]
    return good


def _roots(among: Floats, near: _Near) -> tuple[Floats, Flags]:
    """The positive square roots of correlations (draws, p, p), and which of them were found.

    Newton's method with the derivative held at the near root, in whose eigenvectors it divides by a_i + a_j. A root is
    found where a step changes nothing above 1e-10 and it is nearer to the near one than that one's smallest eigenvalue
    less 0.002: then it is positive, and no eigenvalue of the correlations is below 4e-6.
    """
    pace, start = 1 / np.add.outer(near.roots, near.roots), np.diag(near.roots)
    turned = near.vectors.T @ (among @ near.vectors)
    root = start + (turned - start**2) * pace
    step = np.empty_like(root)
    for _ in range(_MOST_STEPS):
        np.matmul(root, root, out=step)
        np.subtract(turned, step, out=step)
        step *= pace
        root += step
        # The length of all steps together: they are looked at once, and no step is longer.
        if np.vdot(step, step) < _LAST_STEP**2:
            break
    away = root - start
    settled = np.abs(step, out=step).max(axis=(1, 2)) < _LAST_STEP
    close = np.sqrt(np.einsum("dij,dij->d", away, away)) < near.roots[0] - _MARGIN
    return near.vectors @ root @ near.vectors.T, settled & close
