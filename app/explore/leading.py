"""Leaders and staff of the whole organisation: how differently they see each dimension, as a table and in sentences."""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.figures import LeaderGap
from app.releases.document.release import Release
from app.sentences import Hundredths, Sentence, say

_HIGHER = say("Leaders see {dimension} {points} points higher than staff do.")
_LOWER = say("Leaders see {dimension} {points} points lower than staff do.")


@dataclass(frozen=True, slots=True)
class Seen:
    """A dimension: what both sides score, and the gap, as the cells of a table."""

    name: str
    leaders: str
    staff: str
    gap: str
    interval: str
    g: str
    p: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Leading:
    """The table, and a sentence for each marked gap."""

    lines: tuple[Seen, ...]
    sentences: tuple[str, ...]


def leading(release: Release) -> Leading:
    """What the organisation's page says of leaders and staff; no lines where it is not told."""
    names = {head.id: head.name for head in release.dimensions}
    cells = release.gaps.cells if release.gaps else ()
    return Leading(
        lines=tuple(_seen(names[one.dimension], one) for one in cells),
        sentences=tuple(
            (_HIGHER if one.gap > 0 else _LOWER).filled({"dimension": names[one.dimension], "points": abs(one.gap)})
            for one in cells
            if one.marked
        ),
    )


def _seen(name: str, one: LeaderGap) -> Seen:
    return Seen(
        name=name,
        leaders=str(one.leaders),
        staff=str(one.staff),
        gap=words.signed(one.gap),
        interval=_interval(one.interval) if one.interval else "–",
        g="–" if one.g is None else Hundredths(one.g),
        p=Hundredths(one.p),
        marked=one.marked,
    )


def _interval(points: tuple[int, int]) -> Sentence:
    return say("{first} to {last}", first=words.signed(points[0]), last=words.signed(points[1]))
