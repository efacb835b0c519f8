"""How one person of the demo answers: a level for each dimension, a camp, a temper, and the item's own noise."""

import random
from collections.abc import Iterator

from app.demo import work
from app.demo.story import DIMENSIONS, Department
from surveys.arrange import Page
from surveys.codes import allowed
from surveys.model import Instrument, Item

STEP = 25.0
PERSON_SPREAD = 11.0
ITEM_SPREAD = 13.0
DONT_KNOW = 0.08
NOT_YET = 0.75
SKIPPED = 0.015
ATTENTIVE = 0.97
LEADERS_CONFIDENCE = 6.0


class Person:
    """One respondent, the same for the same seed. `wave` counts from 1."""

    def __init__(self, department: Department, *, wave: int, number: int) -> None:
        self.department = department
        self.wave = wave
        # A string seeds Python's generator the same way in every process; nothing secret is drawn from it.
        self.dice = random.Random(f"{department.name}/{wave}/{number}")  # noqa: S311
        camp = department.divided * (1 if number % 2 else -1)
        self.temper = camp + self.dice.gauss(0, PERSON_SPREAD)
        # Most lead nobody; those who lead are more confident than those whom they lead.
        [self.role] = self.dice.choices((1, 2, 3), weights=(76, 18, 6))
        self.temper += LEADERS_CONFIDENCE * (self.role > 1)
        self.experienced = self.dice.random() > department.inexperienced

    def answers(self, instrument: Instrument, page: Page) -> dict[str, str]:
        """What the person sends for a page; skipped items are missing."""
        return dict(self._answer(instrument, page))

    def _answer(self, instrument: Instrument, page: Page) -> Iterator[tuple[str, str]]:
        dimension_of = {item.id: dimension.id for dimension in instrument.dimensions for item in dimension.items}
        # The link decides the order of the items on a page; the answers must not depend on it.
        for item in sorted(page.items, key=lambda one: one.id):
            offered = allowed(instrument, item)
            if self.dice.random() < SKIPPED:
                continue
            yield item.id, self._choice(instrument, item, offered, dimension_of.get(item.id) or item.relates_to)

    def _choice(self, instrument: Instrument, item: Item, offered: frozenset[str], dimension: str | None) -> str:
        if item.id == instrument.attention.id and self.dice.random() < ATTENTIVE:
            return str(instrument.attention_answer)
        if item.scale == "role":
            return str(self.role)
        if (said := work.rating(item.id, self.dice)) is not None:
            return said
        if dimension is None:
            return self.dice.choice(sorted(answer for answer in offered if answer.isdigit()))
        if "nx" in offered and not self.experienced and self.dice.random() < NOT_YET:
            return "nx"
        if "dk" in offered and self.dice.random() < self.department.unknowing.get(dimension, DONT_KNOW):
            return "dk"
        level = self._level(dimension) + self.temper + self.dice.gauss(0, ITEM_SPREAD)
        return str(min(5, max(1, round(1 + level / STEP))))

    def _level(self, dimension: str) -> float:
        department = self.department
        moved = sum(
            moves.get(dimension, moves.get("*", 0.0)) for wave, moves in department.moves.items() if wave <= self.wave
        )
        return DIMENSIONS[dimension] + department.level + department.own.get(dimension, 0.0) + moved
