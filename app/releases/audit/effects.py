"""How people enter the sums of a family by what they answered, and the people of a place who have a score."""

from fractions import Fraction
from functools import cache
from typing import Final

import numpy as np

from app.releases.audit.membership import Counts, Family, People
from app.releases.audit.support import Rows, basis, scaled

COMPLETE: Final = 1 << 60
"""Beyond all items: in what is asked for a column it says that only those count who answered all of them."""


def valid_items(pattern: int, asked: int) -> int:
    """The items that make a person's score: the valid ones if they are at least half of those asked, else none."""
    if asked & COMPLETE:
        return asked ^ COMPLETE if pattern & asked == asked ^ COMPLETE else 0
    valid = pattern & asked
    return valid if valid and 2 * valid.bit_count() >= asked.bit_count() else 0


def scores(people: People, family: Family, asked: int) -> Counts:
    """How many people of each place have a score from these items."""
    one = people.patterns[family.id]
    has_score = np.array([valid_items(kind, asked) > 0 for kind in one.kinds], dtype=np.bool_)
    counted = has_score[one.kind]
    return np.bincount(one.place[counted], weights=one.people[counted], minlength=len(people.names)).astype(np.int64)


@cache
def shape(pattern: int, asked: tuple[int, ...], squared: bool) -> Rows:
    """How a person with these valid answers enters the columns of a family: forms in the columns, one an answer.

    An answer counts 1 / v in a column in which the person's score rests on v answers, the one among them; a product of
    two answers, for squared scores, 1 / v^2.
    """
    valid = [valid_items(pattern, items) for items in asked]
    answers = range(max(asked).bit_length())
    uses = {frozenset(place for place, items in enumerate(valid) if items >> answer & 1) for answer in answers}
    if squared:
        uses = {one & other for one in uses for other in uses}
    power = 2 if squared else 1
    return basis(scaled({column: Fraction(1, valid[column].bit_count() ** power) for column in used}) for used in uses)
