"""What goes with willingness: the shares of the dimensions as a table, most first, with their scores beside them."""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.notes import REFUSED
from app.releases.document.release import Release, Scored
from app.sentences import recalled, say


@dataclass(frozen=True, slots=True)
class Goes:
    """A dimension: its share of what is explained, and its score, as the cells of a table."""

    name: str
    share: str
    interval: str
    lmg: str
    score: str


@dataclass(frozen=True, slots=True)
class Willing:
    """The table and the sentences around it; `refused` says why there is none."""

    outcome: str
    about: str
    lines: tuple[Goes, ...]
    refused: str


def willing(release: Release) -> Willing | None:
    """What the organisation's page says of it; None where no outcome was asked, or too few answered for a word."""
    found = release.drivers
    if found is None:
        return None
    names = {head.id: head.name for head in release.dimensions}
    cells = release.organisation.cells
    explained = say("95 % or more") if found.explained == 95 else f"{found.explained} %"
    return Willing(
        outcome=words.within_sentence(names[found.outcome]),
        about=say(
            "Of {number} people who answered all of it: together the dimensions explain {explained} of how their "
            "answers to it differ. How that is shared, with 95 % intervals:",
            number=str(found.n),
            explained=explained,
        ),
        lines=tuple(
            Goes(
                name=names[one.dimension],
                share=f"{one.share} %",
                interval=words.percent_range(one.interval),
                lmg=f"{one.lmg} %",
                score=words.marked_value(cell) if isinstance(cell := cells[one.dimension], Scored) else "–",
            )
            for one in sorted(found.cells, key=lambda one: -one.share)
        ),
        refused=recalled(found.refused, REFUSED),
    )
