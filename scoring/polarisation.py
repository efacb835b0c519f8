"""Polarisation: whether answers fall into two camps (measurement design, 3.7, P15).

Everything rests on tables of frequencies, whose leading axes may be any number of departments; the forms `by_group`
take people's scores instead. Fewer than 10 people get no bimodality and no split; `consensus` and `polarisation` are
computed for any number, and it is for the caller to tell them from 10 people on only (P2).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scoring.arrays import Flags, Floats, Integers
from scoring.errors import MisfitError, OutsideScaleError, require_counts, require_finite, require_groups

FROM: Final = 10
"""People from which on bimodality and a split are told."""

CLASSES: Final = 5
SPLIT_SHARE: Final = 0.25
SPLIT_POLARISATION: Final = 0.55
BIMODAL: Final = 5 / 9
"""A bimodality coefficient above that of the uniform distribution suggests two peaks."""

_STEP = 100 / (CLASSES - 1)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Whether a department is split, with what that rests on; every array has the shape of the departments.

    `n` people with a score; shares of 0 to 1 of those with at least 62.5 and at most 37.5 points; `polarisation` of the
    five classes, 0 to 1. Shares and polarisation are NaN where nobody has a score; `split` is then false.
    """

    n: Integers
    favourable: Floats
    unfavourable: Floats
    polarisation: Floats
    split: Flags


def consensus(counts: Integers) -> Floats:
    """Van der Eijk's A of ordered classes, from -1 (two camps) through 0 (uniform) to 1 (all in one class).

    `counts` (..., classes) are frequencies; the result has the axes before, NaN where there are none. The frequencies
    are cut into layers, patterns of empty and equally full classes. With K classes and S full ones in a pattern, TU
    triples of classes in order that are 110 or 011, and TDU that are 101:

        U = ((K - 2) TU - (K - 1) TDU) / ((K - 2) (TU + TDU))
        A of a layer = U (1 - (S - 1) / (K - 1)); 1 where S = 1, 0 where S = K
        A = sum of each layer's share of the people * its A

    Errors are those of `require_counts`. Source: van der Eijk 2001, Quality & Quantity 35.
    """
    counts = require_counts("counts", counts)
    layers = np.sort(counts, axis=-1)
    heights = np.diff(layers, axis=-1, prepend=0)
    # One pattern for each height, shape (..., layers, classes): the classes that reach it.
    patterns = counts[..., None, :] >= layers[..., :, None]
    weights = heights * patterns.sum(axis=-1)
    n = counts.sum(axis=-1)
    with np.errstate(invalid="ignore"):
        found: Floats = (weights * _pattern_consensus(patterns)).sum(axis=-1) / n
    return found


def polarisation(counts: Integers) -> Floats:
    """(1 - A) / 2: 0 where all are in one class, .5 for a uniform distribution, 1 for two camps at the ends."""
    return (1 - consensus(counts)) / 2


def bimodality(counts: Integers, *, at: Floats | None = None) -> Floats:
    """The bimodality coefficient of frequencies (..., classes); the result has the axes before.

    `at` (classes,) are the classes' values, 1, 2, 3 and so on unless given; NaN leaves a class out. With skew g1 and
    excess kurtosis g2, both corrected for bias (type 2 of Joanes and Gill 1998):

        BC = (g1^2 + 1) / (g2 + 3 (n - 1)^2 / ((n - 2) (n - 3)))

    NaN below 10 people or where all are alike. Above 5/9 suggests two peaks (Pfister and others 2013). Errors are those
    of `require_counts`, MisfitError for values that do not fit, NotFiniteError for an infinite one.
    """
    counts = require_counts("counts", counts)
    counts, x = (counts, np.arange(counts.shape[-1])) if at is None else _present(counts, at)
    n = counts.sum(axis=-1)
    away: Floats = x - ((counts @ x) / np.maximum(n, 1))[..., None]
    # Products, because powers take NumPy ten times as long.
    square = counts * (away * away)
    m3, m4 = (square * away).sum(axis=-1), (square * away * away).sum(axis=-1)
    return _bimodality(n, square.sum(axis=-1), m3, m4)


def bimodality_by_group(scores: Floats, group: Integers, *, groups: int) -> Floats:
    """The same of people's scores, shape (groups,); `group` has each person's 0..groups-1, NaN is no score.

    MisfitError for shapes that do not fit, NotFiniteError for an infinite score, OutsideScaleError for a group.
    """
    scores, group = _scored(scores, group, groups)
    n = np.bincount(group, minlength=groups)
    mean = np.bincount(group, weights=scores, minlength=groups) / np.maximum(n, 1)
    away = scores - mean[group]
    # NumPy's types don't know that weights make a sum of floats.
    m2, m3, m4 = (np.bincount(group, away**power, groups).astype(np.float64, copy=False) for power in (2, 3, 4))
    return _bimodality(n, m2, m3, m4)


