"""Trust and readiness of each row from wave to wave, as small figures over one scale (5.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.releases.document import words
from app.releases.document.release import Block, Row
from app.releases.statistics.courses import Gap, Stop, levels
from app.releases.statistics.slopes import Told
from app.sentences import Passage, Sentence, say

WIDE: Final = 10
"""How far one wave stands from the next in a figure's own units; upwards they are points."""
_SPECK: Final = 0.01
GAPS: dict[Gap, Sentence] = {
    "other_members": say("the group had other members"),
    "other_questions": say("other questions were asked"),
    "hidden": say("not shown, to protect a small group"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One small figure as path data: the ribbon of intervals, the line, and places of dots, hollow for a pulse."""

    described: str
    width: int
    ribbon: str
    line: str
    filled: str
    hollow: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """A row with its two small figures, and its scores by wave for the table."""

    id: str
    name: str
    depth: int
    trust: Course
    readiness: Course
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """All rows, over these waves."""

    title: str
    waves: tuple[str, ...]
    rows: tuple[Multiple, ...]
    notes: tuple[str, ...]


def courses(waves: Sequence[Told]) -> Courses | None:
    """Trust and readiness of the rows of the newest of these waves, which come oldest first; None for a single one."""
    if len(waves) < 2:
        return None
    release = waves[-1].release
    rows = [release.organisation, *release.rows[1:]]
    labels = tuple(one.release.wave.label for one in waves)
    return Courses(
        title=_title(waves, release.organisation),
        waves=labels,
        rows=tuple(_row(waves, row) for row in rows),
        notes=(
            say("Each figure runs from {first} to {last}, and from 0 to 100.", first=labels[0], last=labels[-1]),
            say("On the questions that every wave asks. Bands are 95 % intervals, rings pulses, dots full forms."),
            say("Where the group had other members or other questions were asked, nothing is drawn."),
        ),
    )


def _title(waves: Sequence[Told], whole: Row) -> Sentence:
    found = [one.score for one in levels(waves, whole, "readiness")]
    told = [one for one in found if one is not None]
    if len(told) < 2:
        return say("Too few waves are shown to follow readiness")
    return say("Readiness of the organisation went from {first} to {last}", first=told[0], last=told[-1])


def _row(waves: Sequence[Told], row: Row) -> Multiple:
    trust, ready = (tuple(levels(waves, row, block)) for block in _BLOCKS)
    return Multiple(
        id=row.id,
        name=words.row_name(row),
        depth=row.depth,
        trust=_course(trust),
        readiness=_course(ready),
        scores=tuple(_both(one, other) for one, other in zip(trust, ready, strict=True)),
    )


_BLOCKS: Final[tuple[Block, Block]] = ("trust", "readiness")


def _both(trust: Stop, ready: Stop) -> str:
    """`60 · 59`, or why there is neither."""
    if trust.score is None and ready.score is None:
        return GAPS[trust.gap or "hidden"]
    return " · ".join("–" if one.score is None else str(one.score) for one in (trust, ready))


def _course(stops: Sequence[Stop]) -> Course:
    told = [(place * WIDE, stop) for place, stop in enumerate(stops) if stop.score is not None]
    last = stops[-1].score
    return Course(
        described=Passage((say("{label}: {score}", label=one.label, score=_score(one)) for one in stops), "; "),
        width=max(1, (len(stops) - 1) * WIDE),
        ribbon="".join(_ribbon(run) for run in _runs(stops)),
        line="".join("M" + "L".join(f"{x} {100 - (stop.score or 0)}" for x, stop in run) for run in _runs(stops)),
        filled=_specks((x, stop) for x, stop in told if stop.form == "full"),
        hollow=_specks((x, stop) for x, stop in told if stop.form == "pulse"),
        last="–" if last is None else str(last),
    )


def _score(stop: Stop) -> str:
    return GAPS[stop.gap or "hidden"] if stop.score is None else str(stop.score)


def _specks(told: Iterable[tuple[int, Stop]]) -> str:
    return "".join(f"M{x} {100 - (stop.score or 0)}h{_SPECK}" for x, stop in told)


def _runs(stops: Sequence[Stop]) -> list[list[tuple[int, Stop]]]:
    """The waves that follow each other with a score."""
    runs: list[list[tuple[int, Stop]]] = [[]]
    for place, stop in enumerate(stops):
        if stop.score is None:
            runs.append([])
        else:
            runs[-1].append((place * WIDE, stop))
    return [run for run in runs if run]


def _ribbon(run: Sequence[tuple[int, Stop]]) -> str:
    """The area between the ends of the intervals; nothing where one of them has none, or there is but one."""
    ends = [(x, stop.interval) for x, stop in run if stop.interval is not None]
    if len(ends) < 2 or len(ends) < len(run):
        return ""
    above = [f"{x} {100 - interval[1]}" for x, interval in ends]
    below = [f"{x} {100 - interval[0]}" for x, interval in reversed(ends)]
    return "M" + "L".join([*above, *below]) + "Z"
