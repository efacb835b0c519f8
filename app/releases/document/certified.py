"""The sentence of a certificate: it names what the document tells, and no more, with the threshold of each kind."""

from collections.abc import Iterator
from dataclasses import replace

from app.releases.document.release import Release, Scored
from app.sentences import Listing, Sentence, say


def worded(release: Release) -> Release:
    """The release with the sentence of its certificate, in English, from what is in it."""
    return replace(release, certificate=replace(release.certificate, statement=str(statement(release))))


def statement(release: Release) -> Sentence:
    """What the certificate says."""
    means, spreads, kinds = release.policy.k_means, release.policy.k_intervals, Listing(_of_ten(release))
    if not any(_scored(release)):
        if not kinds:
            return say("This release tells nothing of what was answered.")
        return say(
            "No combination of fewer than {spreads} people can be recovered from the {kinds} of this release.",
            spreads=spreads,
            kinds=kinds,
        )
    if not kinds:
        return say(
            "No combination of fewer than {means} people can be recovered from the means of this release.", means=means
        )
    return say(
        "No combination of fewer than {means} people can be recovered from the means, or of fewer than {spreads} from "
        "the {kinds}, of this release.",
        means=means,
        spreads=spreads,
        kinds=kinds,
    )


def _scored(release: Release) -> Iterator[Scored]:
    groups = [group.cells for margin in release.margins for group in margin.groups]
    for cells in (*(row.cells for row in release.rows), *(row.anchors for row in release.rows), *groups):
        yield from (one for one in cells.values() if isinstance(one, Scored))


def _of_ten(release: Release) -> Iterator[Sentence]:
    """The kinds that rest on as many people as an interval, as far as anything of them is told."""
    # Looked for anew each time: most releases have one of a kind in their first row, and no other row is read then.
    if any(one.interval or one.n is not None for one in _scored(release)):
        yield say("intervals")
    if any(row.items for row in release.rows):
        yield say("shares")
    if any(row.unknown for row in release.rows):
        yield say("don't-know rates")
    if any(one.agreement for one in _scored(release)):
        yield say("agreement")
    if any(one.camps for one in _scored(release)):
        yield say("camps")
    if any(one.alpha is not None or one.icc1 is not None or one.n is not None for one in release.quality):
        yield say("reliability")
