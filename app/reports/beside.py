"""A row beside the whole organisation: how far its scores lie from the organisation's, and how sure that is.

The rules are those of `findings.py`. Both scores and both intervals are printed values; a distance is called clear
only where the two printed 95 % intervals do not overlap, and "seems" where there is no interval to tell.
"""

from dataclasses import dataclass
from typing import Literal

from app.releases.distance import apart
from app.releases.document.release import DimensionHead, Release, Row, Scored
from app.releases.document.words import value_text
from app.reports.findings import moved_headline, own_headline, row_movement, shown, standing, value
from app.reports.phrases import answered_by, worded, worded_first
from app.sentences import Sentence, Value, say, say_count

FEWEST_SCORES = 3
FEWEST_CLEAR = 2

Side = Literal["above", "below", "level"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """One dimension of a row and of the organisation; `points` is the row's printed score minus the organisation's."""

    head: DimensionHead
    own: Scored
    whole: Scored
    points: int
    clear: bool


def distances(release: Release, row: Row) -> tuple[Distance, ...]:
    """The row's shown scores beside the organisation's, the largest distance first; none for the organisation."""
    if row.kind == "organisation":
        return ()
    whole = {head.id: cell for _, head, cell in shown(release, [release.organisation])}
    found = (
        Distance(
            head=head,
            own=own,
            whole=whole[head.id],
            points=own.score - whole[head.id].score,
            clear=apart(own, whole[head.id]) is True,
        )
        for _, head, own in shown(release, [row])
        if head.id in whole
    )
    return tuple(sorted(found, key=lambda distance: -abs(distance.points)))


def page_headline(release: Release, row: Row) -> str:
    """What a department's page says, without a score: what changed for certain, else how it stands, else its ends."""
    return moved_headline(release, row) or headline(release, row) or own_headline(release, row)


def page_sentences(release: Release, row: Row) -> tuple[str, ...]:
    """A department's page: how it stands beside the whole, its ends, what changed; one sentence if nothing is shown."""
    found = distances(release, row)
    if not found and not any(shown(release, [row])):
        return (standing(release, row),)
    # In the first wave the chapter on change says once that there is none; no page repeats it.
    said = (count(found), furthest(row, found), standing(release, row), row_movement(release, row))
    return tuple(sentence for sentence in said if sentence)


def headline(release: Release, row: Row) -> str | None:
    """How the row stands beside the organisation, without a number; None where no distance is clear."""
    found = distances(release, row)
    clear = [distance for distance in found if distance.clear]
    if not clear:
        return None
    first = clear[0]
    if len(found) >= FEWEST_SCORES and len(clear) * 2 >= len(found):
        sides = {_side(one) for one in found}
        if sides == {"above"}:
            return say("Every score stands above that of the whole organisation")
        if sides == {"below"}:
            return say("Every score stands below that of the whole organisation")
    if first.points > 0:
        return say("{dimension} stands clearly above the whole organisation", dimension=first.head.name)
    return say("{dimension} stands clearly below the whole organisation", dimension=first.head.name)


def furthest(row: Row, found: tuple[Distance, ...]) -> str:
    """The largest distance, with both scores and whether their intervals tell them apart."""
    if not found:
        return ""
    far = found[0]
    if far.points == 0:
        if row.n is None:
            return say("All its scores equal those of the whole organisation.")
        return say("All its scores equal those of the whole organisation ({basis}).", basis=answered_by(row.n))
    return _certainty(far).filled(
        {"dimension": far.head.name, "own": value(row, far.own), "whole": value_text(far.whole)}
    )


def _certainty(far: Distance) -> Sentence:
    lie_apart = apart(far.own, far.whole)
    if lie_apart is None:
        return say(
            "{dimension} seems to lie furthest from the whole organisation: {own} against {whole}, but without an "
            "interval this can't be told from chance."
        )
    if lie_apart:
        return say(
            "{dimension} lies furthest from the whole organisation: {own} against {whole}; the intervals do not "
            "overlap."
        )
    return say(
        "{dimension} lies furthest from the whole organisation: {own} against {whole}; the intervals overlap, so this "
        "may be chance."
    )


def count(found: tuple[Distance, ...]) -> str:
    """How many distances are clear, from two on."""
    above = sum(one.clear and one.points > 0 for one in found)
    below = sum(one.clear and one.points < 0 for one in found)
    clear, total = above + below, worded(len(found))
    if clear < FEWEST_CLEAR:
        return ""
    if above and below:
        return say_count(
            "Of its {total} scores, one stands clearly above the organisation's and {below} clearly below.",
            "Of its {total} scores, {count} stand clearly above the organisation's and {below} clearly below.",
            above,
            total=total,
            count=worded(above),
            below=worded(below),
        )
    told: dict[str, Value] = {"total": total, "number": worded_first(clear)}
    if clear == len(found):
        one = (
            say("All {total} scores stand clearly above the organisation's.")
            if above
            else say("All {total} scores stand clearly below the organisation's.")
        )
        return one.filled(told)
    some = (
        say("{number} of its {total} scores stand clearly above the organisation's, none clearly below.")
        if above
        else say("{number} of its {total} scores stand clearly below the organisation's, none clearly above.")
    )
    return some.filled(told)


def _side(distance: Distance) -> Side:
    # A score printed as an end of the scale may lie anywhere beyond it.
    unknown = distance.own.bound or distance.whole.bound
    if distance.points == 0 or unknown:
        return "level"
    return "above" if distance.points > 0 else "below"
