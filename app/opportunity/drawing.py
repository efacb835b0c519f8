"""The map as a drawing: where each dot and its number stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.autonomy.placing import Placed

SIDE: Final = 400
_NEAR: Final = 20
_STEP: Final = 20
_FARTHEST: Final = 8
_AROUND: Final = tuple(
    sorted(
        (
            (right * _STEP, down * _STEP)
            for right in range(-_FARTHEST, _FARTHEST + 1)
            for down in range(-_FARTHEST, _FARTHEST + 1)
        ),
        key=lambda one: (one[0] ** 2 + one[1] ** 2, -one[0], one[1]),
    )
)
"""How far a dot is moved right and down, the nearest places first."""


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
        x, y = _free(_at(one.capability.value), SIDE - _at(one.wish.mean), taken)
        taken.append((x, y))
        found.append(
            Dot(number=number, x=x, y=y, ring=one.found.borderline, proxy=one.capability.proxy, title=one.name)
        )
    return tuple(found)


def _free(x: int, y: int, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The nearest place in the drawing at which a dot hides no other; its own where all are taken."""
    for right, down in _AROUND:
        place = x + right, y + down
        inside = all(0 <= one <= SIDE for one in place)
        if inside and not any(abs(place[0] - a) < _NEAR and abs(place[1] - b) < _NEAR for a, b in taken):
            return place
    return x, y


def _at(rating: float) -> int:
    """A rating of 1 to 5 on the side of the drawing."""
    return round((rating - 1) / 4 * SIDE)
