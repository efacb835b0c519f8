"""How well the questions of each dimension work, in words: a table on screen and in the report's annex (3.8, 3.9)."""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.figures import Quality
from app.releases.document.release import Release
from app.sentences import Hundredths, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """A dimension: its coefficients, the question that goes least with the others, and whether departments differ.

    `differ` says the latter in one piece; `decision`, `icc1` and `icc2` in three, with dashes where it can't be told.
    """

    name: str
    alpha: str
    raw: str
    omega: str
    weakest: str
    differ: str
    decision: str
    icc1: str
    icc2: str


def workings(release: Release) -> tuple[Working, ...]:
    """The dimensions of a release; none for one from before it was told."""
    names = {head.id: head.name for head in release.dimensions}
    return tuple(_working(names[one.dimension], one) for one in release.quality)


def remarks(release: Release) -> tuple[Sentence, ...]:
    """What has to be said below the table."""
    return (words.HEYWOOD,) if any(one.heywood for one in release.quality) else ()


def _working(name: str, one: Quality) -> Working:
    return Working(
        name=name,
        alpha=words.coefficient(one),
        raw=words.raw_coefficient(one),
        omega=words.omega(one),
        weakest=words.weakest(one),
        differ=words.differ(one),
        decision=words.DECISION_WORDS[one.decision],
        icc1="–" if one.icc1 is None else Hundredths(one.icc1),
        icc2="–" if one.icc2 is None else Hundredths(one.icc2),
    )
