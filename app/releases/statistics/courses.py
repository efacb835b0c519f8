"""A score from wave to wave: printed anchor scores, as far as they are about the same (3.14, P13, P17).

Nothing is computed from answers, so a course tells nothing that the releases did not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.releases.document.release import Block, Release, Row, Scored
from app.releases.statistics.slopes import Told
from scoring.printed import index, index_interval, up

Gap = Literal["other_members", "other_questions", "hidden"]
# From the one-sided 80 % bounds of a gating score to a 95 % interval, as normal quantiles: 1.95996 / 0.84162.
_WIDER: Final = 2.3288


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A wave on a course: the printed anchor score with its 95 % interval, or why there is none.

    `interval` is the printed one in a pulse, and else as wide as the printed gating score says; None without either.
    """

    label: str
    form: Literal["full", "pulse"]
    score: int | None
    interval: tuple[int, int] | None = None
    gap: Gap | None = None


def course(waves: Sequence[Told], row_id: str, dimension: str) -> tuple[Stop, ...]:
    """A row's anchor score in each of these waves, which come oldest first, held against the newest of them."""
    newest = waves[-1]
    row = newest.release.row(row_id)
    return () if row is None else tuple(_stops(waves, row, dimension, newest))


def _stops(waves: Sequence[Told], row: Row, dimension: str, newest: Told) -> Iterator[Stop]:
    for wave in waves:
        facts = wave.release.wave
        before = wave.counterpart(row)
        gap: Gap | None = None
        if before is None:
            gap = "other_members"
        elif wave.anchors.get(dimension) != newest.anchors.get(dimension):
            gap = "other_questions"
        cell = None if gap or before is None else anchor(before, dimension)
        if cell is None:
            yield Stop(label=facts.label, form=facts.form, score=None, gap=gap or "hidden")
        else:
            yield Stop(label=facts.label, form=facts.form, score=cell.score, interval=interval(cell))


def anchor(row: Row, dimension: str) -> Scored | None:
    """The printed score on anchor questions alone; None where it is hidden."""
    return row.anchor(dimension)


def interval(cell: Scored) -> tuple[int, int] | None:
    """The 95 % interval of an anchor score: the printed one, else one as wide as the printed gating score says."""
    if cell.interval is not None or cell.gate is None or cell.bound:
        return cell.interval
    half = max(cell.gate.upper - cell.score, cell.score - cell.gate.lower)
    wide = up(_WIDER * half)
    return max(0, cell.score - wide), min(100, cell.score + wide)


@dataclass(frozen=True, slots=True)
class Level:
    """A row's trust or readiness on anchor questions: the mean of its printed anchor scores, with an interval."""

    score: int
    interval: tuple[int, int] | None


def level(release: Release, row: Row, block: Block) -> Level | None:
    """Trust or readiness of a row on the questions that every wave asks (P13); None where too few scores are shown.

    The interval is as wide as those of the anchor scores are on average; None where one of them has none.
    """
    columns = [head.id for head in release.dimensions if head.block == block]
    cells = [cell for one in columns if (cell := anchor(row, one)) is not None]
    score = index([cell.score for cell in cells], of=len(columns))
    if score is None:
        return None
    ends = [interval(cell) for cell in cells]
    halves = [max(cell.score - end[0], end[1] - cell.score) for cell, end in zip(cells, ends, strict=True) if end]
    return Level(score, index_interval(score, halves, of=len(columns)))


def levels(waves: Sequence[Told], row: Row, block: Block) -> Iterator[Stop]:
    """The same in each of these waves, which come oldest first, held against the newest of them."""
    newest = waves[-1]
    columns = [head.id for head in newest.release.dimensions if head.block == block]
    for wave in waves:
        before = wave.counterpart(row)
        gap: Gap | None = None
        if before is None:
            gap = "other_members"
        elif any(wave.anchors.get(one) != newest.anchors.get(one) for one in columns):
            gap = "other_questions"
        found = None if gap or before is None else level(wave.release, before, block)
        yield Stop(
            label=wave.release.wave.label,
            form=wave.release.wave.form,
            score=found.score if found else None,
            interval=found.interval if found else None,
            gap=None if found else gap or "hidden",
        )
