"""What a certificate says in sentences: how a release was checked, in which languages it was answered, who approved."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.releases.document.release import Certificate, Release
from app.sentences import Listing, Sentence, say, say_count


def checked(release: Release) -> tuple[str, ...]:
    """What the certificate says was published and how it was checked, in sentences."""
    found = release.certificate
    told = say(
        "{means} published and {hidden} withheld; {intervals} published.",
        means=say_count("{n} mean is", "{n} means are", found.means_published),
        hidden=found.means_hidden,
        intervals=say_count("{n} interval is", "{n} intervals are", found.intervals_published),
    )
    if found.audited:
        return (told, _proof(found))
    if not found.smallest_support:
        return (told,)
    return (
        told,
        say("The smallest group behind any mean has {support} people.", support=found.smallest_support),
    )


def _proof(found: Certificate) -> Sentence:
    proof = say(
        "Before it was stored, an auditor that shares nothing with what made it combined all {statements} statements "
        "it makes about groups with each other, and with every earlier release of the wave: no combination of means "
        "rests on fewer than {support} people, and none of intervals or numbers of answers on fewer than {spread}."
    )
    if found.smallest_support is None:
        proof = say(
            "Before it was stored, an auditor that shares nothing with what made it combined all {statements} "
            "statements it makes about groups with each other, and with every earlier release of the wave: there is "
            "nothing to combine."
        )
    elif found.smallest_interval_support is None:
        proof = say(
            "Before it was stored, an auditor that shares nothing with what made it combined all {statements} "
            "statements it makes about groups with each other, and with every earlier release of the wave: no "
            "combination of means rests on fewer than {support} people."
        )
    return proof.filled(
        {
            "statements": str(found.statistics),
            "support": found.smallest_support or 0,
            "spread": found.smallest_interval_support or 0,
        }
    )


def languages(release: Release, *, names: Mapping[str, str]) -> Sentence | None:
    """Which languages the wave was offered and answered in, by their `names`; None in releases from before a choice."""
    wave = release.wave
    offered = Listing(names[tag] for tag in wave.languages_offered)
    if len(wave.languages_offered) < 2:
        return say("Asked in {languages}.", languages=offered) if wave.languages_offered else None
    if not wave.languages:
        return say(
            "Offered in {offered}. Which were used is told from {enough} answers on, and of languages in which at "
            "least {k} people answered.",
            offered=offered,
            enough=2 * release.policy.k_intervals,
            k=release.policy.k_intervals,
        )
    return say(
        "Offered in {offered}. At least {k} people each answered in {used}.",
        offered=offered,
        k=release.policy.k_intervals,
        used=Listing(names[tag] for tag in wave.languages),
    )


def approvals(release: Release) -> tuple[str, ...]:
    """What the readers of the wave's papers decided, a sentence each."""
    return tuple(
        _DECIDED[one.decision, one.current].filled(
            {"name": one.name, "reader": one.reader, "day": date.fromisoformat(one.decided_on)}
        )
        for one in release.approvals
    )


_DECIDED: Final = {
    ("approved", True): say("{name} ({reader}) approved on {day}."),
    ("approved", False): say("{name} ({reader}) approved on {day}, to an earlier version of the papers."),
    ("objected", True): say("{name} ({reader}) objected on {day}."),
    ("objected", False): say("{name} ({reader}) objected on {day}, to an earlier version of the papers."),
}
