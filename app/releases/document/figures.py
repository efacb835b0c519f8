"""What a release prints beside scores: shares, agreement, camps, how well the questions work. Whole numbers only."""

from dataclasses import dataclass
from typing import Final, Literal

Bound = Literal["", "<=", ">="]
Shift = Literal["< 1", "1-2", "2-5", "> 5"]
Decision = Literal["departments_differ_reliably", "differences_without_ranks", "no_difference_beyond_chance", "none"]


MOST_AGREEMENT: Final = 95
LEAST_DEVIATION: Final = 10
LEAST_POLARISATION: Final = 5
"""Beyond these, in hundredths, agreement is not told: nothing says that all people answered alike (P7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share in whole per cent; `bound` says that it lies beyond."""

    percent: int
    bound: Bound = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Answers above, at and below the middle of the scale, of at least 10 valid answers to a question, or averaged over
    the questions of a dimension.

    `interval` (95 %, per cent) is that of `favourable` in a row that is not divided further. Where one of the three is
    beyond its bound it does not follow from the other two, of which one is to the nearest 5 then, or has a wider bound.
    """

    favourable: Share
    neutral: Share
    unfavourable: Share
    interval: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far at least 10 people who answered all questions of a dimension agree, in hundredths.

    `r_wg` is Lindell's r*_wg, 0 to 95, where 95 says "or more"; `deviation` is the mean distance from the mean answer
    in steps of the scale, from 10, "or less".
    """

    r_wg: int
    deviation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Camps:
    """Whether the scores of at least 10 people fall into two camps: `polarisation` in hundredths, 5 to 100, and `split`
    where both sides have a quarter of the people besides.
    """

    polarisation: int
    split: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemHead:
    """A question of which shares are told, under the dimension or module that it belongs to."""

    id: str
    column: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the answers of the whole organisation say of the questions of a dimension, in hundredths.

    `alpha` (for two questions the Spearman-Brown coefficient) with its 95 % interval and `omega` rest on `n` people who
    answered all questions, centred within the groups of which is told; `item_rest` has each question's correlation with
    the others, by its id. `refused` says why there is no `alpha`, `reliable` that it is at least .70 and no question
    runs against the others. `icc1` and `icc2` compare `groups` groups; `decision` is what follows. `raw` is `alpha`
    without centring, for the annex; `heywood` says that omega's fit is at its limit, a question being left without
    error. Releases from before these two were told have neither.
    """

    dimension: str
    n: int | None
    alpha: int | None
    interval: tuple[int, int] | None
    omega: int | None
    item_rest: dict[str, int | None]
    reliable: bool
    refused: str
    groups: int
    icc1: int | None
    icc2: int | None
    decision: Decision
    raw: int | None = None
    heywood: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many answer sheets of the organisation were left out for careless answering: 0 or at least k, else None.

    `shift` says by how many points the score of a group of which at least k were left out would differ at most if they
    counted; None where fewer were left out. `alert`: more than a tenth would have been left out, so nobody was.
    """

    number: int | None
    shift: Shift | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What can be relied on: the one-sided 80 % bounds of a score on anchor questions, whole points of 0 to 100.

    A level is granted on `lower` and kept until `upper` is below the gate. `own` says that they rest on the spread and
    the number of the row's own answers; else on that of the column and the number of used responses.
    """

    lower: int
    upper: int
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderGap:
    """How much higher leaders score a dimension than people who lead nobody, of the whole organisation, in points.

    `leaders` and `staff` are their printed scores; `interval` (95 %) and Hedges' `g` in hundredths, at most 300, are
    None where one of these is clipped. `p` is Holm's over all dimensions, in hundredths; `marked` from 10 points on
    where that is at most .05.
    """

    dimension: str
    leaders: int
    staff: int
    gap: int
    interval: tuple[int, int] | None
    p: int
    g: int | None
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The gaps of the dimensions of which both sides may be told; `leaders` and `staff` are the codes of the answers to
    the question about role level that each side gave, 0 for those who did not say.
    """

    leaders: tuple[int, ...]
    staff: tuple[int, ...]
    cells: tuple[LeaderGap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A dimension's share of what all dimensions explain of the outcome, in whole per cent: Johnson's weight with its
    95 % interval from resamples, rounded outwards, and by LMG.
    """

    dimension: str
    share: int
    interval: tuple[int, int]
    lmg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """What goes with the outcome, of the `n` people of the organisation who have a score in everything.

    `explained` is R^2 in whole per cent, 95 for more; `draws` resamples were drawn with `seed`. `refused` says why
    there is none of it.
    """

    outcome: str
    n: int | None
    explained: int | None
    cells: tuple[Driver, ...]
    draws: int
    seed: int
    refused: str
