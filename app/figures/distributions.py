"""How people answered each question of a row: bars around a line between no and yes (5.2, from 10 answers on)."""

from dataclasses import dataclass

from app.figures.division import Question, divisions
from app.releases.document.release import Release, Row
from app.sentences import Sentence, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A question as path data from -100 to 100, the middle of the scale half on each side, and its shares in words."""

    text: str
    described: Sentence
    no: str
    neither: str
    yes: str
    texts: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a dimension or module."""

    name: str
    questions: tuple[Around, ...]


def distributions(release: Release, row: Row) -> tuple[Asked, ...]:
    """All questions of which the row tells, under their dimensions."""
    return tuple(
        Asked(one.name, tuple(_around(question) for question in one.questions)) for one in divisions(release, row)
    )


def _around(question: Question) -> Around:
    """Bounds are drawn as their numbers; what is left of 100 is the middle."""
    yes, no = question.bar.favourable.percent, question.bar.unfavourable.percent
    half = max(0, 100 - yes - no) / 2
    texts = question.bar.texts
    return Around(
        text=question.text,
        described=say("{yes} yes, {neither} neither, {no} no", yes=texts[0], neither=texts[1], no=texts[2]),
        no=_bar(-half - no, -half),
        neither=_bar(-half, half),
        yes=_bar(half, half + yes),
        texts=texts,
    )


def _bar(start: float, end: float) -> str:
    return f"M{start:g} 0H{end:g}V10H{start:g}Z"
