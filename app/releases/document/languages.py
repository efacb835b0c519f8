"""Which languages a wave was answered in, as a release may tell: names, and no numbers.

A name tells that at least ten people answered in that language. It is told from twenty answers on, so that no list of
names says of all, or of all but a few, in which language they answered. Where only one language was offered there is
nothing to tell. The choice is made at the first release of a wave and never again.
"""

from collections.abc import Mapping, Sequence


def used(sent: Mapping[str, int], *, offered: Sequence[str], left_out: int, k: int) -> tuple[str, ...]:
    """The languages in which at least `k` of the used sheets are for sure, in the order of `offered`.

    `sent` has the number of sheets by language, those that were left out too. Nobody looks in which language these
    were, so each language is counted as if all of them were in it.
    """
    if len(offered) < 2:
        return tuple(offered)
    if sum(sent.values()) - left_out < 2 * k:
        return ()
    return tuple(tag for tag in offered if sent.get(tag, 0) - left_out >= k)
