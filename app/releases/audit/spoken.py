"""What the auditor asks of the languages that the releases of a wave name: each rests on enough people."""

from collections.abc import Iterator, Mapping, Sequence

from app.releases.document.release import Release

ENOUGH_TO_TELL_APART = 2


def tongues(documents: Sequence[Release], *, used: int, sent: Mapping[str, int]) -> Iterator[str]:
    """What is wrong, a sentence each. `used` is the number of used sheets, `sent` that of all by language."""
    for document in documents:
        k, told = document.policy.k_intervals, document.wave.languages
        if told != documents[0].wave.languages:
            yield f"release {document.number} names other languages than the first one"
        if len(document.wave.languages_offered) == 1:
            continue
        few = [tag for tag in told if used - (sum(sent.values()) - sent.get(tag, 0)) < k]
        if few or (told and used < ENOUGH_TO_TELL_APART * k):
            yield f"release {document.number} names languages that too few people used ({', '.join(few or told)})"
