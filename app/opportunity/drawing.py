"""The opportunity map as a drawing, for the screen and for paper: where each dot stands, and its words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.autonomy.placing import Placed
from app.opportunity.words import PointLine, headline, lines_of
from app.sentences import Sentence, say, say_count

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMap:
    """The map of some workflows: a square of `side`, cut in the middle both ways; `lines` is its table.

    `corners` names its quarters: top left, top right, then below.
    """

    title: str
    described: str
    side: int
    dots: tuple[Dot, ...]
    corners: tuple[str, str, str, str]
    across: str
    up: str
    notes: tuple[str, ...]
    lines: tuple[PointLine, ...]


def zone_map(points: Sequence[Placed]) -> ZoneMap:
    """The map of these workflows with its table; numbers of dots are those of the lines."""
    drawn = dots(points)
    return ZoneMap(
        title=headline(points),
        described=say_count(
            "{n} workflow by what agents can do today, to the right, and by how much staff want to hand it over, "
            "upwards. The table below has every number.",
            "{n} workflows by what agents can do today, to the right, and by how much staff want to hand them over, "
            "upwards. The table below has every number.",
            len(drawn),
        ),
        side=SIDE,
        dots=drawn,
        corners=(say("Wanted, not yet possible"), say("Do it now"), say("Leave it"), say("Possible, not wanted")),
        across=say("What agents can do today, 1 to 5"),
        up=say("Wish of staff to hand it over, 1 to 5"),
        notes=tuple(_notes(drawn)),
        lines=lines_of(points),
    )


def _notes(drawn: Sequence[Dot]) -> Sequence[Sentence]:
    """What the marks say, of those that occur."""
    told = [say("Numbers are those of the table.")] if drawn else []
    if any(not one.proxy for one in drawn):
        told.append(say("Full: rated by at least two experts."))
    if any(one.proxy for one in drawn):
        told.append(
            say(
                "Hollow: proxy, reckoned from how far the work follows rules, its data and how easily an error is "
                "undone, because fewer than two experts rated it."
            )
        )
    if any(one.ring for one in drawn):
        told.append(say("A dashed ring: borderline, too near a cut to be sure, or experts are divided by it."))
    return told


def has_dot(one: Placed) -> bool:
    """Whether a workflow is drawn: it is done and has a zone."""
    return not (one.retired or one.found.zone is None or one.wish is None or one.capability is None)


def dots(points: Sequence[Placed]) -> tuple[Dot, ...]:
    """The workflows that are done and have a zone, numbered in their order.

    Dots that would hide each other are moved apart.
    """
    taken: list[tuple[int, int]] = []
    found = []
    for number, one in enumerate(points, start=1):
        if not has_dot(one) or one.wish is None or one.capability is None:
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
