"""The map as a drawing: where each dot and its number stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.opportunity.placing import Placed

SIDE: Final = 400
CUT: Final = SIDE / 2
_NEAR: Final = 20
_STEP: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A workflow as a numbered dot: hollow where its capability is a proxy, with a ring where it is borderline."""

    number: int
    x: int
    y: int
    ring: bool
    proxy: bool
    title: str


def dots(points: Sequence[Placed]) -> tuple[Dot, ...]:
    """The workflows that have a zone, numbered in their order; dots that would hide each other are moved apart."""
    taken: list[tuple[int, int]] = []
    found = []
    for number, one in enumerate(points, start=1):
        if one.found.zone is None or one.wish is None or one.capability is None:
            continue
        x, y = _at(one.capability.value), SIDE - _at(one.wish.mean)
        while any(abs(x - other) < _NEAR and abs(y - level) < _NEAR for other, level in taken):
            x += _STEP if x <= SIDE - 2 * _STEP else -7 * _STEP
        taken.append((x, y))
        found.append(
            Dot(number=number, x=x, y=y, ring=one.found.borderline, proxy=one.capability.proxy, title=one.name)
        )
    return tuple(found)


def _at(rating: float) -> int:
    """A rating of 1 to 5 on the side of the drawing."""
    return round((rating - 1) / 4 * SIDE)
