"""From answers to one score for each person (measurement design, section 3.1)."""

import numpy as np

from scoring.arrays import Answers, Flags, Floats
from scoring.errors import MisfitError, NotCountsError, OutsideScaleError, TooFewError

MISSING = 0


def item_scores(answers: Answers, *, reverse: Flags, points: int) -> Floats:
    """Answers as points of 0 to 100, shape (people, items), NaN where there is none.

    `answers` has 1..`points` and 0 for a missing answer (don't know, no experience, skipped, not asked); `reverse`
    has a flag for each item. OutsideScaleError for an answer beyond the scale, TooFewError for a scale of fewer than
    two steps, NotCountsError for answers that are no whole numbers from 0, MisfitError for shapes that do not fit.
    """
    _check(answers, reverse, points)
    straight = np.where(reverse, points + 1 - answers.astype(np.int16), answers)
    scores: Floats = np.where(answers == MISSING, np.nan, 100.0 * (straight - 1.0) / (points - 1))
    return scores


def least_answers(items: int) -> int:
    """How many valid answers make a score of that many items asked: half of them, and at least one."""
    return max(1, (items + 1) // 2)


def half_rule(answers: Answers) -> Flags:
    """Who is scored: people with a valid answer to at least half of the items asked, shape (people,)."""
    scored: Flags = np.count_nonzero(answers, axis=1) >= least_answers(answers.shape[1])
    return scored


def person_scores(answers: Answers, *, reverse: Flags, points: int) -> Floats:
    """The mean of each person's valid item scores, shape (people,), NaN where the half rule leaves a person out.

    The items are those of the administered form: half of 4 in the full form, of 2 in the pulse. Nothing is imputed,
    so a person's score depends on that person's answers only. Takes and refuses what `item_scores` does.
    """
    _check(answers, reverse, points)
    valid = np.count_nonzero(answers, axis=1)
    # A reversed answer is P + 1 - x; summed over a person's valid answers that is (P + 1) * (their number) - sum.
    turned, straight = answers[:, reverse], answers[:, ~reverse]
    total = straight.sum(axis=1, dtype=np.int64) - turned.sum(axis=1, dtype=np.int64)
    total += (points + 1) * np.count_nonzero(turned, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: Floats = 100.0 * (total - valid) / (valid * (points - 1))
    scores[~half_rule(answers)] = np.nan
    return scores


def index_scores(scores: Floats) -> Floats:
    """Each person's index, the mean of the scores of all dimensions, from scores (people, dimensions); shape (people,).

    NaN for whoever lacks one of them (P16). Its moments give an index the error that 3.4 defines. MisfitError for
    another shape, OutsideScaleError for a score outside 0..100.
    """
    if scores.ndim != 2 or not scores.shape[1]:
        raise MisfitError(f"scores: {scores.shape} is not people x dimensions")
    if ((scores < 0) | (scores > 100)).any():
        raise OutsideScaleError("scores: one is outside 0..100")
    found: Floats = scores.mean(axis=1)
    return found


def _check(answers: Answers, reverse: Flags, points: int) -> None:
    if answers.ndim != 2 or answers.shape[1] != reverse.size or reverse.size == 0:
        raise MisfitError(f"answers {answers.shape} and {reverse.size} reverse flags do not fit")
    if points < 2:
        raise TooFewError(f"points: a scale of {points} steps, at least 2 are needed")
    if not np.issubdtype(answers.dtype, np.integer) or answers.min(initial=MISSING) < MISSING:
        raise NotCountsError("answers: whole numbers of 0 and more are needed")
    highest = int(answers.max(initial=MISSING))
    if highest > points:
        raise OutsideScaleError(f"answer {highest} is outside 1..{points}")
