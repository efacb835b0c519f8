"""The auditor's look at answer sheets that were left out: what is told of them, and that nobody was left out later."""

from collections.abc import Iterator, Sequence

from app.releases.document.release import Release

_MOST_PERCENT = 10


def omissions(documents: Sequence[Release], *, used: int, sent: int) -> Iterator[str]:
    """What is wrong with what the releases of a wave, oldest first, tell of the sheets that were left out.

    `sent` sheets there are and `used` ones were counted now. A number of people left out, or of how much they would
    change, may be told from the k of means on (P10); whoever was counted once is counted in every release (P11).
    """
    out = sent - used
    for release in documents:
        told, k = release.left_out, release.policy.k_means
        if told is None:
            if out:
                yield "left out: answer sheets are left out, and nothing says so"
            continue
        if out and 100 * out > _MOST_PERCENT * sent:
            yield "left out: more than a tenth of the answer sheets are left out"
        if told.number != (out if out == 0 or out >= k else None):
            yield "left out: the number of answer sheets left out is not the one that may be told"
        if (told.shift is not None and out < k) or (told.alert and (out or sent < k)):
            yield "left out: something is told of fewer people than are needed"
        if release.organisation.n not in (None, used):
            yield f"left out: release {release.number} counted other people"
