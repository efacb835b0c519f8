"""What a shared result does not show, and why: sentences made from its rows alone."""

from collections import defaultdict
from collections.abc import Iterator

from app.releases.document import words
from app.releases.document.release import Hidden, Release, Row
from app.sentences import Listing, Sentence, say, say_count

NOTHING = say("Every group and every score of this result is shown.")


def hidden(release: Release) -> tuple[Sentence, ...]:
    """Which departments are told together, and which scores are not shown, each with the reason; never a number."""
    return (*_together(release), *_unseen(release)) or (NOTHING,)


def _together(release: Release) -> Iterator[Sentence]:
    for row in release.rows:
        if row.kind == "pool" and row.members:
            yield say_count(
                "{names} is not shown alone but in “{pool}”, to protect a small group.",
                "{names} are not shown alone but together in “{pool}”, to protect small groups.",
                len(row.members),
                names=Listing(row.members),
                pool=words.row_name(row),
            )


def _unseen(release: Release) -> Iterator[Sentence]:
    for row in release.rows:
        for reason, names in _by_reason(release, row).items():
            told = {"row": words.row_name(row), "reason": reason}
            if len(names) == len(release.dimensions):
                yield say("{row}, all columns: {reason}.").filled(told)
            else:
                yield say("{row}, {columns}: {reason}.").filled({**told, "columns": Listing(names)})


def _by_reason(release: Release, row: Row) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for head in release.dimensions:
        cell = row.cells[head.id]
        if isinstance(cell, Hidden):
            found[words.within_sentence(words.hidden_text(cell))].append(head.name)
    return found
