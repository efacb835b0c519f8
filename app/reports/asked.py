"""The questions of a release: what was asked in each dimension, how people answered, and a row's ends of it."""

from dataclasses import dataclass

from app.figures.distributions import Asked, distributions
from app.releases.document import words
from app.releases.document.figures import Shares
from app.releases.document.release import Release, Row
from app.reports.phrases import answered_by
from app.sentences import Sentence

ENDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A question with the share of people who lean to yes, and to no."""

    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The questions of a row with the most and the fewest yes; `basis` says how many answered."""

    most: tuple[Said, ...]
    fewest: tuple[Said, ...]
    basis: Sentence


def questions(release: Release, row: Row) -> tuple[Asked, ...]:
    """The questions that the release tells of in a row, under their dimensions."""
    return distributions(release, row)


def ends(release: Release, row: Row) -> Ends | None:
    """The questions at both ends of a row; None where it tells of too few, or how many answered is not told."""
    told = [(head.text, row.items[head.id]) for head in release.items if head.id in row.items]
    if len(told) < 2 * ENDS or row.n is None:
        return None
    ordered = sorted(told, key=lambda one: (-one[1].favourable.percent, one[1].unfavourable.percent))
    return Ends(
        most=tuple(_said(*one) for one in ordered[:ENDS]),
        fewest=tuple(_said(*one) for one in ordered[: -ENDS - 1 : -1]),
        basis=answered_by(row.n),
    )


def _said(text: str, shares: Shares) -> Said:
    return Said(text=text, yes=words.share_text(shares.favourable), no=words.share_text(shares.unfavourable))
