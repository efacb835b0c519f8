"""What the attacker knows besides the release: the tree, all headcounts, who left which question out. Never an answer.

That is more than any real attacker has, so what this one cannot find, nobody can.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from app.releases.plan.coarsening import Department

Flags = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Insider:
    """People by department, and which of the items each of them answered; `columns` are items by name.

    `roles` are the people's answers to the question that is told beside the departments, 0 for those who did not say.
    """

    departments: tuple[Department, ...]
    department: tuple[str, ...]
    items: tuple[str, ...]
    valid: Flags
    columns: dict[str, tuple[int, ...]]
    roles: tuple[int, ...] = ()

    @property
    def people(self) -> range:
        """The places of the people."""
        return range(len(self.department))

    def within(self, departments: Iterable[str]) -> list[int]:
        """The people of these departments."""
        wanted = set(departments)
        return [one for one in self.people if self.department[one] in wanted]

    def used(self, person: int, column: str) -> tuple[int, ...]:
        """The items on which a person's score rests: the valid ones if they are at least half of the column's."""
        asked = self.columns[column]
        valid = tuple(item for item in asked if self.valid[person, item])
        return valid if valid and 2 * len(valid) >= len(asked) else ()

    def scored(self, departments: Iterable[str], column: str) -> list[int]:
        """The people of these departments who have a score in the column."""
        return [one for one in self.within(departments) if self.used(one, column)]

    def headcount(self, departments: Iterable[str]) -> int:
        """The people of the roster, or as many as answered where that is more."""
        held = set(departments)
        return max(
            sum(department.headcount for department in self.departments if department.id in held),
            len(self.within(held)),
        )


Strata = Sequence[tuple[frozenset[str], Fraction]]
"""How a row's mean is made: sets of departments with their weights; inside a set all people with a score alike."""


def score(points: Points, insider: Insider, person: int, column: str) -> float:
    """A person's score, which only the planner and the judge of an attack may know."""
    return float(np.mean(points[person, list(insider.used(person, column))]))


def mean(points: Points, insider: Insider, strata: Strata, column: str) -> float:
    """The exact mean of a row, as it is before it is printed."""
    total = 0.0
    for departments, weight in strata:
        those = insider.scored(departments, column)
        total += float(weight) * float(np.mean([score(points, insider, one, column) for one in those]))
    return total
