"""A row beside the whole organisation: how far its scores lie from the organisation's, and how sure that is.

The rules are those of `findings.py`. Both scores and both intervals are printed values; a distance is called clear
only where the two printed 95 % intervals do not overlap, and "seems" where there is no interval to tell.
"""

from dataclasses import dataclass

from app.releases.distance import apart
from app.releases.document.release import DimensionHead, Release, Row, Scored
from app.releases.document.words import people, value_text
from app.reports.findings import moved_headline, own_headline, row_movement, shown, standing, value
from app.reports.phrases import sentence_start, worded

FEWEST_SCORES = 3
FEWEST_CLEAR = 2


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
    said = (_count(found), _furthest(row, found), standing(release, row), row_movement(release, row))
    return tuple(sentence for sentence in said if sentence)


def headline(release: Release, row: Row) -> str | None:
    """How the row stands beside the organisation, without a number; None where no distance is clear."""
    found = distances(release, row)
    clear = [distance for distance in found if distance.clear]
    if not clear:
        return None
    first = clear[0]
    if len(found) >= FEWEST_SCORES and len(clear) * 2 >= len(found) and len({_side(one) for one in found}) == 1:
        return f"Every score stands {_side(first)} that of the whole organisation"
    return f"{first.head.name} stands clearly {_side(first)} the whole organisation"


def _furthest(row: Row, found: tuple[Distance, ...]) -> str:
    """The largest distance, with both scores and whether their intervals tell them apart."""
    if not found:
        return ""
    far = found[0]
    if far.points == 0:
        who = f" ({people(row.n)} answered)" if row.n is not None else ""
        return f"All its scores equal those of the whole organisation{who}."
    lies = "seems to lie" if apart(far.own, far.whole) is None else "lies"
    return (
        f"{sentence_start(far.head.name)} {lies} furthest from the whole organisation: {value(row, far.own)} against "
        f"{value_text(far.whole)}{_certainty(far)}"
    )


def _certainty(far: Distance) -> str:
    lie_apart = apart(far.own, far.whole)
    if lie_apart is None:
        return ", but without an interval this can't be told from chance."
    if lie_apart:
        return "; the intervals do not overlap."
    return "; the intervals overlap, so this may be chance."


def _count(found: tuple[Distance, ...]) -> str:
    """How many distances are clear, from two on."""
    above = sum(one.clear and one.points > 0 for one in found)
    below = sum(one.clear and one.points < 0 for one in found)
    clear, total = above + below, worded(len(found))
    if clear < FEWEST_CLEAR:
        return ""
    side, other = ("above", "below") if above else ("below", "above")
    if clear == len(found) and not (above and below):
        return f"All {total} scores stand clearly {side} the organisation's."
    if not (above and below):
        start = sentence_start(worded(clear))
        return f"{start} of its {total} scores stand clearly {side} the organisation's, none clearly {other}."
    stand = "stands" if above == 1 else "stand"
    return (
        f"Of its {total} scores, {worded(above)} {stand} clearly above the organisation's and {worded(below)} clearly "
        "below."
    )


def _side(distance: Distance) -> str:
    # A score printed as an end of the scale may lie anywhere beyond it.
    unknown = distance.own.bound or distance.whole.bound
    if distance.points == 0 or unknown:
        return "level with"
    return "above" if distance.points > 0 else "below"
