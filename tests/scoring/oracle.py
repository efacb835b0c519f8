"""Every statistic once more, slow and obvious, straight from its definition. No numpy, nothing shared with scoring."""

import math
import statistics
from collections import defaultdict


def person_score(answers, reverse, points):
    """The mean of a person's valid items on 0 to 100; None when fewer than half are valid. 0 is no answer."""
    valid = [points + 1 - x if turned else x for x, turned in zip(answers, reverse, strict=True) if x]
    if len(valid) < math.ceil(len(answers) / 2):
        return None
    return sum(100 * (x - 1) / (points - 1) for x in valid) / len(valid)


def of_one_stratum(scores, headcount, t):
    """Mean, s, se without and with the finite population correction, interval; `t` is the quantile for n - 1."""
    n, mean, s = len(scores), statistics.fmean(scores), statistics.stdev(scores)
    se0 = s / math.sqrt(n)
    se = se0 * math.sqrt(1 - n / headcount)
    return mean, s, se0, se, (max(0, mean - t * se), min(100, mean + t * se))


def roll_up(strata):
    """P8 for (headcount, scores, lender) strata, with s of everybody who shares a lender: mean, se, df."""
    everyone = sum(headcount for headcount, _, _ in strata)
    lenders = {lender: [x for _, scores, of in strata if of == lender for x in scores] for _, _, lender in strata}
    mean = sum(headcount / everyone * statistics.fmean(scores) for headcount, scores, _ in strata)
    shares: dict[int, float] = defaultdict(float)
    for headcount, scores, lender in strata:
        s = statistics.stdev(lenders[lender])
        n = len(scores)
        shares[lender] += (headcount / everyone) ** 2 * (1 - n / headcount) * s**2 / n
    var = sum(shares.values())
    below = sum(g**2 / (len(lenders[lender]) - 1) for lender, g in shares.items() if g > 0)
    return mean, math.sqrt(var), var**2 / below if below else None


def welch(one, other):
    """Delta, se, t and df of two independent samples, the later second."""
    a, b = statistics.variance(one) / len(one), statistics.variance(other) / len(other)
    delta = statistics.fmean(other) - statistics.fmean(one)
    se = math.sqrt(a + b)
    return delta, se, delta / se, (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))


def benjamini_hochberg(p):
    m = len(p)
    return [min(min(1, m * q / sum(r <= q for r in p)) for q in p if q >= own) for own in p]


def holm(p):
    """By the definition with ranks; ties share the first rank's factor, which the running maximum gives them anyway."""
    m = len(p)
    return [max(min(1, (m - sum(r < q for r in p)) * q) for q in p if q <= own) for own in p]


def pooled_spread(samples):
    df = sum(len(sample) - 1 for sample in samples)
    return math.sqrt(sum((len(sample) - 1) * statistics.variance(sample) for sample in samples) / df), df
