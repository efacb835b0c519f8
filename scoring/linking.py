"""When scores of two waves may be compared on a dimension, and how a replaced item is linked (3.14, P17).

Here are ids of items, and what of them suffices for a comparison; which versions of a questionnaire share their ids is
the questionnaires' side (`surveys.compare`).
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from scoring.arrays import Floats
from scoring.errors import MisfitError, NotCountsError, NotFiniteError, SingularError, TooFewError, require_finite

WhyNot = Literal["not_asked_before", "not_asked_now", "other_scale", "too_few_common_items"]

LEAST_COMMON: Final = 2
LEAST_BRIDGE: Final = 200
_SPREADLESS = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one wave's form asked of a dimension: ids of all its `items`, which of them are `anchors`, scale 1..points.

    An item whose wording, scale or translation changed its meaning has another id, so equal ids are equal items.
    """

    items: tuple[str, ...]
    anchors: frozenset[str]
    points: int


@dataclass(frozen=True, slots=True)
class Comparable:
    """The items on which both waves are scored for a trend, in the order of the later wave."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotComparable:
    """Why two waves can't be compared on a dimension."""

    why: WhyNot


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """The constants of a linear link from a new item or form to the old one, from `n` people who answered both.

    `correlation` is that of the two; means and spreads (n - 1) are in points.
    """

    n: int
    mean_old: float
    s_old: float
    mean_new: float
    s_new: float
    correlation: float

    def to_old(self, score: float) -> float:
        """y* = m_old + (s_old / s_new) (y - m_new): the old score that lies as many spreads from its mean."""
        return self.mean_old + self.s_old / self.s_new * (score - self.mean_new)

    def error(self, score: float) -> float:
        """se_link^2 at a new score, in squared points, to be added to the squared error of what was linked.

        s_old^2 / n (2 (1 - r) + (1 - r^2) z^2), z = (y - m_new) / s_new: the linear method with a single group and
        normal scores (Kolen and Brennan 2004, chapter 7).
        """
        z = (score - self.mean_new) / self.s_new
        return self.s_old**2 / self.n * (2 * (1 - self.correlation) + (1 - self.correlation**2) * z**2)


def comparable(before: Asked | None, now: Asked | None) -> Comparable | NotComparable:
    """Whether two waves can be compared on a dimension, on which items, or why not; None where it was not asked.

    Common are the items that are anchors in both. There must be at least 2, and at least half as many as each form
    asked, which keeps a full form's 4-item score away from a pulse's 2-item score: both are scored on the common items.
    Exchanging the waves changes nothing but the order of the items.
    """
    if before is None or now is None:
        return NotComparable("not_asked_before" if before is None else "not_asked_now")
    if before.points != now.points:
        return NotComparable("other_scale")
    earlier = before.anchors.intersection(before.items)
    common = tuple(item for item in now.items if item in now.anchors and item in earlier)
    if len(common) < LEAST_COMMON or 2 * len(common) < max(len(before.items), len(now.items)):
        return NotComparable("too_few_common_items")
    return Comparable(common)


def linking(old: Floats, new: Floats) -> Linking:
    """The constants of a linear link from a bridge: people who answered old and new in one wave, both shape (people,).

    NaN is no score; people without both are left out. TooFewError below 200 with both, SingularError where one of them
    has no spread, MisfitError where the shapes do not fit, NotFiniteError for an infinite score.
    """
    if old.ndim != 1 or old.shape != new.shape:
        raise MisfitError(f"old {old.shape} and new {new.shape} do not fit")
    both = ~(np.isnan(old) | np.isnan(new))
    old, new = old[both], new[both]
    require_finite("old", old)
    require_finite("new", new)
    if old.size < LEAST_BRIDGE:
        raise TooFewError(f"bridge: {old.size} people answered both, at least {LEAST_BRIDGE} are needed")
    s_old, s_new = float(old.std(ddof=1)), float(new.std(ddof=1))
    if min(s_old, s_new) < _SPREADLESS:
        raise SingularError("bridge: everybody has the same score, so there is no scale to link")
    apart = float(np.dot(old - old.mean(), new - new.mean())) / (old.size - 1)
    return Linking(
        n=old.size,
        mean_old=float(old.mean()),
        s_old=s_old,
        mean_new=float(new.mean()),
        s_new=s_new,
        correlation=max(-1.0, min(1.0, apart / (s_old * s_new))),
    )


def linked_error(se: float, score: float, *, link: Linking) -> float:
    """The standard error, in points, of a mean that was linked: sqrt((s_old / s_new)^2 se^2 + se_link^2).

    `se` and `score` are those of the new form. NotFiniteError, NotCountsError for a negative error.
    """
    if not (math.isfinite(se) and math.isfinite(score)):
        raise NotFiniteError(f"se {se}, score {score}: one is not finite")
    if se < 0:
        raise NotCountsError(f"se: {se} is negative")
    return math.sqrt((link.s_old / link.s_new * se) ** 2 + link.error(score))
