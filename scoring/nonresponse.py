"""What silence may hide: response rates, bias of non-response, late answers (measurement design, 3.13, P10, P16)."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from scoring.arrays import Floats, Integers
from scoring.change import Difference, difference_of_means
from scoring.errors import MisfitError, NotCountsError, NotFiniteError, OutsideScaleError, TooFewError
from scoring.moments import moments

RateClass = Literal["enough", "low", "indicative"]

ASSUMED_DIFFERENCE: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonresponse:
    """`rate` of the headcount, 0 to 1, its class, and the points by which silence could move a mean.

    `bias`: if those who kept silent differ by 10 points, everybody's mean differs by so many from that of the
    answers. `lowest` and `highest`: everybody's mean if all of them had scored 0 or 100.
    """

    rate: float
    rate_class: RateClass
    bias: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LateResponse:
    """How the last third of the answers differs from the first: `early` and `late` people, late minus early."""

    early: int
    late: int
    difference: Difference


def rate_class(used: int, *, headcount: int) -> RateClass:
    """`low` below 50 % of the headcount, `indicative` (indicative only) below 30 %, otherwise `enough`.

    Decided in whole numbers, so that 3 of 10 is exactly 30 %. More answers than the headcount are everybody (P16).
    TooFewError without a headcount and an answer, NotCountsError for a negative number.
    """
    _refuse_counts(used, headcount)
    if 10 * used < 3 * headcount:
        return "indicative"
    return "low" if 2 * used < headcount else "enough"


def nonresponse(mean: float, *, used: int, headcount: int, difference: float = ASSUMED_DIFFERENCE) -> Nonresponse:
    """How much non-response could matter for a mean of 0 to 100 points, `used` answers of `headcount` people.

    RR = min(1, used / headcount); bias = (1 - RR) D; bounds RR m and RR m + (1 - RR) 100. A release gives the printed
    mean. OutsideScaleError for a mean outside 0..100, NotFiniteError for an infinite `difference`; errors of
    `rate_class`.
    """
    if not 0 <= mean <= 100:
        raise OutsideScaleError(f"mean: {mean} is outside 0..100")
    if not math.isfinite(difference):
        raise NotFiniteError(f"difference: {difference} is not finite")
    standing = rate_class(used, headcount=headcount)
    rate = used / max(headcount, used)
    lowest = rate * mean
    return Nonresponse(
        rate=rate,
        rate_class=standing,
        bias=(1 - rate) * difference,
        lowest=lowest,
        highest=lowest + (1 - rate) * 100,
    )


def late_response(scores: Floats, days: Integers, *, k: int) -> LateResponse | None:
    """The last third of the answers beside the first, by the day of sending: who answers late is nearest to silence.

    `scores` has shape (people,), NaN is no score; `days` their days as whole numbers. A day is never divided: the
    first third are all days up to the one with which a third of the scores is reached, the last third the same from
    the end. None where the two would share a day or one has fewer than `k` people. The order of the
    sheets changes nothing. MisfitError where the shapes do not fit, NotFiniteError for an infinite
    score, TooFewError for a `k` below 2.
    """
    if scores.ndim != 1 or scores.shape != days.shape:
        raise MisfitError(f"scores {scores.shape} and days {days.shape} do not fit")
    if np.isinf(scores).any():
        raise NotFiniteError("scores: a value is infinite")
    if k < 2:
        raise TooFewError(f"k: {k}, at least 2 people are needed for a spread")
    valid = ~np.isnan(scores)
    scores, days = scores[valid], days[valid]
    third = -(-scores.size // 3)
    if third < 1:
        return None
    ordered = np.sort(days)
    until, since = ordered[third - 1], ordered[-third]
    early, late = moments(scores[days <= until]), moments(scores[days >= since])
    if until >= since or min(early.n, late.n) < k:
        return None
    return LateResponse(early=early.n, late=late.n, difference=difference_of_means(before=early, now=late))


def _refuse_counts(used: int, headcount: int) -> None:
    if min(used, headcount) < 0:
        raise NotCountsError(f"used {used}, headcount {headcount}: one is negative")
    if not max(used, headcount):
        raise TooFewError("headcount: 0 people, at least 1 is needed")
