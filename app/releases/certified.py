"""The sentence of a certificate: it names what the document tells, and no more, with the threshold of each kind."""

from collections.abc import Iterator
from dataclasses import replace

from app.releases.document import Release, Scored


def worded(release: Release) -> Release:
    """The release with the sentence of its certificate, from what is in it."""
    policy, more = release.policy, list(_of_ten(release))
    told = []
    if any(_scored(release)):
        told.append(f"fewer than {policy.k_means} people can be recovered from the means")
    if more:
        kinds = more[0] if len(more) == 1 else f"{', '.join(more[:-1])} and {more[-1]}"
        told.append(f"of fewer than {policy.k_intervals} from the {kinds}")
    sentence = f"No combination of {', or '.join(told)}, of this release." if len(told) > 1 else _single(told)
    return replace(release, certificate=replace(release.certificate, statement=sentence))


def _single(told: list[str]) -> str:
    return (
        f"No combination of {told[0]} of this release." if told else "This release tells nothing of what was answered."
    )


def _scored(release: Release) -> Iterator[Scored]:
    groups = [group.cells for margin in release.margins for group in margin.groups]
    for cells in (*(row.cells for row in release.rows), *(row.anchors for row in release.rows), *groups):
        yield from (one for one in cells.values() if isinstance(one, Scored))


def _of_ten(release: Release) -> Iterator[str]:
    """The kinds that rest on as many people as an interval, as far as anything of them is told."""
    cells = list(_scored(release))
    if any(one.interval or one.n is not None for one in cells):
        yield "intervals"
    if any(row.items for row in release.rows):
        yield "shares"
    if any(row.unknown for row in release.rows):
        yield "don't-know rates"
    if any(one.agreement for one in cells):
        yield "agreement"
    if any(one.camps for one in cells):
        yield "camps"
    if any(one.alpha is not None or one.icc1 is not None or one.n is not None for one in release.quality):
        yield "reliability"
