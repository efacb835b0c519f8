"""What goes with willingness, as a chapter: a figure, its numbers and what they do not say (3.11).

Association only: no sentence here has a causal verb.
"""

from dataclasses import dataclass

from app.figures.squares import Field, drivers, why_no_drivers
from app.releases.document import words
from app.releases.document.figures import MOST_AGREEMENT, Driver
from app.releases.document.release import Release, Scored
from app.reports.phrases import within
from app.sentences import Listing, Sentence, Value, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """The chapter: its figure, and the sentences above it."""

    figure: Field
    sentences: tuple[str, ...]


def driven(release: Release) -> Driven | None:
    """The chapter; None where the release does not tell what goes with willingness."""
    figure = drivers(release)
    if figure is None or not figure.points or release.drivers is None:
        return None
    return Driven(figure=figure, sentences=(_explained(release), *_low(release)))


def untold(release: Release) -> Sentence | None:
    """Why there is no such chapter, for what cannot be told; None where there is one, or where nothing was asked."""
    if release.drivers is None or driven(release) is not None:
        return None
    return say("What goes with willingness is not told. {why}", why=why_no_drivers(release))


def _explained(release: Release) -> Sentence:
    found = release.drivers
    if found is None or found.n is None or found.explained is None:
        return say("How much the dimensions explain together is not told.")
    name = next(head.name for head in release.dimensions if head.id == found.outcome)
    share = say("95 % or more") if found.explained == MOST_AGREEMENT else f"{found.explained} %"
    return say(
        "Together the dimensions account for {share} of how people differ in {outcome} ({people} with a score in all).",
        share=share,
        outcome=within(name),
        people=words.people(found.n),
    )


def _low(release: Release) -> tuple[Sentence, ...]:
    """Dimensions whose share is clearly above an even one and which stand below the organisation's middle."""
    found = release.drivers
    if found is None or not found.cells:
        return ()
    even = 100 / len(found.cells)
    names = {head.id: head.name for head in release.dimensions}
    cells = release.organisation.cells
    low = [
        (names[one.dimension], cell, one)
        for one in sorted(found.cells, key=lambda one: -one.share)
        if one.interval[0] > even and isinstance(cell := cells[one.dimension], Scored) and cell.score < _middle(release)
    ]
    if not low:
        return ()
    listed = Listing(_entry(name, cell, one) for name, cell, one in low)
    return (
        say(
            "Goes with it by more than an even share, and stands in the lower half of the scores: {listed}. A place to "
            "look first, not a cause.",
            listed=listed,
        ),
    )


def _middle(release: Release) -> float:
    """The middle of the organisation's printed scores."""
    scores = sorted(cell.score for cell in release.organisation.cells.values() if isinstance(cell, Scored))
    return scores[len(scores) // 2] if scores else 0


def _entry(name: str, cell: Scored, one: Driver) -> Sentence:
    told: dict[str, Value] = {"dimension": within(name), "score": words.marked_value(cell), "share": one.share}
    return say("{dimension} (score {score}, share {share} %)").filled(told)
