"""What a certificate says in sentences: how a release was checked, in which languages it was answered, who approved."""

from collections.abc import Mapping
from datetime import date

from app.releases.document.release import Certificate, Release
from app.sentences import Listing, Sentence, say


def checked(release: Release) -> tuple[str, ...]:
    """What the certificate says was published and how it was checked, in sentences."""
    found = release.certificate
    told = (
        f"{_counted(found.means_published, 'mean is', 'means are')} published and {found.means_hidden} withheld; "
        f"{_counted(found.intervals_published, 'interval is', 'intervals are')} published."
    )
    if not found.audited:
        least = f" The smallest group behind any mean has {found.smallest_support} people."
        return (told + (least if found.smallest_support else ""),)
    return (told, _proof(found))


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


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


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
        f"{one.name} ({one.reader}) {'approved' if one.decision == 'approved' else 'objected'} on "
        f"{_day(one.decided_on)}{'' if one.current else ', to an earlier version of the papers'}."
        for one in release.approvals
    )


def _day(iso: str) -> str:
    when = date.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"
