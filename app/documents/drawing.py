"""The steps of a workflow as a drawing: a lane for each kind of actor, a box for each step, arrows between. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final

from app.documents.content import Content, Part

LANES: Final = 3
LANE, ROW, TOP = 196, 84, 44
BOX_WIDTH, BOX_HEIGHT = 172, 60
LETTERS, MOST_ROWS = 26, 3
NOTE_LETTERS: Final = 28
LEADING: Final = 15
NOTES: Final = 214


@dataclass(frozen=True, slots=True)
class Text:
    """A line of words at a place."""

    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A step: its place, its words, and in which lane it stands, 0 person, 1 agent, 2 system."""

    x: int
    y: int
    lane: int
    words: tuple[Text, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing, `width` by `height`, with a title that says what is drawn and the words of its lanes."""

    title: str
    told: str
    width: int
    height: int
    lanes: tuple[Text, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]


def drawn(content: Content, part: Part, actors: Sequence[str]) -> Drawing | None:
    """The steps of the table that a part names; None where there is none. `actors` are the words of the lanes, and a
    step of nobody's is a person's."""
    table = content.part(part.of)
    if table is None or not table.shown:
        return None
    ids = [head.id for head in table.heads]
    boxes = tuple(
        _boxes([dict(zip(ids, (cell.text for cell in one.cells), strict=True)) for one in table.shown], actors)
    )
    return Drawing(
        title=part.label,
        told="; ".join(f"{number}. {' '.join(text.words for text in one.words)} ({actors[one.lane]})"
                       for number, one in enumerate(boxes, start=1)),
        width=LANES * LANE + NOTES,
        height=TOP + ROW * len(boxes) + 8,
        lanes=tuple(Text(lane * LANE + LANE // 2, 20, name) for lane, name in enumerate(actors)),
        boxes=boxes,
        arrows=tuple(_arrows(boxes)),
    )  # fmt: skip


def _boxes(lines: Sequence[dict[str, str]], actors: Sequence[str]) -> Iterator[Box]:
    for number, line in enumerate(lines):
        actor = line.get("actor", "")
        lane = actors.index(actor) if actor in actors else 0
        x, y = lane * LANE + (LANE - BOX_WIDTH) // 2, TOP + number * ROW
        words = _lines(f"{number + 1}. {line.get('step', '')}", LETTERS)
        first = y + BOX_HEIGHT // 2 - (len(words) - 1) * LEADING // 2 + 5
        check = line.get("check", "")
        notes = _lines(check if check not in ("–", "") else "", NOTE_LETTERS)
        beside = y + BOX_HEIGHT // 2 - (len(notes) - 1) * LEADING // 2 + 5
        yield Box(
            x=x,
            y=y,
            lane=lane,
            words=tuple(Text(x + BOX_WIDTH // 2, first + at * LEADING, one) for at, one in enumerate(words)),
            notes=tuple(Text(LANES * LANE + 18, beside + at * LEADING, one) for at, one in enumerate(notes)),
        )


def _lines(text: str, letters: int) -> list[str]:
    """A text in few lines, the last with an ellipsis where more would come."""
    return wrap(text, letters, max_lines=MOST_ROWS, placeholder=" …") if text else []


def _arrows(boxes: Sequence[Box]) -> Iterator[str]:
    for one, following in pairwise(boxes):
        x, y = one.x + BOX_WIDTH // 2, one.y + BOX_HEIGHT
        to_x, to_y = following.x + BOX_WIDTH // 2, following.y - 2
        middle = (y + to_y) // 2
        yield f"M{x} {y}V{middle}H{to_x}V{to_y}"