def five_classes(counts: Integers, *, at: Floats) -> Integers:
    """How many people are nearest to 0, 25, 50, 75 and 100 points, shape (..., 5), from frequencies (..., scores).

    `at` (scores,) are the scores, 0 to 100, in any order; NaN leaves one out. Halves go away from the middle: 37.5
    counts as 25 and 62.5 as 75, so that the classes below and above the middle are exactly the people at or below 37.5
    and at or above 62.5, and turned answers give the mirrored table. Errors as in `bimodality`, and OutsideScaleError
    for a score outside 0..100.
    """
    counts, scores = _present(require_counts("counts", counts), at)
    found: Integers = counts @ (_class_of(scores)[:, None] == np.arange(CLASSES)).astype(np.intp)
    return found


def five_classes_by_group(scores: Floats, group: Integers, *, groups: int) -> Integers:
    """The same of people's scores, shape (groups, 5); arguments and errors as in `bimodality_by_group`."""
    scores, group = _scored(scores, group, groups)
    place = group * CLASSES + _class_of(scores)
    return np.bincount(place, minlength=groups * CLASSES).reshape(groups, CLASSES)


def split(classes: Integers) -> Split:
    """Which departments are split, from `five_classes` of any number of them, shape (..., 5) (P15).

    Split: at least 10 people, at least 25 % at or above 62.5 points, at least 25 % at or below 37.5, and a polarisation
    of the five classes above .55. Errors are those of `require_counts`; MisfitError also for another number of classes.
    """
    classes = require_counts("classes", classes)
    if classes.shape[-1] != CLASSES:
        raise MisfitError(f"classes: {classes.shape[-1]} of them, {CLASSES} are needed")
    n, polarised = classes.sum(axis=-1), polarisation(classes)
    low, high = classes[..., :2].sum(axis=-1), classes[..., 3:].sum(axis=-1)
    # A quarter by whole numbers, so that 3 of 12 is one.
    camps = (low * 4 >= n) & (high * 4 >= n)
    with np.errstate(invalid="ignore"):
        favourable, unfavourable = high / n, low / n
    return Split(
        n=n,
        favourable=favourable,
        unfavourable=unfavourable,
        polarisation=polarised,
        split=camps & (n >= FROM) & (polarised > SPLIT_POLARISATION + _ROUNDING),
    )


def _pattern_consensus(full: Flags) -> Floats:
    """A of patterns of full classes (..., classes). Every empty class stands in S (S - 1) / 2 triples with two full."""
    classes = full.shape[-1]
    s = full.sum(axis=-1)
    left = np.cumsum(full, axis=-1)
    between = (np.where(full, 0, left * (s[..., None] - left))).sum(axis=-1)
    triples = (classes - s) * s * (s - 1) // 2
    # With two classes there are no triples, and S is 1 or 2: the bottom is then replaced below.
    bottom = np.maximum((classes - 2) * triples, 1)
    u = ((classes - 2) * (triples - between) - (classes - 1) * between) / bottom
    found: Floats = np.where(s == 1, 1.0, np.where(s == classes, 0.0, u * (1 - (s - 1) / (classes - 1))))
    return found


def _bimodality(n: Integers, m2: Floats, m3: Floats, m4: Floats) -> Floats:
    """The coefficient from sums of the deviations' second, third and fourth powers."""
    told = (n >= FROM) & (m2 > _ROUNDING * n)
    # Any numbers will do where nothing is told.
    people, second, fourth = np.where(told, n, FROM), np.where(told, m2, 1.0), np.where(told, m4, 1.0)
    skew = np.sqrt(people - 1) * people / (people - 2) * m3 / second**1.5
    small = (people - 2) * (people - 3)
    kurtosis = (people - 1) / small * ((people + 1) * (people * fourth / second**2 - 3) + 6)
    found: Floats = np.where(told, (skew**2 + 1) / (kurtosis + 3 * (people - 1) ** 2 / small), np.nan)
    return found


def _class_of(scores: Floats) -> Integers:
    """The class, 0 to 4, of each score."""
    if scores.size and not -_ROUNDING <= scores.min() <= scores.max() <= 100 + _ROUNDING:
        raise OutsideScaleError("scores: a score is outside 0..100")
    away = (scores - 50) / _STEP
    found: Integers = CLASSES // 2 + (np.sign(away) * np.floor(np.abs(away) + 0.5 + _ROUNDING)).astype(np.intp)
    return found


def _present(counts: Integers, at: Floats) -> tuple[Integers, Floats]:
    """The classes that have a value, with their values."""
    if at.shape != counts.shape[-1:]:
        raise MisfitError(f"at: {at.shape} does not fit {counts.shape[-1]} classes")
    valid = ~np.isnan(at)
    require_finite("at", at[valid])
    return counts[..., valid], at[valid]


def _scored(scores: Floats, group: Integers, groups: int) -> tuple[Floats, Integers]:
    """The people who have a score, with their groups."""
    group = require_groups(group, people=scores.size, groups=groups)
    valid = ~np.isnan(scores)
    scores, group = scores[valid], group[valid]
    require_finite("scores", scores)
    return scores, group
